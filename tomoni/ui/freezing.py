"""Taking a snapshot from any page that shows an app."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.ui import navigation
from tomoni.ui.context import Context
from tomoni.ui.url_state import View

HASH_CHARACTERS = 16  # of a snapshot's hash in a link


def freeze_now(context: Context, app: App, notes: str = "", workshop: WorkshopRecord | None = None) -> str:
    """Save a snapshot of an app for the moment and period of the view, with what was tried in the workshop; return its
    short hash for links."""
    with st.spinner(context.text._("freezing…")):
        snapshot = context.tomoni.freeze(app, context.period(app.timezone), notes, workshop)
        context.tomoni.snapshots.keep(snapshot)
    return short(snapshot.hash)


def short(digest: str) -> str:
    """The prefix of a snapshot's hash that identifies it in a link."""
    return digest.removeprefix("sha256:")[:HASH_CHARACTERS]


def snapshot_button(context: Context, shown: View) -> None:
    """Draw the button that takes a snapshot and opens it; nothing on pages without an app, and
    for who does not write of it."""
    app = context.tomoni.catalog.app(shown.app or "")
    if app is None or not context.may_write(app.id):
        return
    text = context.text
    if st.button(
        text._("Take a snapshot"),
        key="snapshot-now",
        icon=":material/photo_camera:",
        help=text._("Freezes what you see now, to keep, share and download."),
    ):
        frozen = replace(shown, snapshot=freeze_now(context, app), other=None)
        navigation.open_page("snapshots", frozen, text._("Take a snapshot"))
