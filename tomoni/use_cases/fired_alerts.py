"""Alerts that fired, as sources remember them: stretches of time of each alert, stored as events.

What is read is on a grid of whole minutes and stored under the alert's labels and its beginning, so that it is the
same whenever it is read, and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from data_sources.base import Interval
from data_sources.events import Seen, SeesSeries, firing_alerts
from tomoni.meetings.model import Event, EventKind
from tomoni.meetings.records import Record
from tomoni.slo.model import DAY, MINUTE

STEP = MINUTE
_PIECE = 7 * DAY  # a range of minutes that servers answer in one
_GAP = 5 * MINUTE  # a shorter one is a server that was restarted, not an alert that ended
_SLO_LABELS = ("slo", "slo_id", "sloth_slo")


@dataclass(frozen=True, slots=True)
class FiredStretch:
    """One stretch over which an alert fired, by the key of its labels. ``end`` is None while it fires; ``before`` says
    that it fired already when the reading began."""

    series: str
    labels: Mapping[str, str]
    start: int
    end: int | None
    before: bool

    @property
    def key(self) -> str:
        """The name of its event."""
        return f"alerts:{self.series}:{self.start}"


def alert_fields(labels: Mapping[str, object]) -> dict[str, str]:
    """What the labels of an alert say: its name, its severity, and the SLO that it is about: the path where they have
    app, journey and slo, as exported rules do, else the id."""
    known = {name: str(value) for name, value in labels.items()}
    slo = next((known[name] for name in _SLO_LABELS if known.get(name)), "")
    if slo and known.get("app") and known.get("journey"):
        slo = f"{known['app']}/{known['journey']}/{slo}"
    return {"name": known.get("alertname", "")[:200], "severity": known.get("severity", "")[:40], "slo": slo[:200]}


def read_fired(
    source: SeesSeries, name: str, matchers: str, interval: Interval, further_seconds: int = 0
) -> Iterator[FiredStretch]:
    """The stretches over which alerts fired; ``name`` is that of the source. Where some fired already when the interval
    begins, their beginning is looked for so much further back. Raises SourceError."""
    times: dict[str, tuple[Mapping[str, str], list[int]]] = {}
    start = interval.start
    while start < interval.end:
        piece = Interval(start, min(start + _PIECE, interval.end), interval.step_seconds)
        for seen in source.seen(firing_alerts(matchers), piece):
            times.setdefault(_series(name, seen), (seen.labels, []))[1].extend(seen.times)
        start = piece.end
    found = {series: (labels, sorted(moments)) for series, (labels, moments) in times.items() if moments}
    begins, oldest = interval.start, interval.start - further_seconds
    while begins > oldest and any(moments[0] - begins <= _GAP for _, moments in found.values()):
        piece = Interval(max(begins - _PIECE, oldest), begins, interval.step_seconds)
        for seen in source.seen(firing_alerts(matchers), piece):
            _, moments = found.get(_series(name, seen), ("", []))
            if moments and moments[0] - begins <= _GAP:
                moments[:0] = _leading_to(moments[0], seen.times)
        begins = piece.start
    for series, (labels, moments) in found.items():
        yield from _stretches(series, labels, moments, Interval(begins, interval.end, interval.step_seconds))


def _leading_to(first: int, earlier: Iterable[int]) -> list[int]:
    """Those of some earlier moments from which an alert fired on until a moment, in order."""
    kept: list[int] = []
    for moment in sorted(earlier, reverse=True):
        if first - moment > _GAP:
            break
        kept.append(moment)
        first = moment
    return kept[::-1]


def _series(name: str, seen: Seen) -> str:
    """The key of an alert by all of its labels."""
    said = "\0".join((name, *(f"{label}\1{value}" for label, value in sorted(seen.labels.items()))))
    return sha256(said.encode()).hexdigest()[:32]


def _stretches(
    series: str, labels: Mapping[str, str], moments: Sequence[int], interval: Interval
) -> Iterator[FiredStretch]:
    step, begins = interval.step_seconds, 0
    for place, moment in enumerate(moments):
        following = moments[place + 1] if place + 1 < len(moments) else None
        if following is not None and following - moment <= _GAP:
            continue
        still = following is None and interval.end - moment <= _GAP
        start = moments[begins]
        before = start - interval.start <= _GAP
        yield FiredStretch(series, labels, start, None if still else moment + step, before)
        begins = place + 1


def as_continued(stretch: FiredStretch, known: Iterable[Record[Event]]) -> Record[Event] | None:
    """The stored event that a stretch goes on with, where it fired already when the reading began."""
    if not stretch.before:
        return None
    own = (each for each in known if (each.key or "").startswith(f"alerts:{stretch.series}:"))
    before = [each for each in own if each.value.at <= stretch.start]
    last = max(before, key=lambda each: each.value.at, default=None)
    if last is None or (last.value.until is not None and last.value.until < stretch.start - _GAP):
        return None
    return last


def fields_of_stretch(app: str, title: str, stretch: FiredStretch) -> dict[str, object]:
    """The fields of the event of a stretch."""
    own = {"app": app, "at": stretch.start, "until": stretch.end, "what": EventKind.ALERT, "title": title}
    return {**own, "sender": "source", **alert_fields(stretch.labels), "before": stretch.before}
