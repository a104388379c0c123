"""What can be said about a query for Prometheus without asking anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data_sources.queries import Expression, Form, Gauge, Histogram, Ratio, TextSignal
from tomoni.catalog.codes import Code
from tomoni.catalog.document import Document, Place

WINDOW = "$window"
_PLACEHOLDER = re.compile(r"\$(?:\{\s*[A-Za-z_][^}]*\}|[A-Za-z_]\w*)")
_GROUP = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`', re.DOTALL)
_SELECTOR = re.compile(r"\s*(?:[A-Za-z_:][A-Za-z0-9_:]*\s*(?:\{[^{}]*\})?|\{[^{}]*\})\s*")
_BUCKET_NAME = re.compile(r"\s*([A-Za-z_:][A-Za-z0-9_:]*)_bucket\b")


def note_promql(document: Document, place: Place, query: Form) -> bool:
    """Notes what is wrong or suspicious about the texts of a query; False when it cannot be asked."""
    faults = len(document.faults)
    if isinstance(query, TextSignal):
        _note_placeholders(document, place, query.query)
    elif isinstance(query, Gauge):
        _note_placeholders(document, (*place, "gauge"), query.gauge)
    elif isinstance(query, Histogram):
        _note_selector(document, (*place, "histogram"), query.histogram)
        _note_bucket_name(document, (*place, "histogram"), query.histogram)
    elif isinstance(query, Ratio):
        for key in ("total", "good", "bad"):
            _note_operand(document, (*place, key), getattr(query, key))
    warnings = (Code.WINDOW_NOT_USED, Code.HISTOGRAM_NAMED_BUCKET)
    return all(fault.code in warnings for fault in document.faults[faults:])


def _note_operand(document: Document, place: Place, operand: str | Expression | None) -> None:
    if isinstance(operand, Expression):
        place = (*place, "expr")
        _note_placeholders(document, place, operand.expr)
        if WINDOW not in operand.expr:
            document.note(place, Code.WINDOW_NOT_USED)
    elif operand is not None:
        _note_selector(document, place, operand)


def unknown_placeholders(text: str) -> Iterator[str]:
    """The placeholders of a text that nobody fills in; names of its own regular expressions are none."""
    groups = set(_GROUP.findall(text))
    for found in dict.fromkeys(_PLACEHOLDER.findall(text)):
        if found != WINDOW and found.strip("${} ") not in groups:
            yield found


def _note_placeholders(document: Document, place: Place, text: str) -> None:
    for placeholder in unknown_placeholders(text):
        document.note(place, Code.UNKNOWN_PLACEHOLDER, placeholder=placeholder, known=WINDOW)


def _note_selector(document: Document, place: Place, text: str) -> None:
    if found := _PLACEHOLDER.search(text):
        document.note(place, Code.PLACEHOLDER_IN_SELECTOR, placeholder=found[0])
    elif not _SELECTOR.fullmatch(_STRING.sub('""', text)):
        document.note(place, Code.SELECTOR_EXPECTED, key=str(place[-1]))


def _note_bucket_name(document: Document, place: Place, text: str) -> None:
    if found := _BUCKET_NAME.match(text):
        document.note(place, Code.HISTOGRAM_NAMED_BUCKET, meant=found[1])
