"""The JSON of `status`, as docs/commands.md promises it; more names may be added, these stay."""

from __future__ import annotations

from typing import Any

import jsonschema

Schema = dict[str, Any]
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "number", "minimum": 0}
OR_NULL: Schema = {"type": ["number", "null"]}
RATIO: Schema = {"type": "number", "minimum": 0, "maximum": 1}
RATIO_OR_NULL: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
TEXT: Schema = {"type": "string", "minLength": 1}
BURN_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


def named(**properties: Schema) -> Schema:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def listed(item: Schema) -> Schema:
    """A list of things of one kind."""
    return {"type": "array", "items": item}


ALERT = named(
    severity={"enum": ["page", "ticket"]},
    long=TEXT,
    short=TEXT,
    factor={"type": "number", "exclusiveMinimum": 0},
    firing={"type": "boolean"},
)
SLO = named(
    app=TEXT,
    journey=TEXT,
    slo=TEXT,
    source=TEXT,
    objective=RATIO,
    method={"enum": ["occurrences", "timeslices"]},
    window=named(kind={"enum": ["rolling", "calendar"]}, start=MOMENT, end=MOMENT),
    good=COUNT,
    total=COUNT,
    bad=COUNT,
    sli=RATIO_OR_NULL,
    coverage=RATIO,
    budget=named(allowed_bad=COUNT, remaining=OR_NULL, allowed_minutes=OR_NULL, spent_minutes=OR_NULL),
    burn={**named(**dict.fromkeys(BURN_WINDOWS, OR_NULL)), "propertyNames": {"enum": list(BURN_WINDOWS)}},
    alerts={**listed(ALERT), "minItems": 4},
    state={"enum": ["healthy", "at_risk", "exhausted", "no_traffic", "no_data"]},
    too_few_events={"type": "boolean"},
    notices=listed(named(key=TEXT, text=TEXT)),
)
STATUS = named(as_of=MOMENT, slos=listed(SLO), problems=listed(named(source=TEXT, text=TEXT)))


def validate(body: object) -> None:
    """Raises where a status is not as promised."""
    jsonschema.validate(body, STATUS, cls=jsonschema.Draft202012Validator)
