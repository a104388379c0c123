"""Measures snapshots: `python -m bench.snapshots`. An app of 6 SLOs and 10 signals over 28 days, and 50 such apps."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.processes import measure
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.snapshots.exporters.chromium import ChromiumPrinter, find_chromium
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.wiring import open_tomoni

DAY, STEP, DAYS = 86_400, 300, 57
END = 1_795_514_400  # 2026-11-24T10:00Z
APPS = 50


def main() -> None:
    """Prints one line for each thing that is measured."""
    with tempfile.TemporaryDirectory(prefix="tomoni-bench-") as name:
        folder = Path(name)
        write_world(folder, APPS)
        environ = {"TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db", "TOMONI_NOW": "2026-11-24T10:00:00Z"}
        command = [sys.executable, "cli.py", "--config", str(folder / "config")]
        measure([*command, "sync", "--days", str(DAYS - 1)], folder / "log", environ)
        _one_app(folder)
        asked = ["snapshot", "--no-sync", "--quiet", "--out", str(folder / "all"), "--format", "html,pptx,csv"]
        one = measure([*command, *asked, "--app", "app-00"], folder / "log", environ)
        every = measure([*command, *asked], folder / "log", environ)
        _say("1 app in three formats", f"{one.seconds:.1f} s, {one.megabytes:.0f} MB")
        _say(f"{APPS} apps in three formats", f"{every.seconds:.1f} s, {every.megabytes:.0f} MB")


def _one_app(folder: Path) -> None:
    settings = ProcessSettings(
        config=folder / "config",
        database_url=f"sqlite:///{folder}/tomoni.db",  # type: ignore[arg-type]
        now=datetime.fromtimestamp(END, UTC),
    )
    tomoni = open_tomoni(settings, {})
    snapshot, seconds = _timed(lambda: tomoni.freeze(tomoni.apps()[0], Period(END, 28)))
    _say("freezing", f"{seconds:.2f} s")
    _, seconds = _timed(lambda: tomoni.snapshots.keep(snapshot))
    _say("keeping", f"{seconds:.2f} s")
    out = folder / "out"
    for name in ("html", "pptx", "md", "csv", "parquet", "json"):
        for what in ("first", "again"):
            files, seconds = _timed(lambda name=name: export(snapshot, [name], out, EditionOptions()))  # type: ignore[misc]
            _say(f"{name}, {what}", f"{seconds:.2f} s, {sum(file.stat().st_size for file in files) / 1e6:.2f} MB")
    with ChromiumPrinter() as printer:
        export(snapshot, ["pdf"], out, EditionOptions(), printer)
        _, ours = _timed(lambda: export(snapshot, ["pdf"], out, EditionOptions(), printer))
        _, cold = _timed(lambda: _with_own_press(lambda own: export(snapshot, ["pdf"], out, EditionOptions(), own)))
    html = next(out.glob("*.html"))
    _, by_hand = _timed(lambda: _by_hand(html, folder / "hand.pdf"))
    _say("pdf, Chromium running", f"{ours:.2f} s")
    _say("pdf, Chromium started", f"{cold:.2f} s; by hand {by_hand:.2f} s; ratio {cold / by_hand:.2f} (at most 3)")
    tomoni.close()


def _with_own_press(work: Callable[[ChromiumPrinter], object]) -> None:
    with ChromiumPrinter() as printer:
        work(printer)


def _by_hand(html: Path, target: Path) -> None:
    """What somebody would type to print the same file."""
    chromium = find_chromium()
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", f"--print-to-pdf={target}"]
    subprocess.run([chromium, *flags, html.as_uri()], check=True, capture_output=True)


def write_world(folder: Path, apps: int) -> None:
    """Apps of three journeys, six SLOs and ten signals each, on the counts of the same files."""
    (folder / "config" / "apps").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "config" / "sources.yaml").write_text("sources: {exports: {kind: files, path: ../data}}\n")
    rng = np.random.default_rng(6)
    times = END - DAYS * DAY + STEP * np.arange(DAYS * DAY // STEP)
    for n in range(6):
        total = rng.poisson(900 * (1.5 + np.sin(times * 2 * np.pi / DAY))).astype(float) / 3
        bad = rng.binomial(total.astype(int), 0.0006)
        bad[2000 * (n + 1) : 2000 * (n + 1) + 12] += 20
        _csv(folder / "data" / f"slo-{n}.csv", "time,total,bad", times, total, bad)
    for n in range(10):
        _csv(folder / "data" / f"signal-{n}.csv", "time,value", times, rng.normal(0.5, 0.05, len(times)))
    for n in range(apps):
        (folder / "config" / "apps" / f"app-{n:02}.yaml").write_text(_app(n))


def _csv(file: Path, heading: str, *columns: Any) -> None:  # noqa: ANN401 - arrays of one length
    rows = zip(*(column.tolist() for column in columns), strict=True)
    file.write_text("\n".join([heading, *(",".join(map(repr, row)) for row in rows), ""]))


def _app(number: int) -> str:
    slos = [
        f"      - {{id: slo-{n}, objective: 99.9, window: 28d, sli: {{source: exports, counts: slo-{n}.csv}}}}"
        for n in range(6)
    ]
    journeys = [f"  - id: journey-{n}\n    slos:\n" + "\n".join(slos[2 * n : 2 * n + 2]) for n in range(3)]
    signals = [
        f"  - {{id: signal-{n}, source: exports, query: {{file: signal-{n}.csv, value: value}}, unit: ratio}}"
        for n in range(10)
    ]
    return "\n".join([f"app: app-{number:02}", "journeys:", *journeys, "infra:", *signals, ""])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    done = work()
    return done, time.perf_counter() - start


def _say(what: str, found: str) -> None:
    sys.stdout.write(f"{what:<28}{found}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
