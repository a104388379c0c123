"""Texts in the labels and annotations of alerts, which Prometheus expands as templates."""

from __future__ import annotations

import re

# What annotations of other tools use; everything else could keep the whole file from being loaded.
_KNOWN = re.compile(
    r"\{\{-?\s*(?:\$value|\$labels\.[a-zA-Z_]\w*)(?:\s*\|\s*humanize(?:1024|Duration|Percentage)?)?\s*-?\}\}"
)


def escaped(text: str) -> str:
    """A text that comes out as it is."""
    return text.replace("{{", '{{ "{{" }}')


def kept_template(text: str) -> str:
    """A template that another tool's file had, where it is surely a valid one; else the text as it is."""
    return escaped(text) if "{{" in _KNOWN.sub("", text) else text
