// A list that is read a page at a time.
import { read } from './api.js';
import { html } from './html.js';
import { t } from './i18n.js';
import { Loading } from './loading.js';

// Where a filter fits few, a page may have none and others still follow.
const EMPTY_PAGES = 20;
// As many rows are in the document at once; what comes then takes their place.
const MOST_ROWS = 200;

/**
 * A view says where its list is with path(), and what it asks for with parameters(). Its data has items, next while there are more, and isPart
 * unless the items are all. With came(items, signal) it is told of rows that take the place of others.
 */
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
    return { items, next: pageToken, isPart: Boolean(pageToken) };
  }

  parameters() {
    return {};
  }

  more = async () => {
    const { data } = this.state;
    const isFurther = data.isFurther || data.items.length >= MOST_ROWS;
    const kept = data.items.length < MOST_ROWS ? data.items : [];
    await this.run(async (signal) => {
      const page = await this.page(data.next, kept, signal);
      if (!kept.length) this.came?.(page.items, signal);
      return { ...data, ...page, isFurther, isPart: isFurther || page.isPart };
    });
    if (!kept.length && this.state.data !== data) document.querySelector('.scroll')?.focus();
  };

  moreButton() {
    const { loading, data } = this.state;
    const button = (name, act) => html`<button type="button" class="outline" data-testid=${name} disabled=${loading} onClick=${act}>${t(name)}</button>`;
    return (data.next || data.isFurther) && html`<div class="actions">${data.isFurther && button('fromTheFirst', this.load)}${data.next && button('more', this.more)}</div>`;
  }
}
