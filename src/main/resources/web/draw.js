// Checks a draw: computes one's position anew from the published seed. The algorithm is the one that
// the contract describes (GET /rooms/{id}/draws/{number}); nothing here trusts the service's answer.

/** The claims of a token of ours, unverified: they are only compared. */
export function placeOf(jwt) {
  const body = jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  const { epoch, seq } = JSON.parse(atob(body));
  return { epoch, sequence: seq };
}

/** The draw that a place took part in, if it was there before an opening. */
export function drawOf(draws, { epoch, sequence }) {
  return draws.find((draw) => {
    const nth = epoch - draw.firstEpoch;
    return nth >= 0 && nth < draw.sizes.length && sequence < draw.sizes[nth];
  });
}

/**
 * @param promised the commitment that was published before the opening, if this browser saw it
 * @returns `{kept, position, size}`: whether the seed is the one that was promised, and one's position
 *     from 1 among `size`
 */
export function verify(draw, { epoch, sequence }, promised) {
  const seed = bytesOf(draw.seed);
  const kept = hex(sha256(seed)) === (promised || draw.commitment);
  const size = draw.sizes.reduce((sum, n) => sum + n, 0);
  const before = draw.sizes.slice(0, epoch - draw.firstEpoch).reduce((sum, n) => sum + n, 0);
  const order = shuffled(size, seed);
  return { kept, position: order.indexOf(before + sequence) + 1, size };
}

/** Durstenfeld's shuffle; its random words are SHA-256(seed, block's number) in pieces of 32 bits. */
function shuffled(size, seed) {
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const input = new Uint8Array(seed.length + 8);
  input.set(seed);
  const view = new DataView(input.buffer);
  let block = 0;
  let words = [];
  const next = () => {
    if (words.length === 0) {
      view.setUint32(seed.length + 4, block++); // Fewer than 2^32 blocks.
      const digest = new DataView(sha256(input).buffer);
      words = [28, 24, 20, 16, 12, 8, 4, 0].map((at) => digest.getUint32(at));
    }
    return words.pop();
  };
  for (let i = size - 1; i > 0; i--) {
    const limit = 2 ** 32 - (2 ** 32 % (i + 1));
    let word = next();
    while (word >= limit) word = next();
    const j = word % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

const bytesOf = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The first 32 bits of the fractional parts of roots of the first primes (FIPS 180-4). */
const primes = (n) => {
  const found = [];
  for (let p = 2; found.length < n; p++) if (found.every((q) => p % q !== 0)) found.push(p);
  return found;
};
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));

/** FIPS 180-4. The browser's own is only there on secure origins, and answers later: too slow here. */
function sha256(message) {
  const blocks = (message.length + 9 + 63) >> 6;
  const padded = new Uint8Array(blocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  const state = START.slice();
  const w = new Int32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i] + value) | 0));
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((value, i) => out.setInt32(4 * i, value));
  return new Uint8Array(out.buffer);
}
