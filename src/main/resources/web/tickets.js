// What one has bought: tickets to print, to put into the calendar, to give back.

import { html, useEffect, useState } from './preact-htm.js';
import { accessToken, command, get, Refusal } from './api.js';
import { now } from './clock.js';
import { say } from './live.js';
import { Failure, Link, Loading, Notice, Question, Title, useAnswer } from './parts.js';
import { Stub } from './catalogue.js';
import { user } from './store.js';
import { dateTime, t, won } from './text.js';

async function everyPage(path, options) {
  const found = [];
  let after = '';
  do {
    const page = await get(`${path}?limit=100${after && `&after=${encodeURIComponent(after)}`}`, options);
    found.push(...page.items);
    after = page.next ?? '';
  } while (after);
  return found;
}

/** Bills with the dates that they are of. */
async function all() {
  if (!user.get()) return [];
  const token = await accessToken();
  if (!token) throw new Refusal(401, { code: 'TOKEN_EXPIRED' });
  const [bills, concerts] = await Promise.all([everyPage('/accounts/bills', { token }), everyPage('/concerts', {})]);
  const dates = new Map(concerts.flatMap((concert) => concert.schedules.map((schedule) => [schedule.id, { concert, schedule }])));
  return bills.map((bill) => ({ bill, ...dates.get(bill.scheduleId) }));
}

/** What was paid at once is together, under the number that its buyer can read out. */
function orders(tickets) {
  const found = new Map();
  for (const ticket of tickets) {
    const { orderNumber } = ticket.bill;
    found.set(orderNumber, [...(found.get(orderNumber) ?? []), ticket]);
  }
  return [...found];
}

/** @param fresh ids of the bills that were just paid */
export function Tickets({ fresh }) {
  const { value: tickets, failure, again } = useAnswer(all, []);
  const standing = tickets?.filter(({ bill }) => !bill.refundedAt);
  const back = tickets?.filter(({ bill }) => bill.refundedAt);
  return html`
    <div class="column">
      <${Title} class="page-title">${fresh.length > 0 ? t('paid.title') : t('tickets')}</${Title}>
      ${fresh.length > 0 && html`<p class="lead">${t('paid.text')}</p>`}
      ${failure?.status === 401
        ? html`<${Notice} kind="warn"><p>${t('error.LOGIN')}</p><${Link} to=${{ view: 'account' }}>${t('login')}</${Link}></${Notice}>`
        : failure && html`<${Failure} failure=${failure} again=${again} />`}
      ${!tickets && !failure && html`<${Loading} />`}
      ${standing?.length === 0 && html`<p class="lead">${t('tickets.none')}</p><p><${Link} class="button main" to=${{}}>${t('catalogue.title')}</${Link}></p>`}
      ${standing?.length > 0 && html`
        ${orders(standing).map(([number, tickets]) => html`
          <section key=${number} class="order" aria-labelledby=${`order-${number}`}>
            <h2 id=${`order-${number}`} class="order-number">${t('tickets.order', { number })}</h2>
            <ul class="tickets">${tickets.map((ticket) => html`<${Ticket} key=${ticket.bill.billId} ...${ticket} fresh=${fresh.includes(ticket.bill.billId)} again=${again} />`)}</ul>
          </section>`)}
        <p class="no-print"><button type="button" class="quiet" onClick=${() => print()}>${t('print')}</button></p>`}
      ${back?.length > 0 && html`
        <section class="no-print"><h2>${t('refunded')}</h2>
        <ul class="lines">${back.map(({ bill, concert }) => html`
          <li key=${bill.billId}><span class="line-name">${concert?.title} · ${bill.seatNo}</span><span class="amount">${won(bill.price)}</span></li>`)}</ul></section>`}
    </div>`;
}

function Ticket({ bill, concert, schedule, fresh, again }) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState(null);
  const called = (bill.seatNo ?? bill.seatId).replace('--', '-');
  const refundable = schedule && Date.parse(schedule.refundUntil ?? schedule.startsAt) > now();
  const refund = async () => {
    setAsking(false);
    setFailure(null);
    try {
      await command('POST', `/accounts/bills/${encodeURIComponent(bill.billId)}/refund`, `refund.${bill.billId}`, { token: await accessToken() });
      say(t('refund.done', { price: won(bill.price) }));
      again();
    } catch (refused) {
      setFailure(refused);
    }
  };
  return html`
    <li class="ticket ${fresh ? 'fresh-ticket' : ''}">
      ${schedule && html`<${Stub} at=${schedule.startsAt} zone=${concert.timeZone} />`}
      <div class="show-body">
        <h3>${concert?.title ?? bill.scheduleId}</h3>
        <p class="venue">${concert?.venue}</p>
        <p class="ticket-seat">${called}</p>
        <p class="facts">${schedule && html`<span>${dateTime(schedule.startsAt, concert.timeZone)}</span>`}<span>${won(bill.price)}</span><span>${t('bill', { id: bill.billId })}</span></p>
        ${schedule?.state === 'CANCELLED' && html`<${Notice} kind="warn"><p>${t('ticket.cancelled')}</p></${Notice}>`}
        ${failure && html`<${Failure} failure=${failure} />`}
        <div class="ticket-actions no-print">
          ${schedule && html`<button type="button" class="text" onClick=${() => calendar(bill, called, concert, schedule)}>${t('calendar')}</button>`}
          ${refundable && html`<button type="button" class="text" onClick=${() => setAsking(true)}>${t('refund')}</button>`}
        </div>
      </div>
      <${Code} bill=${bill} />
      ${asking && html`
        <${Question} title=${t('refund.title', { seat: called })} yes=${t('refund')} danger onYes=${refund} onNo=${() => setAsking(false)}>
          <p>${t('refund.text', { price: won(bill.price) })}</p></${Question}>`}
    </li>`;
}

/** The code for the door. Also as text, for a door whose camera fails. */
function Code({ bill }) {
  const [code, setCode] = useState(null);
  useEffect(() => {
    accessToken()
      .then((token) => get(`/accounts/bills/${encodeURIComponent(bill.billId)}/ticket`, { token }))
      .then(setCode, () => {}); // Without a line the ticket stays, only its code is missing.
  }, [bill.billId]);
  if (!code) return html`<div class="code"></div>`;
  const size = code.qr.length;
  const dark = code.qr.flatMap((row, y) => [...row].map((module, x) => (module === '1' ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return html`
    <div class="code">
      <svg viewBox="-4 -4 ${size + 8} ${size + 8}" role="img" aria-label=${t('ticket.code')} shape-rendering="crispEdges">
        <rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff" /><path d=${dark} fill="#000" /></svg>
      <code>${code.ticket}</code>
    </div>`;
}

/** A calendar file (RFC 5545), made here: nobody else learns where one goes. */
function calendar(bill, seat, concert, schedule) {
  const stamp = (millis) => new Date(millis).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const text = (value) => value.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');
  const start = Date.parse(schedule.startsAt);
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//concert-reservation//EN', 'BEGIN:VEVENT',
    `UID:${bill.billId}@${location.hostname}`, `DTSTAMP:${stamp(Date.parse(bill.createdAt))}`,
    `DTSTART:${stamp(start)}`, `DTEND:${stamp(start + 7_200_000)}`,
    `SUMMARY:${text(concert.title)}`, `LOCATION:${text(concert.venue)}`, `DESCRIPTION:${text(seat)}`,
    'END:VEVENT', 'END:VCALENDAR', '',
  ];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([lines.join('\r\n')], { type: 'text/calendar' }));
  link.download = `ticket-${bill.billId}.ics`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

