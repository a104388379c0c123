"""The status as JSON: the names and meanings of docs/commands.md, numbers not rounded."""

from __future__ import annotations

import json

from tomoni.review.model import Overview
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.words import errors
from tomoni.words.text import Text


def render(overview: Overview, text: Text, period: str | None = None) -> str:
    """An overview as one JSON object, in the order of the catalog, with the name of its period if it has one."""
    body = {
        "as_of": rfc3339(overview.as_of),
        **({"period": period} if period else {}),
        "slos": [slo_json(status, text) for status in overview.statuses],
        "problems": [
            {"source": problem.source, "code": problem.code, "text": text.sentences(*errors.say_source(problem, text))}
            for problem in overview.problems
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False)
