// Small pieces that all views are made of.

import { html, useEffect, useRef, useState } from './preact-htm.js';
import { Refusal } from './api.js';
import { now, until } from './clock.js';
import { follow, href } from './route.js';
import { countdown, has, t, won } from './text.js';

/** Calls for a render once a second, on the second, and when the page is looked at again. */
export function useSecond(active = true) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!active) return undefined;
    let timer;
    const next = () => {
      tick((n) => n + 1);
      timer = setTimeout(next, 1000 - (now() % 1000) + 5);
    };
    timer = setTimeout(next, 1000 - (now() % 1000) + 5);
    return () => clearTimeout(timer);
  }, [active]);
}

/**
 * The fields of a form by name: what is in them, what takes down that something was typed into one, and what
 * replaces all. What is typed is added to what is there by then, not to what was drawn last: a fast typist or a
 * password manager fills in two fields before the form is drawn again.
 */
export function useFields(initial) {
  const [fields, setFields] = useState(initial);
  const type = (name, text) => setFields((known) => ({ ...known, [name]: text }));
  return [fields, type, setFields];
}

/**
 * The answer to a question, again when `inputs` change.
 *
 * @returns `{value, failure, again}`; `again()` asks once more and keeps the value meanwhile
 */
export function useAnswer(question, inputs) {
  const [state, set] = useState({ value: null, failure: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    question().then(
      (value) => wanted && set({ value, failure: null }),
      (failure) => wanted && set((before) => ({ value: before.value, failure })),
    );
    return () => (wanted = false);
  }, [...inputs, round]);
  return { ...state, again: () => setRound((n) => n + 1) };
}

/** Runs `work` every so often while the page is seen. */
export function useEvery(millis, work) {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    let timer;
    // Jitter keeps a crowd that opened the page in one moment from asking in one moment.
    const next = () => (timer = setTimeout(run, millis * (0.8 + Math.random() * 0.4)));
    const run = () => {
      if (!document.hidden) latest.current();
      next();
    };
    next();
    return () => clearTimeout(timer);
  }, [millis]);
}

export const Link = ({ to, children, ...rest }) =>
  html`<a href=${href(to)} onClick=${follow} ...${rest}>${children}</a>`;

/** What went wrong, in words for the person, and what can be done about it. */
export function reason(failure) {
  if (!(failure instanceof Refusal)) return t('error.INTERNAL');
  const name = `error.${failure.code}`;
  if (!has(name)) return t(failure.status >= 500 ? 'error.UNAVAILABLE' : 'error.OTHER', { code: failure.code });
  const { required = 0, available = 0 } = failure.problem;
  return t(name, { required: won(required), available: won(available), missing: won(required - available) });
}

export const Notice = ({ kind = 'info', title, children, role }) => html`
  <div class="notice ${kind}" role=${role}>
    ${title && html`<strong>${title}</strong>`}
    <div>${children}</div>
  </div>`;

export const Failure = ({ failure, again }) => html`
  <${Notice} kind="bad" role="alert">
    <p>${reason(failure)}</p>
    ${again && html`<button type="button" class="quiet" onClick=${again}>${t('again')}</button>`}
  </${Notice}>`;

export const Loading = () => html`<p class="loading" aria-busy="true">${t('loading')}</p>`;

/** Time until `at`, ticking. `spoken` is the sentence around it for those who don't see it. */
export function Countdown({ at, label }) {
  useSecond();
  return html`<span class="countdown"><span class="unseen">${label} </span><time datetime=${at}>${countdown(until(at))}</time></span>`;
}

/**
 * A heading that takes the focus when its view comes up, so that keyboard and screen reader start
 * where the reader's eyes do.
 */
export function Title({ children, ...rest }) {
  const element = useRef(null);
  useEffect(() => {
    element.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return html`<h1 tabindex="-1" ref=${element} ...${rest}>${children}</h1>`;
}

/** A question over the page. Escape and the first button say no. */
export function Question({ title, children, yes, no = t('cancel'), onYes, onNo, danger = false }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
    return () => dialog.current?.close();
  }, []);
  return html`
    <dialog ref=${dialog} aria-labelledby="question" onCancel=${(e) => { e.preventDefault(); onNo(); }}>
      <h2 id="question">${title}</h2>
      <div>${children}</div>
      <div class="buttons">
        <button type="button" class="quiet" onClick=${onNo}>${no}</button>
        <button type="button" class=${danger ? 'danger' : 'main'} onClick=${onYes}>${yes}</button>
      </div>
    </dialog>`;
}

/** A button that does one thing at a time, however often it is clicked. */
export function Busy({ onClick, children, ...rest }) {
  const [busy, set] = useState(false);
  const running = useRef(false); // The state is a render late; two clicks are not.
  const mounted = useRef(true);
  useEffect(() => () => (mounted.current = false), []);
  const click = async () => {
    if (running.current) return;
    running.current = true;
    set(true);
    try {
      await onClick();
    } finally {
      running.current = false;
      if (mounted.current) set(false);
    }
  };
  return html`<button type="button" aria-disabled=${busy ? 'true' : undefined} class=${rest.class ?? 'main'} ...${rest} onClick=${click}>
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : null}${children}</button>`;
}

/** Cares for the state of a date's sale in words. */
export function saleState(schedule) {
  if (schedule.state === 'ON_SALE' && schedule.free === 0) return 'SOLD_OUT';
  return schedule.state;
}

/** Everything that can happen while the page wasn't looked at: calls `work` when it is again. */
export function useReturn(work) {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    const back = () => {
      if (!document.hidden) latest.current();
    };
    document.addEventListener('visibilitychange', back);
    addEventListener('online', back);
    addEventListener('pageshow', back);
    return () => {
      document.removeEventListener('visibilitychange', back);
      removeEventListener('online', back);
      removeEventListener('pageshow', back);
    };
  }, []);
}

/** How long one's turn lasts. */
export function SessionClock({ place }) {
  useSecond();
  if (!place?.sessionExpiresAt) return null;
  const soon = until(place.sessionExpiresAt) < 60_000;
  return html`<p class="session ${soon ? 'soon' : ''}">${t('turn.left')} <${Countdown} at=${place.sessionExpiresAt} label="" /></p>`;
}
