"""How numbers are rounded and written."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from tomoni.words.text import text_for

EN, JA = text_for("en"), text_for("ja")
ANY = st.floats(allow_nan=True, allow_infinity=True)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@table(
    ("ratio", "shown"),
    [
        (None, "—"),
        (math.nan, "—"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.5, "50%"),
        (0.4237, "42.4%"),
        (0.0934, "9.34%"),
        (0.9995, "99.95%"),
        (0.9996, "99.96%"),
        (0.999934, "99.9934%"),
        (0.99999999999, "99.99999999%"),
        (-0.4, "-40%"),
        (-0.00001, "0%"),
    ],
)
def test_a_ratio_is_shown_in_percent_with_as_many_decimals_as_it_takes(ratio: float | None, shown: str) -> None:
    assert EN.percent(ratio) == shown


@given(st.floats(min_value=0, max_value=1, exclude_max=True), st.sampled_from([None, 0, 1, 2]))
def test_what_is_not_all_is_never_shown_as_all(ratio: float, digits: int | None) -> None:
    assert EN.percent(ratio, digits) != "100%"
    assert not EN.percent(ratio, digits).startswith("100")
    assert not EN.sli(ratio).startswith("100")


@given(FINITE.filter(lambda x: abs(x) < 1e9), st.integers(0, 4))
def test_nothing_is_ever_a_negative_zero(x: float, digits: int) -> None:
    for shown in (EN.percent(x, digits), EN.number(x, digits), EN.count(x), EN.budget(x), EN.points(x), EN.number(x)):
        assert not shown.startswith("-0%")
        assert shown.strip("%") not in {"-0", "-0.0", "-0.00", "-0.000", "-0.0000"}


@given(ANY, st.sampled_from(["ratio", "percent", "seconds", "bytes", "count", "per_second"]))
def test_any_value_of_a_source_can_be_shown(x: float, unit: str) -> None:
    assert EN.quantity(x, unit)
    assert JA.quantity(x, unit)
    assert EN.number(x)


@pytest.mark.parametrize(("a", "b"), [(0.9995, 0.9996), (0.999934, 0.999935), (0.9, 0.9001), (0.99, 0.9901)])
def test_slis_that_differ_where_it_matters_are_shown_differently(a: float, b: float) -> None:
    assert EN.sli(a) != EN.sli(b)


def test_an_sli_has_at_least_two_decimals() -> None:
    assert [EN.sli(x) for x in (0.5, 0.99, 0.9972, 1.0)] == ["50.00%", "99.00%", "99.72%", "100.00%"]


@pytest.mark.parametrize(
    ("percent", "shown"), [("99.9", "99.9%"), ("100", "100%"), ("0.999", "0.999%"), ("50.0", "50%")]
)
def test_an_objective_is_shown_exactly_as_it_was_written(percent: str, shown: str) -> None:
    assert EN.objective(Decimal(percent)) == shown


@pytest.mark.parametrize(
    ("remaining", "shown"),
    [
        (None, "—"),
        (1.0, "100%"),
        (0.999, "99%"),
        (0.31, "31%"),
        (0.042, "4.2%"),
        (0.0002, "<0.1%"),
        (0.0, "0%"),
        (-0.4, "-40%"),
    ],
)
def test_a_rest_of_the_budget_is_never_shown_as_nothing_nor_as_all(remaining: float | None, shown: str) -> None:
    assert EN.budget(remaining) == shown


@pytest.mark.parametrize(
    ("rate", "shown"),
    [(None, "—"), (0.0, "0×"), (0.001, "<0.01×"), (0.32, "0.32×"), (1.0, "1.00×"), (14.4, "14.4×"), (144.4, "144×")],
)
def test_a_burn_rate_is_a_factor(rate: float | None, shown: str) -> None:
    assert EN.burn(rate) == shown


@table(
    ("value", "unit", "english", "japanese"),
    [
        (0.8, "ratio", "80%", "80%"),
        (80.0, "percent", "80%", "80%"),
        (0.141, "seconds", "141 ms", "141ミリ秒"),
        (2.5, "seconds", "2.5 s", "2.5秒"),
        (400.0, "seconds", "6 min 40 s", "6分40秒"),
        (0.9996, "seconds", "1 s", "1秒"),
        (59.96, "seconds", "1 min", "1分"),
        (1023.6 * 1024, "bytes", "1 MiB", "1 MiB"),
        (-1023.6, "bytes", "-1 KiB", "-1 KiB"),
        (5e9, "bytes", "4.66 GiB", "4.66 GiB"),
        (0.0, "bytes", "0 B", "0 B"),
        (12.345, "per_second", "12.3/s", "12.3/秒"),
        (1234567.0, "count", "1,234,567", "1,234,567"),
        (math.nan, "count", "—", "—"),
        (1.7e308, "seconds", "1.7e308 s", "1.7e308秒"),
        (-1.7e308, "count", "-1.7e308", "-1.7e308"),
        (5e-324, "ratio", "5e-322%", "5e-322%"),
        (4.2e-9, "count", "4.2e-9", "4.2e-9"),
        (2e20, "bytes", "2e20 B", "2e20 B"),
        (math.inf, "bytes", "∞ B", "∞ B"),
        (-math.inf, "seconds", "-∞ s", "-∞秒"),
    ],
)
def test_a_signal_is_shown_in_its_unit(value: float, unit: str, english: str, japanese: str) -> None:
    assert (EN.quantity(value, unit), JA.quantity(value, unit)) == (english, japanese)


@given(st.floats(1e-7, 1e17), st.sampled_from(["seconds", "bytes"]))
def test_no_signal_is_written_in_a_unit_of_which_it_is_a_whole_next_one(value: float, unit: str) -> None:
    number, name = re.fullmatch(r"([\d,.]+) (\S+).*", EN.quantity(value, unit)).groups()  # type: ignore[union-attr]
    most = {"ms": 1000, "s": 60, "min": 60, "h": 24, **dict.fromkeys(("B", "KiB", "MiB", "GiB", "TiB"), 1024)}
    assert float(number.replace(",", "")) < most.get(name, math.inf)


def test_counts_are_grouped_and_whole_where_they_are_many() -> None:
    assert [EN.count(x) for x in (1234567.8, 100.4, 12.34, 0.0, None)] == ["1,234,568", "100", "12.3", "0", "—"]


def test_a_difference_of_percentages_carries_its_sign() -> None:
    assert [EN.points(x) for x in (0.03, -0.444, 0.0, None)] == ["+3", "-44", "0", "—"]


def test_a_list_reads_as_a_sentence_does() -> None:
    assert EN.join(["a", "b", "c"]) == "a, b and c"
    assert JA.join(["a", "b", "c"]) == "a、b、c"
    assert (EN.join(["a"]), EN.join([])) == ("a", "")
    assert (EN.listed(["a", "b"]), JA.listed(["a", "b"])) == ("a, b", "a、b")


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (52_200, "14 h 30 min", "14時間30分"),
        (86_460, "1 d 1 min", "1日1分"),
        (1.5, "1.5 s", "1.5秒"),
        (0.3, "300 ms", "300ミリ秒"),
        (0, "0 s", "0秒"),
    ],
)
def test_a_length_that_was_agreed_is_not_rounded(seconds: float, english: str, japanese: str) -> None:
    assert text_for("en").length(seconds) == english
    assert text_for("ja").length(seconds) == japanese


def test_no_objective_is_rounded() -> None:
    """98.95 % is not 99 %: objectives are shown as they were written, wherever they are."""
    rounded = re.compile(r"\.percent\([\w.]*objective\.ratio")
    found = [path for path in (Path(__file__).parents[2] / "tomoni").rglob("*.py") if rounded.search(path.read_text())]
    assert found == []
    assert EN.objective(Decimal("98.95")) == "98.95%"


@table("ratio", [0.05, 0.0099, 0.004, 0.0005, 0.00049, 0.00004, 0.000001])
def test_what_is_more_than_nothing_is_never_shown_as_nothing(ratio: float) -> None:
    for shown in (
        EN.count(ratio),
        EN.percent(ratio),
        EN.sli(ratio),
        EN.budget(ratio),
        EN.burn(ratio),
        EN.number(ratio),
    ):
        assert re.search("[1-9]", shown), shown


@table(
    ("count", "shown"), [(0.02, "0.02"), (0.047, "0.05"), (0.096, "0.1"), (0.26, "0.3"), (0.003, "0.003"), (1e-13, "0")]
)
def test_counts_below_one_keep_a_digit(count: float, shown: str) -> None:
    assert EN.count(count) == shown
