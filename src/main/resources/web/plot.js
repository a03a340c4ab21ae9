// Lines over a whole sale. As in chart.js each has a dash of its own beside its colour and its name at its
// end; here the axis has times, and what isn't known is a gap.

import { html } from './preact-htm.js';
import { number } from './text.js';

const WIDTH = 720;
const HEIGHT = 230;
const LEFT = 8;
const RIGHT = 130;
const TOP = 14;
const BOTTOM = 24;
const TICKS = 5;
const DASHES = ['', '7 4', '2 3'];

/**
 * @param points `[{x, values: [..]}]` by ascending x; a value may be null
 * @param lines their names, in the order of the values
 * @param label the text of an x on the axis
 */
export function Plot({ title, points, lines, label }) {
  const first = points.length > 0 ? points[0].x : 0;
  const last = points.length > 0 ? points[points.length - 1].x : 1;
  const span = Math.max(1, last - first);
  const top = niceAbove(Math.max(1, ...points.flatMap((point) => point.values.map((value) => value ?? 0))));
  const x = (at) => LEFT + ((at - first) / span) * (WIDTH - LEFT - RIGHT);
  const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const ends = lines.map((line, i) => points.findLast((point) => point.values[i] != null)?.values[i] ?? null);
  const labels = apart(ends.map((value) => y(value ?? 0)));
  const ticks = [...Array(TICKS).keys()].map((i) => first + (span * i) / (TICKS - 1));
  const most = lines.map((line, i) => Math.max(0, ...points.map((point) => point.values[i] ?? 0)));
  const spoken = lines.map((line, i) => `${line}: max ${number(most[i])}, ${ends[i] == null ? '–' : number(ends[i])}`);
  return html`
    <figure class="chart plot">
      <figcaption>${title}</figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${`${title}. ${spoken.join('; ')}`}>
        ${[0, 0.5, 1].map((share) => html`<g key=${share}><line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(top * share)} y2=${y(top * share)} />
          ${share > 0 && html`<text class="tick" x=${LEFT} y=${y(top * share) - 3}>${number(top * share)}</text>`}</g>`)}
        ${ticks.map((at, i) => html`<text key=${i} class=${i % 2 === 1 ? 'tick inner' : 'tick'} x=${x(at)} y=${HEIGHT - 6} text-anchor=${i === 0 ? 'start' : i === TICKS - 1 ? 'end' : 'middle'}>${label(at)}</text>`)}
        ${lines.map((line, i) => html`
          <path key=${line} class="line line-${i}" stroke-dasharray=${DASHES[i]} d=${path(points, i, x, y)} />
          ${ends[i] != null && html`<text class="end end-${i}" x=${WIDTH - RIGHT + 6} y=${labels[i] + 4}>${number(ends[i])} ${line}</text>`}`)}
      </svg>
    </figure>`;
}

function path(points, line, x, y) {
  let pen = 'M';
  let d = '';
  for (const point of points) {
    const value = point.values[line];
    if (value == null) {
      pen = 'M';
    } else {
      d += `${pen}${x(point.x).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = 'L';
    }
  }
  return d;
}

/** 1, 2 or 5 times a power of ten, not below the value. */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value);
}

/** Labels that would lie on one another move apart. */
function apart(ys) {
  const order = ys.map((y, i) => [y, i]).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < order.length; i++) order[i][0] = Math.max(order[i][0], order[i - 1][0] + 18);
  const over = order.length > 0 ? Math.max(0, order[order.length - 1][0] - (HEIGHT - BOTTOM)) : 0;
  const placed = [];
  for (const [y, i] of order) placed[i] = y - over;
  return placed;
}
