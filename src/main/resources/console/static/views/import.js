import { read, send, SignedOut } from '../api.js';
import { keep, onDrop, taken } from '../drop.js';
import { beginOf, count, dayOf, endOf, firstDay, lastDay, money, size, span, time, today } from '../format.js';
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
const MOST_STATEMENTS = 500;
const KNOWN = 200;
const UNUSABLE = 400;
const ASK_AGAIN_MILLIS = 1000;
// A date or a total is typed in several strokes.
const TYPED_MILLIS = 600;
const EARLIEST = '2000-01-01';
const PERIOD = ['from', 'to'];

/** What a file is imported as, also where another statement counts in its place. */
function importOf(sha256, statements) {
  const counts = (one) => one?.status === 'DONE' || (one?.status === 'SUPERSEDED' && counts(statements.find(({ id }) => id === one.supersededBy)));
  const same = statements.filter((one) => one.sha256 === sha256);
  return same.find(({ status }) => status === 'DONE') ?? same.find(counts);
}

const typeOf = (file) => (/\.xlsx$/i.test(file.name) ? XLSX : CSV);

/** Takes a bill from its file to its import: mapping, preview, and a dry run that says what an import would find and refuse. */
export class Import extends Loading {
  state = { ...this.state, file: null, mapping: DEFAULT, editing: null, isOver: false, preview: null, previewing: false, wrong: null, sending: false, isLate: false, sentBytes: 0, refused: null, check: null };
  proposed = {};

  componentDidMount() {
    super.componentDidMount();
    this.endDrops = onDrop(this.choose, (isOver) => isOver !== this.state.isOver && this.setState({ isOver }));
  }

  async read(signal) {
    const [mappings, statements] = await Promise.all([read('/statement-mappings', {}, signal), read('/statements', { pageSize: MOST_STATEMENTS }, signal)]);
    return { mappings: mappings.items, imported: statements.items, statements: statements.items.filter(({ status }) => status === 'DONE') };
  }

  /** What the end of the session has interrupted is done once somebody has signed in. */
  componentDidUpdate(before, state) {
    super.componentDidUpdate(before);
    if (!state.data && this.state.data) this.choose(taken());
    const { interrupted } = this;
    if (before.signedIn === this.props.signedIn || !interrupted) return;
    this.interrupted = null;
    interrupted();
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    this.endDrops();
    this.previews?.abort();
    this.endCheck();
    this.sent?.abort();
  }

  /** One file at a time: what comes while another is being sent has to come again. */
  choose = (file) => {
    if (!file) return;
    if (!this.state.data) keep(file);
    else if (this.state.sending) this.setState({ isLate: true });
    else this.setState(({ editing }) => ({ file, refused: null, editing: editing?.isGuessed ? null : editing }), this.preview);
  };

