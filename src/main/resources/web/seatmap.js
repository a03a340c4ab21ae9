// The seat map on a canvas. Two levels of detail: from afar one picture of all seats, repainted only
// where a seat changes, with the stands' names over it; near by each seat in view, with the shape of its
// price and, larger still, its number. So moving over 40,000 seats costs one drawImage a frame.

import { FREE, HELD, NOT_FOR_SALE } from './plan.js';

/** Seats are drawn one by one once they are this far apart on the screen, in CSS pixels. */
const NEAR_PX = 9;
const NUMBERS_PX = 22;
const MOST_PX = 52;
const PICTURE_PX = 2048;
const TAP_PX = 12; // A finger moves a little while it taps.
const GLIDE_MS = 260;

/** What each grade's seats look like: the shape says the price to who can't tell the colours. */
export const SHAPES = ['circle', 'square', 'diamond', 'triangle', 'hexagon', 'cross'];

export class SeatMap {
  /**
   * @param on `pick(seat)`, `hover(seat, x, y)` (-1: none), `moved()`
   * @param marks `{selected: Set, mine: Set}` of seats, read at each drawing; with `house` set, seats that
   *   aren't for sale stand out, as operators need them to
   */
  constructor(canvas, plan, marks, on) {
    this.canvas = canvas;
    this.plan = plan;
    this.marks = marks;
    this.on = on;
    this.context = canvas.getContext('2d', { alpha: false });
    this.view = { x: 0, y: 0, k: 1 };
    this.sprites = new Map();
    this.names = new Map();
    this.bySize = [...plan.sections].sort((a, b) => b.end - b.first - (a.end - a.first));
    this.pointers = new Map();
    this.drawn = 0; // Frames, for the test that measures them.
    this.readTheme();
    this.paintPicture();
    this.ends = [
      listen(canvas, 'pointerdown', (e) => this.#down(e)),
      listen(canvas, 'pointermove', (e) => this.#move(e)),
      listen(canvas, 'pointerup', (e) => this.#up(e)),
      listen(canvas, 'pointercancel', (e) => this.pointers.delete(e.pointerId)),
      listen(canvas, 'pointerleave', () => this.on.hover(-1)),
      listen(canvas, 'wheel', (e) => this.#wheel(e), { passive: false }),
      listen(canvas, 'keydown', (e) => this.#key(e)),
      listen(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.retheme()),
    ];
    this.resizing = new ResizeObserver(() => this.#resize());
    this.resizing.observe(canvas);
    this.#resize();
    this.fit(false);
  }

  destroy() {
    this.ends.forEach((end) => end());
    this.resizing.disconnect();
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.gliding);
  }

  // ---- what others call

  /** Seats whose states or marks changed. */
  repaint(seats) {
    for (const seat of seats) this.#paintSeat(seat);
    this.#ask();
  }

  repaintAll() {
    this.paintPicture();
    this.#ask();
  }

  retheme() {
    this.readTheme();
    this.sprites.clear();
    this.names.clear();
    this.repaintAll();
  }

  /** The whole plan with its stage. */
  fit(glide = true) {
    const { box, stage } = this.plan;
    const margin = Math.max(box.width, box.height) * 0.04;
    this.#show({
      left: Math.min(box.left, stage.x - box.width * 0.08) - margin,
      right: Math.max(box.right, stage.x + box.width * 0.08) + margin,
      top: Math.min(box.top, stage.y - box.height * 0.05) - margin,
      bottom: Math.max(box.bottom, stage.y + box.height * 0.05) + margin,
    }, glide);
  }

  showSection(section) {
    const pad = section.pitch * 2.5;
    const { left, right, top, bottom } = section.box;
    this.#show({ left: left - pad, right: right + pad, top: top - pad, bottom: bottom + pad }, true);
  }

  /** Brings a seat into the middle, near enough to be seen. */
  showSeat(seat) {
    const k = Math.max(this.view.k, (NUMBERS_PX + 2) / this.plan.section(seat).pitch);
    this.#glideTo({ k, x: this.plan.x[seat] - this.width / 2 / k, y: this.plan.y[seat] - this.height / 2 / k });
  }

  zoom(factor, cx = this.width / 2, cy = this.height / 2) {
    const k = this.#bounded(this.view.k * factor);
    const { x, y } = this.#toPlan(cx, cy);
    this.#set({ k, x: x - cx / k, y: y - cy / k });
  }

  zoomGliding(factor) {
    const k = this.#bounded(this.view.k * factor);
    const { x, y } = this.#toPlan(this.width / 2, this.height / 2);
    this.#glideTo({ k, x: x - this.width / 2 / k, y: y - this.height / 2 / k });
  }

  // ---- where one looks

  #bounded(k) {
    return Math.min(MOST_PX / this.plan.pitch, Math.max(this.whole * 0.8, k));
  }

  #show({ left, right, top, bottom }, glide) {
    const k = Math.min(this.width / (right - left), this.height / (bottom - top), MOST_PX / this.plan.pitch);
    if (!glide) this.whole = k;
    const to = { k, x: (left + right) / 2 - this.width / 2 / k, y: (top + bottom) / 2 - this.height / 2 / k };
    if (glide) this.#glideTo(to);
    else this.#set(to);
  }

  #glideTo(to) {
    cancelAnimationFrame(this.gliding);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.#set(to);
      return;
    }
    const from = { ...this.view };
    const began = performance.now();
    const step = (at) => {
      const p = Math.min(1, (at - began) / GLIDE_MS);
      const e = 1 - (1 - p) ** 3;
      // The zoom goes by factors, and the middle of the picture along a straight line.
      const k = from.k * (to.k / from.k) ** e;
      const mid = (a, b) => a + (b - a) * e;
      const mx = mid(from.x + this.width / 2 / from.k, to.x + this.width / 2 / to.k);
      const my = mid(from.y + this.height / 2 / from.k, to.y + this.height / 2 / to.k);
      this.#set({ k, x: mx - this.width / 2 / k, y: my - this.height / 2 / k });
      if (p < 1) this.gliding = requestAnimationFrame(step);
    };
    this.gliding = requestAnimationFrame(step);
  }

  #set(view) {
    // The plan's middle stays in sight: nobody gets lost in nothing.
    const { box } = this.plan;
    const clamp = (v, low, high) => Math.min(Math.max(v, Math.min(low, high)), Math.max(low, high));
    const w = this.width / view.k;
    const h = this.height / view.k;
    this.view = {
      k: view.k,
      x: clamp(view.x, box.left - w / 2 - box.width * 0.1, box.right - w / 2 + box.width * 0.1),
      y: clamp(view.y, box.top - h / 2 - box.height * 0.1, box.bottom - h / 2 + box.height * 0.1),
    };
    this.on.moved?.();
    this.#ask();
  }

  #toPlan(sx, sy) {
    return { x: this.view.x + sx / this.view.k, y: this.view.y + sy / this.view.k };
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    const before = this.width && { ...this.view, w: this.width, h: this.height, whole: this.whole };
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    if (!before) return;
    if (Math.abs(before.k - before.whole) < 1e-9) this.fit(false);
    else this.#set({ k: before.k, x: before.x + (before.w - width) / 2 / before.k, y: before.y + (before.h - height) / 2 / before.k });
    this.#draw(); // At once: a resized canvas is blank.
  }

  // ---- fingers, wheel, keys

  #down(e) {
    this.canvas.setPointerCapture(e.pointerId);
    cancelAnimationFrame(this.gliding);
    this.pointers.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
    if (this.pointers.size === 1) this.press = { x: e.offsetX, y: e.offsetY, moved: false };
    else this.press = null;
  }

  #move(e) {
    const before = this.pointers.get(e.pointerId);
    if (!before) {
      this.on.hover(e.pointerType === 'mouse' ? this.#seatAt(e.offsetX, e.offsetY) : -1, e.offsetX, e.offsetY);
      return;
    }
    const at = { x: e.offsetX, y: e.offsetY };
    if (this.pointers.size === 1) {
      if (this.press && Math.hypot(at.x - this.press.x, at.y - this.press.y) > TAP_PX) this.press.moved = true;
      if (!this.press || this.press.moved) this.#pan(before.x - at.x, before.y - at.y);
      else return; // Not a drag yet: keep where it began.
    } else {
      const [other] = [...this.pointers].filter(([id]) => id !== e.pointerId).map(([, p]) => p);
      const old = Math.hypot(before.x - other.x, before.y - other.y);
      const size = Math.hypot(at.x - other.x, at.y - other.y);
      const mid = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      if (old > 0 && size > 0) this.zoom(size / old, mid.x, mid.y);
      this.#pan((before.x - at.x) / 2, (before.y - at.y) / 2);
    }
    this.pointers.set(e.pointerId, at);
    this.on.hover(-1);
  }

  #up(e) {
    this.pointers.delete(e.pointerId);
    if (!this.press || this.press.moved) return;
    this.press = null;
    const seat = this.#seatAt(e.offsetX, e.offsetY);
    if (seat >= 0 && this.#isNear()) {
      this.on.pick(seat);
      return;
    }
    const { x, y } = this.#toPlan(e.offsetX, e.offsetY);
    const section = this.plan.sectionAt(x, y);
    if (section && !this.#isNear()) this.showSection(section);
    else if (!this.#isNear()) this.zoom(2, e.offsetX, e.offsetY);
  }

  #wheel(e) {
    e.preventDefault();
    const pixels = e.deltaMode === 1 ? e.deltaY * 16 : e.deltaY;
    this.zoom(Math.exp(-Math.max(-200, Math.min(200, pixels)) * 0.0022), e.offsetX, e.offsetY);
  }

  #key(e) {
    const step = 60;
    const keys = {
      ArrowLeft: () => this.#pan(-step, 0),
      ArrowRight: () => this.#pan(step, 0),
      ArrowUp: () => this.#pan(0, -step),
      ArrowDown: () => this.#pan(0, step),
      '+': () => this.zoomGliding(1.5),
      '=': () => this.zoomGliding(1.5),
      '-': () => this.zoomGliding(1 / 1.5),
      0: () => this.fit(),
    };
    if (!keys[e.key] || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    keys[e.key]();
  }

  #pan(dx, dy) {
    this.#set({ ...this.view, x: this.view.x + dx / this.view.k, y: this.view.y + dy / this.view.k });
  }

  #isNear() {
    return this.plan.pitch * this.view.k >= NEAR_PX;
  }

  #seatAt(sx, sy) {
    if (!this.#isNear()) return -1;
    const { x, y } = this.#toPlan(sx, sy);
    // A target of 24 pixels, but never nearer to the next seat than to this one.
    return this.plan.seatAt(x, y, Math.max(this.plan.pitch * 0.7, 12 / this.view.k));
  }

  // ---- drawing

  readTheme() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    this.colours = {
      ground: colour('--map-ground'),
      stand: colour('--map-stand'),
      edge: colour('--map-edge'),
      taken: colour('--map-taken'),
      ink: colour('--ink'),
      halo: colour('--map-ground'),
      stage: colour('--map-stage'),
      stageInk: colour('--map-stage-ink'),
      pick: colour('--pick'),
      pickInk: colour('--pick-ink'),
      grades: SHAPES.map((shape, i) => colour(`--grade-${i}`)),
      gradeInk: colour('--grade-ink'),
    };
    this.font = style.fontFamily || 'sans-serif';
  }

  grade(seat) {
    return Math.min(this.plan.grade[seat], SHAPES.length - 1);
  }

  /** All seats, once, at a size of its own. */
  paintPicture() {
    const { box, pitch } = this.plan;
    const margin = pitch * 2;
    const scale = Math.min(
      PICTURE_PX / (box.width + 2 * margin), PICTURE_PX / (box.height + 2 * margin), NEAR_PX * 1.6 / pitch);
    const picture = document.createElement('canvas');
    picture.width = Math.ceil((box.width + 2 * margin) * scale);
    picture.height = Math.ceil((box.height + 2 * margin) * scale);
    this.picture = { canvas: picture, context: picture.getContext('2d', { alpha: false }), scale, left: box.left - margin, top: box.top - margin };
    // The stands are part of the picture: their thick round lines cost more than all seats do.
    const { context } = this.picture;
    context.fillStyle = this.colours.ground;
    context.fillRect(0, 0, picture.width, picture.height);
    context.setTransform(scale, 0, 0, scale, -this.picture.left * scale, -this.picture.top * scale);
    this.plan.sections.forEach((section) => this.#drawStand(context, section, scale));
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (let seat = 0; seat < this.plan.count; seat++) this.#paintSeat(seat, true);
  }

  #paintSeat(seat, fresh = false) {
    const { context, scale, left, top } = this.picture;
    const pitch = this.plan.section(seat).pitch * scale;
    const x = (this.plan.x[seat] - left) * scale;
    const y = (this.plan.y[seat] - top) * scale;
    if (!fresh) {
      context.fillStyle = this.colours.stand;
      context.fillRect(x - pitch * 0.48, y - pitch * 0.48, pitch * 0.96, pitch * 0.96);
    }
    const free = this.plan.states[seat] === FREE;
    const marked = this.marks.selected.has(seat) || this.marks.mine.has(seat);
    const house = this.marks.house && this.plan.states[seat] === NOT_FOR_SALE;
    const size = Math.max(1, pitch * (marked ? 0.92 : free || house ? 0.74 : 0.4));
    context.fillStyle = marked ? this.colours.pick : free ? this.colours.grades[this.grade(seat)] : house ? this.colours.ink : this.colours.taken;
    context.fillRect(x - size / 2, y - size / 2, size, size);
  }

  #ask() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  #draw() {
    this.drawn++;
    const { context, ratio, colours } = this;
    const { k, x, y } = this.view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(k * ratio, 0, 0, k * ratio, -x * k * ratio, -y * k * ratio);
    if (this.#isNear()) {
      for (const section of this.plan.sections) if (this.#inView(section.box)) this.#drawStand(context, section, k);
      this.#drawSeats();
    } else {
      const { canvas, scale, left, top } = this.picture;
      context.imageSmoothingQuality = 'low';
      context.drawImage(canvas, left, top, canvas.width / scale, canvas.height / scale);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawStage();
    this.#drawNames();
  }

  /** @param k how large the plan is drawn */
  #drawStand(context, section, k) {
    const { colours } = this;
    context.lineJoin = 'round';
    context.beginPath();
    section.outline.forEach(([px, py], i) => (i === 0 ? context.moveTo(px, py) : context.lineTo(px, py)));
    context.closePath();
    context.strokeStyle = colours.edge;
    context.lineWidth = section.pitch * 1.5 + 2 / k;
    context.stroke();
    context.fillStyle = colours.stand;
    context.strokeStyle = colours.stand;
    context.lineWidth = section.pitch * 1.5;
    context.stroke();
    context.fill();
  }

  #inView({ left, right, top, bottom }) {
    const { k, x, y } = this.view;
    const pad = this.plan.pitch * 2;
    return right + pad > x && left - pad < x + this.width / k && bottom + pad > y && top - pad < y + this.height / k;
  }

  #drawSeats() {
    const { context, plan, ratio } = this;
    const { k, x, y } = this.view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    const pad = plan.pitch;
    const numbers = plan.pitch * k >= NUMBERS_PX;
    if (numbers) {
      context.font = `600 ${Math.round(Math.min(13, plan.pitch * k * 0.34) * ratio)}px ${this.font}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
    }
    plan.within(x - pad, y - pad, x + this.width / k + pad, y + this.height / k + pad, (seat) => {
      const sx = (plan.x[seat] - x) * k * ratio;
      const sy = (plan.y[seat] - y) * k * ratio;
      const sprite = this.#sprite(seat, plan.section(seat).pitch * k * ratio);
      context.drawImage(sprite, Math.round(sx - sprite.width / 2), Math.round(sy - sprite.height / 2));
      if (numbers) this.#drawNumber(seat, sx, sy);
    });
  }

  #drawNumber(seat, sx, sy) {
    const { context, colours, plan, marks } = this;
    const number = plan.numbers[seat];
    if (number.length > 4) return;
    if (marks.selected.has(seat) || marks.mine.has(seat)) context.fillStyle = colours.pickInk;
    else if (plan.states[seat] === FREE) context.fillStyle = colours.gradeInk;
    else return;
    context.fillText(number, sx, sy + (this.grade(seat) === 3 ? 1.5 * this.ratio : 0));
  }

  /** A seat's little picture, made once for a size, a price and a state. */
  #sprite(seat, pitch) {
    const state = this.marks.mine.has(seat) ? 'mine' : this.marks.selected.has(seat) ? 'selected' : this.plan.states[seat];
    const size = Math.max(3, Math.round(pitch * 0.88));
    const name = `${state} ${state === FREE || state === 'selected' || state === 'mine' ? this.grade(seat) : ''} ${size}`;
    const known = this.sprites.get(name);
    if (known) return known;
    if (this.sprites.size > 400) this.sprites.clear(); // While zooming each step has its own size.
    const canvas = document.createElement('canvas');
    canvas.width = size + 2;
    canvas.height = size + 2;
    const context = canvas.getContext('2d');
    context.translate(size / 2 + 1, size / 2 + 1);
    this.#drawSprite(context, state, this.grade(seat), size / 2);
    this.sprites.set(name, canvas);
    return canvas;
  }

  #drawSprite(context, state, grade, r) {
    const { colours } = this;
    if (state === FREE) {
      context.fillStyle = colours.grades[grade];
      shape(context, SHAPES[grade], r);
      context.fill();
    } else if (state === 'selected' || state === 'mine') {
      context.fillStyle = colours.pick;
      context.strokeStyle = colours.pickInk;
      context.beginPath();
      context.arc(0, 0, r, 0, 2 * Math.PI);
      context.fill();
      context.lineWidth = Math.max(1, r * 0.12);
      context.beginPath();
      context.arc(0, 0, r * 0.8, 0, 2 * Math.PI);
      context.stroke();
    } else if (state === HELD) {
      context.strokeStyle = colours.taken;
      context.lineWidth = Math.max(1, r * 0.22);
      context.beginPath();
      context.arc(0, 0, r * 0.6, 0, 2 * Math.PI);
      context.stroke();
    } else if (state === NOT_FOR_SALE && this.marks.house) {
      context.strokeStyle = colours.ink;
      context.lineWidth = Math.max(1, r * 0.18);
      context.strokeRect(-r * 0.72, -r * 0.72, r * 1.44, r * 1.44);
      context.beginPath();
      for (const side of [-1, 1]) {
        context.moveTo(-r * 0.72, -r * 0.72 * side);
        context.lineTo(r * 0.72, r * 0.72 * side);
      }
      context.stroke();
    } else {
      context.fillStyle = colours.taken;
      context.beginPath();
      context.arc(0, 0, r * (state === NOT_FOR_SALE ? 0.2 : 0.42), 0, 2 * Math.PI);
      context.fill();
    }
  }

  #drawStage() {
    const { context, colours, plan } = this;
    const { k, x, y } = this.view;
    const sx = (plan.stage.x - x) * k;
    const sy = (plan.stage.y - y) * k;
    const label = this.stageName ?? 'STAGE';
    context.font = `700 13px ${this.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const width = context.measureText(label).width;
    if (sx > -20 && sx < this.width + 20 && sy > -10 && sy < this.height + 10) {
      const w = Math.max(width + 28, Math.min(plan.box.width * 0.16 * k, this.width * 0.5));
      rounded(context, sx - w / 2, sy - 14, w, 28, 6);
      context.fillStyle = colours.stage;
      context.fill();
      context.fillStyle = colours.stageInk;
      context.fillText(label, sx, sy);
      return;
    }
    // Out of sight: a sign at the edge, pointing there.
    const angle = Math.atan2(sy - this.height / 2, sx - this.width / 2);
    const w = width + 44;
    const reachX = this.width / 2 - w / 2 - 8;
    const reachY = this.height / 2 - 22;
    const t = Math.min(reachX / Math.abs(Math.cos(angle) || 1e-9), reachY / Math.abs(Math.sin(angle) || 1e-9));
    const ex = this.width / 2 + Math.cos(angle) * t;
    const ey = this.height / 2 + Math.sin(angle) * t;
    rounded(context, ex - w / 2, ey - 14, w, 28, 14);
    context.fillStyle = colours.stage;
    context.fill();
    context.fillStyle = colours.stageInk;
    context.fillText(label, ex + 10, ey);
    context.save();
    context.translate(ex - w / 2 + 18, ey);
    context.rotate(angle);
    context.beginPath();
    context.moveTo(8, 0);
    context.lineTo(-5, -6);
    context.lineTo(-5, 6);
    context.fill();
    context.restore();
  }

  /** Letters with an edge around them are dear: each name is drawn once for a size. */
  #nameSprite(text, size) {
    const key = `${text} ${size}`;
    const known = this.names.get(key);
    if (known) return known;
    if (this.names.size > 1000) this.names.clear();
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    const font = `700 ${size * this.ratio}px ${this.font}`;
    context.font = font;
    canvas.width = Math.ceil(context.measureText(text).width + 8 * this.ratio);
    canvas.height = Math.ceil((size + 10) * this.ratio);
    context.font = font;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.strokeStyle = this.colours.halo;
    context.lineWidth = 4 * this.ratio;
    context.strokeText(text, canvas.width / 2, canvas.height / 2);
    context.fillStyle = this.colours.ink;
    context.fillText(text, canvas.width / 2, canvas.height / 2);
    this.names.set(key, canvas);
    return canvas;
  }

  /** Names of the stands, where there is room for them. */
  #drawNames() {
    const { context } = this;
    const { k, x, y } = this.view;
    const near = this.#isNear();
    const placed = [];
    for (const section of this.bySize) {
      if (!this.#inView(section.box)) continue;
      const w = section.box.width * k;
      const size = Math.round(Math.max(10, Math.min(15, w / 6)));
      context.font = `700 ${size}px ${this.font}`;
      const text = context.measureText(section.name).width;
      if (!near && text > Math.max(w * 1.25, 30)) continue;
      const sx = ((section.box.left + section.box.right) / 2 - x) * k;
      // Near by the seats themselves must not be hidden: the name stands above them.
      const sy = near ? (section.box.top - section.pitch - y) * k - 10 : ((section.box.top + section.box.bottom) / 2 - y) * k;
      const spot = [sx - text / 2 - 3, sy - size / 2 - 2, sx + text / 2 + 3, sy + size / 2 + 2];
      if (placed.some((p) => p[0] < spot[2] && p[2] > spot[0] && p[1] < spot[3] && p[3] > spot[1])) continue;
      placed.push(spot);
      const name = this.#nameSprite(section.name, size);
      // On whole pixels, or the letters blur.
      const snap = (at, length) => Math.round(at * this.ratio - length / 2) / this.ratio;
      context.drawImage(name, snap(sx, name.width), snap(sy, name.height), name.width / this.ratio, name.height / this.ratio);
    }
  }
}

