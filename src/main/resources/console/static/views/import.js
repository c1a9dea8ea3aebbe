import { read, send, SignedOut } from '../api.js';
import { Dialog } from '../dialog.js';
import { beginOf, count, dayOf, endOf, money, size, time, ZONE } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Choice, Fault, Field, Loading, Table, typed } from '../loading.js';
import { MappingForm } from '../mapping.js';
import { address, follow, go } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';
import { differencesOf, isUnderWay, nameOf } from './statements.js';

const DEFAULT = 'default';
// What a preview reads of a file, and one byte that tells that there is more. A workbook cannot be cut.
const PREVIEWED_BYTES = 4 * 1024 * 1024 + 1;
const LONGEST_NAME = 256;
const KNOWN = 200;
const UNUSABLE = 400;
const ASK_AGAIN_MILLIS = 1000;

const typeOf = (file) => (/\.xlsx$/i.test(file.name) ? XLSX : CSV);

/** Takes a bill from its file to its import: mapping, preview, dry run. Nothing is stored before that is asked for. */
export class Import extends Loading {
  state = { ...this.state, file: null, mapping: DEFAULT, editing: null, isOver: false, preview: null, previewing: false, wrong: null, sending: null, sentBytes: 0, refused: null, asking: null };

  async read(signal) {
    const [mappings, statements] = await Promise.all([read('/statement-mappings', {}, signal), read('/statements', {}, signal)]);
    return { mappings: mappings.items, statements: statements.items.filter(({ status }) => status === 'DONE') };
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    this.previews?.abort();
    this.sent?.abort();
  }

  choose = (file) => file && this.setState(({ editing }) => ({ file, refused: null, editing: editing?.isGuessed ? null : editing }), this.preview);

  drop = (event) => {
    event.preventDefault();
    this.setState({ isOver: false });
    this.choose(event.dataTransfer.files[0]);
  };

  preview = async () => {
    const { file, mapping } = this.state;
    this.previews?.abort();
    if (!file) return;
    const { signal } = (this.previews = new AbortController());
    this.setState({ previewing: true, preview: null, wrong: null });
    const type = typeOf(file);
    const previewed = async (guess) => (await send('/statements/preview', { mapping, guess }, type === CSV ? file.slice(0, PREVIEWED_BYTES) : file, type, signal)).answer;
    try {
      const preview = await previewed();
      if (!signal.aborted) this.setState({ preview, previewing: false });
    } catch (error) {
      const preview = error.status === UNUSABLE && !signal.aborted ? await previewed('true').catch(() => null) : null;
      if (signal.aborted) return;
      const guess = preview?.guessed && !this.state.editing && { name: '', mapping: preview.guessed, isNew: true, isGuessed: true };
      this.setState({ wrong: this.told(error), previewing: false, ...(guess && { preview, editing: guess }) });
    }
  };

  submit = async (event) => {
    event.preventDefault();
    const order = typed(event.currentTarget);
    const isDryRun = event.submitter?.value === 'dry-run';
    const { signal } = (this.sent = new AbortController());
    this.setState({ sending: isDryRun ? 'dry-run' : 'import', sentBytes: 0, refused: null });
    try {
      const hasPeriod = order.from && order.to;
      const { status, answer } = await this.send(order, isDryRun || !hasPeriod, signal);
      if (isDryRun || hasPeriod) this.shown(answer, status === KNOWN);
      else await this.ask(order, answer, signal);
    } catch (error) {
      if (!signal.aborted) this.setState({ refused: this.told(error), sending: null });
    }
  };

  send({ from, to, ...others }, isDryRun, signal) {
    const { file, mapping } = this.state;
    return send(
      '/statements',
      { mapping, fileName: file.name.slice(0, LONGEST_NAME), ...others, from: from && beginOf(from), to: to && endOf(to), dryRun: isDryRun && 'true' },
      file, typeOf(file), signal, (sentBytes) => signal.aborted || this.setState({ sentBytes }),
    );
  }

  shown = ({ id }, isKnown) => go(address(`statements/${id}`, { known: isKnown && '1' }));

  /** Without a period: the days of the lines are proposed, as a dry run reads them. */
  async ask(order, answer, signal) {
    let tried = answer;
    while (isUnderWay(tried)) {
      await new Promise((later) => setTimeout(later, ASK_AGAIN_MILLIS));
      tried = await read(`/statements/${tried.id}`, {}, signal);
    }
    if (tried.status === 'FAILED') this.shown(tried);
    else this.setState({ sending: null, asking: { order, tried } });
  }

  told(error) {
    if (!(error instanceof SignedOut)) return error;
    this.props.onSignedOut();
    return null;
  }

