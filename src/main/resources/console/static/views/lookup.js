import { Component, html } from '../html.js';
import { t } from '../i18n.js';
import { Field, typed } from '../loading.js';
import { address, go } from '../route.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Leads to a fee by the id of its session. */
export class Lookup extends Component {
  state = { wrong: false };

  find = (event) => {
    event.preventDefault();
    const { id } = typed(event.currentTarget);
    const wrong = !ID.test(id ?? '');
    this.setState({ wrong });
    if (!wrong) go(address(`fees/${id.toLowerCase()}`));
  };

  render(props, { wrong }) {
    return html`<p>${t('lookupText')}</p>
      <form class="filters" noValidate onSubmit=${this.find}>
        <${Field} label=${t('session')} isLong=${true}>
          <input name="id" class="code" autocomplete="off" aria-invalid=${wrong ? 'true' : undefined} aria-describedby=${wrong ? 'wrong-id' : undefined} />
        </${Field}>
        <button type="submit">${t('find')}</button>
      </form>
      <p id="wrong-id" role="alert">${wrong ? t('badId') : ''}</p>`;
  }
}
