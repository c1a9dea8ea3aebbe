// The frame around the views: the signed-in person, the view that the address names, and the end of the session.
import { me, SignedOut } from './api.js';
import { FindForm } from './find.js';
import { dateText, ZONE } from './format.js';
import { Component, html, render } from './html.js';
import { lang, otherLang, t } from './i18n.js';
import { Icon } from './icons.js';
import { Fault } from './loading.js';
import { address, follow, route } from './route.js';
import { SessionEnded } from './session.js';
import { applyTheme, setTheme, theme, themes } from './theme.js';
import { Audit } from './views/audit.js';
import { Budgets } from './views/budgets.js';
import { Charges } from './views/charges.js';
import { Checks } from './views/checks.js';
import { Differences } from './views/differences.js';
import { Find } from './views/find.js';
import { Health } from './views/health.js';
import { Home, MONTH } from './views/home.js';
import { Import } from './views/import.js';
import { Open } from './views/open.js';
import { Session } from './views/session.js';
import { Sessions } from './views/sessions.js';
import { Statement } from './views/statement.js';
import { Statements } from './views/statements.js';
import { Webhook } from './views/webhook.js';
import { Webhooks } from './views/webhooks.js';

const ADMIN = 'finance-admin';
const FINANCE = ['finance', ADMIN];
const OPERATOR = [...FINANCE, 'operator'];

// A further view is one line here, one file in views, and its words in en.js and zh.js. It stands in the side bar under its group. The address
// of `one` has an id, of the form `ids` where there is one, and its heading is another one; a view that is part of another is reached from there.
const VIEWS = [
  { name: 'checks', group: 'checks', roles: OPERATOR, view: Checks },
  { name: 'sessions', group: 'checks', roles: ['operator'], view: Sessions, one: Session, heading: 'session' },
  { name: 'sessions', roles: FINANCE, one: Session, heading: 'session', partOf: 'charges' },
  { name: 'find', roles: OPERATOR, view: Find },
  { name: 'home', group: 'finance', roles: FINANCE, view: Home },
  { name: 'periods', roles: FINANCE, one: Home, ids: MONTH, heading: 'ofMonth', partOf: 'home' },
  { name: 'charges', group: 'finance', roles: FINANCE, view: Charges },
  { name: 'open', group: 'finance', roles: FINANCE, view: Open },
  { name: 'statements', group: 'finance', roles: FINANCE, view: Statements, one: Statement, heading: 'statement' },
  { name: 'import', roles: FINANCE, view: Import, partOf: 'statements' },
  { name: 'differences', roles: FINANCE, one: Differences, heading: 'differences', partOf: 'statements' },
  { name: 'budgets', group: 'finance', roles: FINANCE, view: Budgets },
  { name: 'audit', group: 'finance', roles: FINANCE, view: Audit },
  { name: 'health', group: 'operations', roles: ['operator'], view: Health },
  { name: 'webhooks', group: 'operations', roles: ['operator'], view: Webhooks, one: Webhook, heading: 'webhook' },
];
const GROUPS = ['checks', 'finance', 'operations'];
// Where a person begins: the first of these that the roles allow.
const FIRST = ['home', 'health'];

class App extends Component {
  state = { route: route(), person: null, error: null, signedOut: false, epoch: 0, signedIn: 0 };

  last = location.href;

