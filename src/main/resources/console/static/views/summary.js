import { read } from '../api.js';
import { addMonths, amount, beginOf, endOf, firstDay, lastDay, today, ZONE } from '../format.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Bars } from '../kit.js';
import { Choice, Field, Loading, Table, typed } from '../loading.js';
import { address, follow, go } from '../route.js';
import { payable, sumsCells, sumsHead } from '../sums.js';

const MONTHS = 12;
const SERIES = [['charged', '--series-1'], ['refunded', '--series-2'], ['open', '--series-3'], ['unconfirmed', '--series-4']];

/** Sums by day of a month, or by month of a year. */
export class Summary extends Loading {
  asked() {
    const { query } = this.props;
    const by = query.get('by') === 'month' ? 'month' : 'day';
    const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(query.get('month')) ? query.get('month') : today().slice(0, 7);
    return { by, month, caller: query.get('caller') ?? '' };
  }

  read(signal) {
    const { by, month, caller } = this.asked();
    const first = by === 'day' ? month : addMonths(month, 1 - MONTHS);
    const parameters = { groupBy: by, from: beginOf(firstDay(first)), to: endOf(lastDay(month)), timeZone: ZONE, caller };
    return read('/charges/summary', parameters, signal).then((sums) => ({ ...sums, by, month, caller }));
  }

  before() {
    const { by, month, caller } = this.asked();
    const show = (event) => {
      event.preventDefault();
      go(address('summary', typed(event.currentTarget)));
    };
    return html`<form class="filters" aria-label=${t('filters')} data-testid="filters" onSubmit=${show}>
        <${Choice} name="by" label=${t('by')} value=${by} choices=${[['day', t('byDay')], ['month', t('byMonth')]]} />
        <${Field} label=${t(by === 'day' ? 'month' : 'lastMonth')}>
          <input name="month" type="month" required pattern="[0-9]{4}-[0-9]{2}" defaultValue=${month} />
        </${Field}>
        <${Field} label=${t('caller')}><input name="caller" maxlength="256" defaultValue=${caller} /></${Field}>
        <button type="submit">${t('apply')}</button>
      </form>`;
  }

  said({ totals }) {
    return totals.length ? totals.map((sums) => `${t('charged')}: ${amount(sums.charged.amount)} ${sums.currency}`).join('; ') : t('noFees');
  }

  show({ items, totals, by, month, caller }) {
    return totals.map((total) => {
      const of = items.filter((item) => item.currency === total.currency && item.key);
      const figure = (name) => `${amount(total[name].amount)} ${total.currency}`;
      const span = by === 'day' ? month : `${addMonths(month, 1 - MONTHS)} – ${month}`;
      const label = t('chart', span, figure('charged'), figure('refunded'), figure('open'), figure('unconfirmed'));
      const caption = t('summaryTable', total.currency, t(by === 'day' ? 'byDay' : 'byMonth'));
      return html`<section key=${total.currency} class="card">
        <h2>${total.currency}</h2>
        <${Bars} items=${of.map(drawn)} label=${label} series=${SERIES.map(([name, colour]) => ({ name, colour, label: t(name === 'open' ? 'openFees' : name) }))} format=${(value) => amount(String(value))} />
        <${Table} caption=${caption} testId="summary" head=${[[t(by === 'day' ? 'day' : 'month')], ...sumsHead]}>
          <tbody>${of.map((item) => html`<tr key=${item.key}><th scope="row">${this.link(item.key, caller)}</th>${sumsCells(item)}</tr>`)}</tbody>
          <tfoot><tr><th scope="row">${t('total')}</th>${sumsCells(total)}</tr></tfoot>
        </${Table}>
        ${payable(total)}
      </section>`;
    });
  }

  link(key, caller) {
    const isDay = key.length > 7;
    const href = address('charges', { from: isDay ? key : firstDay(key), to: isDay ? key : lastDay(key), caller });
    return html`<a href=${href} onClick=${follow} aria-label=${t('showCharges', key)}>${key}</a>`;
  }
}

const drawn = (item) => Object.fromEntries([['key', item.key], ...SERIES.map(([name]) => [name, item[name].amount])]);
