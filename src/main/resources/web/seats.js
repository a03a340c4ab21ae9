// Choosing seats: a list to step through, the best seats on request, and the map; all three change the
// same choice. Nothing is ours before the service says so: the choice is held as a whole or not at all.

import { html, useEffect, useMemo, useRef, useState } from './preact-htm.js';
import { command, get, pause, Refusal } from './api.js';
import { BestSeats } from './bestseats.js';
import { say } from './live.js';
import { MapView } from './mapview.js';
import { Busy, Failure, Link, Loading, Notice, reason, SessionClock, Title, useAnswer, useReturn } from './parts.js';
import { FREE, Plan } from './plan.js';
import { go } from './route.js';
import { SeatList } from './seatlist.js';
import { SHAPES } from './seatmap.js';
import { readStream } from './stream.js';
import { dateTime, number, seatName, t, won } from './text.js';

const REDRAW_LISTS_MS = 400; // The map shows each change at once; lists and counts needn't.

/** How the seats stand, live: a stream, or questions where streams don't get through. */
function useStates(plan, schedule, token, map) {
  const [, redraw] = useState(0);
  const [known, setKnown] = useState(false);
  const [up, setUp] = useState(true);
  const again = useRef(() => {});
  useEffect(() => {
    if (!plan || !token) return undefined;
    const whole = new AbortController();
    let current = new AbortController();
    let timer = null;
    const lists = () => {
      timer ??= setTimeout(() => {
        timer = null;
        redraw((n) => n + 1);
      }, REDRAW_LISTS_MS);
    };
    const all = () => {
      setKnown(true);
      setUp(true);
      map.current?.repaintAll();
      lists();
    };
    const onEvent = ({ event, data }) => {
      if (event === 'map') {
        plan.load(data.states, data.version);
        all();
      } else if (event === 'seats') {
        const changed = plan.change(data.changes, data.version);
        setUp(true);
        map.current?.repaint(changed);
        if (changed.length > 0) lists();
      }
    };
    const path = `/reservations/seats/${encodeURIComponent(schedule.id)}`;
    const run = async () => {
      let unopened = 0;
      while (!whole.signal.aborted) {
        current = new AbortController();
        try {
          if (unopened < 2) {
            let opened = false;
            const { end } = await readStream(`${path}/events`, { token, lastId: plan.version, signal: current.signal, onEvent, onOpen: () => (opened = true) });
            if (end) return; // The turn is over; the place says so, too.
            unopened = opened ? 0 : unopened + 1;
          } else {
            const answer = await get(`${path}/status`, { token, signal: current.signal });
            plan.loadList(answer.states, answer.version);
            all();
          }
        } catch (refusal) {
          if (whole.signal.aborted || refusal.status === 401 || refusal.status === 403) return;
        }
        if (whole.signal.aborted) return;
        if (unopened > 0) setUp(false);
        await pause(1000 + Math.random() * 1000);
      }
    };
    again.current = () => current.abort();
    run();
    return () => {
      whole.abort();
      current.abort();
      clearTimeout(timer);
    };
  }, [plan, schedule.id, token]);
  useReturn(() => again.current());
  return { known, up };
}

export function Seats({ concert, schedule, line }) {
  const version = schedule.layoutVersion ? `?v=${encodeURIComponent(schedule.layoutVersion)}` : '';
  const { value: layout, failure, again } = useAnswer(
    () => get(`/schedules/${encodeURIComponent(schedule.id)}/layout${version}`), [schedule.id, schedule.layoutVersion]);
  const plan = useMemo(() => layout && new Plan(layout), [layout]);
  const token = line.place.jwt;
  const { value: holds, again: holdsAgain } = useAnswer(() => get('/reservations/holds', { token }), [token]);
  const mine = useMemo(
    () => new Set((holds?.items ?? []).filter((hold) => hold.scheduleId === schedule.id).map((hold) => plan?.indexOf.get(hold.seatId)).filter((seat) => seat !== undefined)),
    [holds, plan]);
  if (!plan) {
    return html`<div class="column">${failure ? html`<${Failure} failure=${failure} again=${again} />` : html`<${Loading} />`}</div>`;
  }
  return html`<${Chooser} concert=${concert} schedule=${schedule} line=${line} plan=${plan} mine=${mine} holdsAgain=${holdsAgain} />`;
}

