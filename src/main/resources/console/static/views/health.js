import { read } from '../api.js';
import { count, locale, minuteOf, time } from '../format.js';
import { Component, html } from '../html.js';
import { known, t, word } from '../i18n.js';
import { Badge, Tile, Tiles } from '../kit.js';
import { Live } from '../live.js';
import { Table } from '../loading.js';
import { address, follow } from '../route.js';
import { Runbook } from '../runbook.js';
import { duration } from './session.js';

const WORST_FIRST = ['RED', 'AMBER', 'UNKNOWN', 'GREEN'];
const TONES = { RED: 'bad', AMBER: 'warn', UNKNOWN: 'none', GREEN: 'good' };
const MINUTES = { '0-1m': [0, 1], '1-10m': [1, 10], '10-60m': [10, 60], '1-2h': [60, 120], '2h-': [120] };
const HEAD = {
  checks: ['healthState', 'healthCheck', '#healthValue', '#threshold'],
  unsettled: ['status', 'age', '#number'],
  vendor: ['vendorCall', 'outcome', 'code', '#lastMinute', '#lastFiveMinutes', '#average'],
  replicas: ['healthState', 'replica', 'version', 'startedAt', 'seenAt', '#clockSkew', 'listener'],
};
const head = (name) => HEAD[name].map((key) => (key.startsWith('#') ? [t(key.slice(1)), true] : [t(key)]));

const SHOWN = {
  COUNT: count,
  SECONDS: (seconds) => (seconds ? duration(seconds * 1_000) : count(0)),
  SHARE: (share) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share),
};

/** How the service is: what is wrong first, and what to do about it. */
export class Health extends Live {
  isStill() {
    return false;
  }

  read(signal) {
    return read('/health', {}, signal);
  }

  said({ state, at }) {
    return t('healthAt', word('health', state), time(at));
  }

  show(health) {
    const { state, checks, unsettled, vendorCalls, budget, replicas, oldestPollDueSeconds } = health;
    const alike = checks.concat(replicas).filter((one) => one.state === state).length;
    const [status, ...others] = new Set(unsettled.map((group) => group.status));
    const called = vendorCalls.reduce((sum, { lastMinute }) => sum + lastMinute, 0);
    const most = budget.callsPerSecond * 60;
    return html`
      <p class=${`why ${TONES[state]}`} data-testid="why">${t(`healthSays.${state}`, alike)}</p>
      <${Tiles}>
        <${Tile} label=${t('unsettled')} value=${count(unsettled.reduce((sum, group) => sum + group.count, 0))}
          note=${oldestPollDueSeconds ? t('pollsDue', SHOWN.SECONDS(oldestPollDueSeconds)) : t('noPollDue')} href=${status && !others.length && address('sessions', { status })} />
        <${Tile} label=${t('vendorAnswers')} value=${count(called)} note=${t('inLastMinute')} />
        <${Tile} label=${t('budgetOfCalls')} value=${SHOWN.SHARE(budget.granted / most)}
          note=${t('budgetUsed', count(budget.granted), count(most), count(budget.refused))} tone=${budget.refused ? 'warn' : 'none'} />
        <${Tile} label=${t('replicas')} value=${count(replicas.length)} note=${[...new Set(replicas.map(({ version }) => version))].join(', ')} />
      </${Tiles}>
      ${this.section('unsettled', unsettled.length ? this.unsettled(health) : html`<p>${t('noUnsettled')}</p>`)}
      ${this.section('vendor', vendorCalls.length ? this.vendor(vendorCalls) : html`<p>${t('noVendorCalls')}</p>`)}
      ${this.section('healthChecks', this.checks(checks))}
      ${this.section('replicas', this.replicas(replicas))}`;
  }

  section(title, content) {
    return html`<section class="card"><h2>${t(title)}</h2>${content}</section>`;
  }

  checks(checks) {
    const sorted = [...checks].sort((one, other) => WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state));
    return html`<${Table} caption=${t('healthChecks')} testId="checks" head=${head('checks')}>
      <tbody>${sorted.flatMap(({ name, alert, state, unit, value, threshold }) => [html`<tr key=${name} class="upper">
        <td><${State} value=${state} /></td>
        <th scope="row" class="wrap">${word('check', name)}</th>
        <td class="number">${value === undefined ? '–' : SHOWN[unit](value)}</td>
        <td class="number">${SHOWN[unit](threshold)}</td>
      </tr>`, html`<tr key=${`${name} runbook`} class="opened"><td colspan="4"><${Section} alert=${alert} /></td></tr>`])}</tbody>
    </${Table}>`;
  }

  unsettled({ at, unsettled }) {
    const ago = (minutes) => minuteOf(new Date(at) - minutes * 60_000);
    return html`<${Table} caption=${t('unsettled')} testId="unsettled" head=${head('unsettled')}>
      <tbody>${unsettled.map(({ status, age, count: number }) => {
        const [youngest, oldest] = MINUTES[age];
        const filters = { status, to: youngest && ago(youngest), from: oldest && ago(oldest + 1) };
        return html`<tr key=${status + age} class=${age === '2h-' ? 'late' : ''}>
          <th scope="row"><a href=${address('sessions', filters)} onClick=${follow}>${word('session', status)}</a></th>
          <td>${word('age', age)}</td><td class="number">${count(number)}</td>
        </tr>`;
      })}</tbody>
    </${Table}>`;
  }

  vendor(calls) {
    return html`<${Table} caption=${t('vendor')} testId="vendor" head=${head('vendor')}>
      <tbody>${calls.map(({ call, outcome, code, lastMinute, lastFiveMinutes, averageSeconds }) => html`<tr key=${call + outcome + code}>
        <th scope="row">${word('call', call)}</th><td>${word('outcome', outcome)}</td><td>${codeOf(outcome, code)}</td>
        <td class="number">${count(lastMinute)}</td><td class="number">${count(lastFiveMinutes)}</td><td class="number">${SHOWN.SECONDS(averageSeconds)}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }

  replicas(replicas) {
    return html`<${Table} caption=${t('replicas')} testId="replicas" head=${head('replicas')}>
      <tbody>${replicas.map(({ name, version, startedAt, seenAt, state, clockSkewSeconds, listening }) => html`<tr key=${name}>
        <td><${State} value=${state} /></td>
        <th scope="row" class="code">${name}</th><td>${version}</td><td>${time(startedAt)}</td><td>${time(seenAt)}</td>
        <td class="number">${clockSkewSeconds === undefined ? '–' : SHOWN.SECONDS(Math.abs(clockSkewSeconds))}</td>
        <td>${listening === undefined ? '–' : t(listening ? 'listens' : 'listensNot')}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }
}

/** A code, with what it means where the vendor refuses. */
function codeOf(outcome, code) {
  if (code === 'none') return '–';
  return code === 'other' ? t('insight.otherCode') : html`${code}${outcome === 'refused' && html`<small>${known('vendorCode', code)}</small>`}`;
}

function State({ value }) {
  return html`<${Badge} tone=${TONES[value]}>${word('health', value)}</${Badge}>`;
}

/** What to do about an alert, read when it is opened. */
class Section extends Component {
  state = { isOpen: false };

  render({ alert }, { isOpen }) {
    return html`<details onToggle=${(event) => this.setState({ isOpen: event.currentTarget.open })}>
      <summary>${t('runbookTitle')} <span class="code">${alert}</span></summary>
      ${isOpen && html`<${Runbook} alert=${alert} />`}
    </details>`;
  }
}
