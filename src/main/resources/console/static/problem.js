// What the API refuses or finds, in the language of the page: by its code, with the times and months that it names as the page has them.
import { count, dateText, time } from './format.js';
import { known, t } from './i18n.js';

const TIME = /^\d{4}-\d\d-\d\dT/;
const NUMBER = /^\d+$/;
const LINE = /^line (\d+)$/;
const COLUMN = /^column (.+?) (is .+)$/;

/** Sentences that the gateway stores with a difference, each with the place of its words here. */
const DETAILS = [
  ['chargedTwice', /^statement (\S+) has charged the fee on line (\d+)$/],
  ['adjustedElsewhere', /^an adjustment of the fee to what statement (\S+) says is accepted or proposed: take that back first$/],
  ['onLineOf', /^on line (\d+) of statement (\S+)$/],
  ['linesStated', /^the file states (\d+) lines and has (\d+)$/],
  ['cellsDiffer', /^has (\d+) cells, the header (\d+)/],
];

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
export function toldLine(detail) {
  const column = COLUMN.exec(detail);
  if (column) return t('ofColumn', column[1], known('cell', column[2]) ?? column[2]);
  for (const [word, form] of DETAILS) {
    const found = form.exec(detail);
    if (found) return t(`detail.${word}`, ...found.slice(1));
  }
  return known('detail', detail) ?? detail;
}
