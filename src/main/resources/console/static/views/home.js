// The month: its figures, what stands between today and its close, and what was done last.
import { read } from '../api.js';
import { addMonths, amount, beginOf, count, dateText, endOf, everyDay, fees, firstDay, lastDay, money, percent, rangeText, shareText, time, today, ZONE } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Badge, Bars, Empty, Tile, Tiles, When } from '../kit.js';
import { aloud, Choice, Field, Filters, Loading, Table } from '../loading.js';
import { address, follow } from '../route.js';
import { payable, sumsCells, sumsHead } from '../sums.js';
import { isOwn, REVOKED } from '../work.js';
import { act } from './audit.js';
import { Closing, PeriodStatus, Proof } from './closing.js';
import { nameOf } from './statements.js';

const MONTHS = 12;
const SERIES = [['charged', '--series-1'], ['refunded', '--series-2'], ['open', '--series-3'], ['unconfirmed', '--series-4']];
const NEAR_PERCENT = 80;
const LAST_ACTS = 6;
const MOST_WAITING = 20;
export const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
/** The tiles in their order, with the status of the charges that each leads to. */
const FIGURES = { preDeducted: '', charged: 'CHARGED', refunded: 'REFUNDED', open: 'PRE_DEDUCTED', unconfirmed: 'UNCONFIRMED', adjusted: null };

/** A month with its tiles and days, or the twelve months up to it. */
export class Home extends Loading {
  asked() {
    const { id, query } = this.props;
    const given = id ?? query.get('month');
    return {
      by: query.get('by') === 'month' ? 'month' : 'day',
      month: MONTH.test(given) ? given : today().slice(0, 7),
      caller: query.get('caller') ?? '',
    };
  }

  async read(signal) {
    const { by, month, caller } = this.asked();
    const first = by === 'day' ? month : addMonths(month, 1 - MONTHS);
    const asked = { timeZone: ZONE, caller };
    const sums = await read('/charges/summary', { ...asked, groupBy: by, from: beginOf(firstDay(first)), to: endOf(lastDay(month)) }, signal);
    const before = by === 'day' ? await read('/charges/summary', { ...asked, groupBy: 'month', ...monthBefore(month) }, signal) : null;
    return { ...sums, before: before?.totals ?? [], by, month, caller };
  }

  before() {
    const { by, month, caller } = this.asked();
    return html`<${Filters} key=${this.props.address} view="home">
        <${Choice} name="by" label=${t('by')} value=${by} choices=${[['day', t('byDay')], ['month', t('byMonth')]]} />
        <${Field} label=${t(by === 'day' ? 'month' : 'lastMonth')}>
          <input name="month" type="month" required pattern="[0-9]{4}-[0-9]{2}" defaultValue=${month} />
        </${Field}>
        <${Field} label=${t('caller')}><input name="caller" maxlength="256" defaultValue=${caller} /></${Field}>
      </${Filters}>`;
  }

  said({ totals }) {
    return totals.length ? '' : aloud(t('noFees'));
  }

  show({ items, totals, before, by, month, caller }) {
    const card = (view) => html`<div class="part" key=${`${view.name} ${month}`}><${view} ...${this.props} month=${month} /></div>`;
    return html`
      ${totals.length === 0 && html`<${Empty} title=${t('noFees')} text=${t('noFeesText')} action=${this.nextStep(month, caller)} />`}
      ${by === 'day' && totals.map((total) => this.tiles(total, before.find(({ currency }) => currency === total.currency), month, caller))}
      ${!caller && by === 'day' && html`${card(LateDifferences)}${this.props.isAdmin && card(Waiting)}${card(Closing)}<div class="grid-2">${month === today().slice(0, 7) && card(NearBudgets)}${card(LastActs)}</div>`}
      ${!caller && !this.props.id && card(Months)}
      ${totals.map((total) => this.chart(items.filter((item) => item.currency === total.currency && item.key), total, by, month, caller))}`;
  }

  /** Out of a period without fees: to those of all callers, to this month, or to the one before. */
  nextStep(month, caller) {
    const present = today().slice(0, 7);
    const to = caller ? month : month === present ? addMonths(month, -1) : present;
    return html`<a href=${address('home', { month: to })} onClick=${follow}>${caller ? t('allCallers') : t('toMonth', dateText(to))}</a>`;
  }

  tiles(total, before, month, caller) {
    const { currency } = total;
    const days = { from: firstDay(month), to: lastDay(month), caller };
    return html`<section key=${currency} aria-label=${currency} class="figures" data-testid="tiles"><${Tiles}>
      ${Object.entries(FIGURES).map(([name, status]) => html`<${Tile} key=${name} testId=${`tile-${name}`} label=${t(name === 'open' ? 'openFees' : name)}
        value=${money({ value: total[name].amount, currency })} hint=${t(`means.${name}`)} change=${changeOf(total[name].amount, before?.[name].amount)}
        note=${noteOf(name, total)}
        tone=${name === 'unconfirmed' && total[name].count ? 'warn' : undefined} href=${status === null ? undefined : address('charges', { ...days, status })} />`)}
    </${Tiles}>${payable(total)}</section>`;
  }

