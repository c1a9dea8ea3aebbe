// Files of the API, saved by the browser. A link could name neither the type of the file nor say what went wrong.
import { download, SignedOut } from './api.js';
import { Component, html } from './html.js';
import { Fault } from './loading.js';

export const CSV = 'text/csv';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Buttons for files: {label, name, path, parameters, type, testId}. */
export class Files extends Component {
  state = { busy: null, error: null };

  async save(file) {
    this.setState({ busy: file.label, error: null });
    try {
      give(await download(file.path, file.parameters, file.type), file.name);
      this.setState({ busy: null });
    } catch (error) {
      if (error instanceof SignedOut) this.props.onSignedOut();
      this.setState({ busy: null, error: error instanceof SignedOut ? null : error });
    }
  }

  render({ files }, { busy, error }) {
    return html`
      <div class="actions">
        ${files.map((file) => html`<button key=${file.label} type="button" class="outline" data-testid=${file.testId} disabled=${busy !== null}
          aria-busy=${busy === file.label ? 'true' : undefined} onClick=${() => this.save(file)}>${file.label}</button>`)}
      </div>
      ${error && html`<${Fault} text="notSaved" error=${error} />`}`;
  }
}

function give(file, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The address is needed until the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
