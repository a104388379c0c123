"""What a page answers to the component that saves a text: saved, refused with a reason, or to be tried again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.notes import SavedNote
from tomoni.store.errors import StoreError
from tomoni.ui.meeting import notes
from tomoni.words.text import text_for

EN = text_for("en")
SENT = {"key": "m/since", "base": "a", "text": "b", "nonce": "n1"}


def answers(monkeypatch: pytest.MonkeyPatch, save: notes.Save, sent: object = SENT) -> list[dict[str, Any]]:
    """The answers of a session after the component sent something."""
    state = {"box": {"sent": sent}, "saving-targets": {"m/since": save}}
    monkeypatch.setattr(notes, "st", SimpleNamespace(session_state=state))
    notes._saved("box", EN)
    found: Any = state.get("saving-answers", [])
    return list(found)


def failing(error: Exception) -> notes.Save:
    def save(base: str, text: str) -> SavedNote:
        raise error

    return save


def test_what_was_saved_is_acknowledged_by_its_sign(monkeypatch: pytest.MonkeyPatch):
    given: list[tuple[str, str]] = []

    def save(base: str, text: str) -> SavedNote:
        given.append((base, text))
        return SavedNote(2, "b", conflict=True)

    assert answers(monkeypatch, save) == [{"key": "m/since", "nonce": "n1", "saved": True, "conflict": True}]
    assert given == [("a", "b")]


def test_what_is_refused_is_said_and_not_tried_again(monkeypatch: pytest.MonkeyPatch):
    (answer,) = answers(monkeypatch, failing(MeetingError("meeting_closed", {"id": "m"})))
    assert (answer["saved"], answer["again"]) == (False, False)
    assert answer["said"].startswith("This review is closed")
    long = MeetingError("record_invalid", {"kind": "note", "field": "text", "reason": "string_too_long", "limit": 9})
    (answer,) = answers(monkeypatch, failing(long))
    assert answer["said"] == "“Text” is too long. Shorten it to at most 9 characters."


def test_a_database_that_does_not_answer_is_tried_again(monkeypatch: pytest.MonkeyPatch):
    (answer,) = answers(monkeypatch, failing(StoreError("database_locked")))
    assert (answer["saved"], answer["again"]) == (False, True)


@pytest.mark.parametrize(
    "sent", [None, "text", [], {}, {**SENT, "text": 7}, {**SENT, "base": None}, {**SENT, "key": "other"}]
)
def test_anything_else_changes_nothing(monkeypatch: pytest.MonkeyPatch, sent: object):
    assert answers(monkeypatch, failing(AssertionError()), sent) == []
