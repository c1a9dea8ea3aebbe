import { read, send, SignedOut } from '../api.js';
import { onDrop, taken } from '../drop.js';
import { beginOf, count, dayOf, endOf, firstDay, lastDay, money, size, time, today } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Choice, Fault, Field, Loading, Table, typed } from '../loading.js';
import { MappingForm } from '../mapping.js';
import { toldField, toldLine } from '../problem.js';
import { address, follow, go } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';
import { Progress } from './statement.js';
import { differencesOf, isUnderWay, nameOf } from './statements.js';

const DEFAULT = 'default';
// What a preview reads of a file, and one byte that tells that there is more. A workbook cannot be cut.
const PREVIEWED_BYTES = 4 * 1024 * 1024 + 1;
const LONGEST_NAME = 256;
const KNOWN = 200;
const UNUSABLE = 400;
const ASK_AGAIN_MILLIS = 1000;

const typeOf = (file) => (/\.xlsx$/i.test(file.name) ? XLSX : CSV);

/** Takes a bill from its file to its import: mapping, preview, and a dry run that says what an import would find and refuse. */
export class Import extends Loading {
  state = { ...this.state, file: null, mapping: DEFAULT, editing: null, isOver: false, preview: null, previewing: false, wrong: null, sending: null, sentBytes: 0, refused: null, check: null };

  componentDidMount() {
    super.componentDidMount();
    this.endDrops = onDrop(this.choose, (isOver) => isOver !== this.state.isOver && this.setState({ isOver }));
    this.choose(taken());
  }

  async read(signal) {
    const [mappings, statements] = await Promise.all([read('/statement-mappings', {}, signal), read('/statements', {}, signal)]);
    return { mappings: mappings.items, statements: statements.items.filter(({ status }) => status === 'DONE') };
  }

  /** What the end of the session has interrupted is done once somebody has signed in. */
  componentDidUpdate(before) {
    super.componentDidUpdate(before);
    const { interrupted } = this;
    if (before.signedIn === this.props.signedIn || !interrupted) return;
    this.interrupted = null;
    interrupted();
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    this.endDrops();
    this.previews?.abort();
    this.checks?.abort();
    this.sent?.abort();
  }

  choose = (file) => file && this.state.sending === null && this.setState(({ editing }) => ({ file, refused: null, editing: editing?.isGuessed ? null : editing }), this.preview);

  preview = async () => {
    const { file, mapping } = this.state;
    this.previews?.abort();
    this.checks?.abort();
    this.setState({ check: null });
    if (!file) return;
    const { signal } = (this.previews = new AbortController());
    this.setState({ previewing: true, preview: null, wrong: null });
    const type = typeOf(file);
    const previewed = async (guess) => (await send('/statements/preview', { mapping, guess }, type === CSV ? file.slice(0, PREVIEWED_BYTES) : file, type, signal)).answer;
    try {
      const preview = await previewed();
      if (!signal.aborted) this.setState({ preview, previewing: false }, this.check);
    } catch (error) {
      const preview = error.status === UNUSABLE && !signal.aborted ? await previewed('true').catch(() => null) : null;
      if (signal.aborted) return;
      const guess = preview?.guessed && !this.state.editing && { name: '', mapping: preview.guessed, isNew: true, isGuessed: true };
      this.setState({ wrong: this.told(error, this.preview), previewing: false, ...(guess && { preview, editing: guess }) });
    }
  };

  /** Reads the whole file without any effect. */
  check = async () => {
    const { signal } = (this.checks = new AbortController());
    this.setState({ check: { isBusy: true } });
    try {
      const supersedes = this.props.query.get('supersedes') ?? undefined;
      const { status, answer } = await this.send({ supersedes }, true, signal, () => {});
      let tried = answer;
      while (isUnderWay(tried) && !signal.aborted) {
        this.setState({ check: { isBusy: true, statement: tried } });
        await new Promise((later) => setTimeout(later, ASK_AGAIN_MILLIS));
        tried = await read(`/statements/${tried.id}`, {}, signal);
      }
      if (!signal.aborted) this.setState({ check: { statement: tried, isKnown: status === KNOWN } }, () => this.propose(tried));
    } catch (error) {
      if (!signal.aborted) this.setState({ check: { error: this.told(error, this.check) } });
    }
  };

  /** The days of its lines, or the month that they are all of once it is over; what was typed stays. */
  propose({ from, to }) {
    if (!from || !this.form) return;
    const [first, last] = [dayOf(from), dayOf(to)];
    const month = first.slice(0, 7);
    const isOfMonth = month === last.slice(0, 7) && lastDay(month) < today();
    const proposed = isOfMonth ? [firstDay(month), lastDay(month)] : [first, last];
    ['from', 'to'].forEach((name, at) => (this.form.elements[name].value ||= proposed[at]));
  }

