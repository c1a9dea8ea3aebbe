/** The session view: status, money, facts, what happened, and both books side by side. */
import { caller, gateway, sandbox, sessions } from './api.js';
import { $, byId, el, facts, mask, maskedLink, timeOf } from './dom.js';
import { say } from './i18n.js';

const UNSETTLED = new Set(['OPENING', 'PENDING']);
/** Where a fee stands by the rows of the ledger: the first kind that is there. */
const STANDING = { CHARGE: 'CHARGED', REFUND: 'REFUNDED', PRE_DEDUCT: 'PRE_DEDUCTED' };

export const isFinal = ({ status }) => !UNSETTLED.has(status);

/** The session first, so that what is read after it is at least as new. What cannot be read is left undefined. */
export async function load(id) {
  const path = `/${encodeURIComponent(id)}`;
  const { answer: session } = await sessions('GET', path);
  const taskNo = session.charge?.taskNo;
  const [events, ledger, book] = await Promise.allSettled([
    sessions('GET', `${path}/events`).then(({ answer }) => answer.items),
    gateway('GET', `/charges${path}/history`).then(({ answer }) => answer.ledger),
    taskNo ? sandbox('GET', `/books?taskNo=${encodeURIComponent(taskNo)}`).then(({ rows }) => rows) : [],
  ]);
  return { session, events: events.value, ledger: ledger.value, book: book.value };
}

let shown;

/** Fills the page; an unchanged view is left alone. */
export function show(view, hint) {
  const now = JSON.stringify([view, hint]);
  if (now === shown) return;
  shown = now;
  const { session, events, ledger, book } = view;
  showStatus(session, hint);
  showCharge(session.charge ?? { status: 'NONE' });
  byId('facts').replaceChildren(...facts(factsOf(session)));
  showList($('events'), events?.map(eventItem), 'events-note', 'view.events.none');
  showList($('ledger'), ledger?.map(ledgerRow), 'ledger-note', 'view.ledger.none');
  byId('ledger-table').hidden = !ledger?.length;
  showList($('vendor-book'), book?.map(bookRow), 'book-note', session.charge?.taskNo ? 'view.vendor.none' : 'view.vendor.notask');
  const agreement = compareBooks(view);
  byId('agreement').dataset.agreement = agreement;
  say(byId('agreement'), `books.${agreement}`);
  byId('following').hidden = isFinal(session);
  byId('view').hidden = false;
}

function showStatus(session, hint) {
  const { status } = session;
  byId('status-card').dataset.tone = status;
  if ($('status').textContent !== status) $('status').textContent = status;
  say(byId('status-label'), `status.${status}`);
  say(byId('status-meaning'), `meaning.${status}`);
  byId('hint').hidden = !hint;
  const differs = isFinal(session) && (status === 'PASSED') !== (hint === 'true');
  if (hint) say(byId('hint'), differs ? 'view.hint.differs' : 'view.hint', { passed: hint });
}

function showCharge({ status, amount }) {
  byId('charge-card').dataset.tone = status;
  $('charge-status').textContent = status;
  byId('charge-amount').textContent = amount ? `${amount.value} ${amount.currency}` : '';
  say(byId('charge-meaning'), `charge.${status}`);
}

function factsOf({ id, title, reference, actionStyle, actions, actionMutex, antiCameraHack, returnUrl, token, checkUrl, tokenExpiresAt, verdict, charge, createdAt }) {
  const yesNo = (value) => el('span', { t: value ? 'yes' : 'no' });
  return [
    ['fact.id', id],
    ['fact.caller', caller.get()],
    ['fact.title', title],
    ['fact.reference', reference],
    ['fact.verdict', verdict && `${verdict.code} ${verdict.message ?? ''}`],
    ['fact.task', charge?.taskNo],
    ['fact.style', el('span', { t: `style.${actionStyle}` })],
    ['fact.actions', actions?.join(' → ')],
    ['fact.mutex', yesNo(actionMutex)],
    ['fact.flash', yesNo(antiCameraHack)],
    ['fact.returnUrl', returnUrl],
    ['fact.token', token && mask(token)],
    ['fact.checkUrl', checkUrl && maskedLink(checkUrl)],
    ['fact.expires', tokenExpiresAt && timeOf(tokenExpiresAt)],
    ['fact.created', timeOf(createdAt)],
    ['fact.settled', charge?.settledAt && timeOf(charge.settledAt)],
  ];
}

function showList(list, items, noteId, emptyKey) {
  list.replaceChildren(...(items ?? []));
  byId(noteId).hidden = items?.length > 0;
  say(byId(noteId), items ? emptyKey : 'view.unread');
}

function eventItem({ type, at, detail = {} }) {
  const details = Object.entries(detail).map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return el('li', { 'data-type': type },
    el('strong', { t: `event.${type}` }), ' ', el('code', {}, type),
    el('p', { class: 'quiet' }, timeOf(at)),
    ...(details.length ? [el('p', { class: 'detail' }, details.join(' · '))] : []));
}

function ledgerRow({ kind, basis, amount, recordedAt }) {
  return el('tr', { 'data-kind': kind },
    el('td', {}, el('span', { t: `kind.${kind}` })),
    el('td', { class: 'number' }, `${amount.value} ${amount.currency}`),
    el('td', {}, el('span', { t: `basis.${basis}` })),
    el('td', { class: 'quiet' }, timeOf(recordedAt)));
}

function bookRow({ taskNo, status, openedAt, settledAt, amount }) {
  return el('dl', { 'data-status': status }, ...facts([
    ['fact.status', status],
    ['fact.amount', amount],
    ['fact.task', taskNo],
    ['fact.opened', openedAt && timeOf(openedAt)],
    ['fact.settled', settledAt && timeOf(settledAt)],
  ]));
}

/** agree, waiting (the vendor settled, the gateway has not asked yet), differ, unconfirmed (presumed here, absent there), or untold. */
function compareBooks({ session, ledger, book }) {
  if (!ledger || !book || !session.charge?.taskNo) return 'untold';
  const kinds = ledger.map(({ kind }) => kind);
  const ours = STANDING[Object.keys(STANDING).find((kind) => kinds.includes(kind))] ?? 'NONE';
  const theirs = book.length ? book[0].status : 'NONE';
  const sameAmount = ours !== 'CHARGED' || Number(book[0]?.amount) === Number(ledger[0].amount.value);
  if (book.length < 2 && ours === theirs && sameAmount) return 'agree';
  if (!isFinal(session)) return 'waiting';
  return session.charge.status === 'UNCONFIRMED' ? 'unconfirmed' : 'differ';
}
