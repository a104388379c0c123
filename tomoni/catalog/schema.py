"""What users write, once `catalog.load` has read it: apps, journeys, SLOs, signals, settings, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from data_sources.config import SourceConfig
from data_sources.queries import Query, SignalForm, SliForm
from data_sources.splits import SplitCounts
from tomoni.catalog.for_reviews import Agenda, EventFeed, KnownRisk, Tickets
from tomoni.catalog.kept import Kept, LedgerKeeping
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.profile import Profile
from tomoni.catalog.split_by import SplitBy
from tomoni.slo.journeys import CompositeMethod
from tomoni.slo.model import (
    BURN_WINDOWS_SECONDS,
    NOTICED_SILENCE,
    TENTH_OF_WINDOW,
    WORKBOOK_RULES,
    AlertRule,
    Definition,
    JudgeAfter,
    Objective,
    Silence,
    Window,
)

NativeName = tuple[str, str]  # an SLO that a source keeps: the source's id, and the SLO's name there
DEFAULT_GROUP = "infra"  # of signals that name none
# How a team meets is no part of what is measured: records of reviews leave it out, and apps are compared without it.
NOT_MEASURED: Mapping[str, bool] = {"recorded": False}
UNLESS_EMPTY: Mapping[str, bool] = {"unless_empty": True}  # what records have only where somebody wrote it


class Unit(StrEnum):
    """What the values of an infra signal measure."""

    RATIO = "ratio"
    PERCENT = "percent"
    SECONDS = "seconds"
    BYTES = "bytes"
    COUNT = "count"
    PER_SECOND = "per_second"


class Direction(StrEnum):
    """On which side of its limit a signal means trouble."""

    HIGH_IS_BAD = "high_is_bad"
    LOW_IS_BAD = "low_is_bad"


@dataclass(frozen=True, slots=True)
class SeriesRef:
    """What the ledger remembers under one name: a query of a source, in buckets of one length."""

    source: str
    query: Query
    step_seconds: int

    @property
    def key(self) -> str:
        """A name made from the content: another query, source or bucket is another series."""
        body = {
            "source": self.source,
            "form": type(self.query).__name__,
            "query": self.query.model_dump(mode="json", exclude_none=True),
            "step": self.step_seconds,
        }
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Slo:
    """An objective of a journey. ``native_defaults`` names what is left to the source's own SLO (``objective``,
    ``window``) and is not known yet: until the source has answered (`catalog.native`), the definition holds a stand-in
    there (`catalog.slos.STAND_IN_OBJECTIVE`), which must not be shown as agreed: show ``objective`` and ``window``."""

    id: str
    title: LocalText
    description: LocalText | None
    source: str
    sli: SliForm
    bucket_seconds: int
    definition: Definition
    native_defaults: frozenset[str] = frozenset()
    kept: Kept = field(default=Kept(), compare=False, metadata=NOT_MEASURED)
    split: SplitBy = field(default=SplitBy(), metadata=UNLESS_EMPTY)

    @property
    def objective(self) -> Objective | None:
        """What was agreed; None while only the source knows."""
        return None if "objective" in self.native_defaults else self.definition.objective

    @property
    def window(self) -> Window | None:
        """The window that was agreed; None while only the source knows."""
        return None if "window" in self.native_defaults else self.definition.window

    @property
    def native_name(self) -> NativeName | None:
        """The SLO that its source keeps, where it is one."""
        return (self.source, self.sli.native_slo) if self.sli.native_slo else None

    @property
    def series(self) -> SeriesRef:
        """What the ledger remembers of it."""
        return SeriesRef(self.source, self.sli, self.bucket_seconds)

    @property
    def split_series(self) -> SeriesRef | None:
        """What the ledger remembers of its parts; None of one that is not split."""
        split = SplitCounts(of=self.sli, by=self.split.labels, at_most=self.split.at_most)
        return SeriesRef(self.source, split, self.bucket_seconds) if split.by else None


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """What an SLO was defined as from ``first_seen`` on (Unix seconds), under the hash of its content: ``body`` has its
    source, form, query, bucket, objective, window, slices and min_events. The ledger keeps its series under
    ``series_key`` also when a later version asks for another one."""

    hash: str
    first_seen: int
    body: Mapping[str, object]
    series_key: str
    step_seconds: int


@dataclass(frozen=True, slots=True)
class Journey:
    """What a user wants to get done; owns SLOs. ``composite`` asks for one budget of all of them."""

    id: str
    title: LocalText
    description: LocalText | None
    slos: tuple[Slo, ...]
    composite: CompositeMethod | None = None
    profile: Profile = field(default=Profile(), compare=False, metadata=UNLESS_EMPTY)


@dataclass(frozen=True, slots=True)
class Signal:
    """A metric of the infrastructure that carries journeys (all of them where none is named)."""

    id: str
    title: LocalText
    group: str
    journeys: tuple[str, ...]
    source: str
    query: SignalForm
    unit: Unit
    limit: float | None
    direction: Direction
    bucket_seconds: int
    group_title: LocalText | None = None

    @property
    def series(self) -> SeriesRef:
        """What the ledger remembers of it."""
        return SeriesRef(self.source, self.query, self.bucket_seconds)


@dataclass(frozen=True, slots=True)
class Link:
    """A place that belongs to an app, such as its runbook."""

    title: LocalText
    url: str


@dataclass(frozen=True, slots=True)
class ReviewRhythm:
    """How often both teams review the app, in days, beginning at a local moment of the app's zone."""

    every_days: int
    starting: datetime | None


