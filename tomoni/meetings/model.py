"""The values that teams write. Each belongs to one app; times are Unix seconds (UTC), dates ISO 8601.

Text is what somebody typed: untrusted, and escaped where it is shown. Nobody is named in a field: an action is a
team's, a question is nobody's.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticKnownError

from tomoni.catalog.secrets import secret_in
from tomoni.catalog.seen_text import is_seen

MOST_CHARACTERS = 4_000
_URL: TypeAdapter[AnyHttpUrl] = TypeAdapter(AnyHttpUrl)
_LATEST = 253_370_764_799  # the end of the year 9998: a moment of the last year has no local time east of Greenwich


def _http_or_empty(value: str) -> str:
    """A URL of http or https as it was written; an empty text stays empty."""
    text = str(value).strip()
    if text:
        _URL.validate_python(text)
    return text


def _without_secret(url: str) -> str:
    """An address that every reader may see."""
    if secret_in(url) is not None:
        raise ValueError("secret_in_link")
    return url


WRITING = "writing"  # the context in which a value is new: what is stored already is read as it is


def _to_be_read(text: str, info: ValidationInfo) -> str:
    """A line of which a reader sees something; one without is refused as an empty one is."""
    if info.context == WRITING and not is_seen(text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
RecordId = Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]
Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_to_be_read)]
Prose = Annotated[str, Field(max_length=MOST_CHARACTERS)]
Url = Annotated[str, Field(max_length=2_000), BeforeValidator(_http_or_empty)]
SharedUrl = Annotated[Url, AfterValidator(_without_secret)]
Moment = Annotated[int, Field(ge=0, le=_LATEST)]
SloPath = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$", max_length=200)]


class Written(BaseModel):
    """What teams write. Older versions of the code ignore fields that a newer one added, and keep them."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)
    kind: ClassVar[str]

    app: Id


class Link(BaseModel):
    """A link with a title."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    title: Line
    url: Annotated[SharedUrl, Field(min_length=1)]


class Origin(BaseModel):
    """Where an action or a question came up: a step, or an episode, incident, risk or question by ``ref``."""

    model_config = ConfigDict(frozen=True)

    place: Annotated[str, Field(pattern=r"^(step|episode|incident|risk|question)$")]
    ref: Annotated[str, Field(max_length=300)] = ""


class MeetingState(StrEnum):
    """A meeting is prepared, held, and closed for good; one that was skipped is told."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    SKIPPED = "skipped"


class Meeting(Written):
    """One review as it is held.

    ``planned_at`` is when it is due. Its figures are those of ``[start, as_of)``; a draft moves ``as_of`` along
    until it begins, then it stays for everybody. ``days`` is how long its period is where that was chosen (None:
    since the last one). ``previous`` is the meeting that it starts from, ``corrects`` one
    that it replaces. ``snapshot`` is the hash of what was frozen when it closed.
    """

    kind: ClassVar[str] = "meeting"

    state: MeetingState = MeetingState.DRAFT
    planned_at: Moment
    start: Moment
    as_of: Moment
    days: Annotated[int, Field(ge=1, le=92)] | None = None
    begun_at: Moment | None = None
    closed_at: Moment | None = None
    snapshot: Annotated[str, Field(max_length=80)] = ""
    previous: RecordId | None = None
    corrects: RecordId | None = None
    reason: Prose = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.as_of:
            raise ValueError("start_after_end")
        return self


class ActionState(StrEnum):
    """What became of an action; a dropped one has a reason."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Action(Written):
    """What a team (never a person) does by when."""

    kind: ClassVar[str] = "action"

    text: Line
    team: Annotated[str, Field(max_length=100)] = ""
    due: date | None = None
    ticket: SharedUrl = ""
    state: ActionState = ActionState.OPEN
    reason: Prose = ""
    meeting: RecordId | None = None
    origin: Origin | None = None
    ended_at: Moment | None = None

    @model_validator(mode="after")
    def _dropped_for_a_reason(self) -> Self:
        if self.state is ActionState.DROPPED and not self.reason:
            raise ValueError("reason_missing")
        return self


class Incident(Written):
    """Something that happened to the system within ``[start, end)``; ``title`` is about the system. ``risk`` is the
    risk that came true: its id in the app's file, or that of its record."""

    kind: ClassVar[str] = "incident"

    title: Line
    start: Moment
    end: Moment
    links: Annotated[tuple[Link, ...], Field(max_length=20)] = ()
    summary: Prose = ""
    risk: Annotated[str, Field(max_length=100)] = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start_after_end")
        return self


class Reason(StrEnum):
    """What an episode goes with, as both teams see it; the values are part of the contract."""

    INCIDENT = "incident"
    DEPLOY = "deploy"
    DEPENDENCY = "dependency"
    PLANNED = "planned"
    UNKNOWN = "unknown"


class EpisodeReason(Written):
    """What the episode of an SLO that began at ``start`` goes with; ``ref`` is the id of an incident or event."""

    kind: ClassVar[str] = "episode_reason"

    slo: SloPath
    start: Moment
    end: Moment
    reason: Reason
    ref: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=300)] = ""


