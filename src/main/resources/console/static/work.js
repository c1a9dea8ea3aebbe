// What is done about differences: they are noted, accepted, confirmed by a second person, no more accepted, or matched by hand.
import { change, Failed, newKey, read, SignedOut } from './api.js';
import { Dialog, Reason } from './dialog.js';
import { count, money } from './format.js';
import { Component, html } from './html.js';
import { t, word } from './i18n.js';
import { Fault, Field, Table } from './loading.js';

export const STATES = ['OPEN', 'PROPOSED', 'ACCEPTED'];
/** A filter, not a state: what is accepted, and a second person is to revoke. */
export const REVOKED = 'REVOCATION_PROPOSED';
export const ACCEPT = 'accept';
export const CONFIRM = 'confirm';
export const UNACCEPT = 'un-accept';
export const DECLINE = 'decline';
export const NOTE = 'note';
export const MATCH = 'match';
export const UNMATCH = 'un-match';

export const LONGEST_ASSIGNEE = 64;

const LONGEST_NOTE = 500;
const UNDO_SECONDS = 60;
/**
 * What takes an act back is an act as any other, in the name of who presses it: so nobody accepts anew what another one had accepted. A
 * confirmation has none: two people revoke it.
 */
const REVERSE = {
  [ACCEPT]: () => [UNACCEPT, { reason: t('undone') }],
  [UNACCEPT]: (before, left, userName) => (left.revocationProposedBy ? [DECLINE] : !before.confirmedBy && isOwn(before.acceptedBy, userName) && [ACCEPT, { reason: before.reason }]),
  [NOTE]: ({ note, assignee }) => [NOTE, { note, assignee }],
  [MATCH]: (before, { matchedByHand: { at } }) => [UNMATCH, { reason: t('undone'), matchedAt: at }],
  [UNMATCH]: ({ sessionId, matchedByHand: { reason } }) => [MATCH, { sessionId, reason }],
};
const MOST_ON_A_PAGE = '500';
const SESSION_ID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const FROM = { [ACCEPT]: ['OPEN'], [CONFIRM]: ['PROPOSED'], [UNACCEPT]: ['PROPOSED', 'ACCEPTED'], [DECLINE]: ['ACCEPTED'], [NOTE]: STATES, [MATCH]: ['OPEN'] };
const WITHOUT_A_FEE = ['MISSING_IN_LEDGER', 'AMBIGUOUS'];
const WITH_A_REASON = [ACCEPT, UNACCEPT, MATCH, UNMATCH];

export const isOwn = (by, userName) => by.endsWith(`/${userName}`);

/** What the person may do about a result as it stands; a line that was matched by hand may be no difference any more. */
export function actsFor({ kind, state, matchedByHand, revocationProposedBy: revoking }, { isAdmin, userName }) {
  const mayDecline = revoking && (isAdmin || isOwn(revoking, userName));
  const acts = Object.keys(FROM).filter((act) => FROM[act].includes(state) && (act !== CONFIRM || isAdmin) && (act !== DECLINE || mayDecline) && (act !== MATCH || WITHOUT_A_FEE.includes(kind)));
  return matchedByHand && [undefined, 'OPEN'].includes(state) ? [...acts, UNMATCH] : acts;
}

function send(statement, act, { id }, body, key) {
  const [method, path] = act === NOTE ? ['PUT', NOTE] : act === DECLINE ? ['DELETE', UNACCEPT] : ['POST', act];
  return change(method, `/statements/${statement}/differences/${id}/${path}`, { key: act === NOTE ? undefined : key, body });
}

/** Differences as they are by now, as far as they are there: each kind is read until all of it have come. */
export async function asTheyAre(statement, items) {
  const found = [];
  for (const kind of new Set(items.map((item) => item.kind))) {
    const awaited = new Set(items.filter((item) => item.kind === kind).map(({ id }) => id));
    let pageToken;
    do {
      const page = await read(`/statements/${statement}/differences`, { kind, pageToken, pageSize: MOST_ON_A_PAGE });
      found.push(...page.items.filter(({ id }) => awaited.delete(id)));
      pageToken = page.nextPageToken;
    } while (awaited.size && pageToken);
  }
  return found;
}

/** What an act changes of a difference. */
const worked = (act, item) => JSON.stringify(act === NOTE
  ? [item?.note, item?.assignee]
  : [item?.state, item?.acceptedBy, item?.acceptedAt, item?.confirmedBy, item?.revocationProposedBy, item?.matchedByHand?.at]);

/**
 * Takes an act back on each difference that is as the act has left it: another one stops none of the rest. None where nothing does. What
 * fails says on how many it was done.
 */
