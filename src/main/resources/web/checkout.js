// Paying for what one holds, before the hold ends. The total, the balance and the time left are the
// service's; the page only shows them.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { ChargeForm, useBalance } from './account.js';
import { accessToken, command, get, Refusal, send } from './api.js';
import { until } from './clock.js';
import { say, sayUrgently } from './live.js';
import { Busy, Countdown, Failure, Link, Loading, Notice, Question, Title, useAnswer, useEvery, useReturn, useSecond } from './parts.js';
import { go } from './route.js';
import { place as places } from './store.js';
import { dateTime, number, roughly, t, won } from './text.js';

const WARNINGS_S = [60, 20];
const SOONER_MS = 20_000;

/** What a hold's place is called: the API joins section, row and seat; a row may be empty. */
const called = (hold) => (hold.seatNo ?? hold.seatId).replace('--', '-');

export function Checkout({ concert, schedule, line }) {
  // The queue token pays, also when the turn itself is over; without one the holds can still be seen.
  const queueToken = line.place?.jwt ?? places.get(concert.room)?.jwt;
  const remembered = useRef(queueToken);
  if (queueToken) remembered.current = queueToken;
  const token = remembered.current;
  const { value: holds, failure, again } = useAnswer(
    async () => (await get('/reservations/holds', { token: token ?? (await accessToken()) })).items.filter((hold) => hold.scheduleId === schedule.id),
    [schedule.id, token]);
  const [gone, setGone] = useState([]);
  const [refusal, setRefusal] = useState(null);
  const [giving, setGiving] = useState(null);
  const balance = useBalance();
  const paying = useRef(false);
  useEvery(SOONER_MS, again);
  useReturn(() => {
    again();
    balance.again();
  });

  // A hold that was there and is not any more has ended; which ones, is said.
  const before = useRef([]);
  useEffect(() => {
    if (!holds || paying.current) return;
    const now = new Set(holds.map((hold) => hold.seatId));
    const lost = before.current.filter((hold) => !now.has(hold.seatId));
    if (lost.length > 0) setGone((all) => [...all, ...lost]);
    before.current = holds;
  }, [holds]);

  // The form that charged is gone, and with it the focus of anyone who has no mouse: what is next is to pay.
  const lacked = useRef(false);
  useEffect(() => {
    const price = (holds ?? []).reduce((sum, hold) => sum + hold.price, 0);
    const lacks = balance.value !== null && price > balance.value;
    if (lacked.current && !lacks && document.activeElement === document.body) document.querySelector('.checkout .main.large')?.focus();
    lacked.current = lacks;
  }, [holds, balance.value]);

  if (!holds) return html`<div class="column">${failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Loading} />`}</div>`;
  if (holds.length === 0) return html`<${NothingHeld} concert=${concert} schedule=${schedule} gone=${gone} />`;

  const total = holds.reduce((sum, hold) => sum + hold.price, 0);
  const missing = balance.value === null ? 0 : Math.max(0, total - balance.value);
  const seats = holds.map((hold) => ({ seatId: hold.seatId, price: hold.price }));

  const pay = async () => {
    setRefusal(null);
    paying.current = true;
    try {
      const purpose = `pay.${schedule.id}.${seats.map((seat) => seat.seatId).sort().join()}`;
      const paid = await command('POST', '/accounts/payments/batch', purpose, { token, body: { scheduleId: schedule.id, seats } });
      say(t('paid.title'));
      go({ view: 'tickets', concert: concert.id, date: paid.bills.map((bill) => bill.billId).join() });
    } catch (failed) {
      setRefusal(failed);
      balance.again();
      if (failed instanceof Refusal && failed.status === 403) again();
    } finally {
      paying.current = false;
    }
  };

  /** All of them together: seats of one purchase should not end apart. */
  const extend = async () => {
    setRefusal(null);
    try {
      for (const hold of holds.filter((one) => one.extendableSeconds > 0)) {
        await send('POST', `/reservations/holds/${encodeURIComponent(hold.holdId)}/extend`, { token: token ?? (await accessToken()) });
      }
      say(t('hold.extended'));
    } catch (failed) {
      setRefusal(failed);
    }
    again();
  };

  const giveBack = async (hold) => {
    setGiving(null);
    before.current = before.current.filter((other) => other !== hold);
    try {
      await command('DELETE', `/reservations/seats/${encodeURIComponent(schedule.id)}/${encodeURIComponent(hold.seatId)}`, `release.${hold.holdId}`, { token });
      say(t('gaveBack', { seat: called(hold) }));
    } catch (failed) {
      if (failed.status !== 404) setRefusal(failed);
    }
    again();
  };

  return html`
    <div class="column checkout">
      <p class="eyebrow">${concert.title} · ${dateTime(schedule.startsAt, concert.timeZone)}</p>
      <${Title} class="page-title">${t('pay.title')}</${Title}>
      <${HoldClock} holds=${holds} onEnd=${again} onExtend=${extend} />
      ${gone.length > 0 && html`<${Notice} kind="bad" role="alert" title=${t('hold.gone', { seats: gone.map(called).join(' · '), count: gone.length })}><p>${t('hold.goneText')}</p></${Notice}>`}
      <ul class="lines" aria-label=${t('pay.seats')}>
        ${holds.map((hold) => html`
          <li key=${hold.holdId}>
            <span class="line-name">${called(hold)}</span>
            <span class="amount">${won(hold.price)}</span>
            <button type="button" class="text" onClick=${() => setGiving(hold)} aria-label=${t('giveBack.seat', { seat: called(hold) })}>${t('giveBack')}</button>
          </li>`)}
        <li class="sum"><span>${t('total')}</span><span class="amount">${won(total)}</span></li>
        <li class="balance"><span>${t('balance')}</span><span class="amount">${balance.value === null ? '…' : won(balance.value)}</span></li>
      </ul>
      ${missing > 0 && html`
        <section class="charge" aria-labelledby="charge-title">
          <h2 id="charge-title">${t('charge.missing', { missing: won(missing) })}</h2>
          <${ChargeForm} key=${missing} suggested=${missing} onCharged=${() => { setRefusal(null); return balance.again(); }} />
        </section>`}
      ${refusal && html`<${Failure} failure=${refusal} />`}
      <div class="buttons">
        <${Link} class="button quiet" to=${{ concert: concert.id, date: schedule.id }}>${t('pay.back')}</${Link}>
        ${missing === 0 && html`<${Busy} class="main large" onClick=${pay}>${t('pay', { total: won(total) })}</${Busy}>`}
      </div>
      ${giving && html`
        <${Question} title=${t('giveBack.title', { seat: called(giving) })} yes=${t('giveBack')} danger onYes=${() => giveBack(giving)} onNo=${() => setGiving(null)}>
          <p>${t('giveBack.text')}</p></${Question}>`}
    </div>`;
}

/** Until when the seats are held, by the server's clock; says so aloud before it is too late. */
function HoldClock({ holds, onEnd, onExtend }) {
  useSecond();
  const deadline = holds.reduce((first, hold) => (hold.holdDeadline < first ? hold.holdDeadline : first), holds[0].holdDeadline);
  const left = until(deadline);
  const warned = useRef(new Set());
  useEffect(() => {
    for (const seconds of WARNINGS_S) {
      if (left > 0 && left <= seconds * 1000 && !warned.current.has(`${deadline} ${seconds}`)) {
        warned.current.add(`${deadline} ${seconds}`);
        if (left > (seconds - 5) * 1000) sayUrgently(t('hold.warning', { n: number(seconds), count: seconds }));
      }
    }
    // The service frees a seat within a second of its deadline.
    if (left < -500 && Math.round(left / 1000) % 2 === 0) onEnd();
  });
  const more = Math.max(0, ...holds.map((hold) => hold.extendableSeconds ?? 0));
  const state = left <= 20_000 ? 'last' : left <= 60_000 ? 'soon' : '';
  return html`
    <div class="hold-clock ${state}">
      <p>${t('hold.left')} <strong class="hold-time"><${Countdown} at=${deadline} label="" /></strong></p>
      <p class="small">${left <= 60_000 ? t('hold.soon') : t('hold.what')}</p>
      ${more > 0 && html`<p><${Busy} class="quiet extend" onClick=${onExtend}>${t('hold.extend', { time: roughly(more) })}</${Busy}></p>`}
    </div>`;
}

/** No holds: paid for already, or ended. */
function NothingHeld({ concert, schedule, gone }) {
  const { value: bills } = useAnswer(async () => {
    const token = await accessToken();
    return token ? (await get('/accounts/bills?limit=100', { token })).items.filter((bill) => bill.scheduleId === schedule.id && !bill.refundedAt) : [];
  }, [schedule.id]);
  return html`
    <div class="column">
      <${Title} class="page-title">${gone.length > 0 ? t('hold.ended') : t('nothingHeld')}</${Title}>
      ${gone.length > 0 && html`<${Notice} kind="bad" role="alert" title=${t('hold.gone', { seats: gone.map(called).join(' · '), count: gone.length })}><p>${t('hold.goneText')}</p></${Notice}>`}
      ${bills?.length > 0 && html`<${Notice} kind="good" title=${t('bought', { n: number(bills.length), count: bills.length })}>
        <${Link} class="button main" to=${{ view: 'tickets' }}>${t('tickets')}</${Link}></${Notice}>`}
      <p><${Link} class="button quiet" to=${{ concert: concert.id, date: schedule.id }}>${t('chooseSeats')}</${Link}></p>
    </div>`;
}
