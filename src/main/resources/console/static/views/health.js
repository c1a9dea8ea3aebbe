import { read } from '../api.js';
import { count, duration, locale, minuteOf, time } from '../format.js';
import { Component, html } from '../html.js';
import { known, t, word } from '../i18n.js';
import { Badge, Tile, Tiles, When } from '../kit.js';
import { Live } from '../live.js';
import { Table } from '../loading.js';
import { address, follow } from '../route.js';
import { reading, Runbook } from '../runbook.js';

const WORST_FIRST = ['RED', 'AMBER', 'UNKNOWN', 'GREEN'];
const TONES = { RED: 'bad', AMBER: 'warn', UNKNOWN: 'none', GREEN: 'good' };
const MINUTES = { '0-1m': [0, 1], '1-10m': [1, 10], '10-60m': [10, 60], '1-2h': [60, 120], '2h-': [120] };
const HEAD = {
  checks: ['healthState', 'healthCheck', '#healthValue'],
  unsettled: ['status', 'age', '#number'],
  vendor: ['vendorAnswer', '#lastMinute', '#lastFiveMinutes', '#average'],
  replicas: ['healthState', 'replica', 'seenAt'],
};
// What a figure at the top is about: it has the colour of the worst of these.
const ABOUT = {
  unsettled: ['POLLS_BEHIND', 'FINAL_POLLS_LATE', 'LEASE_OVERDUE'],
  vendor: ['VENDOR_UNAVAILABLE', 'VENDOR_ACCOUNT', 'VENDOR_THROTTLES', 'OUTCOMES_UNKNOWN'],
  budget: ['BUDGET_EXHAUSTED'],
};
// A replica reports every 15 seconds.
const SILENT_MILLIS = 60_000;
const UNAVAILABLE = 503;
const head = (name) => HEAD[name].map((key) => (key.startsWith('#') ? [t(key.slice(1)), true] : [t(key)]));

const SHOWN = {
  COUNT: count,
  SECONDS: (seconds) => (seconds ? duration(seconds * 1_000) : count(0)),
  SHARE: (share) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share),
};

/** How the service is: what is wrong first, and what to do about it. */
export class Health extends Live {
  componentDidMount() {
    super.componentDidMount();
    reading().catch(() => {});
  }

  isStill() {
    return false;
  }

  read(signal) {
    return read('/health', {}, signal);
  }

  /** While nothing can be read, the alert that then fires is the one to follow. */
  before() {
    const { error } = this.state;
    if (!error || (error.status && error.status !== UNAVAILABLE)) return null;
    const [says, alert] = error.status ? ['healthSays.away', 'LivenessDatabaseAway'] : ['healthSays.gone', 'LivenessGone'];
    return html`<div class="why bad" data-testid="why"><p>${t(says)}</p><${Section} key=${alert} alert=${alert} isOpen /></div>`;
  }

  said({ state, at }) {
    return t('healthAt', word('health', state), time(at));
  }

  show(health) {
    const { state, checks, unsettled, vendorCalls, budget, replicas, oldestPollDueSeconds } = health;
    const alike = checks.concat(replicas).filter((one) => one.state === state).length;
    const [wrong, right] = [checks.filter((one) => one.state !== 'GREEN'), checks.filter((one) => one.state === 'GREEN')];
    const [status, ...others] = new Set(unsettled.map((group) => group.status));
    const called = vendorCalls.reduce((sum, { lastMinute }) => sum + lastMinute, 0);
    const most = budget.callsPerSecond * 60;
    const tone = (name) => toneOf(checks.filter((check) => ABOUT[name].includes(check.name)));
    return html`
      ${!this.state.error && html`<p class=${`why ${TONES[state]}`} data-testid="why">${t(`healthSays.${state}`, alike)}</p>`}
      ${wrong.length > 0 && this.section('healthWrong', this.checks('healthWrong', wrong))}
      <${Tiles}>
        <${Tile} label=${t('unsettled')} value=${count(unsettled.reduce((sum, group) => sum + group.count, 0))} tone=${tone('unsettled')}
          note=${oldestPollDueSeconds ? t('pollsDue', SHOWN.SECONDS(oldestPollDueSeconds)) : t('noPollDue')} href=${status && !others.length && address('sessions', { status })} />
        <${Tile} label=${t('vendorAnswers')} value=${count(called)} note=${t('inLastMinute')} tone=${tone('vendor')} />
        <${Tile} label=${t('budgetOfCalls')} value=${SHOWN.SHARE(budget.granted / most)}
          note=${t('budgetUsed', count(budget.granted), count(most), count(budget.refused))} tone=${tone('budget')} />
        <${Tile} label=${t('replicas')} value=${count(replicas.length)} note=${[...new Set(replicas.map(({ version }) => version))].join(', ')} tone=${toneOf(replicas)} />
      </${Tiles}>
      ${this.section('unsettled', unsettled.length ? this.unsettled(health) : html`<p>${t('noUnsettled')}</p>`)}
      ${this.section('vendor', vendorCalls.length ? this.vendor(vendorCalls) : html`<p>${t('noVendorCalls')}</p>`)}
      ${this.section('replicas', this.replicas(health))}
      ${right.length > 0 && this.section('healthRight', this.checks('healthRight', right))}`;
  }