function listen(target, event, work, options) {
  target.addEventListener(event, work, options);
  return () => target.removeEventListener(event, work, options);
}

function rounded(context, x, y, w, h, r) {
  context.beginPath();
  context.moveTo(x + r, y);
  context.arcTo(x + w, y, x + w, y + h, r);
  context.arcTo(x + w, y + h, x, y + h, r);
  context.arcTo(x, y + h, x, y, r);
  context.arcTo(x, y, x + w, y, r);
  context.closePath();
}

/** The outline of a grade's seat, around 0,0. */
export function shape(context, name, r) {
  context.beginPath();
  if (name === 'circle') {
    context.arc(0, 0, r, 0, 2 * Math.PI);
  } else if (name === 'square') {
    rounded(context, -r * 0.86, -r * 0.86, r * 1.72, r * 1.72, r * 0.25);
  } else {
    const points = {
      diamond: [[0, -1.05], [1.05, 0], [0, 1.05], [-1.05, 0]],
      triangle: [[0, -1], [1.05, 0.85], [-1.05, 0.85]],
      hexagon: [[-0.5, -0.9], [0.5, -0.9], [1, 0], [0.5, 0.9], [-0.5, 0.9], [-1, 0]],
      cross: [[-0.35, -1], [0.35, -1], [0.35, -0.35], [1, -0.35], [1, 0.35], [0.35, 0.35], [0.35, 1], [-0.35, 1], [-0.35, 0.35], [-1, 0.35], [-1, -0.35], [-0.35, -0.35]],
    }[name];
    points.forEach(([px, py], i) => (i === 0 ? context.moveTo(px * r, py * r) : context.lineTo(px * r, py * r)));
    context.closePath();
  }
}
