/** The receiver's page: has the caller's webhooks sent here, and shows them as they come. */
import { gateway, sandbox } from './api.js';
import { $, byId, el, ready, sessionPage, showProblem, sleep, timeOf } from './dom.js';
import { installLanguageSwitch } from './i18n.js';

const EVERY_MILLIS = 1_000;

const problemBox = $('problem');
const url = `${location.origin}/sandbox/receiver`;
let endpoint;
let shown;

const learn = (secret) => sandbox('POST', '/receiver/secrets', { body: { secret } });

/** Whatever goes wrong is shown. */
async function attempt(act) {
  problemBox.hidden = true;
  try {
    await act();
  } catch (problem) {
    showProblem(problemBox, problem);
  }
}

/** The secret is answered to a repetition too, so that a receiver that was started anew learns it again. */
async function receiveHere() {
  const { answer } = await gateway('POST', '/webhook-endpoints', { body: { url }, headers: { 'Idempotency-Key': 'sandbox-receiver' } });
  endpoint = answer.id;
  await learn(answer.secret);
  await sendTest();
  $('test').disabled = false;
}

const sendTest = () => gateway('POST', `/webhook-endpoints/${endpoint}/test`);

function show(webhooks) {
  const now = JSON.stringify(webhooks);
  if (now === shown) return;
  shown = now;
  byId('note').hidden = webhooks.length > 0;
  byId('received').replaceChildren(...webhooks.map(item));
}

function item({ receivedAt, verified, body, 'webhook-id': id, 'webhook-timestamp': sentAt, 'webhook-signature': signature }) {
  const event = parsed(body);
  const session = event?.data?.sessionId;
  return el('li', { 'data-verified': String(verified) },
    el('span', { class: 'row' },
      el('strong', {}, event?.type ?? '?'),
      el('span', { 'class': 'pill', 'data-tone': verified ? 'PASSED' : 'FAILED', 't': verified ? 'receiver.verified' : 'receiver.unverified' }),
      timeOf(receivedAt),
      session && el('a', { href: sessionPage(session), t: 'problem.session' })),
    el('details', {},
      el('summary', { t: 'receiver.request' }),
      el('pre', {}, [`webhook-id: ${id}`, `webhook-timestamp: ${sentAt}`, `webhook-signature: ${signature}`, '', event ? JSON.stringify(event, null, 2) : body].join('\n'))));
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function follow() {
  for (;;) {
    if (!document.hidden) await sandbox('GET', '/receiver').then(show).catch(() => {});
    ready();
    await sleep(EVERY_MILLIS);
  }
}

/** Where the sandbox is a process of its own the endpoint is created elsewhere, and its secret is pasted here. */
async function offer() {
  const beside = await sandbox('GET', '/month').then(() => true, () => false);
  byId('here').hidden = !beside;
  byId('elsewhere').hidden = beside;
}

byId('address').textContent = url;
$('receive').addEventListener('click', () => attempt(receiveHere));
$('test').addEventListener('click', () => attempt(sendTest));
byId('elsewhere').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(async () => {
    await learn(byId('secret').value.trim());
    byId('elsewhere').reset();
  });
});
installLanguageSwitch(byId('language'));
await offer();
follow();
