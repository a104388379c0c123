"""What is drawn reads an app's records once for all readers of a version; whoever writes reads what is stored."""

from __future__ import annotations

from weakref import WeakSet

import pytest

from tests.meetings.test_records import DEPLOY, POOL
from tomoni.meetings.model import Action, Event
from tomoni.meetings.records import Records
from tomoni.meetings.remembered import Memory, remembered, remembering


def test_only_what_is_drawn_of_the_app_is_read_from_memory(records: Records):
    made, memory = records.add(POOL), Memory("checkout")
    with remembering(memory):
        assert records.listed(Action, "checkout") == (made,)
    later = records.add(POOL.model_copy(update={"text": "Later"}))
    other = records.add(POOL.model_copy(update={"app": "other"}))
    deploy = records.add(DEPLOY)
    assert records.listed(Action, "checkout") == (made, later)  # such as a press, after it was drawn
    with remembering(memory):
        assert records.listed(Action, "checkout") == (made,)
        assert records.listed(Action, "other") == (other,)
        assert records.listed(Event, "checkout") == (deploy,)
        assert records.listed(Action) == (made, later, other)
        with remembering(Memory("checkout")):
            assert records.listed(Action, "checkout") == (made, later)
        assert records.listed(Action, "checkout") == (made,)


def test_what_failed_is_asked_again():
    def fail() -> int:
        raise OSError("gone")

    with remembering(Memory("a")):
        with pytest.raises(OSError, match="gone"):
            remembered("a", "n", fail)
        assert [remembered("a", "n", lambda: 1), remembered("a", "n", fail)] == [1, 1]


def test_any_number_of_revisions_of_a_text_does_not_stay():
    memory, kept = Memory("a"), WeakSet[_Text]()
    for revision in range(1000):
        kept.add(memory.value(("text", revision), _Text))
    assert len(kept) < 100
    assert memory.value(("text", 999), _Text) in kept


class _Text:
    """What can be seen to have gone."""