@dataclass(frozen=True, slots=True)
class OneOff:
    """Once, from one moment to another (Unix seconds)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """An RRULE (RFC 5545) on the clocks of a zone: each occurrence lasts some real time. ``starting`` is local,
    without an offset; it gives the time of day, and the first day."""

    rule: str
    starting: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """All time outside business hours: open on ``weekdays`` (0 is Monday) from ``opens`` to
    ``closes`` (local minutes of the day), never on the public holidays of a ``country``."""

    weekdays: frozenset[int]
    opens: int
    closes: int
    country: str | None = None


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """Whole local days: the public holidays of a country (ISO 3166)."""

    country: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Time of an app that does not count, as both teams agreed, with the reason why.

    ``journeys`` and ``slos`` (``journey/slo``) narrow it; where both are empty it holds for all.
    """

    id: str
    reason: LocalText
    timezone: str
    when: OneOff | Recurring | OutsideHours | PublicHolidays
    journeys: frozenset[str] = frozenset()
    slos: frozenset[str] = frozenset()

    def concerns(self, journey_id: str, slo_id: str) -> bool:
        """Whether it takes time out of an SLO."""
        named = journey_id in self.journeys or f"{journey_id}/{slo_id}" in self.slos
        return named or not (self.journeys or self.slos)


