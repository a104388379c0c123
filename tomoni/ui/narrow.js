/* Reports whether the window is as narrow as a phone; wide windows, the usual ones, cost nothing. Narrow paper is no phone. */
export default function (component) {
  const { data, setStateValue } = component;
  const query = window.matchMedia("(max-width: 640px)");
  const report = () => { if (!matchMedia("print").matches && query.matches !== data.narrow) setStateValue("narrow", query.matches); };
  query.addEventListener("change", report);
  report();
  return () => query.removeEventListener("change", report);
}
