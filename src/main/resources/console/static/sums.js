// The figures of a sum of fees, as columns of a table.
import { amount, fees, money } from './format.js';
import { html } from './html.js';
import { t } from './i18n.js';

const FIGURES = ['preDeducted', 'charged', 'refunded', 'presumed', 'open', 'unconfirmed', 'adjusted'];

export const sumsHead = FIGURES.map((figure) => [t(figure === 'open' ? 'openFees' : figure), true]);

export const sumsCells = (sums) => FIGURES.map((figure) => html`<td class="number">
  ${amount(sums[figure].amount)}<small>${fees(sums[figure].count)}</small>
</td>`);

/** Adds amounts exactly, those of each currency. */
export const sumsOf = (amounts) => [...new Set(amounts.map(({ currency }) => currency))].map((currency) => sumOf(amounts.filter((one) => one.currency === currency)));

/** Adds amounts of one currency as integers of their finest digit. */
function sumOf(amounts) {
  const [{ currency }] = amounts;
  const digits = Math.max(...amounts.map(({ value }) => (value.split('.')[1] ?? '').length));
  const units = amounts.reduce((sum, { value }) => sum + BigInt(value.replace('.', '') + '0'.repeat(digits - (value.split('.')[1] ?? '').length)), 0n);
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  const value = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  return { value: units < 0n ? `-${value}` : value, currency };
}

/** The sum has its sign: what is added is +3.40. */
export const signed = (sum) => (sum.value.startsWith('-') ? money(sum) : `+${money(sum)}`);

/** What is to be paid of a total. */
export const payable = ({ payable: value, currency }) => html`<p data-testid="payable">${t('payable', money({ value, currency }))}</p>`;
