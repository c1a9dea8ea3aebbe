// What is shown when the session has ended: signing in again happens in a second window, and the page goes on from there.
import { html } from './html.js';
import { t } from './i18n.js';

export function SessionEnded() {
  return html`<div class="ended" role="alert" data-testid="signed-out">
    <p>${t('sessionEnded')}</p>
    <button type="button" data-testid="sign-in-again" onClick=${() => window.open('/console/signed-in')}>${t('signInAgain')} <small>${t('opensNew')}</small></button>
  </div>`;
}
