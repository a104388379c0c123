"""Measures everything that docs/performance.md reports, in one run, and prints it as ratios."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench import following, ledger, pages, world
from bench.processes import measure
from bench.server import prometheus

HOUR = 3600
_WIDTHS = (34, 9, 34, 9, 7, 14)  # of the columns, in characters


def main() -> None:
    """Runs the bench; the rows tell what was measured, beside what, the ratio, and what it should be. Each is printed
    as soon as it is measured: a part that fails takes none of those before it along."""
    _print("measured", "seconds", "beside", "seconds", "ratio", "goal")
    now = time.time()
    with tempfile.TemporaryDirectory(prefix="tomoni-bench-") as name:
        folder = Path(name)
        say("filling a Prometheus with 28 days of 250 series ...")
        with prometheus(folder, int(now) // HOUR * HOUR + HOUR) as url:
            config = folder / "config"
            world.write_config(config, url)
            _ledger(folder, config, url, now)
            say("fetching what the pages show ...")
            environ = {"TOMONI_DATABASE_URL": f"sqlite:///{folder}/tomoni.db"}
            measure([sys.executable, "cli.py", "--config", str(config), "sync"], folder / "sync.log", environ)
            say("drawing pages in a browser ...")
            _pages(folder, config)
        say("leading a review that twenty participants follow ...")
        _following(folder)


def _ledger(folder: Path, config: Path, url: str, now: float) -> None:
    say("asking for 250 SLOs ...")
    ledger.bare_answers(url, now)  # once to warm the server, for both
    first, bare = ledger.status(config, folder), ledger.bare_answers(url, now)
    again = min((ledger.status(config, folder) for _ in range(3)), key=lambda run: run.seconds)
    alone = min((ledger.status(config, folder, "--no-sync") for _ in range(3)), key=lambda run: run.seconds)
    bare_process = min((ledger.libraries(folder) for _ in range(3)), key=lambda run: run.seconds)
    say("asking slo-generator for the same ...")
    other = ledger.slo_generator(folder, url)
    _row("status, first time", first.seconds, "bare HTTP answers, decoded", bare, "at most 2")
    _row("status again, with its sync", again.seconds, "slo-generator 2.6.0", other.seconds, "at most 0.2")
    _row("status without syncing", alone.seconds, "its libraries, imported", bare_process.seconds, "at most 4")
    _print("its memory", f"{alone.megabytes:.0f} MB", "", "", "", "below 300 MB")


def _pages(folder: Path, config: Path) -> None:
    drawn = pages.measure_pages(folder, config)
    ours_of, theirs_of = drawn.choices.most, drawn.bare_choices.most
    for what, ours, beside, theirs in (
        ("overview of 250 SLOs", drawn.overview, "empty page with one such table", drawn.table),
        ("joint page, 10 lanes, 28 days", drawn.joint, "empty page with one such figure", drawn.figure),
        ("19 of 20 choices on it", ours_of("figure"), "the same on the empty page", theirs_of("figure")),
        ("until nothing changes any more", ours_of("still"), "the same on the empty page", theirs_of("still")),
    ):
        _row(what, ours, beside, theirs, "at most 1.5")


def _following(folder: Path) -> None:
    (place := folder / "review").mkdir()
    found = following.measure_following(place)
    _print("19 of 20 steps of a review", f"{found.drawn:.2f}", "", "", "", "at most 1 s")
    _print("until 20 participants have it", f"{found.reached:.2f}", "", "", "", "at most 2 s")
    _print("of a core for each of them and step", f"{found.cost:.3f}", "", "", "", "at most 0.04 s")


def _row(what: str, ours: float, beside: str, theirs: float, goal: str) -> None:
    _print(what, f"{ours:.2f}", beside, f"{theirs:.2f}", f"{ours / theirs:.2f}", goal)


def _print(*cells: str) -> None:
    """Prints a row of the table, at once."""
    line = "".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Tells on standard error how far the bench is."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
