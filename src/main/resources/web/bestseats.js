// "Two together, the best there are": the service chooses and holds in one step, so a crowd that asks
// for the best doesn't fight for one seat.

import { html, useState } from './preact-htm.js';
import { Busy } from './parts.js';
import { t } from './text.js';

export function BestSeats({ plan, most, onHold }) {
  const [count, setCount] = useState(Math.min(2, Math.max(1, most)));
  const [section, setSection] = useState('');
  if (most < 1) return null;
  const n = Math.min(count, most);
  return html`
    <section class="best" aria-labelledby="best-title">
      <h2 id="best-title">${t('best.title')}</h2>
      <div class="fields">
        <label>${t('best.count')}
          <select value=${n} onChange=${(e) => setCount(Number(e.target.value))}>
            ${Array.from({ length: Math.min(most, 10) }, (_, i) => html`<option key=${i} value=${i + 1}>${i + 1}</option>`)}
          </select>
        </label>
        <label>${t('best.section')}
          <select value=${section} onChange=${(e) => setSection(e.target.value)}>
            <option value="">${t('best.any')}</option>
            ${plan.sections.filter((one) => one.free >= n).map((one) => html`<option key=${one.index} value=${one.name}>${one.name}</option>`)}
          </select>
        </label>
      </div>
      <${Busy} class="quiet wide" onClick=${() => onHold(n, section || null)}>${t('best.hold', { count: n, n })}</${Busy}>
    </section>`;
}
