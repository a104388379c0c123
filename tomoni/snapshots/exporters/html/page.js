"use strict";
// Unpacks plotly.js and the figures, draws those that come into view, and follows the reader's colours.
(() => {
  const root = document.documentElement;
  const config = { displaylogo: false, responsive: true, scrollZoom: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"] };
  let book = null;
  const state = { drawn: 0, error: "" };
  window.tomoni = state;

  const unpack = async (id) => {
    const holder = document.getElementById(id);
    const packed = atob(holder.textContent.trim());
    holder.remove();
    const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };

  // The app's clock as text without a zone: numbers Plotly would shift by the zone of the browser.
  const written = (seconds) => seconds === null ? null : new Date(seconds * 1000).toISOString().slice(0, 19);
  const array = (packed) => {
    if (Array.isArray(packed)) return packed;
    if (packed.moments) return packed.moments.map(written);
    const out = [written(packed.first)];
    let at = packed.first;
    for (const step of packed.steps) {
      const [length, times] = Array.isArray(step) ? step : [step, 1];
      for (let n = 0; n < times; n++) out.push(written(at += length));
    }
    return out;
  };

  const dark = () => root.dataset.theme === "dark";
  const recolored = (value) => {
    if (!dark()) return value;
    const text = JSON.stringify(value);
    return JSON.parse(text.replace(/#[0-9a-f]{6}\b|rgba\(\d+,\d+,\d+,/g, (found) => book.colors[found] || found));
  };

  const traces = (figure) => recolored(figure.data.map(({ x, y, ...rest }) => rest)).map((rest, n) => {
    const { x, y, customdata } = figure.data[n];
    const facts = customdata && { customdata: book.pool[customdata.$] };
    return { ...rest, ...facts, x: book.pool[x.$], y: book.pool[y.$] };
  });

  const draw = (place) => {
    const figure = book.figures[place.dataset.figure];
    Plotly.react(place, traces(figure), recolored(figure.layout), config);
    if (!place.dataset.drawn) state.drawn++;
    place.dataset.drawn = "1";
  };
  const places = () => [...document.querySelectorAll("[data-figure]")];
  const redraw = () => book && places().filter((place) => place.dataset.drawn).forEach(draw);
  // With `again` also those that are drawn, for another width of the page.
  state.drawAll = (again) => book && places().filter((place) => again || !place.dataset.drawn).forEach(draw);

  const paint = (theme) => { root.dataset.theme = theme; redraw(); };
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = "";
  const follow = () => paint(chosen || (wish.matches ? "dark" : "light"));
  wish.addEventListener("change", follow);
  follow();
  document.getElementById("theme").addEventListener("click", () => { chosen = dark() ? "light" : "dark"; follow(); });
  window.addEventListener("beforeprint", () => { paint("light"); state.drawAll(); });
  window.addEventListener("afterprint", follow);

  for (const box of document.querySelectorAll("input[data-search]")) {
    const rows = [...box.parentElement.querySelectorAll("tbody tr")];
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
  }

  const start = async () => {
    if (!places().length) return;
    const figures = await unpack("tomoni-figures");
    if (document.getElementById("tomoni-plotly")) {
      const script = document.createElement("script");
      script.textContent = await unpack("tomoni-plotly");
      document.head.append(script);
    }
    book = JSON.parse(figures);
    book.pool = book.pool.map(array);
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
    }, { rootMargin: "600px" });
    places().forEach((place) => seen.observe(place));
  };
  start().catch((error) => {
    state.error = String(error);
    root.dataset.broken = "1";
  }).finally(() => { root.dataset.ready = "1"; });
})();