  submit = async (event) => {
    event.preventDefault();
    const order = typed(event.currentTarget);
    const isDryRun = event.submitter?.value === 'dry-run';
    const { signal } = (this.sent = new AbortController());
    this.setState({ sending: isDryRun ? 'dry-run' : 'import', sentBytes: 0, refused: null });
    try {
      const { status, answer } = await this.send(order, isDryRun, signal, (sentBytes) => signal.aborted || this.setState({ sentBytes }));
      this.shown(answer, status === KNOWN);
    } catch (error) {
      if (!signal.aborted) this.setState({ refused: this.told(error), sending: null });
    }
  };

  send({ from, to, ...others }, isDryRun, signal, onProgress) {
    const { file, mapping } = this.state;
    return send(
      '/statements',
      { mapping, fileName: file.name.slice(0, LONGEST_NAME), ...others, from: from && beginOf(from), to: to && endOf(to), dryRun: isDryRun && 'true' },
      file, typeOf(file), signal, onProgress,
    );
  }

  shown = ({ id }, isKnown) => go(address(`statements/${id}`, { known: isKnown && '1' }));

  told(error, act = null) {
    if (!(error instanceof SignedOut)) return error;
    this.interrupted = act;
    this.props.onSignedOut();
    return null;
  }

  show(data) {
    const { file, editing, preview, previewing, wrong, check } = this.state;
    return html`
      <section aria-labelledby="step-file"><h2 id="step-file">${t('stepFile')}</h2>${this.fileField(file)}</section>
      <section aria-labelledby="step-mapping"><h2 id="step-mapping">${t('stepMapping')}</h2>${editing ? this.mappingForm(editing) : this.mappingField(data)}</section>
      ${file && html`<section aria-labelledby="step-preview"><h2 id="step-preview">${t('stepPreview')}</h2>
        <div role="status" aria-live="polite">${previewing ? html`<span aria-busy="true">${t('loading')}</span>` : preview && t('previewed', count(preview.items.length), preview.charset ?? 'XLSX', count(preview.headerLine))}</div>
        ${wrong && !preview && html`<${Fault} text="notReadable" error=${wrong} onRetry=${this.preview} />`}
        ${preview && this.lines(preview)}
        ${check && this.checked(check, data)}
      </section>`}
      ${file && preview && !preview.guessed && this.order(data)}`;
  }

  fileField(file) {
    return html`<label class=${`drop ${this.state.isOver ? 'over' : ''}`} data-testid="drop">
      <span>${file ? t('fileChosen', file.name, size(file.size)) : t('dropFile')}</span>
      <input type="file" accept=".csv,.txt,.xlsx,text/csv" aria-describedby="file-hint" disabled=${this.state.sending !== null} onChange=${(event) => this.choose(event.currentTarget.files[0])} />
    </label>
    <p class="hint" id="file-hint">${t('fileHint')}</p>`;
  }

  mappingField({ mappings }) {
    const { mapping } = this.state;
    const chosen = mappings.find(({ name }) => name === mapping) ?? mappings[0];
    const template = { path: `/statement-mappings/${mapping}/template` };
    const edit = (isNew) => () => this.setState({ editing: { ...chosen, isNew } });
    return html`<div class="filters">
        <${Field} label=${t('mapping')}>
          <select name="mapping" data-testid="mapping" onChange=${(event) => this.setState({ mapping: event.currentTarget.value }, this.preview)}>
            ${mappings.map(({ name }) => html`<option value=${name} selected=${name === mapping}>${name === DEFAULT ? t('mappingDefault') : name}</option>`)}
          </select>
        </${Field}>
        <button type="button" class="outline" data-testid="new-mapping" onClick=${edit(true)}>${t('mappingNew')}</button>
        ${mapping !== DEFAULT && html`<button type="button" class="outline" onClick=${edit(false)}>${t('mappingChange')}</button>`}
        <${Files} onSignedOut=${this.props.onSignedOut} files=${[
          { ...template, label: t('template', 'CSV'), name: `${mapping}.csv`, type: CSV, testId: 'template' },
          { ...template, label: t('template', 'XLSX'), name: `${mapping}.xlsx`, type: XLSX, testId: 'template-xlsx' },
        ]} />
      </div>
      <p class="hint">${t('mappingReads', Object.values(chosen.mapping.columns).join(', '), chosen.mapping.timeFormats.join(', '), chosen.mapping.timeZone)}</p>`;
  }

  mappingForm(editing) {
    const closed = (name) => this.setState(
      ({ preview }) => ({ editing: null, preview: preview?.guessed ? null : preview, ...(name !== undefined && { mapping: name ?? DEFAULT }) }),
      () => name !== undefined && this.load().then(this.preview),
    );
    return html`<${MappingForm} key=${JSON.stringify(editing.mapping)} named=${editing} onClosed=${closed} onSignedOut=${this.props.onSignedOut} />`;
  }

