"""What two threads share in the refresh: an older drawing never wins, and one refresh runs at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from tomoni.review.model import Overview
from tomoni.use_cases.background import BackgroundRefresh, Live, LiveView


def live(moment: int) -> Live:
    return Live(moment, moment, Overview(moment, (), ()))


def in_a_thread(run: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, f"it did not happen within {seconds} s"
        time.sleep(0.002)


class SlowFirst:
    """A drawing whose first run is held until it is released; each later one takes no time."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.release = threading.Event()
        self.runs = 0

    def __call__(self) -> Live:
        self.runs += 1
        number = self.runs
        if number == 1:
            self.begun.set()
            assert self.release.wait(60)
        return live(number)


def test_a_drawing_that_began_earlier_does_not_replace_a_newer_one() -> None:
    draw = SlowFirst()
    view = LiveView(draw)
    page = in_a_thread(view.current)  # a page that draws the first one, slowly
    assert draw.begun.wait(60)
    assert view.redraw() == live(2)  # a refresh that ends meanwhile
    draw.release.set()
    page.join(60)
    assert view.current() == live(2)


def test_a_page_whose_drawing_was_overtaken_shows_the_newer_one() -> None:
    draw = SlowFirst()
    view, shown = LiveView(draw), []
    page = in_a_thread(lambda: shown.append(view.current()))
    assert draw.begun.wait(60)
    view.redraw()
    draw.release.set()
    page.join(60)
    assert shown == [live(2)]


def test_pages_that_open_at_once_draw_the_first_one_once() -> None:
    draw = SlowFirst()
    view = LiveView(draw)
    shown: list[Live] = []
    pages = [in_a_thread(lambda: shown.append(view.current())) for _ in range(4)]
    assert draw.begun.wait(60)
    draw.release.set()
    for page in pages:
        page.join(60)
    assert (shown, draw.runs) == ([live(1)] * 4, 1)


def test_a_drawing_that_fails_leaves_the_last_one_in_place() -> None:
    drawings = iter([live(1)])
    view = LiveView(lambda: next(drawings))
    view.current()
    with pytest.raises(StopIteration):
        view.redraw()
    assert view.current() == live(1)


class Refresh:
    """A refresh that is held until it is released."""

    def __init__(self) -> None:
        self.runs = 0
        self.release = threading.Event()

    def __call__(self) -> None:
        self.runs += 1
        assert self.release.wait(60)


def test_many_pages_start_one_refresh() -> None:
    refresh, now = Refresh(), [0.0]
    background = BackgroundRefresh(refresh, 60, lambda: now[0])
    together = threading.Barrier(8)

    def page() -> None:
        together.wait(60)
        background.start_if_due()

    for thread in [in_a_thread(page) for _ in range(8)]:
        thread.join(60)
    wait_until(lambda: refresh.runs == 1)
    background.start_if_due()
    refresh.release.set()
    wait_until(lambda: not background._running)
    assert refresh.runs == 1


def test_the_next_refresh_waits_for_its_time_after_the_end_of_the_last() -> None:
    refresh, now = Refresh(), [0.0]
    refresh.release.set()
    background = BackgroundRefresh(refresh, 60, lambda: now[0])
    for moment, runs in ((0.0, 1), (59.9, 1), (60.0, 2)):
        now[0] = moment
        wait_until(lambda: not background._running)
        background.start_if_due()
        wait_until(lambda: not background._running)
        assert refresh.runs == runs


def test_a_refresh_that_raises_ends_and_the_next_one_runs() -> None:
    now, runs = [0.0], []

    def broken() -> None:
        runs.append(now[0])
        raise RuntimeError("broken")

    background = BackgroundRefresh(broken, 60, lambda: now[0])
    for moment in (0.0, 60.0):
        now[0] = moment
        background.start_if_due()
        wait_until(lambda: not background._running)
    assert runs == [0.0, 60.0]
