"""Whatever comes in, what goes out is a finite number or nothing."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.slo.making import HOUR, START, definitions, moments, whole_pairs
from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import burn_ledger
from tomoni.slo.journeys import CompositeMethod, composite
from tomoni.slo.lines import burn_down, forecast, rolling_remaining
from tomoni.slo.model import Buckets, Definition, Line, Objective
from tomoni.slo.pricing import price
from tomoni.slo.status import by_methods, evaluate
from tomoni.slo.tally import exclude

pytestmark = pytest.mark.slow

any_number = st.one_of(st.floats(), st.sampled_from([0.0, -0.0, 5e-324, 1e-308, 1e100, 1e308, math.inf, -math.inf]))
any_pairs = st.lists(st.one_of(whole_pairs, st.tuples(any_number, any_number)), min_size=0, max_size=40)
any_spans = st.lists(st.tuples(moments, moments), max_size=3)
odd_objectives = st.sampled_from(["99.9", "0.1", "1e-30", "99." + "9" * 40, "99." + "9" * 330, "100"]) | st.decimals(
    Decimal("1e-400"), Decimal(100), allow_nan=False
).filter(lambda percent: percent > 0).map(str)


@st.composite
def any_buckets(draw: st.DrawFn) -> Buckets:
    pairs = draw(any_pairs)
    columns = np.array([pair or (np.nan, np.nan) for pair in pairs], dtype=np.float64).reshape(-1, 2)
    absent = np.array(draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs))), dtype=np.bool_)
    return exclude(Buckets(START, 300, columns[:, 0], columns[:, 1], absent), draw(any_spans))


def numbers(value: Any) -> Iterator[float]:
    """Every float in a value, however deep."""
    if isinstance(value, float):
        yield value
    elif isinstance(value, Line):
        yield from (number for number in value.values.tolist() if not math.isnan(number))
    elif is_dataclass(value):
        for field in fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from numbers(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from numbers(each)


def assert_presentable(*values: Any) -> None:
    for number in numbers(values):
        assert math.isfinite(number)
        assert number != 0 or math.copysign(1, number) > 0, "-0.0"


@settings(max_examples=300, deadline=None)
@given(any_buckets(), definitions, odd_objectives, moments)
def test_figures_are_finite_numbers_or_nothing(held: Buckets, wanted: Definition, objective: str, at: int) -> None:
    wanted = replace(wanted, objective=Objective(Decimal(objective)))
    figures = evaluate(held, wanted, at)
    assert_presentable(figures)
    assert 0 <= figures.bad <= figures.total
    assert 0 <= figures.coverage <= 1
    assert figures.sli is None or 0 <= figures.sli <= 1
    assert figures.remaining is None or figures.remaining <= 1
    assert_presentable(composite([figures, figures], CompositeMethod.EVENTS_SUMMED))


@settings(max_examples=150, deadline=None)
@given(any_buckets(), definitions, odd_objectives, any_spans)
def test_lines_episodes_and_forecasts_are_finite_or_nothing(
    held: Buckets, wanted: Definition, objective: str, spans: list[tuple[int, int]]
) -> None:
    wanted = replace(wanted, objective=Objective(Decimal(objective)))
    start, end = START - HOUR, held.end + HOUR
    times = np.arange(start, end, 700, dtype=np.int64)
    assert_presentable(rolling_remaining(held, wanted, times), burn_down(held, wanted, start, end))
    assert_presentable(burn_ledger(held, wanted, start, end), price(held, wanted, start, end, spans))
    assert_presentable(alert_history(held, wanted, start, end), forecast(held, wanted, held.end))
    assert_presentable(by_methods(held, wanted, held.end))