  componentDidMount() {
    addEventListener('popstate', () => this.navigated());
    // To where the page is already: what it shows is asked for anew.
    addEventListener('navigate', () => this.navigated(location.href === this.last));
    // Signed in again in a second window: what failed is asked for once more, all else stays.
    new BroadcastChannel('console').onmessage = () => {
      this.setState(({ signedIn }) => ({ signedOut: false, signedIn: signedIn + 1 }));
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

  /** The view of the address, else the one that the person begins with. */
  current = (views) => this.state.route.view || FIRST.find((first) => views.some(({ name }) => name === first));

  render(props, { person, error, signedOut }) {
    const views = person ? this.allowed() : [];
    return html`
      <a class="skip" href="#content">${t('skip')}</a>
      <${Top} person=${person} hasViews=${views.length > 0} />
      <div class="frame">
        ${views.length > 0 && html`<${Side} views=${views} current=${this.current(views)} />`}
        <div class="page">
          ${signedOut && html`<${SessionEnded} />`}
          <main id="content" tabindex="-1">
            ${person ? this.page(views) : error ? html`<${Fault} error=${error} onRetry=${this.askWho} />` : html`<p aria-busy="true">${t('loading')}</p>`}
          </main>
          <footer>${t('zone', ZONE)} ${person?.demo && html`<a href="/">${t('demo')}</a> <a href="/q/swagger-ui/">${t('api')}</a>`}</footer>
        </div>
      </div>`;
  }

  page(views) {
    const { route: at, person, epoch, signedIn } = this.state;
    if (!views.length) return html`<${Message} title=${t('noRoleTitle')} text=${t('noRole', person.name)} testId="no-role" />`;
    const current = this.current(views);
    const found = views.find(({ name }) => name === current);
    const view = !at.id ? found?.view : found?.ids?.test(at.id) !== false && found?.one;
    if (!view) return html`<${Message} title=${t('notFoundTitle')} text=${t('notFoundText')} testId="not-found" action=${html`<a href=${address('')} onClick=${follow}>${t('toFirst')}</a>`} />`;
    const heading = at.id ? t(found.heading, dateText(at.id)) : t(found.name);
    document.title = `${heading} · ${t('title')}`;
    return html`
      <h1 tabindex="-1">${heading}</h1>
      <${view} key=${`${person.userName} ${found.name}/${at.id}`} id=${at.id} query=${at.query} address=${location.pathname + location.search} epoch=${epoch} signedIn=${signedIn}
        userName=${person.userName}
        isFinance=${FINANCE.some((role) => person.roles.includes(role))} isAdmin=${person.roles.includes(ADMIN)}
        isOperator=${person.roles.includes('operator')} seesData=${person.roles.includes('operator-data')}
        onSignedOut=${() => this.setState({ signedOut: true })} />`;
  }
}

function Top({ person, hasViews }) {
  const other = new URLSearchParams(location.search);
  other.set('lang', otherLang);
  return html`<header class="top">
    ${hasViews && html`<button type="button" class="ghost drawer" popovertarget="side" aria-label=${t('navigation')} data-testid="drawer"><${Icon} name="menu" /></button>`}
    <a class="brand" href=${address('')} onClick=${follow}><img src="/console/static/icon.svg" alt="" width="24" height="24" /> liveness-gateway</a>
    <div class="find">${hasViews && html`<${FindForm} />`}</div>
    <a href=${`?${other}`} lang=${otherLang === 'zh' ? 'zh-CN' : 'en'} hreflang=${otherLang} data-testid="language">${t('language')}</a>
    <button type="button" class="ghost" popovertarget="own" data-testid="person-menu"><${Icon} name="person" />
      ${person ? html`<span class="person" data-testid="person">${person.name}</span>` : html`<span class="hidden">${t('theme')}</span>`}</button>
    <div id="own" class="menu" popover="auto">
      ${person && html`<p>${t('signedInAs', person.name)}</p>`}
      <label><span>${t('theme')}</span>
        <select data-testid="theme" onChange=${(event) => setTheme(event.currentTarget.value)}>
          ${themes.map((name) => html`<option value=${name} selected=${name === theme()}>${t(name)}</option>`)}
        </select>
      </label>
      ${person && html`<a role="button" class="outline" href="/console/sign-out" data-testid="sign-out">${t('signOut')}</a>`}
    </div>
  </header>`;
}

/** Beside the page; a drawer where the window is narrow. */
function Side({ views, current }) {
  const shown = views.find(({ name }) => name === current)?.partOf ?? current;
  const groups = GROUPS.map((group) => [group, views.filter((view) => view.group === group)]).filter(([, members]) => members.length);
  const close = (event) => event.target.closest('a') && event.currentTarget.hidePopover();
  return html`<nav id="side" class="side" popover="auto" aria-label=${t('navigation')} onClick=${close}>
    ${groups.map(([group, members]) => html`<section key=${group} aria-labelledby=${`group-${group}`}>
      <h2 id=${`group-${group}`}>${t(`group.${group}`)}</h2>
      <ul>${members.map(({ name }) => html`<li key=${name}>
        <a href=${address(name)} onClick=${follow} aria-current=${name === shown ? 'page' : undefined} data-testid=${`nav-${name}`}><${Icon} name=${name} />${t(name)}</a>
      </li>`)}</ul>
    </section>`)}
  </nav>`;
}

function Message({ title, text, testId, action }) {
  document.title = title;
  return html`<article data-testid=${testId}><h1 tabindex="-1">${title}</h1><p>${text}</p>${action}</article>`;
}

applyTheme();
render(html`<${App} />`, document.getElementById('app'));
document.body.dataset.ready = lang;