@dataclass(frozen=True, slots=True)
class PolicyLevel:
    """What the teams do while less than ``below`` of a budget is left; ``below`` 0: once it is exhausted."""

    id: str
    below: float
    title: LocalText
    actions: tuple[LocalText, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What the teams agreed to do about an error budget. ``levels`` go from the highest ``below`` down."""

    id: str
    title: LocalText
    agreed: date | None
    levels: tuple[PolicyLevel, ...]


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies by id; ``written`` also names those that have errors, ``default`` is that of apps that name none."""

    by_id: Mapping[str, Policy] = field(default_factory=dict)
    written: frozenset[str] = frozenset()
    default: Policy | None = None


@dataclass(frozen=True, slots=True)
class App:
    """What one app team runs for its users, and how it is reviewed."""

    id: str
    title: LocalText
    description: LocalText | None
    teams: Mapping[str, str]  # role ("app", "infra") to the team's name
    timezone: str
    links: tuple[Link, ...]
    review: ReviewRhythm | None
    journeys: tuple[Journey, ...]
    infra: tuple[Signal, ...]
    file: str
    exclusions: tuple[Exclusion, ...] = ()
    policy: Policy | None = None
    agenda: Agenda = field(default=Agenda(), compare=False, metadata=NOT_MEASURED)
    risks: tuple[KnownRisk, ...] = field(default=(), compare=False, metadata=NOT_MEASURED)
    tickets: Tickets | None = field(default=None, compare=False, metadata=NOT_MEASURED)
    events: tuple[EventFeed, ...] = field(default=(), compare=False, metadata=NOT_MEASURED)
    profile: Profile = field(default=Profile(), compare=False, metadata=UNLESS_EMPTY)
    kept: Kept = field(default=Kept(), compare=False, metadata=NOT_MEASURED)

    def signals_of(self, journey_id: str) -> tuple[Signal, ...]:
        """The infra signals that carry a journey, in the order in which they are written."""
        return tuple(s for s in self.infra if not s.journeys or journey_id in s.journeys)


@dataclass(frozen=True, slots=True)
class SnapshotRetention:
    """Which saved snapshots of each app stay: the younger ones, by how long ago they were made
    (``keep_seconds``, None: age does not matter), and the last ``keep_last`` that were made (None: no number
    was written). With neither, all of them."""

    keep_seconds: int | None = None
    keep_last: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """`config/settings.yaml`: what holds for all apps unless they say otherwise.

    The first of ``languages`` is the default. ``at_risk_below``, ``burn_windows_seconds`` and ``rules`` are part of an
    SLO's definition. ``history_days`` is how far back a series is fetched at first, ``recheck_days`` how many
    closed days each refresh fetches again. The fiscal year begins with ``first_month``. ``judge_after`` and
    ``silence`` hold for SLOs that have none; ``snapshots`` and ``ledger`` say how long both are kept."""

    timezone: str = "UTC"
    languages: tuple[str, ...] = ("en", "ja")
    at_risk_below: float = 0.25
    history_days: int = 35
    recheck_days: int = 0
    burn_windows_seconds: tuple[int, ...] = BURN_WINDOWS_SECONDS
    rules: tuple[AlertRule, ...] = WORKBOOK_RULES
    first_month: int = 1
    judge_after: JudgeAfter = TENTH_OF_WINDOW
    silence: Silence = NOTICED_SILENCE
    snapshots: SnapshotRetention = SnapshotRetention()
    ledger: LedgerKeeping = field(default=LedgerKeeping(), metadata=NOT_MEASURED)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is written: a file, and its line from 1 (0: the file as a whole)."""

    file: str
    line: int = 0


class Severity(StrEnum):
    """Whether a problem keeps something from working, or is a likely mistake."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, as a code with facts; ``element``: its path in `Catalog.spots`; ``key``: the value's."""

    spot: Spot
    severity: Severity
    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    element: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class GoodFile:
    """What is kept of a configuration file: texts by their hash, and of each element the hash of its last
    good one. Of ``sources.yaml`` the elements are the kinds of its sources, and there is no text."""

    elements: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, element: str = "") -> str | None:
        """The last good text of an element (of the whole file), or None."""
        return self.texts.get(self.elements.get(element, ""))


GoodFiles = Mapping[str, GoodFile]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that is configured, and all that is wrong with it. What has errors is left out, the rest stays usable.

    SLOs and signals of a source that is written but cannot be used (``unusable_sources``) stay in their apps, so that
    what the ledger remembers of them can be shown. ``spots`` finds the place of an element by its path:
    ``checkout/place-order/availability``, ``checkout/infra/cpu``, either with ``/query`` behind it for its query, or
    ``source:prometheus``. ``held`` has the paths of the SLOs of which a last good definition stays in force, with the
    place that is broken now."""

    apps: tuple[App, ...]
    sources: Mapping[str, SourceConfig]
    settings: Settings
    problems: tuple[Problem, ...]
    spots: Mapping[str, Spot] = field(default_factory=dict)
    unusable_sources: frozenset[str] = frozenset()
    held: Mapping[str, Spot] = field(default_factory=dict)

    def app(self, app_id: str) -> App | None:
        """The app of an id, or None."""
        return next((app for app in self.apps if app.id == app_id), None)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something from working."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
