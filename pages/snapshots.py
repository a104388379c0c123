"""What was seen: every snapshot by app and date, opened, compared, downloaded, and made now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.snapshots.document.sections.changes import comparison
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import EditionOptions, edition, stem_of
from tomoni.snapshots.exporters.html.page import page
from tomoni.snapshots.record.comparing import compare, year
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.listing import ListedSnapshot
from tomoni.ui import exporting, frame, notices
from tomoni.ui.blocks import headline, number_table, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.freezing import freeze_now, short
from tomoni.ui.freshness import freshness
from tomoni.ui.period_picker import period_picker
from tomoni.ui.present import present_keys
from tomoni.ui.url_state import View, apply_choice, change_view, params
from tomoni.words import exports, periods, states
from tomoni.words.text import Text

_FRAME_PX = 900
_MOST_IN_A_ROW = 60


def draw(context: Context) -> frame.Drawn:
    """The page."""
    text, view = context.text, context.view
    app = context.tomoni.catalog.app(view.app or "")
    listed = context.tomoni.snapshots.listed(app.id if app else None)
    headline(_headline(listed, app, text))
    freshness(context)
    if view.snapshot is None:
        _make(context, app)
    else:
        _opened(context, view.snapshot)
    with st.container(key="panel-list"):
        _list(context, listed, app)
    present_keys(context, "app", (), None)
    return frame.Drawn(view)


def _headline(listed: Sequence[ListedSnapshot], app: App | None, text: Text) -> str:
    """How many there are, and of when the newest is."""
    if not listed:
        return text._("There are no snapshots yet. Make one of what you see now.")
    count = text.n_("%(n)s snapshot", "%(n)s snapshots", len(listed)) % {"n": len(listed)}
    facts = {"snapshots": count, "day": text.day(listed[0].as_of), "app": app.title(text.language) if app else ""}
    if app is None:
        return text._("%(snapshots)s; the newest is from %(day)s.") % facts
    return text._("%(snapshots)s of %(app)s; the newest is from %(day)s.") % facts


def _make(context: Context, app: App | None) -> None:
    """Freezes what the joint view shows now: app, moment and period of the URL, with notes."""
    text, apps = context.text, {each.id: each for each in context.tomoni.catalog.apps}
    if not apps:
        notices.no_apps(text)
        return
    chosen = app or next(iter(apps.values()))
    st.session_state["made-app"] = chosen.id
    with st.container(key="panel-make"):
        title(text._("Make one now"), text._("what the app's page shows at this moment"))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.selectbox(
                text._("App"),
                list(apps),
                key="made-app",
                format_func=lambda code: apps[code].title(text.language),
                label_visibility="collapsed",
                on_change=apply_choice,
                args=("app", "made-app"),
                width=260,
            )
            period_picker(context, chosen)
        st.text_area(text._("Notes"), key="notes", height=80, max_chars=10_000)
        if st.button(text._("Freeze it"), key="make", type="primary", icon=":material/ac_unit:"):
            _freeze(context, chosen)


def _freeze(context: Context, app: App) -> None:
    """Freezes, keeps, and opens it."""
    change_view(snapshot=freeze_now(context, app, st.session_state.get("notes", "")), app=app.id)
    st.rerun()


def _opened(context: Context, named: str) -> None:
    """One snapshot as it was, or what changed from another one to it."""
    text = context.text
    st.button(
        text._("Close"), key="close", type="tertiary", icon=":material/close:", on_click=change_view, kwargs=_CLOSED
    )
    try:
        snapshot = context.tomoni.snapshots.read(named)
        other = context.tomoni.snapshots.read(context.view.other) if context.view.other else None
    except SnapshotError as error:
        notices.empty(*exports.say(error.code, error.facts, error.detail, text))
        return
    with st.container(key="panel-snapshot"):
        if other is not None and other.review.app.id == snapshot.review.app.id:
            _compared(context, other, snapshot)
        else:
            _shown(context, snapshot)


_CLOSED = {"snapshot": None, "other": None}


def _shown(context: Context, snapshot: Snapshot) -> None:
    """The snapshot's own page, and its files."""
    text, wanted = context.text, EditionOptions((context.text.language,))
    title(snapshot.review.app.title(text.language), short(snapshot.hash))
    chromium = context.tomoni.settings.chromium
    exporting.snapshot_buttons(snapshot, wanted, stem_of(snapshot.review), chromium, text)
    st.iframe(_page(snapshot, text.language), height=_FRAME_PX, alt=text._("The snapshot as it was frozen"))


