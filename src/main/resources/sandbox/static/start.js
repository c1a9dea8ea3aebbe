/** The start page: opens a session as a caller would, and lists the caller's sessions. */
import { caller, Problem, sandbox, sessions } from './api.js';
import { $, byId, el, facts, mask, maskedLink, ready, sessionPage, showProblem, sleep, statusPill, timeOf, webAddress } from './dom.js';
import { currentLanguage, installLanguageSwitch, say } from './i18n.js';

const ACTIONS = ['LookLeft', 'LookRight', 'OpenMouth', 'BlinkEye', 'ShakeHead', 'NodHead'];
const RETURN_PAGE = `${location.origin}/return.html`;
const RETURN_URLS = {
  'plain': RETURN_PAGE,
  'replace': `replace:${RETURN_PAGE}`,
  'wx.redirect': 'wx.redirect:/pages/result',
  'wx.history': 'wx.history',
  'app': 'app:notifyResult',
  'scheme': 'scheme:weixin://dl/business',
};
const LIST_EVERY_MILLIS = 3_000;
/** After these answers the same key can lead nowhere new. */
const KEY_SPENT = new Set(['vendor-rejected', 'vendor-outcome-unknown', 'idempotency-key-reused']);

const form = byId('form');
const fields = form.elements;
const opened = byId('opened');
const problemBox = $('problem');
let scenarios = [];
let chosenActions = ['BlinkEye', 'NodHead'];

// The form ----------------------------------------------------------------------------------------------------------

function followScenario() {
  const scenario = scenarios.find(({ name }) => name === fields.scenario.value);
  const hint = byId('scenario-hint');
  if (scenario) {
    delete hint.dataset.t;
    Object.assign(hint.dataset, { en: scenario.en, zh: scenario.zh });
    hint.textContent = hint.dataset[currentLanguage()];
  } else {
    delete hint.dataset.zh;
    say(hint, 'start.real.hint');
  }
  fields.title.disabled = Boolean(scenario);
  if (scenario) fields.title.value = `sandbox:${scenario.name}`;
  else if (fields.title.value.startsWith('sandbox:')) fields.title.value = '';
  say(byId('title-hint'), scenario ? 'start.title.scenario' : 'start.title.hint');
}

function followStyle() {
  byId('actions').hidden = fields.actionStyle.value !== 'CUSTOM';
}

function showActions() {
  byId('action-buttons').replaceChildren(...ACTIONS.map((action) => {
    const place = chosenActions.indexOf(action) + 1;
    const button = el('button', { 'type': 'button', 'class': 'chip', 'aria-pressed': String(place > 0), 'data-action': action },
      el('span', { class: 'place' }, place ? String(place) : '+'), el('span', { t: `action.${action}` }));
    button.addEventListener('click', () => {
      chosenActions = place ? chosenActions.filter((other) => other !== action) : [...chosenActions, action];
      showActions();
      document.querySelector(`[data-action="${action}"]`).focus();
    });
    return button;
  }));
}

async function loadScenarios() {
  try {
    scenarios = await sandbox('GET', '/scenarios');
    fields.scenario.append(...scenarios.map(({ name, en, zh }) => el('option', { 'value': name, 'data-en': `${name} – ${en}`, 'data-zh': `${name} – ${zh}` },
      `${name} – ${currentLanguage() === 'zh' ? zh : en}`)));
  } catch {
    say(byId('scenario-hint'), 'start.scenarios.missing');
  }
}

function order() {
  const actionStyle = fields.actionStyle.value;
  return {
    returnUrl: fields.returnUrl.value.trim(),
    actionStyle,
    ...(actionStyle === 'CUSTOM' && { actions: chosenActions }),
    actionMutex: fields.actionMutex.checked,
    antiCameraHack: fields.antiCameraHack.checked,
    ...(fields.title.value && { title: fields.title.value }),
  };
}

// Opening -----------------------------------------------------------------------------------------------------------

/** One key per form as it stands, kept (over a reload too) until an answer uses it up. */
function keyFor(body) {
  const request = JSON.stringify([caller.get(), body]);
  let pending = JSON.parse(sessionStorage.getItem('sandbox.pending'));
  if (pending?.request !== request) pending = { request, key: crypto.randomUUID() };
  sessionStorage.setItem('sandbox.pending', JSON.stringify(pending));
  return pending.key;
}

const forgetKey = () => sessionStorage.removeItem('sandbox.pending');

async function open(andGo) {
  const body = order();
  const key = keyFor(body);
  problemBox.hidden = true;
  opened.hidden = true;
  setBusy(true);
  try {
    const { answer, replayed } = await sessions('POST', '', { body, headers: { 'Idempotency-Key': key } });
    forgetKey();
    showOpened(answer, replayed, key);
    if (andGo && answer.checkUrl) location.assign(webAddress(answer.checkUrl));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const spent = KEY_SPENT.has(problem.code);
    if (spent) forgetKey();
    showProblem(problemBox, problem, { more: [keyLine(key, spent)] });
    problemBox.scrollIntoView({ block: 'nearest' });
  } finally {
    setBusy(false);
    refreshList();
  }
}

function setBusy(busy) {
  $('open').disabled = busy;
  $('open-and-go').disabled = busy;
  byId('opening').hidden = !busy;
}

