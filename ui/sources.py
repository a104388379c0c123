"""How each source is: answers or not, how fast, how fresh, how far back it remembers."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from ui.blocks import html_table, remark
from ui.context import Context
from ui.health import Asked, board
from words import errors

_EVERY_SECONDS = 5


def source_table(context: Context) -> None:
    """The table; it fills in by itself as answers come."""
    st.fragment(_table, run_every=_EVERY_SECONDS)(context)


def _table(context: Context) -> None:
    product, _ = context.tomoni, context.text._
    if not product.sources:
        remark(_("No source is configured: see config/sources.yaml."))
        return
    board().ask(product.sources, product.now())
    heads = (_("Source"), _("Kind"), _("Answers"), _("Took"), _("Newest data"), _("Remembers"), _("Version"), _("Lag"))
    rows = [
        (name, source.kind, *_answer(context, name), context.text.duration(source.lag_seconds))
        for name, source in product.sources.items()
    ]
    st.html(f"<div class='tm-scroll'>{html_table(heads, rows)}</div>")


def _answer(context: Context, name: str) -> Iterable[str]:
    """What is known of a source: answer, time taken, newest data, retention, version."""
    text, asked = context.text, board().answer(name)
    if asked is None:
        return (text._("asking…"), "—", _newest(context, name), "—", "—")
    health = asked.health
    kept = text.duration(health.retention_seconds) if health.retention_seconds else text._("not told")
    return _said(context, asked), text.duration(health.seconds), _newest(context, name), kept, health.version or "—"


def _said(context: Context, asked: Asked) -> str:
    """Whether it answered; else why not, and what to do."""
    text, health = context.text, asked.health
    if health.answered:
        return "● " + text._("yes")
    if health.error is None:
        return "▲ " + text._("no")
    what, hint = errors.say(health.error.code, health.error.facts, health.error.detail, text)
    return "▲ " + text.sentences(what, hint)


def _newest(context: Context, name: str) -> str:
    """The end of the newest bucket that any SLO has from the source."""
    statuses = context.live.overview.statuses
    known = [s.known_until for s in statuses if s.slo.source == name and s.known_until is not None]
    return context.text.near_moment(max(known)) if known else "—"
