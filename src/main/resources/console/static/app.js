// The frame around the views: the signed-in person, the view that the address names, and the end of the session.
import { me, SignedOut } from './api.js';
import { Component, html, render } from './html.js';
import { lang, otherLang, t } from './i18n.js';
import { address, follow, go, route } from './route.js';
import { SessionEnded } from './session.js';
import { applyTheme, setTheme, theme, themes } from './theme.js';
import { Audit } from './views/audit.js';
import { Budgets } from './views/budgets.js';
import { Charges } from './views/charges.js';
import { Differences } from './views/differences.js';
import { Fee } from './views/fee.js';
import { Import } from './views/import.js';
import { Lookup } from './views/lookup.js';
import { Open } from './views/open.js';
import { Period } from './views/period.js';
import { Periods } from './views/periods.js';
import { Statement } from './views/statement.js';
import { Statements } from './views/statements.js';
import { Summary } from './views/summary.js';
import { Webhook } from './views/webhook.js';
import { Webhooks } from './views/webhooks.js';

const ADMIN = 'finance-admin';
const FINANCE = ['finance', ADMIN];
const OPERATOR = [...FINANCE, 'operator'];

// A further view is one line here, one file in views, and its words in en.js and zh.js. The address of `one` has an id, and its heading
// is another one; a view that is part of another is reached from there.
const VIEWS = [
  { name: 'summary', roles: FINANCE, view: Summary },
  { name: 'charges', roles: FINANCE, view: Charges },
  { name: 'open', roles: FINANCE, view: Open },
  { name: 'budgets', roles: FINANCE, view: Budgets },
  { name: 'statements', roles: FINANCE, view: Statements, one: Statement, heading: 'statement' },
  { name: 'import', roles: FINANCE, view: Import, partOf: 'statements' },
  { name: 'differences', roles: FINANCE, one: Differences, heading: 'differences', partOf: 'statements' },
  { name: 'periods', roles: FINANCE, view: Periods, one: Period, heading: 'ofMonth' },
  { name: 'audit', roles: FINANCE, view: Audit },
  { name: 'lookup', roles: OPERATOR, view: Lookup },
  { name: 'fees', roles: OPERATOR, one: Fee, heading: 'why', partOf: 'lookup' },
  { name: 'webhooks', roles: ['operator'], view: Webhooks, one: Webhook, heading: 'webhook' },
];

class App extends Component {
  state = { route: route(), person: null, error: null, signedOut: false, epoch: 0 };

  last = location.href;

  componentDidMount() {
    addEventListener('popstate', () => this.navigated());
    // To where the page is already: what it shows is asked for anew.
    addEventListener('navigate', () => this.navigated(location.href === this.last));
    // Signed in again in a second window: what failed is asked for once more, all else stays.
    new BroadcastChannel('console').onmessage = () => {
      this.setState(({ epoch }) => ({ signedOut: false, epoch: epoch + 1 }));
      this.askWho();
    };
    this.askWho();
  }

  askWho = async () => {
    try {
      this.setState({ person: await me(), error: null });
    } catch (error) {
      this.setState(error instanceof SignedOut ? { signedOut: true } : { error });
    }
  };

  navigated(again = false) {
    const to = route();
    const moved = to.view !== this.state.route.view || to.id !== this.state.route.id;
    this.last = location.href;
    this.setState(
      ({ epoch }) => ({ route: to, epoch: again ? epoch + 1 : epoch }),
      () => moved && document.querySelector('h1')?.focus(),
    );
  }

  allowed = () => VIEWS.filter(({ roles }) => roles.some((role) => this.state.person.roles.includes(role)));

  render(props, { person, error, signedOut }) {
    return html`
      <a class="skip" href="#content">${t('skip')}</a>
      <${Frame} person=${person} views=${person ? this.allowed() : []} current=${this.state.route.view || 'summary'} />
      ${signedOut && html`<${SessionEnded} />`}
      <main id="content" class="container" tabindex="-1">
        ${person ? this.page() : error ? html`<p role="alert" class="fault">${t('failed', error.message)} <button type="button" onClick=${this.askWho}>${t('retry')}</button></p>` : html`<p aria-busy="true">${t('loading')}</p>`}
      </main>`;
  }

  page() {
    const { route: at, person, epoch } = this.state;
    const views = this.allowed();
    if (!views.length) return html`<${Message} title=${t('noRoleTitle')} text=${t('noRole', person.name)} testId="no-role" />`;
    const found = views.find(({ name }) => name === (at.view || views[0].name));
    const view = at.id ? found?.one : found?.view;
    if (!view) return html`<${Message} title=${t('notFoundTitle')} text=${t('notFoundText')} testId="not-found" />`;
    const heading = at.id ? t(found.heading, at.id) : t(found.name);
    document.title = `${heading} · ${t('title')}`;
    return html`
      <h1 tabindex="-1">${heading}</h1>
      <${view} key=${`${found.name}/${at.id}`} id=${at.id} query=${at.query} address=${location.pathname + location.search} epoch=${epoch}
        isFinance=${FINANCE.some((role) => person.roles.includes(role))} isAdmin=${person.roles.includes(ADMIN)}
        onSignedOut=${() => this.setState({ signedOut: true })} />`;
  }
}

function Frame({ person, views, current }) {
  const other = new URLSearchParams(location.search);
  other.set('lang', otherLang);
  const shown = views.find(({ name }) => name === current)?.partOf ?? current;
  return html`<header class="container-fluid">
    <strong class="brand">liveness-gateway · ${t('title')}</strong>
    <nav aria-label=${t('navigation')}>
      <ul>
        ${views.filter(({ partOf }) => !partOf).map(({ name }) => html`<li key=${name}>
          <a href=${address(name)} onClick=${follow} aria-current=${name === shown ? 'page' : undefined} data-testid=${`nav-${name}`}>${t(name)}</a>
        </li>`)}
      </ul>
    </nav>
    <div class="settings">
      <label class="theme"><span class="hidden">${t('theme')}</span>
        <select aria-label=${t('theme')} data-testid="theme" onChange=${(event) => setTheme(event.currentTarget.value)}>
          ${themes.map((name) => html`<option value=${name} selected=${name === theme()}>${t(name)}</option>`)}
        </select>
      </label>
      <a href=${`?${other}`} lang=${otherLang === 'zh' ? 'zh-CN' : 'en'} hreflang=${otherLang} data-testid="language">${t('language')}</a>
      ${person && html`<span class="person" title=${t('signedInAs', person.name)} data-testid="person">${person.name}</span>
        <a href="/console/sign-out" data-testid="sign-out">${t('signOut')}</a>`}
    </div>
  </header>`;
}

function Message({ title, text, testId }) {
  document.title = title;
  return html`<article data-testid=${testId}><h1 tabindex="-1">${title}</h1><p>${text}</p></article>`;
}

applyTheme();
render(html`<${App} />`, document.getElementById('app'));
document.body.dataset.ready = lang;
