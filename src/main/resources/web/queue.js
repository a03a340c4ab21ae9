// A place in a waiting room: entering, following it over a bad line, leaving.

import { accessToken, ask, pause, Refusal, send, someone } from './api.js';
import { distrust } from './clock.js';
import { place as places, user } from './store.js';
import { readStream } from './stream.js';

const LONGEST_PAUSE_MS = 15_000;
const STREAM_TRIES = 2; // After so many streams that never opened: polling, which any proxy passes.

/** Enters a concert's waiting room, or finds the place that one has. */
export async function enter(concert) {
  const who = await someone();
  const options = who.email
    ? { token: await accessToken(), body: { concertId: concert.id } }
    : { body: { uuid: who.uuid, concertId: concert.id } };
  if (who.email && !options.token) {
    throw new Refusal(401, { code: 'TOKEN_EXPIRED', detail: 'Log in again.' });
  }
  let place;
  try {
    place = await send('POST', '/users/queueEntity', options);
  } catch (refusal) {
    // A guest of a database that was set up anew: nothing is left of them, so be another one.
    if (refusal.status !== 401 || who.email) throw refusal;
    user.set(null);
    const fresh = await someone();
    place = await send('POST', '/users/queueEntity', { body: { uuid: fresh.uuid, concertId: concert.id } });
  }
  keep(place);
  return place;
}

/** The token is one's place: it must survive whatever happens to the page. */
function keep(place) {
  const known = places.get(place.room);
  const same = known?.jwt === place.jwt;
  places.set(place.room, {
    jwt: place.jwt,
    joinedAt: same ? known.joinedAt : place.serverTime,
    // Before a draw the number is that of people gathered; one's own line begins after it.
    first: same && known.first ? known.first : (place.state === 'WAITING' || place.state === 'PAUSED') ? place.waitingUserNum : 0,
  });
}

/** Leaves the line or ends the session; unpaid seats go back. */
export async function leave(room) {
  const known = places.get(room);
  if (known) await send('DELETE', '/users/queueEntity', { token: known.jwt }).catch(ignoreGone);
  places.set(room, null);
}

function ignoreGone(refusal) {
  if (refusal.status !== 401) throw refusal;
}

/**
 * Follows a place until it ends or `stop()` is called: by a stream, or by polls where streams don't
 * get through. Never gives up by itself; a broken line is told and tried again.
 *
 * @param on `place(place)` at each news, `line(up)` when the line breaks or is back, `gone(code)` when
 *     the token opens nothing any more
 * @returns `{stop, nudge}`; `nudge()` looks at once, after a phone slept for example
 */
export function follow(room, token, on) {
  const whole = new AbortController();
  let current = new AbortController();
  let wake = () => {};
  let failures = 0;
  let lastId;

  const tell = (place) => {
    failures = 0;
    on.line(true);
    keep(place);
    on.place(place);
  };

  async function poll() {
    const place = await ask('POST', '/users/queueEntity', { token, signal: current.signal });
    tell(place);
    return place;
  }

  async function stream() {
    let opened = false;
    let last = null;
    const { end } = await readStream('/users/queueEntity/events', {
      token,
      lastId,
      signal: current.signal,
      onOpen: () => (opened = true),
      onEvent: ({ id, data }) => {
        lastId = id;
        last = data;
        tell(data);
      },
    });
    return { opened, end, last };
  }

  async function run() {
    let withoutStream = 0;
    while (!whole.signal.aborted) {
      current = new AbortController();
      let wait = 1000;
      try {
        if (withoutStream < STREAM_TRIES) {
          const { opened, end, last } = await stream();
          if (end === 'TOKEN_EXPIRED') return on.gone(end);
          if (end || last?.state === 'ENDED') {
            if (last?.state !== 'ENDED') await poll();
            return undefined;
          }
          withoutStream = opened ? 0 : withoutStream + 1;
          if (!whole.signal.aborted && !opened) on.line(false);
        } else {
          const place = await poll();
          if (place.state === 'ENDED') return undefined;
          wait = place.pollAfterMillis;
        }
      } catch (refusal) {
        if (whole.signal.aborted) return undefined;
        if (refusal.status === 401 || refusal.code === 'BANNED') return on.gone(refusal.code);
        if (refusal instanceof Refusal) {
          on.line(false);
          failures++;
          wait = Math.min(LONGEST_PAUSE_MS, (refusal.retryAfterSeconds ?? 2 ** failures * 0.5) * 1000);
        }
      }
      if (whole.signal.aborted) return undefined;
      // Jitter: when a node goes, all of its streams break in the same moment.
      await Promise.race([pause(wait * (0.7 + Math.random() * 0.6)), new Promise((done) => (wake = done))]);
    }
    return undefined;
  }

  run();
  return {
    stop: () => {
      whole.abort();
      current.abort();
      wake();
    },
    nudge: () => {
      distrust();
      current.abort();
      wake();
    },
  };
}
