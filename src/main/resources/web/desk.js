// The operator's desk: a caller reads out an order's number and is helped with it.

import { html, useState } from './preact-htm.js';
import { command, get } from './api.js';
import { say } from './live.js';
import { Busy, Failure, Notice, Question } from './parts.js';
import { shortDateTime, number, t, won } from './text.js';

const ORDER = /^\d{5}[- ]?\d{5}$/;
const BUYER = /^[1-9]\d{0,8}$/;

export function Desk({ token }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState(null);
  const [failure, setFailure] = useState(null);
  const [malformed, setMalformed] = useState(false);
  const [asking, setAsking] = useState(null);

  const look = async (order, buyer) => {
    const shown = order && (await get(`/admin/orders/${encodeURIComponent(order)}`, { token }));
    const user = await get(`/admin/users/${shown ? shown.userNumber : buyer}`, { token });
    setFound({ order: shown, user });
  };
  const find = async () => {
    const typed = text.trim();
    setFailure(null);
    setFound(null);
    setMalformed(!ORDER.test(typed) && !BUYER.test(typed));
    try {
      if (ORDER.test(typed)) await look(typed);
      else if (BUYER.test(typed)) await look(null, typed);
    } catch (refused) {
      setFailure(refused);
    }
  };
  const act = async () => {
    const { done, method, path, body } = asking;
    setAsking(null);
    setFailure(null);
    try {
      const answer = await command(method, path, `desk.${path}.${body?.banned}`, { token, body });
      say(done(answer));
      await look(found.order?.orderNumber, found.user.number);
    } catch (refused) {
      setFailure(refused);
    }
  };
  return html`
    <section class="panel desk" aria-labelledby="desk-title">
      <h2 id="desk-title">${t('desk.title')}</h2>
      <div class="inline">
        <label>${t('desk.number')}<input inputmode="numeric" autocomplete="off" value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${(e) => e.key === 'Enter' && find()} /></label>
        <${Busy} class="quiet" onClick=${find}>${t('desk.find')}</${Busy}>
      </div>
      ${malformed && html`<${Notice} kind="warn" role="alert"><p>${t('desk.malformed')}</p></${Notice}>`}
      ${failure && html`<${Failure} failure=${failure} />`}
      ${found?.order && html`<${Order} order=${found.order} onAsk=${setAsking} />`}
      ${found && html`<${Buyer} key=${`${found.user.number}.${found.user.banned}`} user=${found.user} onAsk=${setAsking} />`}
      ${asking && html`<${Question} title=${asking.title} yes=${asking.yes} no=${t('op.no')} danger=${asking.danger} onYes=${act} onNo=${() => setAsking(null)}><p>${asking.text}</p></${Question}>`}
    </section>`;
}

const Facts = ({ facts }) => html`
  <dl class="facts-list">${facts.filter(([, value]) => value !== null).map(([name, value]) => html`
    <div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}</dl>`;

function Order({ order, onAsk }) {
  const refund = (bill) => {
    const seat = bill.seatNo ?? bill.seatId;
    onAsk({
      title: t('desk.ask.refund', { seat }),
      text: t('desk.askText.refund', { price: won(bill.price) }),
      yes: t('refund'),
      danger: true,
      method: 'POST',
      path: `/admin/bills/${encodeURIComponent(bill.billId)}/refund`,
      done: () => t('desk.done.refund'),
    });
  };
  return html`
    <div class="desk-order">
      <h3>${t('desk.order', { number: order.orderNumber })}</h3>
      <${Facts} facts=${[
        ['desk.paid', shortDateTime(order.createdAt)],
        ['desk.total', won(order.total)],
        ['desk.refunded', order.refunded > 0 ? won(order.refunded) : null],
      ]} />
      <ul class="lines">${order.bills.map((bill) => html`
        <li key=${bill.billId}>
          <span class="line-name">${bill.seatNo ?? bill.seatId} · ${t('bill', { id: bill.billId })}</span>
          <span class="amount">${won(bill.price)}</span>
          ${bill.refundedAt
            ? html`<span class="small">${t('refunded')}</span>`
            : html`<button type="button" class="text" onClick=${() => refund(bill)}>${t('refund')}</button>`}
        </li>`)}</ul>
    </div>`;
}

function Buyer({ user, onAsk }) {
  const [reason, setReason] = useState('');
  const change = (banned) => {
    const what = banned ? 'ban' : 'unban';
    onAsk({
      title: t(`desk.ask.${what}`, { number: user.number }),
      text: t(`desk.askText.${what}`),
      yes: t(`desk.${what}`),
      danger: banned,
      method: 'PATCH',
      path: `/admin/users/${user.number}`,
      body: banned ? { banned, reason: reason.trim() } : { banned },
      done: (answer) => t(`desk.done.${what}`, { n: number(answer.holdsReleased), count: answer.holdsReleased }),
    });
  };
  return html`
    <div class="desk-buyer">
      <h3>${t('desk.buyer', { number: user.number })}</h3>
      ${user.banned && html`<${Notice} kind="bad"><p>${t('desk.bannedSince', { at: shortDateTime(user.bannedAt), reason: user.banReason })}</p></${Notice}>`}
      <${Facts} facts=${[
        ['desk.name', user.name],
        ['desk.email', user.email],
        ['desk.since', shortDateTime(user.createdAt)],
        ['desk.balance', won(user.balance)],
        ['desk.inside', user.sessions.length > 0 ? user.sessions.map((session) => session.room).join(', ') : null],
        ['desk.held', number(user.holds)],
        ['desk.bills', number(user.bills)],
      ]} />
      <div class="inline">
        ${user.banned
          ? html`<button type="button" class="quiet" onClick=${() => change(false)}>${t('desk.unban')}</button>`
          : html`
            <label>${t('desk.reason')}<input autocomplete="off" maxlength="500" value=${reason} onInput=${(e) => setReason(e.target.value)} /></label>
            <button type="button" class="danger" disabled=${!reason.trim()} onClick=${() => change(true)}>${t('desk.ban')}</button>`}
      </div>
    </div>`;
}
