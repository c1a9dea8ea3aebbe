// A question before something is changed. It stays open until that is done, and says so when it is not.
import { SignedOut } from './api.js';
import { duration } from './format.js';
import { Component, html } from './html.js';
import { t } from './i18n.js';
import { Fault, Field, typed } from './loading.js';
import { SessionEnded } from './session.js';

const LONGEST_REASON = 500;

/** Does act(what was typed) when it is confirmed, then onDone(what came of it). What takes long says so by working. */
export class Dialog extends Component {
  state = { busy: false, error: null };

  componentDidMount() {
    this.place.showModal();
    // Signed in again in a second window: what was typed is here still, and can be confirmed.
    this.channel = new BroadcastChannel('console');
    this.channel.onmessage = () => this.state.error instanceof SignedOut && this.setState({ error: null });
  }

  // The browser puts the focus back where it was when the dialog opened.
  componentWillUnmount() {
    this.channel.close();
    this.place.close();
  }

  confirm = async (event) => {
    event.preventDefault();
    const given = typed(event.currentTarget);
    this.setState({ busy: true, error: null });
    try {
      this.props.onDone(await this.props.act(given));
    } catch (error) {
      this.setState({ busy: false, error });
    }
  };

  cancel = (event) => {
    event.preventDefault();
    if (!this.state.busy) this.props.onCancel();
  };

  // The browser closes it at the second Esc, whatever the answer to the first was. While it works it stays.
  closed = () => {
    if (!this.place) return;
    if (this.state.busy) this.place.showModal();
    else this.props.onCancel();
  };

  render({ title, confirm, working, isReady = true, children }, { busy, error }) {
    return html`<dialog ref=${(place) => (this.place = place)} aria-labelledby="dialog-title" onCancel=${this.cancel} onClose=${this.closed} data-testid="dialog">
      <article>
        <h2 id="dialog-title">${title}</h2>
        <form onSubmit=${this.confirm}>
          ${children}
          ${error && (error instanceof SignedOut ? html`<${SessionEnded} />` : html`<${Fault} text="notDone" error=${error} />`)}
          <div role="status" aria-live="polite">${busy && working && html`<progress data-testid="working" aria-label=${working}></progress> ${working} <${SoFar} />`}</div>
          <div class="actions">
            <button type="button" class="secondary outline" disabled=${busy} data-testid="cancel" onClick=${this.cancel}>${t('cancel')}</button>
            <button type="submit" disabled=${busy || !isReady} aria-busy=${busy ? 'true' : undefined} data-testid="confirm">${confirm}</button>
          </div>
        </form>
      </article>
    </dialog>`;
  }
}

/** For how long, which is not read out each second. */
class SoFar extends Component {
  began = Date.now();

  componentDidMount() {
    this.ticking = setInterval(() => this.forceUpdate(), 1000);
  }

  componentWillUnmount() {
    clearInterval(this.ticking);
  }

  render() {
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    return seconds > 0 && html`<small aria-hidden="true" data-testid="so-far">${t('soFar', duration(seconds * 1000))}</small>`;
  }
}

/** Why it is done, for the records. */
export function Reason() {
  return html`<${Field} label=${t('reason')}>
    <textarea name="reason" required maxlength=${LONGEST_REASON} rows="3" autofocus></textarea>
  </${Field}>`;
}
