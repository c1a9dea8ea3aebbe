// What stands between a month and its close, and the proof of one that is closed.
import { change, changeSlowly, download, newKey, read, SignedOut } from '../api.js';
import { Dialog, Reason } from '../dialog.js';
import { amount, count, dateText, fees, firstDay, lastDay, time } from '../format.js';
import { Component, html } from '../html.js';
import { t, word } from '../i18n.js';
import { Badge, Steps } from '../kit.js';
import { Fault, Loading, Table } from '../loading.js';
import { told } from '../problem.js';
import { address, follow, go } from '../route.js';
import { Files } from '../saving.js';
import { isOwn } from '../work.js';

const PROOF = 'application/x-ndjson';
const CLOSE = 'close';
const SOFT_CLOSE = 'soft-close';
const DECLINE = 'declineClose';
// A row has some 300 bytes. The browser holds the whole proof to hash it: 100 MB are enough.
const MOST_ROWS = 300_000;
const NOT_FOUND = 404;
const TONES = { OPEN: 'none', SOFT_CLOSED: 'warn', CLOSED: 'good' };

/**
 * The steps in their order, each with the findings that it waits for: what people do, what ends by itself, and what operations look into.
 * It is not done either while there are those of after, which are of earlier steps; the last one is not begun before.
 */
const STEPS = [
  { name: 'fees', codes: { 'fees-overdue': 'blocked', 'fees-open': 'later', 'fees-unconfirmed': 'later' }, after: ['month-not-over'] },
  { name: 'over', codes: { 'month-not-over': 'later', 'earlier-month-open': 'now' } },
  { name: 'bill', codes: { 'statement-missing': 'now', 'statements-under-way': 'later', 'no-statement': 'now' }, after: ['month-not-over'] },
  { name: 'differences', codes: { 'differences-open': 'now', 'statements-outdated': 'now', 'lines-outside-period': 'done' }, after: ['month-not-over', 'statement-missing', 'statements-under-way', 'no-statement'] },
  { name: 'books', codes: { 'books-differ': 'blocked' } },
  { name: 'agreement', codes: { 'not-reconciled': 'now', 'not-invoiced': 'now', 'never-compared': 'now', 'final-line-missing': 'now', 'bill-withdrawn': 'now' }, after: ['month-not-over', 'statement-missing', 'statements-under-way', 'differences-open', 'statements-outdated'], isLast: true },
];
const KNOWN = STEPS.flatMap(({ codes }) => Object.keys(codes));
const STATES = ['blocked', 'now', 'later', 'done'];
const STATUS_OF = { 'fees-open': 'PRE_DEDUCTED', 'fees-overdue': 'PRE_DEDUCTED', 'fees-unconfirmed': 'UNCONFIRMED' };

const link = (path, parameters, text, testId) => html`<a role="button" class="outline" href=${address(path, parameters)} onClick=${follow} data-testid=${testId}>${text}</a>`;

export const PeriodStatus = ({ value }) => html`<${Badge} tone=${TONES[value]}>${word('period', value)}</${Badge}>`;

/** A month: its steps to the close, or what it was closed with; then both sides of it, which take longer to read. */
export class Closing extends Loading {
  state = { ...this.state, asking: null };

  async read(signal) {
    const { month } = this.props;
    try {
      return { period: await read(`/periods/${month}`, {}, signal) };
    } catch (error) {
      if (error.status === NOT_FOUND) return { period: null };
      throw error;
    }
  }

  show({ period }) {
    // The page has said that there are no fees.
    if (!period) return null;
    const { asking } = this.state;
    return html`
      <section class="card" aria-labelledby="closing">
        <h2 id="closing">${t('closing')} <${PeriodStatus} value=${period.status} /></h2>
        <p data-testid="standing">${this.standing(period)}</p>
        ${period.status === 'CLOSED' ? this.closed(period) : html`<div data-testid="steps"><${Steps} items=${this.steps(period)} /></div>`}
      </section>
      <${Reconciled} ...${this.props} />
      ${asking && this.question(period, asking)}`;
  }

  standing({ status, closedAt, closedBy, softClosedAt, softClosedBy, checklist }) {
    if (status === 'CLOSED') return t('standing.CLOSED', time(closedAt), closedBy);
    const standing = t(`standing.${status}.${checklist.length ? 'not-yet' : 'ready'}`);
    return softClosedAt ? `${standing} ${time(softClosedAt)} · ${softClosedBy}` : standing;
  }

  closed(period) {
    const list = (testId, findings) => findings && html`<ul data-testid=${testId}>${findings.map((finding) => html`<li key=${finding.code}>${this.sentence(finding)}</li>`)}</ul>`;
    return html`
      ${period.differencesSince && html`<p class="late" data-testid="differences-since">${t('differencesSince', count(period.differencesSince))} ${link('statements', {}, t('showThem'))}</p>`}
      ${period.proposal && html`<p data-testid="closed-by-two">${this.proposed('closedByTwo', period)}</p>`}
      ${list('findings', period.findings)}
      ${list('warnings', period.warnings)}
      <${Proof} period=${period} onSignedOut=${this.props.onSignedOut} />`;
  }

