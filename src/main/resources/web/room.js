// The waiting room: where one stands, how long it may take, what one may do meanwhile.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { get } from './api.js';
import { now } from './clock.js';
import { drawOf, placeOf, verify } from './draw.js';
import { sayRarely, sayUrgently } from './live.js';
import { Busy, Countdown, Failure, Notice, Question, saleState, Title, useAnswer, useEvery, useSecond } from './parts.js';
import { go } from './route.js';
import { lasting, place as places } from './store.js';
import { clockTime, dateTime, number, range, t } from './text.js';

const ROOM_MS = 15_000;

export function WaitingRoom({ concert, schedule, line }) {
  const { place, up } = line;
  const { value: room, again } = useAnswer(() => get(`/rooms/${concert.room}`), [concert.room]);
  const [leaving, setLeaving] = useState(false);
  const [failure, setFailure] = useState(null);
  useEvery(ROOM_MS, again);
  useNews(place);
  const dates = schedule ? [schedule] : concert.schedules;
  const onSale = dates.filter((date) => saleState(date) === 'ON_SALE');
  const free = onSale.reduce((sum, date) => sum + (date.free ?? 0), 0);
  const soldOut = onSale.length === 0 && dates.some((date) => saleState(date) === 'SOLD_OUT');
  const notOpen = place.state === 'NOT_OPEN';

  return html`
    <div class="column waiting">
      <p class="eyebrow">${concert.title}${schedule && html` · ${dateTime(schedule.startsAt, concert.timeZone)}`}</p>
      <${Title} class="page-title">${t(`room.${place.state}`)}</${Title}>
      ${notOpen
        ? html`<${BeforeOpening} place=${place} room=${room} />`
        : html`<${InLine} place=${place} />`}
      ${place.state === 'PAUSED' && html`<${Notice} kind="warn" title=${t('paused.title')}><p>${t('paused.text')}</p></${Notice}>`}
      ${room?.message && html`<${Notice} title=${t('message.title')}><p>${room.message}</p></${Notice}>`}
      ${soldOut && html`<${Notice} kind="warn" title=${t('soldOut.title')}><p>${t('soldOut.text')}</p></${Notice}>`}
      ${!up && html`<${Notice} kind="warn" role="status" title=${t('line.down')}><p>${t('line.kept')}</p></${Notice}>`}
      <dl class="figures">
        ${!soldOut && html`<div><dt>${t('seatsLeft')}</dt><dd>${number(free)}</dd></div>`}
        <div><dt>${t('lastNews')}</dt><dd><${Fresh} line=${line} /></dd></div>
      </dl>
      ${!notOpen && room && html`<${Proof} place=${place} room=${room} />`}
      <p class="kept">${t('room.keep')}</p>
      <${Alarm} />
      ${failure && html`<${Failure} failure=${failure} />`}
      <p><button type="button" class="quiet" onClick=${() => setLeaving(true)}>${t('leave')}</button></p>
      ${leaving && html`
        <${Question} title=${t('leave.title')} yes=${t('leave')} no=${t('stay')} danger
          onNo=${() => setLeaving(false)}
          onYes=${async () => {
            setLeaving(false);
            try {
              await line.leave();
              go({ concert: concert.id });
            } catch (refused) {
              setFailure(refused);
            }
          }}>
          <p>${t('leave.text')}</p>
        </${Question}>`}
    </div>`;
}

function InLine({ place }) {
  const ahead = Math.max(0, place.waitingUserNum - 1);
  const first = Math.max(places.get(place.room)?.first ?? 0, place.waitingUserNum);
  const done = first > 0 ? 1 - place.waitingUserNum / (first + 1) : 0;
  const wait = place.estimatedWaitSeconds;
  return html`
    <div class="place">
      <p class="numeral">${number(ahead)}</p>
      <p class="numeral-label">${ahead === 0 ? t('next') : t('ahead', { count: ahead })}</p>
      <div class="progress" role="progressbar" aria-label=${t('progress')} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(done * 100)}>
        <div style=${{ width: `${(done * 100).toFixed(1)}%` }}></div>
      </div>
      <p class="estimate">${wait ? t('wait', { range: range(wait.low, wait.high) }) : t('wait.unknown')}</p>
    </div>`;
}

/** What was promised to a place before the opening is kept, to compare with what is said afterwards. */
const promise = (place) => `promise.${place.room}.${Object.values(placeOf(place.jwt)).join('-')}`;

