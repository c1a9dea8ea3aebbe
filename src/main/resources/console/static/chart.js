// Stacked bars, with the same figures as a table for screen readers.
import { dateText, shortDateText } from './format.js';
import { Component, html } from './html.js';
import { t } from './i18n.js';

const HEIGHT = 240;
const FONT = '12px system-ui, sans-serif';

/**
 * label says what is drawn; items have a key and a value for each of series, which are {name, label, colour: '--series-1'}; format writes a value.
 * A single series may have null where it has no value.
 */
export class Bars extends Component {
  state = { at: null };

  componentDidMount() {
    this.draw = () => this.redraw();
    this.resized = new ResizeObserver(() => this.plot?.setSize({ width: this.width(), height: HEIGHT }));
    this.resized.observe(this.place);
    addEventListener('themechange', this.draw);
    addEventListener('beforeprint', this.print);
    addEventListener('afterprint', this.print);
    this.redraw();
  }

  componentDidUpdate(before) {
    if (before.items !== this.props.items) this.redraw();
  }

  componentWillUnmount() {
    this.resized.disconnect();
    removeEventListener('themechange', this.draw);
    removeEventListener('beforeprint', this.print);
    removeEventListener('afterprint', this.print);
    this.plot?.destroy();
  }

  /** Paper is light, whatever the theme. */
  print = ({ type }) => {
    this.place.style.colorScheme = type === 'beforeprint' ? 'light' : '';
    this.redraw();
  };

  width = () => Math.max(this.place.clientWidth, 200);

  /** The theme's colour of a name: a canvas does not know the page's variables. */
  colour(name) {
    this.place.style.color = `var(${name})`;
    return getComputedStyle(this.place).color;
  }

  /** The width that the longest label of an axis needs. */
  widest = ({ ctx }, texts) => {
    ctx.font = FONT;
    return Math.max(64, 16 + Math.ceil(Math.max(...(texts ?? []).map((text) => ctx.measureText(text).width))));
  };

  redraw() {
    this.plot?.destroy();
    const { items, series, format } = this.props;
    const surface = this.colour('--surface');
    const grid = { stroke: this.colour('--line'), width: 1 };
    const axis = { stroke: this.colour('--quiet'), grid, ticks: { show: false }, font: FONT };
    const below = items.map(() => 0);
    // What is nothing has no bar: its edge would hide what it stands on.
    const stacked = series.map(({ name }) => items.map((item, at) => (Number(item[name]) === 0 ? null : (below[at] += Number(item[name])))));
    const paths = uPlot.paths.bars({ size: [0.72, 44] });
    // The tallest first, so that those before it stand in front.
    const looks = series.map(({ label, colour }) => ({ label, fill: this.colour(colour), stroke: surface, width: 1, paths, points: { show: false } })).reverse();
    this.plot = new uPlot(
      {
        width: this.width(), height: HEIGHT, legend: { show: false }, cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
        hooks: { setCursor: [({ cursor }) => cursor.idx !== this.state.at && this.setState({ at: cursor.idx ?? null })] },
        scales: { x: { time: false, range: [-0.6, items.length - 0.4] }, y: { range: (plot, low, high) => [0, high * 1.05 || 1] } },
        axes: [
          { ...axis, size: 30, space: 72, grid: { show: false }, incrs: [1, 2, 5, 7, 10, 15, 30], values: (plot, at) => at.map((n) => shortDateText(items[n]?.key ?? '')) },
          { ...axis, size: this.widest, values: (plot, at) => at.map((value) => (value === 0 ? '0' : format?.(value) ?? value)) },
        ],
        series: [{}, ...looks],
      },
      [items.map((item, at) => at), ...stacked.reverse()],
      this.place,
    );
  }

  render({ label, items, series, format = String }, { at }) {
    const one = items[at];
    const write = (value) => (value === null ? '–' : format(value));
    return html`<figure class="chart">
      <div role="img" aria-label=${label} data-testid="chart" ref=${(place) => (this.place = place)}></div>
      <figcaption aria-hidden="true">
        ${series.map(({ name, label: word, colour }) => html`<span key=${name} class=${`key ${colour.slice(2)}`}>${word}${one && html` <strong>${write(one[name])}</strong>`}</span>`)}
        ${one && html`<span>${dateText(one.key)}</span>`}
      </figcaption>
      <div class="hidden"><table><caption>${label}</caption>
        <thead><tr><th scope="col">${t('on')}</th>${series.map(({ name, label: word }) => html`<th key=${name} scope="col">${word}</th>`)}</tr></thead>
        <tbody>${items.map((item) => html`<tr key=${item.key}><th scope="row">${dateText(item.key)}</th>${series.map(({ name }) => html`<td key=${name}>${write(item[name])}</td>`)}</tr>`)}</tbody>
      </table></div>
    </figure>`;
  }
}
