"""By which labels an SLO is split: the key ``split_by``, and which SLIs can be split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from data_sources.prometheus.splitting import split_sum
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place
from tomoni.catalog.mapping import Entry
from tomoni.catalog.split_by import USUAL_PARTS, SplitBy
from tomoni.catalog.values import fail, text_of

MOST_LABELS = 3
MOST_PARTS = 50
_NO_EVENTS_OF_LABELS = ("gauge", "ratio", "slo")  # each bucket is one event, or the source tells sums alone


def _read_labels(written: object) -> tuple[str, ...]:
    listed = written if isinstance(written, list) else [written]
    labels = tuple(text_of(each).strip() for each in listed)
    if not 0 < len(labels) <= MOST_LABELS or len(set(labels)) < len(labels) or not all(labels):
        fail(Code.SPLIT_LABELS, most=MOST_LABELS)
    return labels


_LABELS_SCHEMA = {
    "type": "array",
    "items": {"type": "string"},
    "minItems": 1,
    "maxItems": MOST_LABELS,
    "uniqueItems": True,
}
Labels = Annotated[
    tuple[str, ...],
    PlainValidator(_read_labels),
    WithJsonSchema({"anyOf": [_LABELS_SCHEMA, {"type": "string"}], "examples": [["route"]]}),
]


class SplitEntry(Entry):
    """The labels, and how many parts are shown."""

    labels: Labels = Field(description="The labels (of files: columns) whose values tell the parts apart.")
    at_most: Annotated[int, Field(ge=1, le=MOST_PARTS)] = Field(
        default=USUAL_PARTS, description="How many parts are shown: the worst ones; all others are one."
    )


SplitField = Annotated[
    Annotated[Labels, Tag("<labels>")] | Annotated[SplitEntry, Tag("<split>")],
    Discriminator(lambda written: "<split>" if isinstance(written, dict | SplitEntry) else "<labels>"),
]


def split_of(written: tuple[str, ...] | SplitEntry | None) -> SplitBy:
    """The split as it is written; that of nothing names no labels."""
    if isinstance(written, SplitEntry):
        return SplitBy(written.labels, written.at_most)
    return SplitBy(written or ())


def note_split(document: Document, place: Place, sli: Mapping[str, Any], split: SplitBy) -> None:
    """Notes where an SLI cannot be split by labels."""
    if not split.labels:
        return
    form = next((key for key in _NO_EVENTS_OF_LABELS if sli.get(key) is not None), None)
    if form is not None:
        document.note_key((*place, "split_by"), Code.SPLIT_FORM, form=form)
    for role in ("total", "good", "bad"):
        part = sli.get(role)
        if isinstance(part, dict) and split_sum(str(part.get("expr", "")), "a") is None:
            document.note((*place, "sli", role, "expr"), Code.SPLIT_EXPRESSION)
