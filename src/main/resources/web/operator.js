// The operator's page: how the on-sale goes, and the switches. The token is kept in memory only: a
// reload asks for it again, and nothing of it stays on a shared computer.

import { html, render, useEffect, useRef, useState } from './preact-htm.js';
import { get, Refusal, send } from './api.js';
import { Chart } from './chart.js';
import { now } from './clock.js';
import { Desk } from './desk.js';
import { ForecastPanel } from './forecast.js';
import { HouseSeats } from './houseseats.js';
import { say } from './live.js';
import { Busy, Failure, Loading, Notice, Question, Title } from './parts.js';
import { Report } from './report.js';
import { where } from './route.js';
import { SeatPlanUpload } from './seatplan.js';
import { chooseLanguage, dateTime, language, number, shortDateTime, t, won } from './text.js';

const LOOK_MS = 1000;
const SPAN_MS = 10 * 60_000;
const CROWDS = [500, 2000, 5000];

function App() {
  const [lang, setLang] = useState(language());
  const [token, setToken] = useState(null);
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = t('op.title');
  }, [lang]);
  const other = lang === 'ko' ? 'en' : 'ko';
  const switchLanguage = (e) => {
    e.preventDefault();
    chooseLanguage(other);
    history.replaceState(null, '', `/operator?lang=${other}`);
    setLang(language());
  };
  return html`
    <a class="skip" href="#main">${t('skip')}</a>
    <header class="bar">
      <a class="brand" href=${`/?lang=${lang}`}><span class="brand-mark" aria-hidden="true"></span>${t('op.title')}</a>
      <nav aria-label=${t('nav')}>
        ${token && html`<button type="button" class="text" onClick=${() => setToken(null)}>${t('logout')}</button>`}
        <a lang=${other} href=${`/operator?lang=${other}`} onClick=${switchLanguage}>${other === 'ko' ? '한국어' : 'English'}</a>
      </nav>
    </header>
    <main id="main" key=${lang}>
      ${token ? html`<${Board} token=${token} onOut=${() => setToken(null)} />` : html`<${SignIn} onIn=${setToken} />`}
    </main>`;
}

