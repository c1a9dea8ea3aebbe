// What the API refuses or finds, in the language of the page: by its code, with the times and months that it names as the page has them.
import { count, dateText, time } from './format.js';
import { known, t } from './i18n.js';

const TIME = /^\d{4}-\d\d-\d\dT/;
const NUMBER = /^\d+$/;
const LINE = /^line (\d+)$/;

const written = (value) => (TIME.test(value) ? time(value) : NUMBER.test(value) ? count(Number(value)) : dateText(value ?? ''));

/** By its code; as the API says it when that is one of a later version. */
export function told(kind, { code, detail, parameters = {} }) {
  return known(kind, code)?.replace(/\{(\w+)}/g, (whole, name) => written(parameters[name])) ?? detail;
}

/** A rule that a field breaks, behind the field's name here. */
export function toldField({ field, message, ...error }) {
  const line = LINE.exec(field);
  const name = line ? t('ofLine', count(Number(line[1]))) : known('field', field.replace(/\[.*/, '')) ?? field;
  return `${name} – ${told('error', { ...error, detail: known('message', message) ?? message })}`;
}

/** What is said of a line of a bill: of one of its columns, or of the whole. */
export function toldLine({ code, detail, parameters = {} }) {
  const said = told('detail', { code, detail, parameters });
  return parameters.column && known('detail', code) ? t('ofColumn', parameters.column, said) : said;
}

/** What is said of a result of a bill. */
export const toldResult = ({ detailCode, detail, detailParameters }) => toldLine({ code: detailCode, detail, parameters: detailParameters });
