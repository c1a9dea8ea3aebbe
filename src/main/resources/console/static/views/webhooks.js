import { count, time } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty, Next } from '../kit.js';
import { aloud, Choice, Field, Filters, Table } from '../loading.js';
import { Paged } from '../paged.js';
import { address, follow } from '../route.js';
import { Runbook } from '../runbook.js';

// What the address says, and what the API is asked for.
const SHOWN = {
  '': { healthy: 'false' },
  all: {},
  paused: { status: 'PAUSED' },
  disabled: { status: 'DISABLED' },
  healthy: { healthy: 'true' },
};
// The API counts no further.
const MOST = 100;
const LONGEST_CALLER = 256;

export const backlog = (number) => (number === MOST ? t('orMore', count(number)) : count(number ?? 0));

/** Endpoints of all callers; at first those that fail, are paused or are disabled. */
export class Webhooks extends Paged {
  filters() {
    const show = this.props.query.get('show') ?? '';
    return { show: show in SHOWN ? show : '', caller: this.props.query.get('caller') ?? '' };
  }

  path() {
    return '/webhook-endpoints';
  }

  parameters() {
    const { show, caller } = this.filters();
    return { ...SHOWN[show], caller };
  }

  before() {
    const { show: shown, caller } = this.filters();
    return html`<p>${t('webhooksText')} <a href="#runbook">${t('runbook')}</a></p>
      <${Filters} key=${this.props.address} view="webhooks" canClear>
        <${Choice} name="show" label=${t('status')} value=${shown} choices=${Object.keys(SHOWN).map((name) => [name, t(`endpoints.${name}`)])} />
        <${Field} label=${t('caller')}><input name="caller" maxlength=${LONGEST_CALLER} defaultValue=${caller} /></${Field}>
      </${Filters}>`;
  }

  said({ items, isPart }) {
    if (items.length || isPart) return t(isPart ? 'endpointsShown' : 'endpointsAll', count(items.length));
    return this.empty() ? aloud(t(this.filters().show ? 'noEndpointsYet' : 'noneFails')) : t('noEndpoints');
  }

  /** What is said where it is not the filters that leave nothing. */
  empty() {
    const { show, caller } = this.filters();
    if (caller) return null;
    if (show === 'all') return html`<${Empty} title=${t('noEndpointsYet')} text=${t('noEndpointsYetText')} />`;
    return !show && html`<${Empty} title=${t('noneFails')} text=${t('noneFailsText')} action=${html`<${Next} to=${address('webhooks', { show: 'all' })}>${t('allEndpoints')}</${Next}>`} />`;
  }

  show({ items, isPart }) {
    const head = [[t('caller')], [t('endpointUrl')], [t('status')], [t('failingSince')], [t('lastError')], [t('pendingCount'), true], [t('failedCount'), true]];
    return html`
      ${!items.length && !isPart && this.empty()}
      ${items.length > 0 && html`<${Table} caption=${t('webhooks')} testId="webhooks" head=${head}>
        <tbody>${items.map((endpoint) => html`<tr key=${endpoint.id}>
          <th scope="row">${endpoint.caller}</th>
          <td class="wrap code"><a href=${address(`webhooks/${endpoint.id}`)} onClick=${follow}>${endpoint.url}</a>${endpoint.description && html`<small>${endpoint.description}</small>`}</td>
          <td><${EndpointStatus} of=${endpoint} /></td>
          <td>${time(endpoint.failingSince)}</td>
          <td>${endpoint.lastError}</td>
          <td class="number">${backlog(endpoint.pending)}</td>
          <td class="number">${backlog(endpoint.failed)}</td>
        </tr>`)}</tbody>
      </${Table}>`}
      ${this.moreButton()}
      <${FailingRunbook} />`;
  }
}

export function EndpointStatus({ of: { status, reason, failingSince } }) {
  const detail = reason ? word('stopped', reason) : failingSince && t('failing');
  return html`<span class=${`status ${failingSince ? 'failing' : status}`}>${word('endpoint', status)}</span>${detail && html`<small>${detail}</small>`}`;
}

/** What to do about an endpoint that fails. */
export function FailingRunbook() {
  return html`<section id="runbook" class="card" aria-labelledby="runbook-title">
    <h2 id="runbook-title">${t('runbook')}</h2>
    <${Runbook} alert="LivenessWebhookFailing" />
  </section>`;
}
