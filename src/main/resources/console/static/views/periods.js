import { read } from '../api.js';
import { time, ZONE } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Loading, Table } from '../loading.js';
import { address, follow } from '../route.js';

/** All months, newest first. */
export class Periods extends Loading {
  read(signal) {
    return read('/periods', {}, signal);
  }

  before() {
    return html`<p>${t('periodsText')}</p><p class="hint">${t('zone', ZONE)}</p>`;
  }

  said({ items }) {
    return items.length ? '' : t('noPeriods');
  }

  show({ items }) {
    const head = [[t('month')], [t('status')], [t('softClosed')], [t('closed')]];
    return items.length > 0 && html`<${Table} caption=${t('periods')} testId="periods" head=${head}>
      <tbody>${items.map((period) => html`<tr key=${period.month}>
        <th scope="row"><a href=${address(`periods/${period.month}`)} onClick=${follow}>${period.month}</a></th>
        <td><${PeriodStatus} value=${period.status} /></td>
        <td>${act(period.softClosedAt, period.softClosedBy)}</td>
        <td>${act(period.closedAt, period.closedBy)}</td>
      </tr>`)}</tbody>
    </${Table}>`;
  }
}

const act = (at, by) => at && html`${time(at)}<small>${by}</small>`;

export function PeriodStatus({ value }) {
  return html`<span class=${`status ${value}`}>${word('period', value)}</span>`;
}
