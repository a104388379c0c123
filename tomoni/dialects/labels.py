"""Names of labels and annotations as Prometheus accepts them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_]")


def label_name(written: str) -> str:
    """A name with underscores for what it may not hold; names that begin with two belong to Prometheus itself."""
    name = _NOT_IN_NAMES.sub("_", written)
    name = f"_{name}" if name[:1].isdigit() else name
    return name if not name.startswith("__") else f"x{name}"


def label_names(marks: Mapping[str, str]) -> dict[str, str]:
    """Labels under names that Prometheus accepts; empty ones, which are none there, are left out."""
    named = {label_name(name): value for name, value in marks.items() if name and value}
    named.pop("alertname", None)
    return named