  preview = async () => {
    const { file, mapping } = this.state;
    this.previews?.abort();
    this.endCheck();
    this.setState({ check: null });
    if (!file) return;
    this.takeBackProposed();
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

  /** Reads the whole file without any effect, over the period that stands in the form, or else over the one that its lines propose. */
  check = async () => {
    this.endCheck();
    const { signal } = (this.checks = new AbortController());
    this.setState({ check: { isBusy: true } });
    try {
      const found = await this.tried(signal);
      const statement = this.propose(found) ? await this.tried(signal) : found;
      if (!signal.aborted) this.setState({ check: { statement } });
    } catch (error) {
      if (!signal.aborted) this.setState({ check: { error: this.told(error, this.check) } });
    }
  };

  /** A dry run of what stands in the form, once it has ended. */
  async tried(signal) {
    const { from, to, ...others } = typed(this.form);
    let { answer } = await this.send({ ...(from && to && { from, to }), ...others, dryRun: 'true' }, signal, () => {});
    while (isUnderWay(answer) && !signal.aborted) {
      this.setState({ check: { isBusy: true, statement: answer } });
      await new Promise((later) => setTimeout(later, ASK_AGAIN_MILLIS));
      answer = await read(`/statements/${answer.id}`, {}, signal);
    }
    signal.throwIfAborted();
    return answer;
  }

  endCheck() {
    this.checks?.abort();
    clearTimeout(this.soon);
  }

  /** What was counted holds no more once something else is typed. */
  changed = () => {
    this.endCheck();
    const isComplete = this.form.checkValidity();
    this.setState({ check: isComplete ? { isBusy: true } : null });
    if (isComplete) this.soon = setTimeout(this.check, TYPED_MILLIS);
  };

  /**
   * The days of its earlier import, else those of its lines, or the month that they are all of once it is over; what was typed stays. Says
   * whether that makes a period of what was none.
   */
  propose({ sha256, from, to }) {
    const { elements } = this.form;
    if (!from || PERIOD.every((name) => elements[name].value)) return false;
    const before = importOf(sha256, this.state.data.imported);
    const [first, last] = before?.from ? [dayOf(before.from), dayOf(new Date(before.to) - 1)] : [dayOf(from), dayOf(to)];
    const month = first.slice(0, 7);
    const isOfMonth = !before && month === last.slice(0, 7) && lastDay(month) < today();
    const days = isOfMonth ? { from: firstDay(month), to: lastDay(month) } : { from: first, to: last };
    PERIOD.filter((name) => !elements[name].value).forEach((name) => (elements[name].value = this.proposed[name] = days[name]));
    return true;
  }

  /** A file that is new, or read otherwise, proposes anew. */
  takeBackProposed() {
    PERIOD.map((name) => this.form.elements[name]).filter(({ name, value }) => value === this.proposed[name]).forEach((field) => (field.value = ''));
  }

  submit = async (event) => {
    event.preventDefault();
    const order = typed(event.currentTarget);
    const { signal } = (this.sent = new AbortController());
    this.endCheck();
    this.setState(({ check }) => ({ sending: true, isLate: false, sentBytes: 0, refused: null, check: check?.isBusy ? null : check }));
    try {
      const { status, answer } = await this.send(order, signal, (sentBytes) => signal.aborted || this.setState({ sentBytes }));
      this.shown(answer, status === KNOWN);
    } catch (error) {
      if (!signal.aborted) this.setState({ refused: this.told(error), sending: false, isLate: false });
    }
  };

  send({ from, to, ...others }, signal, onProgress) {
    const { file, mapping } = this.state;
    return send(
      '/statements',
      { mapping, fileName: file.name.slice(0, LONGEST_NAME), ...others, from: from && beginOf(from), to: to && endOf(to) },
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
      ${file && this.order(data, !preview || preview.guessed)}`;
  }

  fileField(file) {
    return html`<label class=${`drop ${this.state.isOver ? 'over' : ''}`} data-testid="drop">
      <span>${file ? t('fileChosen', file.name, size(file.size)) : t('dropFile')}</span>
      <input type="file" accept=".csv,.txt,.xlsx,text/csv" aria-describedby="file-hint" disabled=${this.state.sending} onChange=${(event) => this.choose(event.currentTarget.files[0])} />
    </label>
    <p class="hint" id="file-hint">${t('fileHint')}</p>`;
  }

  mappingField({ mappings }) {
    const { mapping } = this.state;
    const chosen = mappings.find(({ name }) => name === mapping) ?? mappings[0];
    const template = { path: `/statement-mappings/${mapping}/template` };
    const edit = (isNew) => () => this.setState({ editing: { ...chosen, isNew } });
    return html`<fieldset class="filters" disabled=${this.state.sending}>
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
      </fieldset>
      <p class="hint">${t('mappingReads', Object.values(chosen.mapping.columns).join(', '), chosen.mapping.timeFormats.join(', '), chosen.mapping.timeZone)}</p>`;
  }

  mappingForm(editing) {
    const closed = (name) => {
      const isChanged = name !== undefined;
      if (isChanged) this.endCheck();
      this.setState(
        ({ preview }) => ({ editing: null, preview: preview?.guessed ? null : preview, ...(isChanged && { mapping: name ?? DEFAULT, check: null }) }),
        () => isChanged && this.load().then(this.preview),
      );
    };
    return html`<${MappingForm} key=${JSON.stringify(editing.mapping)} named=${editing} onClosed=${closed} onSignedOut=${this.props.onSignedOut} />`;
  }

  lines({ items }) {
    const head = [[t('line'), true], [t('cells')], [t('taskNo')], [t('at')], [t('status')], [t('amount'), true]];
    return items.length > 0 && html`<${Table} caption=${t('previewTable')} testId="preview" head=${head}>
      <tbody>${items.map((line) => html`<tr key=${line.line}>
        <th scope="row" class="number">${line.line}</th>
        <td class="code wrap">${line.cells.join(' │ ')}</td>
        ${line.problem
          ? html`<td colspan="4" class="problem">${toldLine({ code: line.problemCode, detail: line.problem, parameters: line.problemParameters })}</td>`
          : html`<td class="code">${line.taskNo}</td><td>${time(line.time)}</td><td>${word('status', line.status)}</td><td class="number">${line.amount && money(line.amount)}</td>`}
      </tr>`)}</tbody>
    </${Table}>`;
  }

  /** What the dry run found: what an import would refuse, and what it would lead to. */
  checked({ isBusy, statement, error }, { imported, statements }) {
    if (isBusy) return html`<div data-testid="checking" role="status"><p aria-busy="true">${t('checking')}</p>${statement && html`<${Progress} statement=${statement} />`}</div>`;
    if (error) return html`<${Fault} text=${error.status === UNUSABLE ? 'wouldBeRefused' : 'notChecked'} error=${error} onRetry=${this.check} />`;
    if (!statement) return null;
    if (statement.status === 'FAILED') {
      return html`<div class="why bad" data-testid="checked"><p>${t('checkedRefused')}</p><ul>${statement.problem.map((one) => html`<li key=${one.field}>${toldField(one)}</li>`)}</ul></div>`;
    }
    const { lines, from, to, linesOutside } = statement;
    const differences = differencesOf(statement);
    const unreadable = statement.differences.UNREADABLE_LINE;
    const before = importOf(statement.sha256, imported);
    const same = !before && !statement.supersedes && statements.find((one) => one.from < to && one.to > from);
    return html`<div class=${`why ${differences || before ? 'warn' : 'good'}`} data-testid="checked">
      <p>${from ? t('checkedText', count(lines), span(from, to), count(differences)) : t('checkedLines', count(lines), count(differences))}
        ${differences > 0 && html` <a href=${address(`statements/${statement.id}`)} target="_blank" data-testid="tried">${t('showThem')} ${t('opensNew')}</a>`}</p>
      ${unreadable > 0 && html`<p>${t('checkedUnreadable', count(unreadable))}</p>`}
      ${linesOutside > 0 && html`<p>${t('checkedOutside', count(linesOutside))}</p>`}
      ${before && html`<p>${t(before.status === 'DONE' ? 'checkedKnown' : 'checkedReplaced')} <a href=${address(`statements/${before.id}`)} target="_blank">${nameOf(before)} ${t('opensNew')}</a></p>`}
      ${same && html`<p>${t('checkedSame', nameOf(same))}</p>`}
    </div>`;
  }

  /** The form stays while the file or its mapping is another one, with what was typed. */
  order({ statements }, isHidden) {
    const { sending, sentBytes, refused, isLate, file } = this.state;
    const supersedes = this.props.query.get('supersedes') ?? '';
    const choices = statements.map((statement) => [statement.id, `${nameOf(statement)} · ${time(statement.importedAt)}`]);
    const day = (name, label) => html`<${Field} label=${label}><input name=${name} type="date" required min=${EARLIEST} defaultValue=${this.props.query.get(name) ?? ''} /></${Field}>`;
    return html`<section aria-labelledby="step-import" hidden=${isHidden}><h2 id="step-import">${t('stepImport')}</h2>
      <form data-testid="order" ref=${(form) => (this.form = form)} onInput=${this.changed} onSubmit=${this.submit}>
        <fieldset class="filters" disabled=${sending}>
          ${day('from', t('billFrom'))}${day('to', t('billTo'))}
          <${Field} label=${t('invoiceTotal')}><input name="invoiceTotal" inputmode="decimal" maxlength="17" pattern="[0-9]{1,12}([.][0-9]{1,4})?" placeholder="1000.00" /></${Field}>
          <${Choice} name="supersedes" label=${t('supersedes')} value=${supersedes} choices=${[['', t('none')], ...choices]} />
        </fieldset>
        <p class="hint">${t('periodHint')}</p>
        <div class="actions"><button type="submit" data-testid="import" disabled=${sending} aria-busy=${sending ? 'true' : undefined}>${t('importNow')}</button>
          <a role="button" class="secondary outline" href=${address('statements')} onClick=${follow}>${t('cancel')}</a></div>
        <div role="status" aria-live="polite" data-testid="sending">${sending && t('sending', size(file.size))}${isLate && ` ${t('dropLater')}`}</div>
        ${sending && html`<progress data-testid="sent" aria-label=${t('sent')} value=${Math.min(sentBytes, file.size)} max=${file.size || 1}></progress>`}
      </form>
      ${refused && html`<${Fault} text="notDone" error=${refused} />`}
    </section>`;
  }
}
