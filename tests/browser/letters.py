"""Where the letters of a figure stand on a page, asked of the browser."""

# Pairs of texts of the figure that lie over each other by more than a hair.
COLLIDING = """() => {
  const texts = [...document.querySelectorAll('.js-plotly-plot :is(.ytick, .xtick, .annotation-text-g) text')];
  const boxes = texts.map((each) => [each.textContent, each.getBoundingClientRect()]);
  const found = [];
  for (let i = 0; i < boxes.length; i += 1)
    for (let j = i + 1; j < boxes.length; j += 1) {
      const [a, b] = [boxes[i][1], boxes[j][1]];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 0.25 * Math.min(a.height, b.height)) found.push([boxes[i][0], boxes[j][0]]);
    }
  return found;
}"""
LOWEST = """Math.max(...[...document.querySelectorAll(".xtick text")].map((e) => e.getBoundingClientRect().bottom))"""
