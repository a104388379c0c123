"""The page for an address that no page has: says so, and leads on to the page that was probably meant, or to all."""

from __future__ import annotations

import streamlit as st

from tomoni.ui import frame
from tomoni.ui.blocks import headline, remark
from tomoni.ui.context import Context
from tomoni.ui.navigation import PLACES, carried, nearest_place, requested_path
from tomoni.ui.present import present_keys


def draw(context: Context) -> None:
    """Draw the page."""
    text, path = context.text, requested_path()
    near = nearest_place(path)
    headline(text._("There is no page %(page)s.") % {"page": text.quote(path)})
    remark(text._("Similar pages:") if near else text._("These are the pages:"))
    with st.container(key="ways-on", width="content"):
        for place in [near] if near else PLACES.values():
            st.page_link(place.file, label=text._(place.title), icon=place.icon, query_params=carried(context.view))
    present_keys(context, "app", (), None)


frame.show(draw)
