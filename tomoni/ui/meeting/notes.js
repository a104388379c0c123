/* A text that is saved while it is typed. What is not acknowledged yet stays in the browser's storage, also over a
   reload, a lost connection and a restart of the server; each save is repeated as it was until its answer comes.
   The server merges: a save is what was typed (`text`) and what it was made of (`base`). */
const PAUSE = 700, LONGEST = 3000, RETRY = 6000, LATE = 3000, ALIVE = 2000, ORPHANED = 10000, AFTER = 80;
const PREFIX = "tomoni.note|";
const boxes = new WeakMap();
const random = () => Math.random().toString(36).slice(2) + Date.now().toString(36);

const once = random();
function tab() {
  try {
    const found = sessionStorage.getItem("tomoni.tab") ?? once;
    sessionStorage.setItem("tomoni.tab", found);
    return found;
  } catch { return once; }
}

/* Storage may be full or forbidden: then what is typed is still in the box. */
const drafts = {
  name: (key) => `${PREFIX}${tab()}|${key}`,
  put: (key, draft) => { try { localStorage.setItem(drafts.name(key), JSON.stringify({ ...draft, at: Date.now() })); } catch { /* see above */ } },
  get: (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
  drop: (name) => { try { localStorage.removeItem(name); } catch { /* see above */ } },
  all: () => { try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; } },
};

/* Where a place of the old text is in the new one, by what both have in common at their ends. */
function moved(old, text, place) {
  let first = 0, last = 0;
  const most = Math.min(old.length, text.length);
  while (first < most && old[first] === text[first]) first += 1;
  while (last < most - first && old[old.length - 1 - last] === text[text.length - 1 - last]) last += 1;
  if (place <= first) return place;
  if (place >= old.length - last) return place + text.length - old.length;
  const line = old.slice(old.lastIndexOf("\n", place - 1) + 1, place);
  const found = text.indexOf(line, first);
  return line && found >= 0 ? found + line.length : Math.min(place, text.length - last);
}

class Box {
  constructor(root) {
    this.area = root.querySelector("textarea");
    this.state = root.querySelector("[role=status]");
    this.shown = root.querySelector(".shown");
    this.preview = root.querySelector(".preview");
    this.details = root.querySelector("details");
    this.base = null; this.sent = null; this.refused = ""; this.typedAt = 0; this.composing = false;
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("compositionstart", () => { this.composing = true; });
    this.area.addEventListener("compositionend", () => { this.composing = false; this.typed(); });
    // Not at once: with the press that took the focus it would go out as one message of the notes alone.
    this.area.addEventListener("blur", () => setTimeout(() => this.save(), AFTER));
    for (const kind of ["keydown", "keyup", "keypress"]) this.area.addEventListener(kind, (event) => {
      event.stopPropagation(); // the keys of the page are not meant
      if (kind === "keydown" && event.key === "Escape" && !event.isComposing) this.area.blur();
    });
    this.preview.addEventListener("click", () => { this.save(); this.component.setStateValue("preview", !this.data.preview); });
    this.details.addEventListener("toggle", () => { try { localStorage.setItem("tomoni.notes-open", this.details.open ? "1" : ""); } catch { /* stays as it is */ } });
    this.leave = () => this.save();
    this.room = new ResizeObserver(() => this.makeRoom());
    this.hopeless = new Set(); // drafts of elsewhere that were refused
  }

  begin() {
    window.addEventListener("pagehide", this.leave);
    document.addEventListener("visibilitychange", this.leave);
    this.beating = setInterval(() => this.beat(), ALIVE);
    this.room.observe(this.details);
  }

  end() {
    window.removeEventListener("pagehide", this.leave);
    document.removeEventListener("visibilitychange", this.leave);
    clearInterval(this.beating);
    clearTimeout(this.timer);
    this.room.disconnect();
    this.makeRoom(0);
    this.beating = null;
  }

  // Below the page, so that whatever the dock lies over can be scrolled out from under it.
  makeRoom(height = this.data?.docked ? this.details.offsetHeight : 0) {
    const page = document.querySelector("[data-testid=stMainBlockContainer]");
    if (page) page.style.paddingBottom = height ? `${height + 16}px` : "";
  }

  get dirty() { return this.base !== null && this.area.value !== this.base; }

  update(component) {
    const data = component.data;
    this.component = component;
    if (!this.beating) this.begin();
    if (this.data?.key !== data.key) this.open(data);
    this.data = data;
    const answer = this.sent && data.answers.find((each) => each.nonce === this.sent.nonce);
    for (const name of drafts.all()) if (data.answers.some((each) => each.saved && each.nonce === drafts.get(name)?.nonce)) this.acknowledged(name);
    if (answer) this.answered(answer);
    else if (!this.sent && !this.dirty) this.put(data.text);
    this.draw();
    if (!this.sent) this.later(this.dirty && !this.refused ? PAUSE : 0);
  }