  proposed = (text, { proposal }) => t(text, proposal.by, time(proposal.at), proposal.reason);

  sentence = (finding) => t(finding.count > 1 ? 'findings' : 'pair', word('finding', finding.code), told('reason', finding), count(finding.count ?? 1));

  steps({ month, status, checklist, findings = [], warnings = [], proposal }) {
    const all = [...checklist, ...findings, ...warnings];
    const steps = STEPS.map(({ name, codes, after = [], isLast }) => {
      const found = all.filter(({ code }) => code in codes).sort((one, other) => STATES.indexOf(codes[one.code]) - STATES.indexOf(codes[other.code]));
      const own = found.length ? codes[found[0].code] : 'done';
      const state = (own === 'done' || isLast) && all.some(({ code }) => after.includes(code)) ? 'later' : own;
      return { title: t(`step.${name}`), state, text: found.map((finding) => html`<span key=${finding.code}>${this.sentence(finding)} </span>`), action: found.length > 0 && this.lead(found[0], month) };
    });
    const others = checklist.filter(({ code }) => !KNOWN.includes(code));
    const isReady = checklist.length === 0;
    const needsTwo = findings.length > 0;
    const isMine = proposal && isOwn(proposal.by, this.props.userName);
    const closing = needsTwo ? (proposal && !isMine ? 'closeAsSecond' : 'proposeClose') : 'close';
    const text = [...others.map(this.sentence), needsTwo && !proposal && t('closeNeedsTwo'), needsTwo && proposal && this.proposed('closeProposed', { proposal }), isMine && t('closeAwaitsSecond'), !this.props.isAdmin && t('closeNeedsAdmin')];
    return [...steps, {
      title: t('step.close'), state: isReady ? 'now' : 'later',
      text: text.filter(Boolean).join(' '),
      action: this.props.isAdmin && html`<span class="actions">
        ${status === 'OPEN' && html`<button type="button" class="outline" data-testid="soft-close" disabled=${checklist.some(({ code }) => code === 'month-not-over')} onClick=${() => this.ask(SOFT_CLOSE)}>${t('softClose')}</button>`}
        ${!(needsTwo && isMine) && html`<button type="button" data-testid="close" disabled=${!isReady} onClick=${() => this.ask(CLOSE)}>${t(closing)}</button>`}
        ${proposal && html`<button type="button" class="outline" data-testid="decline-close" onClick=${() => this.ask(DECLINE)}>${t(DECLINE)}</button>`}
      </span>`,
    }];
  }

  ask = (act) => this.setState({ asking: { act, key: newKey() } });

  /** Where what stands in the way is done, or can be looked at. */
  lead({ code, parameters = {} }, month) {
    const days = { from: firstDay(month), to: lastDay(month) };
    if (code in STATUS_OF) return link('charges', { status: STATUS_OF[code], ...days }, t('showThem'));
    if (code === 'earlier-month-open') return link(`periods/${parameters.month}`, {}, t('toMonth', dateText(parameters.month)));
    if (code === 'statement-missing' || code === 'no-statement') return link('import', days, t('import'), 'step-import');
    if (code === 'differences-open') return link(`differences/${parameters.statement}`, {}, t('workDifferences'), 'step-differences');
    if (code === 'not-reconciled' || code === 'never-compared') return html`<a role="button" class="outline" href="#reconciliation">${t('showThem')}</a>`;
    if (code === 'not-invoiced' || code === 'final-line-missing') return link('statements', {}, t('showThem'));
    if (code === 'bill-withdrawn') return link(`statements/${parameters.statements.split(', ')[0]}`, {}, t('showThem'));
    if (code === 'statements-outdated') return link(`statements/${parameters.statements.split(', ')[0]}`, {}, t('showThem'));
    return code === 'statements-under-way' && link('statements', {}, t('showThem'));
  }

  question({ month, findings, proposal }, { act, key, isLost }) {
    const done = () => this.setState({ asking: null }, () => {
      document.querySelector('h1')?.focus();
      go(location.pathname + location.search);
    });
    const cancel = () => this.setState({ asking: null });
    if (act !== CLOSE) {
      const isSoft = act === SOFT_CLOSE;
      return html`<${Dialog} title=${isSoft ? t('softCloseMonth', dateText(month)) : t(act)} confirm=${t(isSoft ? 'softClose' : act)} onCancel=${cancel}
          act=${() => (isSoft ? change('POST', `/periods/${month}/${act}`, { key }) : change('DELETE', `/periods/${month}/${CLOSE}`, { key }))} onDone=${done}>
        <p>${t(isSoft ? 'softCloseText' : 'declineCloseText')}</p>
      </${Dialog}>`;
    }
    const isSecond = findings && proposal && !isOwn(proposal.by, this.props.userName);
    const isProposal = findings && !isSecond;
    const lost = () => this.setState(({ asking }) => ({ asking: { ...asking, isLost: true } }));
    const body = (given) => (isSecond ? { proposedBy: proposal.by } : isProposal ? given : {});
    return html`<${Dialog} title=${t('closeMonth', dateText(month))} confirm=${t(isSecond ? 'closeAsSecond' : isProposal ? 'proposeClose' : 'close')}
        working=${!isProposal && t(isLost ? 'stillClosing' : 'closingMonth')} onCancel=${cancel}
        act=${(given) => changeSlowly(`/periods/${month}/${CLOSE}`, { key, body: body(given) }, lost)} onDone=${done}>
      ${findings && html`<ul>${findings.map((finding) => html`<li key=${finding.code}>${this.sentence(finding)}</li>`)}</ul>`}
      ${isSecond && html`<p>${this.proposed('closeProposed', { proposal })}</p>`}
      <p>${t(isProposal ? 'proposeCloseText' : 'closeText')}</p>
      ${isProposal ? html`<${Reason} />` : html`<p><strong>${t('noReopening')}</strong> ${t('correctionsText')}</p>`}
    </${Dialog}>`;
  }
}