  lines({ items }) {
    const head = [[t('line'), true], [t('cells')], [t('taskNo')], [t('at')], [t('status')], [t('amount'), true]];
    return items.length > 0 && html`<${Table} caption=${t('previewTable')} testId="preview" head=${head}>
      <tbody>${items.map((line) => html`<tr key=${line.line}>
        <th scope="row" class="number">${line.line}</th>
        <td class="code cells">${line.cells.join(' │ ')}</td>
        ${line.problem
          ? html`<td colspan="4" class="problem">${toldLine(line.problem)}</td>`
          : html`<td class="code">${line.taskNo}</td><td>${time(line.time)}</td><td>${word('status', line.status)}</td><td class="number">${line.amount && money(line.amount)}</td>`}
      </tr>`)}</tbody>
    </${Table}>`;
  }

  /** What the dry run found: what an import would refuse, and what it would lead to. */
  checked({ isBusy, statement, isKnown, error }, { statements }) {
    if (isBusy) return html`<div data-testid="checking" role="status"><p aria-busy="true">${t('checking')}</p>${statement && html`<${Progress} statement=${statement} />`}</div>`;
    if (error) return html`<${Fault} text="notChecked" error=${error} onRetry=${this.check} />`;
    if (!statement) return null;
    if (isKnown) return html`<p class="why warn" data-testid="checked">${t('checkedKnown')} <a href=${address(`statements/${statement.id}`)} onClick=${follow}>${t('showThem')}</a></p>`;
    if (statement.status === 'FAILED') {
      return html`<div class="why bad" data-testid="checked"><p>${t('checkedRefused')}</p><ul>${statement.problem.map((one) => html`<li key=${one.field}>${toldField(one)}</li>`)}</ul></div>`;
    }
    const differences = differencesOf(statement);
    const unreadable = statement.differences.UNREADABLE_LINE;
    const same = this.props.query.get('supersedes') ? undefined : statements.find(({ from, to }) => from < statement.to && to > statement.from);
    return html`<div class=${`why ${differences ? 'warn' : 'good'}`} data-testid="checked">
      <p>${t('checkedText', count(statement.lines), dayOf(statement.from) || '–', dayOf(statement.to) || '–', count(differences))}</p>
      ${unreadable > 0 && html`<p>${t('checkedUnreadable', count(unreadable))}</p>`}
      ${same && html`<p>${t('checkedSame', nameOf(same))}</p>`}
    </div>`;
  }

  order({ statements }) {
    const { sending, sentBytes, refused } = this.state;
    const supersedes = this.props.query.get('supersedes') ?? '';
    const choices = statements.map((statement) => [statement.id, `${nameOf(statement)} · ${time(statement.importedAt)}`]);
    const button = (value, label, look) => html`<button type="submit" value=${value} formnovalidate=${value === 'dry-run'} class=${look} data-testid=${value} disabled=${sending !== null} aria-busy=${sending === value ? 'true' : undefined}>${label}</button>`;
    return html`<section aria-labelledby="step-import"><h2 id="step-import">${t('stepImport')}</h2>
      <form data-testid="order" ref=${(form) => (this.form = form)} onSubmit=${this.submit}>
        <div class="filters">
          <${Field} label=${t('billFrom')}><input name="from" type="date" required defaultValue=${this.props.query.get('from') ?? ''} /></${Field}>
          <${Field} label=${t('billTo')}><input name="to" type="date" required defaultValue=${this.props.query.get('to') ?? ''} /></${Field}>
          <${Field} label=${t('invoiceTotal')}><input name="invoiceTotal" inputmode="decimal" maxlength="17" pattern="[0-9]{1,12}([.][0-9]{1,4})?" placeholder="1000.00" /></${Field}>
          <${Choice} name="supersedes" label=${t('supersedes')} value=${supersedes} choices=${[['', t('none')], ...choices]} />
        </div>
        <p class="hint">${t('periodHint')}</p>
        <div class="actions">${button('dry-run', t('dryRun'), 'outline')} ${button('import', t('importNow'), '')}
          <a role="button" class="secondary outline" href=${address('statements')} onClick=${follow}>${t('cancel')}</a></div>
        <div role="status" aria-live="polite">${sending && t('sending', size(this.state.file.size))}</div>
        ${sending && html`<progress data-testid="sent" aria-label=${t('sent')} value=${Math.min(sentBytes, this.state.file.size)} max=${this.state.file.size || 1}></progress>`}
      </form>
      ${refused && html`<${Fault} text="notDone" error=${refused} />`}
    </section>`;
  }
}
