import { Failed, read } from '../api.js';
import { duration, money, time } from '../format.js';
import { html } from '../html.js';
import { known, t, word } from '../i18n.js';
import { Badge } from '../kit.js';
import { Live } from '../live.js';
import { address, follow } from '../route.js';
import { Status } from './charges.js';

const NOT_FOUND = 404;
const MOST_EVENTS = 500;
const UNSETTLED = ['OPENING', 'PENDING'];
const TONES = { PASSED: 'good', OPENING: 'warn', PENDING: 'warn', FAILED: 'bad', REJECTED: 'bad', UNKNOWN: 'bad' };
// These timeline steps are events of the session too.
const TWICE = ['FACE_REDACTED'];

export const lasted = (from, to) => duration(Math.max(new Date(to) - new Date(from), 0));

export function SessionStatus({ value }) {
  return html`<${Badge} tone=${TONES[value]}>${word('session', value)}</${Badge}>`;
}

const isLater = (before, moment) => new Date(moment.at) > new Date(before.at);

/** What is not there, or not for this person, is left out. */
async function ifThere(reading) {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Failed && error.status === NOT_FOUND) return undefined;
    throw error;
  }
}

/** A session as a line of time: what happened, when, and what it did to the fee. Finance sees the ledger, operators all but the ledger. */
export class Session extends Live {
  isStill() {
    const { session, deliveries = [] } = this.state.data ?? {};
    return super.isStill() || !(UNSETTLED.includes(session?.status) || deliveries.some(({ status }) => status === 'PENDING'));
  }

  async read(signal) {
    const { id, isFinance, isOperator } = this.props;
    const one = (is, path, parameters = {}) => (is ? ifThere(read(path, parameters, signal)) : undefined);
    const ofSession = `/liveness-sessions/${id}`;
    const [session, events, data, deliveries, history, charges] = await Promise.all([
      one(isOperator, ofSession),
      one(isOperator, `${ofSession}/events`, { pageSize: MOST_EVENTS }),
      one(isOperator, `${ofSession}/data-events`, { pageSize: MOST_EVENTS }),
      one(isOperator, `${ofSession}/deliveries`),
      one(isFinance, `/charges/${id}/history`),
      one(isFinance, '/charges', { sessionId: id }),
    ]);
    return {
      session,
      charge: charges?.items[0] ?? (session && ofOperator(session)),
      events: events ? events.items.map(({ type, at, detail }) => ({ type, at, ...detail })) : history?.events,
      ledger: history?.ledger ?? [],
      data: data?.items ?? [],
      deliveries: deliveries?.items ?? [],
    };
  }

  before() {
    return html`<p class="code" data-testid="id">${this.props.id}</p>`;
  }

  said({ charge }) {
    return charge ? '' : t('noFee');
  }

  show(shown) {
    const { session, charge, events } = shown;
    const { isOperator, isFinance } = this.props;
    return charge && html`
      ${super.isStill() && UNSETTLED.includes(session?.status) && html`<p class="hint">${t('recordedStill')}</p>`}
      <div class=${`why ${TONES[session?.status] ?? ''}`} data-testid="why">
        ${session && html`<p>${stands(session, events)}</p>`}
        ${isFinance && charge.amount && html`<p>${why(charge, events)}</p>`}
      </div>
      <dl class="facts">
        ${this.facts(session, charge).map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      <section class="card">
        <h2>${t('timeline')}</h2>
        ${!(isOperator && isFinance) && html`<p class="hint">${t(isOperator ? 'noLedger' : 'withoutData')}</p>`}
        <ol class="timeline" data-testid="timeline">${moments(shown, isFinance).map((moment, at, all) => html`<li key=${at} class=${moment.of}>
          <span class="number"><time datetime=${moment.at}>${time(moment.at)}</time>${at > 0 && isLater(all[at - 1], moment) && html`<small>+ ${lasted(all[at - 1].at, moment.at)}</small>`}</span>
          <span><strong>${moment.what}</strong>${moment.text?.length > 0 && html`<small>${moment.text}</small>`}</span>
        </li>`)}</ol>
      </section>`;
  }

