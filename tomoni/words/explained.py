"""How a figure was calculated, in words: what was counted, over which time, and the results of other methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tomoni.review.model import DefinitionChange, Differs, ExcludedSpan, Explanation, NativeComparison, OtherFigure
from tomoni.slo.model import CalendarUnit, CalendarWindow, Definition, Figures, Method, Window
from tomoni.slo.status import Counting
from tomoni.words.phrases import plain, show
from tomoni.words.text import Text, mark
from tomoni.words.windows import calendar_window

METHODS: Mapping[Counting, str] = {
    Counting.EVENTS: mark("every event counts equally"),
    Counting.MEAN_OF_RATIOS: mark("every bucket counts equally (mean of ratios)"),
    Counting.TIME_SLICES: mark("time slices that meet their target"),
}
WHY: Mapping[Differs, str] = {
    Differs.OWN: mark("This is the method of the SLO."),
    Differs.SAME: mark("Both give the same result here."),
    Differs.NOTHING: mark("There is nothing to count."),
    Differs.QUIET_TIMES_WEIGH_MORE: mark("Quiet times weigh as much as busy ones."),
    Differs.SMALL_FAILURES_VANISH: mark(
        "A slice that meets its target counts as good, including everything that failed in it."
    ),
    Differs.SLICES_FAIL_WHOLE: mark(
        "A slice that misses its target counts as bad, including everything that succeeded in it."
    ),
    Differs.EVENTS_WEIGH: mark("Busy times weigh more than quiet ones."),
    Differs.PARTS_COUNT: mark("A bucket counts by its share of good events, rather than as good or bad."),
}
NATIVE: Mapping[str, str] = {
    "objective": mark("objective"),
    "window": mark("window"),
    "exclusions": mark("exclusions"),
}
_SLI_DIGITS, _BUDGET_DIGITS = 4, 2


def sentence(explanation: Explanation, text: Text) -> str:
    """The whole calculation in words and numbers."""
    figures, definition = explanation.status.figures, explanation.status.slo.definition
    if explanation.status.slo.objective is None or explanation.status.slo.window is None:
        return not_agreed(text)
    if figures.sli is None:
        return text._("This cannot be judged: there are no valid events in this window.")
    if figures.remaining is None:
        phrase = text._("%(total)s valid events, %(bad)s of them bad. The objective of %(objective)s allows none.")
    else:
        phrase = text._(
            "%(total)s valid events, %(bad)s of them bad. The objective of %(objective)s allows %(allowed)s bad ones, "
            "so %(left)s of the budget is left."
        )
    return phrase % {
        "total": text.count(figures.total),
        "bad": text.count(figures.bad),
        "objective": text.objective(definition.objective.percent),
        "allowed": text.count(figures.allowed_bad),
        "left": text.budget(figures.remaining),
    }


def not_agreed(text: Text) -> str:
    """For an SLO whose objective or window only its source knows, and has not reported yet."""
    return text._("This cannot be judged: the objective or the window is not known yet.")


def rows(explanation: Explanation, text: Text) -> Iterator[tuple[str, str]]:
    """What the figures are based on: labels with their values."""
    yield from _counts(explanation.status.figures, text)
    yield from _how(explanation, text)
    yield from _definition(explanation, text)
    yield from native(explanation.status.native, text)


def _counts(figures: Figures, text: Text) -> Iterator[tuple[str, str]]:
    _ = text._
    sliced = figures.method is Method.TIME_SLICES
    yield _("Good slices") if sliced else _("Good events"), text.count(figures.good)
    yield _("Valid slices") if sliced else _("Valid events"), text.count(figures.total)
    yield _("SLI: good ÷ valid"), text.sli(figures.sli)
    spent = text.duration(None if figures.spent_minutes is None else figures.spent_minutes * 60)
    minutes = {"spent": spent, "allowed": text.duration(figures.allowed_minutes * 60)}
    yield _("Spent, as full outage"), _("%(spent)s of %(allowed)s") % minutes


def _how(explanation: Explanation, text: Text) -> Iterator[tuple[str, str]]:
    _, status = text._, explanation.status
    figures = status.figures
    over = {"window": window(status.slo.window, text), "span": text.span(figures.start, figures.end)}
    yield _("Window"), _("%(window)s: %(span)s") % over if status.slo.window else over["window"]
    yield _("Time zone"), explanation.zone
    yield _("Method"), method(status.slo.definition, text)
    yield _("Coverage"), text.percent(figures.coverage)
    yield _("Newest data"), _newest(explanation, text)
    yield _("Exclusions"), text.listed([excluded(span, text) for span in explanation.exclusions]) or _("none")
    if figures.projected is not None:
        yield _("Budget of the whole period, if traffic stays"), text.budget(figures.projected.remaining)


def _newest(explanation: Explanation, text: Text) -> str:
    known, lag = explanation.status.newest_data, explanation.lag_seconds
    if known is None:
        return text._("none yet")
    phrase = text._("until %(until)s; the newest %(lag)s are not trusted yet") if lag else text._("until %(until)s")
    return phrase % {"until": text.moment(known), "lag": text.duration(lag)}


def _definition(explanation: Explanation, text: Text) -> Iterator[tuple[str, str]]:
    _, version = text._, explanation.version
    yield _("Source"), explanation.status.slo.source
    if version is not None:
        facts = {"version": version.hash[:8], "since": text.moment(version.first_seen)}
        yield _("Definition"), _("%(version)s, first seen %(since)s") % facts
    for change in explanation.changes:
        yield _("Changed"), changed(change, text)


def native(both: NativeComparison | None, text: Text) -> Iterator[tuple[str, str]]:
    """The figures of the source that keeps the SLO itself, next to ours; nothing if it reported none."""
    if both is None:
        return
    phrase = text._("SLI %(theirs)s (ours %(ours)s), budget left %(their_budget)s (ours %(our_budget)s) on %(at)s.")
    facts = {
        "theirs": text.sli(both.native_sli),
        "ours": text.sli(both.sli),
        "their_budget": text.budget(both.native_remaining),
        "our_budget": text.budget(both.remaining),
        "at": text.moment(both.at),
    }
    yield text._("The source's own figures"), text.sentences(phrase % facts, _compared(both, text))


def _compared(both: NativeComparison, text: Text) -> str:
    """Whether both figures agree, by how much they differ, and why."""
    if both.agrees is None:
        return text._("One side has nothing to count.")
    phrase, facts = (
        text._("They differ by %(sli)s in the SLI and %(budget)s in the budget."),
        {
            "sli": text.percent(abs(both.sli_difference or 0.0), _SLI_DIGITS),
            "budget": text.percent(abs(both.budget_difference or 0.0), _BUDGET_DIGITS),
        },
    )
    if both.agrees:
        phrase = text._("They agree to within %(sli)s in the SLI and %(budget)s in the budget.")
        facts = {
            "sli": text.percent(both.sli_tolerance, _SLI_DIGITS),
            "budget": text.percent(both.budget_tolerance, _BUDGET_DIGITS),
        }
    return text.sentences(phrase % facts, "" if both.agrees and not both.differs else _reason(both, text))


def _reason(both: NativeComparison, text: Text) -> str:
    if both.differs:
        names = [text._(NATIVE[key]) for key in both.differs]
        return text._("The agreement here differs from the one there: %(what)s.") % {"what": text.listed(names)}
    return text._("Late events, the edge of the window or the zone of a calendar period can explain small differences.")


def window(agreed: Window | None, text: Text) -> str:
    """The window of an SLO: "28 d", "calendar month"; a dash if only its source knows it."""
    if isinstance(agreed, CalendarWindow):
        if agreed.unit is CalendarUnit.WEEK and not agreed.moved:
            return text._("calendar week (from Monday)")
        return calendar_window(agreed, text)
    return text.duration(agreed.seconds if agreed else None)


def method(definition: Definition, text: Text) -> str:
    """How an SLO counts."""
    slices = definition.slices
    if slices is None:
        return text._("occurrences: every event counts once, in buckets added up")
    facts = {"length": text.duration(slices.length_seconds), "target": text.objective(slices.target_percent)}
    return text._("time slices of %(length)s, good at %(target)s or more") % facts


def excluded(span: ExcludedSpan, text: Text) -> str:
    """One exclusion: its reason and when it is."""
    facts = {"reason": plain(span.exclusion.reason(text.language)), "span": text.span(span.start, span.end)}
    return text._("%(reason)s (%(span)s)") % facts


def changed(change: DefinitionChange, text: Text) -> str:
    """When a definition changed, and which parts."""
    what = show("changed", ", ".join(change.changed), text)
    return text._("%(at)s: %(what)s") % {"at": text.moment(change.at), "what": what}


def other(figure: OtherFigure, text: Text) -> str:
    """The figure by one method, and why it differs."""
    facts = {
        "method": text._(METHODS[figure.figure.method]),
        "sli": text.sli(figure.figure.sli),
        "left": text.budget(figure.figure.remaining),
    }
    return text.sentences(text._("%(method)s: %(sli)s, budget left %(left)s.") % facts, text._(WHY[figure.why]))
