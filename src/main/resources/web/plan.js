// A seat plan in memory: places, prices and states of up to 50,000 seats in flat arrays, with what map
// and list ask of it. The order of the seats is the API's, for states and changes.

export const FREE = 0;
export const HELD = 1;
export const SOLD = 2;
export const NOT_FOR_SALE = 3;

const SAMPLES = 40;

export class Plan {
  /** @param layout as GET /schedules/{id}/layout answers */
  constructor(layout) {
    const count = layout.sections.reduce(
      (all, section) => all + section.rows.reduce((sum, row) => sum + row.seats.length, 0), 0);
    this.count = count;
    this.stage = layout.stage;
    this.schematic = layout.schematic;
    this.ids = new Array(count);
    this.numbers = new Array(count);
    this.x = new Float32Array(count);
    this.y = new Float32Array(count);
    this.grade = new Uint8Array(count);
    this.sectionOf = new Uint16Array(count);
    this.rowOf = new Uint16Array(count);
    this.states = new Uint8Array(count).fill(NOT_FOR_SALE);
    this.version = null;
    this.indexOf = new Map();
    // The dearest first: so a grade's colour and shape mean the same on every plan.
    this.grades = layout.grades.map((grade, index) => ({ ...grade, index })).sort((a, b) => b.price - a.price);
    const rank = new Map(this.grades.map((grade, place) => [grade.id, place]));
    let next = 0;
    this.sections = layout.sections.map((section, s) => {
      const first = next;
      const rows = section.rows.map((row, r) => {
        const begin = next;
        for (const seat of row.seats) {
          this.ids[next] = seat.id;
          this.numbers[next] = seat.no;
          this.x[next] = seat.x;
          this.y[next] = seat.y;
          this.grade[next] = rank.get(seat.grade);
          this.sectionOf[next] = s;
          this.rowOf[next] = r;
          this.indexOf.set(seat.id, next);
          next++;
        }
        return { name: row.row, first: begin, end: next };
      });
      return { index: s, name: section.name, first, end: next, rows, free: 0 };
    });
    this.freeByGrade = new Array(this.grades.length).fill(0);
    this.box = this.#boxOf(0, count);
    for (const section of this.sections) {
      section.box = this.#boxOf(section.first, section.end);
      section.pitch = this.#pitchOf(section);
      section.outline = this.#outlineOf(section);
      section.grade = this.grade[section.first];
    }
    const pitches = this.sections.map((section) => section.pitch).sort((a, b) => a - b);
    this.pitch = pitches[pitches.length >> 1] || 1;
    this.#buildGrid();
  }

  price(seat) {
    return this.grades[this.grade[seat]].price;
  }

  section(seat) {
    return this.sections[this.sectionOf[seat]];
  }

  row(seat) {
    return this.section(seat).rows[this.rowOf[seat]];
  }

  /** All states at once, packed as the API does: seat i in bits 2·(i mod 4) of byte i/4. */
  load(base64, version) {
    const bytes = atob(base64);
    for (let seat = 0; seat < this.count; seat++) {
      this.states[seat] = (bytes.charCodeAt(seat >> 2) >> (2 * (seat & 3))) & 3;
    }
    this.version = version;
    this.#recount();
  }

  /** States as a plain list, for those who poll. */
  loadList(states, version) {
    this.states.set(states.slice(0, this.count));
    this.version = version;
    this.#recount();
  }

  /** @returns the seats that changed */
  change(changes, version) {
    const changed = [];
    for (const [seat, state] of changes) {
      if (seat >= this.count || this.states[seat] === state) continue;
      const by = (state === FREE) - (this.states[seat] === FREE);
      this.section(seat).free += by;
      this.freeByGrade[this.grade[seat]] += by;
      this.states[seat] = state;
      changed.push(seat);
    }
    this.version = version;
    return changed;
  }

  get free() {
    return this.freeByGrade.reduce((sum, n) => sum + n, 0);
  }

