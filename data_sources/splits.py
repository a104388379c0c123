"""An SLI split by the values of labels: what is asked, and how an answer holds it.

The ledger remembers a split beside the whole SLI. Its columns are ``value`` (1 where the source answered),
``beyond`` (how many combinations of values were left out of the answer) and for each *part*, a combination of
values, what `column_of` names: its good and its total. Where a part has no number it had no events, unless
combinations were left out.

An answer has at most ``at_most`` parts that are new, the worst first, besides those that are followed already:
so a part that was listed once stays listed, and its history has no holes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import ClassVar

import numpy as np
from pydantic import Field, SerializeAsAny

from data_sources.base import Finding, Request, Source
from data_sources.queries import SliForm
from tomoni.slo.model import FloatArray

Values = tuple[str, ...]  # one of each label of a split
PARTS_IN_ROWS = "repeated_times"  # a notice of files that is none of a file with a row for each part
OBSERVED, BEYOND = "value", "beyond"
GOOD, TOTAL = "good", "total"
MOST_FOLLOWED = 3  # times as many parts as are shown are followed at most
_LONGEST_VALUE = 1024  # characters; what is longer is cut, and told apart by its hash
_ROLES = (GOOD, TOTAL)


class SplitCounts(SliForm):
    """What an SLI counts, by the values of labels. ``followed`` are the parts that the ledger has already."""

    KEY: ClassVar[str] = "split"

    of: SerializeAsAny[SliForm] = Field(description="The SLI.")
    by: tuple[str, ...] = Field(description="The labels.")
    at_most: int = Field(description="How many new parts an answer has at most.")
    followed: tuple[Values, ...] = Field(default=(), exclude=True, description="Parts that stay in every answer.")

    def following(self, parts: Iterable[Values]) -> SplitCounts:
        """The same with the parts that the ledger has."""
        return self.model_copy(update={"followed": tuple(parts)})


def column_of(role: str, values: Values) -> str:
    """The name of the column of a part; long values are cut."""
    return f"{role}:{json.dumps([_short(value) for value in values], ensure_ascii=False)}"


def part_of(column: str) -> tuple[str, Values] | None:
    """The role and the values that a column's name says; None for one that belongs to no part."""
    role, colon, written = column.partition(":")
    return (role, tuple(json.loads(written))) if colon and role in _ROLES else None


def _short(value: str) -> str:
    value = value.encode("utf-8", "replace").decode()
    if len(value) <= _LONGEST_VALUE:
        return value
    return f"{value[:_LONGEST_VALUE]}…{hashlib.sha256(value.encode()).hexdigest()[:8]}"


def worst(sums: Mapping[Values, tuple[float, float]]) -> list[Values]:
    """The parts by their bad events and all of them: the worst first, then those with most events."""
    return sorted(sums, key=lambda values: (-sums[values][0], -sums[values][1], values))


def listed(sums: Mapping[Values, tuple[float, float]], query: SplitCounts) -> list[Values]:
    """The parts of an answer: those that are followed, then the worst of the others as far as there is room."""
    followed = set(query.followed)
    room = max(0, min(query.at_most, MOST_FOLLOWED * query.at_most - len(followed)))
    fresh = [values for values in worst(sums) if values not in followed]
    return [values for values in worst(sums) if values in followed] + fresh[:room]


def columns_of_parts(
    parts: Mapping[Values, tuple[FloatArray, FloatArray]], beyond: FloatArray, length: int
) -> dict[str, FloatArray]:
    """The columns of an answer from the good and the total of each part, NaN where it has none."""
    columns = {OBSERVED: np.ones(length), BEYOND: beyond}
    for values, (good, total) in parts.items():
        columns[column_of(GOOD, values)], columns[column_of(TOTAL, values)] = good, total
    return columns


def split_columns(
    query: SplitCounts, found: Mapping[Values, Mapping[str, FloatArray]], seen: FloatArray
) -> dict[str, FloatArray]:
    """The columns of an answer that has every part at hand; ``seen`` is NaN in buckets that have not ended."""
    sums = {values: _sums(columns) for values, columns in found.items()}
    kept = listed(sums, query)
    rest = [found[values][TOTAL] for values in found if values not in set(kept)]
    beyond = np.sum([np.nan_to_num(total) > 0 for total in rest], axis=0) if rest else np.zeros(len(seen))
    parts = {values: (found[values][GOOD], found[values][TOTAL]) for values in kept}
    columns = columns_of_parts(parts, beyond.astype(np.float64), len(seen))
    return {name: np.where(np.isnan(seen), np.nan, column) for name, column in columns.items()}


def _sums(columns: Mapping[str, FloatArray]) -> tuple[float, float]:
    good, total = np.nan_to_num(columns[GOOD]), np.nan_to_num(columns[TOTAL])
    return float((total - good).sum()), float(total.sum())


def split_findings(source: Source, request: Request) -> tuple[Finding, ...]:
    """What is wrong with a split: an error of the answer, or labels that no series has. What is wrong with the whole is
    told by its own check."""
    labels = ", ".join(getattr(request.query, "by", ()))
    for answer in source.fetch([request]):
        if answer.error is not None:
            return (Finding("error", answer.error.code, {**answer.error.facts, "detail": answer.error.detail}),)
        named = [part_of(name) for name in (answer.series.columns if answer.series else ())]
        parts = {part[1] for part in named if part}
        if parts and not any(value for values in parts for value in values):
            return (Finding("warning", "split_label_nowhere", {"labels": labels}),)
    return ()
