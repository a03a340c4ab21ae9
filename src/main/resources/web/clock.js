// The server's time. Deadlines are the server's; a device's own clock may be minutes off, and a
// phone's may jump. So only the monotonic clock is used, set by the `serverTime` of the answers.

const MAX_AGE_MS = 60_000;

let offset = Date.now() - performance.now(); // Until the first answer: better than nothing.
let error = Infinity; // Half the round trip of the answer that the offset comes from.
let sampledAt = 0;

/** Takes the time out of an answer that took `tripMillis` from request to answer. */
export function sample(serverTime, tripMillis) {
  const at = Date.parse(serverTime);
  if (Number.isNaN(at)) return;
  const now = performance.now();
  // The quickest answer knows best, but not for good: a device that slept stopped its clock.
  if (tripMillis / 2 <= error || now - sampledAt > MAX_AGE_MS) {
    offset = at + tripMillis / 2 - now;
    error = tripMillis / 2;
    sampledAt = now;
  }
}

/** After the device slept: the next answer counts, whatever it is. */
export function distrust() {
  error = Infinity;
}

/** Now, in milliseconds since 1970, as the server sees it. */
export function now() {
  return performance.now() + offset;
}

/** Milliseconds until a time as the API writes it; negative when it is past. */
export function until(time) {
  return Date.parse(time) - now();
}
