"""Alerts against episodes, as the SRE Workbook defines precision, recall, detection time and reset time."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.slo.making import START, definition, spiked
from tomoni.slo.alert_quality import Burned, FiredAlert, alert_quality, merged_alerts, significant
from tomoni.slo.episodes import Episode
from tomoni.slo.model import DAY, HOUR, MINUTE

SLO, OTHER = "shop/buy/kept", "shop/buy/fast"
EPISODE = Episode(10 * HOUR, 11 * HOUR, 50, 100, 0.1, 0.5, 14)
LATER = Episode(20 * HOUR, 21 * HOUR, 50, 100, 0.1, 0.5, 14)


def alert(start: int, end: int | None, slo: str = SLO, id_: str = "a", severity: str = "page") -> FiredAlert:
    return FiredAlert((id_,), start, end, "Burn", "Burn", severity, slo)


def test_the_figures_are_those_of_the_workbook() -> None:
    alerts = [alert(10 * HOUR + 4 * MINUTE, 11 * HOUR + 20 * MINUTE), alert(15 * HOUR, 15 * HOUR + 300)]
    found = alert_quality(alerts, [Burned(SLO, (EPISODE, LATER), ((20 * HOUR + 300, None),))], 0, DAY)
    assert (found.precision, found.recall) == (0.5, 0.5)
    assert (found.detection, found.reset) == ((240.0, 240), (1200.0, 1200))
    first, second = found.episodes
    assert (first.detected, first.reset, first.would_fire) == (240, 1200, None)
    assert (second.first, second.detected, second.reset, second.would_fire) == (None, None, None, 20 * HOUR + 300)


@pytest.mark.parametrize(
    ("start", "end", "slo", "belongs"),
    [
        (9 * HOUR, 10 * HOUR, SLO, False),  # it had ended when the episode began
        (9 * HOUR, 10 * HOUR + 1, SLO, True),
        (10 * HOUR, 10 * HOUR, SLO, True),
        (12 * HOUR - 1, 12 * HOUR, SLO, True),  # late by less than an hour
        (12 * HOUR, 13 * HOUR, SLO, False),
        (9 * HOUR, None, SLO, False),  # of an alert that was never resolved only the beginning counts
        (10 * HOUR + 60, None, SLO, True),
        (10 * HOUR + 60, 11 * HOUR, "", True),  # about the app
        (10 * HOUR + 60, 11 * HOUR, OTHER, False),
    ],
)
def test_an_alert_belongs_to_what_burned_while_it_fired(start: int, end: int | None, slo: str, belongs: bool) -> None:
    found = alert_quality([alert(start, end, slo)], [Burned(SLO, (EPISODE,))], 0, DAY)
    assert (found.precise, found.found) == (int(belongs), int(belongs))


def test_what_was_bad_where_nothing_may_be_is_no_episode_that_an_alert_should_have_found() -> None:
    without = Burned(OTHER, (LATER,), has_budget=False)
    found = alert_quality([alert(20 * HOUR + 60, 21 * HOUR, OTHER)], [Burned(SLO, (EPISODE,)), without], 0, DAY)
    assert (found.precision, found.recall, found.without_budget) == (1.0, 0.0, (OTHER,))
    assert [each.slo for each in found.episodes] == [SLO]


def test_an_end_that_was_never_told_gives_no_reset_time() -> None:
    found = alert_quality([alert(10 * HOUR + 60, None)], [Burned(SLO, (EPISODE,))], 0, DAY)
    assert (found.detection, found.reset) == ((60.0, 60), None)


def test_without_alerts_or_episodes_there_is_no_share() -> None:
    nothing = alert_quality([], [Burned(SLO, ())], 0, DAY)
    assert (nothing.precision, nothing.recall, nothing.detection, nothing.reset) == (None, None, None, None)


def test_an_alert_of_before_the_period_is_not_counted_and_may_belong_to_an_episode_in_it() -> None:
    found = alert_quality([alert(9 * HOUR, 12 * HOUR)], [Burned(SLO, (EPISODE,))], 10 * HOUR, DAY)
    assert (len(found.alerts), found.found, found.episodes[0].detected) == (0, 1, 0)


def test_what_two_replicas_tell_of_an_alert_is_one_in_whatever_order_it_comes() -> None:
    told = [
        alert(600, 1800, id_="a"),
        alert(615, None, id_="b"),
        alert(1790, 2400, id_="c"),
        alert(9000, None, id_="d"),
    ]
    made = {merged_alerts(order) for order in permutations(told)}
    ((first, second),) = made
    assert (first.start, first.end, first.ids) == (600, 2400, ("a", "b", "c"))
    assert (second.start, second.end) == (9000, None)


def test_alerts_of_other_severities_or_slos_stay_apart() -> None:
    told = [alert(600, 1800), alert(600, 1800, slo=OTHER), alert(600, 1800, severity="ticket")]
    assert len(merged_alerts(told)) == 3


@pytest.mark.parametrize("days", [1, 7, 14])
def test_what_is_significant_is_a_share_of_the_slos_own_window_however_long_the_period_is(days: int) -> None:
    """288 buckets of 100 a day, 99 % over 7 days: a hundredth of that budget is 20.16 bad events."""
    wanted, end = definition("99", 7 * DAY), START + days * DAY
    few, enough = spiked(288 * days, {100: 20}), spiked(288 * days, {100: 21})
    assert significant(few, wanted, START, end) == ()
    (found,) = significant(enough, wanted, START, end)
    assert found.share_of_budget == pytest.approx(21 / 2016)
