"""Objective and window of an SLO that Google keeps come from Google, and are never made up before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from tests.google_stand_in.server import Fault, StandIn, running
from tests.google_stand_in.shop import BAD, DAY, END, GOOD, configured, name_of, opened, project
from tomoni.catalog.schema import Slo
from tomoni.commands import status_json
from tomoni.review.model import Period, SloStatus
from tomoni.slo.model import CalendarUnit, CalendarWindow, RollingWindow
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

ENGLISH = text_for("en")
Open = Callable[..., Tomoni]


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with running(project()) as server:
        yield server


@pytest.fixture
def shop(stand_in: StandIn, tmp_path: Path) -> Iterator[Open]:
    """Opens the product on a configuration with one native SLO, again and again on the same ledger."""
    tomonis: list[Tomoni] = []

    def opening(slo_id: str = "ratio", more: str = "") -> Tomoni:
        configured(tmp_path, stand_in, slo_id, more)
        tomonis.append(opened(tmp_path, stand_in))
        return tomonis[-1]

    yield opening
    for tomoni in tomonis:
        tomoni.close()


def status_of(tomoni: Tomoni) -> SloStatus:
    (status,) = tomoni.overview().statuses
    return status


def slo_of(tomoni: Tomoni) -> Slo:
    return tomoni.apps()[0].journeys[0].slos[0]


def reasons(status: SloStatus) -> list[object]:
    return [n.facts["reason"] for n in status.notices if n.code == "native_definition_unknown"]


def test_nothing_is_judged_before_google_was_asked(shop: Open) -> None:
    status = status_of(shop())
    assert status.figures.state == "no_data"
    assert (status.slo.objective, status.slo.window) == (None, None)
    assert (status.figures.remaining, status.figures.sli, status.figures.alerts) == (None, None, ())
    assert reasons(status) == ["not_asked"]


def test_objective_and_window_come_from_google(shop: Open) -> None:
    tomoni = shop()
    tomoni.sync_status()
    status = status_of(tomoni)
    assert status.slo.objective is not None
    assert status.slo.objective.percent == Decimal("99.5")
    assert status.slo.window == RollingWindow(7 * DAY)
    week = slice(-7 * 1440, None)
    assert status.figures.total == (GOOD + BAD)[week].sum()
    assert status.figures.bad == BAD[week].sum()
    assert reasons(status) == []


def test_another_process_knows_what_was_told(shop: Open, stand_in: StandIn) -> None:
    shop().sync_status()
    asked = stand_in.calls()
    status = status_of(shop())
    assert status.slo.window == RollingWindow(7 * DAY)
    assert status.figures.remaining is not None
    assert stand_in.calls() == asked


def test_a_calendar_period_is_taken_in_utc(shop: Open) -> None:
    tomoni = shop("weekly")
    tomoni.sync_status()
    assert slo_of(tomoni).window == CalendarWindow(CalendarUnit.WEEK, "UTC")
    assert status_of(tomoni).figures.total == (GOOD + BAD)[-14 * 60 :].sum()


def test_what_is_written_holds_against_google(shop: Open) -> None:
    tomoni = shop("fortnightly", "window: 3d, ")
    tomoni.sync_status()
    slo = slo_of(tomoni)
    assert slo.objective is not None
    assert (slo.objective.percent, slo.window) == (Decimal("99.5"), RollingWindow(3 * DAY))
    assert tomoni.check() == ()


@pytest.mark.parametrize(
    ("slo_id", "reason", "code", "fact"),
    [
        ("fortnightly", "period", "native_period", ("period", "fortnight")),
        ("odd", "window", "native_window", ("bucket", "5m")),
    ],
)
def test_a_period_without_counterpart_is_an_error_and_never_made_up(
    shop: Open, slo_id: str, reason: str, code: str, fact: tuple[str, str]
) -> None:
    tomoni = shop(slo_id)
    tomoni.sync_status()
    status = status_of(tomoni)
    assert reasons(status) == [reason]
    assert (status.figures.state, status.slo.window, status.figures.remaining) == ("no_data", None, None)
    (problem,) = tomoni.check()
    assert (problem.severity, problem.code, problem.spot.line) == ("error", code, 7)
    assert problem.facts[fact[0]] == fact[1]


def test_what_google_does_not_tell_is_said_and_asked_again(shop: Open, stand_in: StandIn) -> None:
    stand_in.fail(Fault("PERMISSION_DENIED", "no"), method="GetServiceLevelObjective")
    tomoni = shop()
    tomoni.sync_status()
    status = status_of(tomoni)
    assert reasons(status) == ["failed"]
    assert (status.figures.state, status.slo.objective) == ("no_data", None)
    tomoni.sync_status()
    assert reasons(status_of(tomoni)) == []


def test_google_is_asked_for_a_definition_once_a_day(shop: Open, stand_in: StandIn) -> None:
    tomoni = shop()
    for _ in range(3):
        tomoni.sync_status()
    assert stand_in.calls("GetServiceLevelObjective") == 1


def test_drawing_asks_nobody(shop: Open, stand_in: StandIn) -> None:
    tomoni = shop()
    tomoni.overview()
    tomoni.review(tomoni.apps()[0], Period(tomoni.now(), 7))
    tomoni.live()
    assert stand_in.calls() == 0


def test_a_definition_is_kept_as_a_version_once_it_is_known(shop: Open) -> None:
    tomoni = shop()
    tomoni.sync_status()
    tomoni.sync_status()
    (version,) = tomoni.ledger.definitions(["shop/buy/it"])["shop/buy/it"]
    assert version.body["objective"] == "99.5"


def test_nothing_made_up_is_in_the_json(shop: Open) -> None:
    tomoni = shop()
    (slo,) = json.loads(status_json.render(tomoni.overview(), ENGLISH))["slos"]
    assert (slo["objective"], slo["window"]["kind"], slo["window"]["start"]) == (None, None, None)
    assert set(slo["budget"].values()) == {None}
    assert slo["state"] == "no_data"
    assert "has not been queried" in slo["notices"][0]["text"]


def test_our_figures_stand_beside_googles(shop: Open) -> None:
    tomoni = shop()
    tomoni.sync()
    both = status_of(tomoni).native
    assert both is not None
    assert both.at == END
    assert both.sli == pytest.approx(1 - BAD[-7 * 1440 :].sum() / (GOOD + BAD)[-7 * 1440 :].sum())
    assert both.native_sli == pytest.approx(both.sli, abs=1e-12)
    assert both.native_remaining == pytest.approx(both.remaining, abs=1e-9)
    assert (both.agrees, both.differs) == (True, ())


def test_a_quick_status_does_not_ask_for_googles_figures(shop: Open, stand_in: StandIn) -> None:
    tomoni = shop()
    tomoni.sync_status()
    asked = [request.filter for name, request in stand_in.seen if name == "ListTimeSeries"]
    assert not any("compliance" in text or "budget" in text for text in asked)
    assert status_of(tomoni).native is None


def test_a_difference_is_told_with_what_explains_it(shop: Open) -> None:
    tomoni = shop(more="objective: 99, window: 3d, ")
    tomoni.sync()
    both = status_of(tomoni).native
    assert both is not None
    assert both.differs == ("objective", "window")
    assert both.agrees is False
    assert both.sli_difference is not None
    assert abs(both.sli_difference) > both.sli_tolerance


def test_figures_of_another_day_do_not_stand_beside_ours(shop: Open) -> None:
    tomoni = shop()
    tomoni.sync()
    before, after = (tomoni.overview(at=END + 240 + days * DAY).statuses[0] for days in (-2, 2))
    assert (before.native, after.native) == (None, None)


def test_unknown_figures_of_google_are_no_agreement(shop: Open, stand_in: StandIn) -> None:
    for stream in stand_in.world.streams["run/requests"]:
        object.__setattr__(stream, "values", np.zeros(len(stream.values)))
    tomoni = shop()
    tomoni.sync()
    assert status_of(tomoni).native is None
    assert name_of("ratio") in stand_in.world.slos
