"""What is wrong with the configuration, the sources and the data: one folded line at the top of every page, and the
way to each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath

import streamlit as st

from tomoni.catalog.schema import Problem
from tomoni.review.model import SloStatus, SourceProblem
from tomoni.slo.model import DAY
from tomoni.store.errors import StoreError
from tomoni.ui.anchors import anchor
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.links import page_link, slo_link
from tomoni.ui.page_first import keep_fresh
from tomoni.ui.url_state import View
from tomoni.words import collecting as words
from tomoni.words import errors, notices, problems
from tomoni.words.text import Text

_EVERY_SECONDS = 10
_REPLACED_WITHIN_SECONDS = 10.0
_NAMED = 3  # in the line that opens the list


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that needs attention: what it is about (plain text), a link to it (HTML), and what is wrong (plain
    text; nothing where the link states it)."""

    about: str
    link: str
    what: str


def attention(context: Context, detailed: bool = True) -> None:
    """Draw the line, which follows what is wrong: what recovers disappears. Without anything wrong there is none.

    ``detailed`` is whether the list explains each thing; a page that has them all only needs the links.
    """
    with st.container(key="attention"):
        st.fragment(_draw, run_every=_EVERY_SECONDS)(context, detailed)


def _draw(context: Context, detailed: bool) -> None:
    keep_fresh(context.tomoni)
    with suppress(StoreError):  # the page itself says so
        if found := list(findings(replace(context, live=context.tomoni.live()))):
            below = _in_force(context.text) if detailed and context.tomoni.catalog.errors else ""
            st.html(banner(found, context.text, below, detailed))


def findings(context: Context) -> Iterator[Finding]:
    """Everything that is wrong: the files, the sources, and data that cannot be right."""
    text, view = context.text, View(lang=context.view.lang, team=context.view.team)
    yield from of_files(context.tomoni.catalog.errors, view, text)
    live = context.live.overview
    yield from _of_collector(context, view)
    yield from _of_sources(live.problems, view, text)
    yield from _of_silent(context, {problem.source for problem in live.problems})
    yield from _of_feeds(context, {problem.source for problem in live.problems}, view)
    yield from _of_data(context.overview().statuses, context)


def of_files(found: Iterable[Problem], view: View, text: Text) -> Iterator[Finding]:
    """The errors of the configuration files."""
    for problem in found:
        file = problem.spot.file
        place = f"{file}:{max(problem.spot.line, 1)}"
        link = page_link("catalog", view, place, anchor("file", file))
        yield Finding(PurePath(file).name, link, text.sentences(*problems.describe(problem, text)))


def _of_collector(context: Context, view: View) -> Iterator[Finding]:
    """That no process asks the sources, once that has lasted longer than one takes to replace another."""
    text, collecting = context.text, context.tomoni.collecting
    lacking = collecting.lacking_seconds
    if context.frozen or lacking < _REPLACED_WITHIN_SECONDS:
        return
    newest = [s.newest_data for s in context.live.overview.statuses if s.newest_data is not None]
    reason = None if collecting.failure is None else collecting.failure.code
    name = text._("collection")
    link = page_link("catalog", view, name, anchor("source", next(iter(context.tomoni.sources), "")))
    since = collecting.left_at or context.tomoni.now() - lacking
    said = words.nobody(since, max(newest, default=None), text)
    yield Finding(name, link, text.sentences(said, words.what_to_do(reason, text)))


def _of_sources(found: Iterable[SourceProblem], view: View, text: Text) -> Iterator[Finding]:
    for problem in found:
        name = text._("source %(source)s") % {"source": text.quote(problem.source)}
        since = text._("Since %(moment)s.") % {"moment": text.near_moment(problem.since)}
        what, hint = errors.describe_source(problem, text)
        link = page_link("catalog", view, name, anchor("source", problem.source))
        yield Finding(name, link, text.sentences(what, since, hint))


def _of_silent(context: Context, failing: set[str]) -> Iterator[Finding]:
    """The sources that do not answer, and since when; their series stand still while the others go on."""
    text, now = context.text, context.tomoni.now()
    view = View(lang=context.view.lang, team=context.view.team)
    for source, state in () if context.frozen else context.tomoni.refreshes.items():
        since = state.silent_since(now)
        if since is None or source in failing:
            continue
        moment = text.clock(since) if now - since < DAY else text.near_moment(since)
        what = text._("%(source)s: no answer since %(moment)s") % {"source": source, "moment": moment}
        link = page_link("catalog", view, what, anchor("source", source))
        yield Finding(text._("source %(source)s") % {"source": text.quote(source)}, link, "")


def _of_feeds(context: Context, failing: set[str], view: View) -> Iterator[Finding]:
    """The feeds of events that fail though their sources answer."""
    text = context.text
    for found in context.tomoni.failing_feeds():
        app = context.tomoni.catalog.app(found.app)
        if found.problem.source not in failing and app is not None:
            name = text._("events of %(app)s") % {"app": text.quote(app.title(text.language))}
            what, hint = errors.describe_feed(found.problem, text)
            link = page_link("catalog", view, name, anchor("app", app.id))
            yield Finding(name, link, text.sentences(what, hint))


def _of_data(statuses: Iterable[SloStatus], context: Context) -> Iterator[Finding]:
    text = context.text
    for status in statuses:
        doubts = notices.doubts(status.notices)
        if not doubts:
            continue
        titles = [thing.title(text.language) for thing in (status.app, status.journey, status.slo)]
        name = text._("data of %(slo)s") % {"slo": text.quote(" / ".join(titles))}
        said = text.sentences(*(notices.describe(doubt, text) for doubt in doubts))
        yield Finding(name, slo_link(context.view, status, name), said)


def banner(found: Sequence[Finding], text: Text, remark: str = "", detailed: bool = True) -> str:
    """The findings as HTML: a line that names them, and behind it all of them."""
    lines = [f"<li>{each.link}{f': {html(each.what)}' if detailed and each.what else ''}</li>" for each in found]
    below = f"<p class='tm-muted'>{flowing(remark)}</p>" if remark else ""
    return (
        f"<details class='tm-notice tm-attention'><summary><span role='status'>"
        f"{html(_summary(found, text))}</span></summary><ul>{''.join(lines)}</ul>{below}</details>"
    )


def _summary(found: Sequence[Finding], text: Text) -> str:
    """What needs attention in a line: how many things, and the first of them by name."""
    names = [f"{name} ({text.number(n, 0)})" if n > 1 else name for name, n in Counter(f.about for f in found).items()]
    if len(names) > _NAMED + 1:
        rest = text._("%(n)s more") % {"n": text.number(len(names) - _NAMED, 0)}
        names = [*names[:_NAMED], rest]
    phrase = text.n_("%(n)s thing needs attention: %(names)s", "%(n)s things need attention: %(names)s", len(found))
    return phrase % {"n": text.number(len(found), 0), "names": text.join(names)}


def _in_force(text: Text) -> str:
    return text._("Until the files are corrected, the last good definitions stay in force.")
