// One concert, from the first look to the seats. What is shown follows from one's place in its waiting
// room, so a reload, another tab or a phone that slept comes out where one was.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { get, Refusal } from './api.js';
import { Checkout } from './checkout.js';
import { Stub } from './catalogue.js';
import { say } from './live.js';
import { Busy, Countdown, Failure, Link, Loading, Notice, saleState, SessionClock, Title, useAnswer, useEvery, useReturn } from './parts.js';
import { enter, follow, leave } from './queue.js';
import { useCall, WaitingRoom } from './room.js';
import { Seats } from './seats.js';
import { place as places } from './store.js';
import { ChargeForm } from './account.js';
import { dateTime, number, shortDateTime, t, won } from './text.js';

const SOONER_MS = 15_000;

/**
 * One's place in a room, followed for as long as the view is there.
 *
 * @returns `place` (null: none; undefined: not known yet), `up` (whether the line stands), `ended` (whether
 *     a place of ours just ended)
 */
function usePlace(room) {
  const [state, set] = useState({ place: undefined, up: true, ended: false, heardAt: 0 });
  const following = useRef(null);
  const change = (more) => set((before) => ({ ...before, ...more }));

  const attach = () => {
    following.current?.stop();
    following.current = null;
    const known = places.get(room);
    if (!known) {
      change({ place: null });
      return;
    }
    const forget = (ended) => {
      // Another tab may have entered anew meanwhile: that place isn't ours to forget.
      if (places.get(room)?.jwt === known.jwt) places.set(room, null);
      change({ place: null, ended });
    };
    following.current = follow(room, known.jwt, {
      place: (place) => {
        if (place.state === 'ENDED') forget(true);
        else change({ place, ended: false, heardAt: performance.now() });
      },
      line: (up) => change({ up }),
      gone: () => forget(true),
    });
  };

  useEffect(() => {
    if (!room) return undefined;
    attach();
    const otherTab = (event) => {
      if (event.key !== `concert.place.${room}`) return;
      const before = event.oldValue && JSON.parse(event.oldValue).jwt;
      const after = event.newValue && JSON.parse(event.newValue).jwt;
      if (before !== after) attach();
    };
    addEventListener('storage', otherTab);
    return () => {
      removeEventListener('storage', otherTab);
      following.current?.stop();
    };
  }, [room]);
  useReturn(() => following.current?.nudge());

  return {
    ...state,
    join: async (concert) => {
      const place = await enter(concert);
      change({ place, ended: false, heardAt: performance.now() });
      attach();
    },
    leave: async () => {
      await leave(room);
      following.current?.stop();
      change({ place: null, ended: false });
    },
  };
}