function Chooser({ concert, schedule, line, plan, mine, holdsAgain }) {
  const map = useRef(null);
  const marks = useRef({ selected: new Set(), mine }).current;
  const [chosen, setChosen] = useState([]);
  const [problem, setProblem] = useState(null);
  const { known, up } = useStates(plan, schedule, line.place.jwt, map);
  const limit = concert.holdLimit - mine.size;
  useReturn(holdsAgain);

  const choose = (next) => {
    const before = marks.selected;
    marks.selected = new Set(next);
    map.current?.repaint([...before, ...next]);
    setChosen(next);
  };
  useEffect(() => {
    const before = marks.mine;
    marks.mine = mine;
    map.current?.repaint([...before, ...mine]);
  }, [mine]);

  const toggle = (seat) => {
    setProblem(null);
    if (marks.mine.has(seat)) {
      go({ concert: concert.id, date: schedule.id, view: 'pay' });
    } else if (marks.selected.has(seat)) {
      choose(chosen.filter((other) => other !== seat));
      say(t('unchosen', { seat: seatName(plan, seat) }));
    } else if (plan.states[seat] !== FREE) {
      setProblem({ lost: [seat], offers: offersFor([seat], marks.selected) });
    } else if (chosen.length >= limit) {
      setProblem({ text: t('limit', { n: concert.holdLimit, count: concert.holdLimit }) });
    } else {
      choose([...chosen, seat]);
      say(t('chosen', { seat: seatName(plan, seat), price: won(plan.price(seat)) }));
    }
  };

  /** For each lost seat the free one most like it. */
  const offersFor = (lost, kept) => {
    const offers = [];
    for (const seat of lost) {
      const like = plan.nearestLike(seat, [...lost, ...kept, ...offers]);
      if (like >= 0) offers.push(like);
    }
    return offers;
  };

  const hold = async () => {
    setProblem(null);
    const seatIds = chosen.map((seat) => plan.ids[seat]);
    await holding({ scheduleId: schedule.id, seatIds }, `hold.${schedule.id}.${[...seatIds].sort().join()}`);
  };

  const holding = async (body, purpose) => {
    try {
      await command('POST', '/reservations/holds', purpose, { token: line.place.jwt, body });
      go({ concert: concert.id, date: schedule.id, view: 'pay' });
    } catch (refusal) {
      if (refusal instanceof Refusal && refusal.problem.seatIds) {
        const lost = refusal.problem.seatIds.map((id) => plan.indexOf.get(id)).filter((seat) => seat !== undefined);
        plan.change(lost.map((seat) => [seat, 1]), plan.version);
        const kept = chosen.filter((seat) => !lost.includes(seat));
        choose(kept);
        setProblem({ lost, offers: offersFor(lost, kept) });
      } else {
        setProblem({ text: reason(refusal) });
      }
    }
  };

  const total = chosen.reduce((sum, seat) => sum + plan.price(seat), 0);
  return html`
    <div class="seats">
      <header class="seats-head">
        <div>
          <p class="eyebrow"><${Link} to=${{ concert: concert.id }}>${concert.title}</${Link}></p>
          <${Title}>${dateTime(schedule.startsAt, concert.timeZone)}</${Title}>
        </div>
        <${SessionClock} place=${line.place} />
      </header>
      ${(!up || !line.up) && html`<${Notice} kind="warn" role="status"><p>${t('line.down')}</p></${Notice}>`}
      ${mine.size > 0 && html`<${Notice} kind="good" title=${t('held.title', { n: number(mine.size), count: mine.size })}>
        <${Link} class="button main" to=${{ concert: concert.id, date: schedule.id, view: 'pay' }}>${t('toPayment')}</${Link}></${Notice}>`}
      ${known && plan.free === 0 && html`<${Notice} kind="warn" title=${t('soldOut.title')}><p>${t('soldOut.inside')}</p></${Notice}>`}
      <div class="seats-body">
        <div class="side">
          <${BestSeats} plan=${plan} most=${limit} onHold=${(count, section) =>
            holding({ scheduleId: schedule.id, count, ...(section && { section }) }, `best.${schedule.id}.${count}.${section ?? ''}`)} />
          <${SeatList} plan=${plan} chosen=${chosen} mine=${mine} onToggle=${toggle}
            onSection=${(section) => map.current?.showSection(section)} onSeat=${(seat) => map.current?.showSeat(seat)} />
        </div>
        <${MapView} plan=${plan} marks=${marks} map=${map} onPick=${toggle} />
        <${Legend} plan=${plan} />
      </div>
      <div class="tray ${chosen.length > 0 || problem ? 'open' : ''}">
        ${problem && html`<${Problem} problem=${problem} plan=${plan} onTake=${(offers) => { setProblem(null); choose([...chosen, ...offers]); map.current?.showSeat(offers[0]); }} />`}
        ${chosen.length > 0
          ? html`
            <ul class="chips">${chosen.map((seat) => html`
              <li key=${seat}><button type="button" class="chip" onClick=${() => toggle(seat)} aria-label=${t('remove', { seat: seatName(plan, seat) })}>
                ${seatName(plan, seat)} <span aria-hidden="true">×</span></button></li>`)}</ul>
            <div class="tray-total"><span>${t('total')} <strong>${won(total)}</strong></span>
              <${Busy} class="main" onClick=${hold}>${t('hold', { n: number(chosen.length), count: chosen.length })}</${Busy}></div>`
          : !problem && html`<p class="tray-hint">${t('chooseHint', { n: number(Math.max(0, limit)), count: limit })}</p>`}
      </div>
    </div>`;
}

