"""How each source is: answers or not, how fast, how fresh, how far back it remembers."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from data_sources.base import Source
from data_sources.calls import CountsCalls
from tomoni.ui.blocks import html_table, remark
from tomoni.ui.context import Context
from tomoni.ui.health import Asked, board
from tomoni.words import errors
from tomoni.words.text import Text

_EVERY_SECONDS = 5


def source_table(context: Context) -> None:
    """The table; it fills in by itself as answers come."""
    st.fragment(_table, run_every=_EVERY_SECONDS)(context)


def _table(context: Context) -> None:
    product, text, _ = context.tomoni, context.text, context.text._
    if not product.sources:
        remark(_("No source is configured: see config/sources.yaml."))
        return
    board().ask(product.sources, product.now())
    told = (_("Answers"), _("Took"), _("Newest data"), _("Remembers"), _("Version"))
    heads = (_("Source"), _("Kind"), *told, _("Lag"), _("Calls"))
    rows = [
        (name, source.kind, *_answer(context, name), text.duration(source.lag_seconds), _calls(source, text))
        for name, source in product.sources.items()
    ]
    st.html(f"<div class='tm-scroll'>{html_table(heads, rows)}</div>")


def _answer(context: Context, name: str) -> Iterable[str]:
    """What is known of a source: answer, time taken, newest data, retention, version."""
    text, asked = context.text, board().answer(name)
    if asked is None:
        return (text._("asking…"), "—", _newest(context, name), "—", "—")
    health = asked.health
    kept = text.duration(health.retention_seconds) if health.retention_seconds else text._("unknown")
    return _said(context, asked), text.duration(health.seconds), _newest(context, name), kept, health.version or "—"


def _calls(source: Source, text: Text) -> str:
    """What asking a source has cost since Tomoni was started; a dash where it is not asked over a network."""
    if not isinstance(source, CountsCalls):
        return "—"
    counts = source.calls.values()
    made, failed = sum(count.count for count in counts), sum(count.failed for count in counts)
    facts = {
        "calls": text.n_("%(n)s call", "%(n)s calls", made) % {"n": text.count(made)},
        "last_minute": text.count(sum(count.last_minute for count in counts)),
        "failed": text.count(failed),
        "duration": text.duration(sum(count.seconds for count in counts)),
    }
    phrase = text._("%(calls)s in %(duration)s, %(last_minute)s in the last minute, %(failed)s failed")
    return phrase % facts


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
