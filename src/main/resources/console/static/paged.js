// A list that is read a page at a time.
import { read } from './api.js';
import { html } from './html.js';
import { t } from './i18n.js';
import { Loading } from './loading.js';

// Where a filter fits few, a page may have none and others still follow.
const EMPTY_PAGES = 20;

/** A view says where its list is with path(), and what it asks for with parameters(). Its data has items, and next while there are more. */
export class Paged extends Loading {
  read(signal) {
    return this.page(undefined, [], signal);
  }

  async page(from, before, signal) {
    let pageToken = from;
    let items = before;
    for (let pages = 0; pages < EMPTY_PAGES; pages++) {
      const page = await read(this.path(), { ...this.parameters(), pageToken }, signal);
      pageToken = page.nextPageToken;
      items = [...items, ...page.items];
      if (page.items.length || !pageToken) break;
    }
    return { items, next: pageToken };
  }

  parameters() {
    return {};
  }

  more = () => {
    const { data } = this.state;
    this.run(async (signal) => ({ ...data, ...(await this.page(data.next, data.items, signal)) }));
  };

  moreButton() {
    return this.state.data.next
      && html`<button type="button" class="outline" data-testid="more" disabled=${this.state.loading} onClick=${this.more}>${t('more')}</button>`;
  }
}
