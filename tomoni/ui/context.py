"""What a page knows: the product, the view, the language, the zone and the colours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.catalog.who_may import Role
from tomoni.charts.theme import LIGHT, THEMES, Theme
from tomoni.languages import LANGUAGES, SOURCE_LANGUAGE
from tomoni.review.model import Explanation, Moved, NamedPeriod, Overview, Period, Review, SloStatus, SloTrack
from tomoni.review.named import NotBegunError, begun, period_of, period_of_dates
from tomoni.review.outlook import Outlook
from tomoni.settings import ProcessSettings
from tomoni.slo.date_ranges import date_range
from tomoni.slo.episodes import Episode
from tomoni.slo.named_periods import RELATIVE, resolved
from tomoni.ui.address import Unapplied, beside_period, unread
from tomoni.ui.address_checks import World, checked, meant_here
from tomoni.ui.shared import shared
from tomoni.ui.signed_in import actor, identity
from tomoni.ui.url_state import View, current_view
from tomoni.ui.written_address import full_address, write_parameter
from tomoni.use_cases.background import Live
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni
from tomoni.words.text import Text, text_for

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """One run of a page. ``live`` is what live pages show; ``view.at`` holds a frozen moment. ``unapplied`` is what
    of the address is not part of the view. ``held`` is the review that a meeting looks at, whatever the view says, and
    ``held_figures`` the `figures` that the run of its page began with."""

    tomoni: Tomoni
    view: View
    text: Text
    theme: Theme
    live: Live
    unapplied: tuple[Unapplied, ...] = ()
    held: Review | None = None
    held_figures: tuple[int, int] | None = None

    @property
    def moment(self) -> int:
        """The moment that the page is seen at: the frozen one, else that of the last refresh."""
        return self.live.as_of if self.view.at is None else self.view.at

    @property
    def as_of(self) -> int:
        """The moment of the figures in the zone of the page's text: where a named period ends that is over."""
        return self.period(self.text.zone).as_of

    def period(self, zone: str) -> Period:
        """What the reviews of apps in a zone look at: the named period so far, else the last days."""
        if self.held is not None:
            return Period(self.held.as_of, self.view.days, begins=self.held.start)
        if self.view.range is not None:
            return self._dates(self.view.range, zone)
        first_month, name = self.tomoni.catalog.settings.first_month, self.view.period
        if name is None or not begun(name, zone, first_month, self.moment):
            return Period(self.moment, self.view.days)
        return period_of(name, zone, first_month, self.moment)

    def _dates(self, written: str, zone: str) -> Period:
        """The range of dates in a zone; the last days in one where it has not begun yet."""
        try:
            return period_of_dates(written, zone, self.moment)
        except NotBegunError:
            return Period(self.moment, self.view.days)

    @property
    def dated(self) -> bool:
        """Whether the address says from when to when, by a name or by dates."""
        return self.named is not None or self.view.range is not None

    @property
    def named(self) -> NamedPeriod | None:
        """The named period in the zone of the page's text; None while the page shows the last days."""
        return self.period(self.text.zone).named

    @property
    def closed(self) -> bool:
        """Whether the period is over wherever it is shown, so that no moment is needed to show it again."""
        app = self.tomoni.catalog.app(self.view.app or "")
        zones = {app.timezone} if app else {each.timezone for each in self.tomoni.catalog.apps}
        return all(self._over(zone) for zone in zones | {self.text.zone})

    def _over(self, zone: str) -> bool:
        """Whether the period is over by the clocks of a zone."""
        period = self.period(zone)
        if self.view.range is not None:
            return period.as_of == date_range(self.view.range, zone).end
        return period.named is not None and period.as_of == period.named.end

    @property
    def frozen(self) -> bool:
        """Whether the URL holds the page at a moment."""
        return self.view.at is not None

    def may_write(self, app: str) -> bool:
        """Whether the reader may change what teams write of an app (by its id): pages draw what writes only then, and
        say why it is not there (`ui/reading_only.py`). What is below the pages asks again."""
        return self.tomoni.grants.may(Role.MEMBER, app)

    def text_of(self, app: App) -> Text:
        """The reader's language with the times of an app's zone."""
        return text_for(self.text.language, app.timezone)

    def overview(self) -> Overview:
        """All SLOs as of the page's moment, or at the end of its period in the zone of each app."""
        if self.view.period is not None or self.view.range is not None:
            periods = {app.id: self.period(app.timezone) for app in self.tomoni.catalog.apps}
            moments = tuple((app, each.as_of) for app, each in periods.items() if each.begins is not None)
            of_periods = partial(self.tomoni.overview_of, dict(moments))
            return self.shared("overviews of periods", 8, moments, of_periods)
        if not self.frozen:
            return self.live.overview
        return self.shared("frozen overviews", 8, self.as_of, partial(self.tomoni.overview, self.as_of))

    def outlook(self, statuses: Iterable[SloStatus]) -> Outlook:
        """How some apps were 7 days before, and where their budgets lead."""
        moments = {status.app.id: status.as_of for status in statuses}
        about = tuple(sorted(moments.items()))
        return self.shared("outlooks", 16, about, partial(self.tomoni.outlook, moments), lasts=True)

    def review(self, app: App) -> Review:
        """The joint view of an app over the page's period, with the events that are known now."""
        if self.held is not None and self.held.app.id == app.id:
            return self.held
        shown = self.tomoni.with_rows(app)
        period = self.period(app.timezone)
        about = (repr(shown.infra[len(app.infra) :]), app.id, period)
        review = self.shared("reviews", 32, about, partial(self.tomoni.review, shown, period))
        return self.tomoni.events.newest(review)

    def moved(self, track: SloTrack, episode: Episode) -> tuple[Moved, ...]:
        """Which infra signals moved with an episode of a track."""
        about = (id(track), episode)  # beside the track itself, so that its id does not become that of another one
        return self.shared("moved", 64, about, lambda: (track, self.tomoni.moved(track, episode)))[1]

    def explain(self, track: SloTrack) -> Explanation:
        """How the figures of a track were made."""
        return self.tomoni.explain(track)

    @property
    def figures(self) -> tuple[int, int]:
        """What numbers depend on besides their moment: what is remembered, and what is configured."""
        if self.held_figures is not None:  # else each thing that is shown would ask the store for the version again
            return self.held_figures
        version = self.tomoni.ledger.version() if self.frozen else self.live.version
        return version, self.tomoni.generation

    @property
    def state(self) -> str:
        """The same, and who looks."""
        version, generation = self.figures
        return f"{version}-{generation}-{self.tomoni.seen_as}"

    def shared(self, of: str, most: int, about: Hashable, make: Callable[[], T], lasts: bool = False) -> T:
        """What was made of the figures of this moment for whoever sees the same. Of a page that goes along with time it
        is forgotten once pages show later moments, unless it ``lasts`` for as long as nothing new is known."""
        goes_along = not (lasts or self.frozen or self.dated)
        figures = (*self.figures, self.live.as_of if goes_along else None)
        return shared(of, most).value(figures, (self.tomoni.seen_as, about), make)


