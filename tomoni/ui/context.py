"""What a page knows: the product, the view, the language, the zone and the colours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.charts.theme import LIGHT, THEMES, Theme
from tomoni.languages import LANGUAGES, SOURCE_LANGUAGE
from tomoni.review.model import Explanation, Moved, Overview, Period, Review, SloTrack
from tomoni.settings import ProcessSettings
from tomoni.slo.episodes import Episode
from tomoni.ui.url_state import View, current_view
from tomoni.use_cases.background import Live
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni
from tomoni.words.text import Text, text_for


@dataclass(frozen=True, slots=True)
class Context:
    """One run of a page. ``live`` is what live pages show; ``view.at`` holds a frozen moment."""

    tomoni: Tomoni
    view: View
    text: Text
    theme: Theme
    live: Live

    @property
    def as_of(self) -> int:
        """The moment that the page shows: the frozen one, else that of the last refresh."""
        return self.live.as_of if self.view.at is None else self.view.at

    @property
    def frozen(self) -> bool:
        """Whether the URL holds the page at a moment."""
        return self.view.at is not None

    def text_of(self, app: App) -> Text:
        """The reader's language with the times of an app's zone."""
        return text_for(self.text.language, app.timezone)

    def overview(self) -> Overview:
        """All SLOs as of the page's moment."""
        if not self.frozen:
            return self.live.overview
        state = f"{self.tomoni.ledger.version()}-{self.tomoni.generation}"
        return _frozen_overview(self.tomoni, state, self.as_of)

    def review(self, app: App) -> Review:
        """The joint view of an app over the page's period."""
        return _review(self.tomoni, self.state, app.id, Period(self.as_of, self.view.days), app)

    def moved(self, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
        """Which infra signals moved with an episode of a track."""
        place = f"{track.status.app.id}/{track.status.journey.id}/{track.status.slo.id}"
        return _moved(self.tomoni, f"{self.state}-{self.as_of}", place, episode, track)

    def explain(self, track: SloTrack) -> Explanation:
        """How the figures of a track were made."""
        return self.tomoni.explain(track)

    @property
    def state(self) -> str:
        """What numbers depend on besides their moment: what is remembered, and what is configured."""
        version = self.tomoni.ledger.version() if self.frozen else self.live.version
        return f"{version}-{self.tomoni.generation}"


@st.cache_resource(show_spinner=False)
def tomoni() -> Tomoni:
    """The product of this process. Raises `store.engine.StoreError`."""
    return open_tomoni(ProcessSettings())


def language(view: View) -> str:
    """The reader's language: of the URL, else of the browser, else English."""
    wanted = view.lang or (st.context.locale or "")[:2].lower()
    return wanted if wanted in LANGUAGES else SOURCE_LANGUAGE


def reader() -> tuple[View, Text]:
    """The view and the language, before anything is opened; times are UTC."""
    view = current_view()
    return view, text_for(language(view))


def open_context() -> Context:
    """Everything a page knows. Raises `store.engine.StoreError` when the database cannot be opened."""
    product = tomoni()
    product.refresh_in_background()
    view, live = current_view(), product.live()
    if view.at is not None and view.at > product.now():
        view = replace(view, at=None)
    text = text_for(language(view), product.catalog.settings.timezone)
    return Context(product, view, text, THEMES.get(st.context.theme.type or "", LIGHT), live)


# Frozen numbers depend on the moment, on what is remembered and on what is configured: ``state``.


@st.cache_resource(show_spinner=False, max_entries=8)
def _frozen_overview(_product: Tomoni, state: str, at: int) -> Overview:
    return _product.overview(at)


@st.cache_resource(show_spinner=False, max_entries=32)
def _review(_product: Tomoni, state: str, app_id: str, period: Period, _app: App) -> Review:
    return _product.review(_app, period)


@st.cache_resource(show_spinner=False, max_entries=64)
def _moved(_product: Tomoni, state: str, place: str, episode: Episode, _track: SloTrack) -> tuple[Moved, ...]:
    return _product.moved(_track, episode)
