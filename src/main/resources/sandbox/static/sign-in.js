/** Stands in for an issuer's page: each link signs in as another person, with what the console asked for. */
import { installLanguageSwitch } from './i18n.js';

for (const link of document.querySelectorAll('[data-person]')) {
  link.href = `/sandbox/sign-in/as/${link.dataset.person}${location.search}`;
}
installLanguageSwitch(document.getElementById('language'));
