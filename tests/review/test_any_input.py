"""Whatever a source told, a review holds finite numbers or nothing; only lines have gaps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.base import Interval
from data_sources.queries import Counts
from tests.slo.making import DAY, START, definitions
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Catalog, Exclusion, Journey, OneOff, Policy, PolicyLevel, SeriesRef, Slo
from tomoni.catalog.schema import Settings as CatalogSettings
from tomoni.ledger import Horizon, Ledger, Remembered, SeriesState
from tomoni.ledger.changes import Change
from tomoni.review.inputs import ReviewInputs
from tomoni.review.joint import build_review
from tomoni.review.model import Period, SloTrack
from tomoni.review.status import build_overview
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import Definition

pytestmark = pytest.mark.slow

PLAIN = LocalText({"": "x"})
LEVELS = tuple(PolicyLevel(f"l{below}", below, PLAIN, ()) for below in (0.5, 0.25, 0.0))
any_number = st.one_of(st.floats(), st.integers(0, 1000).map(float), st.sampled_from([math.inf, -0.0, 1e308, 5e-324]))
columns = st.lists(st.tuples(any_number, any_number, st.booleans(), st.booleans()), max_size=60)
spans = st.lists(st.tuples(st.integers(0, DAY), st.integers(1, DAY)), max_size=2)


@dataclass
class AnyLedger:
    """Remembers the same counts for whatever it is asked, from the end on backwards."""

    rows: list[tuple[float, float, bool, bool]]

    def read(self, refs: Sequence[SeriesRef], start: int, end: int) -> dict[str, Remembered]:
        return {ref.key: self._remembered(ref.step_seconds, start, end) for ref in refs}

    def states(self, keys: Sequence[str]) -> dict[str, SeriesState]:
        return {}

    def observed_before(self, keys: Sequence[str], moment: int) -> set[str]:
        return set()

    def horizons(self, keys: Sequence[str]) -> dict[str, Horizon]:
        return {}

    def changes(self, keys: Sequence[str], start: int, until: int) -> list[Change]:
        return []

    def _remembered(self, step: int, start: int, end: int) -> Remembered:
        interval = Interval(start // step * step, -(-end // step) * step, step)
        made = {name: np.full(len(interval), np.nan) for name in ("good", "total", "absent", "value")}
        asked = np.zeros(len(interval), dtype=np.int64)
        for place, (good, total, absent, known) in enumerate(self.rows[-len(interval) :], -len(self.rows)):
            made["good"][place], made["total"][place], made["absent"][place] = good, total, float(absent)
            asked[place] = int(known)
        return Remembered(interval, made, asked)


def app_of(definition: Definition, exclusions: tuple[Exclusion, ...]) -> App:
    slos = tuple(Slo(name, PLAIN, None, "gone", Counts(counts=name), 300, definition) for name in ("one", "two"))
    journey = Journey("buy", PLAIN, None, slos, CompositeMethod.EVENTS_SUMMED)
    policy = Policy("standard", PLAIN, date(2026, 4, 1), LEVELS)
    return App("shop", PLAIN, None, {}, "Asia/Tokyo", (), None, (journey,), (), "shop.yaml", exclusions, policy)


def numbers(value: object, where: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a value with the path to it; of arrays only what is odd: gaps are fine in lines."""
    if isinstance(value, np.ndarray):
        odd = ~np.isfinite(value) & ~np.isnan(value)
        minus_zero = (value == 0) & np.signbit(value)
        yield from ((where, float(number)) for number in value[odd | minus_zero])
    elif isinstance(value, float):
        yield where, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from numbers(part, f"{where}.{key}")
    elif isinstance(value, tuple | list):
        for part in value:
            yield from numbers(part, where)
    elif is_dataclass(value) and not isinstance(value, Enum):
        for field in fields(value):
            skipped = isinstance(value, SloTrack) and field.name == "buckets"  # what the source told, as it was
            if not skipped:
                yield from numbers(getattr(value, field.name), f"{where}.{field.name}")


@given(definitions, columns, spans, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_no_review_and_no_overview_holds_an_infinity_or_a_minus_zero(
    definition: Definition, rows: Any, excluded: list[tuple[int, int]], days: int
) -> None:
    as_of = START + 40 * DAY + 137
    outages = tuple(
        Exclusion(f"x{place}", PLAIN, "Asia/Tokyo", OneOff(as_of - back, as_of - back + length))
        for place, (back, length) in enumerate(excluded)
    )
    app = app_of(definition, outages)
    inputs = ReviewInputs(Catalog((app,), {}, CatalogSettings(), ()), cast(Ledger, AnyLedger(rows)), {}, as_of)
    made = (build_review(inputs, app, Period(as_of, days)), build_overview(inputs, as_of, [app]))
    for where, number in numbers(made):
        assert math.isfinite(number), where
        assert number != 0 or math.copysign(1, number) == 1, where
