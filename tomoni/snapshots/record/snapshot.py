"""A snapshot: one frozen review with its origin, lossless as JSON, under the hash of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tomoni.catalog.schema import UNLESS_EMPTY, App, Settings
from tomoni.review.model import LetteredEpisode, Moved, Review, SloTrack
from tomoni.slo.episodes import Episode
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.codec import Unreadable, decode, encode
from tomoni.snapshots.record.meeting import MeetingRecord
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.snapshots.record.year import YearRecord

SCHEMA = "tomoni.snapshot"
VERSION = 1
EPISODES_AN_SLO = 2  # whose companions are frozen with it
# What reading raises for a record whose content is not of the form that its hash vouches for.
_DAMAGED = (Unreadable, LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
# What stands beside the content in a file and is not part of its hash.
OUTSIDE = ("hash", "made_at", "status", "alert_quality")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a snapshot: the version of the product, and the hash of the configuration that it read."""

    product: str
    configuration: str


@dataclass(frozen=True, slots=True)
class EpisodeMoves:
    """What moved with one episode of an SLO, the farthest first."""

    journey: str
    slo: str
    letter: str
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is frozen beside a review: what moved with its episodes, how many of their newest seconds
    its sources are not trusted with (by source id), people's own words, the meeting that it closed, if it
    closed one, what was tried in the workshop, if it was taken there, and the year that it is of, if it is of one."""

    moves: tuple[EpisodeMoves, ...] = ()
    lags: Mapping[str, int] = field(default_factory=dict)
    notes: str = ""
    meeting: MeetingRecord | None = None
    workshop: WorkshopRecord | None = field(default=None, metadata=UNLESS_EMPTY)
    year: YearRecord | None = field(default=None, metadata=UNLESS_EMPTY)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One frozen review.

    ``hash`` is that of all its content; ``made_at`` (Unix seconds) is when it was frozen: what the
    sources' lags held back then stays held back. ``stored`` is the content of a snapshot that was
    read, as it was stored: what is written of it again has its hash, though this version would freeze
    more of the same review.
    """

    review: Review
    origin: Origin
    beside: Beside
    made_at: int
    hash: str
    stored: Json | None = field(default=None, repr=False)

    @property
    def read_at(self) -> int:
        """When its figures were read (Unix seconds): of a meeting when it began, else when it was frozen."""
        meeting = self.beside.meeting
        return meeting.figures_at if meeting and meeting.figures_at is not None else self.made_at


@dataclass(frozen=True, slots=True, eq=False)
class _Content:
    """What the hash is made of."""

    origin: Origin
    review: Review
    beside: Beside = Beside()


def freeze(review: Review, origin: Origin, made_at: int, beside: Beside | None = None) -> Snapshot:
    """The snapshot of a review. The same content has the same hash, whenever it was frozen."""
    aside = beside or Beside()
    return Snapshot(review, origin, aside, made_at, _hash(_content(_Content(origin, review, aside))))


def largest_episodes(review: Review) -> list[tuple[SloTrack, LetteredEpisode]]:
    """The episodes whose companions are worth freezing: the largest of each SLO, and of those that
    touch each other in one journey, which have the same signals, the first."""
    found: list[tuple[SloTrack, LetteredEpisode]] = []
    for track in review.tracks:
        shown = track.burn.shown if track.burn and review.lanes_of(track.status.journey.id) else ()
        for each in sorted(shown, key=lambda lettered: -lettered.episode.bad)[:EPISODES_AN_SLO]:
            if not any(_together(track, each.episode, *other) for other in found):
                found.append((track, each))
    return found


def _together(track: SloTrack, episode: Episode, other: SloTrack, found: LetteredEpisode) -> bool:
    same = track.status.journey.id == other.status.journey.id
    return same and episode.start < found.episode.end and found.episode.start < episode.end


def as_json(snapshot: Snapshot) -> Json:
    """The whole snapshot as JSON data: its content, and beside it its hash and when it was made."""
    content = snapshot.stored or _content(_Content(snapshot.origin, snapshot.review, snapshot.beside))
    return {**content, "hash": snapshot.hash, "made_at": snapshot.made_at}


