"""The status as JSON: the names and meanings of docs/commands.md, numbers not rounded."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tomoni.catalog.concerning import problems_of
from tomoni.catalog.schema import Catalog, Problem
from tomoni.review.model import Overview, SloStatus
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.words import errors, problems
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a period, and whether it is over and all of its data has arrived."""

    name: str
    complete: bool


def render(overview: Overview, text: Text, period: Named | None = None, catalog: Catalog | None = None) -> str:
    """An overview as one JSON object, in the order of the catalog, with the name of its period if it has one;
    ``catalog`` has the problems of the configuration files."""
    errors_of_files = catalog.errors if catalog else ()
    body = {
        "as_of": rfc3339(overview.as_of),
        **({"period": period.name, "period_complete": period.complete} if period else {}),
        "slos": [
            {**slo_json(status, text), "problems": of_an_slo(status, catalog, text)} for status in overview.statuses
        ],
        "problems": [
            {
                "source": problem.source,
                "code": problem.code,
                "text": text.sentences(*errors.describe_source(problem, text)),
            }
            for problem in overview.problems
        ]
        + [_of_a_file(problem, text) for problem in errors_of_files],
    }
    return json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False)


def of_an_slo(status: SloStatus, catalog: Catalog | None, text: Text) -> list[dict[str, object]]:
    """What is wrong with the definition of one SLO, errors and warnings."""
    found = problems_of(catalog, status.app, status.journey.id, status.slo) if catalog else ()
    return [{**_of_a_file(problem, text), "severity": problem.severity.value} for problem in found]


def _of_a_file(problem: Problem, text: Text) -> dict[str, object]:
    place = {"file": problem.spot.file, "line": max(problem.spot.line, 1)}
    return {"source": None, **place, "code": problem.code, "text": text.sentences(*problems.describe(problem, text))}
