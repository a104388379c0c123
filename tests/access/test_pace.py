"""How much one reader may write on pages: as much as anybody means to, and no more."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tomoni.access.audit import Actor
from tomoni.access.pace import LIMITS, Limit, Pace, TooOftenError
from tomoni.access.policy import EVERYTHING
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Question

NOW = 1_795_860_000


def test_a_reader_waits_until_there_is_room_again_and_others_do_not():
    now = [0.0]
    pace = Pace(lambda: now[0], {"deeds": Limit(3, 60), "snapshot.kept": Limit(1, 6)})
    for _ in range(3):
        pace.take("action.added", "a")
    with pytest.raises(TooOftenError) as refused:
        pace.take("note.saved", "a")
    assert refused.value.seconds == 1
    pace.take("action.added", "b")
    pace.take("snapshot.kept", "a")
    with pytest.raises(TooOftenError) as refused:
        pace.take("snapshot.kept", "a")
    assert refused.value.seconds == 10
    now[0] = 1.0
    pace.take("action.added", "a")
    now[0] = 0.5  # a clock that goes back gives nothing
    with pytest.raises(TooOftenError):
        pace.take("action.added", "a")


@pytest.mark.parametrize(
    ("actor", "is_limited"),
    [(Actor("page", "a"), True), (Actor("page", "", "10.0.0.5"), True), (Actor("command", "root"), False)],
)
def test_what_is_refused_is_neither_stored_nor_remembered(engine: Engine, actor: Actor, is_limited: bool):
    root = Meetings(engine, lambda: float(NOW), pace=Pace(lambda: 0.0, {"deeds": Limit(2, 1)}))
    mine, others = root.seen_by(EVERYTHING, actor), root.seen_by(EVERYTHING, Actor("page", "b"))
    for number in range(2):
        mine.records.add(Action(app="shop", text=str(number)))
    if is_limited:
        with pytest.raises(TooOftenError):
            mine.records.add(Action(app="shop", text="2"))
    else:
        mine.records.add(Action(app="shop", text="2"))
    others.records.add(Action(app="shop", text="3"))
    assert len(root.records.listed(Action, "shop")) == len(list(root.audit.all())) == (3 if is_limited else 4)


def test_questions_have_one_limit_for_all_readers_and_stay_without_a_name(engine: Engine):
    root = Meetings(engine, lambda: float(NOW), pace=Pace(lambda: 0.0))
    readers = [root.seen_by(EVERYTHING, Actor("page", who)) for who in ("a", "b")]
    for number in range(LIMITS["question.asked"].burst):
        readers[number % 2].records.add(Question(app="shop", text="why?"))
    for reader in readers:
        with pytest.raises(TooOftenError):
            reader.records.add(Question(app="shop", text="why?"))
    assert list(root.audit.all()) == []
