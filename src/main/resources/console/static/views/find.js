import { read } from '../api.js';
import { time } from '../format.js';
import { html } from '../html.js';
import { t, word } from '../i18n.js';
import { Empty } from '../kit.js';
import { Loading, Table } from '../loading.js';
import { address, follow, replace } from '../route.js';

const VIEWS = {
  SESSION: ({ id }) => `sessions/${id}`,
  WEBHOOK_ENDPOINT: ({ id }) => `webhooks/${id}`,
  WEBHOOK_DELIVERY: ({ endpointId }) => `webhooks/${endpointId}`,
  STATEMENT: ({ id }) => `statements/${id}`,
};

/** What has this id, task number or reference. What alone has it is shown at once. */
export class Find extends Loading {
  async read(signal) {
    const text = this.props.query.get('text');
    if (!text) return { items: [] };
    const found = await read('/find', { text }, signal);
    if (found.items.length === 1 && found.items[0].type in VIEWS) replace(this.address(found.items[0]));
    return found;
  }

  address(hit) {
    return address(VIEWS[hit.type](hit));
  }

  show({ items }) {
    const text = this.props.query.get('text');
    if (!items.length) return html`<${Empty} title=${text ? t('nothingFound', text) : t('findHint')} text=${t('findText')} />`;
    return html`<${Table} caption=${t('find')} testId="found" head=${[[t('found')], [t('at')], [t('caller')], [t('reference')], [t('taskNo')]]}>
        <tbody>${items.filter(({ type }) => type in VIEWS).map((hit) => html`<tr key=${hit.type + hit.id + hit.endpointId}>
          <th scope="row"><a href=${this.address(hit)} onClick=${follow}>${word('hit', hit.type)}</a></th>
          <td>${time(hit.at)}</td><td>${hit.caller}</td><td>${hit.reference}</td><td class="code">${hit.taskNo}</td>
        </tr>`)}</tbody>
      </${Table}>`;
  }
}