  show(data) {
    const { file, editing, preview, previewing, wrong } = this.state;
    return html`
      <section aria-labelledby="step-file"><h2 id="step-file">${t('stepFile')}</h2>${this.fileField(file)}</section>
      <section aria-labelledby="step-mapping"><h2 id="step-mapping">${t('stepMapping')}</h2>${editing ? this.mappingForm(editing) : this.mappingField(data)}</section>
      ${file && html`<section aria-labelledby="step-preview"><h2 id="step-preview">${t('stepPreview')}</h2>
        <div role="status" aria-live="polite">${previewing ? html`<span aria-busy="true">${t('loading')}</span>` : preview && t('previewed', count(preview.items.length), preview.charset ?? 'XLSX', count(preview.headerLine))}</div>
        ${wrong && !preview && html`<${Fault} text="notReadable" error=${wrong} onRetry=${this.preview} />`}
        ${preview && this.lines(preview)}
      </section>`}
      ${file && preview && !preview.guessed && this.order(data)}
      ${this.state.asking && this.question(this.state.asking)}`;
  }

  fileField(file) {
    return html`<label class=${`drop ${this.state.isOver ? 'over' : ''}`} data-testid="drop" onDrop=${this.drop}
        onDragOver=${(event) => { event.preventDefault(); this.setState({ isOver: true }); }} onDragLeave=${() => this.setState({ isOver: false })}>
      <span>${file ? t('fileChosen', file.name, size(file.size)) : t('dropFile')}</span>
      <input type="file" accept=".csv,.txt,.xlsx,text/csv" aria-describedby="file-hint" onChange=${(event) => this.choose(event.currentTarget.files[0])} />
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
          ? html`<td colspan="4" class="problem">${line.problem}</td>`
          : html`<td class="code">${line.taskNo}</td><td>${time(line.time)}</td><td>${word('status', line.status)}</td><td class="number">${line.amount && money(line.amount)}</td>`}
      </tr>`)}</tbody>
    </${Table}>`;
  }

  question({ order, tried }) {
    const first = dayOf(tried.from);
    const last = dayOf(tried.to);
    const day = (name, value) => html`<${Field} label=${t(name === 'from' ? 'billFrom' : 'billTo')}><input name=${name} type="date" required defaultValue=${value} /></${Field}>`;
    return html`<${Dialog} title=${t('askPeriod')} confirm=${t('importNow')} working=${t('sending', size(this.state.file.size))} onCancel=${() => this.setState({ asking: null })}
        act=${(given) => this.send({ ...order, ...given }, false, this.sent.signal)} onDone=${({ status, answer }) => this.shown(answer, status === KNOWN)}>
      <p data-testid="lines-of">${t('askPeriodText', count(tried.lines), first || '–', last || '–', count(differencesOf(tried)))}</p>
      <div class="filters">${day('from', order.from ?? first)}${day('to', order.to ?? last)}</div>
      <p class="hint">${t('periodHint')} ${t('zone', ZONE)}</p>
    </${Dialog}>`;
  }

  order({ statements }) {
    const { sending, sentBytes, refused } = this.state;
    const supersedes = this.props.query.get('supersedes') ?? '';
    const choices = statements.map((statement) => [statement.id, `${nameOf(statement)} · ${time(statement.importedAt)}`]);
    const button = (value, label, look) => html`<button type="submit" value=${value} class=${look} data-testid=${value} disabled=${sending !== null} aria-busy=${sending === value ? 'true' : undefined}>${label}</button>`;
    return html`<section aria-labelledby="step-import"><h2 id="step-import">${t('stepImport')}</h2>
      <form data-testid="order" onSubmit=${this.submit}>
        <div class="filters">
          <${Field} label=${t('billFrom')}><input name="from" type="date" /></${Field}>
          <${Field} label=${t('billTo')}><input name="to" type="date" /></${Field}>
          <${Field} label=${t('invoiceTotal')}><input name="invoiceTotal" inputmode="decimal" maxlength="17" pattern="[0-9]{1,12}([.][0-9]{1,4})?" placeholder="1000.00" /></${Field}>
          <${Choice} name="supersedes" label=${t('supersedes')} value=${supersedes} choices=${[['', t('none')], ...choices]} />
        </div>
        <p class="hint">${t('periodHint')} ${t('zone', ZONE)}</p>
        <div class="actions">${button('dry-run', t('dryRun'), 'outline')} ${button('import', t('importNow'), '')}
          <a role="button" class="secondary outline" href=${address('statements')} onClick=${follow}>${t('cancel')}</a></div>
        <div role="status" aria-live="polite">${sending && t('sending', size(this.state.file.size))}</div>
        ${sending && html`<progress data-testid="sent" aria-label=${t('sent')} value=${Math.min(sentBytes, this.state.file.size)} max=${this.state.file.size || 1}></progress>`}
      </form>
      ${refused && html`<${Fault} text="notDone" error=${refused} />`}
    </section>`;
  }
}