class Postmortem(Written):
    """What was learned from an incident, in Markdown; ``factors`` are the contributing factors, named as systems."""

    kind: ClassVar[str] = "postmortem"

    title: Line
    incident: RecordId | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    body: Annotated[str, StringConstraints(strip_whitespace=False, max_length=200_000)] = ""
    factors: Annotated[tuple[Line, ...], Field(max_length=20)] = ()


class QuestionState(StrEnum):
    """What became of a question."""

    OPEN = "open"
    ANSWERED = "answered"
    PARKED = "parked"
    ACTION = "action"


class Question(Written):
    """A question or an observation that somebody put on the list; nothing about who did is stored."""

    kind: ClassVar[str] = "question"

    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    step: Annotated[str, Field(max_length=40)] = ""
    state: QuestionState = QuestionState.OPEN
    answer: Prose = ""
    action: RecordId | None = None
    meeting: RecordId | None = None


class Choice(StrEnum):
    """What two teams conclude of an objective; the values are part of the contract."""

    KEPT = "kept"
    OBJECTIVE = "objective"
    SLI = "sli"
    DATA = "data"
    NOT_DISCUSSED = "not_discussed"


class Conclusion(Written):
    """What a meeting concluded of one SLO; ``facts`` are what was known then."""

    kind: ClassVar[str] = "conclusion"

    meeting: RecordId
    slo: SloPath
    choice: Choice
    text: Prose = ""
    facts: dict[str, str | float | None] = {}


class DecisionKind(StrEnum):
    """What the policy proposes and the teams confirm or change, or an exception from it."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    EXCEPTION = "exception"


class Decision(Written):
    """What two teams agreed to do, with the policy's level that led to it; in force until ``until`` (a day that
    still counts, None: until superseded) or until ``superseded_by`` names a later one."""

    kind: ClassVar[str] = "decision"

    meeting: RecordId | None = None
    what: DecisionKind
    text: Line
    policy: Annotated[str, Field(max_length=100)] = ""
    level: Annotated[str, Field(max_length=100)] = ""
    reason: Prose = ""
    until: date | None = None
    superseded_by: RecordId | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.what is not DecisionKind.CONFIRMED and not self.reason:
            raise ValueError("reason_missing")
        if self.what is DecisionKind.EXCEPTION and self.until is None:
            raise ValueError("until_missing")
        return self


class EventKind(StrEnum):
    """What kind of event a dashed line stands for; the values are part of the contract."""

    DEPLOY = "deploy"
    RELEASE = "release"
    PLANNED = "planned"
    FLAG = "flag"
    ALERT = "alert"
    OTHER = "other"


class Event(Written):
    """Something that happened to an app at a moment, or in ``[at, until)``; the record's key is its sender's id.

    Of an alert: its ``name`` and ``severity`` as its rule has them, ``slo`` as its labels say it (the path of an SLO,
    its id, or nothing), and ``before`` where it may have begun earlier than ``at``.
    """

    kind: ClassVar[str] = "event"

    at: Moment
    until: Moment | None = None
    what: EventKind = EventKind.OTHER
    title: Line
    url: Url = ""
    sender: Annotated[str, Field(max_length=40)] = ""
    name: Annotated[str, Field(max_length=200)] = ""
    severity: Annotated[str, Field(max_length=40)] = ""
    slo: Annotated[str, Field(max_length=200)] = ""
    before: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.at:
            raise ValueError("start_after_end")
        return self


class RiskEntry(Written):
    """A risk as it is kept on the page; the record's key is its id in the app's file, where it has one there.
    ``off_register`` takes a risk of the file off the page."""

    kind: ClassVar[str] = "risk"

    title: Line
    detect_minutes: Annotated[float, Field(ge=0, le=525_960)]
    repair_minutes: Annotated[float, Field(ge=0, le=525_960)]
    share_of_users: Annotated[float, Field(ge=0, le=1)]
    days_between: Annotated[float, Field(gt=0, le=365_250)]
    journeys: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    accepted: bool = False
    text: Prose = ""
    off_register: bool = False


class SavedView(Written):
    """A view of `/explore` that teams keep: ``address`` are its parameters without the moment and the language.
    ``team`` is the one that keeps it; empty for all who look at the app.

    What it asks is kept as one series: ``source``, ``query`` (as a signal of an app's file has it) and ``unit``; empty
    of a view that is no series. ``row``: it is a row of the app's joint view."""

    kind: ClassVar[str] = "saved_view"

    title: Line
    address: Annotated[str, Field(min_length=1, max_length=6_000)]
    team: Annotated[str, Field(max_length=100)] = ""
    source: Annotated[str, Field(max_length=100)] = ""
    query: Annotated[str, Field(max_length=6_000)] = ""
    unit: Annotated[str, Field(max_length=100)] = ""
    row: bool = False


KINDS: dict[str, type[Written]] = {
    each.kind: each
    for each in (
        Meeting,
        Action,
        Incident,
        EpisodeReason,
        Postmortem,
        Question,
        Conclusion,
        Decision,
        Event,
        RiskEntry,
        SavedView,
    )
}
