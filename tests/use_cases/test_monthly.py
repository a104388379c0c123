"""The monthly report: a closed interval, the same whenever it is made, what is worth a look first, nothing hidden."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from tests.review.shop import DAY
from tomoni.access.policy import Grants
from tomoni.catalog.who_may import Role
from tomoni.meetings.model import Action, Decision, DecisionKind, Meeting, MeetingState, Question
from tomoni.review.monthly import Look, report_of
from tomoni.review.practices import Practice, Practised, WrittenOf, practices_of
from tomoni.settings import ProcessSettings
from tomoni.slo.in_a_row import Counted
from tomoni.snapshots.document.model import Table
from tomoni.snapshots.spread.monthly import as_csv, as_json, report_document
from tomoni.snapshots.spread.practices import practices_section
from tomoni.use_cases.monthly import is_over, monthly_report, share_of
from tomoni.use_cases.practices import practices
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni
from tomoni.words.text import text_for

END = 1_793_458_800  # 2026-11-01 in Tokyo
BUCKET = 3600
APP = """\
app: {id}
title: {{en: {id}, ja: {id}}}
teams: {{app: payments, infra: platform}}
timezone: Asia/Tokyo
journeys:
  - id: buy
    slos:
      - {{id: orders, objective: 99, window: 28d, bucket: 1h, sli: {{source: exports, counts: {id}.csv}}}}
      - {{id: mails, objective: 90, window: 28d, bucket: 1h, sli: {{source: exports, counts: mails.csv}}}}
"""
Bad = Callable[[int], float]


def _write(folder: Path, name: str, bad: Bad, total: float) -> None:
    moments = range(END - 100 * DAY, END + 2 * DAY, BUCKET)
    rows = "\n".join(f"{moment},{total},{bad(moment)}" for moment in moments)
    (folder / "data" / f"{name}.csv").write_text(f"time,total,bad\n{rows}\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three apps: one missed for long, one in the last days alone, one never; beside them mails that never fail."""
    made = tmp_path_factory.mktemp("apps")
    (made / "config" / "apps").mkdir(parents=True)
    (made / "data").mkdir()
    (made / "config" / "sources.yaml").write_text("sources:\n  exports: {kind: files, path: ../data}\n")
    (made / "config" / "settings.yaml").write_text("timezone: Asia/Tokyo\nhistory_days: 100\n")
    bad: dict[str, Bad] = {
        "alpha": lambda moment: 0.0,
        "beta": lambda moment: 20.0 if moment >= END - 2 * DAY else 0.0,
        "gamma": lambda moment: 5.0,
    }
    for name, of in bad.items():
        (made / "config" / "apps" / f"{name}.yaml").write_text(APP.format(id=name))
        _write(made, name, of, 100.0)
    _write(made, "mails", lambda moment: 0.0, 25.0)
    return made


@pytest.fixture(scope="module")
def tomoni(folder: Path) -> Iterator[Tomoni]:
    settings = {"config": folder / "config", "database_url": f"sqlite:///{folder / 'tomoni.db'}", "now": _at(END + DAY)}
    opened = open_tomoni(ProcessSettings.model_validate(settings))
    opened.sync(days=100)
    before = opened.meetings.as_of(END - 10 * DAY).records
    before.add(Action(app="alpha", text="Raise the pool", team="platform", due=date(2026, 10, 25)))
    before.add(Action(app="alpha", text="Write it down", team="payments", due=date(2026, 11, 20)))
    until = date(2026, 10, 31)
    before.add(Decision(app="beta", what=DecisionKind.EXCEPTION, text="Rollouts go on", reason="The sale", until=until))
    held = Meeting(app="beta", planned_at=END - 11 * DAY, start=END - 20 * DAY, as_of=END - 11 * DAY)
    before.add(held.model_copy(update={"state": MeetingState.CLOSED, "closed_at": END - 10 * DAY}))
    before.add(Question(app="beta", text="What is p95?"))
    yield opened
    opened.close()


def _at(moment: int) -> str:
    from tomoni.snapshots.record.status import rfc3339

    return rfc3339(moment)


def test_what_is_worth_a_look_comes_first_with_the_reason(tomoni):
    report = monthly_report(tomoni, "2026-10")
    assert [(each.app.id, each.looks) for each in report.apps] == [
        ("gamma", (Look.IN_A_ROW, Look.MISSED, Look.MISSED_WEEK)),
        ("beta", (Look.MISSED, Look.MISSED_WEEK, Look.EXCEPTION)),
        ("alpha", (Look.OVERDUE,)),
    ]
    gamma, beta, alpha = report.apps
    assert (gamma.slos[0].run.missed, gamma.slos[0].run.or_more) == (3, True)
    assert beta.slos[0].run.missed == 1
    assert [each.days_past for each in alpha.actions] == [6, 0]
    assert beta.reviews == 1
    assert [(team.team, team.open, team.overdue) for team in report.teams] == [("platform", 1, 1), ("payments", 1, 0)]
    assert not any(slo.is_late for each in report.apps for slo in each.slos)


