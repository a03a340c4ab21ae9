// What must outlive a reload: who one is, the places in line, and the idempotency keys of commands
// whose outcome isn't known yet. Kept in localStorage, which all tabs share. The UUID of a guest is a
// secret; it stays in this browser and goes nowhere but to this service.

const PREFIX = 'concert.';
const memory = new Map(); // Where a browser forbids storage: works until the tab is closed.

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null');
  } catch {
    return memory.get(name) ?? null;
  }
}

function write(name, value) {
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Forbidden or full: `memory` has it.
  }
}

/** `{uuid, name?, email?, jwt?, expiresAt?}`: with an email somebody with a password, else a guest. */
export const user = {
  get: () => read('user'),
  set: (value) => write('user', value),
};

/** `{jwt, first, joinedAt}` of a waiting room; `first` is the number that one began with. */
export const place = {
  get: (room) => read(`place.${room}`),
  set: (room, value) => write(`place.${room}`, value),
};

/** Everything of the person who goes away. */
export function forgetUser() {
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX) && name !== `${PREFIX}lang`)
      .forEach((name) => localStorage.removeItem(name));
  } catch {
    // Nothing was stored then.
  }
  memory.clear();
}

/**
 * The key of a command, the same until `settle` is called. `purpose` names what is asked for, so
 * that a double click, a reload or another tab sends the same key for the same wish.
 */
export function keyFor(purpose) {
  const known = read(`key.${purpose}`);
  if (known) return known;
  const key = crypto.randomUUID ? crypto.randomUUID() : randomKey();
  write(`key.${purpose}`, key);
  return key;
}

/** The outcome of the command is known: the next wish of this kind is a new one. */
export function settle(purpose) {
  write(`key.${purpose}`, null);
}

/** `randomUUID` exists on secure origins only; a demo in the local network may not be one. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) =>
    b.toString(16).padStart(2, '0'),
  ).join('');
}

export const lasting = { read, write };
