"""What a source keeps of SLOs of its own is asked for rarely, remembered, and never lost by a failure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from data_sources.base import NativeDefinition, NativeFigures
from data_sources.errors import AccessDenied, NotFound, SourceError
from tests.ledger.fakes import NOW, MemorySource
from tomoni.ledger import Ledger
from tomoni.slo.model import DAY, HOUR, CalendarUnit, CalendarWindow, Objective, RollingWindow

HOUR_BEFORE = (NOW - 60) // HOUR * HOUR
SHOP = ("memory", "projects/p/services/s/serviceLevelObjectives/shop")
MAIL = ("memory", "projects/p/services/s/serviceLevelObjectives/mail")


def defined(name: tuple[str, str], percent: str = "99.9") -> NativeDefinition:
    return NativeDefinition(name[1], "", Objective(Decimal(percent)), RollingWindow(28 * DAY), "28d", "request_based")


@dataclass
class Keeper(MemorySource):
    """A source that keeps SLOs; ``asked_for`` lists every question about them."""

    kept: dict[str, NativeDefinition | SourceError | Exception] = field(default_factory=dict)
    figures: NativeFigures | SourceError = field(default_factory=lambda: NativeFigures(0.99, 0.5, HOUR_BEFORE))
    asked_for: list[object] = field(default_factory=list)

    def native_definition(self, slo_name: str) -> NativeDefinition:
        self.asked_for.append(slo_name)
        found = self.kept[slo_name]
        if isinstance(found, Exception):
            raise found
        return found

    def native_figures(self, slo_name: str, at: int) -> NativeFigures:
        self.asked_for.append((slo_name, at))
        if isinstance(self.figures, SourceError):
            raise self.figures
        return self.figures


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture
def keeper() -> Keeper:
    return Keeper(kept={SHOP[1]: defined(SHOP), MAIL[1]: defined(MAIL, "99")})


def test_a_definition_is_remembered_as_it_was_told(ledger: Ledger, keeper: Keeper) -> None:
    month = replace(defined(MAIL), window=CalendarWindow(CalendarUnit.MONTH, "UTC"), slice_seconds=300)
    keeper.kept[MAIL[1]] = month
    ledger.fetch_definitions({"memory": keeper}, [SHOP, MAIL, SHOP], NOW)
    found = ledger.native([SHOP, MAIL])
    assert (found[SHOP].definition, found[SHOP].answered) == (defined(SHOP), NOW)
    assert found[MAIL].definition == month
    assert sorted(map(str, keeper.asked_for)) == sorted([SHOP[1], MAIL[1]])


def test_a_period_without_counterpart_is_remembered_as_such(ledger: Ledger, keeper: Keeper) -> None:
    keeper.kept[SHOP[1]] = replace(defined(SHOP), window=None, period="fortnight")
    ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW)
    definition = ledger.native([SHOP])[SHOP].definition
    assert definition is not None
    assert (definition.window, definition.period) == (None, "fortnight")


def test_a_definition_is_asked_for_once_a_day(ledger: Ledger, keeper: Keeper) -> None:
    for seconds in (0, 60, HOUR, DAY - 1):
        ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW + seconds)
    assert len(keeper.asked_for) == 1
    keeper.kept[SHOP[1]] = defined(SHOP, "99.5")
    ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW + DAY)
    assert ledger.native([SHOP])[SHOP].definition == defined(SHOP, "99.5")


def test_a_failure_keeps_what_was_told_and_is_asked_again(ledger: Ledger, keeper: Keeper) -> None:
    ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW)
    keeper.kept[SHOP[1]] = NotFound("memory", "gone", {"reason": "slo"})
    ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW + DAY)
    record = ledger.native([SHOP])[SHOP]
    assert (record.definition, record.answered, record.tried) == (defined(SHOP), NOW, NOW + DAY)
    assert (record.error_code, record.detail, record.facts) == ("not_found", "gone", {"reason": "slo"})
    keeper.kept[SHOP[1]] = defined(SHOP)
    ledger.fetch_definitions({"memory": keeper}, [SHOP], NOW + DAY + 60)
    assert ledger.native([SHOP])[SHOP].error_code is None


def test_a_source_that_lets_nobody_in_is_not_asked_for_all_of_its_slos(ledger: Ledger, keeper: Keeper) -> None:
    names = [("memory", f"projects/p/services/s/serviceLevelObjectives/{i}") for i in range(40)]
    keeper.kept = {name: AccessDenied("memory") for _, name in names}
    ledger.fetch_definitions({"memory": keeper}, names, NOW)
    assert len(keeper.asked_for) == 4
    assert {record.error_code for record in ledger.native(names).values()} == {"access_denied"}
    assert len(ledger.native(names)) == 40


def test_an_adapter_that_breaks_is_an_error_of_its_own_slos(
    ledger: Ledger, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    keeper.kept[SHOP[1]] = RuntimeError("a password")
    other = Keeper("other", kept={SHOP[1]: defined(SHOP)})
    ledger.fetch_definitions({"memory": keeper, "other": other}, [SHOP, ("other", SHOP[1])], NOW)
    found = ledger.native([SHOP, ("other", SHOP[1])])
    assert (found[SHOP].error_code, found[SHOP].detail) == ("source_error", "")
    assert found["other", SHOP[1]].definition == defined(SHOP)
    assert "memory raised RuntimeError" in caplog.text
    assert "password" not in caplog.text


def test_slos_of_sources_that_keep_none_are_left_alone(ledger: Ledger) -> None:
    ledger.fetch_definitions({"memory": MemorySource()}, [SHOP, ("nobody", "x")], NOW)
    ledger.fetch_figures({"memory": MemorySource()}, [SHOP, ("nobody", "x")], NOW)
    assert ledger.native([SHOP]) == {}


def test_figures_are_asked_for_once_an_hour_on_the_hour(ledger: Ledger, keeper: Keeper) -> None:
    for seconds in (0, 60, 600):
        ledger.fetch_figures({"memory": keeper}, [SHOP], NOW + seconds)
    assert keeper.asked_for == [(SHOP[1], HOUR_BEFORE)]
    keeper.figures = NativeFigures(None, None, None)
    ledger.fetch_figures({"memory": keeper}, [SHOP], NOW + HOUR)
    ledger.fetch_figures({"memory": keeper}, [SHOP], NOW + HOUR)
    assert keeper.asked_for[1:] == [(SHOP[1], HOUR_BEFORE + HOUR)]
    assert ledger.native_figures([SHOP], NOW + HOUR)[SHOP].figures == keeper.figures


def test_the_last_figures_of_each_day_are_kept(ledger: Ledger, keeper: Keeper) -> None:
    for hours, value in ((0, 0.91), (1, 0.92), (24, 0.93)):
        keeper.figures = NativeFigures(value, 0.5, HOUR_BEFORE + hours * HOUR)
        ledger.fetch_figures({"memory": keeper}, [SHOP], NOW + hours * HOUR)
    at = {hours: ledger.native_figures([SHOP], NOW + hours * HOUR).get(SHOP) for hours in (-24, 2, 23, 25)}
    assert at[-24] is None
    assert [one.figures.compliance for one in at.values() if one] == [0.92, 0.92, 0.93]


def test_figures_that_fail_leave_the_older_ones(ledger: Ledger, keeper: Keeper) -> None:
    ledger.fetch_figures({"memory": keeper}, [SHOP], NOW)
    keeper.figures = NotFound("memory")
    ledger.fetch_figures({"memory": keeper}, [SHOP], NOW + HOUR)
    assert ledger.native_figures([SHOP], NOW + HOUR)[SHOP].hour == HOUR_BEFORE
