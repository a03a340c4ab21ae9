// How the sale of a date went: figures, lines over its time, to print or to take along.

import { html, useState } from './preact-htm.js';
import { get, Refusal } from './api.js';
import { Busy, Failure, Loading, Notice, Title, useAnswer } from './parts.js';
import { Plot } from './plot.js';
import { dateTime, has, number, shortDateTime, t, timeOfDay, won } from './text.js';

const DAY_MS = 24 * 3600_000;

const percent = (share) => (share == null ? '–' : t('percent', { n: number(Math.round(share * 1000) / 10) }));
const seconds = (value) => (value == null ? '–' : t('seconds', { n: number(Math.round(value * 10) / 10) }));

function save(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Tables aren't asked for by api.js: they aren't JSON. */
async function table(token, path) {
  const response = await fetch(`/api/v1/admin${path}`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(30_000),
  }).catch((failure) => {
    throw new Refusal(0, { code: 'NO_LINE', detail: String(failure) });
  });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => ({})));
  return response.text();
}

const Figures = ({ of }) => html`
  <dl class="totals">${of.map(([name, value]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}</dl>`;

/** @param schedule of the overview */
export function Report({ token, schedule, onBack }) {
  const path = `/admin/schedules/${encodeURIComponent(schedule.scheduleId)}/report`;
  const { value: report, failure, again } = useAnswer(() => get(path, { token }), [path]);
  const [refusal, setRefusal] = useState(null);
  const file = `${schedule.scheduleId}-report`;
  const csv = async () => {
    setRefusal(null);
    try {
      save(`${file}.csv`, 'text/csv', await table(token, path.slice('/admin'.length) + '.csv'));
    } catch (problem) {
      setRefusal(problem);
    }
  };
  return html`
    <div class="operator report">
      <div class="buttons no-print">
        <button type="button" class="quiet back" onClick=${onBack}>${t('report.back')}</button>
        ${report && html`
          <${Busy} class="quiet" onClick=${again}>${t('report.refresh')}</${Busy}>
          <${Busy} class="quiet csv" onClick=${csv}>CSV</${Busy}>
          <button type="button" class="quiet json" onClick=${() => save(`${file}.json`, 'application/json', JSON.stringify(report, null, 1))}>JSON</button>
          <button type="button" class="main" onClick=${() => print()}>${t('print')}</button>`}
      </div>
      ${(failure || refusal) && html`<div class="no-print"><${Failure} failure=${failure ?? refusal} again=${failure ? again : undefined} /></div>`}
      ${report ? html`<${Sheet} schedule=${schedule} report=${report} />` : !failure && html`<${Loading} />`}
    </div>`;
}