@st.cache_data(show_spinner=False, max_entries=8)
def _page_of(_snapshot: Snapshot, name: str, language: str) -> str:
    return page(edition(_snapshot, EditionOptions((language,))), manifest(_snapshot))


def _page(snapshot: Snapshot, language: str) -> str:
    """The snapshot's HTML file; the same hash gives the same page."""
    return _page_of(snapshot, snapshot.hash, language)


def _compared(context: Context, before: Snapshot, after: Snapshot) -> None:
    """What changed, as a page and as files."""
    text = context.text
    kept = reversed(context.tomoni.snapshots.listed(after.review.app.id)[:_MOST_IN_A_ROW])
    row = year([context.tomoni.snapshots.read(each.hash) for each in {each.as_of: each for each in kept}.values()])
    compared = compare(before, after)
    shown = comparison(compared, text.language, row)
    said: dict[str, object] = {"schema": "tomoni.comparison", "version": 1, "snapshots": [before.hash, after.hash]}
    title(text._("What changed"), shown.lead)
    stem = f"{stem_of(compared.before.review)}-to-{stem_of(compared.after.review)}"
    exporting.comparison_buttons(exporting.Compared(shown, said, stem), context.tomoni.settings.chromium, text)
    st.iframe(page(shown, dict(said)), height=_FRAME_PX, alt=text._("What changed"))


def _list(context: Context, listed: Sequence[ListedSnapshot], app: App | None) -> None:
    """All snapshots, the newest first, each with links that open it and compare it."""
    text = context.text
    with st.container(horizontal=True, vertical_alignment="center"):
        title(text._("Snapshots"), width="content")
        st.space("stretch")
        if app is not None:
            st.button(
                text._("All apps"),
                key="all-apps",
                type="tertiary",
                on_click=change_view,
                kwargs={"app": None, **_CLOSED},
            )
    if not listed:
        remark(text._("There are no snapshots yet."))
        return
    heads = (text._("Day"), text._("App"), text._("Period"), text._("SLOs"), text._("Made"), "")
    rows = [_row(context, each, _before(listed, each), text) for each in listed]
    st.html(number_table(heads, rows, texts=len(heads)))


def _before(listed: Sequence[ListedSnapshot], one: ListedSnapshot) -> ListedSnapshot | None:
    """The newest snapshot of the same app of an earlier moment."""
    return next((each for each in listed if each.app == one.app and each.as_of < one.as_of), None)


def _row(context: Context, each: ListedSnapshot, before: ListedSnapshot | None, text: Text) -> list[str]:
    here = replace(context.view, app=each.app, snapshot=short(each.hash), other=None)
    counts = text.listed([f"{states.label(state, text)} {n}" for state, n in each.states.items()])
    compared = ""
    if before is not None:
        compared = _link(replace(here, other=short(before.hash)), text._("compare with the one before"))
    return [
        _link(here, periods.of_listed(each.period, each.as_of, text)),
        html(each.title(text.language) or each.app),
        html(text.span(each.start, each.as_of)),
        html(counts),
        html(text.moment(each.made_at)),
        compared,
    ]


def _link(view: View, words: str) -> str:
    return f"<a href='?{html(urlencode(params(view)))}' target='_self'>{html(words)}</a>"


frame.show(draw)
