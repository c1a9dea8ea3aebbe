// What is done about differences: they are accepted, confirmed by a second person, or no more accepted.
import { change } from './api.js';
import { Dialog, Reason } from './dialog.js';
import { count, money } from './format.js';
import { html } from './html.js';
import { t, word } from './i18n.js';

export const STATES = ['OPEN', 'PROPOSED', 'ACCEPTED'];
export const ACCEPT = 'accept';
export const CONFIRM = 'confirm';
export const UNACCEPT = 'un-accept';

const FROM = { [ACCEPT]: ['OPEN'], [CONFIRM]: ['PROPOSED'], [UNACCEPT]: ['PROPOSED', 'ACCEPTED'] };

/** What the person may do about a difference as it stands. */
export const actsFor = ({ state }, isAdmin) => Object.keys(FROM).filter((act) => FROM[act].includes(state) && (act !== CONFIRM || isAdmin));

export function State({ value }) {
  return value && html`<span class=${`status ${value}`}>${word('difference', value)}</span>`;
}

/** Asks before it is done. onDone gets the differences as they stand then. */
export function Question({ statement, act, intention, items, onCancel, onDone }) {
  const path = `/statements/${statement}/differences`;
  const [first] = items;
  const send = ({ reason }) =>
    items.length > 1
      ? change('POST', `${path}/${act}`, { key: intention, body: { ids: items.map(({ id }) => id), reason } })
      : change('POST', `${path}/${first.id}/${act}`, { key: intention, body: act === CONFIRM ? undefined : { reason } });
  const title = items.length > 1 ? t(`ask.${act}.many`, count(items.length)) : t(`ask.${act}`, word('match', first.kind), first.line ? t('ofLine', count(first.line)) : first.taskNo ?? '');
  return html`<${Dialog} title=${title} confirm=${t(`act.${act}`)} onCancel=${onCancel} act=${send} onDone=${(answer) => onDone(answer.items ?? [answer])}>
    <p>${t(`ask.${act}.text`)}</p>
    ${act === CONFIRM ? html`<p>${first.adjustment && html`${t('adjustment')}: <strong>${money(first.adjustment)}</strong>. `}${t('proposedBy', first.acceptedBy, first.reason)}</p>` : html`<${Reason} />`}
  </${Dialog}>`;
}
