"""The monthly report of all apps as a document, as rows of a spreadsheet and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tomoni.catalog.local_text import apart
from tomoni.review.monthly import AppMonth, MonthlyReport, SloMonth
from tomoni.slo.in_a_row import Counted
from tomoni.snapshots.document.model import Block, Cell, Document, Paragraph, Part, Section, Tone
from tomoni.snapshots.document.sections.edition import table
from tomoni.snapshots.exporters.formulas import harmless
from tomoni.snapshots.record.status import rfc3339
from tomoni.snapshots.spread.pages import team_address
from tomoni.snapshots.spread.practices import practices_section
from tomoni.words import monthly as words
from tomoni.words import practices as practised
from tomoni.words.apart import within_app
from tomoni.words.phrases import plain
from tomoni.words.text import Text, text_for

Json = dict[str, Any]
COLUMNS = (
    "month", "app", "journey", "slo", "objective", "until",
    "sli_28d", "bad_28d", "total_28d", "missed_28d", "coverage_28d",
    "sli_7d", "bad_7d", "total_7d", "missed_7d", "coverage_7d",
    "share_of_app", "share_of_all", "missed_in_a_row", "or_more", "is_late",
    "open_actions", "overdue_actions", "exceptions", "looks",
)  # fmt: skip


def address_of(month: str) -> str:
    """The page of a report, within its language."""
    return f"reports/{month}.html"


def report_document(
    report: MonthlyReport, language: str, zone: str, product: str, up: str | None = None, earlier: Sequence[str] = ()
) -> Document:
    """The report in one language; ``up`` leads to the folder of the language (None: no links), ``earlier`` are the
    months that have a page too."""
    text = text_for(language, zone)
    start, end = _span(report)
    sections = [_look(report, text, up), _slos(report, text), *_exceptions(report, text), *_actions(report, text)]
    sections += [_teams(report, text, up), practices_section([each.practices for each in report.apps], text, up)]
    if earlier:
        rows = [[Cell(month, link=f"{up or ''}{address_of(month)}")] for month in earlier]
        part = Part("earlier", "", "", (table((text._("Month"),), rows, texts=1),))
        sections.append(Section("earlier", text._("Other months"), (part,)))
    month = text.month((start + end) // 2)
    title = text._("All apps in %(month)s") % {"month": month}
    lead = text._("as of %(moment)s") % {"moment": text.moment(end)}
    return Document(title, lead, (language,), tuple(sections), (f"Tomoni {product}",))


def _span(report: MonthlyReport) -> tuple[int, int]:
    first = report.apps[0]
    return first.start, first.end


def _names(report: MonthlyReport, text: Text) -> Mapping[str, str]:
    """What the apps are called side by side, by their ids."""
    return {id_: name or id_ for id_, name in apart((each.app for each in report.apps), text.language).items()}


def _app_cell(each: AppMonth, name: str, up: str | None) -> Cell:
    return Cell(name, link="" if up is None else f"{up}apps/{each.app.id}.html")


def _look(report: MonthlyReport, text: Text, up: str | None) -> Section:
    _, names = text._, _names(report, text)
    rows = [
        [
            _app_cell(each, names[each.app.id], up),
            Cell(words.looks(each, text)),
            _kept(each, 28, text),
            _kept(each, 7, text),
            Cell(words.share(each.share, text), each.share),
            Cell(text.count(len(each.actions)), len(each.actions)),
            Cell(text.count(each.overdue), each.overdue),
            Cell(text.count(len(each.exceptions)), len(each.exceptions)),
            Cell(text.count(each.reviews), each.reviews),
        ]
        for each in report.apps
    ]
    headings = (
        _("App"), _("Worth a look"), _("Met, 28 days"), _("Met, 7 days"), _("Share of traffic"), _("Open actions"),
        _("Past due"), _("Exceptions"), _("Closed reviews"),
    )  # fmt: skip
    about = _("Objectives over the 28 and the 7 days before the end of the month, by the clocks of each app.")
    blocks = (table(headings, rows, texts=2), Paragraph(about, Tone.QUIET))
    return Section("apps", _("Apps"), (Part("apps", "", words.headline(report, text), blocks),))


def _kept(each: AppMonth, days: int, text: Text) -> Cell:
    found = [slo.long if days == 28 else slo.short for slo in each.slos]
    judged = [one for one in found if one.missed is not None]
    met = sum(not one.missed for one in judged)
    return Cell(text._("%(n)s of %(all)s") % {"n": met, "all": len(judged)} if judged else text.number(None))


def _slos(report: MonthlyReport, text: Text) -> Section:
    names = _names(report, text)
    rows = [_slo_row(slo, names[each.app.id], text) for each in report.apps for slo in each.slos]
    _ = text._
    headings = (
        _("App"), "SLO", _("Objective"), _("SLI, 28 days"), _("SLI, 7 days"), _("Share of the app's traffic"),
        _("Missed in a row"),
    )  # fmt: skip
    about = _(
        "● met, ▲ missed. Missed in a row: periods of 28 days back from the end of the month; three are worth a look."
    )
    late = [slo for each in report.apps for slo in each.slos if slo.is_late]
    blocks: list[Block] = [table(headings, rows, texts=2, search=_("Search")), Paragraph(about, Tone.QUIET)]
    if late:
        n = text.n_(
            "%(n)s SLO: its last data had not arrived.", "%(n)s SLOs: their last data had not arrived.", len(late)
        )
        blocks.append(Paragraph(n % {"n": len(late)}, Tone.WARNING))
    return Section("slos", _("SLOs"), (Part("slos", "", "", tuple(blocks)),))


def _slo_row(slo: SloMonth, app: str, text: Text) -> list[Cell]:
    place, objective = slo.place, slo.place.slo.objective
    name = " / ".join(within_app(*place, text.language))
    return [
        Cell(app),
        Cell(name),
        Cell(text.objective(objective.percent if objective else None), objective.ratio if objective else None),
        Cell(words.met(slo.long, slo.coverage[0], text), slo.long.sli),
        Cell(words.met(slo.short, slo.coverage[1], text), slo.short.sli),
        Cell(words.share(slo.share, text), slo.share),
        Cell(words.in_a_row(slo.run, text), slo.run.missed),
    ]


def _exceptions(report: MonthlyReport, text: Text) -> list[Section]:
    _, names = text._, _names(report, text)
    rows = [
        [Cell(names[each.app.id]), Cell(plain(held.text)), Cell(plain(held.reason)), Cell(f"{held.until or ''}")]
        for each in report.apps
        for held in each.exceptions
    ]
    shown = table((_("App"), _("Exception"), _("Reason"), _("Until")), rows, texts=4)
    return [Section("exceptions", _("Exceptions"), (Part("exceptions", "", "", (shown,)),))] if rows else []


def _actions(report: MonthlyReport, text: Text) -> list[Section]:
    _, names = text._, _names(report, text)
    found = [(each, action) for each in report.apps for action in each.actions]
    found.sort(key=lambda pair: -pair[1].days_past)
    rows = [
        [
            Cell(plain(action.value.text)),
            Cell(plain(action.value.team) or _("no team yet")),
            Cell(names[each.app.id]),
            Cell(f"{action.value.due or ''}" or _("no date yet")),
            Cell(text.count(action.days_past), action.days_past) if action.days_past else Cell(""),
        ]
        for each, action in found
    ]
    shown = table((_("Action"), _("Team"), _("App"), _("Due"), _("Days past due")), rows, texts=4)
    return [Section("actions", _("Open actions"), (Part("actions", "", "", (shown,)),))] if rows else []


def _teams(report: MonthlyReport, text: Text, up: str | None) -> Section:
    _ = text._
    names = _names(report, text)
    rows = [
        [
            Cell(plain(team.team), link="" if up is None or not team.apps else up + team_address(team.team)),
            Cell(text.listed([names[app.id] for app in team.looked_at]) if team.looked_at else text.number(None)),
            Cell(text.count(len(team.apps)), len(team.apps)),
            Cell(text.count(team.open), team.open),
            Cell(text.count(team.overdue), team.overdue),
        ]
        for team in report.teams
    ]
    headings = (_("Team"), _("Apps that are worth a look"), _("Apps"), _("Open actions"), _("Past due"))
    return Section("teams", _("Teams"), (Part("teams", "", "", (table(headings, rows, texts=2),)),))


def as_csv(report: MonthlyReport) -> bytes:
    """A row for each SLO, and one for each app without any; texts cannot be formulas. Numbers are unrounded."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(report):
        writer.writerow({key: harmless(value) if isinstance(value, str) else value for key, value in row.items()})
    return file.getvalue().encode("utf-8-sig")


