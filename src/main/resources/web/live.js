// What screen readers are told. News that comes often is told once a minute at most.

const last = new Map();

export function say(text) {
  put('polite', text);
}

export function sayUrgently(text) {
  put('urgent', text);
}

/** Says it unless something of this kind was said less than `everyMs` ago. */
export function sayRarely(kind, text, everyMs = 60_000) {
  const now = performance.now();
  if (last.has(kind) && now - last.get(kind) < everyMs) return;
  last.set(kind, now);
  say(text);
}

function put(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  // The same text twice is no change, so it would not be read.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