_opened: list[Tomoni] = []  # the product of this process, once it is


@st.cache_resource(show_spinner=False)
def tomoni() -> Tomoni:
    """The product of this process. Raises `store.engine.StoreError`."""
    product = open_tomoni(ProcessSettings())
    _opened[:] = [product]
    return product


def hand_over() -> None:
    """Lets another process ask the sources, where this one does; what was never opened is not opened for it."""
    for product in _opened:
        product.collecting.close()


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
    whole = tomoni()
    product = whole.seen_by(whole.grants_of(identity()), actor())
    live = product.live()
    world = World(product.catalog, product.snapshots, product.meetings.records, live.as_of, product.now())
    _resolve_period(world)
    view, missing = checked(current_view(), world)
    written = full_address()
    unapplied = (*meant_here(unread(written), view, world), *missing, *beside_period(written, view))
    text = text_for(language(view), product.catalog.settings.timezone)
    theme = THEMES.get(st.context.theme.type or "", LIGHT)
    return Context(product, view, text, theme, live, unapplied)


def _resolve_period(world: World) -> None:
    """Write the lasting name of a period into an address that names it by the moment, such as ``last-month``."""
    view = current_view()
    if view.period is not None and view.period in RELATIVE:
        lasting = resolved(view.period, world.zone(view), world.catalog.settings.first_month, world.moment(view))
        write_parameter("period", lasting)