  chart(items, total, by, month, caller) {
    const figure = (name) => `${amount(total[name].amount)} ${total.currency}`;
    const span = by === 'day' ? dateText(month) : rangeText(addMonths(month, 1 - MONTHS), month);
    const label = t('chart', span, figure('charged'), figure('refunded'), figure('open'), figure('unconfirmed'));
    const heading = t(by === 'day' ? 'byDay' : 'byMonth');
    return html`<section key=${total.currency} class="card" aria-label=${t('aside', heading, total.currency)}>
      <h2>${t('aside', heading, total.currency)}</h2>
      <${Bars} items=${keysOf(by, month).map((key) => drawn(key, items.find((item) => item.key === key)))} label=${label} series=${SERIES.map(([name, colour]) => ({ name, colour, label: t(name === 'open' ? 'openFees' : name) }))} format=${(value) => amount(String(value))} />
      <${Table} caption=${t('summaryTable', total.currency, heading)} testId="summary" head=${[[t(by === 'day' ? 'day' : 'month')], ...sumsHead]}>
        <tbody>${items.map((item) => html`<tr key=${item.key}><th scope="row">${dayLink(item.key, caller)}</th>${sumsCells(item)}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('total')}</th>${sumsCells(total)}</tr></tfoot>
      </${Table}>
      ${by === 'month' && payable(total)}
    </section>`;
  }
}

/** All days of the month, or the months up to it: those without fees are in the chart, not in the table. */
const keysOf = (by, month) => (by === 'day' ? everyDay({ from: beginOf(firstDay(month)), to: endOf(lastDay(month)) })
  : Array.from({ length: MONTHS }, (none, at) => addMonths(month, at + 1 - MONTHS)));

const drawn = (key, item) => Object.fromEntries([['key', key], ...SERIES.map(([name]) => [name, item?.[name].amount ?? '0'])]);

/** The month before, to compare with: for a month that goes on, up to the day and hour that it has reached. */
function monthBefore(month) {
  const first = (of) => new Date(beginOf(firstDay(of))).getTime();
  const begin = first(addMonths(month, -1));
  const end = Math.min(first(month), begin + Math.max(Date.now() - first(month), 1));
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function noteOf(name, total) {
  if (name === 'refunded' && total.presumed.count) return t('presumedNote', fees(total.refunded.count), count(total.presumed.count));
  return name === 'adjusted' ? t('entries', total.adjusted.count) : fees(total[name].count);
}

/** A share, for the eye. */
function changeOf(now, before = '0') {
  return Number(before) === 0 ? undefined : { by: (Number(now) - Number(before)) / Math.abs(Number(before)) };
}

function dayLink(key, caller) {
  const isDay = key.length > 7;
  const href = isDay ? address('charges', { from: key, to: key, caller }) : address(`periods/${key}`);
  return html`<a href=${href} onClick=${follow} aria-label=${t('showCharges', dateText(key))}>${dateText(key)}</a>`;
}

/** What others propose and a second person decides, of the bills that came last. */
class Waiting extends Loading {
  async read(signal) {
    const { items } = await read('/statements', {}, signal);
    const isMine = (by) => isOwn(by, this.props.userName);
    const waiting = [];
    for (const statement of items.filter(({ status }) => status === 'DONE')) {
      const { id, withdrawalProposedBy, reason, proposed, revocationsProposed } = statement;
      const add = async (state, by, told) => {
        const { items: all } = await read(`/statements/${id}/differences`, { state }, signal);
        const others = all.filter((item) => !isMine(item[by]));
        waiting.push(...others.map((item) => ({ ...item, statement, by: item[by], to: address(`differences/${id}`, { state }), ...told(word('match', item.kind)) })));
      };
      if (withdrawalProposedBy && !isMine(withdrawalProposedBy)) waiting.push({ id, statement, what: t('withdraw'), by: withdrawalProposedBy, reason, to: address(`statements/${id}`) });
      if (proposed) await add('PROPOSED', 'acceptedBy', (what) => ({ what }));
      // The time and the reason are those of the acceptance.
      if (revocationsProposed) await add(REVOKED, 'revocationProposedBy', (kind) => ({ what: t('aside', t('act.un-accept'), kind), acceptedAt: undefined, reason: undefined }));
    }
    return waiting;
  }

  show(waiting) {
    const head = [[t('result')], [t('adjustment'), true], [t('who')], [t('reason')], [t('statement')]];
    return waiting.length > 0 && html`<section class="card">
      <h2>${t('waiting')} <${Badge} tone="warn">${waiting.length > MOST_WAITING ? `${MOST_WAITING}+` : waiting.length}</${Badge}></h2>
      <p class="hint">${t('waitingText')}</p>
      <${Table} caption=${t('waiting')} testId="waiting" head=${head}>
        <tbody>${waiting.slice(0, MOST_WAITING).map((item) => html`<tr key=${item.id}>
          <th scope="row">${item.what}${item.line && html`<small>${t('ofLine', item.line)}</small>`}</th>
          <td class="number">${item.adjustment && money(item.adjustment)}</td>
          <td>${item.by}<small><${When} at=${item.acceptedAt} relative /></small></td>
          <td class="wrap">${item.reason}</td>
          <td><a href=${item.to} onClick=${follow}>${nameOf(item.statement)}</a></td>
        </tr>`)}</tbody>
      </${Table}></section>`;
  }
}

/** Closed months in which something came up since. */
class LateDifferences extends Loading {
  async read(signal) {
    const { items } = await read('/periods', {}, signal);
    return items.filter(({ differencesSince }) => differencesSince);
  }

  show(months) {
    return months.length > 0 && html`<section class="card" data-testid="late-differences"><ul>${months.map(({ month, differencesSince }) => html`<li key=${month}>
      <a href=${address(`periods/${month}`)} onClick=${follow}>${dateText(month)}</a> ${t('differencesSince', count(differencesSince))}</li>`)}</ul></section>`;
  }
}

/** Callers that have spent most of what they may. */
class NearBudgets extends Loading {
  read(signal) {
    return read('/budgets', {}, signal);
  }

  show({ items }) {
    const near = items.map((budget) => ({ ...budget, used: percent(budget.spent.value, budget.amount.value) })).filter(({ used }) => used >= NEAR_PERCENT);
    return html`<section class="card" aria-labelledby="near" data-testid="near"><h2 id="near">${t('nearBudgets')}</h2>
      ${near.length === 0 && html`<${Empty} title=${items.length ? t('noneNear', shareText(NEAR_PERCENT / 100)) : t('noBudgets')} action=${html`<a href=${address('budgets')} onClick=${follow}>${t('budgets')}</a>`} />`}
      ${near.length > 0 && html`<ul>${near.map(({ caller, month, amount: whole, spent, used, hardStop }) => html`<li key=${caller}>
        <a href=${address('home', { caller, month })} onClick=${follow}>${caller}</a> <${Badge} tone=${used < 100 ? 'warn' : 'bad'}>${shareText(used / 100)}</${Badge}>
        <small>${money(spent)} / ${money(whole)} · ${t(hardStop ? 'stops' : 'warns')}</small></li>`)}</ul>`}
    </section>`;
  }
}

/** Who did what last. */
class LastActs extends Loading {
  read(signal) {
    return read('/audit', { pageSize: String(LAST_ACTS) }, signal);
  }

  show({ items }) {
    return html`<section class="card" aria-labelledby="last"><h2 id="last">${t('lastActs')}</h2>
      ${items.length === 0 && html`<${Empty} title=${t('noActs')} />`}
      <ul data-testid="last-acts">${items.map((entry) => html`<li key=${entry.id}>
        ${act(entry)} <small>${entry.who} · <${When} at=${entry.at} relative /></small></li>`)}</ul>
      <p><a href=${address('audit')} onClick=${follow}>${t('audit')}</a></p>
    </section>`;
  }
}

/** All months, newest first; a closed one with its proof. */
class Months extends Loading {
  read(signal) {
    return read('/periods', {}, signal);
  }

  show({ items }) {
    const head = [[t('month')], [t('status')], [t('charged'), true], [t('toBePaid'), true], [t('closed')], [t('proof')]];
    const sums = (totals = [], figure) => totals.map((sum) => html`<div key=${sum.currency}>${money({ value: figure(sum), currency: sum.currency })}</div>`);
    return html`<section class="card"><h2>${t('periods')}</h2>
      <p class="hint">${t('periodsText')}</p>
      ${items.length === 0 && html`<${Empty} title=${t('noPeriods')} />`}
      ${items.length > 0 && html`<${Table} caption=${t('periods')} testId="periods" head=${head}>
        <tbody>${items.map((period) => html`<tr key=${period.month}>
          <th scope="row"><a href=${address(`periods/${period.month}`)} onClick=${follow}>${dateText(period.month)}</a></th>
          <td><${PeriodStatus} value=${period.status} />${period.differencesSince && html`<small class="late">${t('differencesSince', count(period.differencesSince))}</small>`}</td>
          <td class="number">${sums(period.totals, (sum) => sum.charged.amount)}</td>
          <td class="number">${sums(period.totals, (sum) => sum.payable)}</td>
          <td>${period.closedAt && html`${time(period.closedAt)}<small>${period.closedBy}</small>`}</td>
          <td>${period.hash && html`<${Proof} period=${period} onSignedOut=${this.props.onSignedOut} />`}</td>
        </tr>`)}</tbody>
      </${Table}>`}
    </section>`;
  }
}
