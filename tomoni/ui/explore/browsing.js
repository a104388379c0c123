/* Small pictures of metrics. Those that come into view are told to the server, which reads them; while it does, it is
   asked again. Each picture is a button: Tab walks through them, Enter chooses. */
const PAUSE = 250, EVERY = 500, MARGIN = "120px";
const browsers = new WeakMap();
const SVG = "http://www.w3.org/2000/svg";

class Browser {
  constructor(root) {
    this.tiles = root.querySelector(".tiles");
    this.status = root.querySelector("[role=status]");
    this.stop = root.querySelector(".below button");
    this.inView = new Set();
    this.made = new Map();
    this.watcher = new IntersectionObserver((entries) => this.moved(entries), { rootMargin: MARGIN });
    this.stop.addEventListener("click", () => this.component.setTriggerValue("stopped", Date.now()));
    this.tiles.addEventListener("click", (event) => {
      const tile = event.target.closest("button");
      if (tile) this.component.setTriggerValue("chosen", tile.dataset.name);
    });
  }

  moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.inView.add(target.dataset.name); else this.inView.delete(target.dataset.name);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), PAUSE);
  }

  tell() {
    const bare = this.data.tiles.filter((tile) => this.inView.has(tile.name) && !tile.path && !tile.said).map((tile) => tile.name);
    const told = bare.join("\n");
    if (!bare.length || told === this.told) return;
    this.told = told;
    this.component.setStateValue("seen", bare);
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    const names = this.data.tiles.map((tile) => tile.name).join("\n");
    if (names !== this.names) this.begin(names);
    for (const tile of this.data.tiles) this.fill(this.made.get(tile.name), tile);
    this.tiles.setAttribute("aria-label", this.data.words.list);
    if (this.status.textContent !== this.data.status) this.status.textContent = this.data.status;
    this.stop.hidden = !this.data.running;
    this.stop.textContent = this.data.words.stop;
    clearTimeout(this.ticking);
    if (this.data.running) this.ticking = setTimeout(() => {
      if (this.tiles.isConnected) this.component.setStateValue("tick", Date.now());
    }, EVERY);
    else { clearTimeout(this.timer); this.timer = setTimeout(() => this.tell(), PAUSE); }
  }

  begin(names) {
    this.names = names;
    this.watcher.disconnect();
    this.inView.clear();
    this.made.clear();
    this.tiles.replaceChildren(...this.data.tiles.map((tile) => this.tile(tile)));
    for (const made of this.made.values()) this.watcher.observe(made.button);
  }

  tile(tile) {
    const item = document.createElement("div"), button = document.createElement("button");
    const part = (name) => { const made = document.createElement("span"); made.className = name; button.append(made); return made; };
    item.setAttribute("role", "listitem");
    button.type = "button";
    button.dataset.name = button.title = tile.name;
    if (tile.help) button.title = `${tile.name}\n${tile.help}`;
    part("name").textContent = tile.name;
    part("kind").textContent = tile.kind;
    this.made.set(tile.name, { button, picture: part("picture"), newest: part("newest") });
    item.append(button);
    return item;
  }

  fill(made, tile) {
    const drawn = tile.path ?? tile.said ?? "";
    if (made.drawn === drawn) return;
    made.drawn = drawn;
    made.newest.textContent = tile.newest ?? "";
    if (!tile.path) { made.picture.textContent = tile.said ?? ""; return; }
    const picture = document.createElementNS(SVG, "svg"), line = document.createElementNS(SVG, "path");
    picture.setAttribute("viewBox", "0 0 100 30");
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("aria-hidden", "true");
    line.setAttribute("d", tile.path);
    picture.append(line);
    made.picture.replaceChildren(picture);
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!browsers.has(root)) browsers.set(root, new Browser(root));
  browsers.get(root).update(component);
}
