"""The monthly report in words."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.review.monthly import AppMonth, Look, MonthlyReport
from tomoni.slo.in_a_row import Counted, Run
from tomoni.words.text import Text, mark

_SMALL = 0.001  # shares below are told as such
_WHOLE = 0.995  # of an interval: less that was observed is told
_LOOKS: Mapping[Look, str] = {
    Look.IN_A_ROW: mark("missed in three periods in a row"),
    Look.MISSED: mark("missed over 28 days"),
    Look.OVERDUE: mark("actions past due"),
    Look.MISSED_WEEK: mark("missed over 7 days"),
    Look.EXCEPTION: mark("an exception in force"),
}


def looks(each: AppMonth, text: Text) -> str:
    """Why an app is worth a look; a dash where nothing is."""
    return text.join([text._(_LOOKS[look]) for look in each.looks]) if each.looks else text.number(None)


def met(found: Counted, coverage: float | None, text: Text) -> str:
    """An SLI with whether its objective was met, and how much of the interval was observed where that is not all."""
    sign = "" if found.missed is None else "▲ " if found.missed else "● "
    said = f"{sign}{text.sli(found.sli)}"
    if coverage is None or coverage >= _WHOLE or found.sli is None:
        return said
    return text._("%(sli)s (%(share)s observed)") % {"sli": said, "share": share(coverage, text)}


def in_a_row(run: Run, text: Text) -> str:
    """In how many periods in a row an objective was missed."""
    if not run.missed:
        return text.number(None)
    facts = {"n": run.missed}
    if run.or_more:
        return text._("%(n)s or more") % facts
    return str(run.missed)


def share(value: float | None, text: Text) -> str:
    """A share of traffic."""
    if value is not None and 0 < value < _SMALL:
        return text._("below %(share)s") % {"share": text.percent(_SMALL, 1)}
    return text.percent(value, 0 if value is None or value >= 0.1 else 1)


def headline(report: MonthlyReport, text: Text) -> str:
    """The whole report in one sentence or two."""
    n = len(report.apps)
    first = text.n_("%(n)s app.", "%(n)s apps.", n) % {"n": n}
    look = [each for each in report.apps if each.looks]
    if not look:
        return text.sentences(first, text._("Nothing in it asks for a look."))
    n = len(look)
    count = text.n_("%(n)s of them is worth a look.", "%(n)s of them are worth a look.", n) % {"n": n}
    return text.sentences(first, count)
