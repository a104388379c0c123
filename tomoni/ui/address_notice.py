"""The notice about an address: what of it is not applied, what is shown instead, and a link to what was meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import streamlit as st

from tomoni.catalog.local_text import LocalText
from tomoni.languages import LANGUAGES
from tomoni.ui.address import Reason, Unapplied
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.url_state import View
from tomoni.ui.written_address import address
from tomoni.words import periods
from tomoni.words.text import Text, mark

_REASONS: Mapping[Reason, str] = {
    Reason.UNKNOWN: mark("%(written)s: no page has the parameter %(name)s; it is not applied."),
    Reason.UNREADABLE: mark("%(written)s in the address is not a value that this page knows and is not applied."),
    Reason.REPEATED: mark("%(name)s is in the address more than once; the last value is applied."),
    Reason.FUTURE: mark("%(written)s in the address is in the future."),
    Reason.BEFORE_PERIOD: mark("%(written)s in the address is before the beginning of the period."),
    Reason.NAMED_PERIOD: mark("%(written)s in the address is not applied: the period has a name."),
    Reason.DATES: mark("%(written)s in the address is not applied: the period has dates."),
    Reason.TOO_LONG: mark("%(written)s in the address is longer than a quarter of a year."),
    Reason.OTHER_APP: mark("The snapshots %(snapshot)s and %(value)s are of different apps and cannot be compared."),
}
_ABSENT: Mapping[str, str] = {
    "app": mark("There is no app %(value)s."),
    "journey": mark("There is no journey %(value)s."),
    "slo": mark("There is no SLO %(value)s."),
    "lanes": mark("There is no row %(value)s."),
    "large": mark("There is no row %(value)s."),
    "team": mark("There is no team %(value)s."),
    "snapshot": mark("There is no snapshot %(value)s."),
    "other": mark("There is no snapshot %(value)s."),
    "meeting": mark("There is no review %(value)s."),
    "postmortem": mark("There is no postmortem %(value)s."),
    "source": mark("There is no source %(value)s."),
    "metric": mark("The source has no metric %(value)s."),
    "how": mark("%(written)s in the address needs sizes, which this metric does not have."),
    "mark": mark("%(value)s in the address is outside of the period that is shown."),
    "tab": mark("The page has no part %(value)s."),
    "beside": mark("Nothing was deployed in what is shown."),
    "step": mark("A review has no step %(value)s."),
    "zoom": mark("%(value)s in the address is outside of the period that is shown."),
    "episode": mark("There is no episode of this objective at %(value)s."),
}


def address_notice(context: Context, unapplied: tuple[Unapplied, ...], shown: View | None, *, timed: bool) -> None:
    """Draw what of the address is not applied; ``shown`` is the view that the page drew, None if it has none, and
    ``timed`` whether it shows a period or a moment."""
    if not unapplied:
        return
    lines = "".join(
        f"<p>{_line(context, each, None if each.name in _TIMES and not timed else shown)}</p>" for each in unapplied
    )
    st.html(f"<div class='tm-notice tm-calm tm-address' role='status'>{lines}</div>")


def _line(context: Context, each: Unapplied, shown: View | None) -> str:
    text = context.text
    sentences = text.sentences(_what(context, each), _instead(context, each, shown))
    label = each.label or " / ".join(value for value in each.near.values() if value)
    if not each.near:
        return html(sentences)
    words = text._("Similar: %(near)s") % {"near": label} if label else text._("Open without it")
    return f"{html(sentences)} <a href='?{html(_meant(each))}' target='_self'>{html(words)}</a>"


def _what(context: Context, each: Unapplied) -> str:
    phrase = _ABSENT[each.name] if each.reason is Reason.ABSENT else _REASONS[each.reason]
    facts = {
        "name": each.name,
        "value": each.value,
        "written": f"{each.name}={each.value}",
        "snapshot": context.view.snapshot or "",
    }
    return context.text._(phrase) % {name: context.text.quote(fact) for name, fact in facts.items()}


def _meant(each: Unapplied) -> str:
    """The address of the page with what was probably meant."""
    meant = {**address(), **each.near}
    return urlencode({name: value for name, value in meant.items() if value is not None})


def _instead(context: Context, each: Unapplied, shown: View | None) -> str:
    """What is shown instead, in a sentence; nothing where that has been said or nothing depends on it."""
    if shown is None or each.reason in (Reason.UNKNOWN, Reason.REPEATED, Reason.NAMED_PERIOD, Reason.DATES):
        return ""
    name = _SHOWN[each.name](context, shown) if each.name in _SHOWN else ""
    return context.text._("Showing %(shown)s instead.") % {"shown": name} if name else ""


def _quoted(context: Context, title: LocalText) -> str:
    return context.text.quote(title(context.text.language))


def _app(context: Context, shown: View) -> str:
    app = context.tomoni.catalog.app(shown.app or "")
    return _quoted(context, app.title) if app else context.text._("all apps")


def _journey(context: Context, shown: View) -> str:
    app = context.tomoni.catalog.app(shown.app or "")
    found = next((each for each in app.journeys if each.id == shown.journey), None) if app else None
    return _quoted(context, found.title) if found else ""


def _slo(context: Context, shown: View) -> str:
    app = context.tomoni.catalog.app(shown.app or "")
    slos = [slo for each in app.journeys if each.id == shown.journey for slo in each.slos] if app else []
    return next((_quoted(context, slo.title) for slo in slos if slo.id == shown.slo), "")


def _time(context: Context, shown: View) -> str:
    """The period that the page shows, the moment that it is frozen at, or that it is live."""
    text: Text = context.text
    if context.named is not None:
        return periods.title(context.named, text)
    if context.view.range is not None:
        return text.span(context.period(text.zone).start, context.as_of)
    if context.frozen:
        return text.near_moment(context.as_of)
    return text._("the last %(duration)s") % {"duration": text.duration(shown.days * 86_400)}


def _rows(context: Context, shown: View) -> str:
    return context.text._("the other rows") if shown.lanes else context.text._("the usual rows")


_TIMES = frozenset({"at", "days", "period", "range"})
_SHOWN: Mapping[str, Callable[[Context, View], str]] = {
    "app": _app,
    "journey": _journey,
    "slo": _slo,
    "at": _time,
    "days": _time,
    "period": _time,
    "range": _time,
    "lanes": _rows,
    "lang": lambda context, _: LANGUAGES[context.text.language],
    "team": lambda context, _: context.text._("all teams"),
    "state": lambda context, _: context.text._("all states"),
    "during": lambda context, _: context.text._("all periods"),
    "zoom": lambda context, _: context.text._("the whole period"),
    "episode": lambda context, _: context.text._("the whole period"),
    "snapshot": lambda context, _: context.text._("the list of snapshots"),
    "meeting": lambda context, _: context.text._("the list of reviews"),
    "postmortem": lambda context, _: context.text._("the list of postmortems"),
    "other": lambda context, shown: context.text._("one snapshot") if shown.snapshot else "",
}
