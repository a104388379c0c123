"""What is the same for every reader of a view: made for the first of them, and shown to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from tomoni.review.model import Overview
from tomoni.ui.context import Context

T = TypeVar("T")


def kept(context: Context, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """What ``make`` returns for a state of the product, which ``about`` names completely, with the reader's language
    and zone. It is shared: nobody may change it."""
    text = context.text
    return _kept((context.state, text.language, text.zone, *about), make)  # type: ignore[no-any-return]


def kept_of(context: Context, overview: Overview, about: tuple[object, ...], make: Callable[[], T]) -> T:
    """The same of an overview, which is the same object for everybody while nothing new is known.

    The object is kept beside what was made of it, so that its id does not become that of another one.
    """
    text = context.text
    state = (id(overview), context.tomoni.generation, text.language, text.zone, *about)
    return _kept_of(state, overview, make)[1]  # type: ignore[no-any-return]


@st.cache_resource(show_spinner=False, max_entries=128)
def _kept(state: tuple[object, ...], _make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is made
    return _make()


@st.cache_resource(show_spinner=False, max_entries=24)  # each holds an overview, which is large
def _kept_of(state: tuple[object, ...], _overview: Overview, _make: Callable[[], Any]) -> tuple[Overview, Any]:
    return _overview, _make()
