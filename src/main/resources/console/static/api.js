// Asks the API by way of /console, where the session's cookie becomes an access token.
import { t } from './i18n.js';
import { told, toldField } from './problem.js';

// What changes something is refused without this header, which another site's page cannot add.
const HEADERS = { 'X-Console-Request': '1', Accept: 'application/json' };
const TRIES = 3;
const LONGEST_WAIT_SECONDS = 5;
const NO_CONTENT = 204;
// By the browser, and by a proxy: the answer did not come.
const LOST = [0, 502, 504];
const UNAVAILABLE = 503;
const UNDER_WAY = 'statements-under-way';
const ASK_AGAIN_MILLIS = 3000;
const LONGEST_MILLIS = 15 * 60_000;
/** Keys of changes whose answer was lost: they may be under way, or done. */
const unanswered = new Set();

export class SignedOut extends Error {}

/** An answer that cannot be used, with what the problem says in the page's language. */
export class Failed extends Error {
  constructor(status, problem) {
    super(problem?.errors?.map(toldField).join('; ') || (problem && told('problem', problem)) || t('unreachable'));
    this.status = status;
    this.reasons = problem?.reasons ?? [];
    this.requestId = problem?.requestId;
  }
}

export const me = (signal) => ask('/console/me', { signal }).then((answer) => answer.json());

/** Parameters without a value are left out. */
export async function read(path, parameters = {}, signal = undefined) {
  return content(await ask(operation(path, parameters), { signal }));
}

/** Changes something. The key is that of one intention, and is the same however often that is sent. What is new takes the place of nothing. */
export async function change(method, path, { body, key, isNew } = {}) {
  const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }), ...(isNew && { 'If-None-Match': '*' }) };
  const answer = await ask(operation(path), { method, headers, body: body && JSON.stringify(body) });
  return answer.status === NO_CONTENT ? undefined : content(answer);
}

const content = (answer) => answer.json().catch((error) => {
  throw unlessAborted(error);
});

/** Changes what takes minutes. Once an answer is lost it is asked for by the same key, for a quarter of an hour; onLost is told each time. */
export async function changeSlowly(path, { key, body }, onLost) {
  const end = Date.now() + LONGEST_MILLIS;
  for (;;) {
    try {
      return await change('POST', path, { key, body });
    } catch (error) {
      const isLost = LOST.includes(error.status);
      if (isLost) unanswered.add(key);
      const isUnderWay = unanswered.has(key) && (error.status === UNAVAILABLE || error.reasons?.some(({ code }) => code === UNDER_WAY));
      if ((!isLost && !isUnderWay) || Date.now() > end) throw error;
      onLost();
    }
    await new Promise((later) => setTimeout(later, ASK_AGAIN_MILLIS));
  }
}

/** Sends a file as it is. onProgress is told how many of its bytes have been sent. */
export async function send(path, parameters, file, type, signal, onProgress) {
  const answer = await ask(operation(path, parameters), { method: 'POST', headers: { 'Content-Type': type }, body: file, signal, onProgress });
  return { status: answer.status, answer: await answer.json() };
}

/** A file with all of its bytes; one that breaks off fails. */
export async function download(path, parameters, type) {
  const answer = await ask(operation(path, parameters), { headers: { Accept: type } });
  try {
    return await answer.blob();
  } catch {
    throw new Failed(0, { detail: t('brokenOff') });
  }
}

/** A key for a new intention. */
export const newKey = () => crypto.randomUUID();

function operation(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return `/console/v1${path}${query.size ? `?${query}` : ''}`;
}

/** Asked again where the answer says so: every request here may be repeated. */
async function ask(address, options) {
  for (let tries = 1; ; tries++) {
    const answer = await fetched(address, options);
    if (answer.ok) return answer;
    if (answer.status === 401) throw new SignedOut();
    const wait = Number(answer.headers.get('Retry-After'));
    if (tries === TRIES || !wait || wait > LONGEST_WAIT_SECONDS) {
      throw new Failed(answer.status, await answer.json().catch(() => undefined));
    }
    await new Promise((later) => setTimeout(later, wait * 1000));
  }
}

async function fetched(address, { headers, onProgress, ...options }) {
  const all = { ...HEADERS, ...headers };
  try {
    if (onProgress) return await uploaded(address, { ...options, headers: all, onProgress });
    return await fetch(address, { ...options, headers: all, credentials: 'same-origin', redirect: 'error' });
  } catch (error) {
    throw unlessAborted(error);
  }
}

/** What was given up stays that; all else, also a time that ran out, is an answer that did not come. */
const unlessAborted = (error) => (error.name === 'AbortError' ? error : new Failed(0, undefined));

/** Sends by the older interface, since fetch does not tell how much has been sent. */
function uploaded(address, { method, headers, body, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, address);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => resolve(new Response(request.response, { status: request.status, headers: { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' } }));
    request.onerror = () => reject(new Error('network'));
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    request.send(body);
  });
}