function SignIn({ onIn }) {
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState(null);
  const submit = async () => {
    setRefusal(null);
    try {
      await get('/admin/overview', { token: text.trim() });
      onIn(text.trim());
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <section class="panel signin" aria-labelledby="signin">
      <${Title} id="signin">${t('op.signin')}</${Title}>
      <p class="small">${t('op.tokenHint')}</p>
      <label>${t('op.token')}<input type="password" autocomplete="off" value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${(e) => e.key === 'Enter' && submit()} /></label>
      ${refusal && (refusal.status === 401 ? html`<${Notice} kind="bad" role="alert"><p>${t('op.wrongToken')}</p></${Notice}>` : html`<${Failure} failure=${refusal} />`)}
      <div class="buttons"><${Busy} onClick=${submit}>${t('login')}</${Busy}></div>
    </section>`;
}

/** The overview once a second, and the last ten minutes of it. */
function useOverview(token, onOut) {
  const [state, set] = useState({ overview: null, failure: null });
  const history_ = useRef([]);
  useEffect(() => {
    let wanted = true;
    let timer;
    const look = async () => {
      try {
        const overview = await get('/admin/overview', { token });
        if (!wanted) return;
        const at = now();
        history_.current = [...history_.current.filter((point) => at - point.at < SPAN_MS), { at, overview }];
        set({ overview, failure: null });
      } catch (failure) {
        if (!wanted) return;
        if (failure.status === 401) {
          onOut();
          return;
        }
        set((before) => ({ ...before, failure }));
      }
      if (wanted) timer = setTimeout(look, LOOK_MS);
    };
    look();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [token]);
  return { ...state, points: history_.current };
}

const sum = (list, what) => list.reduce((all, one) => all + (one[what] ?? 0), 0);

function Board({ token, onOut }) {
  const { overview, failure, points } = useOverview(token, onOut);
  const [reported, setReported] = useState(null);
  if (!overview) return failure ? html`<${Failure} failure=${failure} />` : html`<${Loading} />`;
  const { rooms, schedules } = overview;
  if (reported) return html`<${Report} key=${reported.scheduleId} token=${token} schedule=${reported} onBack=${() => setReported(null)} />`;
  const minuteAgo = points.find((point) => point.overview && now() - point.at <= 60_000) ?? points[0];
  const admitted = sum(rooms, 'admittedLastMinute');
  // Who came in a minute is who was let in and by how many the line grew.
  const came = Math.max(0, admitted + sum(rooms, 'waiting') - sum(minuteAgo.overview.rooms, 'waiting'));
  return html`
    <div class="operator">
      <${Title} class="unseen">${t('op.title')}</${Title}>
      ${failure && html`<${Notice} kind="warn" role="status"><p>${t('line.down')}</p></${Notice}>`}
      <dl class="totals">
        ${[
          ['op.waiting', number(sum(rooms, 'waiting'))],
          ['op.active', number(sum(rooms, 'active'))],
          ['op.came', number(came)],
          ['op.admitted', number(admitted)],
          ['op.sold', number(sum(schedules, 'bills'))],
          ['op.soldMinute', number(sum(schedules, 'billsLastMinute'))],
          ['op.held', number(sum(schedules, 'held'))],
          ['op.free', number(sum(schedules, 'free'))],
          ['op.sales', won(sum(schedules, 'sales'))],
        ].map(([name, value]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}
      </dl>
      <div class="charts">
        <${Chart} title=${t('op.queue')} spanMillis=${SPAN_MS} lines=${[t('op.lineWaiting'), t('op.lineActive')]}
          points=${points.map(({ at, overview: o }) => ({ at, values: [sum(o.rooms, 'waiting'), sum(o.rooms, 'active')] }))} />
        <${Chart} title=${t('op.seats')} spanMillis=${SPAN_MS} lines=${[t('op.lineSold'), t('op.lineHeld')]}
          points=${points.map(({ at, overview: o }) => ({ at, values: [sum(o.schedules, 'sold'), sum(o.schedules, 'held')] }))} />
      </div>
      <${Crowd} token=${token} schedules=${schedules} />
      <div class="rooms">${rooms.map((room) => html`<${Room} key=${room.id} token=${token} room=${room} />`)}</div>
      <${Schedules} token=${token} schedules=${schedules} onReport=${setReported} />
      <${HouseSeats} token=${token} schedules=${schedules} />
      <${ForecastPanel} token=${token} schedules=${schedules} />
      <${Desk} token=${token} />
      <${Door} token=${token} />
      <${SeatPlanUpload} token=${token} schedules=${schedules} />
    </div>`;
}

/** Everything about one waiting room that may be changed while people wait. */
function Room({ token, room }) {
  const [settings, setSettings] = useState(null);
  const [capacity, setCapacity] = useState('');
  const [message, setMessage] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const id = encodeURIComponent(room.id);
  useEffect(() => {
    get(`/admin/rooms/${id}`, { token }).then((found) => {
      setSettings(found);
      setCapacity(String(found.capacity));
    }, setRefusal);
    get(`/rooms/${id}`).then((found) => setMessage(found.message ?? ''), () => setMessage(''));
  }, []);

  /** Only these are sent: another operator may have changed others. */
  const change = async (what) => {
    setRefusal(null);
    try {
      setSettings(await send('PATCH', `/admin/rooms/${id}`, { token, body: what }));
      say(t('op.done'));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  const tell = async () => {
    setRefusal(null);
    try {
      await send('PUT', `/admin/rooms/${id}/message`, { token, body: { text: message.trim() || null } });
      say(t('op.done'));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  const wanted = Number(capacity);
  const paused = room.state === 'PAUSED';
  return html`
    <section class="panel" aria-labelledby=${`room-${room.id}`}>
      <div class="panel-head"><h2 id=${`room-${room.id}`}>${t('op.room', { id: room.id })}</h2><span class="state ${paused ? 'not_yet_open' : 'on_sale'}">${t(`op.state.${room.state}`)}</span></div>
      <div class="meter" role="img" aria-label=${t('op.inside', { n: number(room.active), capacity: number(room.capacity) })}><span class="m-active" style=${{ width: `${Math.min(100, (100 * room.active) / room.capacity)}%` }}></span></div>
      <p>${t('op.inside', { n: number(room.active), capacity: number(room.capacity) })} · ${t('op.inLine', { n: number(room.waiting), count: room.waiting })}</p>
      ${settings && html`
        <div class="inline">
          <label>${t('op.capacity')}<input inputmode="numeric" value=${capacity} onInput=${(e) => setCapacity(e.target.value)} /></label>
          <${Busy} class="quiet" onClick=${() => (Number.isInteger(wanted) && wanted > 0 ? change({ capacity: wanted }) : setRefusal(new Refusal(400, { code: 'MALFORMED' })))}>${t('op.set')}</${Busy}>
          <${Busy} class=${paused ? 'main' : 'quiet'} onClick=${() => change({ paused: !paused })}>${t(paused ? 'op.resume' : 'op.pause')}</${Busy}>
        </div>`}
      ${message !== null && html`
        <div class="inline">
          <label>${t('op.message')}<textarea rows="2" maxlength="500" value=${message} onInput=${(e) => setMessage(e.target.value)}></textarea></label>
          <${Busy} class="quiet" onClick=${tell}>${t('op.tell')}</${Busy}>
        </div>`}
      ${refusal && html`<${Failure} failure=${refusal} />`}
    </section>`;
}

function Schedules({ token, schedules, onReport }) {
  const [asking, setAsking] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [told, setTold] = useState(null);
  const act = async () => {
    const { action, schedule } = asking;
    setAsking(null);
    setRefusal(null);
    try {
      const answer = await send('POST', `/admin/schedules/${encodeURIComponent(schedule.scheduleId)}/${action}`, { token });
      setTold(action === 'cancel' ? t('op.cancelled', { n: number(answer.billsToRefund ?? 0), count: answer.billsToRefund ?? 0 }) : t('op.done'));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <section class="panel" aria-labelledby="dates-title">
      <h2 id="dates-title">${t('dates')}</h2>
      ${refusal && html`<${Failure} failure=${refusal} />`}
      ${told && html`<${Notice} kind="good" role="status"><p>${told}</p></${Notice}>`}
      <div class="table" tabindex="0" role="group" aria-labelledby="dates-title">
        <table>
          <thead><tr><th scope="col">${t('op.date')}</th><th scope="col">${t('op.stateHead')}</th><th scope="col">${t('op.share')}</th>
            <th scope="col" class="n">${t('op.sold')}</th><th scope="col" class="n">${t('op.held')}</th><th scope="col" class="n">${t('op.free')}</th>
            <th scope="col" class="n">${t('op.sales')}</th><th scope="col"><span class="unseen">${t('op.actions')}</span></th></tr></thead>
          <tbody>${schedules.map((s) => html`
            <tr key=${s.scheduleId}>
              <th scope="row">${s.title}<br /><span class="small">${shortDateTime(s.startsAt, s.timeZone)}</span></th>
              <td><span class="state ${s.state.toLowerCase()}">${t(`sale.${s.state}`)}</span></td>
              <td>${s.seats > 0 && html`<div class="meter" role="img" aria-label=${t('op.shareText', { sold: number(s.sold ?? 0), held: number(s.held ?? 0), seats: number(s.seats) })}>
                <span class="m-sold" style=${{ width: `${(100 * (s.sold ?? 0)) / s.seats}%` }}></span><span class="m-held" style=${{ width: `${(100 * (s.held ?? 0)) / s.seats}%` }}></span></div>`}</td>
              <td class="n">${s.sold === null ? '–' : number(s.sold)}</td><td class="n">${s.held === null ? '–' : number(s.held)}</td><td class="n">${s.free === null ? '–' : number(s.free)}</td>
              <td class="n">${won(s.sales)}</td>
              <td><div class="buttons">
                <button type="button" class="text report" onClick=${() => onReport(s)}>${t('op.report')}</button>
                ${s.state !== 'CANCELLED' && html`
                  ${s.state === 'CLOSED'
                    ? html`<button type="button" class="text" onClick=${() => setAsking({ action: 'open', schedule: s })}>${t('op.open')}</button>`
                    : html`<button type="button" class="text" onClick=${() => setAsking({ action: 'close', schedule: s })}>${t('op.close')}</button>`}
                  <button type="button" class="text" onClick=${() => setAsking({ action: 'cancel', schedule: s })}>${t('op.cancel')}</button>`}
              </div></td>
            </tr>`)}</tbody>
        </table>
      </div>
      ${asking && html`<${Question} danger=${asking.action !== 'open'} title=${t(`op.ask.${asking.action}`, { date: `${asking.schedule.title}, ${dateTime(asking.schedule.startsAt, asking.schedule.timeZone)}` })}
        yes=${t(`op.${asking.action}`)} no=${t('op.no')} onYes=${act} onNo=${() => setAsking(null)}><p>${t(`op.askText.${asking.action}`)}</p></${Question}>`}
    </section>`;
}

/** The door: a scanner types the code and presses Enter. */
function Door({ token }) {
  const [text, setText] = useState('');
  const [checked, setChecked] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const check = async () => {
    const ticket = text.trim();
    setText('');
    setChecked(null);
    setRefusal(null);
    if (!ticket) return;
    try {
      setChecked(await send('POST', '/admin/tickets/check', { token, body: { ticket } }));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <section class="panel" aria-labelledby="door-title">
      <h2 id="door-title">${t('door.title')}</h2>
      <div class="inline">
        <label>${t('door.code')}<input autocomplete="off" autocapitalize="off" spellcheck=${false} value=${text} onInput=${(e) => setText(e.target.value)} onKeyDown=${(e) => e.key === 'Enter' && check()} /></label>
        <${Busy} class="quiet" onClick=${check}>${t('door.check')}</${Busy}>
      </div>
      ${checked && html`<${Notice} kind=${checked.verdict === 'ENTERED' ? 'good' : 'bad'} role="alert" title=${t(`door.${checked.verdict}`)}>
        <p>${[checked.seatNo, checked.scheduleId, checked.billId, checked.enteredAt && shortDateTime(checked.enteredAt)].filter(Boolean).join(' · ')}</p></${Notice}>`}
      ${refusal && html`<${Failure} failure=${refusal} />`}
    </section>`;
}

/** The demo's made-up buyers; where real people buy there are none, and nothing is shown. */
function Crowd({ token, schedules }) {
  const [crowd, setCrowd] = useState(null);
  const [concert, setConcert] = useState(schedules[0]?.concertId ?? '');
  const [people, setPeople] = useState(CROWDS[1]);
  const [refusal, setRefusal] = useState(null);
  useEffect(() => {
    let wanted = true;
    let timer;
    const look = () =>
      get('/admin/demo/crowd', { token }).then(
        (found) => {
          if (!wanted) return;
          setCrowd(found);
          timer = setTimeout(look, LOOK_MS);
        },
        () => {}, // 404: no demo.
      );
    look();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [token]);
  if (!crowd) return null;
  const concerts = [...new Map(schedules.map((s) => [s.concertId, s.title]))];
  const come = async () => {
    setRefusal(null);
    try {
      setCrowd(await send('POST', '/admin/demo/crowd', { token, body: { concertId: concert, people } }));
    } catch (failure) {
      setRefusal(failure);
    }
  };
  return html`
    <section class="panel" aria-labelledby="crowd-title">
      <h2 id="crowd-title">${t('crowd.title')}</h2>
      <p class="small">${t('crowd.text')}</p>
      <div class="inline">
        <label>${t('crowd.concert')}<select value=${concert} onChange=${(e) => setConcert(e.target.value)}>
          ${concerts.map(([id, title]) => html`<option key=${id} value=${id}>${title}</option>`)}</select></label>
        <label>${t('crowd.people')}<select value=${people} onChange=${(e) => setPeople(Number(e.target.value))}>
          ${CROWDS.map((n) => html`<option key=${n} value=${n}>${number(n)}</option>`)}</select></label>
        <${Busy} class="main" onClick=${come}>${t('crowd.come')}</${Busy}>
      </div>
      ${crowd.coming > 0 && html`<p>${t(crowd.underWay ? 'crowd.now' : 'crowd.over', { coming: number(crowd.coming), waiting: number(crowd.waiting), inside: number(crowd.inside), bought: number(crowd.bought), gone: number(crowd.gone) })}</p>`}
      ${refusal && html`<${Failure} failure=${refusal} />`}
    </section>`;
}

render(html`<${App} key=${where().lang} />`, document.getElementById('app'));
