"""Answers are stored together: when the first of them has waited for a second, or when they are many."""

from __future__ import annotations

from sqlalchemy import Engine

from data_sources.base import Answer, Interval, Request, Series
from tests.ledger.fakes import NOW, STEP, MemorySource, sli, truth
from tomoni.ledger.merging import Batch, Run

REFS = {ref.key: ref for ref in (sli(f"s{n}") for n in range(64))}
HOUR = Interval(NOW // 3600 * 3600 - 7200, NOW // 3600 * 3600 - 3600, STEP)


class Clock:
    """A clock that never goes back, which stands until a test moves it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def batch(engine: Engine, clock: Clock) -> Batch:
    source = MemorySource()
    return Batch(engine, Run(REFS, {source.id: source}, NOW, clock))


def add(to: Batch, number: int) -> int:
    """Takes the answer for a series; how many wait then."""
    ref = list(REFS.values())[number]
    to.add(Answer(Request(ref.key, ref.query, HOUR), Series(HOUR, truth(ref.key, HOUR))))
    to.flush_if_due()
    return len(to.pending)


def test_answers_wait_until_the_first_of_them_has_waited_for_a_second(engine: Engine) -> None:
    clock = Clock()
    made, waiting = batch(engine, clock), []
    for number, moment in enumerate((100.0, 100.5, 100.9, 101.0, 101.5, 102.4, 102.5)):
        clock.now = moment
        waiting.append(add(made, number))
    assert waiting == [1, 2, 3, 0, 1, 2, 0]


def test_sixty_four_answers_wait_for_nobody(engine: Engine) -> None:
    made = batch(engine, Clock())
    assert [add(made, number) for number in range(64)] == [*range(1, 64), 0]