export function Sale({ id, date, view }) {
  const { value: concert, failure, again } = useAnswer(() => get(`/concerts/${encodeURIComponent(id)}`), [id]);
  useEvery(SOONER_MS, again);
  const line = usePlace(concert?.room);
  useCall(line.place, concert?.title);
  const schedule = concert?.schedules.find((s) => s.id === date);

  if (!concert) {
    return html`<div class="column">${failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Loading} />`}</div>`;
  }
  if (date && !schedule) {
    return html`<div class="column"><${Title} class="page-title">${concert.title}</${Title}>
      <${Notice} kind="bad"><p>${t('noSuchDate')}</p><${Link} to=${{ concert: id }}>${t('otherDates')}</${Link}></${Notice}></div>`;
  }
  if (view === 'pay' && schedule) {
    return html`<${Checkout} key=${date} concert=${concert} schedule=${schedule} line=${line} />`;
  }
  if (line.place === undefined) return html`<div class="column"><${Loading} /></div>`;
  if (line.place?.state === 'ACTIVE') {
    return schedule
      ? html`<${Seats} key=${date} concert=${concert} schedule=${schedule} line=${line} />`
      : html`<${Dates} concert=${concert} line=${line} admitted />`;
  }
  if (line.place) return html`<${WaitingRoom} concert=${concert} schedule=${schedule} line=${line} />`;
  return html`<${Dates} concert=${concert} line=${line} chosen=${schedule} again=${again} />`;
}

/** A concert's dates: to choose from when one is in, to queue for before. */
function Dates({ concert, line, admitted = false, chosen, again }) {
  const [refusal, setRefusal] = useState(null);
  const { value: room } = useAnswer(() => (admitted ? Promise.resolve(null) : get(`/rooms/${concert.room}`)), [concert.room, admitted]);
  const dates = chosen ? [chosen] : concert.schedules;
  const buyable = dates.some((date) => saleState(date) === 'ON_SALE' || date.state === 'NOT_YET_OPEN');
  const soldOut = dates.length > 0 && dates.every((date) => saleState(date) !== 'ON_SALE') && dates.some((date) => saleState(date) === 'SOLD_OUT');
  const join = async () => {
    setRefusal(null);
    try {
      await line.join(concert);
      say(t('joined'));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <div class="column">
      <p class="crumbs"><${Link} to=${{}}>${t('catalogue.title')}</${Link}></p>
      <${Title} class="page-title">${concert.title}</${Title}>
      <p class="venue">${concert.venue}</p>
      ${admitted && html`<${Notice} kind="good" title=${t('turn.title')}><p>${t('turn.choose')}</p><${SessionClock} place=${line.place} /></${Notice}>`}
      ${line.ended && html`<${Notice} kind="warn" title=${t('ended.title')} role="status"><p>${t('ended.text')}</p></${Notice}>`}
      <h2 class="unseen">${t('dates')}</h2>
      <ul class="dates">
        ${dates.map((date) => html`<${DateRow} key=${date.id} concert=${concert} date=${date} link=${admitted && saleState(date) === 'ON_SALE'} />`)}
      </ul>
      ${chosen && concert.schedules.length > 1 && html`<p><${Link} to=${{ concert: concert.id }}>${t('otherDates')}</${Link}></p>`}
      ${!admitted && html`
        <section class="join">
          ${room?.state === 'NOT_OPEN' && html`<${Opening} opensAt=${room.opensAt} gathered=${room.waiting} />`}
          ${room?.state === 'PAUSED' && html`<${Notice} kind="warn"><p>${t('paused.before')}</p></${Notice}>`}
          ${soldOut && html`<${Notice} kind="warn" title=${t('sale.SOLD_OUT')}><p>${t('soldOut.before')}</p></${Notice}>`}
          ${refusal && html`<${JoinRefused} refusal=${refusal} join=${join} again=${again} />`}
          ${buyable || soldOut
            ? html`<${Busy} class="main large" onClick=${join}>${t('join')}</${Busy}>
              <p class="small">${room && room.waiting > 0 && room.state !== 'NOT_OPEN' ? t('join.waiting', { n: number(room.waiting), count: room.waiting }) : t('join.note')}</p>`
            : html`<p>${t('nothingToBuy')}</p>`}
        </section>`}
    </div>`;
}

function DateRow({ concert, date, link }) {
  const state = saleState(date);
  const label = dateTime(date.startsAt, concert.timeZone);
  return html`
    <li class="date ${state === 'ON_SALE' ? '' : 'dim'}">
      <${Stub} at=${date.startsAt} zone=${concert.timeZone} />
      <div class="show-body">
        <h3>${link ? html`<${Link} class="cover" to=${{ concert: concert.id, date: date.id }}>${label}</${Link}>` : label}</h3>
        <p class="facts">
          <span class="state ${state.toLowerCase()}">${t(`sale.${state}`)}</span>
          ${state === 'ON_SALE' && date.free !== null && html`<span>${t('free', { n: number(date.free), count: date.free })}</span>`}
          ${date.priceFrom !== null && html`<span>${t('from', { price: won(date.priceFrom) })}</span>`}
        </p>
        ${state === 'NOT_YET_OPEN' && date.opensAt && html`<p class="opens">${t('opens', { at: shortDateTime(date.opensAt, concert.timeZone) })} · <${Countdown} at=${date.opensAt} label=${t('untilSale')} /></p>`}
      </div>
      ${link && html`<span class="go" aria-hidden="true">${t('choose')}</span>`}
    </li>`;
}

function Opening({ opensAt, gathered }) {
  return html`<div class="opening">
    <p>${t('opening.until')}</p>
    <p class="numeral"><${Countdown} at=${opensAt} label=${t('opening.until')} /></p>
    ${gathered > 0 && html`<p>${t('opening.gathered', { n: number(gathered), count: gathered })}</p>`}
    <p class="small">${t('opening.draw')}</p>
  </div>`;
}

/** Refused at the door: most often only for the moment, or for want of a balance. */
function JoinRefused({ refusal, join }) {
  if (refusal instanceof Refusal && refusal.code === 'INSUFFICIENT_BALANCE') {
    const { required, available } = refusal.problem;
    return html`<${Notice} kind="warn" title=${t('minimum.title')} role="alert">
      <p>${t('minimum.text', { required: won(required), available: won(available) })}</p>
      <${ChargeForm} suggested=${required - available} onCharged=${join} />
    </${Notice}>`;
  }
  if (refusal instanceof Refusal && refusal.status === 401) {
    return html`<${Notice} kind="warn" role="alert"><p>${t('error.LOGIN')}</p><${Link} to=${{ view: 'account' }}>${t('login')}</${Link}></${Notice}>`;
  }
  return html`<${Failure} failure=${refusal} />`;
}
