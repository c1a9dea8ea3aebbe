import { newKey, read, SignedOut } from '../api.js';
import { count, money, time, ZONE } from '../format.js';
import { html } from '../html.js';
import { known, t, word } from '../i18n.js';
import { Badge } from '../kit.js';
import { Choice, Fault, Field, Filters, Table } from '../loading.js';
import { Paged } from '../paged.js';
import { toldResult } from '../problem.js';
import { address, follow } from '../route.js';
import { CSV, Files, XLSX } from '../saving.js';
import { signed, sumsOf } from '../sums.js';
import { ACCEPT, actsFor, asTheyAre, CellsOf, CONFIRM, DECLINE, FITTING, FittingQuestion, LONGEST_ASSIGNEE, MATCH, NOTE, Question, reversal, REVOKED, State, STATES, UNACCEPT, UndoBar, UNMATCH } from '../work.js';
import { nameOf } from './statements.js';

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const ACTS = { a: ACCEPT, c: CONFIRM, u: UNACCEPT, d: DECLINE, n: NOTE, m: MATCH };
const CHOOSE = 'x';
const TAKE_BACK = 'z';
const HELP = '?';
const FILTERS = ['kind', 'state', 'assignee'];
const COLUMNS = 8;
const MOST_AT_ONCE = 200;
const TYPED_INTO = 'input:not([type=checkbox]), select, textarea';

/** What came of a bill, difference by difference, both sides beside each other; worked through by the keyboard. */
export class Differences extends Paged {
  state = { ...this.state, current: 0, opened: null, chosen: [], asking: null, summing: null, fitting: null, notSummed: null, worked: '', isHelpShown: false, last: null };

  path() {
    return `/statements/${this.props.id}/differences`;
  }

