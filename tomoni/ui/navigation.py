"""The pages with their stable paths and translated titles. A new page is one line in `PLACES`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.components.v2 import component

from tomoni.ui.url_state import View, params
from tomoni.words.text import Text, mark


@dataclass(frozen=True, slots=True)
class Place:
    """One page: its file, its path (empty for the first page) and its title as a msgid."""

    file: str
    path: str
    title: str
    icon: str


PLACES: Mapping[str, Place] = {
    "overview": Place("pages/overview.py", "", mark("Overview"), ":material/grid_view:"),
    "app": Place("pages/app_view.py", "app", mark("App"), ":material/stacked_line_chart:"),
    "explore": Place("pages/explore.py", "explore", mark("Explore"), ":material/query_stats:"),
    "review": Place("pages/review.py", "review", mark("Review"), ":material/groups:"),
    "actions": Place("pages/actions.py", "actions", mark("Actions"), ":material/task_alt:"),
    "snapshots": Place("pages/snapshots.py", "snapshots", mark("Snapshots"), ":material/photo_camera:"),
    "postmortems": Place("pages/postmortems.py", "postmortems", mark("Postmortems"), ":material/history_edu:"),
    "catalog": Place("pages/catalog.py", "catalog", mark("Catalog"), ":material/list_alt:"),
    "guide": Place("pages/guide.py", "guide", mark("Guide"), ":material/menu_book:"),
}
_FOLLOW = (Path(__file__).parent / "follow_link.js").read_text()
# The parameters that a link to another page keeps; filters of one page are dropped.
_KEPT = ("app", "journey", "slo", "at", "days", "period", "range", "episode", "lang", "team")
_KEPT_QUESTION = ("source", "metric", "where", "how", "by")  # so that the way back to it is not lost


def pages(text: Text) -> list[st.Page]:
    """All pages for `st.navigation`; an address that none has gets one that says so."""
    known, path = [_page(place, text) for place in PLACES.values()], requested_path()
    if path in {place.path for place in PLACES.values()}:
        return known
    title = text._("There is no such page")
    return [*known, st.Page("pages/not_found.py", title=title, url_path=path)]


def requested_path() -> str:
    """The last part of the path in the browser's address; empty for the first page, and where it is not known."""
    return unquote(urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2])


def place_name() -> str:
    """The name of the requested page in `PLACES`; `not_found` for an address that none has."""
    path = requested_path()
    return next((name for name, place in PLACES.items() if place.path == path), "not_found")


def nearest_place(path: str) -> Place | None:
    """The page whose path is most like one that no page has."""
    near = get_close_matches(path.lower(), [place.path for place in PLACES.values() if place.path], n=1, cutoff=0.6)
    return next((place for place in PLACES.values() if place.path in near), None)


def carried(view: View) -> dict[str, str]:
    """The URL parameters of a view that a link to another page keeps."""
    return {name: value for name, value in params(view).items() if name in (*_KEPT, *_KEPT_QUESTION)}


def links(view: View, text: Text) -> None:
    """Draw a link to each page; links keep app, moment and language."""
    here = requested_path()
    for place in PLACES.values():
        with _marked(current=place.path == here):
            st.page_link(_page(place, text), label=text._(place.title), icon="", query_params=carried(view))


def _marked(current: bool) -> AbstractContextManager[object]:
    """What marks the page that is shown; the others do without, for a bar of fewer containers is drawn sooner."""
    return st.container(key="nav-current", width="content") if current else nullcontext()


def open_page(name: str, view: View, label: str) -> None:
    """Open a page of `PLACES` with a view, as one step in the browser's history.

    `st.switch_page` would add two steps, because it writes the parameters before the path. So a link
    is drawn, and a script clicks it.
    """
    with st.container(key="open-page", width="content"):
        st.page_link(PLACES[name].file, label=label, query_params=params(view))
    component("tomoni.follow", js=_FOLLOW)(key=f"follow-{name}-{view.app}-{view.journey}-{view.slo}-{view.snapshot}")


def _page(place: Place, text: Text) -> st.Page:
    return st.Page(place.file, title=text._(place.title), url_path=place.path, default=not place.path)
