// The field of the frame that finds everything by what people are told over the phone: an id, a task number, a reference.
import { html } from './html.js';
import { t } from './i18n.js';
import { typed } from './loading.js';
import { address, go } from './route.js';

// The API looks for no longer text.
const LONGEST = 64;

export function FindForm() {
  const find = (event) => {
    event.preventDefault();
    const { text } = typed(event.currentTarget);
    if (text) go(address('find', { text }));
  };
  return html`<form role="search" onSubmit=${find}>
    <input type="search" name="text" maxlength=${LONGEST} aria-label=${t('findHint')} placeholder=${t('findHint')} autocomplete="off" data-testid="find" />
  </form>`;
}