  section(title, content) {
    return html`<section class="card"><h2>${t(title)}</h2>${content}</section>`;
  }

  checks(title, checks) {
    const sorted = [...checks].sort((one, other) => WORST_FIRST.indexOf(one.state) - WORST_FIRST.indexOf(other.state));
    return html`<${Table} caption=${t(title)} testId=${title} head=${head('checks')}>
      <tbody>${sorted.flatMap(({ name, alert, state, unit, value, threshold }) => [html`<tr key=${name} class="upper">
        <td><${State} value=${state} /></td>
        <th scope="row" class="wrap">${word('check', name)}<small>${t('threshold', SHOWN[unit](threshold))}</small></th>
        <td class="number">${value === undefined ? '–' : SHOWN[unit](value)}</td>
      </tr>`, html`<tr key=${`${name} runbook`} class="opened"><td colspan="3"><${Section} alert=${alert} /></td></tr>`])}</tbody>
    </${Table}>`;
  }

  unsettled({ at, unsettled }) {
    const ago = (minutes) => minuteOf(new Date(at) - minutes * 60_000);
    return html`<${Table} caption=${t('unsettled')} testId="unsettled" head=${head('unsettled')}>
      <tbody>${unsettled.map(({ status, age, count: number }) => {
        const [youngest, oldest] = MINUTES[age];
        // A filter has whole minutes: rather some of the groups beside it than none of this one.
        const filters = { status, to: youngest && ago(youngest - 1), from: oldest && ago(oldest + 1) };
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
        <th scope="row" class="wrap">${t('pair', word('call', call), word('outcome', outcome))}${codeOf(outcome, code)}</th>
        <td class="number">${count(lastMinute)}</td><td class="number">${count(lastFiveMinutes)}</td><td class="number">${SHOWN.SECONDS(averageSeconds)}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }

  replicas({ at, replicas }) {
    return html`<${Table} caption=${t('replicas')} testId="replicas" head=${head('replicas')}>
      <tbody>${replicas.flatMap(({ name, version, startedAt, seenAt, state, clockSkewSeconds, listening }) => {
        const isSilent = new Date(at) - new Date(seenAt) > SILENT_MILLIS;
        return [html`<tr key=${name} class=${isSilent ? 'upper' : ''}>
        <td><${State} value=${state} /></td>
        <th scope="row" class="wrap"><span class="code">${name}</span><small>${version} · ${t('startedAt')} <${When} at=${startedAt} relative /></small></th>
        <td><${When} at=${seenAt} relative />
          ${clockSkewSeconds !== undefined && html`<small>${t('clockSkew', SHOWN.SECONDS(Math.abs(clockSkewSeconds)))}</small>`}
          ${listening !== undefined && html`<small>${t(listening ? 'listens' : 'listensNot')}</small>`}</td>
      </tr>`, isSilent && html`<tr key=${`${name} runbook`} class="opened"><td colspan="3">${t('replicaSilent')}<${Section} alert="LivenessReplicaDown" /></td></tr>`];
      })}</tbody>
    </${Table}>`;
  }
}

/** The tone is empty where nothing is wrong. */
function toneOf(some) {
  const worst = WORST_FIRST.find((state) => some.some((one) => one.state === state));
  return worst === 'GREEN' ? 'none' : TONES[worst];
}

/** A code, with what it means where the vendor refuses. */
function codeOf(outcome, code) {
  if (code === 'none') return null;
  const meaning = outcome === 'refused' && known('vendorCode', code);
  return html`<small>${code === 'other' ? t('insight.otherCode') : meaning ? t('insight.coded', meaning, code) : t('answered', code)}</small>`;
}

function State({ value }) {
  return html`<${Badge} tone=${TONES[value]}>${word('health', value)}</${Badge}>`;
}

/** What to do about an alert, read when it is opened. */
class Section extends Component {
  state = { isOpen: this.props.isOpen };

  render({ alert }, { isOpen }) {
    return html`<details open=${this.props.isOpen} onToggle=${(event) => this.setState({ isOpen: event.currentTarget.open })}>
      <summary>${t('runbookTitle')} <span class="code">${alert}</span></summary>
      ${isOpen && html`<${Runbook} alert=${alert} />`}
    </details>`;
  }
}
