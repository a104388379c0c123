/* A figure is drawn in pixels of its window. While a page prints it gets a view box, so that it scales to the paper. */
export default function () {
  const begin = () => document.querySelectorAll(".js-plotly-plot .svg-container").forEach((around) => {
    around.querySelectorAll(".main-svg").forEach((svg) => {
      const [width, height] = [parseFloat(svg.getAttribute("width")), parseFloat(svg.getAttribute("height"))];
      if (!(width > 0 && height > 0)) return;
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      around.style.setProperty("--tm-ratio", `${width} / ${height}`);
    });
  });
  const end = () => document.querySelectorAll(".js-plotly-plot .main-svg").forEach((svg) => svg.removeAttribute("viewBox"));
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return () => { window.removeEventListener("beforeprint", begin); window.removeEventListener("afterprint", end); };
}
