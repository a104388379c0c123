"""Which value of a label carried the bad events: in random worlds with a culprit, and in worlds without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tomoni.slo.model import DAY, FloatArray
from tomoni.slo.shares import SURE, SharedOut, Split, holm, shared_out

STEP, COUNT, MARK = 300, 150, 12
MARKED = ((COUNT - MARK - 8) * STEP, (COUNT - 8) * STEP)
WORLDS = 100


def counts(seed: int, values: int, evenly: float, culprit: bool) -> tuple[Split, str]:
    """Bad and good events that come in clusters, whatever the number of values; usually not every value is as bad.

    In the marked hour all become worse, each as it happens to, or one of them alone does.
    """
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.full(values, evenly))[:, None]
    load = 1 + 0.5 * np.sin(np.arange(COUNT) * 2 * np.pi / 288)
    total = rng.poisson(1200 * values**0.3 * weights * load)
    ratio = np.repeat(0.001 * rng.lognormal(0, 0.5, values)[:, None], COUNT, axis=1)
    hit, marked = int(rng.integers(values)), slice(MARKED[0] // STEP, MARKED[1] // STEP)
    ratio[:, marked] += (0.003 if culprit else 0.03) * rng.lognormal(0, 0.3, values)[:, None]
    ratio[hit, marked] += 0.25 if culprit else 0.0
    clusters = rng.choice([8.0, 30.0, 200.0])
    bad = rng.binomial(total, np.clip(ratio * rng.gamma(clusters, 1 / clusters, ratio.shape), 0, 1))
    return split(bad.astype(np.float64), total.astype(np.float64)), str(hit)


def split(bad: FloatArray, total: FloatArray) -> Split:
    return Split("route", tuple(str(value) for value in range(len(bad))), 0, STEP, bad, total)


@pytest.mark.slow
@pytest.mark.parametrize(("values", "evenly"), [(40, 1.5), (200, 30.0), (4, 3.0)], ids=["route", "pod", "version"])
def test_a_planted_culprit_comes_first_and_without_one_nothing_stands_out(values: int, evenly: float) -> None:
    named = quiet = 0
    for seed in range(WORLDS):
        world, hit = counts(seed, values, evenly, culprit=True)
        found = shared_out([world], MARKED)
        named += found.shares[0].value == hit and found.shares[0].stands_out
        quiet += not shared_out([counts(seed + WORLDS, values, evenly, culprit=False)[0]], MARKED).outstanding
    assert named >= 95
    assert quiet >= 95


def plain(bad_in_mark: list[float], usual: list[float], traffic: list[float]) -> SharedOut:
    """Events that fall evenly, so that what is expected can be worked out by hand."""
    bad = np.repeat(np.array(usual)[:, None], COUNT, axis=1)
    bad[:, MARKED[0] // STEP : MARKED[1] // STEP] = np.array(bad_in_mark)[:, None]
    return shared_out([split(bad, np.repeat(np.array(traffic)[:, None], COUNT, axis=1))], MARKED)


def test_shares_add_up_and_are_those_of_the_marked_interval() -> None:
    found = plain([30, 5, 5], [1, 1, 2], [100, 100, 200])
    first = found.shares[0]
    assert (first.value, first.bad, first.total) == ("0", 30 * MARK, 100 * MARK)
    assert first.share_of_bad == pytest.approx(0.75)
    assert first.share_of_traffic == first.usual_share_of_bad == pytest.approx(0.25)
    assert first.stands_out
    assert sum(each.share_of_bad for each in found.shares) == pytest.approx(1)
    assert (found.bad, found.tried) == (40 * MARK, 3)
    assert found.by_chance == pytest.approx(3 * SURE)


def test_what_is_always_the_worst_does_not_stand_out_nor_does_what_is_merely_busy() -> None:
    assert not plain([40, 5, 5], [8, 1, 1], [100, 100, 100]).outstanding
    assert not plain([80, 10, 10], [0.1, 0.1, 0.1], [800, 100, 100]).outstanding


def test_few_bad_events_are_not_compared() -> None:
    found = plain([0.5, 0, 0], [0, 0, 0], [100, 100, 100])
    assert not found.enough
    assert not found.shares


def test_one_value_alone_is_no_comparison() -> None:
    assert plain([30], [1], [100]).tried == 0


def test_the_order_of_values_and_gaps_elsewhere_change_nothing() -> None:
    world, hit = counts(3, 40, 1.5, culprit=True)
    turned = replace(world, values=world.values[::-1], bad=world.bad[::-1], total=world.total[::-1])
    assert {s.value: s.p for s in shared_out([turned], MARKED).shares} == pytest.approx(
        {s.value: s.p for s in shared_out([world], MARKED).shares}
    )
    bad = world.bad.copy()
    bad[:, -4:] = np.nan  # after the interval
    assert shared_out([replace(world, bad=bad)], MARKED).shares[0].value == hit


def test_what_lies_apart_is_not_taken_for_usual() -> None:
    bad = np.full((2, COUNT), 1.0)
    bad[0, 50:60] = 900.0
    world = split(bad, np.full((2, COUNT), 1000.0))
    apart = shared_out([world], MARKED, [(50 * STEP, 60 * STEP)])
    assert apart.shares[0].usual_share_of_bad == 0.5
    assert max(s.usual_share_of_bad or 0 for s in shared_out([world], MARKED).shares) > 0.9


def test_holms_step_down_is_that_of_his_example() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert not len(holm(np.zeros(0)))


def test_values_of_several_labels_are_counted_together() -> None:
    world, _ = counts(5, 4, 3.0, culprit=True)
    assert shared_out([world, replace(world, label="zone")], MARKED).tried == 8
    assert MARKED[1] < DAY * 2