/** Lets everybody who took part in a draw compute it again. */
function Proof({ place, room }) {
  const [result, set] = useState(null);
  const mine = placeOf(place.jwt);
  const draw = drawOf(room.draws ?? [], mine);
  if (!draw) return null;
  const check = async () => set(verify(draw, mine, lasting.read(promise(place))));
  return html`
    <div class="proof">
      <${Busy} class="quiet" onClick=${check}>${t('draw.verify')}</${Busy}>
      ${result && (result.kept && result.position > 0
        ? html`<${Notice} kind="good" role="status" title=${t('draw.true', { n: number(result.position), size: number(result.size) })}><p>${t('draw.trueText')}</p></${Notice}>`
        : html`<${Notice} kind="bad" role="alert" title=${t('draw.false')}><p>${t('draw.falseText')}</p></${Notice}>`)}
    </div>`;
}

function BeforeOpening({ place, room }) {
  useEffect(() => {
    if (!room?.draw) return;
    lasting.write(promise(place), room.draw.commitment);
  }, [room?.draw?.commitment]);
  return html`
    <div class="place">
      <p class="numeral-label">${t('opening.until')}</p>
      <p class="numeral"><${Countdown} at=${place.opensAt} label=${t('opening.until')} /></p>
      <p class="estimate">${t('opening.gathered', { n: number(place.waitingUserNum), count: place.waitingUserNum })}</p>
      <p class="small">${t('opening.draw')}</p>
      ${room?.draw && html`<details><summary>${t('draw.commitment')}</summary><code class="hash">${room.draw.commitment}</code></details>`}
    </div>`;
}

/** When the last news came, and whether more are coming. */
function Fresh({ line }) {
  useSecond();
  const age = performance.now() - line.heardAt;
  return html`<span class=${line.up ? 'fresh' : 'stale'}>${clockTime(now() - age)}</span>`;
}

/** Tells screen readers, the tab's title and the phone what has become of the place. */
function useNews(place) {
  const number_ = place.waitingUserNum;
  useEffect(() => {
    const before = document.title;
    return () => {
      document.title = before;
    };
  }, []);
  useEffect(() => {
    if (place.state === 'NOT_OPEN') return;
    document.title = `${number(Math.max(0, number_ - 1))} · ${t('inLine')}`;
    sayRarely('place', t('place.spoken', { n: number(Math.max(0, number_ - 1)), count: number_ - 1 }));
  }, [number_, place.state]);
}

let tone = null; // Browsers let a page make sounds only after a click on it.

/** Whether one wants to be called when it is one's turn. */
function Alarm() {
  const [on, set] = useState(tone !== null);
  const wish = async (event) => {
    if (!event.target.checked) {
      tone = null;
      set(false);
      return;
    }
    tone = new AudioContext();
    set(true);
    if ('Notification' in window && Notification.permission === 'default') await Notification.requestPermission().catch(() => {});
  };
  return html`<label class="check"><input type="checkbox" checked=${on} onChange=${wish} /> ${t('alarm')}</label>`;
}

/** It is one's turn: the title, a sound and a notification say so, whatever tab is in front. */
export function callIn(title) {
  sayUrgently(t('turn.title'));
  document.title = t('turn.title');
  if (!tone) return;
  [0, 0.25, 0.5].forEach((at, i) => {
    const sound = tone.createOscillator();
    const volume = tone.createGain();
    sound.frequency.value = [523, 659, 784][i];
    volume.gain.setValueAtTime(0.2, tone.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, tone.currentTime + at + 0.4);
    sound.connect(volume).connect(tone.destination);
    sound.start(tone.currentTime + at);
    sound.stop(tone.currentTime + at + 0.4);
  });
  if ('Notification' in window && Notification.permission === 'granted') {
    try {
      new Notification(t('turn.title'), { body: title, tag: 'turn' });
    } catch {
      // Chrome on Android wants a service worker for it; the sound must do.
    }
  }
}

/** Calls once when a place that waited is let in. */
export function useCall(place, title) {
  const before = useRef(place?.state);
  useEffect(() => {
    const waited = before.current && before.current !== 'ACTIVE';
    before.current = place?.state;
    if (waited && place?.state === 'ACTIVE') callIn(title);
  }, [place?.state]);
}
