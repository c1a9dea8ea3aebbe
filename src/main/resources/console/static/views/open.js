import { read } from '../api.js';
import { amount, fees } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Badge, Empty, Next } from '../kit.js';
import { Field, Filters, Loading, Table } from '../loading.js';
import { address } from '../route.js';

const LATE = '4h-';

/** Fees without an end, by age. */
export class Open extends Loading {
  read(signal) {
    return read('/charges/open-by-age', { caller: this.props.query.get('caller') }, signal);
  }

  before() {
    return html`<p>${t('openText')}</p>
      <${Filters} key=${this.props.address} view="open">
        <${Field} label=${t('caller')}><input name="caller" maxlength="256" defaultValue=${this.props.query.get('caller') ?? ''} /></${Field}>
      </${Filters}>`;
  }

  show({ items, totals }) {
    const cells = (sums) => html`
      <td class="number">${amount(sums.open.amount)} ${sums.currency}<small>${fees(sums.open.count)}</small></td>
      <td class="number">${amount(sums.unconfirmed.amount)} ${sums.currency}<small>${fees(sums.unconfirmed.count)}</small></td>`;
    if (!items.length) return html`<${Empty} title=${t('noOpen')} text=${t('noOpenText')} action=${html`<${Next} to=${address('charges')}>${t('charges')}</${Next}>`} />`;
    return html`
      <${Table} caption=${t('openTable')} testId="open" head=${[[t('age')], [t('openFees'), true], [t('unconfirmed'), true]]}>
        <tbody>${items.map((item) => html`<tr key=${item.age + item.currency} >
          <th scope="row">${item.age === LATE ? html`<${Badge} tone="bad">${word('age', item.age)}</${Badge}>` : word('age', item.age)}</th>${cells(item)}
        </tr>`)}</tbody>
        <tfoot>${totals.map((total) => html`<tr key=${total.currency}><th scope="row">${t('total')}</th>${cells(total)}</tr>`)}</tfoot>
      </${Table}>`;
  }
}
