/* A field in which a metric is found by typing, with the list of what fits below it. What was typed is asked for a
   moment after the last letter, and kept for the way back. The list is walked by the arrow keys. */
const PAUSE = 60; // ms: between the letters of a word that is typed there is more, so that few are asked for in vain
const finders = new WeakMap();
const STORED = "tomoni.find|";
const STAYS = 20000; // ms: so long after a choice by the keyboard the field takes the focus where it is drawn anew
let until = 0;

class Finder {
  constructor(root) {
    this.whole = root.querySelector(".find");
    this.field = root.querySelector("input");
    this.list = root.querySelector("[role=listbox]");
    this.status = root.querySelector("[role=status]");
    this.stop = root.querySelector("button");
    this.at = -1;
    this.field.addEventListener("input", () => this.typed());
    for (const kind of ["keydown", "keyup", "keypress"]) this.field.addEventListener(kind, (event) => {
      event.stopPropagation(); // the keys of the page are not meant
      if (kind === "keydown" && !event.isComposing) this.key(event);
    });
    this.field.addEventListener("focus", () => this.opened(true));
    this.field.addEventListener("blur", () => setTimeout(() => this.opened(false), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      this.stays = false;
      if (row) this.choose(Number(row.dataset.at));
    });
    this.stop.addEventListener("click", () => this.component.setTriggerValue("stopped", Date.now()));
  }

  typed() {
    this.pending = false;
    this.open = true;
    this.list.setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.keep();
      this.at = -1;
      this.component.setStateValue("typed", this.field.value);
    }, PAUSE);
  }

  keep() { try { sessionStorage.setItem(STORED + this.data.source, this.field.value); } catch { /* it is in the field */ } }

  kept() { try { return sessionStorage.getItem(STORED + this.data.source) ?? ""; } catch { return ""; } }

  key(event) {
    const last = (this.data?.results.length ?? 0) - 1;
    const to = { ArrowDown: Math.min(last, this.at + 1), ArrowUp: Math.max(-1, this.at - 1), PageDown: Math.min(last, this.at + 8), PageUp: Math.max(0, this.at - 8) }[event.key];
    if (to !== undefined) { event.preventDefault(); this.opened(true); this.move(to); }
    else if (event.key === "Enter") { event.preventDefault(); this.stays = true; this.choose(Math.max(0, this.at)); }
    else if (event.key === "Escape") {
      if (this.field.value) { this.field.value = ""; this.typed(); } else this.field.blur();
    }
  }

  move(to) {
    this.at = to;
    for (const [place, row] of [...this.list.children].entries()) row.setAttribute("aria-selected", String(place === to));
    const row = this.list.children[to];
    if (row) { this.field.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    else this.field.removeAttribute("aria-activedescendant");
  }

  choose(place) {
    this.pending = this.field.value.trim() !== (this.data.typed ?? "").trim(); // the list is of other letters yet
    const found = this.data.results[place];
    if (!found || this.pending) return;
    if (this.stays) { this.opened(false); until = Date.now() + STAYS; } else this.field.blur();
    this.component.setTriggerValue("chosen", found.name);
  }

  opened(open) {
    this.open = open;
    this.draw();
  }

  update(component) {
    const first = this.data?.source !== component.data.source;
    this.component = component;
    this.data = component.data;
    if (first) {
      this.field.value = this.data.typed || this.kept();
      if (this.field.value !== this.data.typed) component.setStateValue("typed", this.field.value);
    }
    this.rows();
    this.draw();
    if (first && Date.now() < until) this.takeBack();
    if (this.pending) this.choose(Math.max(0, this.at)); // Enter came before the answer to what was typed
  }

  /* The page that shows what was chosen has a field of its own: whoever chose by the keyboard goes on from there. */
  takeBack() {
    const lost = document.activeElement;
    if (lost && lost !== document.body) return;
    until = 0;
    this.field.focus({ preventScroll: true });
    this.opened(false);
  }

  rows() {
    const drawn = JSON.stringify(this.data.results);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.list.replaceChildren(...this.data.results.map((found, place) => this.row(found, place)));
    this.move(this.at);
  }

  row(found, place) {
    const row = document.createElement("div");
    const part = (name, text) => { const made = document.createElement("span"); made.className = name; made.textContent = text; row.append(made); };
    Object.assign(row, { id: `found-${place}`, role: "option" });
    row.setAttribute("role", "option");
    row.dataset.at = place;
    part("name", found.name);
    if (found.mark) part("mark", found.mark);
    part("kind", found.kind);
    part("help", found.help);
    return row;
  }

  draw() {
    const { data, field, list } = this, say = data.words;
    field.setAttribute("aria-label", say.label);
    field.placeholder = say.placeholder;
    list.setAttribute("aria-label", say.list);
    if (this.status.textContent !== data.status) this.status.textContent = data.status;
    this.whole.classList.toggle("beside", data.beside);
    this.whole.classList.toggle("quiet", data.beside && !this.open && !data.reading);
    const shown = (this.open || (!data.chosen && Boolean(field.value))) && data.results.length > 0;
    list.hidden = !shown;
    list.setAttribute("aria-busy", String(field.value !== data.typed)); // it is of other letters yet
    field.setAttribute("aria-expanded", String(shown));
    this.stop.hidden = !data.reading;
    this.stop.textContent = say.stop;
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!finders.has(root)) finders.set(root, new Finder(root));
  finders.get(root).update(component);
}
