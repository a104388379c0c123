"""The review of a year: its figures are the ledger's, what was written within it is frozen, and a file is verified."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from tomoni.meetings.model import Action, Decision, DecisionKind, Incident, Meeting, MeetingState, Postmortem
from tomoni.settings import ProcessSettings
from tomoni.slo.named_periods import named_period
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.record.snapshot import Snapshot, as_json, freeze, from_json
from tomoni.snapshots.record.status import rfc3339
from tomoni.snapshots.record.year import NamedFactor, YearRecord
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.yearly import YearNotBegunError, freeze_year, span_of_year
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow
HOUR, DAY = 3600, 86_400
ZONE = "Asia/Tokyo"
START, END = span_of_year(2025, 1, ZONE)
NOW = END + 40 * DAY
APP = """\
app: shop
title: {en: Shop, ja: 店舗}
teams: {app: payments, infra: platform}
timezone: Asia/Tokyo
journeys:
  - id: buy
    slos:
      - {id: orders, objective: OBJECTIVE, window: 28d, bucket: 1h, sli: {source: exports, counts: orders.csv}}
"""


def counts(moment: int) -> tuple[float, float]:
    """100 events an hour; of every week one hour with ten bad ones."""
    return 100.0, 10.0 if moment // HOUR % 168 == 0 else 0.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("year")
    (made / "config" / "apps").mkdir(parents=True)
    (made / "data").mkdir()
    (made / "config" / "sources.yaml").write_text("sources:\n  exports: {kind: files, path: ../data}\n")
    (made / "config" / "settings.yaml").write_text("timezone: Asia/Tokyo\nhistory_days: 500\n")
    (made / "config" / "apps" / "shop.yaml").write_text(APP.replace("OBJECTIVE", "99.9"))
    rows = (f"{at},{','.join(map(repr, counts(at)))}" for at in range(START - 60 * DAY, NOW, HOUR))
    (made / "data" / "orders.csv").write_text("\n".join(["time,total,bad", *rows, ""]))
    return made


def opened(folder: Path, now: int) -> Tomoni:
    database = f"sqlite:///{folder / 'tomoni.db'}"
    settings = {"config": folder / "config", "database_url": database, "now": rfc3339(now)}
    return open_tomoni(ProcessSettings.model_validate(settings))


@pytest.fixture(scope="module")
def tomoni(folder: Path) -> Iterator[Tomoni]:
    """A shop whose objective changed in June, with an incident, what was learned, decided and done."""
    first = opened(folder, START + DAY)
    first.sync(days=5)
    first.close()
    (folder / "config" / "apps" / "shop.yaml").write_text(APP.replace("OBJECTIVE", "99"))
    changed = opened(folder, START + 160 * DAY)
    changed.sync(days=5)
    changed.close()
    made = opened(folder, NOW)
    made.sync(days=500)
    records = made.meetings.as_of(START + 100 * DAY).records
    monday = (START // HOUR // 168 + 20) * 168 * HOUR
    incidents = [records.add(Incident(app="shop", title="Pool", start=monday, end=monday + HOUR))]
    incidents.append(records.add(Incident(app="shop", title="Later", start=END, end=END + HOUR)))
    for factor in ("Connection pool", "ＣＯＮＮＥＣＴＩＯＮ pool"):
        records.add(Postmortem(app="shop", title=factor, incident=incidents[0].id, factors=(factor,)))
    records.add(Decision(app="shop", what=DecisionKind.CONFIRMED, text="Slower rollouts"))
    action = records.add(Action(app="shop", text="Raise the pool", team="platform"))
    records.add(Action(app="shop", text="Still open", team="platform"))
    records.change(Action, action.id, {"state": "done", "ended_at": START + 110 * DAY})
    held = Meeting(app="shop", planned_at=START + DAY, start=START, as_of=START + DAY, closed_at=START + 2 * DAY)
    records.add(held.model_copy(update={"state": MeetingState.CLOSED}))
    yield made
    made.close()


@pytest.fixture(scope="module")
def snapshot(tomoni: Tomoni) -> Snapshot:
    return freeze_year(tomoni, tomoni.apps()[0], 2025, 1)


def year_of(snapshot: Snapshot) -> YearRecord:
    assert snapshot.beside.year is not None
    return snapshot.beside.year


def sums(start: int, end: int) -> tuple[float, float]:
    found = [counts(at) for at in range(start, end, HOUR)]
    return sum(bad for _, bad in found), sum(total for total, _ in found)


def test_every_month_quarter_and_the_year_have_the_figures_of_their_interval(snapshot):
    record = year_of(snapshot)
    (slo,) = record.slos
    assert [each.name for each in slo.months] == [f"2025-{month:02}" for month in range(1, 13)]
    assert [each.name for each in slo.quarters] == [f"2025-Q{quarter}" for quarter in (1, 2, 3, 4)]
    for each in (slo.whole, *slo.months, *slo.quarters):
        assert (each.bad, each.total) == sums(each.start, each.end)
        assert each.sli == pytest.approx(1 - each.bad / each.total)
        assert each.missed is False
        assert each.coverage == 1.0
    assert sum(each.bad for each in slo.months) == slo.whole.bad
    assert (slo.whole.start, slo.whole.end, record.is_over) == (START, END, True)


@pytest.mark.parametrize("first_month", [1, 4, 10])
def test_a_fiscal_year_begins_with_its_month(tomoni, first_month):
    start, end = span_of_year(2025, first_month, ZONE)
    assert start == named_period(f"2025-{first_month:02}", ZONE).start
    record = year_of(freeze_year(tomoni, tomoni.apps()[0], 2025, first_month))
    (slo,) = record.slos
    assert slo.months[0].name == f"2025-{first_month:02}"
    assert record.end == min(end, NOW)
    assert slo.months[-1].end == slo.quarters[-1].end == slo.whole.end == record.end
    assert record.is_over is (end <= NOW)


def test_what_was_written_within_the_year_is_in_it_with_its_price(snapshot):
    record = year_of(snapshot)
    (incident,) = record.incidents
    assert incident.value.title == "Pool"
    (price,) = incident.prices
    assert price.bad == 10.0
    assert price.share_of_budget == pytest.approx(10 / (0.01 * record.slos[0].whole.total))
    assert record.factors == (NamedFactor("ＣＯＮＮＥＣＴＩＯＮ pool", 2),)
    assert [each.value.text for each in record.decisions] == ["Slower rollouts"]
    assert [each.value.text for each in record.actions] == ["Raise the pool"]
    assert record.reviews == 1
    (change,) = record.changes
    assert (change.slo, change.before, change.after) == ("shop/buy/orders", "99.9", "99")


def test_the_record_is_immutable_under_its_hash(snapshot, tomoni):
    again = from_json(as_json(snapshot))
    assert again.hash == snapshot.hash
    assert again.beside.year == snapshot.beside.year
    assert freeze_year(tomoni, tomoni.apps()[0], 2025, 1).hash == snapshot.hash
    altered = replace(snapshot.beside, year=replace(year_of(snapshot), reviews=2))
    assert freeze(snapshot.review, snapshot.origin, snapshot.made_at, altered).hash != snapshot.hash


def test_a_year_that_has_not_begun_is_refused_and_one_under_way_is_as_far_as_it_has_come(tomoni):
    with pytest.raises(YearNotBegunError):
        freeze_year(tomoni, tomoni.apps()[0], 2027, 1)
    record = year_of(freeze_year(tomoni, tomoni.apps()[0], 2026, 1))
    assert (record.end, record.is_over) == (NOW, False)
    assert [each.name for each in record.slos[0].months] == ["2026-01", "2026-02"]


@pytest.mark.parametrize(("language", "title"), [("en", "Year 2025"), ("ja", "2025年")])
def test_the_year_leads_its_document(snapshot, language, title):
    shown = document(snapshot, language)
    assert shown.sections[0].key == "year"
    assert shown.sections[0].title == title
    assert shown.lead.startswith(title)
    assert [part.key for part in shown.sections[0].parts] == [
        "year", "year-months", "year-incidents", "year-postmortems", "year-factors", "year-decisions", "year-done",
        "year-changes",
    ]  # fmt: skip


def test_the_command_writes_files_that_are_verified_against_the_ledger(tomoni, folder, tmp_path):
    environ = {
        "TOMONI_CONFIG": str(folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
        "TOMONI_NOW": rfc3339(NOW),
        "LC_ALL": "C.UTF-8",
    }

    def run(*args: str) -> tuple[int, str]:
        answer = CliRunner().invoke(cli, args, env=environ)
        return answer.exit_code, answer.output

    code, said = run("year", "--year", "2025", "--app", "shop", "--out", str(tmp_path), "--format", "md,csv,json,html")
    assert code == 0, said
    files = [Path(line) for line in said.splitlines()]
    assert {file.name for file in files} >= {"shop-2025.md", "shop-2025-year.csv", "shop-2025.json", "shop-2025.html"}
    rows = list(csv.DictReader((tmp_path / "shop-2025-year.csv").read_text().splitlines()))
    assert [row["interval"] for row in rows[:2]] == ["2025", "2025-Q1"]
    assert float(rows[0]["bad"]) == sums(START, END)[0]
    for name in ("shop-2025.json", "shop-2025.html"):
        code, said = run("verify", str(tmp_path / name))
        assert code == 0, said
        assert "2025: the ledger gives the same numbers today" in said
    assert [each.year for each in tomoni.snapshots.listed("shop") if each.year] == ["2025"]
    assert run("year", "--year", "2027", "--out", str(tmp_path))[0] == 1
