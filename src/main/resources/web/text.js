// The words of the page in the reader's language, and numbers, money and times as they are written there.

import { en } from './en.js';
import { ko } from './ko.js';
import { where } from './route.js';
import { lasting } from './store.js';

const WORDS = { ko, en };

/** From the address, else as chosen before, else the first of the browser's that we have. */
export function language() {
  const wished = [where().lang, lasting.read('lang'), ...(navigator.languages ?? [])];
  const found = wished.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag in WORDS);
  return found ?? 'en';
}

export function chooseLanguage(lang) {
  lasting.write('lang', lang);
}

/** The text of a name, with `{holes}` filled. A text may be a function of the values. */
export function t(name, values = {}) {
  const text = WORDS[language()][name] ?? en[name];
  if (text === undefined) throw new Error(`no text ${name}`);
  if (typeof text === 'function') return text(values);
  return text.replace(/\{(\w+)\}/g, (hole, key) => values[key] ?? hole);
}

/** Whether there is a text of this name: codes that the page doesn't know have none. */
export const has = (name) => name in en;

const formats = new Map();

function format(kind, options) {
  const name = `${kind} ${language()} ${JSON.stringify(options)}`;
  if (!formats.has(name)) formats.set(name, new Intl[kind](language(), options));
  return formats.get(name);
}

export const number = (value) => format('NumberFormat', {}).format(value);

export const won = (value) => t('won', { amount: number(value) });

/** A show's start in the time of its hall, whatever the device is set to. */
export const dateTime = (time, timeZone) =>
  format('DateTimeFormat', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(Date.parse(time));

export const shortDateTime = (time, timeZone) =>
  format('DateTimeFormat', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(Date.parse(time));

/** When on a day; with the day where there are several. */
export const timeOfDay = (millis, timeZone, severalDays) =>
  format('DateTimeFormat', { ...(severalDays && { month: 'short', day: 'numeric' }), hour: 'numeric', minute: '2-digit', timeZone }).format(millis);

export const dayParts = (time, timeZone) => {
  const at = Date.parse(time);
  const part = (options) => format('DateTimeFormat', { ...options, timeZone }).format(at);
  return {
    month: part({ month: 'short' }),
    day: part({ day: 'numeric' }).replace(/\D/g, ''),
    weekday: part({ weekday: 'short' }),
    time: part({ hour: 'numeric', minute: '2-digit' }),
  };
};

export const clockTime = (millis) =>
  format('DateTimeFormat', { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(millis);

/** 4:59, or 1:02:03; never negative. */
export function countdown(millis) {
  const all = Math.max(0, Math.ceil(millis / 1000));
  const seconds = String(all % 60).padStart(2, '0');
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** In words, for a rough wait: whole minutes from one on. */
export function roughly(seconds) {
  if (seconds < 60) return t('seconds', { n: number(Math.max(1, Math.round(seconds))) });
  if (seconds < 5400) return t('minutes', { n: number(Math.round(seconds / 60)) });
  return t('hours', { n: number(Math.round(seconds / 360) / 10) });
}

/** A range of waits with its unit said once where it is the same. */
export function range(low, high) {
  const a = roughly(low);
  const b = roughly(high);
  return a === b ? a : t('range', { low: a, high: b });
}

/** A seat in words: "stand west-2, row 4, seat 17". A plan may leave its rows unnamed. */
export function seatName(plan, seat) {
  const row = plan.row(seat).name;
  const values = { section: plan.section(seat).name, row, seat: plan.numbers[seat] };
  return row ? t('seat', values) : t('seat.noRow', values);
}
