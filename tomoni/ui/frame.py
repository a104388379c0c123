"""The frame of every page: the bar above it, and the handling of its errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

import streamlit as st

from tomoni import logs
from tomoni.access.pace import TooOftenError
from tomoni.access.policy import NotAllowedError
from tomoni.serving.metrics import PAGE_SECONDS, PAGES_DRAWN
from tomoni.store.errors import StoreError
from tomoni.ui.address import Unapplied
from tomoni.ui.address_notice import address_notice
from tomoni.ui.attention import attention
from tomoni.ui.bar import draw_bar
from tomoni.ui.context import Context, open_context, reader
from tomoni.ui.figures import draw_figures_once
from tomoni.ui.navigation import place_name
from tomoni.ui.notices import empty_page
from tomoni.ui.page_first import page_first
from tomoni.ui.person import comes_in, draw_openness
from tomoni.ui.printing import prepare_print
from tomoni.ui.reading_only import draw_reading_only
from tomoni.ui.scheme import follow_scheme
from tomoni.ui.style import apply_style
from tomoni.ui.url_state import View
from tomoni.words import access, database
from tomoni.words.text import Text

log = logging.getLogger("tomoni.pages")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The view that a page showed, with what it chose itself, and what of the address it could not show; ``timed``
    says that it shows a period or a moment."""

    view: View
    unapplied: tuple[Unapplied, ...] = ()
    timed: bool = True


def show(
    draw: Callable[[Context], Drawn | None],
    resolve: Callable[[Context], View] = attrgetter("view"),
    listed: bool = False,
) -> None:
    """Draw a page. On any error the reader sees what happened and what to do, never a traceback.

    ``draw`` returns what it showed, for the notice about the address; None of a page that does not depend on it.
    ``resolve`` returns the view with the defaults that the page chooses, for the links in the bar.
    ``listed`` is whether the page lists all that is wrong itself, so that the banner only needs to lead there.
    The container ``page-ready`` comes last; tests wait for it.
    """
    view, text = reader()
    apply_style(view.present)
    follow_scheme(text)
    draw_figures_once()
    with logs.about(page=place_name(), run=logs.new_id()):
        _timed(draw, resolve, listed, text)
    with st.container(key="page-ready"):
        st.html("<span></span>")  # Streamlit omits an empty container


def _timed(
    draw: Callable[[Context], Drawn | None], resolve: Callable[[Context], View], listed: bool, text: Text
) -> None:
    """Draw the page, and count it."""

    def work() -> None:
        context = open_context()
        with page_first(context.tomoni):
            if comes_in(context.tomoni, text):
                _draw(context, draw, resolve(context), listed)

    with _counted(_Run()) as run:
        run.whole = _drawn(work, text) and run.whole  # which a part of the page may have set meanwhile


def part(draw: Callable[[], None]) -> None:
    """Draw a part of the page that may be drawn anew by itself, and count it then. What fails is told in its place."""
    counted = nullcontext(page) if (page := _RUN.get()) else _counted(_Run())
    with logs.about(page=place_name(), run=logs.new_id()), counted as run:
        run.whole = _drawn(draw, reader()[1]) and run.whole


@dataclass(slots=True)
class _Run:
    """A run that draws a page, or a part of it alone, and whether nothing of it failed."""

    whole: bool = True


_RUN: ContextVar[_Run | None] = ContextVar("the run that draws a page", default=None)


@contextmanager
def _counted(run: _Run) -> Iterator[_Run]:
    """Counts a run that comes to its end, and the time that it takes."""
    before, began = _RUN.set(run), time.perf_counter()
    try:
        yield run
    finally:
        _RUN.reset(before)
    PAGE_SECONDS.labels(place_name()).observe(time.perf_counter() - began)
    PAGES_DRAWN.labels(place_name(), "ok" if run.whole else "failed").inc()


def _drawn(draw: Callable[[], None], text: Text) -> bool:
    """Draw, or say what happened; False where that was nothing which anybody could expect."""
    try:
        draw()
        return True
    except NotAllowedError as error:
        empty_page(*access.describe(error, text))
        return True
    except TooOftenError as error:
        empty_page(*access.too_often(error, text))
        return True
    except StoreError as error:
        log.error("the database: %s %s %s", error.code, error.facts.get("database", ""), error.detail)
        empty_page(*database.for_visitors(error.code, error.facts, text))
    except Exception:  # the outermost handler: the log gets the cause, the reader a next step
        moment = datetime.now(UTC).strftime("%H:%M:%S UTC")
        log.exception("a page could not be drawn")
        _page_failed(text, f"{moment}, {logs.ids()['run']}")
    return False


def _draw(context: Context, draw: Callable[[Context], Drawn | None], view: View, listed: bool) -> None:
    """Draw the bar, what every page says, and the page itself."""
    draw_bar(context, view)
    draw_openness(context.tomoni.settings, context.text)
    above = st.container(key="address")
    draw_reading_only(context, view, place_name())
    attention(context, detailed=not listed)
    drawn = draw(context)
    unapplied = (*context.unapplied, *(drawn.unapplied if drawn else ()))
    with above:
        address_notice(context, unapplied, drawn.view if drawn else None, timed=drawn is None or drawn.timed)
    prepare_print(context, drawn.view if drawn else context.view)


def _page_failed(text: Text, moment: str) -> None:
    _ = text._
    empty_page(
        _("This page could not be drawn."),
        _("Nothing is lost. Reload the page; if it happens again, contact whoever runs Tomoni: %(moment)s.")
        % {"moment": moment},
    )
