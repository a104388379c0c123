"""The overview from what was evaluated before: only what may have changed since is evaluated again.

A status follows from the definition of its SLO, from what is stored of its series, and from where its window ends.
While none of the three is another one, the figures are the same to the last digit; how its source answers, and how
far behind the figures are, is told anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from data_sources.base import Notice
from tomoni.catalog.schema import App
from tomoni.ledger import SeriesState
from tomoni.ledger.revisions import Revisions
from tomoni.review.inputs import ReviewInputs, SloPlace, slos_of, window_end
from tomoni.review.model import Overview, SloStatus
from tomoni.review.status import notices_of_window, overview_of, statuses_of
from tomoni.slo.model import DAY


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A status with what it was made from: the hash of its definition, what was stored, and where its window should
    have ended and did (Unix seconds)."""

    status: SloStatus
    definition: str
    stored: str
    wanted: int
    end: int


Known = Mapping[str, Evaluated]  # by the path of the SLO


def overview_again(
    inputs: ReviewInputs, as_of: int, apps: Sequence[App], known: Known, definitions: Mapping[str, str]
) -> tuple[Overview, Known]:
    """The overview of some apps as of a moment (Unix seconds), with what it was made from; ``definitions`` has the hash
    of all that is configured and enters the status of an SLO, by its path."""
    places, marks = slos_of(apps), _Marks.of(inputs, apps, definitions)
    still = {place.path: marks.still(place, known.get(place.path), as_of) for place in places}
    rest = [place for place in places if still[place.path] is None]
    anew = (
        marks.evaluated(place, status) for place, status in zip(rest, statuses_of(inputs, rest, as_of), strict=True)
    )
    found = {path: each for path, each in still.items() if each is not None} | {e.status.path: e for e in anew}
    ordered = {place.path: found[place.path] for place in places}
    return overview_of(as_of, (each.status for each in ordered.values())), ordered


def overview_as_drawn(
    inputs: ReviewInputs, as_of: int, apps: Sequence[App], known: Known, definitions: Mapping[str, str]
) -> tuple[Overview, Known]:
    """The overview as it was drawn at a moment (Unix seconds), whatever was stored since. What was defined otherwise
    then is evaluated now, as of that moment."""
    marks = _Marks.of(inputs, apps, definitions)
    kept = {
        path: replace(each, stored=marks.stored(place, as_of))
        for place in slos_of(apps)
        if (each := known.get(path := place.path)) is not None and each.status.as_of == as_of
    }
    overview, found = overview_again(inputs, as_of, apps, kept, definitions)
    before = {path: each.stored for path, each in known.items()}
    return overview, {
        path: replace(each, stored=before[path]) if path in kept else each for path, each in found.items()
    }


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is configured and stored now of some SLOs."""

    inputs: ReviewInputs
    definitions: Mapping[str, str]
    revisions: Revisions
    states: Mapping[str, SeriesState]

    @classmethod
    def of(cls, inputs: ReviewInputs, apps: Iterable[App], definitions: Mapping[str, str]) -> _Marks:
        keys = {place.slo.series.key for place in slos_of(apps)}
        former = {version.series_key for known in inputs.versions.values() for version in known}
        revisions = inputs.ledger.revisions(keys | former)
        return cls(inputs, definitions, revisions, inputs.ledger.states(keys))

    def stored(self, place: SloPlace, as_of: int) -> str:
        """What stays the same while nothing that is stored of an SLO, of its versions and by its source changes."""
        inputs, slo = self.inputs, place.slo
        state = self.states.get(slo.series.key)
        parts: list[object] = [self.revisions.of(slo.series.key), *map(_told, state.notices if state else ())]
        for version in inputs.versions.get(place.path, ()):
            seen = version.first_seen <= as_of
            parts += [version.hash, version.first_seen, seen, self.revisions.of(version.series_key)]
        if slo.native_name is not None:
            figures = inputs.native_figures.get(slo.native_name)
            parts += [repr(inputs.native.get(slo.native_name)), repr(figures)]
            parts.append(figures is not None and figures.hour <= as_of - DAY)
        return repr(parts)

    def evaluated(self, place: SloPlace, status: SloStatus) -> Evaluated:
        """What has just been evaluated."""
        wanted, end = window_end(self.inputs, place.slo, status.known_until, status.as_of)
        return Evaluated(status, self.definitions[place.path], self.stored(place, status.as_of), wanted, end)

    def still(self, place: SloPlace, before: Evaluated | None, as_of: int) -> Evaluated | None:
        """What was evaluated before as it stands at a moment; None where it may be another one."""
        if before is None or before.definition != self.definitions[place.path]:
            return None
        wanted, end = window_end(self.inputs, place.slo, before.status.known_until, as_of)
        if end != before.end or not _reaches(before, wanted) or before.stored != self.stored(place, as_of):
            return None
        notices = self._notices(before, wanted)
        if notices is None:
            return None
        app, journey, slo = place
        problem = self.inputs.problem(slo.source, self.states.get(slo.series.key))
        now = replace(before.status, app=app, journey=journey, slo=slo, as_of=as_of, notices=notices, problem=problem)
        return replace(before, status=now, wanted=wanted)

    def _notices(self, before: Evaluated, wanted: int) -> tuple[Notice, ...] | None:
        """The notices of then, with how far behind the figures are now; None where they are not as expected."""
        figures, slo = before.status.figures, before.status.slo
        state, moves = self.states.get(slo.series.key), figures.end == before.end
        then, now = (
            notices_of_window(figures, slo, each if moves else figures.end, state) for each in (before.wanted, wanted)
        )
        known = before.status.notices
        return (*now, *known[len(then) :]) if known[: len(then)] == then else None


def _told(notice: Notice) -> str:
    return f"{notice.code} {sorted(notice.facts.items())}"


def _reaches(before: Evaluated, wanted: int) -> bool:
    """Whether what was known then is all that is stored: buckets after the moment of then were not looked at."""
    known = before.status.known_until
    return wanted == before.wanted or (known is not None and known < before.status.as_of)
