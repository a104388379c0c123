/* An editor of one query: completes the word at the caret, marks the place of a fault, and runs by Ctrl+Enter. */
const PAUSE = 120;
const editors = new WeakMap();
const WORD = /[A-Za-z_:][\w:.\/]*$/;

class Editor {
  constructor(root) {
    this.area = root.querySelector("textarea");
    this.paper = root.querySelector("pre");
    this.list = root.querySelector("[role=listbox]");
    this.fault = root.querySelector(".fault");
    this.status = root.querySelector("[role=status]");
    this.run = root.querySelector(".run");
    this.at = 0;
    this.shown = "";
    this.area.addEventListener("input", () => this.typed());
    this.area.addEventListener("scroll", () => { this.paper.scrollTop = this.area.scrollTop; });
    this.area.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    for (const kind of ["keydown", "keyup", "keypress"]) this.area.addEventListener(kind, (event) => {
      event.stopPropagation(); // the keys of the page are not meant
      if (kind === "keydown" && !event.isComposing) this.key(event);
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.complete(Number(row.dataset.at));
    });
    this.run.addEventListener("click", () => this.send());
  }

  get word() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    return before.match(WORD)?.[0] ?? "";
  }

  typed() {
    this.changed = true;
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.open = this.word.length > 1;
      if (this.open) this.component.setStateValue("word", this.word);
      this.at = 0;
      this.offer();
    }, PAUSE);
  }

  get offered() { return this.open && this.data.word === this.word ? this.data.offered.filter((each) => each.name !== this.word) : []; }

  key(event) {
    const offered = this.offered;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.send(); return; }
    if (!offered.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
      this.offer();
    } else if (event.key === "Enter" || event.key === "Tab") { event.preventDefault(); this.complete(this.at); }
    else if (event.key === "Escape") { event.preventDefault(); this.close(); }
  }

  complete(place) {
    const found = this.offered[place], word = this.word, end = this.area.selectionStart;
    if (!found) return;
    this.area.setRangeText(found.name, end - word.length, end, "end");
    this.changed = true;
    this.close();
    this.draw();
  }

  close() { this.open = false; this.offer(); }

  send() {
    this.close();
    this.changed = false;
    this.component.setTriggerValue("run", this.area.value || " ");
  }

  update(component) {
    const first = this.data?.source !== component.data.source;
    this.component = component;
    this.data = component.data;
    if (first || (!this.changed && this.area.value !== this.data.text)) { this.area.value = this.data.text; this.changed = false; }
    this.area.maxLength = this.data.most;
    this.draw();
    this.offer();
  }

  offer() {
    const offered = this.offered;
    this.list.hidden = !offered.length;
    this.list.replaceChildren(...offered.map((found, place) => {
      const row = document.createElement("div"), kind = document.createElement("span");
      row.id = `offered-${place}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(place === this.at));
      row.dataset.at = place;
      row.textContent = found.name;
      kind.textContent = found.kind;
      row.append(kind);
      return row;
    }));
    if (offered.length) this.area.setAttribute("aria-activedescendant", `offered-${this.at}`); else this.area.removeAttribute("aria-activedescendant");
  }

  draw() {
    const { data, area } = this, say = data.words;
    area.setAttribute("aria-label", say.label);
    area.placeholder = say.placeholder;
    this.list.setAttribute("aria-label", say.list);
    this.run.textContent = say.run;
    const faulty = !this.changed && data.fault;
    this.fault.hidden = !faulty;
    const where = faulty && data.place >= 0 ? ` (${say.here.replace("%(n)s", data.place + 1)})` : "";
    const said = faulty ? `▲ ${data.fault}${where}` : "";
    if (this.fault.textContent !== said) this.fault.textContent = said;
    area.setAttribute("aria-invalid", String(Boolean(faulty)));
    this.status.textContent = this.changed ? "" : data.status;
    this.paper.replaceChildren(...this.marked(faulty && data.place >= 0 ? data.place : -1));
  }

  /* The text again below the field, with the letter of the fault underlined. */
  marked(place) {
    const text = this.area.value;
    if (place < 0) return [document.createTextNode(`${text}\n`)];
    const at = Math.min(place, text.length), letter = document.createElement("mark");
    letter.textContent = text[at] && text[at] !== "\n" ? text[at] : " ";
    return [document.createTextNode(text.slice(0, at)), letter, document.createTextNode(`${text.slice(at + 1)}\n`)];
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!editors.has(root)) editors.set(root, new Editor(root));
  editors.get(root).update(component);
}
