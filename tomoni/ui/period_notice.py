"""What to know of a named period: from when to when it is, whether it is over, and whether all of its data is in."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.review.model import NamedPeriod, PeriodStage, PeriodStanding, SloStatus
from tomoni.review.named import standing
from tomoni.slo.model import State
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing
from tomoni.words import periods
from tomoni.words.text import Text, text_for


def period_notice(context: Context, shown: Sequence[App], statuses: Sequence[SloStatus]) -> None:
    """Draw what to know of the named period that the SLOs of some apps are shown of; nothing without one."""
    if context.view.period is None:
        return
    text, apps = context.text, {status.app.id: status.app for status in statuses}
    lines = [_bounds(context, text, {app.timezone for app in apps.values()})]
    warnings: list[str] = []
    for app in apps.values():
        named = context.period(app.timezone).named
        own = [status for status in statuses if status.app.id == app.id]
        if named is not None:
            found = standing(named, context.period(app.timezone).as_of, own)
            (warnings if found.stage is PeriodStage.AWAITING_DATA else lines).append(
                _progress(app, named, found, len(apps), text)
            )
    lines += [_not_begun(context, shown, text), _nothing(context, statuses, text)]
    _draw(list(dict.fromkeys(line for line in lines if line)), warnings)


def _draw(lines: Sequence[str], warnings: Sequence[str]) -> None:
    if lines:
        st.html(f"<p class='tm-small tm-muted'>{flowing(' '.join(lines))}</p>")
    if warnings:
        shown = "".join(f"<p>{flowing(line)}</p>" for line in warnings)
        st.html(f"<div class='tm-notice tm-calm' role='status'>{shown}</div>")


def _bounds(context: Context, text: Text, zones: set[str]) -> str:
    """The period and its boundaries, and what windows are shown at its end."""
    windows = text._("Rolling windows end with the period; a calendar window of the same length is the period itself.")
    if zones == {text.zone}:
        return windows
    each = text._("%(name)s is that of each app in its own time zone: %(zones)s.")
    named = context.named
    facts = {"name": periods.title(named, text) if named else context.view.period, "zones": text.join(sorted(zones))}
    return text.sentences(each % facts, windows)


def _progress(app: App, named: NamedPeriod, found: PeriodStanding, apps: int, text: Text) -> str:
    """How far the period has come; of one of several apps by its title."""
    sentence = periods.progress(named, found, text_for(text.language, app.timezone))
    if apps == 1 or found.stage is not PeriodStage.AWAITING_DATA:
        return sentence
    return text._("%(app)s: %(sentence)s") % {"app": app.title(text.language), "sentence": sentence}


def _not_begun(context: Context, apps: Sequence[App], text: Text) -> str:
    """The apps in whose zones the period has not begun, which are left out."""
    names = [text.quote(app.title(text.language)) for app in apps if not context.period(app.timezone).named]
    if not names:
        return ""
    facts = {"period": context.view.period, "apps": text.join(names)}
    return text._("%(period)s has not begun yet in the time zone of %(apps)s.") % facts


def _nothing(context: Context, statuses: Sequence[SloStatus], text: Text) -> str:
    """That nothing is stored of the period, and how it is fetched."""
    if not statuses or any(status.figures.state is not State.NO_DATA for status in statuses):
        return ""
    phrase = text._("There is no data of this period. To fetch what the sources still have: %(command)s")
    return phrase % {"command": f"python cli.py sync --period {context.view.period}"}
