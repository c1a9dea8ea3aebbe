import { beginOf, count, endOf, money, time, ZONE } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty, Next } from '../kit.js';
import { Choice, Field, Filters, Table } from '../loading.js';
import { Paged } from '../paged.js';
import { address, follow } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';

const STATUSES = ['PRE_DEDUCTED', 'UNCONFIRMED', 'CHARGED', 'REFUNDED'];
const BASES = ['VENDOR', 'RULE', 'PRESUMED', 'IMPORTED'];
const TEXTS = [['caller', 256], ['costCentre', 32], ['taskNo', 64]];
const FILTERS = ['from', 'to', 'status', 'basis', 'caller', 'costCentre', 'taskNo'];

const choices = (kind, values) => [['', t('any')], ...values.map((value) => [value, word(kind, value)])];

/** The list of charges, newest first, a page at a time; all of them as a file. */
export class Charges extends Paged {
  filters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.props.query.get(name) ?? '']));
  }

  path() {
    return '/charges';
  }

  parameters() {
    const { from, to, ...others } = this.filters();
    return { ...others, from: from && beginOf(from), to: to && endOf(to) };
  }

  before() {
    const filters = this.filters();
    return html`<${Filters} key=${this.props.address} view="charges" canClear>
        <${Field} label=${t('from')}><input name="from" type="date" defaultValue=${filters.from} /></${Field}>
        <${Field} label=${t('to')}><input name="to" type="date" defaultValue=${filters.to} /></${Field}>
        <${Choice} name="status" label=${t('status')} value=${filters.status} choices=${choices('status', STATUSES)} />
        <${Choice} name="basis" label=${t('lastBasis')} value=${filters.basis} choices=${choices('basis', BASES)} />
        ${TEXTS.map(([name, longest]) => html`<${Field} label=${t(name)}>
          <input name=${name} maxlength=${longest} defaultValue=${filters[name]} />
        </${Field}>`)}
      </${Filters}>`;
  }

  said({ items, isPart }) {
    if (items.length || isPart) return t(isPart ? 'shown' : 'shownAll', count(items.length));
    return this.props.query.size ? t('shownNone') : '';
  }

  show({ items, isPart }) {
    const head = [[t('openedAt')], [t('caller')], [t('status')], [t('basis')], [t('amount'), true], [t('settledAt')], [t('taskNo')], [t('reference')], [t('costCentre')]];
    if (!items.length && !isPart && !this.props.query.size) return html`<${Empty} title=${t('noCharges')} text=${t('noChargesText')} action=${html`<${Next} to=${address('checks')}>${t('checks')}</${Next}>`} />`;
    return html`
      ${items.length > 0 && html`<${Table} caption=${t('charges')} testId="charges" head=${head}>
        <tbody>${items.map((charge) => html`<tr key=${charge.sessionId}>
          <th scope="row"><a href=${address(`sessions/${charge.sessionId}`)} onClick=${follow}>${time(charge.openedAt)}</a></th>
          <td>${charge.caller}</td>
          <td><${Status} value=${charge.status} /></td>
          <td>${word('basis', charge.basis)}</td>
          <td class="number">${money(charge.amount)}</td>
          <td>${time(charge.settledAt)}</td>
          <td class="code">${charge.taskNo}</td>
          <td>${charge.reference}</td>
          <td>${charge.costCentre}</td>
        </tr>`)}</tbody>
      </${Table}>`}
      ${this.moreButton()}
      ${items.length > 0 && this.files()}
    `;
  }

  files() {
    const { from, to } = this.filters();
    const name = ['charges', from, to].filter(Boolean).join('-');
    const file = { path: '/charges', parameters: { ...this.parameters(), timeZone: ZONE } };
    return html`<section class="card" aria-labelledby="export">
      <h2 id="export">${t('export')}</h2>
      <p class="hint">${t('exportText')}</p>
      <${Files} onSignedOut=${this.props.onSignedOut} files=${[
        { ...file, label: t('asCsv'), name: `${name}.csv`, type: CSV, testId: 'export-csv' },
        { ...file, label: t('asXlsx'), name: `${name}.xlsx`, type: XLSX, testId: 'export-xlsx' },
      ]} />
    </section>`;
  }
}

export function Status({ value }) {
  return html`<span class=${`status ${value}`}>${word('status', value)}</span>`;
}
