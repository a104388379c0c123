/* The journey map in the page: its boxes are links, one of them in the order of Tab; arrow keys walk among the others. */
const maps = new WeakMap();

class JourneyMap {
  constructor(place) {
    this.place = place;
    place.addEventListener("keydown", (event) => this.key(event));
    place.addEventListener("focusin", (event) => this.took(event.target.closest("a")));
  }

  update({ svg, said }) {
    if (svg === this.svg) return;
    this.svg = this.place.innerHTML = svg; // made by the server, names escaped
    const picture = this.place.querySelector("svg");
    picture.setAttribute("role", "group");
    picture.setAttribute("aria-label", said);
    this.boxes = [...this.place.querySelectorAll("a")];
    for (const box of this.boxes) box.setAttribute("tabindex", "-1");
    this.boxes[0]?.setAttribute("tabindex", "0");
  }

  took(box) {
    if (!box) return;
    for (const each of this.boxes) each.setAttribute("tabindex", each === box ? "0" : "-1");
  }

  key(event) {
    const from = event.target.closest("a");
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = this.beside(from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the arrow keys of the page are not meant
    to?.focus();
  }

  /* The box that a key leads to: null where there is none, undefined for other keys. */
  beside(from, key) {
    const at = (box) => ({ column: Number(box.dataset.column), row: Number(box.dataset.row) });
    const here = at(from), own = this.boxes.filter((box) => at(box).column === here.column);
    const place = own.indexOf(from);
    if (key === "ArrowDown" || key === "ArrowUp") return own[place + (key === "ArrowDown" ? 1 : -1)] ?? null;
    if (key === "Home" || key === "End") return own.at(key === "Home" ? 0 : -1);
    if (key !== "ArrowRight" && key !== "ArrowLeft") return undefined;
    const ahead = this.boxes.filter((box) => (key === "ArrowRight" ? at(box).column > here.column : at(box).column < here.column));
    const near = (box) => Math.abs(at(box).column - here.column) * 1e4 + Math.abs(at(box).row - here.row);
    return ahead.sort((a, b) => near(a) - near(b))[0] ?? null;
  }
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".map");
  if (!maps.has(place)) maps.set(place, new JourneyMap(place));
  maps.get(place).update(data);
}