  parameters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.props.query.get(name)]));
  }

  async read(signal) {
    const statement = await read(`/statements/${this.props.id}`, {}, signal);
    const page = await this.page(undefined, signal);
    this.came(page.items, signal);
    return { statement, ...page };
  }

  /** Begins at the first of new rows; what was chosen stays so where it is among them. */
  came(items, { aborted }) {
    const open = items.filter(({ state }) => state === 'OPEN').map(({ id }) => id);
    if (!aborted) this.setState(({ chosen }) => ({ current: 0, opened: null, chosen: chosen.filter((id) => open.includes(id)) }));
  }

  before() {
    const { id, query } = this.props;
    const { statement } = this.state.data ?? {};
    const kinds = statement ? Object.keys({ ...statement.differences, MATCHED: 0, ...statement.explained }) : [query.get('kind')].filter(Boolean);
    return html`<p><a href=${address(`statements/${id}`)} onClick=${follow}>${t('ofStatement', statement ? nameOf(statement) : id)}</a></p>
      <${Filters} key=${`${this.props.address} ${kinds.length}`} view=${`differences/${id}`} onShow=${() => this.setState({ worked: '' })}>
        <${Choice} name="kind" label=${t('result')} value=${query.get('kind')} choices=${[['', t('allDifferences')], ...kinds.map((kind) => [kind, word('match', kind)])]} />
        <${Choice} name="state" label=${t('state')} value=${query.get('state')} choices=${[['', t('any')], ...[...STATES, REVOKED].map((state) => [state, word('difference', state)])]} />
        <${Field} label=${t('assignee')}><input name="assignee" maxlength=${LONGEST_ASSIGNEE} defaultValue=${query.get('assignee') ?? ''} /></${Field}>
      </${Filters}>
      ${statement?.proposed > 0 && html`<p><a href=${address(`differences/${id}`, { state: 'PROPOSED' })} onClick=${follow} data-testid="proposed"><${Badge} tone="warn">${t('awaitsSecond', count(statement.proposed))}</${Badge}></a></p>`}`;
  }

  said({ items, isPart }) {
    return items.length || isPart ? t(isPart ? 'differencesShown' : 'differencesAll', count(items.length)) : t('noDifferences');
  }

  /** Keys count while the list has the focus, so that none is taken from what else is typed or read. */
  keys = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches(TYPED_INTO)) return;
    const { items } = this.state.data;
    if (event.key in STEPS) {
      const isInRow = event.target.closest('tbody') !== null;
      const to = isInRow ? this.state.current + STEPS[event.key] : this.state.current;
      event.preventDefault();
      this.setState({ current: Math.max(0, Math.min(to, items.length - 1)) }, this.focus);
    } else if (event.key === HELP) {
      this.help();
    } else if (event.key === TAKE_BACK) {
      this.bar?.takeBack();
    } else if (event.key === 'Escape' && this.state.opened !== null) {
      this.setState({ opened: null }, this.focus);
    } else if (event.target.closest('tbody') !== null) {
      const item = items[this.state.current];
      const picked = this.chosen();
      if (event.key === CHOOSE) this.choose(item);
      else if (event.key in ACTS) this.ask(ACTS[event.key], event.key === 'a' && picked.length ? picked : [item]);
      else return;
      event.preventDefault();
    }
  };

  help = () => this.setState(({ isHelpShown }) => ({ isHelpShown: !isHelpShown }));

  chosen = () => this.state.data.items.filter(({ id }) => this.state.chosen.includes(id));

  choose = ({ id, state }) => state === 'OPEN' && this.setState(({ chosen }) => ({
    chosen: chosen.includes(id) ? chosen.filter((other) => other !== id) : chosen.length < MOST_AT_ONCE ? [...chosen, id] : chosen,
  }));

  /** All of a kind that are in the list, or none of it when they are chosen already. */
  chooseKind = (kind) => this.setState(({ data, chosen }) => {
    const ids = data.items.filter((item) => item.kind === kind && item.state === 'OPEN').map(({ id }) => id);
    const others = chosen.filter((id) => !ids.includes(id));
    return { chosen: ids.every((id) => chosen.includes(id)) ? others : [...others, ...ids].slice(0, MOST_AT_ONCE) };
  });

  /** An act is not asked for while something is taken back. */
  ask = (act, items) => {
    if (this.bar?.state.isBusy) return;
    if (items.length && items.every((item) => actsFor(item, this.props).includes(act))) this.setState({ asking: { act, items, intention: newKey() } });
  };

  /** What was done shows in the list as it is, so that the place in it is kept. */
  done = (changed) => {
    const { act, items, intention } = this.state.asking;
    const name = act === DECLINE ? 'difference-unaccept-declined' : act === UNACCEPT && changed[0].revocationProposedBy ? 'difference-unaccept-proposed' : act;
    // A match has other results in place of those that the list has.
    const isInPlace = act !== MATCH && act !== UNMATCH;
    const last = { name, items, intention, isInPlace, reverse: reversal(this.props.id, act, items, changed, this.props.userName) };
    this.setState(last.reverse ? { asking: null, worked: '', last } : { asking: null, worked: doneText(last), last: null });
    if (isInPlace) this.put(changed);
    else this.reload();
  };

  /** Differences as they are by now, in the place of what the list has of them; the first one has the focus. */
  put(items) {
    const now = new Map(items.map((item) => [item.id, item]));
    this.setState(({ chosen, data, current }) => ({
      chosen: chosen.filter((id) => !now.has(id)),
      data: { ...data, items: data.items.map((item) => now.get(item.id) ?? item) },
      current: Math.max(0, now.has(data.items[current]?.id) ? current : data.items.findIndex(({ id }) => now.has(id))),
    }), this.focus);
    this.recount();
  }

  /** From the first one on. */
  reload = async () => {
    await this.load();
    this.setState({}, this.focus);
  };

  /** How many await a second person. When it cannot be read, the next reading says it. */
  recount() {
    read(`/statements/${this.props.id}`).then((statement) => this.setState(({ data }) => ({ data: { ...data, statement } })), () => {});
  }

  tookBack = async (act) => {
    await this.showAnew(act);
    this.setState(({ last, worked }) => (last === act ? { last: null, worked: t('tookBack') } : { last, worked }));
  };

  /** What an act was about, as it is by now: in its place, where the list has it still. */
  async showAnew({ items, isInPlace }) {
    const isShown = isInPlace && items.some(({ id }) => this.state.data.items.some((shown) => shown.id === id));
    const now = isShown ? await asTheyAre(this.props.id, items).catch(() => []) : [];
    if (isShown && now.length === items.length) this.put(now);
    else await this.reload();
  }

  undoBar(last) {
    const end = (hadFocus) => this.setState({ last: null }, () => hadFocus && this.focus());
    return html`<${UndoBar} key=${last.intention} ref=${(bar) => (this.bar = bar)} text=${doneText(last)} reverse=${last.reverse}
      onDone=${() => this.tookBack(last)} onFailed=${() => this.showAnew(last)} onEnd=${end} onSignedOut=${this.props.onSignedOut} />`;
  }

  /** All that the filters fit, with their number and sum as they are now. */
  askFitting = async (act) => {
    if (this.bar?.state.isBusy) return;
    const { kind, assignee } = this.parameters();
    const asked = this.props.address;
    this.setState({ summing: act, notSummed: null, worked: '' });
    try {
      const sums = await read(`${this.path()}/sums`, { kind, assignee, state: FITTING[act] });
      // The filters may have changed while the sums were read: these sums are then of others.
      const isOld = asked !== this.props.address;
      this.setState({ summing: null, fitting: isOld ? null : { act, filter: { kind, assignee }, sums, intention: newKey() } });
    } catch (error) {
      if (error instanceof SignedOut) this.props.onSignedOut();
      this.setState({ summing: null, notSummed: error instanceof SignedOut ? null : error });
    }
  };

  fitted = (number) => {
    this.setState(({ fitting: { act } }) => ({ fitting: null, worked: t(`done.${act}.fitting`, count(number)), last: null }));
    this.reload();
  };

  /** On the row that is worked on; where none is left, on the page. */
  focus = () => (this.list?.querySelector('tr.current button') ?? document.querySelector('h1'))?.focus();

  toggle = (item, at) => this.setState(({ opened }) => ({ current: at, opened: opened === item.id ? null : item.id }), this.focus);

  show({ items }) {
    const { asking, fitting, last, worked } = this.state;
    return html`<p role="status" class=${worked ? '' : 'hidden'} data-testid="worked">${worked || (last && html`<span key=${last.intention}>${doneText(last)}</span>`)}</p>
      ${items.length > 0 ? this.rows(items) : this.moreButton()}
      ${last && this.undoBar(last)}
      ${asking && html`<${Question} statement=${this.props.id} ...${asking} onCancel=${() => this.setState({ asking: null })} onDone=${this.done} />`}
      ${fitting && html`<${FittingQuestion} statement=${this.props.id} ...${fitting} onCancel=${() => this.setState({ fitting: null })} onDone=${this.fitted} />`}`;
  }

  rows(items) {
    const head = [[html`<span class="hidden">${t('choose')}</span>`], [t('line'), true], [t('result')], [t('taskNo')], [t('ours')], [t('theirs')], [t('state')], [t('detail')]];
    const { chosen, notSummed, isHelpShown } = this.state;
    const open = items.filter(({ state }) => state === 'OPEN');
    const picked = this.chosen();
    const sums = sumsOf(picked.map(({ adjustment }) => adjustment).filter(Boolean));
    return html`
      <div class="actions">
        ${[...new Set(open.map(({ kind }) => kind))].map((kind) => {
          const ids = open.filter((item) => item.kind === kind).map(({ id }) => id);
          return html`<button key=${kind} type="button" class="outline" data-testid=${`choose-${kind}`} aria-pressed=${ids.every((id) => chosen.includes(id)) ? 'true' : 'false'}
            onClick=${() => this.chooseKind(kind)}>${t('aside', word('match', kind), count(ids.length))}</button>`;
        })}
        <button type="button" class="mark" aria-expanded=${isHelpShown ? 'true' : 'false'} aria-controls="keys" aria-label=${t('keysHelp')} data-testid="help" onClick=${this.help}>?</button>
      </div>
      <p class="hint" id="keys" data-testid="keys" hidden=${!isHelpShown}>${t('keys')} ${t('workKeys')}</p>
      <div class="actions">
        ${picked.length > 0 && html`<button type="button" data-testid="accept-chosen"
          onClick=${() => this.ask(ACCEPT, picked)}>${t('acceptChosen', count(picked.length), sums.map(signed).join(t('comma')) || t('noAdjustment'))}</button>`}
        ${items.some(({ state }) => state) && Object.keys(FITTING).map((act) => this.fittingButton(act))}
      </div>
      ${notSummed && html`<${Fault} text="notDone" error=${notSummed} />`}
      <div ref=${(list) => (this.list = list)} onKeyDown=${this.keys}>
        <${Table} caption=${t('differences')} testId="differences" head=${head}>
          <tbody>${items.flatMap((item, at) => this.row(item, at))}</tbody>
        </${Table}>
      </div>
      ${this.moreButton()}
      ${this.claim()}`;
  }

  /** The button is left out where the filters leave no difference in the state that it needs. */
  fittingButton(act) {
    const { state } = this.parameters();
    const { summing } = this.state;
    return (!state || state === FITTING[act]) && (act !== CONFIRM || this.props.isAdmin)
      && html`<button key=${act} type="button" class="outline" data-testid=${`${act}-fitting`} disabled=${summing !== null} aria-busy=${summing === act ? 'true' : undefined}
        onClick=${() => this.askFitting(act)}>${t(`act.${act}.fitting`)}</button>`;
  }

  /** All that the filters fit, both sides of each, for the vendor. */
  claim() {
    const file = { path: this.path(), parameters: { ...this.parameters(), timeZone: ZONE } };
    const name = `claim-${this.props.id}`;
    return html`<section aria-labelledby="claim">
      <h2 id="claim">${t('claim')}</h2>
      <p class="hint">${t('claimText')}</p>
      <${Files} onSignedOut=${this.props.onSignedOut} files=${[
        { ...file, label: t('asCsv'), name: `${name}.csv`, type: CSV, testId: 'claim-csv' },
        { ...file, label: t('asXlsx'), name: `${name}.xlsx`, type: XLSX, testId: 'claim-xlsx' },
      ]} />
    </section>`;
  }

  row(item, at) {
    const isOpen = this.state.opened === item.id;
    const isCurrent = this.state.current === at;
    return [
      html`<tr key=${item.id} class=${isCurrent ? 'current' : ''} onFocusIn=${() => isCurrent || this.setState({ current: at })} onClick=${(event) => event.target.closest('a, button, input') ?? this.setState({ current: at }, this.focus)}>
        <td>${item.state === 'OPEN' && html`<input type="checkbox" class="choose" aria-label=${t('chooseOne', word('match', item.kind), item.line ?? item.taskNo ?? '')} tabindex=${isCurrent ? 0 : -1} checked=${this.state.chosen.includes(item.id)} onChange=${() => this.choose(item)} />`}</td>
        <td class="number">${item.line && count(item.line)}</td>
        <th scope="row">
          <button type="button" class="plain" tabindex=${isCurrent ? 0 : -1} aria-expanded=${isOpen ? 'true' : 'false'} aria-describedby="keys" onClick=${() => this.toggle(item, at)}>${word('match', item.kind)}</button>
        </th>
        <td class="code">${item.taskNo}</td>
        <td>${side(item.ours)}</td>
        <td>${side(item.theirs)}</td>
        <td><${State} value=${item.state} />${item.assignee && html`<small>${item.assignee}</small>`}</td>
        <td class="wrap">${[why(item), word('presumption', item.presumption), revocation(item), item.note].filter(Boolean).join(' · ')}</td>
      </tr>`,
      isOpen && html`<tr key=${`${item.id} opened`} class="opened"><td colspan=${COLUMNS}>${this.opened(item)}</td></tr>`,
    ];
  }

  opened(item) {
    const { ours = {}, theirs = {} } = item;
    const rows = [
      ['status', word('status', ours.status), word('status', theirs.status)],
      ['amount', ours.amount && money(ours.amount), theirs.amount && money(theirs.amount)],
      ['openedAt', time(ours.at), time(theirs.at)],
      ['basis', word('basis', ours.basis), ''],
    ].filter(([, our, their]) => our || their);
    return html`<div class="sides" data-testid="opened">
      <p>${word('matchText', item.kind)}<br /><strong>${why(item)}</strong></p>
      <${CellsOf} line=${item} />
      ${rows.length > 0 && html`<table><caption class="hidden">${t('bothSides')}</caption>
        <thead><tr><td></td><th scope="col">${t('ours')}</th><th scope="col">${t('theirs')}</th></tr></thead>
        <tbody>${rows.map(([name, our, their]) => html`<tr key=${name} class=${our && their && our !== their ? 'late' : ''}>
          <th scope="row">${t(name)}</th><td>${our || '–'}</td><td>${their || '–'}</td>
        </tr>`)}</tbody>
      </table>`}
      ${item.note && html`<p>${t('noted', item.note)}</p>`}
      ${item.acceptedBy && html`<p data-testid="accepted">${t('acceptedBy', item.acceptedBy, time(item.acceptedAt), item.reason)}
        ${item.adjustment && ` ${t('adjusts', money(item.adjustment))}`}${item.waived && ` ${t('waives', money(item.waived))}`}${item.confirmedBy && ` ${t('confirmedBy', item.confirmedBy, time(item.confirmedAt))}`} ${revocation(item)}</p>`}
      ${item.matchedByHand && html`<p data-testid="by-hand">${t('matchedByHand', item.matchedByHand.by, time(item.matchedByHand.at), item.matchedByHand.reason)}</p>`}
      <div class="actions">${actsFor(item, this.props).map((act) => html`<button key=${act} type="button" class="outline" data-testid=${act} onClick=${() => this.ask(act, [item])}>${t(`act.${act}`)}</button>`)}</div>
      ${item.sessionId && html`<p><a href=${address(`sessions/${item.sessionId}`)} onClick=${follow}>${t('why')}</a></p>`}
    </div>`;
  }
}

/** Why it differs, with both sides, in a sentence. */
function why(item) {
  const { kind, ours = {}, theirs = {} } = item;
  const values = [ours, theirs].flatMap(({ amount, status, at }) => [amount ? money(amount) : '–', word('status', status), time(at)]);
  return [(ours.amount || theirs.amount) && known('differs', kind) && t(`differs.${kind}`, ...values), item.detail && toldResult(item)].filter(Boolean).join(' ');
}

const doneText = ({ name, items }) => t('wasDone', t(`act.${name}`), count(items.length));

const revocation = ({ revocationProposedBy: by }) => by && t('revocationProposed', by);

function side(one) {
  return one && html`${word('status', one.status)}${one.amount && html`<small>${money(one.amount)}</small>`}`;
}
