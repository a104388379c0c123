"""Every source is refreshed by itself: one that is slow or silent holds none of the others, and it is known."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.review.shop import DAY, START, Shop, steady
from tests.use_cases.test_background import in_a_thread, wait_until
from tomoni.use_cases.background import OnProgress
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.refreshing import SourceRefresh, SourceRefreshes


class Sources:
    """Sources that answer at once, but for those that are held; ``failing`` ones bring no answer."""

    def __init__(self, *held: str) -> None:
        self.held = {name: threading.Event() for name in held}
        self.failing: set[str] = set()
        self.runs: list[str] = []
        self.late = 0
        self.now = 1000.0

    def refresh(self, source: str, on_progress: OnProgress) -> bool:
        self.runs.append(source)
        on_progress(1, 2, source, 10)
        if source in self.held:
            assert self.held[source].wait(60)
        on_progress(2, 2, source, 10)
        if source == "broken":
            raise RuntimeError("broken")
        return source not in self.failing

    def ended_late(self) -> None:
        self.late += 1

    def refreshes(self) -> SourceRefreshes:
        return SourceRefreshes(self.refresh, self.ended_late, lambda: self.now)


def test_a_silent_source_holds_no_other_round_after_round() -> None:
    sources = Sources("slow")
    refreshes = sources.refreshes()
    for _ in range(5):
        assert refreshes.run(["slow", "fast"], 1.0)
    assert sorted(sources.runs) == ["fast"] * 5 + ["slow"]
    sources.held["slow"].set()
    wait_until(lambda: refreshes.states["slow"].began is None)


def test_a_source_that_ends_late_is_shown_then_and_refreshed_again() -> None:
    sources = Sources("slow")
    refreshes = sources.refreshes()
    assert not refreshes.run(["slow"], 0.05)
    assert sources.late == 0
    sources.held["slow"].set()
    wait_until(lambda: sources.late == 1)
    assert refreshes.run(["slow"], 10)
    assert (sources.runs, sources.late) == (["slow", "slow"], 1)


def test_the_progress_is_that_of_all_that_run() -> None:
    sources = Sources("slow")
    refreshes = sources.refreshes()
    refreshes.run(["slow", "fast"], 0.05)
    wait_until(lambda: (shown := refreshes.progress) is not None and (shown.done, shown.total) == (1, 2))
    sources.held["slow"].set()
    wait_until(lambda: refreshes.progress is None)


def test_a_source_that_brings_nothing_is_silent_since_it_was_last_heard() -> None:
    sources = Sources("slow")
    refreshes = sources.refreshes()
    refreshes.run(["slow"], 0.05)
    wait_until(lambda: refreshes.states["slow"].done == 1)
    assert refreshes.states["slow"].silent_since(1010) is None
    assert refreshes.states["slow"].silent_since(1040) == 1000
    sources.held["slow"].set()
    wait_until(lambda: refreshes.states["slow"].began is None)
    assert refreshes.states["slow"].silent_since(9999) is None


@pytest.mark.parametrize("source", ["failing", "broken"])
def test_a_source_that_fails_is_silent_since_the_first_failure_until_it_answers(source: str) -> None:
    sources = Sources()
    sources.failing.add("failing")
    refreshes = sources.refreshes()
    for sources.now in (1000.0, 1060.0, 1120.0):
        refreshes.run([source], 10)
    assert refreshes.states[source] == SourceRefresh(None, 1120, 2, 2, None, 1000)
    assert refreshes.states[source].silent_since(1120) == 1000
    if source == "failing":
        sources.failing.clear()
        refreshes.run([source], 10)
        assert refreshes.states[source] == SourceRefresh(None, 1120, 2, 2, 1120, None)


def test_at_most_one_refresh_of_a_source_runs_whoever_starts_it() -> None:
    sources = Sources("slow")
    refreshes = sources.refreshes()
    threads = [in_a_thread(lambda: refreshes.run(["slow"], 0.2)) for _ in range(8)]
    for thread in threads:
        thread.join(60)
    sources.held["slow"].set()
    wait_until(lambda: refreshes.progress is None)
    assert sources.runs == ["slow"]


def test_the_pages_show_what_one_source_brought_while_another_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    fetch = Tomoni._refresh_source

    def stuck(self: Tomoni, source: str, on_progress: OnProgress) -> bool:
        return over.wait(30) if source == "stuck" else fetch(self, source, on_progress)

    monkeypatch.setattr(Tomoni, "_refresh_source", stuck)
    monkeypatch.setattr("tomoni.use_cases.product._ROUND_SECONDS", 0.5)
    tomoni = _with_two_sources(tmp_path)
    assert tomoni.live().overview.statuses[0].figures.total == 0
    tomoni.refresh_in_background()
    try:
        wait_until(lambda: tomoni.live().overview.statuses[0].figures.total > 0)
        assert tomoni.refreshes["stuck"].began is not None
    finally:
        over.set()
    wait_until(lambda: tomoni.refreshes["stuck"].began is None)
    tomoni.close()


def test_a_refresh_collects_what_pages_left_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[str] = []
    monkeypatch.setattr("gc.collect", lambda: collected.append(threading.current_thread().name))
    tomoni = _with_two_sources(tmp_path)
    others = (tomoni._sweeping, tomoni._expiring)
    for background in others:
        background.start_if_due()
    wait_until(lambda: not any(background._running for background in others))
    assert collected == []
    tomoni.refresh_in_background()
    wait_until(lambda: bool(collected) and not tomoni.background._running and not tomoni._sweeping._running)
    assert collected == ["tomoni-refresh"]
    tomoni.close()


def _with_two_sources(folder: Path) -> Tomoni:
    """The shop, with a second source."""
    shop = Shop(folder)
    shop.write_orders(steady(6))
    shop.write_hosts([])
    (folder / "config" / "sources.yaml").write_text(
        "sources: {exports: {kind: files, path: ../data}, stuck: {kind: demo}}\n"
    )
    return shop.open(START + 5 * DAY)