function keyLine(key, spent) {
  return el('p', { class: 'key' }, el('span', { t: spent ? 'key.spent' : 'key.kept' }), ' ', el('code', { 'data-testid': 'key' }, key));
}

function showOpened(session, replayed, key) {
  const { id, status, token, checkUrl, tokenExpiresAt, charge } = session;
  opened.replaceChildren(
    el('h2', {}, el('span', { t: 'start.opened' }), ' ', statusPill(status)),
    ...(replayed ? [el('p', { t: 'start.replayed' })] : []),
    checkUrl
      ? el('a', { 'class': 'button primary', 'data-testid': 'go', 't': 'start.go', 'href': webAddress(checkUrl) })
      : el('p', { t: 'start.nocheck' }),
    el('dl', {}, ...facts([
      ['fact.id', el('a', { href: sessionPage(id) }, id)],
      ['fact.task', charge?.taskNo],
      ['fact.token', token && mask(token)],
      ['fact.checkUrl', checkUrl && maskedLink(checkUrl)],
      ['fact.expires', tokenExpiresAt && timeOf(tokenExpiresAt)],
    ])),
    keyLine(key, true));
  opened.hidden = false;
  opened.scrollIntoView({ block: 'nearest' });
}

// Own sessions ------------------------------------------------------------------------------------------------------

let listed;

async function refreshList() {
  const who = caller.get();
  try {
    const { answer: { items } } = await sessions('GET', '?pageSize=20');
    const now = who + JSON.stringify(items);
    if (who !== caller.get() || now === listed) return;
    listed = now;
    byId('sessions').replaceChildren(...items.map(listItem));
    byId('list-note').hidden = items.length > 0;
    say(byId('list-note'), 'start.list.none');
  } catch {
    listed = undefined;
    byId('list-note').hidden = false;
    say(byId('list-note'), 'start.list.failed');
  }
}

function listItem({ id, status, title, reference, charge, createdAt }) {
  return el('li', { 'data-session': id, 'data-status': status },
    el('a', { href: sessionPage(id) },
      el('span', { class: 'row' }, statusPill(status), el('span', { t: `status.${status}` }), el('code', {}, mask(id))),
      el('span', { class: 'row quiet' }, timeOf(createdAt), el('span', {}, [reference ?? title, charge?.status].filter(Boolean).join(' · ')))));
}

async function keepListFresh() {
  for (;;) {
    await sleep(LIST_EVERY_MILLIS);
    if (!document.hidden) await refreshList();
  }
}

// A past --------------------------------------------------------------------------------------------------------------

/** Where the sandbox is a process of its own it has no gateway's database, console and API beside it. */
async function offerMonth() {
  try {
    await refreshMonth();
  } catch {
    return;
  }
  byId('month').hidden = false;
  byId('elsewhere').hidden = false;
  $('make-month').addEventListener('click', makeMonth);
  // Somebody comes back from the console. What cannot be asked stays as it is.
  document.addEventListener('visibilitychange', () => document.hidden || refreshMonth().catch(() => {}));
}

const refreshMonth = async () => showMonth(await sandbox('GET', '/month'));

async function makeMonth() {
  $('make-month').disabled = true;
  problemBox.hidden = true;
  try {
    showMonth(await sandbox('POST', '/month'));
  } catch (problem) {
    showProblem(problemBox, problem);
  } finally {
    $('make-month').disabled = false;
  }
}

function showMonth({ month, sessions: count, before, damages }) {
  if (!count) return;
  const found = damages.filter(({ accepted }) => accepted).length;
  byId('made').replaceChildren(
    el('p', { t: [before ? 'month.before' : 'month.made', { count }] }),
    el('ol', { class: 'steps' },
      el('li', {}, el('a', { 'href': '/sandbox/month/bill.csv', 'download': '', 'data-testid': 'bill', 't': ['month.bill', { month }] })),
      el('li', {}, el('a', { href: '/console/import', t: 'month.import' })),
      el('li', {}, el('a', { href: '/console/', t: ['month.close', { month }] }))),
    el('p', { 'data-testid': 'found', 't': found < damages.length ? ['month.found', { count: found }] : 'month.all' }),
    el('details', { open: $('damages')?.parentNode.open ? '' : undefined }, el('summary', { t: 'month.damages' }),
      el('ol', { class: 'steps', 'data-testid': 'damages' }, ...damages.map(({ kind, taskNo }) => el('li', {}, el('span', { t: `damage.${kind}` }), ' ', el('code', {}, taskNo))))));
}

// The page ----------------------------------------------------------------------------------------------------------

fields.caller.value = caller.get();
fields.returnUrl.value = RETURN_URLS.plain;
fields.caller.addEventListener('change', () => {
  caller.set(fields.caller.value.trim());
  fields.caller.value = caller.get();
  refreshList();
});
fields.returnKind.addEventListener('change', () => { fields.returnUrl.value = RETURN_URLS[fields.returnKind.value]; });
fields.scenario.addEventListener('change', followScenario);
fields.actionStyle.addEventListener('change', followStyle);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  open(event.submitter !== $('open'));
});

showActions();
installLanguageSwitch(byId('language'));
followScenario();
followStyle();
await Promise.all([loadScenarios(), refreshList(), offerMonth()]);
ready();
keepListFresh();
