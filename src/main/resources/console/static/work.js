// What is done about differences: they are noted, accepted, confirmed by a second person, no more accepted, or matched by hand.
import { change, newKey } from './api.js';
import { Dialog, Reason } from './dialog.js';
import { count, money } from './format.js';
import { html } from './html.js';
import { t, word } from './i18n.js';
import { Field, Table } from './loading.js';

export const STATES = ['OPEN', 'PROPOSED', 'ACCEPTED'];
export const ACCEPT = 'accept';
export const CONFIRM = 'confirm';
export const UNACCEPT = 'un-accept';
export const NOTE = 'note';
export const MATCH = 'match';
export const UNMATCH = 'un-match';

export const LONGEST_ASSIGNEE = 64;

const LONGEST_NOTE = 500;
const SESSION_ID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const FROM = { [ACCEPT]: ['OPEN'], [CONFIRM]: ['PROPOSED'], [UNACCEPT]: ['PROPOSED', 'ACCEPTED'], [NOTE]: STATES, [MATCH]: ['OPEN'] };
const WITHOUT_A_FEE = ['MISSING_IN_LEDGER', 'AMBIGUOUS'];
const WITH_A_REASON = [ACCEPT, UNACCEPT, MATCH, UNMATCH];

/** What the person may do about a result as it stands; a line that was matched by hand may be no difference any more. */
export function actsFor({ kind, state, matchedByHand }, isAdmin) {
  const acts = Object.keys(FROM).filter((act) => FROM[act].includes(state) && (act !== CONFIRM || isAdmin) && (act !== MATCH || WITHOUT_A_FEE.includes(kind)));
  return matchedByHand && [undefined, 'OPEN'].includes(state) ? [...acts, UNMATCH] : acts;
}

function send(statement, act, item, body, key) {
  return change(act === NOTE ? 'PUT' : 'POST', `/statements/${statement}/differences/${item.id}/${act}`, { key: act === NOTE ? undefined : key, body });
}

/** What takes an act back, with what that needs of the difference as it was before. What a second person has confirmed, two take back. */
const BACK = {
  [ACCEPT]: () => [UNACCEPT, { reason: t('undone') }],
  [UNACCEPT]: ({ reason }) => [ACCEPT, { reason }],
  [NOTE]: ({ note, assignee }) => [NOTE, { note, assignee }],
  [MATCH]: () => [UNMATCH, { reason: t('undone') }],
  [UNMATCH]: ({ sessionId, matchedByHand }) => [MATCH, { sessionId, reason: matchedByHand.reason }],
};

export const canUndo = (act, items) => act in BACK && items.every(({ confirmedBy }) => !confirmedBy);

/** Takes an act back, one difference after the other. items: as they were before. */
export async function undo(statement, act, items) {
  for (const item of items) {
    const [back, body] = BACK[act](item);
    await send(statement, back, item, body, newKey());
  }
}

export function State({ value }) {
  return value && html`<span class=${`status ${value}`}>${word('difference', value)}</span>`;
}

/** Asks before it is done. onDone gets the differences as they stand then; none when they are to be read anew. */
export function Question({ statement, act, intention, items, onCancel, onDone }) {
  const [first] = items;
  const isMany = items.length > 1;
  const sent = (given) => (isMany
    ? change('POST', `/statements/${statement}/differences/${act}`, { key: intention, body: { ...given, ids: items.map(({ id }) => id) } })
    : send(statement, act, first, act === CONFIRM ? undefined : given, intention));
  const title = isMany ? t(`ask.${act}.many`, count(items.length)) : t(`ask.${act}`, word('match', first.kind), first.line ? t('ofLine', count(first.line)) : first.taskNo ?? '');
  return html`<${Dialog} title=${title} confirm=${t(act === NOTE ? 'save' : `act.${act}`)} onCancel=${onCancel} act=${sent} onDone=${(answer) => onDone([MATCH, UNMATCH].includes(act) ? [] : answer.items ?? [answer])}>
    ${act !== NOTE && html`<p>${t(`ask.${act}.text`)}</p>`}
    ${act === CONFIRM && html`<p>${first.adjustment && html`${t('adjustment')}: <strong>${money(first.adjustment)}</strong>. `}${t('proposedBy', first.acceptedBy, first.reason)}</p>`}
    ${act === NOTE && html`<${Noted} of=${first} />`}
    ${act === MATCH && html`<${Field} label=${t('session')}><input name="sessionId" required pattern=${SESSION_ID} autofocus /></${Field}>`}
    ${WITH_A_REASON.includes(act) && html`<${Reason} />`}
  </${Dialog}>`;
}

/** The filters that say of what a statement all is accepted or confirmed at once. */
export const FITTING = { [ACCEPT]: 'OPEN', [CONFIRM]: 'PROPOSED' };

/** Asks before all that the filters fit are accepted or confirmed: it shows how many they are, and what that adds to the ledger. onDone gets how many it was. */
export function FittingQuestion({ statement, act, filter: { kind, assignee }, sums, intention, onCancel, onDone }) {
  const number = count(sums.count);
  const body = { kind: kind ?? undefined, assignee: assignee ?? undefined, count: sums.count };
  const send = (given) => change('POST', `/statements/${statement}/differences/${act}-fitting`, { key: intention, body: { ...body, ...given } });
  const head = [[t('result')], [t('number'), true], [t('ours'), true], [t('theirs'), true], [t('adjustment'), true]];
  return html`<${Dialog} title=${t(`ask.${act}.fitting`, number)} confirm=${t(`act.${act}`)} working=${t('workingOn', number)} isReady=${sums.count > 0}
      onCancel=${onCancel} act=${send} onDone=${() => onDone(sums.count)}>
    <p>${t(`ask.${act}.text`)}</p>
    <p data-testid="fitting">${t('fittingSum', number, sums.adjustments.map(money).join(', ') || '–')}</p>
    ${sums.count > 0 && html`<${Table} caption=${t('adjustment')} testId="sums" head=${head}>
      <tbody>${sums.items.map((sum) => html`<tr key=${sum.kind + sum.adjustment.currency}>
        <th scope="row">${word('match', sum.kind)}</th><td class="number">${count(sum.count)}</td>
        <td class="number">${money(sum.ours)}</td><td class="number">${money(sum.theirs)}</td><td class="number">${money(sum.adjustment)}</td>
      </tr>`)}</tbody>
    </${Table}>`}
    ${act === ACCEPT && sums.count > 0 && html`<${Reason} />`}
  </${Dialog}>`;
}

function Noted({ of: { note, assignee } }) {
  return html`
    <${Field} label=${t('note')}><textarea name="note" maxlength=${LONGEST_NOTE} rows="3" autofocus>${note ?? ''}</textarea></${Field}>
    <${Field} label=${t('assignee')}><input name="assignee" maxlength=${LONGEST_ASSIGNEE} defaultValue=${assignee ?? ''} /></${Field}>`;
}
