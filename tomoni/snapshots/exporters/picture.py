"""One figure as a picture: what a page shows, printed by Chromium without anything around it."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from plotly.offline import get_plotlyjs

from tomoni.charts.canvas import PreparedFigure, Spec
from tomoni.snapshots.exporters.chromium import ChromiumPrinter

_STYLE = "body{margin:24px;font-family:sans-serif;background:#fff;color:#1b2430}h1{font-size:20px}p{color:#5a6573}"
# What the printer waits for and calls.
_SCRIPT = """
const spec = JSON.parse(document.getElementById("spec").textContent);
window.tomoni = { drawAll: () => Plotly.newPlot("figure", spec.data, spec.layout, { displayModeBar: false }) };
document.documentElement.dataset.ready = "1";
"""


def print_figure(spec: Spec, title: str, lead: str, folder: Path, printer: ChromiumPrinter) -> Path:
    """Prints a figure below a title and a line about it, both plain texts; returns the place of the PNG file.

    Raises SnapshotError: `chromium_missing`, `chromium_failed`, `chromium_timed_out`.
    """
    source, target = folder / "figure.html", folder / "figure.png"
    source.write_text(_page(spec, title, lead), encoding="utf-8")
    printer.print("png", source, target)
    return target


def _page(spec: Spec, title: str, lead: str) -> str:
    # Nothing in the data can end the element that it stands in.
    data = json.dumps(PreparedFigure(spec).to_dict(), ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p><div id='figure'></div>"
        f"<script type='application/json' id='spec'>{data}</script>"
        f"<script>{get_plotlyjs()}</script><script>{_SCRIPT}</script></body></html>"
    )
