"""An explanation as JSON: the SLO as in `status`, and what its figures are based on (docs/commands.md)."""

from __future__ import annotations

import json
from typing import Any

from tomoni.catalog.schema import Catalog, DefinitionVersion
from tomoni.commands.status_json import of_an_slo
from tomoni.review.model import DefinitionChange, ExcludedSpan, Explanation, NativeComparison, OtherFigure
from tomoni.slo.model import Projection
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.words import explained
from tomoni.words.text import Text

Json = dict[str, Any]


def render(explanation: Explanation, catalog: Catalog, text: Text) -> str:
    """An explanation as one JSON object, with what is wrong with the definition."""
    status, version = explanation.status, explanation.version
    projected = status.figures.projected
    body: Json = {
        **slo_json(status, text),
        "problems": of_an_slo(status, catalog, text),
        "as_of": rfc3339(status.as_of),
        "sentence": explained.sentence(explanation, text),
        "zone": explanation.zone,
        "lag_seconds": explanation.lag_seconds,
        "bucket_seconds": status.slo.bucket_seconds,
        "excluded_seconds": status.figures.excluded_seconds,
        "exclusions": [_excluded(span, text) for span in explanation.exclusions],
        "projected": None if projected is None else _projected(projected),
        "methods": [_method(figure, text) for figure in explanation.methods],
        "series": explanation.series_key,
        "definition": None if version is None else _version(version),
        "changes": [_change(change) for change in explanation.changes],
        "native": None if status.native is None else _native(status.native),
        "queries": [{"role": query.role, "text": query.text, "url": query.url} for query in status.queries],
    }
    return json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False)


def _excluded(span: ExcludedSpan, text: Text) -> Json:
    reason = span.exclusion.reason(text.language)
    return {"id": span.exclusion.id, "reason": reason, "start": rfc3339(span.start), "end": rfc3339(span.end)}


def _projected(projected: Projection) -> Json:
    return {
        "start": rfc3339(projected.start),
        "end": rfc3339(projected.end),
        "total": projected.total,
        "allowed_bad": projected.allowed_bad,
        "remaining": projected.remaining,
    }


def _method(figure: OtherFigure, text: Text) -> Json:
    made = figure.figure
    why = {"key": figure.why.value, "text": text._(explained.WHY[figure.why])}
    return {
        "method": made.method.value,
        "sli": made.sli,
        "remaining": made.remaining,
        "counted": made.counted,
        "why": why,
    }


def _native(both: NativeComparison) -> Json:
    return {
        "at": rfc3339(both.at),
        "sli": both.native_sli,
        "remaining": both.native_remaining,
        "ours": {"sli": both.sli, "remaining": both.remaining},
        "difference": {"sli": both.sli_difference, "remaining": both.budget_difference},
        "tolerance": {"sli": both.sli_tolerance, "remaining": both.budget_tolerance},
        "agrees": both.agrees,
        "differs": list(both.differs),
    }


def _version(version: DefinitionVersion) -> Json:
    return {"hash": version.hash, "first_seen": rfc3339(version.first_seen), **version.body}


def _change(change: DefinitionChange) -> Json:
    return {
        "at": rfc3339(change.at),
        "changed": list(change.changed),
        "before": _version(change.before),
        "after": _version(change.after),
    }
