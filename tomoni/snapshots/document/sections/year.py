"""The chapter of a year: its SLOs by quarter and month, incidents with their price, and what was learned and agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tomoni.meetings.model import ActionState
from tomoni.slo.in_a_row import Counted
from tomoni.snapshots.document.model import Cell, Column, Listing, Part, Section, Stage, Table
from tomoni.snapshots.document.sections.edition import Edition, table
from tomoni.snapshots.document.sections.meeting import slo_name
from tomoni.snapshots.record.meeting import FrozenIncident
from tomoni.snapshots.record.year import SloYear, YearInterval, YearRecord
from tomoni.words import monthly, years
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_SLOS_A_TABLE = 3  # all months of these stand on one slide


def year(edition: Edition) -> Section | None:
    """The year, None of a snapshot that is of none."""
    record = edition.snapshot.beside.year
    if record is None:
        return None
    text = edition.text
    parts = [_whole(edition, record), _months(edition, record), *_incidents(edition, record), *_learned(record, text)]
    parts += [*_decisions(record, text), *_actions(record, text), *_changes(edition, record)]
    return Section("year", years.title(record.name, text), tuple(parts))


def lead(record: YearRecord, text: Text) -> str:
    """The year and its days."""
    return text._("%(name)s (%(span)s)") % {
        "name": years.title(record.name, text),
        "span": text.days(record.start, record.end),
    }


def _whole(edition: Edition, record: YearRecord) -> Part:
    """What each SLO did over the year and its quarters."""
    text, _ = edition.text, edition.text._
    quarters = [each.name for each in record.slos[0].quarters] if record.slos else []
    headings = ["SLO", _("Objective"), years.title(record.name, text), *(name.partition("-")[2] for name in quarters)]
    rows = [[*_names(each, edition), *_cells([each.whole, *each.quarters], text)] for each in record.slos]
    met = [each.whole.missed for each in record.slos if each.whole.missed is not None]
    facts = {"met": sum(not missed for missed in met), "all": len(met), "name": years.title(record.name, text)}
    message = _("%(name)s: %(met)s of %(all)s objectives were met over the year.") % facts
    if not met:
        message = _("%(name)s: nothing was measured that an objective could be held against.") % facts
    if not record.is_over:
        message = text.sentences(message, _("The year is not over yet; this is as far as it has come."))
    return Part("year", "", message, (table(headings, rows),), stage=Stage.OPENING)


def _months(edition: Edition, record: YearRecord) -> Part:
    """A table of months for every few SLOs: more columns than these make two tables of one."""
    tables = [record.slos[at : at + _SLOS_A_TABLE] for at in range(0, len(record.slos), _SLOS_A_TABLE)]
    blocks = tuple(_by_month(edition, some) for some in tables)
    return Part("year-months", edition.text._("By month"), "", blocks)


def _by_month(edition: Edition, slos: Sequence[SloYear]) -> Table:
    text = edition.text
    rows = [
        [Cell(text.month((month.start + month.end) // 2)), *_cells([each.months[n] for each in slos], text)]
        for n, month in enumerate(slos[0].months)
    ]
    columns = (Column(text._("Month")), *(Column(slo_name(each.slo, edition), True) for each in slos))
    return Table(columns, tuple(tuple(row) for row in rows))


def _names(each: SloYear, edition: Edition) -> list[Cell]:
    objectives = {track.status.path: track.status.slo.objective for track in edition.review.tracks}
    objective = objectives.get(each.slo)
    shown = edition.text.objective(objective.percent if objective else None)
    return [Cell(slo_name(each.slo, edition)), Cell(shown, objective.ratio if objective else None)]


def _cells(found: Sequence[YearInterval], text: Text) -> list[Cell]:
    return [Cell(_met(each, text), each.sli) for each in found]


def _met(each: YearInterval, text: Text) -> str:
    return monthly.met(Counted(each.bad, each.total, each.missed), each.coverage, text)


def _incidents(edition: Edition, record: YearRecord) -> Iterator[Part]:
    if not record.incidents:
        return
    text, _ = edition.text, edition.text._
    rows = [_incident(each, edition) for each in record.incidents]
    shown = table((_("Incident"), _("When"), _("Cost most"), _("Share of the year's budget"), _("Bad")), rows, texts=3)
    count = text.n_("%(n)s incident", "%(n)s incidents", len(rows)) % {"n": len(rows)}
    yield Part("year-incidents", _("Incidents"), f"{count}", (shown,))


def _incident(each: FrozenIncident, edition: Edition) -> list[Cell]:
    text, value = edition.text, each.value
    worst = max(each.prices, key=lambda price: price.share_of_budget or 0.0, default=None)
    told = worst if worst and worst.bad else None
    return [
        Cell(plain(value.title)),
        Cell(text.near_span(value.start, value.end)),
        Cell(slo_name(told.slo, edition) if told else text.number(None)),
        Cell(text.budget(told.share_of_budget if told else None), told.share_of_budget if told else None),
        Cell(text.count(told.bad if told else None), told.bad if told else None),
    ]


def _learned(record: YearRecord, text: Text) -> Iterator[Part]:
    if record.postmortems:
        titles = tuple(plain(each.value.title) for each in record.postmortems)
        yield Part("year-postmortems", text._("Postmortems"), "", (Listing(titles),))
    if record.factors:
        rows = [[Cell(plain(each.name)), Cell(text.count(each.count), each.count)] for each in record.factors]
        shown = table((text._("Contributing factor"), text._("Postmortems")), rows)
        yield Part("year-factors", text._("Contributing factors"), "", (shown,))


def _decisions(record: YearRecord, text: Text) -> Iterator[Part]:
    if record.decisions:
        lines = (" · ".join(filter(None, (each.value.text, each.value.reason))) for each in record.decisions)
        yield Part("year-decisions", text._("Decisions"), "", (Listing(tuple(map(plain, lines))),))


def _actions(record: YearRecord, text: Text) -> Iterator[Part]:
    done = [each.value for each in record.actions if each.value.state is ActionState.DONE]
    dropped = [each.value for each in record.actions if each.value.state is ActionState.DROPPED]
    for key, name, found in (
        ("year-done", text._("Actions done"), done),
        ("year-dropped", text._("Actions dropped"), dropped),
    ):
        if found:
            lines = tuple(plain(" · ".join(filter(None, (each.team, each.text, each.reason)))) for each in found)
            yield Part(key, name, "", (Listing(lines),))


def _changes(edition: Edition, record: YearRecord) -> Iterator[Part]:
    if not record.changes:
        return
    text, _ = edition.text, edition.text._
    rows = [
        [
            Cell(slo_name(each.slo, edition)),
            Cell(text.day(each.at)),
            Cell(text.listed(each.changed)),
            Cell(each.before or text.number(None)),
            Cell(each.after or text.number(None)),
        ]
        for each in record.changes
    ]
    headings = ("SLO", _("Day"), _("Changed"), _("Objective before"), _("Objective after"))
    yield Part("year-changes", _("Changes of objectives"), "", (table(headings, rows, texts=5),))
