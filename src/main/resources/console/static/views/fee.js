import { Failed, read } from '../api.js';
import { money, time } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Loading, Table } from '../loading.js';
import { Status } from './charges.js';

const NOT_FOUND = 404;
const MOST_EVENTS = 500;
// The verdicts are codes of the last answer, so the last event with one tells why.
const lastCode = (events) => events.filter((event) => event.code !== undefined).at(-1)?.code ?? '–';

/** Why a fee was charged: its state in a sentence, the ledger's rows behind it, and what happened to its session. */
export class Fee extends Loading {
  async read(signal) {
    try {
      return this.props.isFinance ? await this.ofFinance(signal) : await this.ofOperator(signal);
    } catch (error) {
      if (error instanceof Failed && error.status === NOT_FOUND) return {};
      throw error;
    }
  }

  async ofFinance(signal) {
    const { id } = this.props;
    const history = await read(`/charges/${id}/history`, {}, signal);
    const { items } = await read('/charges', { sessionId: id }, signal);
    return { charge: items[0], ...history };
  }

  /** Operators see sessions and the state of their fees, but not the ledger. */
  async ofOperator(signal) {
    const { id } = this.props;
    const session = await read(`/liveness-sessions/${id}`, {}, signal);
    const { items } = await read(`/liveness-sessions/${id}/events`, { pageSize: MOST_EVENTS }, signal);
    const { status, amount, taskNo, settledAt } = session.charge;
    return {
      charge: { status, amount, taskNo, settledAt, openedAt: session.createdAt, caller: session.caller, reference: session.reference, costCentre: session.costCentre },
      events: items.map(({ type, at, detail }) => ({ type, at, ...detail })),
    };
  }

  before() {
    return html`<p class="code">${t('fee', this.props.id)}</p>`;
  }

  said({ charge }) {
    return charge ? '' : t('noFee');
  }

  show({ charge, ledger, events }) {
    return charge && html`
      <p class="why" data-testid="why">${this.why(charge, events)}</p>
      <h2>${t('facts')}</h2>
      <dl class="facts">
        ${this.facts(charge).map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      <h2>${t('ledger')}</h2>
      ${ledger ? this.ledger(ledger) : html`<p>${t('noLedger')}</p>`}
      <h2>${t('events')}</h2>
      ${this.events(events)}`;
  }

  why({ status, basis }, events) {
    const keys = [`why.${status}.${basis}`, `why.${status}`];
    const known = keys.find((key) => t(key) !== key);
    return known ? t(known, lastCode(events)) : t('why.none', word('status', status));
  }

  facts(charge) {
    return [
      [t('status'), html`<${Status} value=${charge.status} />`],
      [t('basis'), word('basis', charge.basis)],
      [t('amount'), charge.amount && money(charge.amount)],
      [t('openedAt'), time(charge.openedAt)],
      [t('settledAt'), time(charge.settledAt)],
      [t('taskNo'), charge.taskNo],
      [t('caller'), charge.caller],
      [t('reference'), charge.reference],
      [t('costCentre'), charge.costCentre],
    ];
  }

  ledger(rows) {
    return html`<${Table} caption=${t('ledger')} testId="ledger" head=${[[t('recordedAt')], [t('kind')], [t('basis')], [t('amount'), true], [t('taskNo')]]}>
      <tbody>${rows.map((row) => html`<tr key=${row.kind}>
        <th scope="row">${time(row.recordedAt)}</th><td>${word('kind', row.kind)}</td><td>${word('basis', row.basis)}</td>
        <td class="number">${money(row.amount)}</td><td class="code">${row.taskNo}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }

  events(events) {
    return html`<${Table} caption=${t('events')} testId="events" head=${[[t('at')], [t('event')], [t('code')], [t('sessionStatus')], [t('stands')], [t('taskNo')]]}>
      <tbody>${events.map((event, at) => html`<tr key=${at}>
        <th scope="row">${time(event.at)}</th><td>${word('event', event.type)}</td><td>${event.code}</td>
        <td>${word('session', event.status)}</td><td>${word('status', event.charge)}</td><td class="code">${event.taskNo}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }
}