export function reversal(statement, act, items, answered, userName) {
  const asked = items.map((item) => {
    const left = answered.find(({ id }) => id === item.id);
    return { item, left, key: newKey(), reverse: REVERSE[act]?.(item, left, userName) };
  });
  return asked.every(({ reverse }) => reverse) && (async () => {
    // A bill has a million lines that match: a request says which match it takes back.
    const now = act === MATCH ? answered : await asTheyAre(statement, answered);
    let failed;
    let done = 0;
    for (const { item, left, key, reverse: [reverse, body] } of asked) {
      const is = worked(act, now.find(({ id }) => id === item.id));
      try {
        if (is !== worked(act, item)) {
          if (is !== worked(act, left)) throw new Failed(409, { code: 'difference-conflict', reasons: [{ code: 'changed-since' }] });
          await send(statement, reverse, item, body, key);
        }
        done += 1;
      } catch (error) {
        failed = error;
        if (!error.reasons?.length) break;
      }
    }
    if (failed) throw Object.assign(failed, { done: asked.length > 1 && t('undoneOf', count(done), count(asked.length)) });
  });
}

/**
 * For a minute an act can be taken back. onDone is told when it is, onFailed when it cannot be, which stays until it is read, and onEnd when
 * the bar is over: whether the focus was in it.
 */
export class UndoBar extends Component {
  state = { left: UNDO_SECONDS, isBusy: false, error: null };

  componentDidMount() {
    this.ticking = setInterval(this.tick, 1000);
  }

  componentWillUnmount() {
    clearInterval(this.ticking);
  }

  tick = () => {
    const { left, isBusy, error } = this.state;
    if (isBusy || error) return;
    if (left > 1) this.setState({ left: left - 1 });
    else this.end();
  };

  end = () => this.props.onEnd(this.base.contains(document.activeElement));

  takeBack = async () => {
    if (this.state.isBusy) return;
    const { reverse, onDone, onFailed, onSignedOut } = this.props;
    this.setState({ isBusy: true, error: null });
    try {
      await reverse();
      await onDone();
    } catch (error) {
      const isSignedOut = error instanceof SignedOut;
      this.setState({ isBusy: false, error: isSignedOut ? null : error });
      if (isSignedOut) onSignedOut();
      else onFailed();
    }
  };

  render({ text }, { left, isBusy, error }) {
    return html`<div class="undo" data-testid="undo-bar"><span>${text}</span>
        <button type="button" class="outline" data-testid="undo" disabled=${isBusy} aria-busy=${isBusy ? 'true' : undefined} onClick=${this.takeBack}>${t('undo')}</button>
        ${error
          ? html`<button type="button" class="secondary outline" data-testid="hide-undo" onClick=${this.end}>${t('hide')}</button>${error.done && html`<span role="alert" data-testid="undone-of">${error.done}</span>`}<${Fault} text="notDone" error=${error} />`
          : html`<small aria-hidden="true">${t('secondsLeft', left)}</small>`}
      </div>`;
  }
}

export function State({ value }) {
  return value && html`<span class=${`status ${value}`}>${word('difference', value)}</span>`;
}

/** A line of which nobody knows what it charges until a person says it. */
const isUnknown = ({ kind, theirs }) => kind === 'UNREADABLE_LINE' && !theirs?.amount;

/** What the file has on a line that cannot be read. */
export const CellsOf = ({ line: { cells } }) => cells && html`<p>${t('cells')}<br /><span class="code" data-testid="cells">${cells.join(' │ ')}</span></p>`;

/** Asks before it is done. onDone gets the differences as they stand then. */
export function Question({ statement, act, intention, items, onCancel, onDone }) {
  const [first] = items;
  const isMany = items.length > 1;
  const sent = (given) => (isMany
    ? change('POST', `/statements/${statement}/differences/${act}`, { key: intention, body: { ...given, ids: items.map(({ id }) => id) } })
    : send(statement, act, first, [CONFIRM, DECLINE].includes(act) ? undefined : act === UNACCEPT ? { ...given, proposedBy: first.revocationProposedBy } : given, intention));
  const title = isMany ? t(`ask.${act}.many`, count(items.length)) : t(`ask.${act}`, word('match', first.kind), first.line ? t('ofLine', count(first.line)) : first.taskNo ?? '');
  return html`<${Dialog} title=${title} confirm=${t(act === NOTE ? 'save' : `act.${act}`)} onCancel=${onCancel} act=${sent} onDone=${(answer) => onDone(answer.items ?? [answer])}>
    ${act !== NOTE && html`<p>${t(`ask.${act}.text`)}</p>`}
    ${act === CONFIRM && html`<p>${first.adjustment && `${t('adjusts', money(first.adjustment))} `}${t('proposedBy', first.acceptedBy, first.reason)}</p>`}
    ${[ACCEPT, CONFIRM].includes(act) && !isMany && html`<${CellsOf} line=${first} />`}
    ${[ACCEPT, CONFIRM].includes(act) && !isMany && first.waived && html`<p>${t('waives', money(first.waived))}</p>`}
    ${act === ACCEPT && !isMany && isUnknown(first) && html`<${Field} label=${t('waivedAmount')}><input name="waived" inputmode="decimal" pattern="[0-9]{1,12}(\\.[0-9]{1,4})?" /></${Field}><p class="hint">${t('waivedHint')}</p>`}
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
    <p>${t(`ask.${act}.text`)} ${act === ACCEPT && t('revokedSingly')}</p>
    <p data-testid="fitting">${t('fittingSum', number, sums.adjustments.map(money).join(t('comma')) || '–')}</p>
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
