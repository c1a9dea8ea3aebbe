// What every view has in common: it loads, keeps what it shows while it loads anew, and says so when that fails.
import { SignedOut } from './api.js';
import { time } from './format.js';
import { Component, html } from './html.js';
import { t } from './i18n.js';
import { Skeleton } from './kit.js';
import { told } from './problem.js';
import { address, follow, go } from './route.js';

// The API names no more.
const MOST_REASONS = 200;

/**
 * A view reads with read(signal), and shows what came with show(data). It loads again when its address changes, and what the end of the session
 * kept from it once somebody has signed in.
 */
export class Loading extends Component {
  state = { data: null, loading: true, error: null };

  componentDidMount() {
    this.load();
  }

  componentDidUpdate(before) {
    if (before.address !== this.props.address || before.epoch !== this.props.epoch) this.load();
    else if (before.signedIn !== this.props.signedIn && this.unread) this.run(this.unread);
  }

  componentWillUnmount() {
    this.abort?.abort();
  }

  load = () => this.run((signal) => this.read(signal));

  /** Puts what a reading gives in the place of the data; the one before is given up. Quietly: without saying that it loads. */
  async run(reading, quietly = false) {
    this.abort?.abort();
    const { signal } = (this.abort = new AbortController());
    this.unread &&= reading;
    this.setState(quietly ? {} : { loading: true, error: null });
    try {
      const data = await reading(signal);
      if (signal.aborted) return;
      this.unread = null;
      this.setState({ data, loading: false, error: null, readAt: new Date() });
    } catch (error) {
      if (signal.aborted) return;
      this.unread = error instanceof SignedOut ? reading : null;
      if (this.unread) this.props.onSignedOut();
      this.setState({ loading: false, error: this.unread ? null : error });
    }
  }

  render() {
    const { data, loading, error, readAt } = this.state;
    const words = data && !error ? this.said?.(data) : '';
    return html`
      ${this.before?.()}
      <div class=${words && typeof words === 'string' ? 'state' : 'state over'} role="status" aria-live="polite" data-testid="state">
        ${loading ? html`<span aria-busy="true">${t('loading')}</span>` : words}
      </div>
      ${error && html`<${Fault} error=${error} onRetry=${this.load} />`}
      ${error && data && html`<p class="hint" data-testid="as-of">${t('asOf', time(readAt))}</p>`}
      ${data ? this.show(data) : loading && html`<${Skeleton} />`}
    `;
  }
}

/** Said where the page shows it elsewhere. */
export const aloud = (text) => html`<span class="hidden">${text}</span>`;

/** Reasons by their code: one is told once, however many differences it is the reason of. */
function counted(reasons) {
  const byCode = new Map();
  reasons.forEach((reason) => byCode.set(reason.code, { reason, number: (byCode.get(reason.code)?.number ?? 0) + 1 }));
  return byCode;
}

/** What failed: text is its word, and retries are offered where there is a way to. */
export function Fault({ error, text = 'failed', onRetry }) {
  return html`<div class="fault" role="alert" data-testid="fault">
    <p>${t(text, error.message)}</p>
    ${error.reasons?.length > 0 && html`<ul data-testid="reasons">${[...counted(error.reasons)].map(([code, { reason, number }]) => html`<li key=${code}>${number > 1 ? t('aside', told('reason', reason), number < MOST_REASONS ? number : t('orMore', number)) : told('reason', reason)}</li>`)}</ul>`}
    ${error.requestId && html`<p><small>${t('request', error.requestId)}</small></p>`}
    ${onRetry && html`<button type="button" class="outline" onClick=${onRetry}>${t('retry')}</button>`}
  </div>`;
}

/** A table that scrolls by itself where the window is narrow, also by the keyboard. */
export function Table({ caption, head, children, testId }) {
  return html`<div class="scroll" role="region" aria-label=${caption} tabindex="0">
    <table data-testid=${testId}>
      <caption class="hidden">${caption}</caption>
      <thead><tr>${head.map(([text, isNumber]) => html`<th scope="col" class=${isNumber ? 'number' : ''}>${text}</th>`)}</tr></thead>
      ${children}
    </table>
  </div>`;
}

export function Field({ label, isLong, children }) {
  return html`<label class=${isLong ? 'long' : ''}><span>${label}</span>${children}</label>`;
}

export function Choice({ name, label, value, choices }) {
  return html`<${Field} label=${label}>
    <select name=${name}>
      ${choices.map(([choice, text]) => html`<option value=${choice} selected=${choice === (value ?? '')}>${text}</option>`)}
    </select>
  </${Field}>`;
}

/** What was typed into a form, without what is empty. */
export const typed = (form) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));

/** The filters of a view, in its address: by that as its key they are made anew for another one, and kept as they are typed into otherwise. */
export function Filters({ view, canClear, onShow, children }) {
  const show = (event) => {
    event.preventDefault();
    onShow?.();
    go(address(view, typed(event.currentTarget)));
  };
  return html`<form class="filters" aria-label=${t('filters')} data-testid="filters" onSubmit=${show}>
    ${children}
    <button type="submit">${t('apply')}</button>
    ${canClear && html`<a role="button" class="secondary outline" href=${address(view)} onClick=${follow}>${t('clear')}</a>`}
  </form>`;
}
