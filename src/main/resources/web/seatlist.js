// Every seat without the map: a stand, then a row, then the seats of it. For screen readers, for the
// keyboard, and for anyone who finds a list quicker than a picture; so it is always there.

import { html, useState } from './preact-htm.js';
import { FREE } from './plan.js';
import { number, seatName, t, won } from './text.js';

/**
 * @param pickable whether a seat that isn't free can be chosen, too; for operators
 * @param tools what is shown for a stand and, once it is chosen, a row of it
 */
export function SeatList({ plan, chosen, mine, onToggle, onSection, onSeat, pickable = () => false, tools }) {
  const [s, setSection] = useState('');
  const [r, setRow] = useState('');
  const section = s === '' ? null : plan.sections[s];
  const only = section?.rows.length === 1 ? 0 : null;
  const row = section && (only !== null ? section.rows[only] : r === '' ? null : section.rows[r]);
  const freeIn = ({ first, end }) => {
    let free = 0;
    for (let seat = first; seat < end; seat++) free += plan.states[seat] === FREE;
    return free;
  };
  return html`
    <section class="list" aria-labelledby="list-title">
      <h2 id="list-title">${t('list.title')}</h2>
      <div class="fields">
        <label>${t('list.section')}
          <select value=${s} onChange=${(e) => { setSection(e.target.value); setRow(''); if (e.target.value !== '') onSection(plan.sections[e.target.value]); }}>
            <option value="">${t('list.choose')}</option>
            ${plan.sections.map((one) => html`<option key=${one.index} value=${one.index}>
              ${t('list.option', { name: one.name, n: number(one.free), count: one.free })}</option>`)}
          </select>
        </label>
        ${section && only === null && html`
          <label>${t('list.row')}
            <select value=${r} onChange=${(e) => { setRow(e.target.value); if (e.target.value !== '') onSeat(section.rows[e.target.value].first); }}>
              <option value="">${t('list.choose')}</option>
              ${section.rows.map((one, i) => html`<option key=${i} value=${i}>
                ${t('list.option', { name: one.name || '–', n: number(freeIn(one)), count: freeIn(one) })}</option>`)}
            </select>
          </label>`}
      </div>
      ${section && tools?.(section, row)}
      ${row && html`
        <div class="row-seats" role="group" aria-label=${t('list.seats')}>
          ${Array.from({ length: row.end - row.first }, (_, i) => row.first + i).map((seat) => {
            const own = mine.has(seat);
            const picked = chosen.includes(seat);
            const free = plan.states[seat] === FREE;
            const can = free || picked || own || pickable(seat);
            return html`<button key=${seat} type="button" class="seat ${picked ? 'picked' : ''} state-${plan.states[seat]} grade-${plan.grade[seat]}" aria-pressed=${picked ? 'true' : 'false'}
              aria-disabled=${can ? undefined : 'true'}
              onClick=${() => can && onToggle(seat)}
              onFocus=${() => onSeat(seat)}>${plan.numbers[seat]}<span class="unseen"> · ${seatName(plan, seat)}, ${own ? t('state.mine')
                : free || (picked && !tools) ? `${plan.grades[plan.grade[seat]].name} ${won(plan.price(seat))}` : t(`state.${['', 'held', 'sold', 'none'][plan.states[seat]]}`)}</span></button>`;
          })}
        </div>`}
    </section>`;
}
