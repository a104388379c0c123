"""Import after export gives the same SLOs, for what a dialect can hold exactly."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.dialects.importing import brought
from tests.dialects.promtool import app_of, exported, shop, slo_of
from tomoni.catalog.schema import App, Slo
from tomoni.dialects.found import Wanted
from tomoni.dialects.report import Fate

SHARES = [
    ("page", "1h", "5m", 0.02),
    ("page", "6h", "30m", 0.05),
    ("ticket", "1d", "2h", 0.1),
    ("ticket", "3d", "6h", 0.1),
]
WORKBOOK = [dict(zip(("severity", "long", "short", "share"), each, strict=True)) for each in SHARES]
PYRRA = [
    {"severity": "page", "long": "1h", "short": "5m", "factor": 14},
    {"severity": "page", "long": "6h", "short": "30m", "factor": 7},
    {"severity": "ticket", "long": "1d", "short": "2h", "factor": 2},
    {"severity": "ticket", "long": "4d", "short": "6h", "factor": 1},
]
# Every character that means something in PromQL, YAML, HCL, JSON or a template.
NASTY = st.text(st.sampled_from("ab \"'\\{}[]$%#:,&*!|>`@\n\t\u2028\x7fé日😀-"), min_size=1, max_size=12)
VALUES = st.text(st.sampled_from("ab.*+|^#:{}[]日'-"), min_size=1, max_size=10)
OBJECTIVES = st.decimals(Decimal("50"), Decimal("99.999"), places=3)


def selector(value: str) -> str:
    return f'http_requests_total{{job="{value}"}}'


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


HELD = {"sloth": ("bad", WORKBOOK), "pyrra": ("bad", PYRRA), "openslo": ("good", WORKBOOK)}


@pytest.mark.parametrize("dialect", HELD)
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=VALUES, words=NASTY, objective=OBJECTIVES)
def test_a_ratio_of_counters_comes_back(
    dialect: str, value: str, words: str, objective: Decimal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    role, alerts = HELD[dialect]
    said = {"description": words, "labels": {"owner": words}} if words.strip() else {}
    sli = {"total": selector(value), role: f'http_requests_total{{job="{value}",code="500"}}'}
    app = shop(slo_of("availability", sli, objective=float(objective), alerts=alerts, **said))
    (slo,) = app.journeys[0].slos
    (came,) = back(dialect, app, tmp_path_factory.mktemp("round")).values()
    assert same(slo, came), (slo, came)


@pytest.mark.parametrize("dialect", HELD)
def test_journeys_come_back(dialect: str, tmp_path: Path) -> None:
    role, alerts = HELD[dialect]
    slos = [slo_of(id_, {"total": "a_total", role: f"{id_}_total"}, alerts=alerts) for id_ in ("one", "two")]
    journeys = [{"id": "order", "slos": slos}, {"id": "order-one", "slos": [{**slos[0], "alerts": []}]}]
    app = app_of({"app": "shop", "journeys": journeys})
    came = back(dialect, app, tmp_path)
    assert set(came) == {"order/one", "order/two", "order-one/one"}
    assert all(same(slo, came[f"{j.id}/{slo.id}"]) for j in app.journeys for slo in j.slos if slo.definition.rules)


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
    for dialect in ("rules", "sloth", "openslo", "terraform"):
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