def from_json(data: object) -> Snapshot:
    """The snapshot of `as_json`. Raises SnapshotError: `record_damaged`, `record_newer`, `record_altered`."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("version"), int):
        raise SnapshotError("record_damaged", {"place": "schema"})
    if data["version"] > VERSION:
        raise SnapshotError("record_newer", {"found": data["version"], "expected": VERSION})
    content = {name: value for name, value in data.items() if name not in OUTSIDE}
    try:
        found = _hash(content)
    except (ValueError, RecursionError):  # an infinite number, or a text that is none
        raise SnapshotError("record_damaged", {"place": "numbers"}) from None
    if data.get("hash") != found:
        raise SnapshotError("record_altered", {"said": str(data.get("hash"))[:80], "found": found})
    try:
        body = decode(_expanded(content), _Content)
        made_at = decode(data["made_at"], int, "made_at")
    except _DAMAGED as error:
        raise SnapshotError("record_damaged", {"place": str(error)}) from None
    return Snapshot(body.review, body.origin, body.beside, made_at, found, content)


def configuration_hash(apps: tuple[App, ...], settings: Settings) -> str:
    """The hash of what is configured: apps and settings. Sources, which may hold secrets, are not part of it."""
    return _hash({"apps": [encode(app, App) for app in apps], "settings": encode(settings, Settings)})


def numbers_hash(review: Review) -> str:
    """The hash of what the SLOs of a review say: their definitions and figures, not the moments around them."""
    numbers = []
    for track in review.tracks:
        figures = encode(track.status.figures, type(track.status.figures))
        definition = encode(track.status.slo.definition, type(track.status.slo.definition))
        for moment in ("start", "end", "projected", "observed_since", "observed_until"):
            figures.pop(moment)
        numbers.append([track.status.journey.id, track.status.slo.id, definition, figures])
    return _hash(numbers)


def canonical(data: Any) -> bytes:  # noqa: ANN401 - any JSON data
    """JSON data as bytes that are the same for the same data."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _hash(data: Any) -> str:  # noqa: ANN401
    return "sha256:" + hashlib.sha256(canonical(data)).hexdigest()


def _content(body: _Content) -> Json:
    """The content as JSON data; app, journey, SLO and signal are written once and named by id elsewhere."""
    data: Json = encode(body, _Content)
    if body.beside.meeting is None:  # such a record is what it was before there were meetings, to the byte
        del data["beside"]["meeting"]
    for status in _statuses(data):
        status["app"] = status["app"]["id"]
        status["journey"] = status["journey"]["id"]
        status["slo"] = status["slo"]["id"]
    for standing in data["review"]["journeys"]:
        standing["app"], standing["journey"] = standing["app"]["id"], standing["journey"]["id"]
    for holder in _signal_holders(data):
        holder["signal"] = holder["signal"]["id"]
    return {"schema": SCHEMA, "version": VERSION, **data}


def _expanded(content: Json) -> Json:
    """The content with ids replaced by what they name, in a copy of what changes."""
    data: Json = json.loads(json.dumps(content))
    app = data["review"]["app"]
    journeys = {journey["id"]: journey for journey in app["journeys"]}
    signals = {signal["id"]: signal for signal in app["infra"]}
    for status in _statuses(data):
        journey = journeys[status["journey"]]
        slo = next((slo for slo in journey["slos"] if slo["id"] == status["slo"]), None)
        status.update(app=app, journey=journey, slo=slo)
    for standing in data["review"].get("journeys", []):
        standing.update(app=app, journey=journeys[standing["journey"]])
    for holder in _signal_holders(data):
        holder["signal"] = signals[holder["signal"]]
    return data


def _statuses(data: Json) -> list[Json]:
    return [track["status"] for track in data["review"]["tracks"]]


def _signal_holders(data: Json) -> list[Json]:
    """The lanes, and the signals that moved with an episode."""
    moves = data.get("beside", {}).get("moves", [])
    return [*data["review"]["lanes"], *(moved for found in moves for moved in found["moved"])]
