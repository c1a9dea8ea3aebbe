// The words of the page: by ?lang= of the address, else by the browser's language.
import en from './en.js';
import zh from './zh.js';

const asked = new URLSearchParams(location.search).get('lang');
export const lang = asked === 'zh' || asked === 'en' ? asked : navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
export const otherLang = lang === 'zh' ? 'en' : 'zh';
// What the address must say to stay in this language; null where the browser says it.
export const askedLang = asked === lang ? lang : null;

const words = lang === 'zh' ? zh : en;

document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';

// {0} is the first value; {0|charge|# charges} what is said of one, and of other numbers.
const PLACE = /\{(\d)(?:\|([^|}]*)\|([^}]*))?}/g;

export function t(key, ...values) {
  return (words[key] ?? key).replace(PLACE, (whole, at, one, many) => {
    const value = String(values[at] ?? '');
    return one === undefined ? value : value === '1' ? one : many.replace('#', value);
  });
}

/** A value of the API in words; undefined when it is one of a later version. */
export const known = (kind, value) => words[`${kind}.${value}`];

/** A value of the API in words; one of a later version stays as it is. */
export function word(kind, value) {
  return value === undefined ? '' : known(kind, value) ?? value;
}

/** Several words in a row. */
export const list = (words) => words.join(t('comma'));
