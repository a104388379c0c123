/* Reports whether the window is as narrow as a phone, and, where a page is presented, how much larger than 1920 by 1080 it
   is, in sixths; the usual windows cost nothing. Narrow paper is no phone. One listener for the page as it is now: one for
   each time that it was drawn would report for pages that are gone. */
const SIXTHS = 6, MOST = 12;
const query = window.matchMedia("(max-width: 640px)");
let here, told = {};

function report() {
  if (!here || matchMedia("print").matches) return;
  const { data, setStateValue } = here;
  const tell = (name, value) => {
    if (value === data[name] || value === told[name]) return;
    told[name] = value;
    setStateValue(name, value);
  };
  tell("narrow", query.matches);
  const larger = Math.floor(Math.min(innerWidth / 1920, innerHeight / 1080) * SIXTHS);
  if (data.present) tell("sixths", Math.max(SIXTHS, Math.min(MOST, larger)));
}
query.addEventListener("change", report);
window.addEventListener("resize", report);

export default function (component) {
  here = component;
  told = {};
  report();
  return () => { if (here === component) here = undefined; };
}
