// The address bar holds the view and its filters.
import { askedLang } from './i18n.js';

const ROOT = '/console/';

/** @returns {{view: string, id: string, query: URLSearchParams}} */
export function route() {
  const [view, id] = location.pathname.slice(ROOT.length).split('/');
  const query = new URLSearchParams(location.search);
  query.delete('lang');
  return { view, id, query };
}

/** An address of the console, in the language of this page. Parameters without a value are left out. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  if (askedLang) query.set('lang', askedLang);
  return ROOT + path + (query.size ? `?${query}` : '');
}

/** Goes to an address. The one of this page again is no step that leads back. */
export function go(to) {
  if (to === location.pathname + location.search) return replace(to);
  history.pushState(null, '', to);
  dispatchEvent(new Event('navigate'));
}

/** Goes to an address, without a way back to the one before. */
export function replace(to) {
  history.replaceState(null, '', to);
  dispatchEvent(new Event('navigate'));
}

/** A link that stays in the page, unless it is opened elsewhere. */
export function follow(event) {
  if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    go(event.currentTarget.getAttribute('href'));
  }
}
