// How a sale is likely to go: a form of what is asked, and what the model says. What isn't filled in is as
// published, or as it was seen in the sale that was chosen.

import { html, useState } from './preact-htm.js';
import { send } from './api.js';
import { say } from './live.js';
import { Busy, Failure, Notice, useFields } from './parts.js';
import { Plot } from './plot.js';
import { countdown, dateTime, number, t } from './text.js';

const MAIN = ['people', 'seats', 'capacity', 'sessionSeconds', 'holdSeconds', 'admitPerSecond'];
const MORE = ['gatheredPercent', 'rushPercent', 'rushSeconds', 'laterSeconds', 'giveUpPercent', 'giveUpSeconds', 'firstActionSeconds',
  'idlePercent', 'chooseSeconds', 'payPercent', 'payMedianSeconds', 'payP90Seconds', 'seed'];
const LISTS = ['otherCapacities', 'seatsPerBuyer'];

const after = (seconds) => countdown(seconds * 1000);

/** What was typed, as the API takes it; throws the field's name if it is no number. */
function body(fields) {
  const asked = {};
  for (const [name, text] of Object.entries(fields)) {
    const parts = text.split(/[\s,]+/).filter(Boolean);
    if (parts.length === 0) continue;
    const numbers = parts.map(Number);
    if (!numbers.every(Number.isSafeInteger) || (numbers.length > 1 && !LISTS.includes(name))) throw new TypeError(name);
    asked[name] = LISTS.includes(name) ? numbers : numbers[0];
  }
  return asked;
}

export function ForecastPanel({ token, schedules }) {
  const [fields, type, setFields] = useFields({});
  const [past, setPast] = useState('');
  const [told, setTold] = useState(null);
  const [wrong, setWrong] = useState(null);
  const [refusal, setRefusal] = useState(null);

  const ask = async (schedule) => {
    setWrong(null);
    setRefusal(null);
    try {
      const answer = await send('POST', '/admin/forecasts', { token, body: { ...body(schedule ? {} : fields), ...(schedule && { schedule }) } });
      setTold(answer);
      if (answer.observed) {
        setFields(Object.fromEntries(Object.entries(answer.observed).map(([name, value]) => [name, [value].flat().join(', ')])));
      }
      say(t('forecast.made'));
    } catch (failure) {
      if (failure instanceof TypeError) setWrong(failure.message);
      else setRefusal(failure);
    }
  };
  const field = (name) => html`
    <label key=${name}>${t(`forecast.${name}`)}<input name=${name} inputmode=${LISTS.includes(name) ? 'text' : 'numeric'} autocomplete="off"
      placeholder=${told ? [told.settings[name] ?? ''].flat().join(', ') : undefined} aria-invalid=${wrong === name ? 'true' : undefined}
      value=${fields[name] ?? ''} onInput=${(e) => type(name, e.target.value)} /></label>`;
  return html`
    <section class="panel forecast" aria-labelledby="forecast-title">
      <h2 id="forecast-title">${t('forecast.title')}</h2>
      <p class="small">${t('forecast.text')}</p>
      <div class="inline">
        <label>${t('forecast.past')}<select value=${past} onChange=${(e) => setPast(e.target.value)}>
          <option value="">${t('forecast.published')}</option>
          ${schedules.map((s) => html`<option key=${s.scheduleId} value=${s.scheduleId}>${s.title}, ${dateTime(s.startsAt, s.timeZone)}</option>`)}</select></label>
        <${Busy} class="quiet fill" onClick=${() => (past ? ask(past) : setFields({}))}>${t('forecast.fill')}</${Busy}>
      </div>
      <div class="fields">${[...MAIN, 'otherCapacities'].map(field)}</div>
      <details><summary>${t('forecast.more')}</summary><div class="fields">${['seatsPerBuyer', ...MORE].map(field)}</div></details>
      ${wrong && html`<${Notice} kind="bad" role="alert"><p>${t('forecast.wrong', { field: t(`forecast.${wrong}`) })}</p></${Notice}>`}
      ${refusal && (refusal.status === 400 ? html`<${Notice} kind="bad" role="alert"><p>${refusal.message}</p></${Notice}>` : html`<${Failure} failure=${refusal} />`)}
      <div class="buttons"><${Busy} class="main make" onClick=${() => ask(null)}>${t('forecast.make')}</${Busy}></div>
      ${told && html`<${Result} told=${told} />`}
    </section>`;
}

function Result({ told }) {
  const all = [told.forecast, ...told.others];
  const points = (names) => told.series.map((point) => ({ x: point.second, values: names.map((name) => point[name]) }));
  const end = (one) => (one.end === 'SOLD_OUT' ? after(one.soldOutSeconds) : t(`forecast.${one.end}`, { n: number(one.sold) }));
  return html`
    <div class="table" tabindex="0" role="group" aria-label=${t('forecast.result')}>
      <table class="result">
        <thead><tr>${['capacity', 'soldOut', 'waitP50', 'waitP95', 'waitP99', 'pace', 'conversion', 'buyers', 'without'].map((name) => html`<th key=${name} scope="col" class="n">${t(`forecast.${name}`)}</th>`)}</tr></thead>
        <tbody>${all.map((one, i) => html`
          <tr key=${i}><th scope="row" class="n">${number(one.capacity)}</th><td class="n">${end(one)}</td>
            ${['p50', 'p95', 'p99'].map((name) => html`<td key=${name} class="n">${after(one.waitSeconds[name])}</td>`)}
            <td class="n">${number(Math.round(one.admittedPerSecond * 10) / 10)}</td>
            <td class="n">${t('percent', { n: number(Math.round(one.conversion * 1000) / 10) })}</td><td class="n">${number(one.bought)}</td>
            <td class="n">${number(one.unpaid + one.idle + one.gaveUp + one.waitedInVain + one.cameTooLate)}</td></tr>`)}</tbody>
      </table>
    </div>
    <div class="charts">
      <${Plot} title=${t('forecast.plotPeople', { capacity: number(told.forecast.capacity) })} lines=${[t('op.lineWaiting'), t('op.lineActive')]} points=${points(['waiting', 'inside'])} label=${after} />
      <${Plot} title=${t('forecast.plotSold', { capacity: number(told.forecast.capacity) })} lines=${[t('op.lineSold')]} points=${points(['sold'])} label=${after} />
    </div>`;
}
