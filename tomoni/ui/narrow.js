/* Reports whether the window is as narrow as a phone, and, where a page is presented, how much larger than 1920 by 1080 it
   is, in sixths; the usual windows cost nothing. Narrow paper is no phone. */
const SIXTHS = 6, MOST = 12;
export default function (component) {
  const { data, setStateValue } = component;
  const query = window.matchMedia("(max-width: 640px)");
  const report = () => {
    if (matchMedia("print").matches) return;
    if (query.matches !== data.narrow) setStateValue("narrow", query.matches);
    const larger = Math.floor(Math.min(innerWidth / 1920, innerHeight / 1080) * SIXTHS);
    const sixths = Math.max(SIXTHS, Math.min(MOST, larger));
    if (data.present && sixths !== data.sixths) setStateValue("sixths", sixths);
  };
  query.addEventListener("change", report);
  window.addEventListener("resize", report);
  report();
  return () => {
    query.removeEventListener("change", report);
    window.removeEventListener("resize", report);
  };
}
