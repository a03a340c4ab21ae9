// House seats: an operator chooses seats of a date, on the map or from the list, keeps them from sale or
// gives them back to it, and ends holds. What is chosen is only a choice; nothing is so before it is said.

import { html, useEffect, useMemo, useRef, useState } from './preact-htm.js';
import { command, get, send } from './api.js';
import { say } from './live.js';
import { MapView } from './mapview.js';
import { Busy, Failure, Loading, Notice, Question, useAnswer } from './parts.js';
import { FREE, HELD, NOT_FOR_SALE, Plan } from './plan.js';
import { SeatList } from './seatlist.js';
import { dateTime, number, seatName, shortDateTime, t } from './text.js';

const LOOK_MS = 1000;
const MOST_AT_ONCE = 3000; // As the API takes them; a whole stand may be larger.
const MOST_LISTED = 3000;

const pathOf = (schedule) => `/admin/schedules/${encodeURIComponent(schedule.scheduleId)}`;

export function HouseSeats({ token, schedules }) {
  const [date, setDate] = useState('');
  const chosen = schedules.find((schedule) => schedule.scheduleId === date);
  const open = schedules.filter((schedule) => schedule.seats > 0 && schedule.state !== 'CANCELLED');
  return html`
    <section class="panel house" aria-labelledby="house-title">
      <h2 id="house-title">${t('house.title')}</h2>
      <p class="small">${t('house.text')}</p>
      <label>${t('op.date')}
        <select value=${date} onChange=${(e) => setDate(e.target.value)}>
          <option value="">${t('list.choose')}</option>
          ${open.map((one) => html`<option key=${one.scheduleId} value=${one.scheduleId}>${one.scheduleId} · ${one.title} · ${dateTime(one.startsAt, one.timeZone)}</option>`)}
        </select>
      </label>
      ${chosen && html`<${DateSeats} key=${date} token=${token} schedule=${chosen} />`}
    </section>`;
}

