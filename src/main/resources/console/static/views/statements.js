import { onDropImport } from '../drop.js';
import { count, span, time } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty } from '../kit.js';
import { Table } from '../loading.js';
import { Paged } from '../paged.js';
import { address, follow } from '../route.js';

const UNDER_WAY = ['READING', 'MATCHING'];

export const isUnderWay = ({ status }) => UNDER_WAY.includes(status);

export const differencesOf = ({ differences }) => Object.values(differences).reduce((sum, number) => sum + number, 0);

/** What it is called: by its file, else by its id. */
export const nameOf = ({ fileName, id }) => fileName ?? id;

/** The vendor's bills, newest first. */
export class Statements extends Paged {
  componentDidMount() {
    super.componentDidMount();
    this.endDrops = onDropImport();
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    this.endDrops();
  }

  path() {
    return '/statements';
  }

  before() {
    return html`<div class="head"><p>${t('statementsText')} ${t('dropHere')}</p>${toImport()}</div>`;
  }

  show({ items, isPart }) {
    const head = [[t('importedAt')], [t('file')], [t('period')], [t('status')], [t('lines'), true], [t('agree'), true], [t('differences'), true], [t('importedBy')]];
    if (!items.length && !isPart) return html`<${Empty} title=${t('noStatements')} text=${t('noStatementsText')} action=${toImport('outline')} />`;
    return html`
      <${Table} caption=${t('statements')} testId="statements" head=${head}>
        <tbody>${items.map((statement) => html`<tr key=${statement.id}>
          <th scope="row"><a href=${address(`statements/${statement.id}`)} onClick=${follow}>${time(statement.importedAt)}</a></th>
          <td class="wrap">${statement.fileName}</td>
          <td>${span(statement.from, statement.to)}</td>
          <td><${StatementStatus} of=${statement} /></td>
          <td class="number">${count(statement.lines)}</td>
          <td class="number">${count(statement.matched)}</td>
          <td class="number">${count(differencesOf(statement))}</td>
          <td>${statement.importedBy}</td>
        </tr>`)}</tbody>
      </${Table}>
      ${this.moreButton()}`;
  }
}

const toImport = (look = '') => html`<a role="button" class=${look} href=${address('import')} onClick=${follow} data-testid=${look ? undefined : 'to-import'}>${t('import')}</a>`;

export function StatementStatus({ of: { status, dryRun } }) {
  return dryRun && status === 'DONE' ? t('dryRun') : html`<span class=${`status ${status}`}>${word('statement', status)}</span>`;
}
