import { change, newKey, read } from '../api.js';
import { Dialog } from '../dialog.js';
import { count, firstDay, lastDay, time, ZONE } from '../format.js';
import { html } from '../html.js';
import { known, t } from '../i18n.js';
import { Loading, Table } from '../loading.js';
import { address, follow } from '../route.js';
import { Files } from '../saving.js';
import { payable, sumsCells, sumsHead } from '../sums.js';
import { PeriodStatus } from './periods.js';

const PROOF = 'application/x-ndjson';
const CLOSE = 'close';
const SOFT_CLOSE = 'soft-close';
const STATUS_OF = { 'fees-open': 'PRE_DEDUCTED', 'fees-overdue': 'PRE_DEDUCTED', 'fees-unconfirmed': 'UNCONFIRMED' };

/** One month: what stands in the way of closing it, or what it was closed with. */
export class Period extends Loading {
  state = { ...this.state, asking: null, proved: null };

  read(signal) {
    return read(`/periods/${this.props.id}`, {}, signal);
  }

  show(period) {
    const { asking } = this.state;
    return html`
      <p class=${`why ${period.status === 'CLOSED' ? 'good' : ''}`} data-testid="standing">${this.standing(period)}</p>
      ${period.checklist && this.checklist(period)}
      ${period.warnings && html`<h2>${t('warnings')}</h2>${this.findings(period.warnings, period.month, 'warnings')}`}
      ${period.status !== 'CLOSED' && this.actions(period)}
      ${period.totals && this.totals(period)}
      ${period.hash && this.proof(period)}
      <h2>${t('details')}</h2>
      <dl class="facts">
        ${this.facts(period).map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
      <p class="hint">${t('zone', ZONE)}</p>
      ${asking && this.question(period, asking)}`;
  }

  standing({ status, closedAt, closedBy, checklist }) {
    if (status === 'CLOSED') return t('standing.CLOSED', time(closedAt), closedBy);
    return t(`standing.${status}.${checklist.length ? 'not-yet' : 'ready'}`);
  }

  checklist({ month, checklist }) {
    return html`<h2>${t('checklist')}</h2>
      ${checklist.length
        ? this.findings(checklist, month, 'checklist')
        : html`<p data-testid="checklist">${t('nothingInTheWay')}</p>`}`;
  }

  findings(all, month, testId) {
    return html`<ul class="checklist" data-testid=${testId}>${all.map((finding) => html`<li key=${finding.code}>
        <strong>${known('finding', finding.code) ?? finding.code}</strong>${finding.count > 1 ? ` (${count(finding.count)})` : ''}<br />
        ${known('reason', finding.code) ?? finding.detail} ${this.lead(finding.code, month)}
      </li>`)}</ul>`;
  }

  /** Where what stands in the way can be looked at. */
  lead(code, month) {
    const status = STATUS_OF[code];
    return status && html`<a href=${address('charges', { status, from: firstDay(month), to: lastDay(month) })} onClick=${follow}>${t('showThem')}</a>`;
  }

  actions({ status, checklist }) {
    if (!this.props.isAdmin) return html`<p class="hint" data-testid="not-admin">${t('closeNeedsAdmin')}</p>`;
    const ask = (act) => () => this.setState({ asking: { act, key: newKey() } });
    return html`<div class="actions">
      ${status === 'OPEN' && html`<button type="button" class="outline" data-testid="soft-close" onClick=${ask(SOFT_CLOSE)}>${t('softClose')}</button>`}
      <button type="button" data-testid="close" disabled=${checklist.length > 0} onClick=${ask(CLOSE)}>${t('close')}</button>
    </div>`;
  }

  question({ month }, { act, key }) {
    const isFinal = act === CLOSE;
    const done = (period) => this.setState({ asking: null, data: period }, () => document.querySelector('h1')?.focus());
    return html`<${Dialog} title=${t(isFinal ? 'closeMonth' : 'softCloseMonth', month)} confirm=${t(isFinal ? 'close' : 'softClose')}
        onCancel=${() => this.setState({ asking: null })} act=${() => change('POST', `/periods/${month}/${act}`, { key })} onDone=${done}>
      <p>${t(isFinal ? 'closeText' : 'softCloseText')}</p>
      ${isFinal && html`<p><strong>${t('noReopening')}</strong> ${t('correctionsText')}</p>`}
    </${Dialog}>`;
  }

  totals({ totals }) {
    return html`<h2>${t('totals')}</h2>
      ${totals.length === 0 && html`<p>${t('noFeesOfMonth')}</p>`}
      ${totals.length > 0 && html`<${Table} caption=${t('totals')} testId="totals" head=${[[t('currency')], ...sumsHead]}>
        <tbody>${totals.map((sums) => html`<tr key=${sums.currency}><th scope="row">${sums.currency}</th>${sumsCells(sums)}</tr>`)}</tbody>
      </${Table}>
      ${totals.map(payable)}`}`;
  }

  proof({ month, hash, rows }) {
    const { proved } = this.state;
    return html`<h2>${t('proof')}</h2>
      <p>${t('proofText', count(rows))}</p>
      <p class="code" data-testid="hash">${hash}</p>
      <${Files} onSignedOut=${this.props.onSignedOut} onSaved=${(file) => this.prove(file, hash)} files=${[
        { label: t('saveProof'), path: `/periods/${month}/proof`, name: `proof-${month}.ndjson`, type: PROOF, testId: 'proof' },
      ]} />
      <${Files} onSignedOut=${this.props.onSignedOut} files=${[
        { label: t('saveArchive'), path: `/periods/${month}/archive`, name: `archive-${month}.zip`, type: 'application/zip', testId: 'archive' },
      ]} />
      <p role="status" data-testid="proved">${proved === null ? '' : t(proved ? 'proofFits' : 'proofDiffers')}</p>`;
  }

  async prove(file, hash) {
    this.setState({ proved: null });
    this.setState({ proved: (await sha256(file)) === hash });
  }

  facts(period) {
    return [
      [t('status'), html`<${PeriodStatus} value=${period.status} />`],
      [t('begins'), time(period.from)],
      [t('ends'), time(period.to)],
      [t('softClosed'), period.softClosedAt && `${time(period.softClosedAt)} · ${period.softClosedBy}`],
      [t('closed'), period.closedAt && `${time(period.closedAt)} · ${period.closedBy}`],
    ];
  }
}

async function sha256(file) {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
