"""What surrounds every page: the guard before it, the bar above it, and the net below it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter

import streamlit as st

from tomoni.store.errors import StoreError
from tomoni.ui.bar import draw_bar
from tomoni.ui.context import Context, open_context, reader
from tomoni.ui.notices import empty
from tomoni.ui.style import apply_style
from tomoni.ui.url_state import View
from tomoni.words import database
from tomoni.words.text import Text

log = logging.getLogger("tomoni.pages")


def show(draw: Callable[[Context], None], resolve: Callable[[Context], View] = attrgetter("view")) -> None:
    """Draws a page. Whatever goes wrong, the reader sees a sentence and what to do, never a traceback.

    ``resolve`` gives the view with what the page chooses by itself, for the links in the bar.
    Ends with the container ``page-ready``, for whoever waits until the page is whole.
    """
    view, text = reader()
    apply_style(view.present)
    try:
        context = open_context()
        draw_bar(context, resolve(context))
        draw(context)
    except StoreError as error:
        log.error("the data base: %s", error.code)
        empty(*database.say(error.code, error.facts, "", text))
    except Exception:  # the edge of the product: the log gets the cause, the reader a way on
        moment = datetime.now(UTC).strftime("%H:%M:%S UTC")
        log.exception("a page could not be drawn")
        _page_failed(text, moment)
    with st.container(key="page-ready"):
        st.html("<span></span>")  # Streamlit leaves a container out of the page that holds nothing


def _page_failed(text: Text, moment: str) -> None:
    _ = text._
    empty(
        _("This page could not be drawn."),
        _("Nothing is lost. Load the page again; if it stays, tell whoever runs Tomoni: %(moment)s.")
        % {"moment": moment},
    )
