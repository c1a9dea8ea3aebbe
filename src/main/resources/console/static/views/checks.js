import { read } from '../api.js';
import { addDays, addMonths, amount, beginOf, count, dateText, dayOf, duration, endOf, everyDay, firstDay, lastDay, span, today, ZONE } from '../format.js';
import { html } from '../html.js';
import { known, t, word } from '../i18n.js';
import { Bars, Empty, Hint, Tile, Tiles } from '../kit.js';
import { Choice, Field, Filters, Loading, Table } from '../loading.js';
import { address, follow } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';

// Whole weeks: they have the same weekdays as those before.
const DAYS = ['7', '28', '91'];
const MONTHS = 12;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const GROUPINGS = ['day', 'week', 'month', 'caller', 'costCentre', 'actionStyle'];
const OUTCOMES = [
  ['passed', '--series-2'], ['notPassed', '--series-6'], ['failed', '--series-3'], ['expired', '--series-5'], ['lostAnswers', '--series-4'], ['pending', '--series-1'],
];
// A figure is greyed when fewer sessions stand behind it, or a larger share of them is still pending.
const FEW = 30;
const MOST_PENDING = 0.05;
const MOST_ROWS = 200;

/** Words of this view. */
const say = (key, ...values) => t(`insight.${key}`, ...values);

const decided = ({ passed, notPassed }) => passed + notPassed;
const isOne = ({ costs }) => costs.length === 1;

/** Figures that are more than a number of sessions: what they are, and whether enough sessions stand behind them. */
const FIGURES = {
  completion: { of: (figures) => figures.completion, isFew: ({ opened, pending }) => opened < FEW || pending > MOST_PENDING * opened, write: (share) => percent(share), isMoreGood: true, isShare: true },
  passRate: { of: (figures) => figures.passRate, isFew: (figures) => decided(figures) < FEW, write: (share) => percent(share), isMoreGood: true, isShare: true },
  median: { of: (figures) => figures.secondsToVerdict?.p50, isFew: (figures) => decided(figures) < FEW, write: (seconds) => lasting(seconds), isMoreGood: false },
  ninety: { of: (figures) => figures.secondsToVerdict?.p90, isFew: (figures) => decided(figures) < FEW, write: (seconds) => lasting(seconds), isMoreGood: false },
  cost: { of: (figures) => (isOne(figures) ? figures.costs[0].ofPassed : undefined), isFew: ({ passed }) => passed < FEW, isMoreGood: false },
};

const percent = (share) => `${(share * 100).toFixed(1)}%`;

/** A duration of whole seconds, rounded down. */
const lasting = (seconds) => (seconds === 0 ? say('underSecond') : duration(seconds * 1_000));

/** A name with what it means. */
const defined = (name) => html`${say(name)}\u00a0<${Hint} label=${say(name)} text=${say(`${name}Hint`)} />`;

/** A price of four decimals at most. */
const price = (decimal) => amount(/\.\d{5}/.test(decimal) ? Number(decimal).toFixed(4) : decimal);

/** What the checks do: how many people finish and pass, how long that takes, and what it costs. */
export class Checks extends Loading {
  asked() {
    const { query } = this.props;
    const period = query.get('period');
    return { period: DAYS.includes(period) || MONTH.test(period) ? period : '28', caller: query.get('caller') ?? '', costCentre: query.get('costCentre') ?? '' };
  }

  async read(signal) {
    const { period, ...filter } = this.asked();
    const { now, before } = spans(period);
    const insights = (time, groupBy) => read('/insights', { groupBy, ...time, timeZone: ZONE, ...filter }, signal);
    // One after the other: a person has two places, also for what else is open.
    const days = await insights(now, 'day');
    const callers = await insights(now, 'caller');
    const earlier = await insights(before, 'actionStyle');
    return { now, before, filter, total: days.total, days: drawn(now, days.items), callers: callers.items, earlier: earlier.total };
  }

  before() {
    const { period, caller, costCentre } = this.asked();
    const months = Array.from({ length: MONTHS }, (none, at) => addMonths(today().slice(0, 7), -at));
    return html`<${Filters} key=${this.props.address} view="checks" canClear>
        <${Choice} name="period" label=${say('period')} value=${period} choices=${[...DAYS.map((days) => [days, say('lastDays', days)]), ...months.map((month) => [month, dateText(month)])]} />
        <${Field} label=${t('caller')}><input name="caller" maxlength="256" defaultValue=${caller} /></${Field}>
        <${Field} label=${t('costCentre')}><input name="costCentre" maxlength="32" defaultValue=${costCentre} /></${Field}>
      </${Filters}>`;
  }

  said({ total, now, before }) {
    return total.opened + total.refused ? say('said', span(now.from, now.to), span(before.from, before.to)) : say('none');
  }

