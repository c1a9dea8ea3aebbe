// A list that is read a page at a time.
import { read } from './api.js';
import { html } from './html.js';
import { t } from './i18n.js';
import { Loading } from './loading.js';

// Where a filter fits few, a page may have none and others still follow.
const EMPTY_PAGES = 20;
// At most so many rows are in the document at once: what comes then takes their place.
const MOST_ROWS = 200;

/**
 * A view says where its list is with path(), and what it asks for with parameters(). Its data has items, next while there are more, and isPart
 * unless the items are all. With came(items, signal) it is told of rows that take the place of others.
 */
export class Paged extends Loading {
  read(signal) {
    return this.page(undefined, signal);
  }

  async page(from, signal) {
    let pageToken = from;
    let items = [];
    for (let pages = 0; pages < EMPTY_PAGES; pages++) {
      const page = await read(this.path(), { ...this.parameters(), pageToken }, signal);
      pageToken = page.nextPageToken;
      ({ items } = page);
      if (items.length || !pageToken) break;
    }
    return { items, next: pageToken, isPart: Boolean(pageToken) };
  }

  parameters() {
    return {};
  }

  more = async () => {
    const { data } = this.state;
    const isFull = data.items.length >= MOST_ROWS;
    const isFurther = data.isFurther || isFull;
    await this.run(async (signal) => {
      const page = await this.page(data.next, signal);
      if (isFull) this.came?.(page.items, signal);
      // What was done to the rows meanwhile stays.
      const { data: now } = this.state;
      return { ...now, ...page, items: isFull ? page.items : [...now.items, ...page.items], isFurther, isPart: isFurther || page.isPart };
    });
    if (isFull && this.state.data !== data) document.querySelector('.scroll')?.focus();
  };

  moreButton() {
    const { loading, data } = this.state;
    const button = (name, act) => html`<button type="button" class="outline" data-testid=${name} disabled=${loading} onClick=${act}>${t(name)}</button>`;
    return (data.next || data.isFurther) && html`<div class="actions">${data.isFurther && button('fromTheFirst', this.load)}${data.next && button('more', this.more)}</div>`;
  }
}