def _rows(report: MonthlyReport) -> Iterator[Json]:
    for each in report.apps:
        of_app = {
            "month": report.month,
            "app": each.app.id,
            "until": rfc3339(each.end),
            "share_of_all": each.share,
            "open_actions": len(each.actions),
            "overdue_actions": each.overdue,
            "exceptions": len(each.exceptions),
            "looks": " ".join(each.looks),
        }
        for slo in each.slos:
            yield of_app | _slo_json(slo, flat=True)
        if not each.slos:
            yield of_app


def _slo_json(slo: SloMonth, flat: bool = False) -> Json:
    objective = slo.place.slo.objective
    return {
        "journey": slo.place.journey.id,
        "slo": slo.place.slo.id,
        "objective": objective.ratio if objective else None,
        **_counted(slo.long, slo.coverage[0], "28d", flat),
        **_counted(slo.short, slo.coverage[1], "7d", flat),
        "share_of_app": slo.share,
        "missed_in_a_row": slo.run.missed,
        "or_more": slo.run.or_more,
        "is_late": slo.is_late,
    }


def _counted(found: Counted, coverage: float | None, name: str, flat: bool) -> Json:
    values = {"sli": found.sli, "bad": found.bad, "total": found.total, "missed": found.missed, "coverage": coverage}
    return {f"{key}_{name}": value for key, value in values.items()} if flat else {name: values}


