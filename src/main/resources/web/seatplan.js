// Giving a date its seats: a file is tried first, and shown as a map or with its errors line by line;
// only then is it stored.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { Refusal } from './api.js';
import { say } from './live.js';
import { Busy, Failure, Notice, Question } from './parts.js';
import { FREE, Plan } from './plan.js';
import { SeatMap } from './seatmap.js';
import { dateTime, number, t, won } from './text.js';

/** Seat plans aren't sent by api.js: they aren't JSON always, and their errors are many. */
async function upload(token, method, path, text, type) {
  const response = await fetch(`/api/v1/admin${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': type, Accept: 'application/json' },
    body: text,
    signal: AbortSignal.timeout(60_000),
  }).catch((failure) => {
    throw new Refusal(0, { code: 'NO_LINE', detail: String(failure) });
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

export function SeatPlanUpload({ token, schedules }) {
  const [date, setDate] = useState('');
  const [file, setFile] = useState(null);
  const [preview, setPreview] = useState(null);
  const [refusal, setRefusal] = useState(null);
  const [asking, setAsking] = useState(false);
  const [stored, setStored] = useState(null);
  const chosen = schedules.find((schedule) => schedule.scheduleId === date);

  const read = async (event) => {
    const [picked] = event.target.files;
    setPreview(null);
    setRefusal(null);
    setStored(null);
    if (!picked) return;
    const text = await picked.text();
    const type = /^\s*[[{]/.test(text) ? 'application/json' : 'text/csv';
    setFile({ text, type, name: picked.name });
    try {
      setPreview(new Plan(await upload(token, 'POST', '/layouts/preview', text, type)));
    } catch (failure) {
      setRefusal(failure);
    }
  };

  const store = async () => {
    setAsking(false);
    setRefusal(null);
    try {
      const put = await upload(token, 'PUT', `/schedules/${encodeURIComponent(date)}/layout`, file.text, file.type);
      setStored(put);
      say(t('plan.stored', { n: number(put.seats), count: put.seats }));
    } catch (failure) {
      setRefusal(failure);
    }
  };

  const errors = refusal instanceof Refusal ? refusal.problem.errors : null;
  return html`
    <section class="panel" aria-labelledby="plan-title">
      <h2 id="plan-title">${t('plan.title')}</h2>
      <p class="small">${t('plan.text')}</p>
      <div class="fields">
        <label>${t('plan.file')}<input type="file" accept=".csv,.json,text/csv,application/json" onChange=${read} /></label>
        <label>${t('plan.date')}
          <select value=${date} onChange=${(e) => setDate(e.target.value)}>
            <option value="">${t('list.choose')}</option>
            ${schedules.map((one) => html`<option key=${one.scheduleId} value=${one.scheduleId}>${one.scheduleId} · ${one.title} · ${dateTime(one.startsAt, one.timeZone)}</option>`)}
          </select>
        </label>
      </div>
      ${errors
        ? html`<${Notice} kind="bad" role="alert" title=${t('plan.errors', { n: number(errors.length + (refusal.problem.omitted ?? 0)), count: errors.length })}>
            <ol class="plan-errors">${errors.map((error, i) => html`<li key=${i}>${error}</li>`)}</ol>
            ${refusal.problem.omitted > 0 && html`<p>${t('plan.omitted', { n: number(refusal.problem.omitted), count: refusal.problem.omitted })}</p>`}</${Notice}>`
        : refusal && html`<${Failure} failure=${refusal} />`}
      ${preview && html`<${Preview} key=${file.name + file.text.length} plan=${preview} />`}
      ${stored && html`<${Notice} kind="good" role="status" title=${t('plan.stored', { n: number(stored.seats), count: stored.seats })} />`}
      ${preview && chosen && !stored && html`<div class="buttons"><${Busy} class="main" onClick=${async () => setAsking(true)}>${t('plan.store')}</${Busy}></div>`}
      ${asking && html`<${Question} title=${t('plan.ask', { date: `${chosen.title}, ${dateTime(chosen.startsAt, chosen.timeZone)}` })} yes=${t('plan.store')} onYes=${store} onNo=${() => setAsking(false)}>
        <p>${t('plan.askText', { n: number(preview.count), count: preview.count })}</p></${Question}>`}
    </section>`;
}

function Preview({ plan }) {
  const canvas = useRef(null);
  useEffect(() => {
    plan.states.fill(FREE);
    const map = new SeatMap(canvas.current, plan, { selected: new Set(), mine: new Set() }, { pick: () => {}, hover: () => {} });
    map.stageName = t('stage');
    return () => map.destroy();
  }, [plan]);
  return html`
    <div class="map preview"><canvas ref=${canvas} tabindex="0" role="application" aria-label=${t('plan.preview')}></canvas></div>
    <p>${t('plan.found', { seats: number(plan.count), sections: number(plan.sections.length) })}
      ${plan.grades.map((grade) => html`<span key=${grade.id}> · ${grade.name} ${won(grade.price)}</span>`)}${plan.schematic && html`<span> · ${t('schematic')}</span>`}</p>`;
}