/** Both sides of a month by kind of result; what is left over stands in the last column. */
class Reconciled extends Loading {
  read(signal) {
    return read(`/periods/${this.props.month}/reconciliation`, {}, signal);
  }

  show({ results, totals }) {
    const head = [[t('result')], [t('lines'), true], [t('ours'), true], [t('adjusted'), true], [t('bill'), true], [t('difference'), true]];
    const row = (sums) => html`<td class="number">${count(sums.lines)}</td>
      <td class="number">${amount(sums.charges)}<small>${fees(sums.fees)}</small></td>
      <td class="number">${amount(sums.corrections)}${Number(sums.correctedLater) !== 0 && html`<small>${t('correctedLater', amount(sums.correctedLater))}</small>`}</td>
      <td class="number">${amount(sums.bill)}${sums.invoice && html`<small>${t('ofInvoice', amount(sums.invoice))}</small>`}</td><td class="number">${amount(sums.difference)}</td>`;
    return totals.length > 0 && html`<section class="card" aria-labelledby="reconciliation"><h2 id="reconciliation">${t('reconciliation')}</h2>
      ${totals.map((total) => html`<${Table} key=${total.currency} caption=${t('aside', t('reconciliation'), total.currency)} testId="reconciled" head=${head}>
        <tbody>${results.filter(({ currency }) => currency === total.currency).map((sums) => html`<tr key=${sums.result} class=${Number(sums.difference) === 0 ? '' : 'late'}>
          <th scope="row">${word('match', sums.result)}</th>${row(sums)}</tr>`)}</tbody>
        <tfoot><tr><th scope="row">${t('aside', t('total'), total.currency)}</th>${row(total)}</tr></tfoot>
      </${Table}>`)}</section>`;
  }
}

/** The proof of a closed month to save, and the same check in the browser as on a command line, which alone is for a large one. */
export class Proof extends Component {
  state = { proved: null, isBusy: false, error: null };

  verify = async () => {
    const { month, hash } = this.props.period;
    this.setState({ isBusy: true, proved: null, error: null });
    try {
      const proof = await download(`/periods/${month}/proof`, {}, PROOF);
      this.setState({ isBusy: false, proved: (await sha256(proof)) === hash });
    } catch (error) {
      if (error instanceof SignedOut) this.props.onSignedOut();
      this.setState({ isBusy: false, error: error instanceof SignedOut ? null : error });
    }
  };

  render({ period: { month, rows, hash }, onSignedOut }, { proved, isBusy, error }) {
    const isLarge = rows > MOST_ROWS;
    const file = (kind, ending, type) => ({ label: t(`save.${kind}`), path: `/periods/${month}/${kind}`, name: `${kind}-${month}.${ending}`, type, testId: kind });
    return html`<div class="proof">
      <div class="actions">
        ${!isLarge && html`<button type="button" data-testid="verify" aria-busy=${isBusy ? 'true' : undefined} disabled=${isBusy} onClick=${this.verify}>${t('verify')}</button>`}
        <${Files} onSignedOut=${onSignedOut} files=${[file('proof', 'ndjson', PROOF), file('archive', 'zip', 'application/zip')]} />
      </div>
      <p role="status" data-testid="proved">${proved !== null && html`<${Badge} tone=${proved ? 'good' : 'bad'}>${t(proved ? 'proofFits' : 'proofDiffers')}</${Badge}>`}</p>
      ${error && html`<${Fault} text="notDone" error=${error} onRetry=${this.verify} />`}
      ${isLarge && html`<p class="hint" data-testid="too-large">${t('proofTooLarge', count(MOST_ROWS))}</p>`}
      <details open=${isLarge}><summary>${t('verifyByCommand')}</summary>
        <p>${t('proofText', count(rows))} <span class="code" data-testid="hash">${hash}</span></p>
        <pre class="code" tabindex="0">${`echo "${hash}  proof-${month}.ndjson" | sha256sum -c`}</pre>
      </details>
    </div>`;
  }
}

async function sha256(file) {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
