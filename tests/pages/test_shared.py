"""What was made for one reader is shown to the next, and forgotten once pages show newer figures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest

from tests.tables import table
from tomoni.review.model import Review
from tomoni.ui.context import Context
from tomoni.ui.kept import kept_of_review
from tomoni.ui.shared import Shared
from tomoni.ui.shared import shared as of_process
from tomoni.words.text import text_for


def test_what_was_made_of_the_same_figures_is_not_made_again():
    shared, made = Shared(8), list[str]()

    def make() -> str:
        made.append("")
        return f"made {len(made)}"

    assert [shared.value(1, "an app", make) for _ in range(3)] == ["made 1"] * 3
    assert [shared.value(1, "another app", make), shared.value(2, "an app", make)] == ["made 2", "made 3"]


def test_a_thousand_refreshes_leave_no_more_than_the_newest_figures():
    shared = Shared(128)
    for version in range(1000):
        for app in range(12):
            shared.value(version, app, object)
    assert len(shared) == 3 * 12


@table(("page", "kept"), [({}, 3), ({"frozen": True}, 9), ({"dated": True}, 9)])
def test_what_goes_along_with_time_is_forgotten_although_nothing_new_is_known(page: dict[str, bool], kept: int):
    of = f"for this test alone: {page}"
    for moment in range(9):
        about = {"figures": (1, 1), "frozen": False, "dated": False, "tomoni": SimpleNamespace(seen_as="*"), **page}
        context = cast("Context", SimpleNamespace(**about, live=SimpleNamespace(as_of=moment)))
        Context.shared(context, of, 32, moment, object)
        Context.shared(context, f"{of}, which lasts", 32, moment, object, lasts=True)
    assert (len(of_process(of, 32)), len(of_process(f"{of}, which lasts", 32))) == (kept, 9)


def test_figures_that_are_still_looked_at_stay_while_newer_ones_come():
    shared, frozen = Shared(128), object()
    for version in range(1, 20):
        shared.value(version, "live", object)
        assert shared.value(0, "frozen", lambda: frozen) is frozen


def test_of_too_many_results_those_go_that_were_not_asked_for_the_longest():
    shared = Shared(3)
    for app in ("a", "b", "c", "a", "d"):
        shared.value(1, app, partial(str, app))
    assert [shared.value(1, app, lambda: "again") for app in ("a", "c", "d")] == ["a", "c", "d"]
    assert shared.value(1, "b", lambda: "again") == "again"


def test_what_fails_is_made_again():
    shared = Shared(3)
    with pytest.raises(ZeroDivisionError):
        shared.value(1, "a", lambda: 1 / 0)
    assert shared.value(1, "a", lambda: 2.0) == 2.0


def test_two_who_ask_at_once_get_what_one_of_them_made():
    shared, begun, go_on, found = Shared(3), threading.Event(), threading.Event(), list[object]()

    def slow() -> object:
        begun.set()
        go_on.wait(60)
        return object()

    first = threading.Thread(target=lambda: found.append(shared.value(1, "a", slow)))
    first.start()
    begun.wait(60)
    second = threading.Thread(target=lambda: found.append(shared.value(1, "a", object)))
    second.start()
    go_on.set()
    first.join(60)
    second.join(60)
    assert len(found) == 2
    assert found[0] is found[1]


def test_what_is_told_of_a_review_is_that_of_its_figures_its_events_the_language_and_who_sees_it():
    shared, told = Shared(8), list[str]()

    def make() -> str:
        told.append("")
        return f"told {len(told)}"

    def reader(language: str = "en", sees: str = "all", figures: int = 1) -> Context:
        def value(_of: str, _most: int, about: Hashable, make: Callable[[], object]) -> object:
            return shared.value(figures, (sees, about), make)

        return cast("Context", SimpleNamespace(text=text_for(language), shared=value))

    def review(tracks: tuple[object, ...], events: tuple[object, ...] = (), app: str = "shop") -> Review:
        found = SimpleNamespace(app=SimpleNamespace(id=app), tracks=tracks, start=0, as_of=9, events=events)
        return cast("Review", found)

    def tell(context: Context, of: Review, about: str = "a journey") -> str:
        return kept_of_review(context, of, (about,), make)

    live, frozen = (object(),), (object(),)
    asked = [
        (reader(), review(live)),
        (reader(), review(frozen)),  # the same period, of figures that were frozen before
        (reader(), review(live, ("a deploy",))),
        (reader("ja"), review(live)),
        (reader(sees="one app"), review(live)),
        (reader(figures=2), review(live)),
        (reader(), review(())),
        (reader(), review((), app="pool")),  # nothing is the same object wherever it is
    ]
    expected = [f"told {n + 1}" for n in range(len(asked))]
    assert [tell(*each) for each in asked] == [tell(*each) for each in asked] == expected
    assert tell(*asked[0], "another journey") == f"told {len(asked) + 1}"
