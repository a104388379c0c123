"""Freezing what is seen now, from any page that shows an app."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.review.model import Period
from tomoni.ui import navigation
from tomoni.ui.context import Context
from tomoni.ui.url_state import View

SIGNS = 16  # of a hash in a link


def freeze_now(context: Context, app: App, notes: str = "") -> str:
    """Freezes an app at the moment and over the period of the view, keeps it, and gives its name in links."""
    with st.spinner(context.text._("freezing…")):
        snapshot = context.tomoni.freeze(app, Period(context.as_of, context.view.days), notes)
        context.tomoni.shelf.keep(snapshot)
    return short(snapshot.hash)


def short(digest: str) -> str:
    """The beginning of a snapshot's hash that names it in a link."""
    return digest.removeprefix("sha256:")[:SIGNS]


def snapshot_button(context: Context, shown: View) -> None:
    """Freezes the app that is shown and leads to its snapshot; nothing where no app is shown."""
    app = context.tomoni.catalog.app(shown.app or "")
    if app is None:
        return
    text = context.text
    if st.button(
        text._("Take a snapshot"),
        key="snapshot-now",
        icon=":material/photo_camera:",
        help=text._("Freezes what you see now, to keep, to share and to download."),
    ):
        frozen = replace(shown, snapshot=freeze_now(context, app), other=None)
        navigation.open_page("snapshots", frozen, text._("Take a snapshot"))
