// A video and its curves on one clock: whichever of them is moved, the other follows, to the frame.
const SPEEDS = [1, 0.5, 0.25];
const COLOURS = ["--st-blue-color", "--st-orange-color", "--st-violet-color", "--st-green-color"];
const MARGIN = { left: 44, right: 8, top: 18, bottom: 20 };
const STEPS = [5, 15, 30, 45, 90];
const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600];
// Curves of a smaller range, in degrees, are drawn in one so large: else the jitter of a still body fills the chart.
const LEAST_RANGE = 10;
const LABEL_PX = 60;
const players = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".fd-player");
  let player = players.get(root);
  if (!player) {
    player = new Player(root, setStateValue, setTriggerValue);
    players.set(root, player);
  }
  player.show(data);
  return () => { players.delete(root); player.stop(); };
}

class Player {
  constructor(root, setState, setTrigger) {
    this.root = root;
    this.setState = setState;
    this.setTrigger = setTrigger;
    this.video = root.querySelector("video");
    [this.lines, this.chart] = root.querySelectorAll("canvas");
    this.frame = 0;
    this.skeleton = true;
    this.asked = 0;
    const buttons = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((b) => [b.dataset.do, b]));
    buttons.play.onclick = () => this.toggle();
    buttons.back.onclick = () => this.step(-1);
    buttons.on.onclick = () => this.step(1);
    buttons.speed.onclick = () => {
      const next = SPEEDS[(SPEEDS.indexOf(this.video.playbackRate) + 1) % SPEEDS.length];
      this.video.playbackRate = next;
      buttons.speed.textContent = `${next}×`;
    };
    buttons.lines.onclick = () => {
      this.skeleton = !this.skeleton;
      buttons.lines.setAttribute("aria-pressed", this.skeleton);
      this.draw();
    };
    this.video.onplay = this.video.onpause = () => { buttons.play.textContent = this.video.paused ? "▶" : "❚❚"; };
    this.video.addEventListener("pause", () => this.tell());
    this.video.addEventListener("seeked", () => this.video.paused && this.tell());
    this.video.addEventListener("loadedmetadata", () => this.go(this.frame));
    this.lines.onclick = (event) => this.choose(event);
    this.chart.onpointerdown = (event) => { this.chart.setPointerCapture(event.pointerId); this.video.pause(); this.seek(event); };
    this.chart.onpointermove = (event) => this.chart.hasPointerCapture(event.pointerId) && this.seek(event);
    this.chart.onkeydown = (event) => this.key(event);
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.chart);
    this.sized.observe(this.lines);
    const shown = (_, meta) => {
      // a frame that was asked for before the last one must not undo the last step
      if (!this.video.seeking) this.frame = this.frameAt(meta.mediaTime);
      this.root.dataset.frame = this.frame;
      this.draw();
      this.waiting = this.video.requestVideoFrameCallback(shown);
    };
    this.waiting = this.video.requestVideoFrameCallback(shown);
  }

  show(data) {
    const changed = data.url !== this.data?.url;
    this.data = data;
    if (changed) {
      this.frame = 0;
      this.video.src = data.url;
    }
    this.reps();
    this.draw();
  }

  stop() {
    this.video.cancelVideoFrameCallback(this.waiting);
    this.sized.disconnect();
    this.video.removeAttribute("src");
    this.video.load();
  }

  // The frame on show at a time: the last one that began before it. Half a millisecond forgives rounding.
  frameAt(seconds) {
    const times = this.data.time_s;
    let low = 0, high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= seconds + 0.0005) low = middle; else high = middle - 1;
    }
    return low;
  }

  // Seeks to the middle of a frame: its edges are where browsers disagree.
  go(frame) {
    const times = this.data.time_s, last = times.length - 1;
    this.frame = Math.max(0, Math.min(last, frame));
    const end = this.frame < last ? times[this.frame + 1] : 2 * times[last] - times[Math.max(0, last - 1)];
    this.video.currentTime = (times[this.frame] + end) / 2;
    this.draw();
  }

  step(by) { this.video.pause(); this.go(this.frame + by); }

  toggle() { if (this.video.paused) this.video.play(); else this.video.pause(); }

  tell() {
    const at = this.data.time_s[this.frame];
    if (at !== this.told) { this.told = at; this.setState("at", at); }
  }

  key(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30 };
    if (event.key === " ") this.toggle();
    else if (event.key in moves) this.step(moves[event.key]);
    else return;
    event.preventDefault();
  }

  seek(event) {
    const box = this.chart.getBoundingClientRect();
    const part = (event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right);
    const times = this.data.time_s, start = times[0], end = times[times.length - 1];
    this.go(this.frameAt(start + Math.max(0, Math.min(1, part)) * (end - start)));
  }

  // A click on somebody else makes them the lifter.
  choose(event) {
    const people = this.data.people;
    if (!people) return;
    const box = this.lines.getBoundingClientRect(), [width, height] = this.data.size;
    const x = ((event.clientX - box.left) / box.width) * width, y = ((event.clientY - box.top) / box.height) * height;
    // where boxes overlap, whoever's middle is nearest
    let hit = -1, nearest = Infinity;
    people.forEach(({ boxes }, i) => {
      const b = boxes[this.frame];
      if (!b || x < b[0] || x > b[2] || y < b[1] || y > b[3]) return;
      const away = Math.abs(x - (b[0] + b[2]) / 2) / (b[2] - b[0]);
      if (away < nearest) [hit, nearest] = [i, away];
    });
    if (hit >= 0 && hit !== this.data.subject) this.setTrigger("subject", hit);
  }

  reps() {
    const strip = this.root.querySelector(".fd-reps");
    strip.replaceChildren(...this.data.reps.map((rep) => {
      const button = document.createElement("button"), word = document.createElement("small");
      button.append(String(rep.index), word);
      word.textContent = rep.word;
      button.style.borderLeft = `.4rem solid ${rep.colour}`;
      button.onclick = () => { this.video.pause(); this.go(this.frameAt(rep.bottom_s)); };
      return button;
    }));
  }

  draw() {
    if (!this.data) return;
    const at = this.data.time_s[this.frame], total = this.data.time_s[this.data.time_s.length - 1];
    this.root.querySelector(".fd-time").textContent = `${at.toFixed(2)} s, frame ${this.frame}`;
    this.chart.setAttribute("aria-valuenow", at.toFixed(2));
    this.chart.setAttribute("aria-valuemax", total.toFixed(2));
    const buttons = this.root.querySelectorAll(".fd-reps button");
    this.data.reps.forEach((rep, i) => buttons[i].setAttribute("aria-current", at >= rep.start_s && at < rep.end_s));
    this.drawLines();
    this.drawChart(at);
  }

  canvas(element) {
    const box = element.getBoundingClientRect(), scale = devicePixelRatio;
    element.width = box.width * scale;
    element.height = box.height * scale;
    const pen = element.getContext("2d");
    pen.scale(scale, scale);
    return [pen, box.width, box.height];
  }

  drawLines() {
    const [pen, width, height] = this.canvas(this.lines), [pw, ph] = this.data.size;
    this.lines.classList.toggle("choosing", Boolean(this.data.people));
    this.hideFaces(pen, width / pw, height / ph);
    if (!this.skeleton || !this.data.skeleton) return;
    const points = this.data.skeleton.xy[this.frame];
    if (!points) return;
    pen.lineWidth = 3;
    pen.lineCap = "round";
    for (const [a, b] of this.data.skeleton.bones) {
      if (points[2 * a] === null || points[2 * b] === null) continue;
      for (const [colour, extra] of [["#000a", 3], ["#4dd7ff", 0]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = 2.5 + extra;
        pen.beginPath();
        pen.moveTo((points[2 * a] / pw) * width, (points[2 * a + 1] / ph) * height);
        pen.lineTo((points[2 * b] / pw) * width, (points[2 * b + 1] / ph) * height);
        pen.stroke();
      }
    }
  }

  // A face becomes the mean colour of a few large squares of it: blurred after everything was measured.
  hideFaces(pen, sx, sy) {
    for (const [x, y, r] of this.data.faces?.[this.frame] ?? []) {
      const small = new OffscreenCanvas(4, 4);
      small.getContext("2d").drawImage(this.video, x - r, y - r, 2 * r, 2 * r, 0, 0, 4, 4);
      pen.save();
      pen.beginPath();
      pen.ellipse(x * sx, y * sy, r * sx, r * sy, 0, 0, 2 * Math.PI);
      pen.clip();
      pen.drawImage(small, (x - r) * sx, (y - r) * sy, 2 * r * sx, 2 * r * sy);
      pen.restore();
    }
  }

  drawChart(at) {
    const [pen, width, height] = this.canvas(this.chart), css = getComputedStyle(this.root), times = this.data.time_s;
    const start = times[0], span = Math.max(1e-6, times[times.length - 1] - start);
    const x = (t) => MARGIN.left + ((t - start) / span) * (width - MARGIN.left - MARGIN.right);
    const text = css.getPropertyValue("--st-text-color") || css.color;
    pen.font = "12px sans-serif";
    for (const rep of this.data.reps) {
      pen.globalAlpha = 0.12;
      pen.fillStyle = rep.colour;
      pen.fillRect(x(rep.start_s), MARGIN.top, x(rep.end_s) - x(rep.start_s), height - MARGIN.top - MARGIN.bottom);
      pen.globalAlpha = 1;
      pen.fillStyle = text;
      pen.textAlign = "center";
      pen.fillText(String(rep.index), x(rep.bottom_s), 12);
    }
    const legend = [], known = this.data.curves.flatMap((curve) => curve.values).filter((v) => v !== null);
    const [low, high] = extremes(known);
    const y = (v) => height - MARGIN.bottom - ((v - low) / Math.max(1e-6, high - low)) * (height - MARGIN.top - MARGIN.bottom);
    this.data.curves.forEach((curve, i) => {
      const colour = css.getPropertyValue(COLOURS[i % COLOURS.length]) || "#4dd7ff";
      this.curve(pen, curve, colour, x, y);
      const now = curve.values[nearest(curve.time_s, at)];
      const item = document.createElement("span");
      item.textContent = `${curve.label} ${now === null || now === undefined ? "–" : written(now, curve.places)}${curve.unit}`;
      item.style.borderBottom = `3px ${["solid", "dashed", "dotted", "double"][i % 4]} ${colour}`;
      legend.push(item);
    });
    this.root.querySelector(".fd-legend").replaceChildren(...legend);
    if (known.length) this.levels(pen, text, width, low, high, y);
    this.root.classList.toggle("bare", !known.length);
    this.seconds(pen, text, width, height, times[times.length - 1], x);
    pen.strokeStyle = text;
    pen.lineWidth = 1.5;
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(x(at), MARGIN.top);
    pen.lineTo(x(at), height - MARGIN.bottom);
    pen.stroke();
  }

  // Names round values of the curves, which all have one unit, and draws a faint line at each.
  levels(pen, text, width, low, high, y) {
    const step = STEPS.find((size) => high - low <= 4 * size) ?? STEPS[STEPS.length - 1];
    pen.fillStyle = text;
    pen.textAlign = "right";
    for (let v = step * Math.ceil(low / step); v <= high; v += step) {
      pen.fillText(written(v, 0) + this.data.curves[0].unit, MARGIN.left - 6, y(v) + 4);
      pen.globalAlpha = 0.2;
      pen.fillRect(MARGIN.left, y(v), width - MARGIN.left - MARGIN.right, 1);
      pen.globalAlpha = 1;
    }
  }

  // Names round seconds below the curves.
  seconds(pen, text, width, height, end, x) {
    const start = this.data.time_s[0], most = Math.max(1, (width - MARGIN.left - MARGIN.right) / LABEL_PX);
    const step = STEPS_S.find((size) => end - start <= size * most) ?? STEPS_S[STEPS_S.length - 1];
    const floor = height - MARGIN.bottom;
    pen.fillStyle = text;
    pen.textAlign = "center";
    for (let t = step * Math.ceil(start / step); t <= end; t += step) {
      pen.fillRect(x(t), floor, 1, 4);
      // the last one must not run out of the picture
      pen.fillText(`${t} s`, Math.min(x(t), width - 14), floor + 16);
    }
    pen.globalAlpha = 0.5;
    pen.fillRect(MARGIN.left, floor, width - MARGIN.left - MARGIN.right, 1);
    pen.globalAlpha = 1;
  }

  curve(pen, curve, colour, x, y) {
    const dashes = [[], [8, 4], [2, 4], [10, 3, 2, 3]];
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.setLineDash(dashes[this.data.curves.indexOf(curve) % dashes.length]);
    pen.beginPath();
    let drawing = false;
    curve.values.forEach((value, i) => {
      if (value === null) { drawing = false; return; }
      if (drawing) pen.lineTo(x(curve.time_s[i]), y(value)); else pen.moveTo(x(curve.time_s[i]), y(value));
      drawing = true;
    });
    pen.stroke();
  }
}

// A number with a real minus sign, and no minus before a zero.
function written(value, places) {
  const text = value.toFixed(places);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

// Math.min of a spread array overflows the stack on long videos.
function extremes(values) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
  if (!values.length) return [0, 1];
  const missing = Math.max(0, LEAST_RANGE - (high - low)) / 2;
  return [low - missing, high + missing];
}

function nearest(times, at) {
  let low = 0, high = times.length - 1;
  while (low < high) { const m = (low + high) >> 1; if (times[m] < at) low = m + 1; else high = m; }
  return low;
}
