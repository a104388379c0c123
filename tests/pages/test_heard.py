"""Many who look at a meeting ask the store as often as one, and what they hear is never old."""

from __future__ import annotations

import pytest

from tomoni.meetings.steps import Step
from tomoni.ui.meeting.heard import Heard, Memory

HEARD = Heard(Step("since", 0, 1), 1)


class Store:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked, self.now = 0, 100.0

    def ask(self) -> Heard:
        """What is in the store."""
        self.asked += 1
        return Heard(HEARD.step, self.asked)


@pytest.mark.parametrize(
    ("later", "version"),
    [(0.0, 1), (0.2, 1), (0.25, 2), (9.0, 2), (-5.0, 2)],
    ids=["at once", "soon", "not any more", "long after", "clock back"],
)
def test_what_was_heard_holds_for_a_moment(later: float, version: int):
    store = Store()
    memory = Memory(lambda: store.now)
    assert memory.newest(("*", "m"), store.ask).version == 1
    store.now += later
    assert [memory.newest(("*", "m"), store.ask).version for _ in range(20)] == [version] * 20
    assert store.asked == version


def test_readers_who_see_other_apps_hear_for_themselves():
    store = Store()
    memory = Memory(lambda: store.now)
    assert [memory.newest((seen, "m"), store.ask).version for seen in ("*", "a!", "*")] == [1, 2, 1]


def test_a_store_that_does_not_answer_is_asked_again():
    store = Store()
    memory = Memory(lambda: store.now)

    def fail() -> Heard:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        memory.newest(("*", "m"), fail)
    assert memory.newest(("*", "m"), store.ask).version == 1


def test_an_answer_that_comes_late_does_not_replace_a_newer_one():
    store = Store()
    memory = Memory(lambda: store.now)

    def slow() -> Heard:
        answer = store.ask()
        store.now += 1
        assert memory.newest(("*", "m"), store.ask).version == 2
        return answer

    assert memory.newest(("*", "m"), slow).version == 1
    assert memory.newest(("*", "m"), store.ask).version == 2


def test_whoever_asks_anew_hears_what_is_new_at_once_and_so_do_the_others():
    store = Store()
    memory = Memory(lambda: store.now)
    assert memory.newest(("*", "m"), store.ask).version == 1
    assert memory.anew(("*", "m"), store.ask).version == 2
    assert memory.newest(("*", "m"), store.ask).version == 2
