/* The time axis of the joint figure, as the reader drags it. Plotly zooms by itself; this reports the new range, leads
   back by a double click or the button "Whole period" without waiting for the server, and keeps a zoom that the server
   has not answered yet when a refresh redraws the figure. */
const FIGURE = ".st-key-figure .js-plotly-plot";
const BACK = ".st-key-whole-period button";
const SECOND = 1000, SOON = 300; // milliseconds
let pending = null; // what was reported and is not answered: its number and its range
let due = null; // what the address says, until the figure shows it or the reader drags again
let number = 0;

const milliseconds = (text) => Date.parse(`${String(text).trim().replace(" ", "T")}Z`);
const same = (one, other) => one.every((text, n) => Math.abs(milliseconds(text) - milliseconds(other[n])) <= SECOND);
const rangeOf = (figure) => [...figure._fullLayout.xaxis.range];
const dated = (figure) => figure?._fullLayout?.xaxis?.type === "date"; // one without anything in it is not, nor a former one
let moving = false; // Plotly draws while it is told to

/* Plotly's functions are out of reach; its own button "reset axes" goes to whatever range the axis began with. */
function show(figure, range) {
  if (moving || !dated(figure)) return;
  const axis = figure._fullLayout.xaxis;
  [axis._rangeInitial0, axis._rangeInitial1] = range;
  moving = true;
  try {
    figure.querySelector(".modebar-btn[data-val=reset]")?.click();
  } finally {
    moving = false;
  }
}

export default function (component) {
  const { data, setTriggerValue } = component;
  number = Math.max(number, data.answered);
  if (pending && data.answered >= pending.n) pending = null;
  let figure = null;
  let wanted = pending ? pending.range : data.shown;
  if (!pending) due = data.shown;

  const relayout = () => {
    if (!dated(figure)) return;
    const range = rangeOf(figure);
    // Only what a reader does is reported: a figure that is still to be redrawn may not reach what the address says.
    if (due || same(range, wanted)) return;
    number += 1;
    wanted = range;
    due = null;
    pending = { n: number, range };
    setTriggerValue("range", { n: number, from: String(range[0]), to: String(range[1]) });
  };
  const afterplot = () => {
    const meant = pending ? pending.range : due;
    if (meant && dated(figure) && !same(rangeOf(figure), meant)) show(figure, meant);
  };
  // The figure that is there when the address has changed shows what was before it. It is not moved while the next one
  // is on its way: that would draw it twice.
  const settle = () => {
    if (!figure?.isConnected) return;
    if (document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "running") setTimeout(settle, SOON);
    else afterplot();
  };
  const back = () => show(figure, data.whole);
  const listeners = { plotly_relayout: relayout, plotly_afterplot: afterplot, plotly_doubleclick: back };

  const leave = () => Object.entries(listeners).forEach(([name, each]) => figure?.removeListener?.(name, each));
  const attach = () => {
    const found = document.querySelector(FIGURE);
    if (!found?.on || found === figure) return;
    leave();
    figure = found;
    Object.entries(listeners).forEach(([name, each]) => figure.on(name, each));
    setTimeout(settle, SOON);
  };
  const grab = (event) => {
    if (figure?.contains(event.target)) due = null;
  };
  const click = (event) => {
    if (!event.target.closest?.(BACK)) return;
    attach();
    if (figure) {
      wanted = data.whole;
      due = data.whole;
      show(figure, data.whole);
    }
  };

  attach();
  // The figure arrives later than this, and another one may take its place; nobody drags without pointing at it.
  document.addEventListener("pointerover", attach, true);
  document.addEventListener("click", click, true);
  document.addEventListener("pointerdown", grab, true);
  return () => {
    leave();
    document.removeEventListener("pointerover", attach, true);
    document.removeEventListener("click", click, true);
    document.removeEventListener("pointerdown", grab, true);
  };
}
