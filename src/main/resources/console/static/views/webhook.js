import { change, Failed, read } from '../api.js';
import { Dialog } from '../dialog.js';
import { count, duration, time } from '../format.js';
import { Component, html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty, Next } from '../kit.js';
import { aloud, Choice, Filters, Loading, Table } from '../loading.js';
import { Paged } from '../paged.js';
import { address, follow } from '../route.js';
import { backlog, EndpointStatus, FailingRunbook } from './webhooks.js';

const NOT_FOUND = 404;
const STATUSES = ['PENDING', 'DELIVERED', 'FAILED'];

/** An endpoint: why it receives nothing, and its deliveries with their last attempt. */
export class Webhook extends Paged {
  async read(signal) {
    try {
      return { endpoint: await read(this.own(), {}, signal), ...(await this.page(undefined, signal)) };
    } catch (error) {
      if (error instanceof Failed && error.status === NOT_FOUND) return { items: [] };
      throw error;
    }
  }

  own() {
    return `/webhook-endpoints/${this.props.id}`;
  }

  path() {
    return `${this.own()}/deliveries`;
  }

  status() {
    const status = this.props.query.get('status');
    return STATUSES.includes(status) ? status : '';
  }

  parameters() {
    return { status: this.status() };
  }

  said({ endpoint, items, isPart }) {
    if (items.length || isPart) return t(isPart ? 'deliveriesShown' : 'deliveriesAll', count(items.length));
    if (!endpoint) return aloud(t('noEndpoint'));
    return this.status() ? t('noDeliveries') : aloud(t('noDeliveries'));
  }

  show({ endpoint, items, isPart }) {
    if (!endpoint) return html`<${Empty} title=${t('noEndpoint')} action=${html`<${Next} to=${address('webhooks')}>${t('webhooks')}</${Next}>`} />`;
    return html`
      <p class=${`why ${endpoint.status === 'ACTIVE' && !endpoint.failingSince ? 'good' : 'bad'}`} data-testid="why">${this.why(endpoint)}</p>
      <dl class="facts">
        ${this.facts(endpoint).map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      ${this.buttons(endpoint)}
      ${this.asks()}
      <h2>${t('deliveries')}</h2>
      ${this.filter()}
      ${!items.length && !isPart && !this.status() && html`<${Empty} title=${t('noDeliveries')} text=${t('noDeliveriesText')} />`}
      ${items.length > 0 && this.deliveries(items)}
      ${this.moreButton()}
      <${FailingRunbook} />`;
  }

  why({ status, reason, failingSince, lastError, notBefore }) {
    const active = notBefore ? 'waits' : failingSince ? 'failing' : status;
    return t(`endpointWhy.${status === 'DISABLED' ? status : (reason ?? active)}`, time(failingSince), lastError, time(notBefore));
  }

  buttons({ status, reason, notBefore, failingSince }) {
    const button = (act) => html`<button type="button" class="outline" data-testid=${act} onClick=${() => this.setState({ act })}>${t(`${act}Endpoint`)}</button>`;
    return html`<div class="actions">${reason !== 'OPERATOR' && button('pause')}${(status !== 'ACTIVE' || notBefore || failingSince) && button('resume')}</div>`;
  }

  asks() {
    const { act } = this.state;
    const close = () => this.setState({ act: null });
    // What was pressed is gone by then: the page has the focus.
    const done = async () => {
      close();
      await this.load();
      document.querySelector('h1')?.focus();
    };
    return act && html`<${Dialog} title=${t(`${act}Endpoint`)} confirm=${t(`${act}Endpoint`)} onCancel=${close} onDone=${done}
      act=${() => change('POST', `${this.own()}/${act}`)}><p>${t(`${act}EndpointText`)}</p></${Dialog}>`;
  }

  facts(endpoint) {
    return [
      [t('status'), html`<${EndpointStatus} of=${endpoint} />`],
      [t('caller'), endpoint.caller],
      [t('endpointUrl'), endpoint.url],
      [t('failingSince'), time(endpoint.failingSince)],
      [t('lastError'), endpoint.lastError],
      [t('notBefore'), time(endpoint.notBefore)],
      [t('pendingCount'), backlog(endpoint.pending)],
      [t('failedCount'), backlog(endpoint.failed)],
      [t('eventTypes'), endpoint.eventTypes?.join(', ') ?? t('allTypes')],
      [t('description'), endpoint.description],
      [t('createdAt'), time(endpoint.createdAt)],
      [t('changedAt'), time(endpoint.updatedAt)],
    ];
  }

  filter() {
    return html`<${Filters} key=${this.props.address} view=${`webhooks/${this.props.id}`}>
      <${Choice} name="status" label=${t('status')} value=${this.status()} choices=${[['', t('any')], ...STATUSES.map((status) => [status, word('delivery', status)])]} />
    </${Filters}>`;
  }

  deliveries(items) {
    const head = [[t('at')], [t('event')], [t('session')], [t('status')], [t('attempts'), true], [t('lastAttempt')]];
    return html`<${Table} caption=${t('deliveries')} testId="deliveries" head=${head}>
      <tbody>${items.map((delivery) => html`<tr key=${delivery.id}>
        <th scope="row">${time(delivery.at)}</th>
        <td>${delivery.type}</td>
        <td class="code">${delivery.sessionId && html`<a href=${address(`sessions/${delivery.sessionId}`)} onClick=${follow}>${delivery.sessionId}</a>`}</td>
        <td><span class=${`status ${delivery.status}`}>${word('delivery', delivery.status)}</span>${delivery.nextAttemptAt && html`<small>${t('pair', t('nextAttempt'), time(delivery.nextAttemptAt))}</small>`}</td>
        <td class="number">${count(delivery.attempts.length)}</td>
        <td>${attempted(delivery.attempts.at(-1))}${delivery.attempts.length > 0 && html`<${Details} path=${`${this.path()}/${delivery.id}`} onSignedOut=${this.props.onSignedOut} />`}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }
}

function attempted(attempt) {
  return attempt && html`${attempt.error ?? `HTTP ${attempt.httpStatus}`}<small>${time(attempt.at)} · ${duration(attempt.millis)}</small>`;
}

/** All attempts of a delivery, read when they are opened. */
class Details extends Component {
  state = { isOpen: false };

  render(props, { isOpen }) {
    return html`<details data-testid="details" onToggle=${(event) => this.setState({ isOpen: event.currentTarget.open })}>
      <summary>${t('details')}</summary>
      ${isOpen && html`<${Delivery} ...${props} />`}
    </details>`;
  }
}

/** What was sent and answered is in it for the endpoint's owner alone. */
class Delivery extends Loading {
  read(signal) {
    return read(this.props.path, {}, signal);
  }

  show({ attempts, body }) {
    return html`
      ${body && html`<pre class="code" data-testid="body">${body}</pre>`}
      <ol data-testid="attempts">${attempts.map((attempt) => html`<li key=${attempt.at}>${attempted(attempt)}${attempt.answer && html`<pre class="code">${attempt.answer}</pre>`}</li>`)}</ol>`;
  }
}
