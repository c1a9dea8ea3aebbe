// Fees by day or month: what was charged, came back, and is open, one above the other. For the eye; the table has the figures.
import { Component, html } from './html.js';
import { t } from './i18n.js';

const HEIGHT = 260;
const PARTS = [['charged', '--chart-charged'], ['refunded', '--chart-refunded'], ['open', '--chart-open'], ['unconfirmed', '--chart-unconfirmed']];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Chart extends Component {
  componentDidMount() {
    this.draw = () => this.redraw();
    this.resized = new ResizeObserver(() => this.plot?.setSize({ width: this.width(), height: HEIGHT }));
    this.resized.observe(this.place);
    addEventListener('themechange', this.draw);
    this.redraw();
  }

  componentDidUpdate(before) {
    if (before.items !== this.props.items) this.redraw();
  }

  componentWillUnmount() {
    this.resized.disconnect();
    removeEventListener('themechange', this.draw);
    this.plot?.destroy();
  }

  width = () => Math.max(this.place.clientWidth, 200);

  redraw() {
    this.plot?.destroy();
    const { items } = this.props;
    let below = items.map(() => 0);
    const stacked = PARTS.map(([part]) => (below = items.map((item, at) => below[at] + Number(item[part].amount))));
    const grid = { stroke: colour('--chart-grid'), width: 1 };
    const axis = { stroke: colour('--chart-text'), grid, ticks: grid, font: '12px system-ui, sans-serif' };
    const bars = uPlot.paths.bars({ size: [0.7, 48] });
    // The tallest first, so that those before it stand in front.
    const series = PARTS.map(([part, name], at) => ({
      label: t(part === 'open' ? 'openFees' : part), fill: colour(name), stroke: colour(name), width: 0, paths: bars, points: { show: false }, values: stacked[at],
    })).reverse();
    this.plot = new uPlot(
      {
        width: this.width(), height: HEIGHT, legend: { show: false }, cursor: { show: false },
        scales: { x: { time: false, range: [-0.6, items.length - 0.4] }, y: { range: (plot, low, high) => [0, high * 1.05 || 1] } },
        axes: [{ ...axis, incrs: [1, 2, 5, 7, 10, 15, 30], values: (plot, at) => at.map((n) => items[n]?.key.slice(-5) ?? '') }, { ...axis, size: 70 }],
        series: [{}, ...series.map(({ values, ...look }) => look)],
      },
      [items.map((item, at) => at), ...series.map(({ values }) => values)],
      this.place,
    );
  }

  render({ label }) {
    return html`<figure class="chart">
      <div role="img" aria-label=${label} data-testid="chart" ref=${(place) => (this.place = place)}></div>
      <figcaption>
        ${PARTS.map(([part]) => html`<span class=${`key ${part}`}>${t(part === 'open' ? 'openFees' : part)}</span>`)}
      </figcaption>
    </figure>`;
  }
}
