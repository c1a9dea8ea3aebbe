// Marks of the frame, drawn in 24 by 24.
import { html } from './html.js';

const PATHS = {
  checks: 'M21 11v1a9 9 0 1 1-5.3-8.2M21 5l-9 9-3-3',
  sessions: 'M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01',
  home: 'M3 10.5 12 3l9 7.5V21h-6v-6H9v6H3z',
  charges: 'M2 6h20v12H2zM2 10.5h20M6 15h4',
  open: 'M12 3a9 9 0 1 0 .01 0M12 7v5l3.5 2',
  budgets: 'M12 3v9h9a9 9 0 1 1-9-9zM16 3.9A9 9 0 0 1 20.1 8H16z',
  statements: 'M14 2H6v20h12V6zM14 2v4h4M9 12h6M9 16h6',
  audit: 'M9 5H6v16h12V5h-3M9 3h6v4H9zM9 12h6M9 16h4',
  health: 'M2 12h5l3-8 4 16 3-8h5',
  webhooks: 'M18 8a3 3 0 1 0-.01 0M6 15a3 3 0 1 0-.01 0M18 22a3 3 0 1 0-.01 0M8.6 10.5l6.8-4M8.6 13.5l6.8 4',
  menu: 'M3 6h18M3 12h18M3 18h18',
  person: 'M12 4a4 4 0 1 0 .01 0M4 21c0-4 3.5-6 8-6s8 2 8 6',
};

export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