  show(data) {
    const { total } = data;
    if (!(total.opened + total.refused)) return html`<${Empty} title=${say('none')} text=${say('noneText')} />`;
    return html`
      ${tiles(data)}
      <p class="hint">${say('fewText', FEW, MOST_PENDING * 100)}</p>
      <div class="grid-2">${funnel(total)}${refusals(total)}</div>
      ${byDay(data)}
      ${this.callers(data)}
      ${this.files(data)}`;
  }

  callers({ callers, now, filter: { costCentre } }) {
    const head = [
      [t('caller')], [say('opened'), true], [say('refused'), true], [say('completion'), true], [say('passRate'), true], [say('median'), true], [say('ninety'), true], [say('lostAnswers'), true], [say('cost'), true],
    ];
    const days = { from: dayOf(now.from), to: dayOf(new Date(now.to) - 1) };
    const minutes = { from: `${days.from}T00:00`, to: days.to < today() && `${addDays(days.to, 1)}T00:00` };
    const href = (caller) => (this.props.isOperator ? address('sessions', { caller, ...minutes }) : address('charges', { caller, costCentre, ...days }));
    const rows = [...callers].sort((one, other) => other.opened - one.opened).slice(0, MOST_ROWS);
    return html`<section class="card figures">
      <h2>${say('byCaller')}</h2>
      ${callers.length > MOST_ROWS && html`<p class="hint">${say('mostRows', MOST_ROWS, count(callers.length))}</p>`}
      <${Table} caption=${say('byCaller')} testId="callers" head=${head}>
        <tbody>${rows.map((figures) => html`<tr key=${figures.key}>
          <th scope="row"><a href=${href(figures.key)} onClick=${follow}>${figures.key}</a></th>
          ${['opened', 'refused'].map((name) => html`<td class="number">${count(figures[name])}</td>`)}
          ${['completion', 'passRate', 'median', 'ninety'].map((name) => html`<td class="number">${shown(name, figures)}</td>`)}
          <td class="number">${count(figures.lostAnswers)}</td>
          <td class="number">${costs(figures)}</td>
        </tr>`)}</tbody>
      </${Table}>
    </section>`;
  }

  files({ now, filter }) {
    const { by = 'day' } = this.state;
    const name = `checks-by-${by}-${dayOf(now.from)}`;
    const file = { path: '/insights', parameters: { groupBy: by, ...now, timeZone: ZONE, ...filter } };
    return html`<section class="card" aria-labelledby="export">
      <h2 id="export">${say('export')}</h2>
      <p class="hint">${say('exportText')}</p>
      <div class="filters" onChange=${(event) => this.setState({ by: event.target.value })}>
        <${Choice} name="by" label=${t('by')} value=${by} choices=${GROUPINGS.map((grouping) => [grouping, word('grouping', grouping)])} />
      </div>
      <${Files} onSignedOut=${this.props.onSignedOut} files=${[
        { ...file, label: t('asCsv'), name: `${name}.csv`, type: CSV, testId: 'export-csv' },
        { ...file, label: t('asXlsx'), name: `${name}.xlsx`, type: XLSX, testId: 'export-xlsx' },
      ]} />
    </section>`;
  }
}

/** The time that is shown, until now at most, and the one before, of the same length and from the same hour and weekday or day of the month on. */
function spans(period) {
  const isMonth = MONTH.test(period);
  const first = isMonth ? firstDay(period) : addDays(today(), 1 - period);
  const begin = (day) => new Date(beginOf(day)).getTime();
  const from = begin(first);
  const to = Math.min(Date.now(), isMonth ? new Date(endOf(lastDay(period))) : Infinity);
  const earlier = begin(isMonth ? firstDay(addMonths(period, -1)) : addDays(first, -period));
  const time = (some, other) => ({ from: new Date(some).toISOString(), to: new Date(other).toISOString() });
  return { now: time(from, to), before: time(earlier, Math.min(earlier + to - from, from)) };
}

/** A figure; greyed where few sessions stand behind it, and a dash without any. */
function shown(name, figures, write = FIGURES[name].write) {
  const value = FIGURES[name].of(figures);
  if (value === undefined) return '–';
  return FIGURES[name].isFew(figures) ? html`<span class="few" title=${say('few')}>${write(value)}<span class="hidden"> ${say('fewSaid')}</span></span>` : write(value);
}

function costs(figures) {
  const [cost] = figures.costs;
  if (isOne(figures)) return shown('cost', figures, (value) => `${price(value)} ${cost.currency}`);
  return figures.costs.filter(({ ofPassed }) => ofPassed).map(({ ofPassed, currency }) => `${price(ofPassed)} ${currency}`).join(', ') || '–';
}

/** Against the time before, where both say something; of a share in points. */
export function change(now, before, isMoreGood, isShare) {
  if (now === undefined || before === undefined || (!isShare && !Number(before))) return undefined;
  const by = isShare ? now - before : now / before - 1;
  return { by, inPoints: isShare, good: isMoreGood === undefined || Math.abs(by) < 0.0005 ? undefined : by > 0 === isMoreGood };
}

