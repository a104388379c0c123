"""The status as JSON: the names and meanings of docs/commands.md, numbers not rounded."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tomoni.catalog.schema import Problem
from tomoni.review.model import Overview
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.words import errors, problems
from tomoni.words.text import Text


def render(overview: Overview, text: Text, period: str | None = None, broken: Iterable[Problem] = ()) -> str:
    """An overview as one JSON object, in the order of the catalog, with the name of its period if it has one;
    ``broken`` are the errors of the configuration files."""
    body = {
        "as_of": rfc3339(overview.as_of),
        **({"period": period} if period else {}),
        "slos": [slo_json(status, text) for status in overview.statuses],
        "problems": [
            {"source": problem.source, "code": problem.code, "text": text.sentences(*errors.say_source(problem, text))}
            for problem in overview.problems
        ]
        + [_of_a_file(problem, text) for problem in broken],
    }
    return json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False)


def _of_a_file(problem: Problem, text: Text) -> dict[str, object]:
    place = {"file": problem.spot.file, "line": max(problem.spot.line, 1)}
    return {"source": None, **place, "code": problem.code, "text": text.sentences(*problems.say(problem, text))}
