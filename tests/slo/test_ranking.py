"""Which of many series moved in an interval: with a culprit, and where all do what they always do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tomoni.slo.model import DAY
from tomoni.slo.ranking import Many, ranked

STEP, DAYS, MARK = 3600, 28, 4
COUNT = DAYS * DAY // STEP
MARKED = ((COUNT - 100) * STEP, (COUNT - 100 + MARK) * STEP)


def wandering(seed: int, series: int, culprit: bool) -> tuple[Many, str]:
    """Series with a daily swing that wander; every tenth jumps now and then. The culprit jumps in the interval only."""
    rng = np.random.default_rng(seed)
    swing = 0.5 * np.sin(np.arange(COUNT) * 2 * np.pi * STEP / DAY)
    values = 1 + rng.uniform(0, 0.5, (series, 1)) * swing + rng.standard_normal((series, COUNT)) * 0.1
    values += np.cumsum(rng.standard_normal((series, COUNT)), axis=1) * 0.005
    for row in range(0, series, 10):
        for place in rng.integers(0, COUNT - MARK, 12):
            values[row, place : place + rng.integers(1, MARK)] += 2
    hit = int(rng.integers(series))
    if culprit:
        values[hit, MARKED[0] // STEP : MARKED[1] // STEP] += 3
    return Many(tuple(map(str, range(series))), 0, STEP, values), str(hit)


@pytest.mark.slow
def test_a_culprit_comes_first_and_without_one_nothing_stands_out() -> None:
    first = quiet = 0
    for seed in range(100):
        many, hit = wandering(seed, 24, culprit=True)
        first += ranked(many, MARKED).series[0].name == hit
        quiet += not ranked(wandering(seed + 100, 24, culprit=False)[0], MARKED).outstanding
    assert first >= 95
    assert quiet >= 95


def test_a_series_that_never_did_so_stands_out_with_its_numbers() -> None:
    many, hit = wandering(1, 20, culprit=True)
    first, *others = ranked(many, MARKED).series
    assert (first.name, first.stands_out, first.as_much) == (hit, True, 0)
    assert first.during - first.usual == pytest.approx(3, abs=0.6)
    assert first.z > 10
    assert len(others) == 19


def test_units_and_shifts_of_a_series_change_nothing() -> None:
    many, _ = wandering(2, 10, culprit=True)
    scaled = replace(many, values=many.values * 1000.0)
    before, after = ranked(many, MARKED), ranked(scaled, MARKED)
    assert [each.name for each in before.series] == [each.name for each in after.series]
    assert [each.z for each in before.series] == pytest.approx([each.z for each in after.series])


def test_a_short_history_is_ranked_and_nothing_of_it_called_different() -> None:
    many, hit = wandering(3, 10, culprit=True)
    recent, until = COUNT - 8 * DAY // STEP - 100, COUNT - 100 + MARK
    short = Many(many.names, recent * STEP, STEP, many.values[:, recent:until])
    found = ranked(short, MARKED)
    assert found.series[0].name == hit
    assert not found.sure_enough
    assert not found.outstanding


def test_gaps_constants_and_values_that_are_no_measurements_are_borne() -> None:
    many, hit = wandering(4, 8, culprit=True)
    values = many.values.copy()
    others = [row for row in range(8) if str(row) != hit]
    values[others[0]] = np.nan
    values[others[1]] = 7.0
    values[others[2], ::5] = np.nan
    values[others[3], 3] = 1e300
    found = ranked(replace(many, values=values), MARKED)
    assert found.series[0].name == hit
    assert found.tried == 8
    assert len(found.series) == 7
    assert {each.name: each.z for each in found.series}[str(others[1])] == 0.0


def test_long_intervals_are_coarsened_and_find_the_same() -> None:
    many, hit = wandering(5, 10, culprit=False)
    values = many.values.copy()
    values[int(hit), COUNT - 160 : COUNT - 100] += 3
    long = ((COUNT - 160) * STEP, (COUNT - 100) * STEP)
    assert ranked(replace(many, values=values), long).series[0].name == hit


def test_the_work_ends_where_it_is_asked_to() -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        raise EndedError

    with pytest.raises(EndedError):
        ranked(wandering(6, 5, culprit=True)[0], MARKED, check=end)