function tiles({ total, earlier }) {
  const tile = (name, value, note) => {
    const { of, isFew, isMoreGood, isShare } = FIGURES[name];
    const says = !isFew(total) && !isFew(earlier) && (name !== 'cost' || earlier.costs[0]?.currency === total.costs[0]?.currency);
    return html`<${Tile} label=${say(name)} value=${value} note=${note} hint=${say(`${name}Hint`)} change=${says ? change(of(total), of(earlier), isMoreGood, isShare) : undefined} testId=${`tile-${name}`} />`;
  };
  const lost = ({ refused, lostAnswers }) => refused + lostAnswers;
  const seconds = total.secondsToVerdict;
  return html`<${Tiles}>
    <${Tile} label=${say('opened')} value=${count(total.opened)} note=${say('pendingOf', count(total.pending))} hint=${say('openedHint')} change=${change(total.opened, earlier.opened)} testId="tile-opened" />
    ${tile('completion', shown('completion', total), say('sessionsOf', count(decided(total)), count(total.opened)))}
    ${tile('passRate', shown('passRate', total), say('sessionsOf', count(total.passed), count(decided(total))))}
    ${tile('median', shown('median', total), seconds && say('within', lasting(seconds.p90), lasting(seconds.p99)))}
    ${tile('cost', costs(total), total.costs.map(({ charged, currency }) => say('chargedInAll', `${amount(charged)} ${currency}`)).join(', '))}
    <${Tile} label=${say('refusedOrLost')} value=${count(lost(total))} note=${say('refusedAndLost', count(total.refused), count(total.lostAnswers))} hint=${['refused', 'lostAnswers'].map((name) => t('pair', say(name), say(`${name}Hint`))).join(' ')} change=${change(lost(total), lost(earlier), false)} testId="tile-refused" />
  </${Tiles}>`;
}

/** The way from the request to a pass: how many come that far, and why others do not. */
function funnel(total) {
  const requested = total.opened + total.refused;
  const steps = [
    ['requested', requested, ['refused']], ['opened', total.opened, ['failed', 'expired', 'lostAnswers', 'pending']], ['decided', decided(total), ['notPassed']], ['passed', total.passed, []],
  ];
  return html`<section class="card funnel">
    <h2>${say('funnel')}</h2>
    <${Table} caption=${say('funnel')} testId="funnel" head=${[[say('funnelStep')], [say('sessions'), true], [say('funnelShare'), true], [say('funnelLeft')]]}>
      <tbody>${steps.map(([name, number, lost]) => html`<tr key=${name}>
        <th scope="row">${defined(name)}<progress value=${number} max=${requested} aria-hidden="true"></progress></th>
        <td class="number">${count(number)}</td>
        <td class="number">${percent(number / requested)}</td>
        <td>${lost.filter((why) => total[why]).map((why) => html`<div key=${why}>${defined(why)}\u00a0<strong>${count(total[why])}</strong></div>`)}</td>
      </tr>`)}</tbody>
    </${Table}>
  </section>`;
}

function refusals({ refusals: codes, refused }) {
  return html`<section class="card">
    <h2>${say('whyRefused')}</h2>
    ${refused === 0 ? html`<p>${say('noneRefused')}</p>` : html`<${Table} caption=${say('whyRefused')} testId="refusals" head=${[[t('reason')], [say('sessions'), true]]}>
      <tbody>${codes.map(({ code = 'none', count: number }) => html`<tr key=${code}>
        <th scope="row">${code === 'none' ? word('vendorCode', code) : say('coded', known('vendorCode', code) ?? say('otherCode'), code)}</th><td class="number">${count(number)}</td>
      </tr>`)}</tbody>
    </${Table}>`}
  </section>`;
}

/** What is drawn of each day, also of those without sessions. */
function drawn(time, figures) {
  const ofDay = new Map(figures.map((one) => [one.key, one]));
  return everyDay(time).map((day) => {
    const one = ofDay.get(day);
    return { key: day, median: one?.secondsToVerdict?.p50 ?? null, ...Object.fromEntries(OUTCOMES.map(([name]) => [name, one?.[name] ?? 0])) };
  });
}

function byDay({ days, now }) {
  const time = span(now.from, now.to);
  const outcomes = OUTCOMES.map(([name, colour]) => ({ name, label: say(name), colour }));
  return html`<div class="grid-2">
    <section class="card">
      <h2>${say('outcomes')}</h2>
      <${Bars} label=${say('outcomesChart', time)} items=${days} series=${outcomes} format=${count} />
    </section>
    <section class="card">
      <h2>${say('median')}</h2>
      <${Bars} label=${say('medianChart', time)} items=${days} series=${[{ name: 'median', label: say('median'), colour: '--series-1' }]} format=${lasting} />
    </section>
  </div>`;
}
