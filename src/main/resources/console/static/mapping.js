// How the columns of a bill are read, as a form.
import { change, SignedOut } from './api.js';
import { Dialog } from './dialog.js';
import { Component, html } from './html.js';
import { t, word } from './i18n.js';
import { Choice, Fault, Field, typed } from './loading.js';

const STATUSES = ['PRE_DEDUCTED', 'CHARGED', 'REFUNDED'];
const SIGNS = ['POSITIVE', 'NEGATIVE', 'IGNORED', 'POSITIVE_IS_CHARGE', 'NEGATIVE_IS_CHARGE'];
const UNITS = ['MAJOR', 'MINOR'];
const LONGEST = 64;

const list = (text = '', separator = /[,，、;；\n]/) => text.split(separator).map((item) => item.trim()).filter(Boolean);

/** What was typed, as the API has it. */
function mappingOf(given) {
  const columns = Object.fromEntries(['taskNo', 'date', 'time', 'status', 'amount', 'count', 'price', 'currency'].map((name) => [name, given[`column-${name}`]]).filter(([, value]) => value));
  return {
    columns,
    timeFormats: list(given.timeFormats, '\n'),
    timeZone: given.timeZone,
    statusWords: Object.fromEntries(STATUSES.flatMap((status) => list(given[`words-${status}`]).map((word) => [word, status]))),
    currency: given.currency,
    sign: given.sign,
    totalWords: list(given.totalWords),
    status: given.status,
    unit: given.unit,
  };
}

/** What was guessed, each with its reason. */
function guessed({ columns, statusWords, timeFormats, sign, unit }) {
  const words = Object.entries(statusWords).map(([word, status]) => `${word} → ${t(`status.${status}`)}`).join(', ');
  return html`<div data-testid="guessed"><p>${t('mappingGuessed')}</p><ul>
    ${Object.entries(columns).map(([field, name]) => html`<li key=${field}>${t('guess.column', name, t(`column.${field}`))}</li>`)}
    ${words && html`<li>${t('guess.words', words)}</li>`}
    <li>${t('guess.times', timeFormats.join(', '))}</li>
    ${sign !== 'POSITIVE' && html`<li>${t(`guess.${sign}`)}</li>`}
    ${unit && html`<li>${t(`guess.${unit}`)}</li>`}
  </ul></div>`;
}

/** Changes a mapping or makes a new one of it. onClosed(name) when it was saved, (null) when it was removed, () when neither. */
export class MappingForm extends Component {
  state = { busy: false, error: null, removing: false };

  /** Asked for it goes on there; a guess is read first. */
  componentDidMount() {
    if (!this.props.named.isGuessed) this.form.elements.name.focus();
  }

  save = async (event) => {
    event.preventDefault();
    const given = typed(event.currentTarget);
    this.setState({ busy: true, error: null });
    try {
      await change('PUT', `/statement-mappings/${given.name}`, { body: mappingOf(given), isNew: this.props.named.isNew });
      this.props.onClosed(given.name);
    } catch (error) {
      if (error instanceof SignedOut) this.props.onSignedOut();
      this.setState({ busy: false, error: error instanceof SignedOut ? null : error });
    }
  };

  render({ named, onClosed }, { busy, error, removing }) {
    const { mapping } = named;
    const column = (name, required) => html`<${Field} label=${t(`column.${name}`)}>
      <input name=${`column-${name}`} required=${required} maxlength=${LONGEST} defaultValue=${mapping.columns[name] ?? ''} />
    </${Field}>`;
    const wordsOf = (status) => Object.keys(mapping.statusWords).filter((word) => mapping.statusWords[word] === status).join(', ');
    return html`${named.isGuessed && guessed(mapping)}
    <form class="mapping" data-testid="mapping-form" aria-label=${t('mapping')} ref=${(form) => (this.form = form)} onSubmit=${this.save}>
      <${Field} label=${t('mappingName')}>
        <input name="name" required pattern="[A-Za-z0-9._\\-]{1,64}" maxlength=${LONGEST} readonly=${!named.isNew} defaultValue=${named.isNew ? '' : named.name} />
      </${Field}>
      <fieldset><legend>${t('columns')}</legend>
        <div class="filters">${column('taskNo', true)}${column('date')}${column('time', true)}${column('status')}</div>
        <p class="hint">${t('amountHint')}</p>
        <div class="filters">${column('amount')}${column('count')}${column('price')}${column('currency')}</div>
      </fieldset>
      <fieldset><legend>${t('statusWords')}</legend>
        <div class="filters">${STATUSES.map((status) => html`<${Field} label=${word('status', status)}><input name=${`words-${status}`} defaultValue=${wordsOf(status)} /></${Field}>`)}</div>
        <p class="hint">${t('wordsHint')}</p>
        <${Choice} name="status" label=${t('statusOfAll')} value=${mapping.status} choices=${[['', '–'], ...STATUSES.map((status) => [status, word('status', status)])]} />
      </fieldset>
      <fieldset><legend>${t('timesAndAmounts')}</legend>
        <${Field} label=${t('timeFormats')}><textarea name="timeFormats" class="code" required rows="3">${mapping.timeFormats.join('\n')}</textarea></${Field}>
        <div class="filters">
          <${Field} label=${t('timeZone')}><input name="timeZone" required maxlength=${LONGEST} defaultValue=${mapping.timeZone} /></${Field}>
          <${Field} label=${t('currency')}><input name="currency" required pattern="[A-Z]{3}" maxlength="3" defaultValue=${mapping.currency} /></${Field}>
          <${Choice} name="sign" label=${t('sign')} value=${mapping.sign} choices=${SIGNS.map((sign) => [sign, word('sign', sign)])} />
          <${Choice} name="unit" label=${t('unit')} value=${mapping.unit} choices=${[['', t('unitNamed')], ...UNITS.map((unit) => [unit, word('unit', unit)])]} />
          <${Field} label=${t('totalWords')}><input name="totalWords" defaultValue=${mapping.totalWords.join(', ')} /></${Field}>
        </div>
      </fieldset>
      ${error && html`<${Fault} text="notDone" error=${error} />`}
      <div class="actions">
        <button type="submit" data-testid="save-mapping" disabled=${busy} aria-busy=${busy ? 'true' : undefined}>${t('save')}</button>
        <button type="button" class="secondary outline" onClick=${() => onClosed()}>${t('cancel')}</button>
        ${!named.isNew && html`<button type="button" class="secondary outline" onClick=${() => this.setState({ removing: true })}>${t('mappingDelete')}</button>`}
      </div>
    </form>
    ${removing && html`<${Dialog} title=${t('mappingDelete')} confirm=${t('mappingDelete')} onCancel=${() => this.setState({ removing: false })}
        act=${() => change('DELETE', `/statement-mappings/${named.name}`)} onDone=${() => onClosed(null)}>
      <p>${t('mappingDeleteText', named.name)}</p>
    </${Dialog}>`}`;
  }
}