function DateSeats({ token, schedule }) {
  const { value: layout, failure, again } = useAnswer(
    () => get(`/schedules/${encodeURIComponent(schedule.scheduleId)}/layout`), [schedule.scheduleId]);
  const plan = useMemo(() => layout && new Plan(layout), [layout]);
  if (!plan) return failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Loading} />`;
  return html`<${Chooser} token=${token} schedule=${schedule} plan=${plan} />`;
}

/** How the seats stand, once a second. @returns `look`, to ask at once */
function useStates(plan, schedule, token, map) {
  const [state, set] = useState({ version: null, failure: null });
  const look = useRef(async () => {});
  useEffect(() => {
    let wanted = true;
    let timer;
    look.current = async () => {
      try {
        const answer = await get(`${pathOf(schedule)}/seats`, { token });
        if (!wanted) return;
        if (answer.version !== plan.version) {
          plan.loadList(answer.states, answer.version);
          map.current?.repaintAll();
        }
        set({ version: answer.version, failure: null });
      } catch (failure) {
        if (wanted) set((before) => ({ ...before, failure }));
      }
    };
    const next = async () => {
      if (!document.hidden) await look.current();
      if (wanted) timer = setTimeout(next, LOOK_MS);
    };
    next();
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [plan, token]);
  return { ...state, look: () => look.current() };
}

function Chooser({ token, schedule, plan }) {
  const map = useRef(null);
  const marks = useRef({ selected: new Set(), mine: new Set(), house: true }).current;
  const [chosen, setChosen] = useState([]);
  const [left, setLeft] = useState(0);
  const [round, setRound] = useState(0);
  const states = useStates(plan, schedule, token, map);
  const canChoose = (seat) => plan.states[seat] === FREE || plan.states[seat] === NOT_FOR_SALE || plan.states[seat] === HELD;

  const choose = (next) => {
    const before = marks.selected;
    marks.selected = new Set(next);
    map.current?.repaint([...before, ...next]);
    setChosen([...marks.selected]);
  };
  const toggle = (seat) => {
    setLeft(0);
    if (marks.selected.has(seat)) {
      choose(chosen.filter((other) => other !== seat));
      say(t('unchosen', { seat: seatName(plan, seat) }));
    } else if (canChoose(seat)) {
      choose([...chosen, seat]);
      say(t('house.chosen', { seat: seatName(plan, seat) }));
    }
  };
  /** Whole rows and stands: what a buyer has isn't chosen with them. */
  const chooseAll = ({ first, end }) => {
    const all = Array.from({ length: end - first }, (_, i) => first + i);
    const free = all.filter((seat) => plan.states[seat] === FREE || plan.states[seat] === NOT_FOR_SALE);
    setLeft(all.length - free.length);
    choose([...chosen, ...free]);
  };
  const done = async () => {
    choose([]);
    setLeft(0);
    say(t('op.done'));
    await states.look();
    setRound((n) => n + 1);
  };
  const tools = (section, row) => html`
    <div class="buttons">
      <button type="button" class="quiet" onClick=${() => chooseAll(section)}>${t('house.section', { name: section.name })}</button>
      ${row && section.rows.length > 1 && html`<button type="button" class="quiet" onClick=${() => chooseAll(row)}>${t('house.row', { name: row.name || '–' })}</button>`}
    </div>`;
  const blocked = plan.states.reduce((sum, state) => sum + (state === NOT_FOR_SALE), 0);
  if (!states.version) return states.failure ? html`<${Failure} failure=${states.failure} />` : html`<${Loading} />`;
  return html`
    ${states.failure && html`<${Notice} kind="warn" role="status"><p>${t('line.down')}</p></${Notice}>`}
    <div class="house-body">
      <div class="side">
        <${SeatList} plan=${plan} chosen=${chosen} mine=${marks.mine} pickable=${canChoose} tools=${tools} onToggle=${toggle}
          onSection=${(section) => map.current?.showSection(section)} onSeat=${(seat) => map.current?.showSeat(seat)} />
        <${Blocked} token=${token} schedule=${schedule} plan=${plan} round=${`${round} ${blocked}`}
          onChoose=${(seats) => { choose(seats); map.current?.showSeat(seats[0]); }} />
      </div>
      <${MapView} plan=${plan} marks=${marks} map=${map} onPick=${toggle} />
    </div>
    <ul class="house-key">
      <li><${Sign}><path d="M-7-7h14v14h-14zM-7-7l14 14M7-7l-14 14" fill="none" stroke="var(--ink)" stroke-width="2" /></${Sign}>${t('house.blocked')}</li>
      <li><${Sign}><circle r="6" fill="none" stroke="var(--map-taken)" stroke-width="2.5" /></${Sign}>${t('op.held')}</li>
      <li><${Sign}><circle r="4.5" fill="var(--map-taken)" /></${Sign}>${t('op.sold')}</li>
    </ul>
    <${Tray} token=${token} schedule=${schedule} plan=${plan} chosen=${chosen} left=${left} version=${states.version}
      onClear=${() => { setLeft(0); choose([]); }} onDone=${done} />`;
}

const Sign = ({ children }) => html`<span class="swatch"><svg viewBox="-12 -12 24 24" aria-hidden="true">${children}</svg></span>`;

/** One whole stand by its name, however large; else seat by seat. */
function selection(plan, seats) {
  const section = plan.section(seats[0]);
  const whole = seats.length === section.end - section.first && seats.every((seat) => plan.section(seat) === section);
  return whole ? { section: section.name } : { seatIds: seats.map((seat) => plan.ids[seat]) };
}

function Tray({ token, schedule, plan, chosen, left, version, onClear, onDone }) {
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState(null);
  const [record, setRecord] = useState(null);
  const [asking, setAsking] = useState(false);
  const only = chosen.length === 1 ? chosen[0] : -1;
  useEffect(() => {
    setRecord(null);
    let wanted = true;
    if (only >= 0 && plan.states[only] !== FREE) {
      get(`${pathOf(schedule)}/seats/${encodeURIComponent(plan.ids[only])}`, { token }).then(
        (found) => wanted && setRecord(found), (failure) => wanted && setRefusal(failure));
    }
    return () => (wanted = false);
  }, [only, plan.states[only], version]);
  useEffect(() => setRefusal(null), [chosen]);

  const act = async (work) => {
    setRefusal(null);
    try {
      await work();
      setNote('');
      await onDone();
    } catch (failure) {
      setRefusal(failure);
    }
  };
  const post = (where, more = {}) =>
    act(() => send('POST', `${pathOf(schedule)}/${where}`, { token, body: { ...selection(plan, chosen), ...more } }));
  const endHold = () => {
    setAsking(false);
    const seat = plan.ids[only];
    return act(() => command('DELETE', `${pathOf(schedule)}/holds/${encodeURIComponent(seat)}`, `end.${seat}`, { token }));
  };
  const count = (state) => chosen.filter((seat) => plan.states[seat] === state).length;
  const blocked = count(NOT_FOR_SALE);
  const held = count(HELD);
  const many = chosen.length > MOST_AT_ONCE && !selection(plan, chosen).section;
  const taken = (refusal?.problem?.seatIds ?? []).map((id) => plan.indexOf.get(id)).filter((seat) => seat !== undefined);
  return html`
    <div class="house-tray">
      ${refusal && (taken.length > 0
        ? html`<${Notice} kind="bad" role="alert" title=${t('house.taken')}><p>${taken.slice(0, 10).map((seat) => seatName(plan, seat)).join(' · ')}${taken.length > 10 ? ' …' : ''}</p></${Notice}>`
        : html`<${Failure} failure=${refusal} />`)}
      ${chosen.length === 0
        ? html`<p class="tray-hint">${t('house.hint')}</p>`
        : html`
          <p><strong>${only >= 0 ? seatName(plan, only) : t('house.count', { n: number(chosen.length), count: chosen.length })}</strong>
            <span> · ${t('house.kinds', { free: number(count(FREE)), blocked: number(blocked), held: number(held) })}</span></p>
          ${left > 0 && html`<p class="small">${t('house.left', { n: number(left), count: left })}</p>`}
          ${record?.block && html`<p class="small">${t('house.blockedBy', { who: record.block.operator, at: shortDateTime(record.block.blockedAt) })}${record.block.note && ` · ${record.block.note}`}</p>`}
          ${record?.hold && html`<p class="small">${t('house.heldBy', { n: record.hold.userNumber, at: shortDateTime(record.hold.holdDeadline) })}</p>`}
          ${many && html`<${Notice} kind="warn" role="status"><p>${t('house.many', { n: number(MOST_AT_ONCE) })}</p></${Notice}>`}
          <div class="inline">
            ${held < chosen.length && html`<label>${t('house.note')}<input maxlength="200" value=${note} onInput=${(e) => setNote(e.target.value)} /></label>`}
            ${held === 0 && !many && html`<${Busy} class="main" onClick=${() => post('blocks', note.trim() ? { note: note.trim() } : {})}>${t('house.block', { n: number(chosen.length), count: chosen.length })}</${Busy}>`}
            ${blocked > 0 && !many && html`<${Busy} class="quiet" onClick=${() => post('blocks/release')}>${t('house.release', { n: number(blocked), count: blocked })}</${Busy}>`}
            ${record?.hold && html`<button type="button" class="danger" onClick=${() => setAsking(true)}>${t('house.end')}</button>`}
            <button type="button" class="text" onClick=${onClear}>${t('house.clear')}</button>
          </div>`}
      ${asking && html`<${Question} danger title=${t('house.ask', { seat: seatName(plan, only) })} yes=${t('house.end')} no=${t('op.no')} onYes=${endHold} onNo=${() => setAsking(false)}>
        <p>${t('house.askText')}</p></${Question}>`}
    </div>`;
}

/** What is blocked, by note: those of one note can be chosen together. */
function Blocked({ token, schedule, plan, round, onChoose }) {
  const { value: groups, failure } = useAnswer(async () => {
    const found = new Map();
    let after = '';
    for (let read = 0; read < MOST_LISTED && after !== null; ) {
      const page = await get(`${pathOf(schedule)}/blocks?limit=100${after && `&after=${encodeURIComponent(after)}`}`, { token });
      for (const block of page.items) {
        const seat = plan.indexOf.get(block.seatId);
        if (seat === undefined) continue;
        const name = JSON.stringify([block.note, block.operator]);
        const group = found.get(name) ?? { note: block.note, operator: block.operator, since: block.blockedAt, seats: [] };
        group.seats.push(seat);
        found.set(name, group);
      }
      read += page.items.length;
      after = page.next;
    }
    return [...found.values()];
  }, [schedule.scheduleId, round]);
  if (failure) return html`<${Failure} failure=${failure} />`;
  return html`
    <section class="list" aria-labelledby="blocked-title">
      <h2 id="blocked-title">${t('house.blocked')}</h2>
      ${groups && groups.length === 0 && html`<p class="small">${t('house.none')}</p>`}
      <ul class="blocked">${(groups ?? []).map((group, i) => html`
        <li key=${i}><div><strong>${group.note ?? t('house.noNote')}</strong>
            <p class="small">${t('house.count', { n: number(group.seats.length), count: group.seats.length })} · ${t('house.blockedBy', { who: group.operator, at: shortDateTime(group.since) })}</p></div>
          <button type="button" class="quiet" aria-label=${t('house.chooseThese', { note: group.note ?? t('house.noNote') })} onClick=${() => onChoose(group.seats)}>${t('house.choose')}</button></li>`)}</ul>
    </section>`;
}
