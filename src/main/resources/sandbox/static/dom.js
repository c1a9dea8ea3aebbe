/** Small helpers to build the page. Data reaches it as text and attributes only, never as HTML. */
import { known, say, time } from './i18n.js';

export const $ = (testId) => document.querySelector(`[data-testid="${testId}"]`);
export const byId = (id) => document.getElementById(id);
export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
export const mask = (token) => `…${token.slice(-4)}`;
export const sessionPage = (id) => `/return.html?session=${encodeURIComponent(id)}`;
export const ready = () => { document.body.dataset.ready = 'true'; };

/** An element; the property `t` is a text key or [key, values]. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 't') say(node, ...[value].flat());
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

export const timeOf = (iso) => el('time', { datetime: iso }, time(iso));
export const statusPill = (status) => el('span', { class: 'pill', 'data-tone': status }, status);

/** A link only when the address is an ordinary web address. */
export function webAddress(url) {
  const { protocol, href } = new URL(url, location.href);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`not a web address: ${protocol}`);
  return href;
}

/** The way to the check, its token masked in what can be read. */
export function maskedLink(url) {
  return el('a', { href: webAddress(url) }, url.replace(/([?&]token=)([^&#]+)/g, (_, name, token) => name + mask(token)));
}

/** A dl's rows from [text key, value]; rows without a value are left out. */
export function facts(rows) {
  return rows
    .filter(([, value]) => (value ?? '') !== '')
    .map(([key, value]) => el('div', {}, el('dt', { t: key }), el('dd', {}, value)));
}

/** What went wrong, in the server's words, and what to do next, in ours. */
export function showProblem(box, problem, { next = nextStep(problem), more = [] } = {}) {
  const session = problem.sessionId ? [el('a', { t: 'problem.session', href: sessionPage(problem.sessionId) })] : [];
  const wait = problem.retryAfter ? [' ', el('span', { t: ['next.wait', { seconds: problem.retryAfter }] })] : [];
  box.replaceChildren(
    el('h2', problem.title ? {} : { t: 'problem.lost' }, problem.title),
    ...(problem.detail ? [el('p', {}, problem.detail)] : []),
    ...problem.errors.map(({ field, message }) => el('p', { class: 'field-error' }, el('code', {}, field), ` ${message}`)),
    el('p', {}, el('strong', { t: 'problem.next' }), ' ', el('span', { t: next }), ...wait),
    ...session,
    ...more,
    el('p', { class: 'quiet' }, [problem.status || '', problem.code, problem.requestId].filter(Boolean).join(' · ')));
  box.hidden = false;
}

function nextStep({ code, status }) {
  return [`next.${code}`, status >= 500 ? 'next.no-answer' : 'next.other'].find(known);
}
