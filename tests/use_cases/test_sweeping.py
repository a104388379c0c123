"""The sweep behind the refresh: bounded, off unless it is wanted, and it ends up with what sources say now."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.ledger.fakes import MemorySource, truth
from tests.review.shop import START, Shop, steady
from tomoni.ledger import Ledger
from tomoni.review.inputs import ReviewInputs
from tomoni.review.required import required_for_days
from tomoni.slo.model import DAY
from tomoni.use_cases.configuration import Setup
from tomoni.use_cases.sweeping import Sweep

NOW = START + 12 * DAY + 3600
LATE = (START + 5 * DAY) // DAY * DAY


class LateSource(MemorySource):
    """Has more of three days than it had."""

    late = False

    def _answer(self, request):
        answer = super()._answer(request)
        assert answer.series is not None
        starts = np.arange(request.interval.start, request.interval.end, request.interval.step_seconds)
        factor = np.where(self.late & (starts >= LATE) & (starts < LATE + 3 * DAY), 2.0, 1.0)
        columns = {name: column * factor for name, column in answer.series.columns.items()}
        return replace(answer, series=replace(answer.series, columns=columns))


@pytest.fixture
def world(tmp_path):
    shop = Shop(tmp_path)
    shop.write_orders(steady(12))
    shop.write_hosts([(START, 0.5)])
    product = shop.open(NOW)
    setup = product.setup
    (name,) = setup.sources
    source = LateSource(id=name, lag_seconds=0)
    setup = replace(setup, sources={name: source})
    product.ledger.sync(setup.sources, _required(setup, product.ledger), NOW)
    source.asked.clear()
    yield setup, product.ledger, source
    product.close()


def _required(setup: Setup, ledger: Ledger):
    return required_for_days(ReviewInputs(setup.catalog, ledger, setup.sources, NOW), setup.apps(), NOW, 12)


def with_days(setup: Setup, recheck: int, history: int = 10) -> Setup:
    settings = replace(setup.catalog.settings, recheck_days=recheck, history_days=history)
    return replace(setup, catalog=replace(setup.catalog, settings=settings))


def test_nothing_is_asked_unless_it_is_wanted(world) -> None:
    setup, ledger, source = world
    assert setup.catalog.settings.recheck_days == 0
    assert Sweep().step(setup, ledger, NOW) == ()
    assert source.asked == []


@pytest.mark.parametrize("most", [1, 3, 100])
def test_a_refresh_asks_for_no_more_days_than_the_setting_allows(world, most: int) -> None:
    setup, ledger, source = world
    Sweep().step(with_days(setup, most), ledger, NOW)
    assert 1 <= len(source.asked) <= most
    assert all(request.interval.end - request.interval.start == DAY for request in source.asked)
    assert all(request.interval.end <= NOW - DAY for request in source.asked)
    assert len({(request.key, request.interval) for request in source.asked}) == len(source.asked)


def test_a_change_is_found_with_all_that_changed_beside_it(world) -> None:
    setup, ledger, source = world
    source.late = True
    sweep, chosen = Sweep(random.Random(7)), with_days(setup, 2)
    while not sweep.step(chosen, ledger, NOW):
        pass
    series = {request.key for request in source.asked}
    for _ in range(30):
        sweep.step(chosen, ledger, NOW)
    refs = [place.ref for place in _required(setup, ledger)]
    assert series <= {ref.key for ref in refs}
    for ref in refs:
        found = ledger.read([ref], LATE, LATE + 3 * DAY)[ref.key]
        name = "value" if "value" in found.columns else "total"
        np.testing.assert_array_equal(found.column(name), truth(ref.key, found.interval)["total"] * 2)
