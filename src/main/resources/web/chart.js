// Lines over the last ten minutes. Each has a dash of its own beside its colour, and its latest number
// stands at its end, so nobody has to tell colours apart.

import { html } from './preact-htm.js';
import { number, t } from './text.js';

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 8;
const RIGHT = 96;
const TOP = 12;
const BOTTOM = 22;
const DASHES = ['', '7 4', '2 3'];

/**
 * @param points `[{at, values: [..]}]`, `at` in milliseconds, oldest first
 * @param lines their names, in the order of the values
 */
export function Chart({ title, points, lines, spanMillis }) {
  const now = points.length > 0 ? points[points.length - 1].at : 0;
  const most = Math.max(1, ...points.flatMap((point) => point.values));
  const top = niceAbove(most);
  const x = (at) => LEFT + (1 - (now - at) / spanMillis) * (WIDTH - LEFT - RIGHT);
  const y = (value) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const last = points[points.length - 1];
  const ends = last ? spread(last.values.map((value) => y(value))) : [];
  const minutes = Math.round(spanMillis / 60_000);
  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${`${title}: ${lines.map((line, i) => `${line} ${last ? number(last.values[i]) : '–'}`).join(', ')}`}>
        ${[0, 0.5, 1].map((share) => html`<g key=${share}><line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(top * share)} y2=${y(top * share)} />
          ${share > 0 && html`<text class="tick" x=${LEFT} y=${y(top * share) - 3}>${number(top * share)}</text>`}</g>`)}
        <text class="tick" x=${LEFT} y=${HEIGHT - 5}>${t('minutesAgo', { n: minutes })}</text>
        <text class="tick" x=${WIDTH - RIGHT} y=${HEIGHT - 5} text-anchor="end">${t('now')}</text>
        ${lines.map((line, i) => html`
          <polyline key=${line} class="line line-${i}" stroke-dasharray=${DASHES[i]} points=${points.map((p) => `${x(p.at).toFixed(1)},${y(p.values[i]).toFixed(1)}`).join(' ')} />
          ${last && html`<text class="end end-${i}" x=${WIDTH - RIGHT + 6} y=${ends[i] + 4}>${number(last.values[i])} ${line}</text>`}`)}
      </svg>
    </figure>`;
}

/** 1, 2 or 5 times a power of ten, not below the value. */
function niceAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= value);
}

/** Labels that would lie on one another move apart. */
function spread(ys) {
  const order = ys.map((y, i) => [y, i]).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < order.length; i++) order[i][0] = Math.max(order[i][0], order[i - 1][0] + 15);
  const over = order.length > 0 ? Math.max(0, order[order.length - 1][0] - (HEIGHT - BOTTOM)) : 0;
  const placed = [];
  for (const [y, i] of order) placed[i] = y - over;
  return placed;
}
