// Reads the API by way of /console, where the session's cookie becomes an access token.
import { t } from './i18n.js';

const HEADERS = { 'X-Console-Request': '1', Accept: 'application/json' };
const TRIES = 3;
const LONGEST_WAIT_SECONDS = 5;

export class SignedOut extends Error {}

/** An answer that is none of use: what the problem says, in words. */
export class Failed extends Error {
  constructor(status, problem) {
    super(problem?.errors?.map((error) => `${error.field} ${error.message}`).join('; ') || problem?.detail || t('unreachable'));
    this.status = status;
    this.requestId = problem?.requestId;
  }
}

export const me = (signal) => fetched('/console/me', signal);

/** Parameters without a value are left out. */
export function read(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return fetched(`/console/v1${path}${query.size ? `?${query}` : ''}`, signal);
}

async function fetched(address, signal) {
  for (let tries = 1; ; tries++) {
    const answer = await send(address, signal);
    if (answer.ok) return answer.json();
    if (answer.status === 401) throw new SignedOut();
    const wait = Number(answer.headers.get('Retry-After'));
    if (tries === TRIES || !wait || wait > LONGEST_WAIT_SECONDS) {
      throw new Failed(answer.status, await answer.json().catch(() => undefined));
    }
    await new Promise((later) => setTimeout(later, wait * 1000));
  }
}

async function send(address, signal) {
  try {
    return await fetch(address, { headers: HEADERS, signal, credentials: 'same-origin', redirect: 'error' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Failed(0, undefined);
  }
}