  #recount() {
    this.freeByGrade.fill(0);
    for (const section of this.sections) {
      section.free = 0;
      for (let seat = section.first; seat < section.end; seat++) {
        if (this.states[seat] === FREE) {
          section.free++;
          this.freeByGrade[this.grade[seat]]++;
        }
      }
    }
  }

  /** The free seat of the same price that is nearest to one that was lost; -1 if there is none. */
  nearestLike(lost, except = []) {
    const taken = new Set(except);
    let best = -1;
    let least = Infinity;
    for (let seat = 0; seat < this.count; seat++) {
      if (this.states[seat] !== FREE || this.grade[seat] !== this.grade[lost] || taken.has(seat)) continue;
      const distance = (this.x[seat] - this.x[lost]) ** 2 + (this.y[seat] - this.y[lost]) ** 2;
      if (distance < least) {
        least = distance;
        best = seat;
      }
    }
    return best;
  }

  /** The seat at a point of the plan, if there is one within `radius`; else -1. */
  seatAt(px, py, radius) {
    let best = -1;
    let least = radius * radius;
    this.within(px - radius, py - radius, px + radius, py + radius, (seat) => {
      const distance = (this.x[seat] - px) ** 2 + (this.y[seat] - py) ** 2;
      if (distance < least) {
        least = distance;
        best = seat;
      }
    });
    return best;
  }

  /** Calls `visit` for every seat of the cells that a rectangle touches. */
  within(left, top, right, bottom, visit) {
    const { cell, columns, rows, starts, seats } = this.grid;
    const c0 = Math.max(0, Math.floor((left - this.box.left) / cell));
    const c1 = Math.min(columns - 1, Math.floor((right - this.box.left) / cell));
    const r0 = Math.max(0, Math.floor((top - this.box.top) / cell));
    const r1 = Math.min(rows - 1, Math.floor((bottom - this.box.top) / cell));
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const at = r * columns + c;
        for (let i = starts[at]; i < starts[at + 1]; i++) visit(seats[i]);
      }
    }
  }

  /** The section around a point: the one whose outline holds it. */
  sectionAt(px, py) {
    return this.sections.find(
      ({ box, outline, pitch }) =>
        px > box.left - pitch && px < box.right + pitch && py > box.top - pitch && py < box.bottom + pitch
        && inside(outline, px, py));
  }

  /** Seats sorted into square cells, so that only those in view are looked at. */
  #buildGrid() {
    const cell = Math.max(this.pitch * 6, Math.max(this.box.width, this.box.height) / 300);
    const columns = Math.floor(this.box.width / cell) + 1;
    const rows = Math.floor(this.box.height / cell) + 1;
    const cellOf = (seat) =>
      Math.floor((this.y[seat] - this.box.top) / cell) * columns + Math.floor((this.x[seat] - this.box.left) / cell);
    const starts = new Uint32Array(columns * rows + 1);
    for (let seat = 0; seat < this.count; seat++) starts[cellOf(seat) + 1]++;
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
    const fill = starts.slice();
    const seats = new Uint32Array(this.count);
    for (let seat = 0; seat < this.count; seat++) seats[fill[cellOf(seat)]++] = seat;
    this.grid = { cell, columns, rows, starts, seats };
  }

  #boxOf(first, end) {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    for (let seat = first; seat < end; seat++) {
      left = Math.min(left, this.x[seat]);
      right = Math.max(right, this.x[seat]);
      top = Math.min(top, this.y[seat]);
      bottom = Math.max(bottom, this.y[seat]);
    }
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  /** How far a seat is from its nearest neighbour: the median of some seats of the section. */
  #pitchOf({ first, end }) {
    const step = Math.max(1, Math.floor((end - first) / SAMPLES));
    const distances = [];
    for (let seat = first; seat < end; seat += step) {
      let least = Infinity;
      for (let other = first; other < end; other++) {
        if (other === seat) continue;
        const d = (this.x[seat] - this.x[other]) ** 2 + (this.y[seat] - this.y[other]) ** 2;
        if (d < least && d > 0) least = d;
      }
      if (least < Infinity) distances.push(Math.sqrt(least));
    }
    distances.sort((a, b) => a - b);
    return distances[distances.length >> 1] ?? 1;
  }

  /**
   * A polygon around a section. Along the ends of its rows, which follows a curved stand; around all
   * of its seats where that makes no sense.
   */
  #outlineOf(section) {
    const all = [];
    for (let seat = section.first; seat < section.end; seat++) all.push([this.x[seat], this.y[seat]]);
    const hull = convexHull(all);
    if (section.rows.length < 3) return hull;
    const point = (seat) => [this.x[seat], this.y[seat]];
    const between = ({ first, end }) => Array.from({ length: end - first }, (_, i) => point(first + i));
    const [front] = section.rows;
    const back = section.rows[section.rows.length - 1];
    const along = [
      ...between(front).reverse(),
      ...section.rows.slice(1, -1).map((row) => point(row.first)),
      ...between(back),
      ...section.rows.slice(1, -1).reverse().map((row) => point(row.end - 1)),
    ];
    const share = Math.abs(area(along)) / (Math.abs(area(hull)) || 1);
    return share > 0.6 && share <= 1.01 ? along : hull;
  }
}

function area(points) {
  let sum = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    sum += points[j][0] * points[i][1] - points[i][0] * points[j][1];
  }
  return sum / 2;
}

function inside(points, px, py) {
  let odd = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i];
    const [xj, yj] = points[j];
    if (yi > py !== yj > py && px < ((xj - xi) * (py - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

/** Andrew's monotone chain. */
function convexHull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => {
    const chain = [];
    for (const p of list) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], p) <= 0) chain.pop();
      chain.push(p);
    }
    chain.pop();
    return chain;
  };
  const hull = [...half(sorted), ...half(sorted.reverse())];
  return hull.length > 0 ? hull : points;
}
