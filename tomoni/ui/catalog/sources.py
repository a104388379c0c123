"""The table of sources: whether each one answers, how fast, how fresh its data is, and how far back it reaches."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import streamlit as st

from data_sources.base import Health, Source
from data_sources.calls import CountsCalls
from tomoni.catalog.codes import Code
from tomoni.catalog.inspect import clock_facts
from tomoni.ui.anchors import anchor
from tomoni.ui.blocks import html_table, remark
from tomoni.ui.context import Context
from tomoni.words import collecting as collected
from tomoni.words import errors
from tomoni.words.definitions import TABLE
from tomoni.words.text import Text

_EVERY_SECONDS = 5
_FRESH_SECONDS = 60


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """What a source answered when its health was last checked, and when that was (Unix seconds)."""

    health: Health
    checked_at: int


class HealthBoard:
    """The last health of each source. Checks run in the background, so that no page waits for a
    source that does not answer. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._answers: dict[str, HealthAnswer] = {}
        self._pending: set[str] = set()
        self._lock = threading.Lock()

    def refresh(self, sources: Mapping[str, Source], now: int) -> None:
        """Check each source in a thread of its own, unless its last answer is fresh or a check is running."""
        for name, source in sources.items():
            with self._lock:
                last = self._answers.get(name)
                if name in self._pending or (last is not None and now - last.checked_at < _FRESH_SECONDS):
                    continue
                self._pending.add(name)
            threading.Thread(target=self._check, args=(name, source, now), name=f"health-{name}", daemon=True).start()

    def latest(self, name: str) -> HealthAnswer | None:
        """The last answer of a source; None before its first one."""
        return self._answers.get(name)

    def pending(self) -> bool:
        """Whether any check is still running."""
        return bool(self._pending)

    def _check(self, name: str, source: Source, now: int) -> None:
        try:
            answer = HealthAnswer(source.health(), now)
            with self._lock:
                self._answers[name] = answer
        finally:
            with self._lock:
                self._pending.discard(name)


@st.cache_resource(show_spinner=False)
def board() -> HealthBoard:
    """The health board of this process."""
    return HealthBoard()


def source_table(context: Context) -> None:
    """Draw the table, which fills in as answers arrive."""
    st.fragment(_table, run_every=_EVERY_SECONDS)(context)


def _table(context: Context) -> None:
    product, text, _ = context.tomoni, context.text, context.text._
    if not product.sources:
        remark(_("No source is configured: see config/sources.yaml."))
        return
    board().refresh(product.sources, product.now())
    health_heads = (_("Answers"), _("Took"), _("Newest data"), _("Retention"), _("Version"))
    heads = (_("Source"), _("Kind"), *health_heads, _("Lag"), _("Calls"))
    rows = [
        (name, source.kind, *_health_cells(context, name), text.duration(source.lag_seconds), _calls(source, text))
        for name, source in product.sources.items()
    ]
    places = [anchor("source", name) for name in product.sources]
    st.html(f"<div class='tm-scroll'>{html_table(heads, rows, places)}</div>")
    _collector(context)


def _collector(context: Context) -> None:
    """Draw who asks the sources, or that nobody does; nothing until that is known."""
    text, collecting = context.text, context.tomoni.collecting
    lease = collecting.lease
    if lease is not None and lease.is_held:
        remark(collected.who(lease.host, lease.process, lease.since, text))
    elif collecting.lacking_seconds > 0:
        since = collecting.left_at or context.tomoni.now() - collecting.lacking_seconds
        reason = None if collecting.failure is None else collecting.failure.code
        remark(text.sentences(collected.nobody(since, None, text), collected.what_to_do(reason, text)))


def _health_cells(context: Context, name: str) -> Iterable[str]:
    """The columns about the health of a source: answer, time taken, newest data, retention, version."""
    text, answer = context.text, board().latest(name)
    if answer is None:
        return (text._("querying…"), "—", _newest_data(context, name), "—", "—")
    health = answer.health
    kept = text.duration(health.retention_seconds) if health.retention_seconds else text._("unknown")
    return (
        text.sentences(_outcome(context, health), _clock(context, name)),
        text.duration(health.seconds),
        _newest_data(context, name),
        kept,
        health.version or "—",
    )


def _calls(source: Source, text: Text) -> str:
    """The calls to a source since the process started; a dash for a source without a network."""
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


def _outcome(context: Context, health: Health) -> str:
    """Whether a source answered; if not, the reason and what to do."""
    text = context.text
    if health.answered:
        return "● " + text._("yes")
    if health.error is None:
        return "▲ " + text._("no")
    what, hint = errors.describe(health.error.code, health.error.facts, health.error.detail, text)
    return "▲ " + text.sentences(what, hint)


def _clock(context: Context, name: str) -> str:
    """By how much the clock of a source's server differs from ours; empty where it does not."""
    source = context.tomoni.sources.get(name)
    facts = clock_facts(source) if source is not None else None
    return "▲ " + TABLE[Code.CLOCK_DIFFERS].describe(facts, context.text)[0] if facts else ""


def _newest_data(context: Context, name: str) -> str:
    """The end of the newest bucket that was observed of any SLO of a source."""
    statuses = context.live.overview.statuses
    known = [s.newest_data for s in statuses if s.slo.source == name and s.newest_data is not None]
    return context.text.near_moment(max(known)) if known else "—"
