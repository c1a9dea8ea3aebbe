import { read } from '../api.js';
import { atMinute, count, time } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty } from '../kit.js';
import { Live } from '../live.js';
import { Choice, Field, Filters, Table } from '../loading.js';
import { address, follow } from '../route.js';
import { Status } from './charges.js';
import { lasted, SessionStatus } from './session.js';

const STATUSES = ['OPENING', 'PENDING', 'PASSED', 'NOT_PASSED', 'FAILED', 'EXPIRED', 'REJECTED', 'UNKNOWN'];
const FILTERS = ['status', 'caller', 'reference', 'from', 'to'];
const LONGEST = { caller: 256, reference: 128 };
const PAGE_SIZE = 100;

/** Sessions of all callers, newest first. A page further on has an address of its own, and keeps still. */
export class Sessions extends Live {
  filters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.props.query.get(name) ?? '']));
  }

  page() {
    return this.props.query.get('page');
  }

  isStill() {
    return super.isStill() || this.page();
  }

  read(signal) {
    const { from, to, ...filters } = this.filters();
    const asked = { ...filters, createdFrom: from && atMinute(from), createdTo: to && atMinute(to), pageSize: PAGE_SIZE, pageToken: this.page() };
    return read('/liveness-sessions', asked, signal);
  }

  before() {
    const { status, caller, reference, from, to } = this.filters();
    const text = (name, value) => html`<${Field} label=${t(name)}><input name=${name} maxlength=${LONGEST[name]} defaultValue=${value} /></${Field}>`;
    const minute = (name, label, value) => html`<${Field} label=${label}><input type="datetime-local" name=${name} defaultValue=${value} /></${Field}>`;
    return html`<${Filters} key=${this.props.address} view="sessions" canClear>
        <${Choice} name="status" label=${t('status')} value=${status} choices=${[['', t('any')], ...STATUSES.map((name) => [name, word('session', name)])]} />
        ${text('caller', caller)}${text('reference', reference)}
        ${minute('from', t('since'), from)}${minute('to', t('before'), to)}
      </${Filters}>
      <p class="hint" data-testid="liveness">${t(super.isStill() ? 'recordedStill' : this.page() ? 'sessionsStill' : 'sessionsLive')}</p>`;
  }

  said({ items, nextPageToken }) {
    return items.length > 0 && t(nextPageToken || this.page() ? 'sessionsOfPage' : 'sessionsAll', count(items.length));
  }

  show({ items, nextPageToken }) {
    const head = [[t('sessionOpened')], [t('status')], [t('caller')], [t('reference')], [t('took'), true], [t('code'), true], [t('stands')], [t('taskNo')]];
    return html`
      ${items.length === 0 && !nextPageToken && this.none()}
      ${items.length > 0 && html`<${Table} caption=${t('sessions')} testId="sessions" head=${head}>
        <tbody>${items.map((session) => html`<tr key=${session.id}>
          <th scope="row"><a href=${address(`sessions/${session.id}`)} onClick=${follow}>${time(session.createdAt)}</a></th>
          <td><${SessionStatus} value=${session.status} /></td>
          <td>${session.caller}</td>
          <td>${session.reference}</td>
          <td class="number">${session.verdict && lasted(session.createdAt, session.verdict.receivedAt)}</td>
          <td class="number">${session.verdict?.code}</td>
          <td><${Status} value=${session.charge.status} /></td>
          <td class="code">${session.charge.taskNo}</td>
        </tr>`)}</tbody>
      </${Table}>`}
      <div class="actions">
        ${this.page() && html`<a role="button" class="outline" href=${address('sessions', this.filters())} onClick=${follow}>${t('newest')}</a>`}
        ${nextPageToken && html`<a role="button" class="outline" data-testid="older" href=${address('sessions', { ...this.filters(), page: nextPageToken })} onClick=${follow}>${t('older')}</a>`}
      </div>`;
  }

  /** The list is empty because nothing fits, or nothing is there yet. */
  none() {
    const link = (view, text) => html`<a role="button" class="outline" href=${address(view)} onClick=${follow}>${t(text)}</a>`;
    return Object.values(this.filters()).some(Boolean)
      ? html`<${Empty} title=${t('noSessions')} action=${link('sessions', 'clear')} />`
      : html`<${Empty} title=${t('noSessionsYet')} text=${t('noSessionsText')} action=${link('health', 'health')} />`;
  }
}
