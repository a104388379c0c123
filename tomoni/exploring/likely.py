"""Likely SLIs, journeys and signals: what detectors find in the metrics of a source; nobody has agreed to it yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from tomoni.catalog.schema import Unit

Keys = Mapping[str, object]  # the keys of `sli` or of a signal's `query`, as a file has them, without `source`


class Quality(StrEnum):
    """What users would notice: that it fails, is slow, cannot be reached, that work waits, that what they see is old,
    that nothing happens any more, that something is nearly full, or that anything goes wrong at all."""

    AVAILABILITY = "availability"
    LATENCY = "latency"
    UPTIME = "uptime"
    DELIVERY = "delivery"
    BACKLOG = "backlog"
    FRESHNESS = "freshness"
    THROUGHPUT = "throughput"
    SATURATION = "saturation"
    FAULTLESS = "faultless"


class Confidence(IntEnum):
    """How sure it is that an SLI is meant so. ``OWN``: what a monitoring server counts of itself."""

    OWN = 0
    POSSIBLE = 1
    LIKELY = 2
    SURE = 3


@dataclass(frozen=True, slots=True)
class LikelySli:
    """One SLI. ``subject`` is whose it is, as a label says it (empty: nothing does); ``metric`` and ``label`` are
    what it was found by, for the reason that is given; ``objective`` in percent where the source has one."""

    quality: Quality
    keys: Keys
    metric: str
    subject: str = ""
    confidence: Confidence = Confidence.LIKELY
    label: str = ""
    objective: str = ""
    detector: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LikelySignal:
    """A metric of the infrastructure that is worth a look beside the SLOs; ``query`` as a file has it, ``title`` as the
    source names it."""

    id: str
    query: str | Keys
    unit: Unit
    limit: float | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class LikelyJourney:
    """What belongs to one subject: the SLIs, the likeliest first."""

    subject: str
    slis: tuple[LikelySli, ...]

    @property
    def confidence(self) -> Confidence:
        """How sure the likeliest of its SLIs is."""
        return max(sli.confidence for sli in self.slis)

    @property
    def first_choice(self) -> tuple[LikelySli, ...]:
        """The likeliest SLI of each quality."""
        best: dict[Quality, LikelySli] = {}
        for sli in self.slis:
            best.setdefault(sli.quality, sli)
        return tuple(best.values())


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found in a source, the likeliest journey first."""

    journeys: tuple[LikelyJourney, ...] = ()
    signals: tuple[LikelySignal, ...] = ()


def journeys_of(slis: Iterable[LikelySli]) -> tuple[LikelyJourney, ...]:
    """The SLIs by whom they belong to; what belongs to nobody stays with its detector."""
    by_subject: dict[tuple[str, str], list[LikelySli]] = {}
    for sli in slis:
        by_subject.setdefault((sli.subject, "" if sli.subject else sli.detector), []).append(sli)
    made = [
        LikelyJourney(subject, tuple(sorted(each, key=lambda sli: (-sli.confidence, list(Quality).index(sli.quality)))))
        for (subject, _), each in by_subject.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.confidence, -len(one.first_choice))))
