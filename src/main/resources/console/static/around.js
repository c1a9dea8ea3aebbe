// The pages around the console: signed out, signing in failed, and signed in again in a second window.
import { html, render } from './html.js';
import { t } from './i18n.js';
import { applyTheme } from './theme.js';

const TEXTS = {
  'signed-out': ['signedOutTitle', 'signedOutText'],
  'sign-in-failed': ['signInFailedTitle', 'signInFailedText'],
  'signed-in': ['signedInTitle', 'signedInText'],
};
const page = document.body.dataset.page;
const [title, text] = TEXTS[page];

applyTheme();
document.title = t(title);
render(
  html`<main class="container narrow">
    <article>
      <h1>${t(title)}</h1>
      <p>${t(text)}</p>
      ${page !== 'signed-in' && html`<a role="button" data-testid="sign-in" href="/console/">${t('signIn')}</a>`}
    </article>
  </main>`,
  document.getElementById('app'),
);
if (page === 'signed-in') {
  new BroadcastChannel('console').postMessage('signed-in');
  window.close();
}
document.body.dataset.ready = 'true';
