"""The first file of an app, before it is written: journeys with SLOs on what was found, and the signals beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tomoni.exploring.likely import LikelyJourney, LikelySignal, LikelySli

DEFAULT_OBJECTIVE = "99"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class DraftSlo:
    """One SLO: its id, the SLI, the objective in percent as it is written, and what its history says (a comment)."""

    id: str
    sli: LikelySli
    objective: str = DEFAULT_OBJECTIVE
    remark: str = ""


@dataclass(frozen=True, slots=True)
class DraftJourney:
    """A journey by an id and the words for it."""

    id: str
    title: str
    slos: tuple[DraftSlo, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """An app that is not written yet. ``source`` is the id of the source that everything is read from."""

    app: str
    title: str
    source: str
    journeys: tuple[DraftJourney, ...]
    signals: tuple[LikelySignal, ...] = ()
    teams: Mapping[str, str] = field(default_factory=dict)


def slug(words: str, otherwise: str) -> str:
    """An id out of words: lower case, digits, hyphens; another one where nothing is left of them."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or otherwise


def slos_of(slis: Iterable[LikelySli]) -> tuple[DraftSlo, ...]:
    """SLOs on some SLIs, each with an id of its own and the objective of its source where that has one."""
    made: dict[str, DraftSlo] = {}
    for sli in slis:
        id_ = _free(str(sli.quality), made)
        made[id_] = DraftSlo(id_, sli, sli.objective or DEFAULT_OBJECTIVE)
    return tuple(made.values())


def journey_of(found: LikelyJourney, title: str) -> DraftJourney:
    """A journey with the likeliest SLI of each quality."""
    return DraftJourney(slug(found.subject, "first-journey"), title, slos_of(found.first_choice))


def told_apart(journeys: Iterable[DraftJourney]) -> tuple[DraftJourney, ...]:
    """Journeys, each with an id of its own."""
    made: dict[str, DraftJourney] = {}
    for journey in journeys:
        id_ = _free(journey.id, made)
        made[id_] = replace(journey, id=id_)
    return tuple(made.values())


def _free(wanted: str, taken: Mapping[str, object] | Sequence[str]) -> str:
    names = (wanted, *(f"{wanted}-{n}" for n in range(2, 100)))
    return next(name for name in names if name not in taken)