function Problem({ problem, plan, onTake }) {
  if (problem.text) return html`<${Notice} kind="bad" role="alert"><p>${problem.text}</p></${Notice}>`;
  const names = problem.lost.map((seat) => seatName(plan, seat)).join(' · ');
  return html`
    <${Notice} kind="bad" role="alert" title=${t('lost.title', { seats: names })}>
      ${problem.offers.length > 0
        ? html`<p>${t('lost.like', { seats: problem.offers.map((seat) => seatName(plan, seat)).join(' · ') })}</p>
          <button type="button" class="quiet" onClick=${() => onTake(problem.offers)}>${t('lost.take', { count: problem.offers.length })}</button>`
        : html`<p>${t('lost.none')}</p>`}
    </${Notice}>`;
}

/** What colours and shapes mean, with what is left of each. */
function Legend({ plan }) {
  return html`
    <section class="legend" aria-labelledby="legend">
      <h2 id="legend">${t('prices')}</h2>
      <ul>
        ${plan.grades.map((grade, i) => html`
          <li key=${grade.id}><${Swatch} shape=${SHAPES[Math.min(i, SHAPES.length - 1)]} grade=${Math.min(i, SHAPES.length - 1)} />
            <span class="grade">${grade.name}</span> <span>${won(grade.price)}</span>
            <span class="left">${t('left', { n: number(plan.freeByGrade[i]), count: plan.freeByGrade[i] })}</span></li>`)}
        <li><span class="swatch"><svg viewBox="-12 -12 24 24" aria-hidden="true"><circle r="6" fill="none" stroke="var(--map-taken)" stroke-width="2.5" /></svg></span><span>${t('state.held')}</span></li>
        <li><span class="swatch"><svg viewBox="-12 -12 24 24" aria-hidden="true"><circle r="4.500" fill="var(--map-taken)" /></svg></span><span>${t('state.sold')}</span></li>
      </ul>
      ${plan.schematic && html`<p class="small">${t('schematic')}</p>`}
    </section>`;
}

const PATHS = {
  circle: 'M-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0z',
  square: 'M-8-8h16v16h-16z',
  diamond: 'M0-10L10 0L0 10L-10 0z',
  triangle: 'M0-9L10 8H-10z',
  hexagon: 'M-5-9H5L10 0L5 9H-5L-10 0z',
  cross: 'M-3-9h6v6h6v6h-6v6h-6v-6h-6v-6h6z',
};

export const Swatch = ({ shape, grade }) => html`
  <span class="swatch"><svg viewBox="-12 -12 24 24" aria-hidden="true"><path d=${PATHS[shape]} fill=${`var(--grade-${grade})`} /></svg></span>`;