  /* The box of a text: what was typed before and is not acknowledged comes back. */
  open(data) {
    const kept = drafts.get(drafts.name(data.key));
    const done = kept?.nonce && data.answers.some((each) => each.saved && each.nonce === kept.nonce);
    if (done) drafts.drop(drafts.name(data.key));
    const draft = done ? null : kept;
    this.base = draft ? draft.base : data.text;
    this.area.value = draft ? draft.text : data.text;
    if (!data.docked) this.details.open = true;
    else try { this.details.open = localStorage.getItem("tomoni.notes-open") === "1"; } catch { /* closed */ }
  }

  /* A draft that was sent is kept only as far as something was typed after it. */
  acknowledged(name) { if (name !== drafts.name(this.data.key)) drafts.drop(name); }

  answered(answer) {
    const { key, text, name } = this.sent;
    this.sent = null;
    if (name !== drafts.name(this.data.key)) { if (!answer.saved && !answer.again) this.hopeless.add(name); return; }
    this.refused = answer.saved ? "" : answer.again ? "" : answer.said;
    if (!answer.saved) { if (answer.again) this.later(RETRY); return; }
    if (this.area.value === text) { this.base = text; this.put(this.data.text); } else this.base = text;
    if (!this.dirty) drafts.drop(drafts.name(key)); else this.keep();
  }

  /* Takes what others wrote into the box; the caret stays where it is in the text. */
  put(text) {
    if (this.composing || text === this.base) return;
    const area = this.area, old = area.value, top = area.scrollTop;
    const [start, end] = [moved(old, text, area.selectionStart), moved(old, text, area.selectionEnd)];
    const focused = area.getRootNode().activeElement === area;
    area.value = this.base = text;
    if (focused) area.setSelectionRange(start, end);
    area.scrollTop = top;
  }

  keep() { drafts.put(this.data.key, { base: this.base, text: this.area.value, nonce: this.sent?.key === this.data.key && this.sent.text === this.area.value ? this.sent.nonce : "" }); }

  typed() {
    this.refused = "";
    this.typedAt ||= Date.now();
    if (this.dirty) this.keep(); else if (!this.sent) drafts.drop(drafts.name(this.data.key));
    this.draw();
    this.later(Math.max(0, Math.min(PAUSE, this.typedAt + LONGEST - Date.now())));
  }

  later(delay) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), delay); }

  save() {
    if (this.sent || !this.data || this.composing && document.visibilityState === "visible") return;
    if (!this.refused && this.dirty && this.data.editable) return this.send(this.data.key, this.base, this.area.value);
    const [name, draft] = this.orphan() ?? [];
    if (draft) this.send(name.split("|").slice(2).join("|"), draft.base, draft.text, name);
  }

  /* What was typed at another step of this tab, or in a tab that is gone. */
  orphan() {
    for (const name of drafts.all()) {
      const draft = drafts.get(name), key = name.split("|").slice(2).join("|");
      const mine = name === drafts.name(key);
      if (!draft || name === drafts.name(this.data.key) || this.hopeless.has(name) || !this.data.known.includes(key)) continue;
      if (mine || Date.now() - draft.at > ORPHANED) return [name, draft];
    }
    return null;
  }

  send(key, base, text, name = drafts.name(key)) {
    this.typedAt = 0;
    this.sent = { key, base, text, nonce: random(), at: Date.now(), name };
    if (key === this.data.key && name === drafts.name(key)) this.keep();
    else try { localStorage.setItem(name, JSON.stringify({ base, text, nonce: this.sent.nonce, at: Date.now() })); } catch { /* it is there already */ }
    this.post();
  }

  post() {
    const { key, base, text, nonce } = this.sent;
    this.sent.posted = Date.now();
    try { this.component.setTriggerValue("sent", { key, base, text, nonce }); } catch { /* no connection: it is repeated */ }
    this.draw();
  }

  beat() {
    if (!this.area.isConnected) return this.end();
    if (!this.data) return;
    if (this.dirty) this.keep();
    if (this.sent && Date.now() - this.sent.posted > RETRY) this.post();
    else if (!this.sent) this.save();
    this.draw();
  }

  draw() {
    const { data, area, sent } = this, say = data.words;
    const late = sent && Date.now() - sent.at > LATE;
    const stuck = this.dirty && !data.editable, preview = data.preview && !stuck;
    const said = stuck ? `${say.unsaved} ${say.closed}` : this.refused ? `${say.unsaved} ${this.refused}` : late ? say.unsaved : sent || this.dirty ? say.saving : data.said || say.saved;
    if (this.state.textContent !== said) this.state.textContent = said;
    this.state.dataset.state = stuck || this.refused || late ? "unsaved" : sent || this.dirty ? "saving" : "saved";
    area.readOnly = !data.editable;
    area.setAttribute("aria-label", data.label);
    area.placeholder = say.placeholder;
    area.hidden = preview;
    this.shown.hidden = !preview;
    if (preview && this.html !== data.html) this.shown.innerHTML = this.html = data.html;
    this.preview.textContent = preview ? say.write : say.preview;
    this.preview.hidden = !data.editable;
    this.details.querySelector("summary b").textContent = data.label;
    this.details.classList.toggle("docked", data.docked);
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!boxes.has(root)) boxes.set(root, new Box(root));
  boxes.get(root).update(component);
}
