// The HTTP API, as far as the page uses it. Nothing else in the page calls `fetch`, but for the two
// streams (stream.js). See /docs for the contract.

import { sample } from './clock.js';
import { keyFor, settle, user } from './store.js';

const API = '/api/v1';
const TIMEOUT_MS = 15_000;
const COMMAND_TRIES = 4;
const READ_TRIES = 3;

/** A refusal or a fault, as the problem document says it. `code` is what to decide by. */
export class Refusal extends Error {
  constructor(status, problem, retryAfterSeconds) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? 'UNAVAILABLE';
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Nothing happened, or nobody can say what: worth another try with the same key. */
  get passing() {
    return this.status === 0 || this.status === 503 || this.status === 504
      || this.code === 'KEY_IN_FLIGHT' || this.code === 'RATE_LIMITED';
  }
}

async function once(method, path, { token, body, key, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = `"${key}"`;
  const began = performance.now();
  let response;
  try {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(API + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: signal && AbortSignal.any ? AbortSignal.any([signal, timeout]) : timeout,
      cache: method === 'GET' ? 'default' : 'no-store',
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    // No line, or no answer in time. For a command that means: the outcome is unknown.
    throw new Refusal(0, { code: 'NO_LINE', detail: String(failure) });
  }
  const text = await response.text().catch(() => '');
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    // Something between us and the service answered in its place, a proxy's error page.
  }
  if (answer?.serverTime) sample(answer.serverTime, performance.now() - began);
  if (response.ok) return answer;
  throw new Refusal(response.status, answer ?? {}, Number(response.headers.get('Retry-After')) || undefined);
}

export const pause = (millis) => new Promise((done) => setTimeout(done, millis));

/** Waits as the server says, or longer each time; with jitter, or a crowd comes back at once. */
function pauseBefore(attempt, refusal) {
  const base = (refusal.retryAfterSeconds ?? 2 ** attempt * 0.4) * 1000;
  return pause(Math.min(base, 8000) * (0.8 + Math.random() * 0.6));
}

async function repeated(tries, work) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || !refusal.passing || attempt === tries) throw refusal;
      await pauseBefore(attempt, refusal);
    }
  }
}

/** Asking again harms nobody. */
export const get = (path, options = {}) => repeated(READ_TRIES, () => once('GET', path, options));

/**
 * A command that moves money or seats. It is repeated with one key until its outcome is certain, so a
 * lost answer is never a second payment. If it stays unknown the key is kept: asked again by the user,
 * even after a reload, the same command goes out.
 *
 * @param purpose names the wish; see `keyFor`
 */
export async function command(method, path, purpose, options = {}) {
  const key = keyFor(purpose);
  try {
    const answer = await repeated(COMMAND_TRIES, () => once(method, path, { ...options, key }));
    settle(purpose);
    return answer;
  } catch (refusal) {
    // A refusal had no effect, so the key is free for the next try; only a fault leaves it open.
    if (refusal instanceof Refusal && !refusal.passing && refusal.status < 500) settle(purpose);
    throw refusal;
  }
}

/** A command that may be repeated as it is: entering the queue finds the place one has. */
export const send = (method, path, options = {}) =>
  repeated(COMMAND_TRIES, () => once(method, path, options));

/** For polls: the poller itself knows when to come again. */
export const ask = once;

/** Makes a guest of anyone who comes without an account. */
export async function someone() {
  const known = user.get();
  if (known) return known;
  // Two clicks must not make two guests: the browser's lock is shared by all tabs.
  const make = async () => {
    const meanwhile = user.get();
    if (meanwhile) return meanwhile;
    const made = await send('POST', '/users', { body: {} });
    user.set({ uuid: made.uuid });
    return user.get();
  };
  return navigator.locks ? navigator.locks.request('concert.user', make) : make();
}

/** An access token, or null if there is none without a password being typed. */
export async function accessToken() {
  const who = user.get();
  if (!who) return null;
  if (who.jwt && Date.parse(who.expiresAt) - Date.now() > 60_000) return who.jwt;
  if (who.email) return null;
  const login = await send('POST', '/users/login', { body: { uuid: who.uuid } });
  user.set({ ...user.get(), jwt: login.jwt, expiresAt: login.expiresAt });
  return login.jwt;
}
