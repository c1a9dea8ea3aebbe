import { read } from '../api.js';
import { dateText, money, percent, shareText, time } from '../format.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Badge, Empty, Next } from '../kit.js';
import { Loading, Table } from '../loading.js';
import { address, follow } from '../route.js';

/** What callers may spend in the present month, and how far they have. */
export class Budgets extends Loading {
  read(signal) {
    return read('/budgets', {}, signal);
  }

  show({ items }) {
    const head = [[t('caller')], [t('month')], [t('budget'), true], [t('spent'), true], [t('used')], [t('hardStop')], [t('setBy')]];
    if (!items.length) return html`<${Empty} title=${t('noBudgets')} text=${t('noBudgetsText')} action=${html`<${Next} to=${address('checks')}>${t('checks')}</${Next}>`} />`;
    return html`<${Table} caption=${t('budgetsTable')} testId="budgets" head=${head}>
      <tbody>${items.map((budget) => {
        const used = percent(budget.spent.value, budget.amount.value);
        return html`<tr key=${budget.caller}>
          <th scope="row"><a href=${address('home', { caller: budget.caller, month: budget.month })} onClick=${follow}>${budget.caller}</a></th>
          <td>${dateText(budget.month)}</td>
          <td class="number">${money(budget.amount)}</td>
          <td class="number">${money(budget.spent)}</td>
          <td class="used">
            <progress class=${`reached-${budget.reached}`} value=${Math.min(Math.max(used, 0), 100)} max="100" aria-label=${t('used')}></progress>
            <span>${shareText(used / 100)}${budget.reached > 0 ? ` · ${t('reached', shareText(budget.reached / 100))}` : ''}</span>
          </td>
          <td><${Badge}>${t(budget.hardStop ? 'stops' : 'warns')}</${Badge}></td>
          <td>${budget.setBy ?? t('configured')}${budget.setAt && html`<small>${time(budget.setAt)}</small>`}</td>
        </tr>`;
      })}</tbody>
    </${Table}>`;
  }
}
