"""How lengths of time and moments are written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomoni.words.text import text_for

EN, JA = text_for("en", "Asia/Tokyo"), text_for("ja", "Asia/Tokyo")
MOMENT = int(datetime(2026, 11, 18, 1, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0, "0 s", "0秒"),
        (0.32, "320 ms", "320ミリ秒"),
        (45, "45 s", "45秒"),
        (59.6, "1 min", "1分"),
        (2400, "40 min", "40分"),
        (7500, "2 h 5 min", "2時間5分"),
        (3599.9, "1 h", "1時間"),
        (86_399, "1 d", "1日"),
        (90_000, "1 d 1 h", "1日1時間"),
        (2_419_200, "28 d", "28日"),
        (-100, "-1 min 40 s", "-1分40秒"),
        (None, "—", "—"),
    ],
)
def test_a_length_of_time_has_its_two_largest_units(seconds: float | None, english: str, japanese: str) -> None:
    assert (EN.duration(seconds), JA.duration(seconds)) == (english, japanese)


@given(st.floats(min_value=1, max_value=1e9))
def test_no_unit_of_a_length_of_time_overflows(seconds: float) -> None:
    for part in EN.duration(seconds).replace(",", "").split(" ")[::2]:
        assert int(part) < 100_000
    assert "60 min" not in EN.duration(seconds)
    assert "60 s" not in EN.duration(seconds)
    assert "24 h" not in EN.duration(seconds)


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0, "just now", "たった今"),
        (60, "1 minute ago", "1分前"),
        (130, "2 minutes ago", "2分前"),
        (3600, "1 hour ago", "1時間前"),
        (86_400, "24 hours ago", "24時間前"),
        (3 * 86_400, "3 days ago", "3日前"),
    ],
)
def test_how_long_ago_something_was(seconds: float, english: str, japanese: str) -> None:
    assert (EN.ago(seconds), JA.ago(seconds)) == (english, japanese)


def test_a_moment_is_shown_in_the_readers_zone_and_names_it() -> None:
    assert EN.moment(MOMENT) == "18 Nov 2026, 10:00 JST"
    assert JA.moment(MOMENT) == "2026年11月18日 10:00 JST"
    assert EN.near_moment(MOMENT) == "18 Nov, 10:00 JST"
    assert (EN.clock(MOMENT), EN.day(MOMENT), EN.day(MOMENT, year=False)) == ("10:00 JST", "18 Nov 2026", "18 Nov")
    assert (JA.day(MOMENT), JA.day(MOMENT, year=False)) == ("2026年11月18日", "11月18日")
    assert EN.moment(None) == EN.clock(None) == EN.day(None) == EN.near_moment(None) == "—"


def test_a_zone_without_letters_is_named_by_its_distance() -> None:
    assert text_for("en", "America/Sao_Paulo").moment(MOMENT) == "17 Nov 2026, 22:00 UTC-03"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        text_for("en", "Mars/Olympus")


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (5400, "18 Nov 2026, 10:00–11:30 JST", "2026年11月18日 10:00～11:30 JST"),
        (864_000, "18 Nov, 10:00 – 28 Nov 2026, 10:00 JST", "2026年11月18日 10:00～11月28日 10:00 JST"),
        (8_640_000, "18 Nov 2026, 10:00 – 26 Feb 2027, 10:00 JST", "2026年11月18日 10:00～2027年2月26日 10:00 JST"),
    ],
)
def test_a_span_says_a_day_and_a_year_once(seconds: int, english: str, japanese: str) -> None:
    assert EN.span(MOMENT, MOMENT + seconds) == english
    assert JA.span(MOMENT, MOMENT + seconds) == japanese


def test_a_span_over_the_change_of_the_clocks_names_both_zones() -> None:
    start = int(datetime(2026, 10, 24, 22, 0, tzinfo=UTC).timestamp())
    assert text_for("en", "Europe/Berlin").span(start, start + 7200 * 2) == (
        "25 Oct, 00:00 CEST – 25 Oct 2026, 03:00 CET"
    )