def test_figures_are_those_of_the_rows_and_shares_are_of_traffic(tomoni):
    beta = next(each for each in monthly_report(tomoni, "2026-10").apps if each.app.id == "beta")
    orders, mails = beta.slos
    assert orders.long == Counted(48 * 20.0, 28 * 24 * 100.0, missed=True)
    assert orders.short == Counted(48 * 20.0, 7 * 24 * 100.0, missed=True)
    assert (orders.share, mails.share) == (1.0, 0.25)
    assert beta.share == pytest.approx(1 / 3)
    assert orders.coverage == (1.0, 1.0)
    unseen = replace(beta, events=0.0, slos=tuple(replace(slo, coverage=(0.0, None)) for slo in beta.slos))
    assert (share_of(unseen, 100.0), share_of(replace(beta, events=0.0), 100.0)) == (None, 0.0)


def test_what_was_observed_in_part_is_told(tomoni):
    report = monthly_report(tomoni, "2026-07")  # the history begins on its 25th
    (first, *_) = (slo for each in report.apps for slo in each.slos)
    assert first.coverage[0] == pytest.approx(7 / 28)
    assert "(25% observed)" in str(report_document(report, "en", "Asia/Tokyo", "0"))


def test_a_month_is_the_same_whatever_is_done_after_it(tomoni):
    before = as_json(monthly_report(tomoni, "2026-10"))
    records = tomoni.meetings.as_of(END + 3600).records
    (late, _) = records.listed(Action, "alpha")
    records.change(Action, late.id, {"state": "done", "ended_at": END + 3600})
    (held,) = records.listed(Decision, "beta")
    records.remove(Decision, held.id)
    records.add(Action(app="gamma", text="New", team="platform", due=date(2026, 10, 2)))
    assert as_json(monthly_report(tomoni, "2026-10")) == before
    assert as_json(monthly_report(tomoni, "2026-09")) != before


def test_a_month_that_is_not_over_everywhere_has_no_report(tomoni):
    assert is_over(tomoni, "2026-10")
    assert not is_over(tomoni, "2026-11")


def test_hidden_apps_stay_hidden_by_role(tomoni):
    seen = tomoni.seen_by(Grants(Role.VIEWER, (), frozenset({"gamma"})))
    report = monthly_report(seen, "2026-10")
    assert [each.app.id for each in report.apps] == ["beta", "alpha"]
    assert "gamma" not in json.dumps(as_json(report))
    assert report.apps[0].share == pytest.approx(1 / 2)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_report_reads_in_each_language(tomoni, language):
    shown = report_document(monthly_report(tomoni, "2026-10"), language, "Asia/Tokyo", "0")
    assert [section.key for section in shown.sections] == [
        "apps", "slos", "exceptions", "actions", "teams", "practices",
    ]  # fmt: skip
    text = str(shown)
    assert "Rollouts go on" in text
    assert "The sale" in text
    assert "2026-10-31" in text


def test_rows_for_spreadsheets_hold_no_formula_and_every_slo(tomoni):
    report = monthly_report(tomoni, "2026-10")
    rows = list(csv.DictReader(as_csv(report).decode("utf-8-sig").splitlines()))
    assert [(row["app"], row["slo"]) for row in rows][:2] == [("gamma", "orders"), ("gamma", "mails")]
    assert float(rows[0]["sli_28d"]) == pytest.approx(0.95)
    assert len(rows) == 6


def test_the_command_writes_all_formats_and_refuses_what_is_no_month_that_is_over(folder, tmp_path):
    environ = {
        "TOMONI_CONFIG": str(folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
        "TOMONI_NOW": _at(END + DAY),
    }

    def run(*args: str) -> tuple[int, str]:
        answer = CliRunner().invoke(cli, ["report", "--out", str(tmp_path), *args], env=environ)
        return answer.exit_code, answer.output

    code, said = run()
    assert code == 0, said
    names = [f"report-2026-10.{ending}" for ending in ("md", "html", "csv", "json")]
    assert [Path(line).name for line in said.splitlines()] == names
    assert run("--period", "2026-11")[0] == 1
    assert run("--period", "2026-Q3")[0] == 2
    assert run("--format", "docx")[0] == 2


def test_practices_say_what_is_there_and_the_next_small_step(tomoni):
    found = {each.app.id: each for each in practices(tomoni.meetings.records, tomoni.apps())}
    assert found["beta"].practised == (
        Practised(Practice.OWNERS, 2, 2),
        Practised(Practice.JOURNEYS, 1),
        Practised(Practice.SLOS, 1),
        Practised(Practice.POLICY, 0),
        Practised(Practice.RHYTHM, 0),
        Practised(Practice.REVIEWS, 1),
        Practised(Practice.RISKS, 0),
        Practised(Practice.QUESTIONS, 0, 1),
    )
    following = found["beta"].next
    assert following is not None
    assert following.practice is Practice.POLICY
    bare = practices_of(replace(tomoni.apps()[0], journeys=(), teams={}), WrittenOf())
    earlier = practices(tomoni.meetings.records, tomoni.apps(), END - 20 * DAY)
    assert not any(each.practised[5].there for each in earlier)
    assert bare.next == Practised(Practice.OWNERS, 0, 2)
    assert not next(each for each in bare.practised if each.practice is Practice.QUESTIONS).is_open


def test_practices_are_listed_by_name_and_compare_nobody(tomoni):
    found = practices(tomoni.meetings.records, tomoni.apps())
    section = practices_section(found[::-1], text_for("en"))
    table = section.parts[0].blocks[0]
    assert isinstance(table, Table)
    assert [row[0].shown for row in table.rows] == ["alpha", "beta", "gamma"]
    assert "%" not in str(section)


def test_nothing_to_look_at_is_said():
    assert report_of("2026-10", []).apps == ()
