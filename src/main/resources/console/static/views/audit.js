import { beginOf, count, dateText, endOf, time } from '../format.js';
import { html } from '../html.js';
import { known, list, t, word } from '../i18n.js';
import { Empty, Next } from '../kit.js';
import { aloud, Choice, Field, Filters, Table } from '../loading.js';
import { Paged } from '../paged.js';
import { address, follow } from '../route.js';

const FILTERS = ['from', 'to', 'who', 'what'];
const ACTS = [
  'exported', 'statement-imported', 'statement-withdrawal-proposed', 'statement-withdrawal-declined', 'statement-withdrawn', 'statement-superseded', 'statement-invoice-set', 'statement-mapping-set',
  'statement-mapping-removed', 'difference-accepted', 'difference-confirmed', 'difference-unaccept-proposed', 'difference-unaccept-declined', 'difference-unaccepted',
  'difference-noted', 'difference-matched', 'difference-unmatched', 'period-soft-closed', 'period-closed', 'budget-set', 'budget-removed',
];
const LONGEST_WHO = 512;
const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const number = (value) => count(Number(value));
/** How the values of details are written that are no text of people, number of a thing, or hash. */
const VALUES = {
  lines: number, rows: number, undone: number, from: time, to: time, month: dateText, hardStop: (value) => t(value === 'true' ? 'stops' : 'warns'),
  kind: (value) => word('match', value), state: (value) => word('difference', value), status: (value) => word('status', value), basis: (value) => word('basis', value),
  groupBy: (value) => word('grouping', value), warnings: (value) => list(value.split(', ').map((code) => word('finding', code))),
  findings: (value) => list(value.split(', ').map((code) => word('finding', code))),
};

/** Who did what to the books and their rules, newest first. */
export class Audit extends Paged {
  filters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.props.query.get(name) ?? '']));
  }

  path() {
    return '/audit';
  }

  parameters() {
    const { from, to, ...others } = this.filters();
    return { ...others, from: from && beginOf(from), to: to && endOf(to) };
  }

  before() {
    const filters = this.filters();
    const acts = ACTS.includes(filters.what) || !filters.what ? ACTS : [filters.what, ...ACTS];
    return html`<${Filters} key=${this.props.address} view="audit" canClear>
        <${Field} label=${t('from')}><input name="from" type="date" defaultValue=${filters.from} /></${Field}>
        <${Field} label=${t('to')}><input name="to" type="date" defaultValue=${filters.to} /></${Field}>
        <${Choice} name="what" label=${t('what')} value=${filters.what} choices=${[['', t('any')], ...acts.map((act) => [act, word('act', act)])]} />
        <${Field} label=${t('who')}><input name="who" maxlength=${LONGEST_WHO} defaultValue=${filters.who} /></${Field}>
      </${Filters}>`;
  }

  said({ items, isPart }) {
    if (items.length || isPart) return t(isPart ? 'entriesShown' : 'entriesAll', count(items.length));
    return this.props.query.size ? t('noEntries') : aloud(t('noActs'));
  }

  show({ items, isPart }) {
    if (!items.length && !isPart && !this.props.query.size) return html`<${Empty} title=${t('noActs')} text=${t('noActsText')} action=${html`<${Next} to=${address('import')}>${t('import')}</${Next}>`} />`;
    return html`
      ${items.length > 0 && html`<${Table} caption=${t('audit')} testId="audit" head=${[[t('at')], [t('who')], [t('what')], [t('subject')], [t('detail')]]}>
        <tbody>${items.map((entry) => html`<tr key=${entry.id}>
          <th scope="row">${time(entry.at)}</th>
          <td>${entry.who}</td>
          <td>${word('act', entry.what)}</td>
          <td>${subject(entry)}</td>
          <td class="wrap">${Object.entries(entry.detail).map(([name, value]) => html`<span class="pair" key=${name}><span>${known('audited', name) ?? t(name)}</span> <span class="code">${VALUES[name]?.(value) ?? value}</span></span> `)}</td>
        </tr>`)}</tbody>
      </${Table}>`}
      ${this.moreButton()}`;
  }
}

/** What it was done to, and the way to it. */
export function subject(entry) {
  if (entry.what === 'exported') return word('exported', entry.subject);
  const view = placeOf(entry);
  return view ? html`<a href=${address(view)} onClick=${follow}>${dateText(entry.subject)}</a>` : entry.subject;
}

const placeOf = ({ what, subject: of, detail }) => [
  ['statement-mapping', null], ['statement-', `statements/${of}`], ['period-', `periods/${of}`], ['difference-', `differences/${detail.statement}`],
].find(([kind]) => what.startsWith(kind))?.[1];

/** In short: the act leads to what has no name that people know. */
export function act(entry) {
  const name = word('act', entry.what);
  const view = ID.test(entry.subject) && placeOf(entry);
  return view ? html`<strong><a href=${address(view)} onClick=${follow}>${name}</a></strong>` : html`<strong>${name}</strong> ${subject(entry)}`;
}
