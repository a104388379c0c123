"""Answers of Cloud Monitoring mutated at random, as bytes and as messages: a value or an error of a source.

TOMONI_MUTATIONS=5000 tries as many.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from google.protobuf.message import Message

from data_sources.base import Answer, Interval
from data_sources.cloud_monitoring.config import CloudSignal, Distribution, NativeSlo
from data_sources.cloud_monitoring.source import CloudMonitoringSource
from data_sources.errors import SourceError
from data_sources.queries import Query, Ratio
from tests.data_sources.mutating import MUTATIONS, mutated_bytes
from tests.google_stand_in.asking import requests_for, source_at
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.slos import NativeSlo as KeptSlo
from tests.google_stand_in.world import Bounds, MetricSpec, World, delta, histogram

pytestmark = pytest.mark.slow
START = 1_790_000_100
HOUR = Interval(START, START + 3600, 300)
REQUESTS = MetricSpec("lb/requests", "DELTA", "INT64", {"class": "STRING"})
LATENCY = MetricSpec("lb/latency", "DELTA", "DISTRIBUTION", {}, unit="ms")
TOTAL, SLO = 'metric.type="lb/requests"', "projects/demo/services/shop/serviceLevelObjectives/kept"
QUERIES: list[Query] = [
    Ratio(total=TOTAL, bad=f'{TOTAL} metric.labels.class="5xx"'),
    Ratio(total=TOTAL, good=f'{TOTAL} metric.labels.class="2xx"'),
    Distribution(distribution='metric.type="lb/latency"', under=250),
    CloudSignal(filter=TOTAL, aligner="ALIGN_RATE"),
    NativeSlo(slo=SLO),
]
NUMBERS = (0, 1, -1, 2, 3, 7, 2**31 - 1, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63))
FRACTIONS = (0.0, -1.0, 1e308, -1e308, float("nan"), float("inf"), float("-inf"), 1e-308)


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    world = World("demo", START + 7200)
    for name in ("2xx", "5xx"):
        world.add(delta(REQUESTS, {"class": name}, np.full(120, 5), START))
    rows = np.random.default_rng(1).integers(0, 30, (120, 5)).astype(np.float64)
    world.add(histogram(LATENCY, {}, rows, START, Bounds("explicit", (100, 200, 300, 400))))
    world.services = {"projects/demo/services/shop": "Shop"}
    good = f'{TOTAL} metric.labels.class="2xx"'
    world.slos = {SLO: KeptSlo(SLO, "Kept", goal=0.99, total=TOTAL, good=good, rolling_seconds=86_400)}
    with running(world) as server:
        yield server


def changed(message: Any, chance: random.Random) -> bytes:
    """A message after one to four changes of its fields."""
    for _ in range(chance.randint(1, 4)):
        places = list(_places(message))
        if places:
            _change(*chance.choice(places), chance)
    return bytes(message.SerializeToString())


def _places(message: Message) -> Iterator[tuple[Any, Any]]:
    """Every field that is set, of a message and of those in it."""
    for field, value in message.ListFields():
        yield message, field
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        for inner in value if field.is_repeated else (value,):
            yield from _places(inner)


def _change(message: Any, field: Any, chance: random.Random) -> None:
    what = chance.randrange(3)
    if what == 0:
        message.ClearField(field.name)
    elif field.is_repeated and field.message_type is None:
        getattr(message, field.name).append(chance.choice(NUMBERS if field.cpp_type <= 4 else FRACTIONS))
    elif field.is_repeated and not field.message_type.GetOptions().map_entry:
        found = getattr(message, field.name)
        found.append(found[chance.randrange(len(found))])
    elif field.message_type is None:
        _set(message, field, chance)


def _set(message: Any, field: Any, chance: random.Random) -> None:
    texts = ("", "x", "\x00", "é" * 300)
    kinds = {field.CPPTYPE_DOUBLE: FRACTIONS, field.CPPTYPE_STRING: texts, field.CPPTYPE_BOOL: (True,)}
    try:
        setattr(message, field.name, chance.choice(kinds.get(field.cpp_type, NUMBERS)))
    except (ValueError, TypeError):
        message.ClearField(field.name)


def mutating(chance: random.Random) -> Callable[[Any], bytes]:
    def change(message: Any) -> bytes:
        how = chance.random()
        if how < 0.2:
            return bytes(message.SerializeToString())
        if how < 0.5:
            return mutated_bytes(message.SerializeToString(), chance)
        return changed(message, chance)

    return change


def assert_sound(answer: Answer) -> None:
    assert (answer.series is None) != (answer.error is None)
    for name, column in answer.series.columns.items() if answer.series else ():
        assert len(column) == len(answer.request.interval)
        with np.errstate(over="raise"):
            assert np.isfinite(np.nansum(np.square(column)))
        assert name == "value" or not (column < 0).any()


def use(source: CloudMonitoringSource, chance: random.Random) -> None:
    """One of the ways in which the product asks a source."""
    what = chance.randrange(5)
    if what == 0:
        source.native_definition(SLO)
    elif what == 1:
        source.native_figures(SLO, START + 3600)
    elif what == 2:
        source.check(requests_for([chance.choice(QUERIES)], HOUR)[0])
    elif what == 3:
        source.health()
    for answer in source.fetch(requests_for(chance.sample(QUERIES, 2), HOUR)):
        assert_sound(answer)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_answered_is_a_value_or_an_error(stand_in: StandIn, seed: int) -> None:
    chance, tried = random.Random(seed), 0
    stand_in.changes = mutating(chance)
    try:
        while tried < MUTATIONS / 4:
            before, source = stand_in.calls(), source_at(stand_in)
            for _ in range(5):
                try:
                    use(source, chance)
                except SourceError:
                    continue
            source.close()
            tried += stand_in.calls() - before
    finally:
        stand_in.changes = None
