"""Followers are taken along a few at a time, and none waits for long for those that do not end."""

from __future__ import annotations

import threading
import time

import pytest

from tomoni.ui.turns import Turns, take_along, turn


def draw(turns: Turns, seconds: float, pages: int) -> int:
    """The most that were drawn at the same moment."""
    lock, now, most = threading.Lock(), 0, 0

    def page() -> None:
        nonlocal now, most
        with turns.turn():
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(seconds)
            with lock:
                now -= 1

    threads = [threading.Thread(target=page) for _ in range(pages)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return most


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_no_more_pages_are_drawn_at_a_time_than_are_meant_to(at_once: int) -> None:
    assert draw(Turns(at_once, patience=60), 0.01, pages=12) == at_once


def test_a_page_that_does_not_end_holds_up_the_others_no_longer_than_they_are_patient() -> None:
    turns, ended = Turns(1, patience=0.05), threading.Event()
    held = threading.Event()

    def stuck() -> None:
        with turns.turn():
            held.set()
            ended.wait(60)

    thread = threading.Thread(target=stuck)
    thread.start()
    held.wait(60)
    with turns.turn():
        assert not ended.is_set()  # drawn while the other still is
    ended.set()
    thread.join()
    assert draw(turns, 0.01, pages=2) == 1  # who went on without a turn gave none back


def test_a_page_that_fails_or_is_drawn_anew_gives_its_turn_back() -> None:
    turns = Turns(1, patience=60)
    for error in (ValueError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error), turns.turn():
            raise error
    with turns.turn():
        pass


def test_only_the_run_that_takes_a_follower_along_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tomoni.ui.turns._FOLLOWERS", Turns(0, patience=0.1))
    took = []
    for along in (False, True, False):
        if along:
            take_along()
        began = time.monotonic()
        with turn():
            took.append(time.monotonic() - began)
    assert took[1] >= 0.1 > max(took[0], took[2])
