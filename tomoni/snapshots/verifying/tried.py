"""Recalculating what a snapshot holds of the workshop: each candidate is tried again on the history of its SLO."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tomoni.slo.model import Buckets, Definition, Objective
from tomoni.slo.workshop import Beginning, Beside, Reason, Trial, TriedOut, beginning, try_out
from tomoni.snapshots.record.workshop import WorkshopRecord

NEAR = 1e-9
Numbers = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """What the ledger has of an SLO today, up to where it was known then; ``known`` is the same without what the source
    said otherwise since over the interval ``changed`` (None: nothing)."""

    today: Buckets
    known: Buckets | None = None
    changed: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of a candidate: what the record says, what the ledger gives, and whether a source that changed its
    data since explains it."""

    number: str
    said: str
    found: str
    explained: bool


def name_of(tried: TriedOut) -> str:
    """A candidate by its objective and window, as records name it."""
    definition = tried.trial.definition
    objective = definition.objective.percent.normalize()
    return f"{objective:f}%" + (f" < {tried.under}" if tried.under else "")


def can_be_recalculated(record: WorkshopRecord, tried: TriedOut) -> bool:
    """Whether the ledger has what a candidate was tried on: an agreed SLI at its own threshold."""
    return bool(record.slo) and not record.sli and not tried.under


def differences(tried: TriedOut, histories: Histories, record: WorkshopRecord) -> Iterator[Difference]:
    """The numbers of a candidate, and of what was suggested beside the last one, that the history gives otherwise."""
    begun = record.suggested.beginning if record.suggested is not None and tried is record.tried[-1] else None
    said = {**_numbers(tried.trial), **_steps(begun)}

    def again(buckets: Buckets) -> Numbers:
        suggested = _begun_again(tried.trial, buckets, record) if begun is not None else None
        return {**_numbers(_again(tried.trial, buckets)), **_steps(suggested)}

    found = again(histories.today)
    known = again(histories.known) if histories.known is not None else {}
    for name in dict.fromkeys([*said, *found]):
        if not _same(said.get(name), found.get(name)):
            explained = name in known and _same(said.get(name), known[name])
            yield Difference(name, _shown(said.get(name)), _shown(found.get(name)), explained)


def known_until(buckets: Buckets, end: int) -> Buckets:
    """Buckets of which nothing is known from a moment on."""
    kept = max(0, (end - buckets.start) // buckets.step_seconds)
    late = np.arange(len(buckets.total)) >= kept
    return replace(
        buckets,
        good=np.where(late, np.nan, buckets.good),
        total=np.where(late, np.nan, buckets.total),
        absent=buckets.absent & ~late,
    )


def _again(trial: Trial, buckets: Buckets) -> Trial:
    beside = Beside(tuple(trial.days_at), (), tuple((each.start, each.end) for each in trial.seen))
    return try_out(buckets, trial.definition, trial.end, beside)


def _begun_again(trial: Trial, buckets: Buckets, record: WorkshopRecord) -> Beginning:
    """What the history alone suggests for the window and the method of a candidate. Slices have the target of the
    objective that is tried, unless what is agreed has slices of its own."""
    agreed = next((each.trial.definition for each in record.tried if each.agreed), None)
    follows = trial.definition.slices is not None and (agreed is None or agreed.slices is None)

    def define(step: Objective) -> Definition:
        slices = trial.definition.slices
        if slices is not None and follows:
            slices = replace(slices, target_percent=step.percent)
        return replace(trial.definition, objective=step, slices=slices)

    return beginning(buckets, define, min(trial.end, buckets.end), (), agreed.objective if agreed else None)


def _steps(begun: Beginning | None) -> Numbers:
    """The steps that a history speaks for, in percent, and what it achieved; risks are no part of it."""
    if begun is None:
        return {}
    every = [*begun.steps, *([begun.agreed] if begun.agreed is not None else [])]
    steps = {
        f"suggested.{reason}": next((float(each.objective.percent) for each in every if reason in each.reasons), None)
        for reason in (Reason.HELD, Reason.COMFORTABLE)
    }
    return {**steps, "suggested.achieved": begun.achieved}


def _numbers(trial: Trial) -> Numbers:
    """The numbers of a trial that follow from the history alone."""
    figures, ledger = trial.figures, trial.ledger
    found: dict[str, float | None] = {name: getattr(figures, name) for name in _FIGURES}
    found |= {"pages": len(trial.pages), "tickets": len(trial.tickets), "episodes": len(ledger.episodes)}
    found |= {f"worst.{n + 1}": window.remaining for n, window in enumerate(trial.worst)}
    found |= {f"days_at.{level:g}": days for level, days in trial.days_at.items()}
    found |= {f"incident.{n + 1}.bad": seen.bad for n, seen in enumerate(trial.seen)}
    found |= {f"incident.{n + 1}.page_after": seen.page_after for n, seen in enumerate(trial.seen)}
    found["unexplained_pages"] = trial.unexplained_pages
    return found


_FIGURES = ("good", "total", "bad", "sli", "coverage", "allowed_bad", "remaining")


def _same(said: float | None, found: float | None) -> bool:
    if said is None or found is None:
        return said is found
    return math.isclose(said, found, rel_tol=NEAR, abs_tol=1e-12)


def _shown(value: float | None) -> str:
    return "null" if value is None else str(value)
