"""When both teams meet next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.charts.reviews import app_of
from tomoni.catalog.schema import App, ReviewRhythm
from tomoni.review.agreements import next_review

BERLIN = ZoneInfo("Europe/Berlin")


def meeting(every: int, starting: datetime | None, zone: str = "Europe/Berlin") -> App:
    return replace(app_of(), timezone=zone, review=ReviewRhythm(every, starting))


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=BERLIN).timestamp())  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 9, 1, 0, 0), (2026, 10, 6, 10, 0)),
        ((2026, 10, 6, 10, 0), (2026, 10, 6, 10, 0)),
        ((2026, 10, 6, 10, 1), (2026, 10, 20, 10, 0)),
        ((2026, 10, 21, 0, 0), (2026, 11, 3, 10, 0)),
        ((2030, 1, 1, 0, 0), (2030, 1, 8, 10, 0)),
    ],
)
def test_the_next_review_keeps_its_hour_when_clocks_change(now: tuple[int, ...], expected: tuple[int, ...]):
    app = meeting(14, datetime(2026, 10, 6, 10, 0, tzinfo=BERLIN))
    assert next_review(app, at(*now)) == datetime(*expected, tzinfo=BERLIN)  # type: ignore[misc, arg-type]


def test_without_a_rhythm_or_a_first_day_there_is_no_next_review():
    assert next_review(app_of(), at(2026, 1, 1)) is None
    assert next_review(meeting(14, None), at(2026, 1, 1)) is None
