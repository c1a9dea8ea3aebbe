import { change, newKey, read } from '../api.js';
import { Dialog, Reason } from '../dialog.js';
import { onDropImport } from '../drop.js';
import { count, dateText, money, size, span, time } from '../format.js';
import { Component, html } from '../html.js';
import { t, word } from '../i18n.js';
import { Loading, Table } from '../loading.js';
import { toldField, toldResult } from '../problem.js';
import { address, follow } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';
import { isOwn } from '../work.js';
import { differencesOf, isUnderWay, nameOf, StatementStatus } from './statements.js';

const ASK_AGAIN_MILLIS = 1000;
const TOTALS = 'CONTROL_TOTAL_DIFFERS';

/** One bill: how far its import is, then what came of it. */
export class Statement extends Loading {
  state = { ...this.state, asking: null, worked: '' };

  async read(signal) {
    const statement = await read(`/statements/${this.props.id}`, {}, signal);
    const sums = statement.status === 'DONE' ? await this.sums(statement, signal) : [];
    const totals = statement.differences[TOTALS]
      ? (await read(`/statements/${this.props.id}/differences`, { kind: TOTALS }, signal)).items
      : [];
    return { statement, sums, totals };
  }

  /** The sums of all differences at once, and of each other kind that there is. */
  async sums({ matched, explained }, signal) {
    const others = Object.entries({ MATCHED: matched, ...explained }).filter(([, number]) => number > 0);
    const all = await Promise.all(['', ...others.map(([kind]) => kind)].map((kind) => read(`/statements/${this.props.id}/differences/sums`, { kind }, signal)));
    return all.flatMap(({ items }) => items);
  }

  componentDidMount() {
    super.componentDidMount();
    this.endDrops = onDropImport();
  }

