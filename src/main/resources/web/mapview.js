// The seat map with its buttons and the sign beside the pointer, as both pages show it.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { FREE } from './plan.js';
import { SeatMap } from './seatmap.js';
import { seatName, t, won } from './text.js';

export function MapView({ plan, marks, map, onPick }) {
  const canvas = useRef(null);
  const [hover, setHover] = useState(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  useEffect(() => {
    const made = new SeatMap(canvas.current, plan, marks, {
      pick: (seat) => pick.current(seat),
      hover: (seat, x, y) => setHover(seat >= 0 ? { seat, x, y } : null),
    });
    made.stageName = t('stage');
    map.current = made;
    canvas.current.seatMap = made; // For anyone who looks at it from the console, and for the tests.
    return () => {
      map.current = null;
      made.destroy();
    };
  }, [plan]);
  return html`
    <div class="map">
      <canvas ref=${canvas} tabindex="0" role="application" aria-label=${t('map.label')} aria-describedby="map-help"></canvas>
      <p id="map-help" class="unseen">${t('map.help')}</p>
      <div class="map-buttons">
        <button type="button" aria-label=${t('map.in')} onClick=${() => map.current?.zoomGliding(1.6)}>+</button>
        <button type="button" aria-label=${t('map.out')} onClick=${() => map.current?.zoomGliding(1 / 1.6)}>−</button>
        <button type="button" aria-label=${t('map.all')} onClick=${() => map.current?.fit()}>⤢</button>
      </div>
      ${hover && html`<div class="tip" style=${{ left: `${hover.x}px`, top: `${hover.y}px` }} aria-hidden="true">
        <strong>${seatName(plan, hover.seat)}</strong>
        <span>${plan.states[hover.seat] === FREE || marks.mine.has(hover.seat)
          ? `${plan.grades[plan.grade[hover.seat]].name} · ${won(plan.price(hover.seat))}` : t(`state.${['', 'held', 'sold', 'none'][plan.states[hover.seat]]}`)}</span></div>`}
    </div>`;
}
