// What is on sale.

import { html } from './preact-htm.js';
import { get } from './api.js';
import { Failure, Link, Loading, saleState, Title, useAnswer, useEvery } from './parts.js';
import { dayParts, number, t, won } from './text.js';

const SOONER_MS = 20_000;

async function all() {
  const found = [];
  let after = '';
  do {
    const page = await get(`/concerts?limit=100${after && `&after=${encodeURIComponent(after)}`}`);
    found.push(...page.items);
    after = page.next ?? '';
  } while (after);
  return found;
}

export function Catalogue() {
  const { value: concerts, failure, again } = useAnswer(all, []);
  useEvery(SOONER_MS, again);
  return html`
    <div class="column">
      <${Title} class="page-title">${t('catalogue.title')}</${Title}>
      ${!concerts && !failure && html`<${Loading} />`}
      ${failure && html`<${Failure} failure=${failure} again=${again} />`}
      ${concerts?.length === 0 && html`<p class="lead">${t('catalogue.none')}</p>`}
      ${concerts && html`<ul class="shows">${concerts.map((concert) => html`<${Show} key=${concert.id} concert=${concert} />`)}</ul>`}
    </div>`;
}

/** One concert as a ticket: its dates on the stub, what it is beside it. */
function Show({ concert }) {
  const dates = concert.schedules;
  const [first] = dates;
  const open = dates.filter((date) => saleState(date) === 'ON_SALE');
  const free = open.reduce((sum, date) => sum + (date.free ?? 0), 0);
  const prices = dates.map((date) => date.priceFrom).filter((price) => price !== null);
  const state = open.length > 0 ? 'ON_SALE' : dates.some((date) => date.state === 'NOT_YET_OPEN')
    ? 'NOT_YET_OPEN' : dates.some((date) => saleState(date) === 'SOLD_OUT') ? 'SOLD_OUT' : 'CLOSED';
  return html`
    <li class="show">
      ${first ? html`<${Stub} at=${first.startsAt} zone=${concert.timeZone} more=${dates.length - 1} />` : html`<div class="stub"></div>`}
      <div class="show-body">
        <h2><${Link} to=${{ concert: concert.id }} class="cover">${concert.title}</${Link}></h2>
        <p class="venue">${concert.venue}</p>
        <p class="facts">
          <span class="state ${state.toLowerCase()}">${t(`sale.${state}`)}</span>
          ${free > 0 && html`<span>${t('free', { n: number(free), count: free })}</span>`}
          ${prices.length > 0 && html`<span>${t('from', { price: won(Math.min(...prices)) })}</span>`}
        </p>
      </div>
    </li>`;
}

export function Stub({ at, zone, more = 0 }) {
  const { month, day, weekday, time } = dayParts(at, zone);
  return html`
    <div class="stub">
      <span class="stub-month">${month}</span>
      <span class="stub-day">${day}</span>
      <span class="stub-time">${weekday} ${time}</span>
      ${more > 0 && html`<span class="stub-more">${t('moreDates', { n: number(more), count: more })}</span>`}
    </div>`;
}
