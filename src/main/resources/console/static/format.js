// Amounts are decimal strings and are never added up here. Numbers are made of them for drawing and for a share alone.
import { lang, t } from './i18n.js';

export const ZONE = 'Asia/Shanghai';
const OFFSET = '+08:00';

export const locale = lang === 'zh' ? 'zh-CN' : 'en-GB';
const times = new Intl.DateTimeFormat(locale, {
  timeZone: ZONE, year: 'numeric', month: lang === 'zh' ? '2-digit' : 'short', day: lang === 'zh' ? '2-digit' : 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});
const ages = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
const UNITS = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]];
const changes = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
const shares = new Intl.NumberFormat(locale, { style: 'percent' });
const days = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });
const minutes = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const counts = new Intl.NumberFormat(locale);
// A day or month that stands alone has no zone.
const calendar = (options) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
const wholeDays = calendar({ dateStyle: 'medium' });
const shortDays = calendar({ month: 'short', day: 'numeric' });
const wholeMonths = calendar({ year: 'numeric', month: 'long' });
const shortMonths = calendar({ year: 'numeric', month: 'short' });

export const time = (instant) => (instant ? times.format(new Date(instant)) : '');

/** How long ago it was, or when it will be: 5 min ago. */
export function relative(instant) {
  const seconds = Math.round((new Date(instant) - Date.now()) / 1000);
  const [unit, length] = UNITS.find(([, of]) => Math.abs(seconds) >= of) ?? UNITS.at(-1);
  return ages.format(Math.round(seconds / length), unit);
}

/** The duration in the two largest units that count. */
export function duration(millis) {
  const unit = (number, name) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 1 }).format(number);
  if (millis < 1000) return unit(millis, 'millisecond');
  const seconds = millis / 1000;
  if (seconds < 60) return unit(seconds, 'second');
  const [[name, length], [smaller, part]] = seconds < 3600 ? UNITS.slice(2) : UNITS.slice(1);
  const rest = Math.floor((seconds % length) / part);
  return `${unit(Math.floor(seconds / length), name)}${rest ? ` ${unit(rest, smaller)}` : ''}`;
}

/** A change as a share: 0.034 is +3.4%. */
export const changeOf = (share) => changes.format(share);

/** A change of a share: 0.04 is +4 points. */
export const pointsOf = (share) => t('points', points.format(share * 100));

/** A share: 0.8 is 80%. */
export const shareText = (share) => shares.format(share);

export const count = (number) => counts.format(number);
export const fees = (number) => t('fees', count(number));

/** The day in ZONE, as 2026-11-30. */
export const today = () => days.format(new Date());

/** The day of an instant in ZONE; none of none. */
export const dayOf = (instant) => (instant ? days.format(new Date(instant)) : '');

/** A day or month as people write it: 2026-11-30 is 30 Nov 2026, 2026-11 November 2026; anything else stays as it is. */
export const dateText = (date) => written(date, wholeDays, wholeMonths);

/** A day or month where there is little room: 30 Nov, Nov 2026. */
export const shortDateText = (date) => written(date, shortDays, shortMonths);

function written(date, days, months) {
  if (!/^\d{4}-\d\d(-\d\d)?$/.test(date)) return date;
  return (date.length > 7 ? days : months).format(new Date(date));
}

/** Days or months from the first to the last. */
export const rangeText = (first, last) => (first.length > 7 ? wholeDays : shortMonths).formatRange(new Date(first), new Date(last));

/** The days of a period whose end is excluded. */
export const span = (from, to) => (from && to ? rangeText(dayOf(from), dayOf(new Date(to) - 1)) : '');

/** Every day of a time whose end is excluded. */
export function everyDay({ from, to }) {
  const all = [];
  for (let day = dayOf(from); day <= dayOf(new Date(to) - 1); day = addDays(day, 1)) all.push(day);
  return all;
}

/** A size, in the unit that people read it in. */
export const size = (bytes) => (bytes < 1_000_000 ? `${counts.format(Math.ceil(bytes / 1000))} KB` : `${counts.format(Math.round(bytes / 100_000) / 10)} MB`);

/** The amount has groups of three digits and is exact: 1234567.80 is 1,234,567.80. */
export function amount(decimal) {
  const [, sign, whole, fraction] = /^(-?)(\d+)(\.\d+)?$/.exec(decimal);
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction ?? '');
}

export const money = ({ value, currency }) => `${amount(value)} ${currency}`;

/** The moment a day begins, and the one it ends. */
export const beginOf = (day) => `${day}T00:00:00${OFFSET}`;
export const endOf = (day) => beginOf(addDays(day, 1));

/** A minute of ZONE as an input has it, 2026-11-30T08:00. */
export const atMinute = (minute) => `${minute}:00${OFFSET}`;
export const minuteOf = (instant) => minutes.format(instant).replace(' ', 'T');

export function addDays(day, number) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + number);
  return date.toISOString().slice(0, 10);
}

export function addMonths(month, number) {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + number);
  return date.toISOString().slice(0, 7);
}

export const firstDay = (month) => `${month}-01`;
export const lastDay = (month) => addDays(firstDay(addMonths(month, 1)), -1);

/** How much of a budget is spent in whole percent, rounded down, without a fraction lost. */
export function percent(spent, budget) {
  const digits = (decimal) => (decimal.split('.')[1] ?? '').length;
  const scale = Math.max(digits(spent), digits(budget));
  const minor = (decimal) => BigInt(decimal.replace('.', '') + '0'.repeat(scale - digits(decimal)));
  return minor(budget) === 0n ? 100 : Number((minor(spent) * 100n) / minor(budget));
}
