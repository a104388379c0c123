/* Draws a new figure once. Streamlit draws each twice: unseen and as high as it would like to be, before its place is
   measured, and then in the size of that place. Nobody sees the first of them, which takes as long as the second: it
   is drawn without anything in it. What a figure shows comes with the second. */
const unseen = () => ({ width: 100, height: 100, xaxis: { visible: false }, yaxis: { visible: false } });
const LOOK = 50, MOST = 20; // milliseconds, and how often
const due = new Map(); // figures that are not drawn as they should be yet, and what draws them
const empty = new WeakSet(); // those with nothing in them yet

const running = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "running";
const later = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/* Streamlit reads at once what the figure shows and remembers it for the next time that the figure has a place. Whatever
   comes after that, such as a zoom, finds what is drawn: Plotly fails on a layout whose axes it has not drawn. */
async function prepare(figure, shown, draw) {
  for (const other of due.keys()) if (!other.isConnected) due.delete(other);
  due.set(figure, () => {
    const { width, height } = figure.parentElement.getBoundingClientRect();
    return draw({ ...shown, layout: { ...shown.layout, width: width || 700, height: height || shown.layout?.height } });
  });
  empty.add(figure);
  await draw({ ...shown, data: [], layout: unseen() });
  if (!empty.has(figure)) return figure;
  const drawn = [figure.data, figure.layout];
  [figure.data, figure.layout] = [shown.data, shown.layout ?? {}];
  setTimeout(() => { if (empty.has(figure)) [figure.data, figure.layout] = drawn; });
  return figure;
}

/* While a page is on its way, other words above a figure may leave it more or less room, and then it is mostly replaced
   itself: it waits for that, up to a second. */
async function resize(figure, draw) {
  due.set(figure, draw);
  for (let n = 0; n < MOST && due.has(figure) && running() && figure.isConnected; n++) await later(LOOK);
  return due.delete(figure) && figure.isConnected && figure._fullLayout ? draw() : figure;
}

/* Paper waits for nothing. */
function hurry() {
  for (const [figure, draw] of due) {
    due.delete(figure);
    empty.delete(figure);
    if (figure.isConnected) draw().catch(() => {}); // the page may have replaced it before it is whole
  }
}

function once(Plotly) {
  const react = Plotly.react;
  Plotly.react = function (figure, shown, ...others) {
    const draw = (what) => react.call(this, figure, what, ...others);
    if (!figure._fullLayout && shown?.layout?.width === undefined) return prepare(figure, shown, draw);
    const first = empty.delete(figure);
    if (!first && figure.data === shown?.data && running()) return resize(figure, () => draw(shown));
    due.delete(figure);
    return draw(shown);
  };
  return Plotly;
}

/* The library arrives with the first figure, mostly after this. */
if (window.Plotly) once(window.Plotly);
else {
  let loaded;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => loaded,
    set: (Plotly) => { loaded = once(Plotly); },
  });
}
window.addEventListener("beforeprint", hurry, true); // before the figures are fitted to the paper

/* How high a figure may be that ends with the window: what stands above it, and the edges of its panel below it. */
const NEAR = 3; // pixels, for which nothing is drawn again
function fit() {
  const place = document.querySelector(".st-key-figure"), main = document.querySelector("[data-testid=stMain]");
  const panel = place?.closest("[class*=st-key-panel-]"), root = document.documentElement;
  if (!panel || matchMedia("print").matches) return;
  const top = place.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop;
  const edge = parseFloat(getComputedStyle(panel).paddingBottom) || 0;
  const above = Math.ceil(top + edge), known = parseFloat(root.style.getPropertyValue("--above"));
  if (!(Math.abs(known - above) < NEAR)) root.style.setProperty("--above", `${above}px`);
}

export default function () {
  const page = document.querySelector("[data-testid=stMainBlockContainer]");
  const watch = new ResizeObserver(fit);
  if (page) watch.observe(page);
  return () => watch.disconnect();
}
