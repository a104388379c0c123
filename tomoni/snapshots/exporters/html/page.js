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

  const heights = new Map(); // of figures that are fitted to pages
  const heightOf = (place) => heights.get(place) ?? book.figures[place.dataset.figure].layout.height;
  const draw = (place) => {
    const figure = book.figures[place.dataset.figure];
    const layout = { ...recolored(figure.layout), height: heightOf(place) };
    Plotly.react(place, traces(figure), layout, config);
    if (!place.dataset.drawn) state.drawn++;
    place.dataset.drawn = "1";
  };
  const places = () => [...document.querySelectorAll("[data-figure]")];
  const redraw = () => book && places().filter((place) => place.dataset.drawn).forEach(draw);
  // With `again` also those that are drawn, for another width of the page.
  state.drawAll = (again) => book && places().filter((place) => again || !place.dataset.drawn).forEach(draw);

  // Figures as high as leaves no page half empty: first the page that can be read alone, then the others in order.
  const topOf = (element) => element.getBoundingClientRect().top + window.scrollY;
  const bottomOf = (element) => element.getBoundingClientRect().bottom + window.scrollY;
  const stretch = (place, more, most) => {
    const { height, meta } = book.figures[place.dataset.figure].layout;
    const now = heightOf(place);
    const next = Math.floor(Math.max(Math.min(meta.least_height, now), Math.min(now + more, height * most)));
    place.parentElement.style.height = ""; // panels grow with what they hold
    heights.set(place, next);
    draw(place);
    return next - now;
  };
  // What begins a page with a figure: the headings and sentences above it, the chapter's too if it is the first.
  const leadOf = (place) => {
    let lead = place.closest("figure");
    while (lead.previousElementSibling?.matches("h1, h2, h3, p")) lead = lead.previousElementSibling;
    if (lead.previousElementSibling) return lead;
    const part = lead.parentElement;
    return part.previousElementSibling?.matches("h2") ? part.parentElement : part;
  };
  // The first page ends with the last of its chapters with which it can be filled, or else with its figure; what
  // follows begins another.
  const fitFirstPage = (high) => {
    const front = [...document.querySelectorAll("section.front")];
    const figure = front.map((section) => section.querySelector("[data-figure]")).find(Boolean);
    const pictured = figure?.closest("section > div");
    for (const last of [...front.reverse(), pictured].filter(Boolean)) {
      if (figure) stretch(figure, high - bottomOf(last), 1.6);
      const next = last.nextElementSibling;
      if (bottomOf(last) > high || !next) continue;
      next.classList.add("fresh");
      return topOf(next);
    }
    return 0;
  };
  state.fitPages = (high) => {
    if (!book) return;
    let start = fitFirstPage(high);
    let shown = [];
    for (const place of places().filter((place) => !place.closest(".front"))) {
      const panel = place.closest("figure");
      const passed = Math.floor((topOf(panel) - start) / high);
      if (passed > 0) { start += passed * high; shown = []; }
      const over = bottomOf(panel) - start - high;
      if (over > 0 && over + stretch(place, -over, 1) > 1) {
        stretch(place, over, 1);
        const lead = leadOf(place);
        for (const before of shown) stretch(before, (high - (topOf(lead) - start) - 8) / shown.length, 2.2);
        lead.classList.add("fresh");
        start = topOf(lead);
        shown = [];
      }
      shown.push(place);
    }
  };

  const paint = (theme) => { root.dataset.theme = theme; redraw(); };
  const wish = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = "";
  const follow = () => paint(chosen || (wish.matches ? "dark" : "light"));
  wish.addEventListener("change", follow);
  follow();
  document.getElementById("theme").addEventListener("click", () => { chosen = dark() ? "light" : "dark"; follow(); });
  window.addEventListener("beforeprint", () => { paint("light"); state.drawAll(); });
  window.addEventListener("afterprint", follow);

  // In a frame that is as tall as its content the outer page scrolls; its address is the base of this one's anchors.
  if (document.body.classList.contains("embedded")) {
    const height = () => Math.ceil(document.body.getBoundingClientRect().height);
    const tell = () => window.parent.postMessage(
      { type: "streamlit:iframe:setSize", width: root.clientWidth, height: height() }, "*");
    new ResizeObserver(tell).observe(document.body);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      event.preventDefault();
      document.getElementById(link.getAttribute("href").slice(1))?.scrollIntoView();
    });
  }

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
