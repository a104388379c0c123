"""The keys of an app's page that step through what it has: E its episodes, A the apps; with Shift the other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from tomoni.ui.context import Context
from tomoni.ui.selection import Selection
from tomoni.ui.url_state import change_view

_ANOTHER_APP: Mapping[str, None] = dict.fromkeys(("journey", "slo", "episode", "lanes"))
T = TypeVar("T")


def app_keys(context: Context, selection: Selection) -> None:
    """Draw the buttons that the keys press; they are in sight while they have the focus."""
    _ = context.text._
    apps = [app.id for app in context.tomoni.catalog.apps]
    with st.container(key="step-keys", horizontal=True, gap="xsmall", width="content"):
        _episodes(context, selection)
        if len(apps) > 1:
            _step("A", _("Next app"), {**_ANOTHER_APP, "app": _beside(apps, selection.app.id, 1)})
            _step("Shift+A", _("Previous app"), {**_ANOTHER_APP, "app": _beside(apps, selection.app.id, -1)})


def episode_keys(context: Context, selection: Selection) -> None:
    """Draw those of the episodes alone."""
    with st.container(key="step-keys", horizontal=True, gap="xsmall", width="content"):
        _episodes(context, selection)


def _episodes(context: Context, selection: Selection) -> None:
    _ = context.text._
    # Of each episode the moment by which the address names it; after the last one the whole period.
    episodes: list[int | None] = [None, *(found.episode.start for found in selection.episodes)]
    closeup = selection.closeup
    here = closeup.episode.start if closeup else None
    if len(episodes) > 1:
        _step("E", _("Next episode"), {"episode": _beside(episodes, here, 1)})
        _step("Shift+E", _("Previous episode"), {"episode": _beside(episodes, here, -1)})


def _beside(values: Sequence[T], here: T, by: int) -> T:
    """The value next to one, in a circle."""
    return values[(values.index(here) + by) % len(values)]


def _step(key: str, label: str, changes: Mapping[str, object]) -> None:
    name = f"key-{key.lower().replace('+', '-')}"
    st.button(label, key=name, shortcut=key, on_click=change_view, kwargs=dict(changes))