  facts(session, charge) {
    const { isOperator, isFinance } = this.props;
    const link = (is, view, parameters, text) => (is && text ? html`<a href=${address(view, parameters)} onClick=${follow}>${text}</a>` : text);
    return [
      [t('sessionStatus'), session && html`<${SessionStatus} value=${session.status} />`],
      [t('caller'), link(isOperator, 'sessions', { caller: charge.caller }, charge.caller)],
      [t('reference'), link(isOperator, 'sessions', { caller: charge.caller, reference: charge.reference }, charge.reference)],
      [t('taskNo'), link(isFinance, 'charges', { taskNo: charge.taskNo }, charge.taskNo)],
      [t('took'), session?.verdict && lasted(session.createdAt, session.verdict.receivedAt)],
      [t('tokenUntil'), UNSETTLED.includes(session?.status) && time(session.tokenExpiresAt)],
      [t('actionStyle'), session && word('style', session.actionStyle)],
      [t('stands'), html`<${Status} value=${charge.status} />`],
      [t('basis'), word('basis', charge.basis)],
      [t('amount'), charge.amount && money(charge.amount)],
      [t('costCentre'), charge.costCentre],
    ];
  }
}

function ofOperator({ charge, caller, reference, costCentre }) {
  return { ...charge, caller, reference, costCentre };
}

/** The verdicts are codes of the last answer, so the last event with one tells why. */
const lastCode = (events = []) => events.filter((event) => event.code !== undefined).at(-1)?.code ?? '–';

/** A refusal is told by the last attempt, which may have had no answer. */
function stands({ status, tokenExpiresAt }, events = []) {
  const isRejected = status === 'REJECTED';
  const code = isRejected ? events.filter(({ type }) => type === status).at(-1)?.code : lastCode(events);
  if (isRejected && code === undefined) return t('sessionSays.unreached');
  const meaning = known('vendorCode', code);
  return t(`sessionSays.${status}`, status === 'PENDING' ? time(tokenExpiresAt) : meaning ? t('insight.coded', meaning, code) : t('answered', code));
}

function why({ status, basis }, events) {
  const code = lastCode(events);
  const key = [`${status}.${basis}`, status].find((one) => known('why', one));
  return key ? t(`why.${key}`, code) : t('why.none', word('status', status));
}

/** All that happened, in the order of time. */
function moments({ charge, events = [], ledger, data, deliveries }, isFinance) {
  const joined = (...parts) => parts.filter(Boolean).flatMap((part, at) => (at ? [' · ', part] : [part]));
  return [
    ...events.map((event) => ({
      of: 'event',
      at: event.at,
      what: word('event', event.type),
      text: joined(
        event.type === 'OPENING' && charge.caller,
        event.taskNo && (isFinance && event.taskNo === charge.taskNo ? html`<a href=${address('charges', { taskNo: event.taskNo })} onClick=${follow}>${t('ofTask', event.taskNo)}</a>` : t('ofTask', event.taskNo)),
        event.code !== undefined && t('answered', event.code),
        event.polls > 1 && t('polled', event.polls, time(event.firstPollAt)),
        word('session', event.status),
        word('status', event.charge),
        event.reason,
        event.by,
      ),
    })),
    ...ledger.map((row) => ({ of: 'money', at: row.recordedAt, what: word('kind', row.kind), text: joined(money(row.amount), word('basis', row.basis), row.reason, row.by) })),
    ...deliveries.map((delivery) => ({
      of: 'webhook',
      at: delivery.attempts.at(-1)?.at ?? delivery.at,
      what: html`<a href=${address(`webhooks/${delivery.endpointId}`)} onClick=${follow}>${t('webhookSent')}</a>`,
      text: joined(
        delivery.type,
        word('delivery', delivery.status),
        t('attemptsMade', delivery.attempts.length),
        delivery.attempts.at(-1)?.error ?? delivery.attempts.at(-1)?.httpStatus,
        delivery.nextAttemptAt && t('attemptNext', time(delivery.nextAttemptAt)),
      ),
    })),
    ...data.filter(({ type }) => !TWICE.includes(type)).map((event) => ({ of: 'data', at: event.at, what: word('event', event.type), text: event.by })),
  ].sort((one, other) => new Date(one.at) - new Date(other.at));
}
