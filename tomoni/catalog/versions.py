"""What the figures of an SLO follow from, as content: another content is another version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from pydantic import ValidationError

from data_sources.kinds import sli_forms
from tomoni.catalog.schema import DefinitionVersion, Slo
from tomoni.slo.model import CalendarUnit, CalendarWindow, NoData, Objective, RollingWindow, TimeSlices, Window


def version_of(slo: Slo, now: int) -> DefinitionVersion:
    """The version that an SLO is as it is written, seen at a moment (Unix seconds)."""
    definition, slices = slo.definition, slo.definition.slices
    body: dict[str, object] = {
        "source": slo.source,
        "form": type(slo.sli).__name__,
        "query": slo.sli.model_dump(mode="json", exclude_none=True),
        "bucket": slo.bucket_seconds,
        "objective": str(definition.objective.percent),
        "window": _window_body(definition.window),
        "slices": None if slices is None else [slices.length_seconds, str(slices.target_percent), slices.no_data.value],
        "min_events": definition.min_events,
    }
    content = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    return DefinitionVersion(content, now, body, slo.series.key, slo.bucket_seconds)


def as_defined(slo: Slo, version: DefinitionVersion) -> Slo | None:
    """The SLO with the content of another version; None when that content cannot be read any more."""
    body = cast(Mapping[str, Any], version.body)
    try:
        form = next(form for form in sli_forms().values() if form.__name__ == body["form"])
        query = form.model_validate(body["query"])
        slices = body["slices"]
        definition = replace(
            slo.definition,
            objective=Objective(Decimal(body["objective"])),
            window=_window(body["window"]),
            slices=None if slices is None else TimeSlices(slices[0], Decimal(slices[1]), NoData(slices[2])),
            min_events=float(body["min_events"]),
        )
        bucket = int(body["bucket"])
    except (StopIteration, KeyError, ValueError, TypeError, ArithmeticError, ValidationError):
        return None
    return replace(
        slo,
        source=str(body["source"]),
        sli=query,
        bucket_seconds=bucket,
        definition=definition,
        native_defaults=frozenset(),  # a version is only kept once all of it is known
    )


def _window_body(window: Window) -> dict[str, object]:
    if isinstance(window, RollingWindow):
        return {"rolling": window.seconds}
    body: dict[str, object] = {"calendar": window.unit.value, "zone": window.zone, "first_month": window.first_month}
    # Only where they were written: a version from before there were such keys stays the same.
    moved = {"first_day": (window.first_day, 1), "start_minutes": (window.start_minutes, 0)}
    return body | {key: value for key, (value, usual) in moved.items() if value != usual}


def _window(body: Mapping[str, Any]) -> Window:
    if "rolling" in body:
        return RollingWindow(int(body["rolling"]))
    moved = int(body.get("first_day", 1)), int(body.get("start_minutes", 0))
    return CalendarWindow(CalendarUnit(body["calendar"]), str(body["zone"]), int(body["first_month"]), *moved)