def as_json(report: MonthlyReport) -> Json:
    """The whole report for programs: ratios 0 to 1, unrounded, moments in UTC."""
    return {
        "schema": "tomoni.report",
        "version": 1,
        "month": report.month,
        "apps": [_app_json(each) for each in report.apps],
        "teams": [
            {
                "team": team.team,
                "apps": [app.id for app in team.apps],
                "looked_at": [app.id for app in team.looked_at],
                "open_actions": team.open,
                "overdue_actions": team.overdue,
            }
            for team in report.teams
        ],
    }


def _app_json(each: AppMonth) -> Json:
    following = each.practices.next
    return {
        "app": each.app.id,
        "teams": dict(each.app.teams),
        "start": rfc3339(each.start),
        "end": rfc3339(each.end),
        "looks": [look.value for look in each.looks],
        "share_of_all": each.share,
        "slos": [_slo_json(slo) for slo in each.slos],
        "actions": [
            {
                "text": action.value.text,
                "team": action.value.team,
                "due": action.value.due.isoformat() if action.value.due else None,
                "days_past_due": action.days_past,
            }
            for action in each.actions
        ],
        "exceptions": [
            {"text": held.text, "reason": held.reason, "until": held.until.isoformat() if held.until else None}
            for held in each.exceptions
        ],
        "closed_reviews": each.reviews,
        "practices": {one.practice.value: {"there": one.there, "of": one.of} for one in each.practices.practised},
        "next_step": practised.step(following, text_for("en")) if following else None,
    }
