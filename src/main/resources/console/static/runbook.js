// Sections of the runbook, docs/operations.md, which the gateway serves as it is.
import { Component, html } from './html.js';
import { lang, t } from './i18n.js';

const FILE = `/console/static/runbook/operations${lang === 'zh' ? '.zh-CN' : ''}.md`;
const MARKED = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/;
// Chinese has no blank where a line ends.
const JOINED = lang === 'zh' ? '' : ' ';

let file;

/** Read once, also before it is wanted: then it is there when the gateway is not. */
export const reading = () => (file ??= fetch(FILE).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error()))).catch((error) => {
  file = undefined;
  throw error;
}));

/** The paragraphs of a section. */
const paragraphs = (text, alert) => text.split('\n## ').find((section) => section.startsWith(`${alert}\n`))?.split('\n\n').slice(1) ?? [];

/** Code, what is bold, and the text of links, which lead to other sections. */
const marked = (text) => text.trim().replaceAll('\n', JOINED).split(MARKED).map((part) => {
  if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
  if (part.startsWith('**')) return html`<strong>${part.slice(2, -2)}</strong>`;
  return part.startsWith('[') ? part.slice(1, part.indexOf(']')) : part;
});

/** What an alert means, where to look, and what to do. */
export class Runbook extends Component {
  state = { text: null, missing: false };

  async componentDidMount() {
    try {
      this.setState({ text: await reading() });
    } catch {
      this.setState({ missing: true });
    }
  }

  render({ alert }, { text, missing }) {
    return html`<div class="runbook" data-testid="runbook">
      ${missing ? t('runbookMissing', alert) : text && paragraphs(text, alert).map((paragraph, at) => html`<p key=${at}>${marked(paragraph)}</p>`)}
    </div>`;
  }
}
