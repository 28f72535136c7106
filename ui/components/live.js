// A camera, a socket to the app, and what is shown and said: the newest picture only, one on its way at a time.
const WIDTH = 640, HEIGHT = 480, FPS = 30, QUALITY = 0.8;
const SIGNS = { off: "", checking: "◎", ready: "●", set: "▶", done: "■" };
const AGAIN_MS = 1500, SAID_MS = 4000;
// H.264 first: where no graphics card helps, VP8 takes half a processor core and drops pictures, H.264 a twentieth
const FORMATS = ["video/mp4;codecs=avc1", "video/mp4", "video/webm;codecs=h264", "video/webm;codecs=vp8", "video/webm"];
const cameras = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".fd-live");
  let live = cameras.get(root);
  if (!live) {
    live = new Live(root, setTriggerValue);
    cameras.set(root, live);
  }
  live.set(data);
  return () => { cameras.delete(root); live.close(); };
}

class Live {
  constructor(root, setTrigger) {
    this.root = root;
    this.setTrigger = setTrigger;
    this.video = root.querySelector("video");
    this.view = root.querySelector(".fd-view");
    this.grab = document.createElement("canvas");
    this.buttons = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((b) => [b.dataset.do, b]));
    this.sounds = new Sounds();
    this.bones = [];
    this.said = [];
    this.pieces = [];
    const on = (name, act) => { this.buttons[name].onclick = act; };
    on("camera", () => (this.stream || this.wanted ? this.stop() : this.start()));
    on("go", () => this.order("start"));
    on("end", () => this.order("end"));
    on("again", () => this.next());
    on("mute", () => this.toggle("mute"));
    on("flash", () => this.toggle("flash"));
    on("full", () => this.full());
    this.keys = (event) => this.key(event);
    document.addEventListener("keydown", this.keys);
    this.plugged = () => { if (this.wanted && !this.stream) this.open(); };
    navigator.mediaDevices?.addEventListener("devicechange", this.plugged);
    this.show("off", "Put the camera at hip height, three metres away, and start it.");
  }

  set(data) {
    const changed = this.data && JSON.stringify(data) !== JSON.stringify(this.data);
    this.data = data;
    this.buttons.camera.disabled = !data.key;
    // what is practised changed: the app must know before the next set, never in the middle of one
    if (changed && this.socket && this.phase !== "set" && this.phase !== "ready") {
      this.refused = true;
      this.socket.close();
    }
  }

  close() {
    document.removeEventListener("keydown", this.keys);
    navigator.mediaDevices?.removeEventListener("devicechange", this.plugged);
    this.stop();
  }

  async start() {
    this.wanted = true;
    this.sounds.wake();
    this.buttons.camera.textContent = "Stop the camera";
    this.root.scrollIntoView({ block: "start" });
    await this.open();
  }

  stop() {
    this.wanted = false;
    this.stopRecording();
    this.socket?.close();
    this.release();
    this.sounds.metronome(null);
    this.buttons.camera.textContent = "Start the camera";
    this.show("off", "The camera is off.");
  }

  release() {
    this.video.cancelVideoFrameCallback?.(this.waiting);
    for (const track of this.stream?.getTracks() ?? []) { track.onended = null; track.stop(); }
    this.stream = null;
    this.video.srcObject = null;
  }

  async open() {
    if (!navigator.mediaDevices) {
      this.trouble("This address can't use the camera: open the app on this computer, at localhost.");
      return;
    }
    try {
      const wanted = { width: { ideal: WIDTH }, height: { ideal: HEIGHT }, frameRate: { ideal: FPS } };
      // the one that was chosen in the settings, while it is plugged in
      const chosen = localStorage.getItem("formdrift-camera");
      const here = chosen ? await navigator.mediaDevices.enumerateDevices() : [];
      if (here.some((device) => device.deviceId === chosen)) wanted.deviceId = { exact: chosen };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (error) {
      const none = { NotAllowedError: "The camera is not allowed: allow it beside the address, then start again.",
        NotReadableError: "Another program uses the camera: close it." };
      this.trouble(none[error.name] ?? "There is no camera: plug one in.");
      this.later(() => this.wanted && !this.stream && error.name !== "NotAllowedError" && this.open());
      return;
    }
    if (!this.wanted) { this.release(); return; }
    this.stream.getVideoTracks()[0].onended = () => this.lost();
    this.video.srcObject = this.stream;
    await this.video.play();
    for (const canvas of [this.view, this.grab]) {
      canvas.width = this.video.videoWidth;
      canvas.height = this.video.videoHeight;
    }
    this.fresh = null;
    this.watch();
    if (!this.socket) this.connect();
    if (this.recorder === undefined && (this.phase === "ready" || this.phase === "set")) this.record();
  }

  lost() {
    this.release();
    this.endPiece();
    this.trouble("The camera is gone: plug it in again.");
    this.later(() => this.wanted && !this.stream && this.open());
  }

  later(act) { clearTimeout(this.retry); this.retry = setTimeout(act, AGAIN_MS); }

  // Notes that there is a newer picture; it is taken only when the last one has been answered.
  watch() {
    this.waiting = this.video.requestVideoFrameCallback((now, meta) => {
      this.fresh = (meta.captureTime ?? now) / 1000;
      this.send();
      this.watch();
    });
  }

  connect() {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${this.data.url}?key=${this.data.key}`);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => { this.busy = true; };
    socket.onmessage = (event) => this.heard(JSON.parse(event.data));
    socket.onclose = () => {
      this.socket = null;
      this.busy = true;
      if (this.phase === "set" || this.phase === "ready") this.stopRecording();
      if (!this.wanted) return;
      if (!this.refused) this.trouble("The connection to the app broke: trying again.");
      this.later(() => { this.refused = false; if (this.wanted && !this.socket && this.stream) this.connect(); });
    };
    this.busy = true;
    this.socket = socket;
  }

  send() {
    if (this.busy || this.fresh === null || !this.stream || this.socket?.readyState !== 1) return;
    const time = this.fresh, socket = this.socket;
    this.busy = true;
    this.fresh = null;
    this.grab.getContext("2d").drawImage(this.video, 0, 0);
    this.grab.toBlob(async (blob) => {
      if (!blob) { this.busy = false; return; }
      const message = new Uint8Array(8 + blob.size);
      new DataView(message.buffer).setFloat64(0, time, true);
      message.set(new Uint8Array(await blob.arrayBuffer()), 8);
      if (socket.readyState === 1) socket.send(message);
    }, "image/jpeg", QUALITY);
  }

  order(word) { if (this.socket?.readyState === 1) this.socket.send(word); }

  heard(answer) {
    this.busy = false;
    if (answer.error) {
      this.refused = true;
      this.trouble(answer.error);
      return;
    }
    if (answer.bones) this.bones = answer.bones;
    else if (this.stream) this.take(answer);
    this.send();
  }

  take(answer) {
    // a picture of the last set may still be on its way when the next one is asked for
    if (this.over && answer.phase === "done") return;
    this.over = false;
    const before = this.phase;
    this.draw(answer.points);
    const counting = answer.phase === "ready" && answer.countdown;
    this.show(answer.phase, answer.headline);
    if (answer.countdown !== this.countdown) {
      this.countdown = answer.countdown;
      if (counting) this.sounds.tone(440, 0.12);
      else if (answer.phase === "ready") { this.sounds.tone(880, 0.4); this.sounds.metronome(this.data.tempo); }
    }
    this.numeral(answer);
    this.depth(answer.depth);
    this.text(".fd-line", answer.line ?? "");
    this.check(answer.check, answer.result);
    if (answer.said) this.say(answer);
    if (answer.phase !== before) this.entered(answer, before);
  }

  entered(answer, before) {
    if (answer.phase === "checking" && before !== "off") this.stopRecording();
    if (answer.phase === "ready") this.begin();
    if (answer.phase === "set" && before === "checking") this.begin();
    if (answer.phase === "done") {
      this.sounds.metronome(null);
      this.sounds.tone(660, 0.15);
      this.sounds.tone(440, 0.4, 0.2);
      this.finish(answer);
    }
  }

  begin() {
    this.said = [];
    this.root.dataset.said = "[]";
    this.pieces = [];
    this.record();
  }

  // Lines are drawn over the very picture they were found in.
  draw(points) {
    const pen = this.view.getContext("2d");
    pen.drawImage(this.grab, 0, 0);
    if (!points) return;
    pen.lineCap = "round";
    for (const [colour, width] of [["#000a", 8], ["#4dd7ff", 4]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      for (const [a, b] of this.bones) {
        if (!points[a] || !points[b]) continue;
        pen.moveTo(...points[a]);
        pen.lineTo(...points[b]);
      }
      pen.stroke();
    }
  }

  show(phase, words) {
    this.phase = phase;
    this.root.dataset.phase = phase;
    this.root.dataset.trouble = "false";
    this.text(".fd-sign", SIGNS[phase]);
    this.text(".fd-words", words);
    this.buttons.go.hidden = phase !== "checking";
    this.buttons.end.hidden = phase !== "set" && phase !== "ready";
    this.buttons.again.hidden = phase !== "done";
    this.buttons.record.disabled = phase === "set" || phase === "ready";
    if (phase === "off" || phase === "checking") for (const part of ["b", "small"]) this.text(`.fd-count ${part}`, "");
    if (phase !== this.shownPhase && phase === "checking") this.sounds.tone(330, 0.15);
    this.shownPhase = phase;
  }

  trouble(words) {
    this.text(".fd-sign", "✗");
    this.text(".fd-words", words);
    if (this.root.dataset.phase === "off") this.root.dataset.phase = "checking";
    if (this.root.dataset.trouble !== "true") this.sounds.tone(220, 0.5);
    this.root.dataset.trouble = "true";
  }

  text(where, words) {
    const element = this.root.querySelector(where);
    if (element.textContent !== words) element.textContent = words;
  }

  numeral({ phase, countdown, count, held, touches }) {
    const running = phase === "set" || phase === "done";
    let number = "", unit = "";
    if (countdown) number = countdown;
    else if (running && held === null) number = count;
    else if (running) {
      number = Math.floor(held);
      unit = touches ? `s\n${touches} × foot down` : "s";
    }
    this.root.dataset.count = count;
    this.text(".fd-count b", String(number));
    this.text(".fd-count small", unit);
  }

  depth(depth) {
    const bar = this.root.querySelector(".fd-depth"), most = 1.25;
    bar.dataset.none = depth === null;
    if (depth === null) return;
    const deep = depth >= 1;
    bar.setAttribute("aria-valuenow", Math.min(1, depth).toFixed(2));
    bar.classList.toggle("deep", deep);
    bar.querySelector("i").style.height = `${(100 * Math.min(depth, most)) / most}%`;
    bar.querySelector("b").style.top = `${100 / most}%`;
    this.text(".fd-depth span", deep ? "✓" : "");
  }

  check(check, result) {
    const list = this.root.querySelector(".fd-points");
    const lines = result?.map((text) => ({ text, state: "result" })) ?? check?.points ?? [];
    const key = JSON.stringify(lines);
    if (key !== this.listed && (lines.length || this.phase !== "done")) {
      this.listed = key;
      list.replaceChildren(...lines.map(({ text, state }) => {
        const item = document.createElement("li");
        item.textContent = text;
        item.dataset.state = state;
        return item;
      }));
    }
    if (check) this.text(".fd-answers", `From here: ${check.shows.join(", ")}. Not from here: ${check.hides.join(", ")}.`);
  }

  say({ said, kind }) {
    this.said.push(said);
    this.root.dataset.said = JSON.stringify(this.said);
    const place = this.root.querySelector(".fd-said");
    place.dataset.kind = kind;
    place.textContent = said;
    clearTimeout(this.unsay);
    this.unsay = setTimeout(() => { place.textContent = ""; }, SAID_MS);
    if (this.flashing) {
      this.root.classList.remove("flash");
      void this.root.offsetWidth;
      this.root.classList.add("flash");
    }
    this.sounds.say(said, kind);
  }

  toggle(name) {
    const on = this.buttons[name].getAttribute("aria-pressed") !== "true";
    this.buttons[name].setAttribute("aria-pressed", on);
    if (name === "mute") this.sounds.mute(on); else this.flashing = on;
  }

  full() { if (document.fullscreenElement) document.exitFullscreen(); else this.root.requestFullscreen(); }

  key(event) {
    const at = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    const key = event.key.toLowerCase();
    if (key === "m") this.toggle("mute");
    if (key === "f") this.full();
  }

  record() {
    if (!this.buttons.record.checked || !window.MediaRecorder || !this.stream) return;
    const kind = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
    const chunks = [], recorder = new MediaRecorder(this.stream, { mimeType: kind, videoBitsPerSecond: 4e6 });
    recorder.ondataavailable = ({ data }) => data.size && chunks.push(data);
    recorder.stopped = new Promise((done) => {
      recorder.onstop = () => done(new Blob(chunks, { type: kind }));
    });
    recorder.start(1000);
    this.recorder = recorder;
    this.pieces.push(recorder.stopped);
    this.root.querySelector(".fd-recording").hidden = false;
  }

  endPiece() {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
    this.recorder = undefined;
    this.root.querySelector(".fd-recording").hidden = true;
  }

  stopRecording() { this.endPiece(); this.pieces = []; }

  // The recording is what is assessed and kept: live numbers are provisional.
  async finish({ count, headline, held }) {
    this.endPiece();
    const pieces = await Promise.all(this.pieces.splice(0));
    const set = { count, headline, said: this.said, pieces: [] };
    if (!count && !held) return;
    try {
      for (const blob of pieces) set.pieces.push(await upload(blob, this.data.upload));
    } catch (error) {
      this.trouble(error.message);
      return;
    }
    this.setTrigger("finished", set);
  }

  next() {
    this.over = true;
    this.order("again");
    this.show("checking", "");
  }
}

async function upload(blob, url) {
  const ending = blob.type.startsWith("video/mp4") ? "mp4" : "webm";
  const answer = await fetch(url + `live.${ending}`, { method: "PUT", body: blob });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

class Sounds {
  wake() {
    this.context ??= new AudioContext();
    this.context.resume();
  }

  mute(on) {
    this.muted = on;
    if (on) window.speechSynthesis?.cancel();
  }

  tone(hertz, seconds, after = 0) {
    if (this.muted || !this.context) return;
    const start = this.context.currentTime + after, source = this.context.createOscillator(), gain = this.context.createGain();
    source.frequency.value = hertz;
    gain.gain.setValueAtTime(0.25, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
    source.connect(gain).connect(this.context.destination);
    source.start(start);
    source.stop(start + seconds);
  }

  // Words where this computer has a voice; a tone each way, so that both are told apart without one.
  say(words, kind) {
    if (this.muted) return;
    if (kind === "praise") { this.tone(660, 0.12); this.tone(880, 0.2, 0.12); }
    else if (kind === "stop" || kind === "touched") { this.tone(300, 0.25); this.tone(300, 0.35, 0.3); }
    else this.tone(520, 0.2);
    const voices = window.speechSynthesis?.getVoices().filter((voice) => voice.localService) ?? [];
    if (!voices.length) return;
    const speech = new SpeechSynthesisUtterance(words);
    speech.voice = voices.find((voice) => voice.lang.startsWith("en")) ?? voices[0];
    window.speechSynthesis.cancel();
    window.speechSynthesis.speak(speech);
  }

  // A tone for the start of each phase and a tick for each second in it: down, bottom, up, top.
  metronome(tempo) {
    clearTimeout(this.beat);
    if (!tempo) return;
    const beats = tempo.flatMap((seconds, phase) =>
      Array.from({ length: Math.ceil(seconds) }, (_, i) => [Math.min(1, seconds - i), i ? 1200 : [330, 262, 523, 392][phase], i ? 0.03 : 0.12]));
    let next = performance.now(), at = 0;
    const play = () => {
      const [seconds, hertz, length] = beats[at++ % beats.length];
      this.tone(hertz, length);
      next += 1000 * seconds;
      this.beat = setTimeout(play, Math.max(0, next - performance.now()));
    };
    if (beats.length) play();
  }
}
