import { read } from '../api.js';
import { beginOf, count, endOf, money, time, ZONE } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Choice, Field, Loading, Table, typed } from '../loading.js';
import { address, follow, go } from '../route.js';

const STATUSES = ['PRE_DEDUCTED', 'UNCONFIRMED', 'CHARGED', 'REFUNDED'];
const BASES = ['VENDOR', 'RULE', 'PRESUMED'];
const TEXTS = [['caller', 256], ['costCentre', 32], ['taskNo', 64]];
const FILTERS = ['from', 'to', 'status', 'basis', 'caller', 'costCentre', 'taskNo'];
// Where a filter fits few, a page may have none and others still follow.
const EMPTY_PAGES = 20;

const choices = (kind, values) => [['', t('any')], ...values.map((value) => [value, word(kind, value)])];

/** The list of charges, newest first, a page at a time. */
export class Charges extends Loading {
  filters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.props.query.get(name) ?? '']));
  }

  read(signal) {
    return this.page(undefined, [], signal);
  }

  async page(from, before, signal) {
    const { from: first, to: last, ...others } = this.filters();
    const parameters = { ...others, from: first && beginOf(first), to: last && endOf(last) };
    let pageToken = from;
    let items = before;
    for (let pages = 0; pages < EMPTY_PAGES; pages++) {
      const page = await read('/charges', { ...parameters, pageToken }, signal);
      pageToken = page.nextPageToken;
      items = [...items, ...page.items];
      if (page.items.length || !pageToken) break;
    }
    return { items, next: pageToken };
  }

  more = () => {
    const { items, next } = this.state.data;
    this.run((signal) => this.page(next, items, signal));
  };

  before() {
    const filters = this.filters();
    const show = (event) => {
      event.preventDefault();
      go(address('charges', typed(event.currentTarget)));
    };
    // Made anew for another address, so that it shows that one's filters; kept as it is typed into otherwise.
    return html`<form key=${this.props.address} class="filters" aria-label=${t('filters')} data-testid="filters" onSubmit=${show}>
        <${Field} label=${t('from')}><input name="from" type="date" defaultValue=${filters.from} /></${Field}>
        <${Field} label=${t('to')}><input name="to" type="date" defaultValue=${filters.to} /></${Field}>
        <${Choice} name="status" label=${t('status')} value=${filters.status} choices=${choices('status', STATUSES)} />
        <${Choice} name="basis" label=${t('basis')} value=${filters.basis} choices=${choices('basis', BASES)} />
        ${TEXTS.map(([name, longest]) => html`<${Field} label=${t(name)}>
          <input name=${name} maxlength=${longest} defaultValue=${filters[name]} />
        </${Field}>`)}
        <button type="submit">${t('apply')}</button>
        <a role="button" class="secondary outline" href=${address('charges')} onClick=${follow}>${t('clear')}</a>
      </form>
      <p class="hint">${t('zone', ZONE)}</p>`;
  }

  said({ items, next }) {
    return items.length ? t(next ? 'shown' : 'shownAll', count(items.length)) : t('shownNone');
  }

  show({ items, next }) {
    const head = [[t('openedAt')], [t('caller')], [t('status')], [t('basis')], [t('amount'), true], [t('settledAt')], [t('taskNo')], [t('reference')], [t('costCentre')]];
    return html`
      ${items.length > 0 && html`<${Table} caption=${t('charges')} testId="charges" head=${head}>
        <tbody>${items.map((charge) => html`<tr key=${charge.sessionId}>
          <th scope="row"><a href=${address(`fees/${charge.sessionId}`)} onClick=${follow}>${time(charge.openedAt)}</a></th>
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
      ${next && html`<button type="button" class="outline" data-testid="more" disabled=${this.state.loading} onClick=${this.more}>${t('more')}</button>`}
    `;
  }
}

export function Status({ value }) {
  return html`<span class=${`status ${value}`}>${word('status', value)}</span>`;
}
