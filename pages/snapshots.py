"""What was seen: every snapshot by app and date, opened, compared, downloaded, and made now."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from tomoni.catalog.codes import Code
from tomoni.catalog.schema import App, Problem, Severity, Spot
from tomoni.catalog.secrets import secrets_of_text
from tomoni.snapshots.document.sections.changes import comparison
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import EditionOptions, edition, stem_of
from tomoni.snapshots.record.comparing import compare, year
from tomoni.snapshots.record.listing import ListedSnapshot, Page, Selection
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.ui import frame, notices
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.embedding import embed, embeddable
from tomoni.ui.escape import html
from tomoni.ui.freezing import freeze_now, short
from tomoni.ui.freshness import freshness
from tomoni.ui.period_picker import period_picker
from tomoni.ui.present import present_keys
from tomoni.ui.snapshots import exporting, yearly
from tomoni.ui.snapshots.listing import CLOSED, draw_list, list_title
from tomoni.ui.url_state import change_view
from tomoni.words import exports, problems
from tomoni.words.text import Text, text_for

_MOST_IN_A_ROW = 60


def draw(context: Context) -> frame.Drawn:
    """The page."""
    if context.view.snapshot is None:
        _all(context)
    else:
        _opened(context, context.view.snapshot)
    present_keys(context, "app", (), None)
    return frame.Drawn(context.view, timed=False)


def _all(context: Context) -> None:
    """What can be frozen now, and the list."""
    app = context.tomoni.catalog.app(context.view.app or "")
    found = context.tomoni.snapshots.page(Selection(app.id if app else None), 1, 1)
    headline(_headline(found, app, context.text))
    freshness(context)
    chosen = app or next(iter(context.tomoni.catalog.apps), None)
    if chosen is None:
        notices.no_apps(context.text)
    elif context.may_write(chosen.id):
        _make(context, chosen)
    _list(context)


def _list(context: Context) -> None:
    with st.container(key="panel-list"):
        draw_list(context, context.tomoni.catalog.app(context.view.app or ""))


def _headline(found: Page, app: App | None, text: Text) -> str:
    """How many there are, and of when the newest is."""
    if not found.entries:
        return text._("There are no snapshots yet. Make one of what you see now.")
    count = text.n_("%(n)s snapshot", "%(n)s snapshots", found.total) % {"n": text.number(found.total, 0)}
    facts = {
        "snapshots": count,
        "day": text.day(found.entries[0].as_of),
        "app": text.quote(app.title(text.language)) if app else "",
    }
    if app is None:
        return text._("%(snapshots)s; the newest is from %(day)s.") % facts
    return text._("%(snapshots)s of %(app)s; the newest is from %(day)s.") % facts


def _make(context: Context, chosen: App) -> None:
    """Freezes what the joint view shows now: app, moment and period of the URL, with notes."""
    text, apps = context.text, {each.id: each for each in context.tomoni.catalog.apps}
    key = f"made-app-{text.language}"
    st.session_state[key] = chosen.id
    with st.container(key="panel-make"):
        title(text._("Make one now"), text._("what the app's page shows at this moment"))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.selectbox(
                text._("App"),
                list(apps),
                key=key,
                format_func=lambda code: apps[code].title(text.language),
                label_visibility="collapsed",
                **on_choice(key, _choose_app, key),
                width=260,
            )
            period_picker(context, chosen)
        st.text_area(text._("Notes"), key="notes", height=80, max_chars=10_000)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if st.button(text._("Freeze it"), key="make", type="primary", icon=":material/ac_unit:"):
                _freeze(context, chosen)
            st.space("stretch")
            if (whole := yearly.chosen_year(context, chosen)) is not None:
                _freeze(context, chosen, whole)


def _choose_app(key: str) -> None:
    change_view(app=st.session_state[key], page=1)


def _freeze(context: Context, app: App, whole: int | None = None) -> None:
    """Freezes what is seen, or a whole year, keeps it, and opens it."""
    notes = st.session_state.get("notes", "")
    if secret := next(secrets_of_text(notes), None):
        line, part = secret
        problem = Problem(Spot("", line), Severity.ERROR, Code.SECRET_IN_LINK.value, {"part": part})
        notices.refused(problems.describe(problem, context.text))
        return
    made = freeze_now(context, app, notes) if whole is None else yearly.freeze_chosen(context, app, whole, notes)
    change_view(snapshot=made, app=app.id)
    st.rerun()


def _opened(context: Context, named: str) -> None:
    """One snapshot as it was, or what changed from another one to it; the list where there is none."""
    text, saved = context.text, context.tomoni.snapshots
    st.button(
        text._("All snapshots"),
        key="close",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=change_view,
        kwargs=CLOSED,
    )
    try:
        snapshot = saved.read(named)
        entry = saved.entry(snapshot.hash)
        other = saved.read(context.view.other) if context.view.other else None
    except SnapshotError as error:
        notices.empty(*exports.describe(error.code, error.facts, error.detail, text))
        _list(context)
        return
    if other is not None and other.review.app.id == snapshot.review.app.id:
        _compared(context, other, snapshot)
    else:
        _shown(context, snapshot, entry)


def _tools(context: Context) -> exporting.Tools:
    settings = context.tomoni.settings
    return exporting.Tools(settings.chromium, settings.template)


def _shown(context: Context, snapshot: Snapshot, entry: ListedSnapshot) -> None:
    """The snapshot by its name, what can be done with it, its files, and its own page."""
    text, wanted = context.text, EditionOptions((context.text.language,))
    zone = text_for(text.language, snapshot.review.app.timezone)
    _named(list_title(entry, zone))
    with st.container(horizontal=True, vertical_alignment="center", key="snapshot-actions"):
        st.html(_facts(entry, zone), width="content")
        st.space("stretch")
        if context.may_write(entry.app):
            _pin_button(context, entry)
            _delete_button(context, entry)
    exporting.snapshot_buttons(snapshot, wanted, stem_of(snapshot.review), _tools(context), text)
    embed(_page(snapshot, text.language), text._("The snapshot as it was frozen"))


def _named(name: str) -> None:
    """Give the page and its tab the name of what is open."""
    st.set_page_config(page_title=f"{name} · Tomoni")
    headline(name)


def _facts(entry: ListedSnapshot, text: Text) -> str:
    """The exact period, when it was made, and what it is known by."""
    made = text._("made on %(moment)s") % {"moment": text.moment(entry.made_at)}
    size = text.quantity(entry.size, "bytes")
    parts = [html(part) for part in (text.span(entry.start, entry.as_of), made, size, short(entry.hash))]
    pinned = html(text._("pinned"))
    tag = f" <span class='tm-tag'>{pinned}</span>" if entry.pinned else ""
    return f"<p class='tm-sub'>{' · '.join(parts)}{tag}</p>"


def _pin_button(context: Context, entry: ListedSnapshot) -> None:
    """Pins or unpins the open snapshot."""
    text = context.text
    st.button(
        text._("Unpin") if entry.pinned else text._("Pin"),
        key="pin",
        type="tertiary",
        icon=":material/keep_off:" if entry.pinned else ":material/keep:",
        help=text._("A pinned snapshot cannot be deleted and does not expire."),
        on_click=_pin,
        args=(context, entry.hash, not entry.pinned),
    )


def _pin(context: Context, digest: str, pinned: bool) -> None:
    with suppress(SnapshotError):  # deleted meanwhile: the page then shows that
        context.tomoni.snapshots.pin(digest, context.tomoni.now() if pinned else None)


def _delete_button(context: Context, entry: ListedSnapshot) -> None:
    """Deletes the open snapshot, after a second click."""
    text = context.text
    with st.popover(
        text._("Delete"),
        key="delete",
        type="tertiary",
        icon=":material/delete:",
        disabled=entry.pinned,
        help=text._("Unpin it first.") if entry.pinned else None,
    ):
        remark(
            text._(
                "This deletes the record for good. Files of it stay as they are; a link to it will state when it was"
                " deleted."
            )
        )
        st.button(text._("Delete for good"), key="delete-for-good", on_click=_delete, args=(context, entry.hash))


def _delete(context: Context, digest: str) -> None:
    with suppress(SnapshotError):  # deleted or pinned meanwhile: the page then shows that
        context.tomoni.snapshots.delete(digest, context.tomoni.now())


@st.cache_data(show_spinner=False, max_entries=8)
def _page_of(_snapshot: Snapshot, name: str, language: str) -> str:
    return embeddable(edition(_snapshot, EditionOptions((language,))))


def _page(snapshot: Snapshot, language: str) -> str:
    """The snapshot's HTML file; the same hash gives the same page."""
    return _page_of(snapshot, snapshot.hash, language)


def _compared(context: Context, before: Snapshot, after: Snapshot) -> None:
    """What changed, as a page and as files."""
    text = context.text
    kept = reversed(context.tomoni.snapshots.listed(after.review.app.id)[:_MOST_IN_A_ROW])
    read = context.tomoni.snapshots.read_all(each.hash for each in {each.as_of: each for each in kept}.values())
    row = year(list(read.found))
    compared = compare(before, after)
    shown = comparison(compared, text.language, row)
    said: dict[str, object] = {"schema": "tomoni.comparison", "version": 1, "snapshots": [before.hash, after.hash]}
    _named(text._("%(app)s: what changed") % {"app": shown.title})
    remark(shown.lead)
    stem = f"{stem_of(compared.before.review)}-to-{stem_of(compared.after.review)}"
    exporting.comparison_buttons(exporting.Compared(shown, said, stem), _tools(context), text)
    embed(embeddable(shown), text._("What changed"))


frame.show(draw)
