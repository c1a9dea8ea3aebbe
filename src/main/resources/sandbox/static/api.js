/** Calls the gateway as the chosen caller, and the sandbox. Whatever goes wrong is a Problem. */

const ANSWER_WITHIN_MILLIS = 60_000;

export class Problem extends Error {
  constructor({ status, code, title, detail, errors, sessionId, requestId }, retryAfter) {
    super(title ?? code);
    Object.assign(this, { status, code: code ?? `http-${status}`, title, detail, errors: errors ?? [], sessionId, requestId, retryAfter });
  }
}

const noAnswer = () => new Problem({ status: 0, code: 'no-answer' });

async function request(method, path, { body, headers } = {}) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MILLIS),
    });
    text = await response.text();
  } catch {
    throw noAnswer();
  }
  const answer = parse(text);
  if (!response.ok) {
    throw new Problem({ title: `HTTP ${response.status}`, ...answer, status: response.status }, response.headers.get('Retry-After'));
  }
  if (text && answer === undefined) throw noAnswer();
  return { answer, replayed: response.headers.get('Idempotency-Replayed') === 'true' };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const caller = {
  get: () => localStorage.getItem('sandbox.caller') || 'demo-shop',
  set: (name) => localStorage.setItem('sandbox.caller', name),
};

let access;

async function bearer(renew) {
  const subject = caller.get();
  if (renew || access?.subject !== subject || Date.now() > access.renewAt) {
    const { accessToken, expiresIn } = await sandbox('POST', '/tokens', { body: { subject, groups: ['liveness'] } });
    access = { subject, accessToken, renewAt: Date.now() + (expiresIn - 30) * 1000 };
  }
  return `Bearer ${access.accessToken}`;
}

async function authorized(method, path, options, renew) {
  const Authorization = await bearer(renew);
  return request(method, `/v1${path}`, { ...options, headers: { ...options.headers, Authorization } });
}

export const sessions = (method, path, options) => gateway(method, `/liveness-sessions${path}`, options);

/** A call under /v1; an access token that is no longer accepted is renewed once. */
export async function gateway(method, path, options = {}) {
  try {
    return await authorized(method, path, options, false);
  } catch (problem) {
    if (problem.status !== 401) throw problem;
    return authorized(method, path, options, true);
  }
}

export async function sandbox(method, path, options) {
  return (await request(method, `/sandbox${path}`, options)).answer;
}
