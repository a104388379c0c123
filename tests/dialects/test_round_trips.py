"""Import after export gives the same SLOs, for what a dialect can hold exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.dialects.importing import brought
from tests.dialects.promtool import app_of, exported, shop, slo_of
from tests.dialects.whole_apps import APPS, PYRRA, facts_of_app, facts_of_journey, facts_of_slo
from tomoni.catalog.schema import App, Slo
from tomoni.dialects.found import Wanted
from tomoni.dialects.report import Fate, Line


def same(one: Slo, other: Slo) -> bool:
    if one.split != other.split:
        return False
    mine = (one.id, one.sli, one.definition.objective, one.definition.window, one.definition.rules)
    theirs = (other.id, other.sli, other.definition.objective, other.definition.window, other.definition.rules)
    return (mine, one.definition.slices) == (theirs, other.definition.slices)


def back(dialect: str, app: App, folder: Path, window: int = 28 * 86_400) -> dict[str, Slo]:
    """What comes back of an app, by journey and SLO."""
    written = exported(dialect, app)
    again = exported(dialect, app)
    assert written == again
    came = brought(
        dialect, folder, *written.files.values(), wanted=Wanted(lambda kind, name: kind, window_seconds=window)
    )
    return {f"{j.id}/{slo.id}": slo for a in came.apps.values() for j in a.journeys for slo in j.slos}


def test_the_labels_of_a_split_come_back_from_pyrra_and_all_others_say_that_they_cannot_hold_them(
    tmp_path: Path,
) -> None:
    sli = {"total": "a_total", "bad": 'a_total{x="y"}'}
    app = shop(
        slo_of("one", sli, split_by="route", alerts=PYRRA),
        slo_of("two", sli, split_by=["route", "zone"], alerts=PYRRA),
        slo_of("fast", {"histogram": "a_seconds", "under": "300ms"}, split_by=["route"], alerts=PYRRA),
    )
    came = back("pyrra", app, tmp_path)
    for slo in app.journeys[0].slos:
        assert same(slo, came[f"order/{slo.id}"]), slo.id
    for dialect in ("rules", "sloth", "openslo"):
        lost = [line for line in exported(dialect, app).lines if line.reason == "writes_split"]
        assert [line.facts["labels"] for line in lost] == ["route", "route, zone", "route"], dialect


def test_what_openslo_can_hold_beyond_that_comes_back(tmp_path: Path) -> None:
    app = shop(
        slo_of("month", {"total": "a_total", "bad": 'a_total{x="y"}'}, window={"calendar": "month"}),
        slo_of(
            "slices", {"total": "a_total", "good": "b_total"}, method="timeslices", slice={"length": "5m", "target": 99}
        ),
        slo_of(
            "texts",
            {"total": {"expr": "sum(increase(a[$window])) * 2"}, "good": {"expr": "sum(increase(b[$window])) / 2"}},
        ),
        slo_of("share", {"ratio": {"success": "job:ok:ratio"}}),
        slo_of("probe", {"gauge": "min(up)", "good_when": ">= 1"}),
        timezone="Asia/Tokyo",
    )
    came = back("openslo", app, tmp_path)
    for slo in app.journeys[0].slos:
        assert same(slo, came[f"order/{slo.id}"]), slo.id


def test_what_cannot_be_held_is_told_and_its_slo_is_not_half_written() -> None:
    app = shop(
        slo_of("native", {"source": "gcp", "slo": "projects/p/services/s/serviceLevelObjectives/o"}),
        slo_of("quarter", {"total": "a", "bad": "b"}, window={"calendar": "quarter"}),
        slo_of("slices", {"total": "a", "bad": "b"}, method="timeslices", slice={"length": "5m", "target": 99}),
        slo_of("probe", {"gauge": "up", "good_when": "!= 0"}),
        slo_of("demo", {"source": "demo", "counts": "x"}),
    )
    left = {
        dialect: {line.what.rsplit("/", 1)[1] for line in exported(dialect, app).lines if line.left_out}
        for dialect in ("rules", "sloth", "pyrra", "openslo", "terraform", "grafana", "backstage")
    }
    assert left == {
        "rules": {"native", "demo"},
        "sloth": {"native", "demo", "quarter", "slices"},
        "pyrra": {"native", "demo", "quarter", "slices", "probe"},
        "openslo": {"native", "demo", "probe"},
        "terraform": {"native", "demo", "quarter", "slices"},
        "grafana": {"native", "demo"},
        "backstage": set(),
    }


def test_every_slo_is_in_the_report_of_every_dialect() -> None:
    app = shop(slo_of("one", {"total": "a", "bad": "b"}), slo_of("two", {"source": "demo", "counts": "x"}))
    for dialect in ("rules", "sloth", "pyrra", "openslo", "terraform", "grafana", "backstage"):
        report = exported(dialect, app).lines
        assert {line.what for line in report} == {"shop/order/one", "shop/order/two"}
        assert all(line.reason for line in report if line.fate is not Fate.EXACT)


# What a line says of the keys of an SLO beside those that it names itself.
SAID = {
    "writes_alerts": {"alerts"},
    "openslo_alerts": {"alerts"},
    "openslo_no_data": {"no_data"},
    "writes_histogram": {"sli"},
    "writes_subquery": {"sli"},
    "writes_share": {"sli"},
    "writes_other_form": {"sli"},
    "openslo_threshold": {"sli"},
}


def told(lines: Sequence[Line]) -> dict[str, set[str]]:
    """The keys that a report says something about, by the paths of what they belong to."""
    found: dict[str, set[str]] = {}
    for line in lines:
        named = str(line.facts["keys"]).split(", ") if line.reason == "writes_keys" else ()
        found.setdefault(line.what, set()).update(SAID.get(line.reason, ()), named)
    return found


def differing(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    return {key for key in one if one[key] != other[key]}


@pytest.mark.parametrize("dialect", ["sloth", "pyrra", "openslo"])
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(keys=APPS)
def test_whatever_an_app_says_comes_back_or_is_told_by_its_key(
    dialect: str, keys: Mapping[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = app_of(keys)
    written = exported(dialect, app)
    kept = {
        f"shop/{j.id}/{slo.id}": slo
        for j in app.journeys
        for slo in j.slos
        if not any(line.left_out and line.what == f"shop/{j.id}/{slo.id}" for line in written.lines)
    }
    if not kept:
        assert not written.files
        return
    said = told(written.lines)
    came = brought(dialect, tmp_path_factory.mktemp("whole"), *written.files.values())
    (back,) = came.apps.values()
    there = {f"shop/{j.id}/{slo.id}": slo for j in back.journeys for slo in j.slos}
    assert set(there) == set(kept)
    for path, slo in kept.items():
        assert differing(facts_of_slo(slo), facts_of_slo(there[path])) <= said.get(path, set()), path
    journeys = {journey.id: journey for journey in app.journeys}
    for journey in back.journeys:
        lost = differing(facts_of_journey(journeys[journey.id]), facts_of_journey(journey))
        assert lost <= said.get(f"shop/{journey.id}", set()), journey.id
    assert differing(facts_of_app(app), facts_of_app(back)) <= said.get("shop", set())
