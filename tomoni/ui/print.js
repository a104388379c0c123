/* What print alone needs, made when it begins: the style of the sheets, the table of the overview, and a view box for
   each figure, which is drawn in pixels of its window, so that it scales to the paper. */
export default function (component) {
  const { data } = component;
  let added = [];
  const add = (name, place, content) => {
    const made = document.createElement(name);
    made.innerHTML = content;
    place.append(made);
    added.push(made);
    return made;
  };
  const scale = (around) => around.querySelectorAll(".main-svg").forEach((svg) => {
    const [width, height] = [parseFloat(svg.getAttribute("width")), parseFloat(svg.getAttribute("height"))];
    if (!(width > 0 && height > 0)) return;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    around.style.setProperty("--tm-ratio", `${width} / ${height}`);
  });
  const end = () => {
    added.forEach((each) => each.remove());
    added = [];
    document.querySelectorAll(".js-plotly-plot .main-svg").forEach((svg) => svg.removeAttribute("viewBox"));
  };
  const query = () => {
    const own = new URLSearchParams(location.search), kept = new URLSearchParams(data.query);
    for (const name of data.own) own.has(name) ? kept.set(name, own.get(name)) : kept.delete(name);
    return kept.toString();
  };
  const begin = () => {
    end();
    add("style", document.head, data.sheet.replace("QUERY-OF-THE-PAGE", query));
    const place = document.querySelector(".st-key-paper");
    if (place && window.tomoniPaper) add("div", place, window.tomoniPaper).className = "tm-paper";
    document.querySelectorAll(".js-plotly-plot .svg-container").forEach(scale);
  };
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => { window.removeEventListener("beforeprint", begin); window.removeEventListener("afterprint", end); };
}
