// What pages are made of: figures, marks, steps, times, and what stands where nothing is yet.
import { changeOf, pointsOf, relative, time } from './format.js';
import { Component, html } from './html.js';
import { t } from './i18n.js';
import { follow } from './route.js';

export { Bars } from './chart.js';

/** Tiles in a row. */
export const Tiles = ({ children }) => html`<dl class="tiles">${children}</dl>`;

/**
 * One figure. change: {by: 0.034, inPoints, good: true|false|undefined} against the period before, note: a line below, hint: what the figure means,
 * tone: good|warn|bad, href: where it leads.
 */
export function Tile({ label, value, note, change, tone = 'none', href, hint, testId }) {
  return html`<div class=${`tile ${tone}`} data-testid=${testId}>
    <dt>${label}${hint && html` <${Hint} label=${label} text=${hint} />`}</dt>
    <dd>
      ${href ? html`<a class="figure" href=${href} onClick=${follow}>${figure(value)}</a>` : html`<span class="figure">${figure(value)}</span>`}
      ${change && html`<span class=${`change ${goodness(change.good)}`} title=${t('againstBefore')}>${(change.inPoints ? pointsOf : changeOf)(change.by)}<span class="hidden"> ${t('againstBefore')}</span></span>`}
      ${note && html`<small>${note}</small>`}
    </dd>
  </div>`;
}

/** A figure; the currency of an amount stands smaller. */
function figure(value) {
  const [, number, currency] = /^(.+) ([A-Z]{3})$/.exec(value) ?? [];
  return currency ? html`${number} <span class="currency">${currency}</span>` : value;
}

const goodness = (good) => (good === undefined ? 'none' : good ? 'good' : 'bad');

/** A definition in a tooltip, for the pointer and the keyboard. */
export function Hint({ label, text }) {
  const leave = (event) => event.key === 'Escape' && event.currentTarget.blur();
  return html`<button type="button" class="mark" aria-label=${t('pair', label, text)} onKeyDown=${leave}>?</button><span class="tip" aria-hidden="true">${text}</span>`;
}

export const Badge = ({ tone = 'none', children }) => html`<span class=${`badge ${tone}`}>${children}</span>`;

/** Says what will be here; action is a link or button. */
export function Empty({ title, text, action }) {
  return html`<div class="empty" data-testid="empty"><p><strong>${title}</strong></p>${text && html`<p>${text}</p>`}${action}</div>`;
}

/** The next step that an empty page offers. */
export const Next = ({ to, children }) => html`<a role="button" class="outline" href=${to} onClick=${follow}>${children}</a>`;

/** The bars stand in the place of what loads. */
export const Skeleton = ({ lines = 6 }) => html`<div class="skeleton" aria-hidden="true">${Array.from({ length: lines }, (none, at) => html`<span key=${at}></span>`)}</div>`;

/** A time in the page's zone; relative: how long ago, with the exact time in its title. */
export const When = ({ at, relative: isRelative }) => at && (isRelative ? html`<${Ago} at=${at} />` : html`<time dateTime=${at}>${time(at)}</time>`);

const AGE_MILLIS = 10_000;
const ages = new Set();
let renewal;

/** Written anew by one interval for all, which runs while there are any. */
class Ago extends Component {
  componentDidMount() {
    if (!ages.size) renewal = setInterval(() => ages.forEach((age) => age.forceUpdate()), AGE_MILLIS);
    ages.add(this);
  }

  componentWillUnmount() {
    ages.delete(this);
    if (!ages.size) clearInterval(renewal);
  }

  render({ at }) {
    return html`<time dateTime=${at} title=${time(at)}>${relative(at)}</time>`;
  }
}

/** Steps in their order: {title, text, state: 'done'|'now'|'later'|'blocked', action}. */
export function Steps({ items }) {
  return html`<ol class="steps">${items.map(({ title, text, state, action }) => html`<li key=${title} class=${state} aria-current=${state === 'now' ? 'step' : undefined}>
    <div><strong>${title}</strong><span class="hidden">${t('aside', '', t(`step.${state}`))}</span>${text && html`<p>${text}</p>`}</div>${action}
  </li>`)}</ol>`;
}
