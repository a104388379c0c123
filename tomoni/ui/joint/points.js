/* Steps through the points of the joint figure: Plotly draws its own label for each, and that is read. */
const FIGURE = ".st-key-figure .js-plotly-plot";
const PAGES = 24;

/* The moments of all lines that the label names, as pixels from the left of the rows, those in sight alone. A zoom tells more of them apart. */
function moments(figure) {
  const axis = figure._fullLayout.xaxis;
  const places = new Set();
  for (const trace of figure._fullData) {
    if (trace.hoverinfo === "skip") continue;
    trace.x.forEach((x, n) => { if (x !== null && Number.isFinite(trace.y[n])) places.add(Math.round(axis.d2p(x))); });
  }
  return [...places].filter((place) => place >= 0 && place <= axis._length).sort((a, b) => a - b);
}

/* Lets Plotly draw its label, as if the pointer were there. */
function point(figure, place) {
  const rows = figure.querySelector(".nsewdrag");
  const box = rows.getBoundingClientRect();
  const event = new MouseEvent("mousemove", { clientY: box.top + box.height / 2, bubbles: true });
  Object.defineProperty(event, "clientX", { value: box.left + place }); // a browser would cut it to whole pixels
  rows.dispatchEvent(event);
}

export default function (component) {
  const { data, parentElement } = component;
  const stop = parentElement.querySelector("[role=slider]");
  let at = null, row = -1, watched = null;
  const label = () => document.querySelector(FIGURE)?.querySelector(".hoverlayer");
  const say = (words) => { stop.textContent = words; stop.setAttribute("aria-valuetext", words); };
  const read = () => {
    if (stop.getRootNode().activeElement !== stop) return;
    const title = label()?.querySelector(".legendtitletext")?.textContent;
    const values = [...(label()?.querySelectorAll(".legendtext") ?? [])].map((each) => each.textContent.replace(" : ", ": "));
    if (!title || !values.length) return;
    row = Math.min(row, values.length - 1);
    say(`${title} · ${row < 0 ? values.join(", ") : values[row]}`);
  };
  const observer = new MutationObserver(read);
  const watch = () => {
    if (label() && label() !== watched) observer.observe((watched = label()), { childList: true, subtree: true });
  };
  const step = (key, figure) => {
    const places = moments(figure), last = places.length - 1, far = Math.ceil(last / PAGES);
    const from = at ?? last + 1;
    const to = {
      ArrowLeft: from - 1, ArrowRight: from + 1, PageUp: from - far, PageDown: from + far, Home: 0, End: last,
    }[key] ?? Math.min(from, last);
    at = Math.max(0, Math.min(last, to));
    stop.setAttribute("aria-valuemax", last);
    stop.setAttribute("aria-valuenow", at);
    if (places.length) point(figure, places[at]);
  };
  stop.setAttribute("aria-label", data.label);
  stop.setAttribute("aria-valuemin", 0);
  stop.setAttribute("aria-valuenow", 0);
  say(data.keys);
  stop.onblur = () => document.querySelector(FIGURE)?.querySelector(".nsewdrag")?.dispatchEvent(new MouseEvent("mouseout"));
  stop.onkeydown = (event) => {
    const figure = document.querySelector(FIGURE);
    const up = event.key === "ArrowUp", down = event.key === "ArrowDown";
    if (!figure || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!/^(Arrow(Left|Right|Up|Down)|Page(Up|Down)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    watch();
    if (up) row = Math.max(-1, row - 1);
    if (down) row += 1;
    step(event.key, figure);
    read();
  };
  return () => observer.disconnect();
}
