/* Draws a new figure once. Streamlit draws each twice: unseen and as high as it would like to be, before its place is
   measured, and then in the size of that place. Nobody sees the first of them, which takes as long as the second: it
   is drawn without anything in it. What a figure shows comes with the second. */
const UNSEEN = { width: 100, height: 100, xaxis: { visible: false }, yaxis: { visible: false } };
const LOOK = 50, MOST = 20; // milliseconds, and how often

const running = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "running";
const later = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/* While a page is on its way, other words above a figure may leave it more or less room, and then it is mostly replaced
   itself: it waits for that, up to a second. */
async function resize(figure, draw) {
  for (let n = 0; n < MOST && running() && figure.isConnected; n++) await later(LOOK);
  return figure.isConnected && figure._fullLayout ? draw() : figure;
}

function once(Plotly) {
  const react = Plotly.react;
  Plotly.react = function (figure, shown, ...others) {
    const draw = (what) => react.call(this, figure, what, ...others);
    if (!figure._fullLayout) return draw(shown?.layout?.width === undefined ? { ...shown, data: [], layout: UNSEEN } : shown);
    return figure.data === shown?.data && running() ? resize(figure, () => draw(shown)) : draw(shown);
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

export default function () {}