function Sheet({ schedule, report }) {
  const { people, holds, payments, estimates, series } = report;
  const shared = report.sharesRoomWith.length;
  const points = (names) => series.map((point) => ({ x: Date.parse(point.at), values: names.map((name) => point[name]) }));
  const severalDays = Date.parse(report.to) - Date.parse(report.from) > DAY_MS;
  const label = (at) => timeOfDay(at, schedule.timeZone, severalDays);
  const estimated = estimates.inside + estimates.sooner + estimates.later;
  return html`
    <article class="panel sheet" aria-labelledby="report-title">
      <header>
        <${Title} id="report-title">${t('report.title', { title: schedule.title })}</${Title}>
        <p>${dateTime(schedule.startsAt, schedule.timeZone)}</p>
        <p class="small">${t('report.span', { from: shortDateTime(report.from, schedule.timeZone), to: shortDateTime(report.to, schedule.timeZone), zone: schedule.timeZone, step: number(report.stepSeconds) })}</p>
      </header>
      ${shared > 0 && html`<${Notice} kind="info"><p>${t('report.shared', { room: report.room, n: number(shared), count: shared })}</p></${Notice}>`}
      <section aria-labelledby="report-people"><h2 id="report-people">${t('op.queue')}</h2>
        <${Figures} of=${[
          ['report.joined', number(people.joined)],
          ['report.admitted', number(people.admitted)],
          ['report.bought', number(people.bought)],
          ['report.conversion', percent(people.conversion)],
          ['report.abandoned', number(people.abandoned)],
          ['report.leftWithout', number(people.leftWithout)],
          ['report.idle', number(people.idle)],
          ['report.boughtOther', number(people.boughtOther)],
          ['report.stillInside', number(people.stillInside)],
        ]} />
        <${Times} report=${report} />
        <p>${estimated > 0 ? t('report.honest', { n: number(estimated), share: percent(estimates.honest), sooner: number(estimates.sooner), later: number(estimates.later) }) : t('report.noEstimates')}</p>
      </section>
      <section aria-labelledby="report-seats"><h2 id="report-seats">${t('report.seats')}</h2>
        <${Figures} of=${[
          ['report.bills', number(payments.bills)],
          ['report.buyers', number(payments.buyers)],
          ['report.won', won(payments.won)],
          ['report.refunded', `${won(payments.refundedWon)} (${number(payments.refundedBills)})`],
          ['report.held', number(holds.seatsHeld)],
          ['report.expired', number(holds.seatsExpired)],
          ['report.givenBack', number(holds.seatsGivenBack)],
        ]} />
        <div class="charts">
          <${Outcomes} id="report-holds" title=${t('report.holdRequests')} of=${holds.requests} />
          <${Outcomes} id="report-payments" title=${t('report.paymentRequests')} of=${payments.requests} />
        </div>
      </section>
      <section aria-labelledby="report-time"><h2 id="report-time">${t('report.overTime')}</h2>
        <div class="charts">
          <${Plot} title=${t('op.seats')} lines=${[t('op.lineSold'), t('op.lineHeld'), t('report.lineFree')]} points=${points(['sold', 'held', 'free'])} label=${label} />
          <${Plot} title=${t('op.queue')} lines=${[t('op.lineWaiting'), t('op.lineActive'), t('report.lineCapacity')]} points=${points(['waiting', 'active', 'capacity'])} label=${label} />
          <${Plot} title=${t('report.pace', { n: number(report.stepSeconds) })} lines=${[t('report.lineJoined'), t('report.lineAdmitted'), t('report.linePaid')]} points=${points(['joined', 'admitted', 'paid'])} label=${label} />
        </div>
      </section>
    </article>`;
}

const Times = ({ report }) => html`
  <div class="table" tabindex="0" role="group" aria-label=${t('report.times')}>
    <table class="narrow">
      <thead><tr><th scope="col">${t('report.times')}</th>${['p50', 'p95', 'p99'].map((name) => html`<th key=${name} scope="col" class="n">${t(`report.${name}`)}</th>`)}<th scope="col" class="n">${t('report.mean')}</th><th scope="col" class="n">${t('report.count')}</th></tr></thead>
      <tbody>${['waitSeconds', 'insideSeconds'].map((what) => html`
        <tr key=${what}><th scope="row">${t(`report.${what}`)}</th>${['p50', 'p95', 'p99', 'mean'].map((name) => html`<td key=${name} class="n">${seconds(report[what][name])}</td>`)}<td class="n">${number(report[what].count)}</td></tr>`)}</tbody>
    </table>
  </div>`;

/** Those of which there were any, the most frequent first. */
function Outcomes({ id, title, of }) {
  const rows = Object.entries(of).sort((a, b) => b[1] - a[1]);
  return html`
    <section aria-labelledby=${id}><h3 id=${id}>${title}</h3>
      ${rows.length === 0 ? html`<p class="small">${t('report.none')}</p>` : html`
        <table class="narrow"><tbody>${rows.map(([outcome, count]) => html`
          <tr key=${outcome}><th scope="row">${has(`outcome.${outcome}`) ? t(`outcome.${outcome}`) : outcome}</th><td class="n">${number(count)}</td></tr>`)}</tbody></table>`}
    </section>`;
}