  componentDidUpdate(before, state) {
    super.componentDidUpdate(before);
    const { data, error } = this.state;
    const isAnswered = data !== state.data || (error && error !== state.error);
    if (isAnswered && data && isUnderWay(data.statement)) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.run((signal) => this.read(signal), true), ASK_AGAIN_MILLIS);
    }
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    clearTimeout(this.later);
    this.endDrops();
  }

  said({ statement }) {
    return this.props.query.get('known') ? t('importedBefore') : isUnderWay(statement) ? t('importUnderWay') : '';
  }

  show({ statement, sums, totals }) {
    const { asking, worked } = this.state;
    return html`
      <p role="status" class="hidden" data-testid="worked">${worked}</p>
      <p class=${`why ${this.mood(statement)}`} data-testid="result">${this.result(statement)}</p>
      ${isUnderWay(statement) && html`<${Progress} statement=${statement} />`}
      ${statement.problem && html`<ul data-testid="problem">${statement.problem.map((error) => html`<li>${toldField(error)}</li>`)}</ul>`}
      ${this.actions(statement)}
      ${statement.status !== 'FAILED' && !isUnderWay(statement) && this.kinds(statement, sums)}
      ${statement.sum && this.totals(statement, totals)}
      <h2>${t('details')}</h2>
      ${this.hasFile(statement) && html`<${Files} onSignedOut=${this.props.onSignedOut} files=${[{ label: t('saveBill'), name: nameOf(statement), path: `/statements/${statement.id}/file`, type: `${CSV}, ${XLSX}`, testId: 'bill-file' }]} />`}
      <dl class="facts">
        ${this.facts(statement).map(([name, value]) => value && html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>

      ${asking && this.question(statement, asking)}`;
  }

  hasFile(statement) {
    return !statement.dryRun && ['DONE', 'SUPERSEDED', 'WITHDRAWN'].includes(statement.status);
  }

  mood(statement) {
    return statement.status === 'FAILED' || (statement.status === 'DONE' && differencesOf(statement)) ? 'bad' : statement.status === 'DONE' ? 'good' : '';
  }

  result(statement) {
    const differences = differencesOf(statement);
    const lines = count(statement.lines);
    if (statement.status !== 'DONE') return t(`result.${statement.status}`);
    const what = differences ? t('result.differ', lines, count(differences)) : t('result.agree', lines);
    return statement.dryRun ? `${t('result.dryRun')} ${what}` : what;
  }

  actions(statement) {
    const counts = statement.status === 'DONE' && !statement.dryRun;
    const { withdrawalProposedBy: by } = statement;
    const ask = (asking, look) => html`<button type="button" class=${look} data-testid=${asking} onClick=${() => this.setState({ asking, intention: newKey() })}>${t(asking)}</button>`;
    return html`<div class="actions">
      ${statement.status === 'DONE' && differencesOf(statement) > 0 && html`<a role="button" href=${address(`differences/${statement.id}`)} onClick=${follow} data-testid="to-differences">${t('workDifferences')}</a>`}
      ${counts && html`<a role="button" class="outline" href=${address('import', { supersedes: statement.id })} onClick=${follow}>${t('importCorrected')}</a>`}
      ${counts && ask('withdraw', 'secondary outline')}
      ${counts && by && (this.props.isAdmin || isOwn(by, this.props.userName)) && ask('declineWithdrawal', 'outline')}
      ${(statement.dryRun || statement.status === 'FAILED') && html`<a role="button" class="outline" href=${address('import')} onClick=${follow}>${t('importAgain')}</a>`}
    </div>`;
  }

  kinds(statement, sums) {
    const counted = (kinds, isDifference) => Object.entries(kinds).filter(([, number]) => number > 0).map(([kind, number]) => ({ kind, number, isDifference }));
    const rows = [{ kind: 'MATCHED', number: statement.matched }, ...counted(statement.differences, true), ...counted(statement.explained)];
    const sumsOf = (kind, side) => sums.filter((sum) => sum.kind === kind).map((sum) => html`<div key=${sum[side].currency}>${money(sum[side])}</div>`);
    const head = [[t('result')], [t('number'), true], [t('ours'), true], [t('theirs'), true], [t('adjustment'), true], [t('meaning')]];
    return html`<h2>${t('kinds')}</h2>
      <div class="picture" aria-hidden="true" data-testid="picture">${rows.filter(({ number }) => number > 0).map(({ kind, number }) => html`<span key=${kind} data-kind=${kind} title=${`${word('match', kind)}: ${count(number)}`} style=${{ flexGrow: number }}></span>`)}</div>
      <${Table} caption=${t('kinds')} testId="kinds" head=${head}>
        <tbody>${rows.map(({ kind, number, isDifference }) => html`<tr key=${kind} class=${isDifference ? 'late' : ''}>
          <th scope="row"><span class="swatch" data-kind=${kind}></span>${number > 0 ? html`<a href=${address(`differences/${statement.id}`, { kind })} onClick=${follow}>${word('match', kind)}</a>` : word('match', kind)}</th>
          <td class="number">${count(number)}</td>
          <td class="number">${sumsOf(kind, 'ours')}</td><td class="number">${sumsOf(kind, 'theirs')}</td><td class="number">${sumsOf(kind, 'adjustment')}</td>
          <td class="wrap">${word('matchText', kind)}</td>
        </tr>`)}</tbody>
      </${Table}>`;
  }

  totals({ lines, sum, charged }, differences) {
    return html`<h2>${t('controlTotals')}</h2>
      <p>${t('totalsRead', count(lines), money(sum), charged ? money(charged) : '–')}</p>
      ${differences.length
        ? html`<ul data-testid="totals">${differences.map((one) => html`<li key=${one.id}>
            ${one.theirs?.amount && one.ours?.amount ? t('pair', toldResult(one), t('totalStated', money(one.theirs.amount), money(one.ours.amount))) : toldResult(one)}
          </li>`)}</ul>`
        : html`<p data-testid="totals">${t('totalsAgree')}</p>`}`;
  }

  facts(statement) {
    const { invoice = {} } = statement;
    const other = (id) => id && html`<a href=${address(`statements/${id}`)} onClick=${follow}>${id}</a>`;
    return [
      [t('status'), html`<${StatementStatus} of=${statement} />`],
      [t('file'), nameOf(statement)],
      [t('period'), span(statement.from, statement.to)],
      [t('mapping'), statement.mapping],
      [t('charset'), statement.charset],
      [t('size'), size(statement.progress.bytes)],
      [t('importedAt'), time(statement.importedAt)],
      [t('importedBy'), statement.importedBy],
      [t('invoiceTotal'), invoice.total && money(invoice.total)],
      [t('invoiceNumber'), invoice.number],
      [t('invoiceDate'), invoice.date && dateText(invoice.date)],
      [t('invoiceTax'), [invoice.tax && money(invoice.tax), invoice.taxRate && `${invoice.taxRate} %`].filter(Boolean).join(' · ')],
      [t('paidOn'), invoice.paidOn && dateText(invoice.paidOn)],
      [t('supersedes'), other(statement.supersedes)],
      [t('supersededBy'), other(statement.supersededBy)],
      [t('act.statement-withdrawal-proposed'), statement.withdrawalProposedBy],
      [t('withdrawnAt'), statement.withdrawnAt && time(statement.withdrawnAt)],
      [t('withdrawnBy'), statement.withdrawnBy],
      [t('reason'), statement.reason],
      ['SHA-256', html`<span class="code">${statement.sha256}</span>`],
    ];
  }

  /** A withdrawal, or that the proposal of one is declined. What was pressed is gone once it is done: the page has the focus. */
  question({ id, withdrawalProposedBy }, asking) {
    const isWithdrawal = asking === 'withdraw';
    const done = async ({ status }) => {
      const act = !isWithdrawal ? 'withdrawal-declined' : status === 'WITHDRAWN' ? 'withdrawn' : 'withdrawal-proposed';
      this.setState({ asking: null, worked: t(`act.statement-${act}`) });
      await this.load();
      document.querySelector('h1')?.focus();
    };
    return html`<${Dialog} title=${t(asking)} confirm=${t(asking)} onCancel=${() => this.setState({ asking: null })}
        act=${(given) => change(isWithdrawal ? 'POST' : 'DELETE', `/statements/${id}/withdraw`, { key: this.state.intention, body: isWithdrawal ? { ...given, proposedBy: withdrawalProposedBy } : undefined })} onDone=${done}>
      <p>${t(`${asking}Text`)}</p>
      ${isWithdrawal && html`<${Reason} />`}
    </${Dialog}>`;
  }
}

/** How far an import is, how fast it goes on, and how long it takes still, since this was first shown. */
export class Progress extends Component {
  render({ statement: { status, progress } }) {
    const isRead = status === 'READING';
    const [done, all] = isRead ? [progress.bytesRead, progress.bytes] : [progress.linesMatched, progress.linesRead];
    const lines = isRead ? progress.linesRead : progress.linesMatched;
    if (this.begin?.status !== status) this.begin = { status, at: Date.now(), done, lines };
    const seconds = (Date.now() - this.begin.at) / 1000;
    const speed = seconds > 0 ? (lines - this.begin.lines) / seconds : 0;
    const left = done > this.begin.done ? ((all - done) * seconds) / (done - this.begin.done) : null;
    const label = isRead ? t('progressRead', size(done), size(all), count(progress.linesRead)) : t('progressMatched', count(done), count(all));
    return html`<div class="progress" data-testid="progress">
      <progress value=${Math.min(done, all)} max=${all || 1} aria-label=${label}></progress>
      <span>${label}${speed > 0 && ` · ${t('perSecond', count(Math.round(speed)))}`}${left !== null && ` · ${t('timeLeft', count(Math.ceil(left)))}`}</span>
    </div>`;
  }
}
