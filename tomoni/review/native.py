"""SLOs that their source keeps itself: what is not known of them yet, and its own figures beside ours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data_sources.base import NativeDefinition, Notice
from tomoni.catalog.schema import Slo
from tomoni.review.inputs import ReviewInputs
from tomoni.review.model import NativeComparison
from tomoni.slo.model import DAY, Buckets, CalendarWindow, Definition, Figures, Window
from tomoni.slo.status import evaluate

# Both sides count the same events of the same window, in doubles: an event in a million may still be on its way.
SLI_TOLERANCE = 1e-6


def unknown_definition(inputs: ReviewInputs, slo: Slo) -> tuple[Notice, ...]:
    """That an SLO cannot be judged yet, and why; nothing where all is known.

    Reasons: ``not_asked``, ``failed`` (with the error and its detail), ``period`` (for which there is no
    counterpart) and ``window`` (which is not made of whole buckets).
    """
    name = slo.native_name
    if not slo.native_defaults or name is None:
        return ()
    record, facts = inputs.native.get(name), {"slo": name[1], "missing": ", ".join(sorted(slo.native_defaults))}
    if record is None:
        return (Notice("native_definition_unknown", {**facts, "reason": "not_asked"}),)
    definition = record.definition
    if definition is None:
        failed = {"reason": "failed", "error": record.error_code or "", "detail": record.detail}
        return (Notice("native_definition_unknown", {**facts, **failed}),)
    reason = "period" if definition.window is None else "window"
    return (Notice("native_definition_unknown", {**facts, "reason": reason, "period": definition.period}),)


def nothing_known(buckets: Buckets) -> Buckets:
    """The same buckets as if nothing had been observed: of an SLO without an objective nothing follows."""
    empty = np.full(len(buckets.total), np.nan)
    return replace(buckets, good=empty, total=empty, absent=np.zeros(len(empty), dtype=np.bool_))


def unjudged(figures: Figures) -> Figures:
    """Figures without anything that follows from an objective."""
    return replace(
        figures,
        allowed_bad=0.0,
        remaining=None,
        allowed_minutes=0.0,
        spent_minutes=None,
        burn={},
        alerts=(),
        projected=None,
    )


def compare(inputs: ReviewInputs, slo: Slo, buckets: Buckets, as_of: int) -> NativeComparison | None:
    """The source's own newest figures within a day before a moment, beside ours at the same moment."""
    stored = inputs.native_figures.get(slo.native_name) if slo.native_name else None
    if stored is None or slo.native_defaults or stored.figures.at is None or stored.hour <= as_of - DAY:
        return None
    theirs, ours = stored.figures, evaluate(buckets, slo.definition, stored.hour)
    allowance = float(slo.definition.objective.allowance)
    return NativeComparison(
        at=stored.hour,
        sli=ours.sli,
        remaining=ours.remaining if ours.sli is not None else None,
        native_sli=theirs.compliance,
        native_remaining=theirs.budget_fraction,
        sli_tolerance=SLI_TOLERANCE,
        budget_tolerance=SLI_TOLERANCE / allowance if allowance else SLI_TOLERANCE,
        differs=_differs(inputs, slo, ours),
    )


def _differs(inputs: ReviewInputs, slo: Slo, ours: Figures) -> tuple[str, ...]:
    """What differs between the definition here and at the source: objective, window, exclusions."""
    record = inputs.native.get(slo.native_name) if slo.native_name else None
    native = record.definition if record else None
    found = [] if native is None else _definition_differences(slo.definition, native)
    return tuple(found + (["exclusions"] if ours.excluded_seconds else []))


def _definition_differences(definition: Definition, native: NativeDefinition) -> list[str]:
    found = [] if definition.objective.percent == native.objective.percent else ["objective"]
    return found if _key(definition.window) == _key(native.window) else [*found, "window"]


def _key(window: Window | None) -> object:
    """What makes two windows the same; the first month moves quarters only, which no source keeps."""
    return (window.unit, window.zone, window.moved) if isinstance(window, CalendarWindow) else window
