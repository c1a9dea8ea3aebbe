// The figures of a sum of fees, as columns of a table.
import { amount, fees, money } from './format.js';
import { html } from './html.js';
import { t } from './i18n.js';

const FIGURES = ['preDeducted', 'charged', 'refunded', 'presumed', 'open', 'unconfirmed', 'adjusted'];

export const sumsHead = FIGURES.map((figure) => [t(figure === 'open' ? 'openFees' : figure), true]);

export const sumsCells = (sums) => FIGURES.map((figure) => html`<td class="number">
  ${amount(sums[figure].amount)}<small>${fees(sums[figure].count)}</small>
</td>`);

/** What is to be paid of a total. */
export const payable = ({ payable: value, currency }) => html`<p data-testid="payable">${t('payable', money({ value, currency }))}</p>`;
