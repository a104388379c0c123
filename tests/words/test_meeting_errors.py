"""Whatever is refused of what teams write is said in words: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel

from tomoni.languages import LANGUAGES
from tomoni.meetings.errors import Code, MeetingError
from tomoni.meetings.model import KINDS, Written
from tomoni.meetings.records import validated
from tomoni.words.meeting_errors import FIELDS, TABLE, THINGS, describe, line
from tomoni.words.text import text_for

TEXTS = [text_for(language) for language in LANGUAGES]
HOSTILE: tuple[object, ...] = (
    "",
    " ",
    "x" * 250_000,
    "javascript:alert(1)",
    "https://",
    "https://user:secret@tracker.example/1",
    "8 Dec",
    "2026-13-40",
    "2026-12-08T10:30:00",
    -1,
    10**20,
    1.5,
    float("nan"),
    float("inf"),
    None,
    True,
    [],
    {},
    ["x"] * 200,
    ["https://\n"],
    [{"title": "", "url": "ftp://x"}],
    [{"title": "x" * 301, "url": ""}],
    {"place": "nowhere", "ref": "x" * 400},
    object(),
)
ID = "0" * 24
GOOD: dict[str, dict[str, object]] = {
    "meeting": {"planned_at": 1, "start": 1, "as_of": 2},
    "action": {"text": "x"},
    "incident": {"title": "x", "start": 1, "end": 2},
    "episode_reason": {"slo": "a/b/c", "start": 1, "end": 2, "reason": "unknown"},
    "postmortem": {"title": "x"},
    "question": {"text": "x"},
    "conclusion": {"meeting": ID, "slo": "a/b/c", "choice": "kept"},
    "decision": {"what": "confirmed", "text": "x"},
    "event": {"at": 1, "title": "x"},
    "saved_view": {"title": "x", "address": "metric=up"},
    "risk": {"title": "x", "detect_minutes": 1, "repair_minutes": 1, "share_of_users": 0.5, "days_between": 1},
}


def refusals(kind: type[Written]) -> Iterator[MeetingError]:
    """Every way in which one field of a good record is refused."""
    good = {"app": "checkout", **GOOD[kind.kind]}
    for field in kind.model_fields:
        for value in (*HOSTILE, "left out"):
            fields = {name: each for name, each in good.items() if name != field or value != "left out"}
            try:
                validated(kind, fields if value == "left out" else {**fields, field: value})
            except MeetingError as error:
                yield error


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_and_reason_has_a_sentence_that_says_where_what_and_what_to_do(kind: type[Written]) -> None:
    found = {(str(e.facts["field"]), str(e.facts["reason"])): e for e in refusals(kind)}
    assert len(found) > 5
    for (_, reason), error in found.items():
        for text in TEXTS:
            what, hint = describe(error, text)
            assert text._(THINGS[kind.kind]) in what, error.facts
            assert hint, error.facts
            assert "%(" not in what + hint
            assert "?" not in hint, error.facts
            assert reason not in what + hint, error.facts


@pytest.mark.parametrize("code", get_args(Code))
def test_every_code_has_a_sentence_in_both_languages(code: Code) -> None:
    said = [line(MeetingError(code, {"kind": "action", "id": ID, "app": "chekout"}), text) for text in TEXTS]
    assert len(set(said)) == len(TEXTS)
    assert all(code not in each for each in said)
    assert code in TABLE


def fields(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def test_every_field_has_a_name_and_no_name_is_left_over() -> None:
    assert {name for kind in KINDS.values() for name in fields(kind)} | {"url", "ref"} <= set(FIELDS)
    assert set(KINDS) == set(THINGS)


def test_the_limits_are_those_of_the_field() -> None:
    def hint(kind: str, **fields: object) -> str:
        with pytest.raises(MeetingError) as caught:
            validated(KINDS[kind], {"app": "checkout", **GOOD[kind], **fields})
        return describe(caught.value, text_for("en"))[1]

    assert hint("action", text="x" * 301) == "Shorten it to at most 300 characters."
    assert hint("incident", links=[{"title": "x" * 301, "url": "https://x.example"}]).endswith("300 characters.")
    assert hint("risk", share_of_users=1.5) == "The limit is 1."
    assert hint("risk", days_between=0) == "The limit is 0."
    assert hint("action", state="finished") == "Choose one of: open, done, dropped."
