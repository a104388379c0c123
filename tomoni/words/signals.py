"""Infra signals in words."""

from __future__ import annotations

from tomoni.catalog.schema import DEFAULT_GROUP, Signal
from tomoni.words.text import Text


def group_title(signal: Signal, text: Text) -> str:
    """What the group of a signal is called; empty where it has none."""
    if signal.group_title is not None:
        return signal.group_title(text.language)
    return text._("Infrastructure") if signal.group == DEFAULT_GROUP else signal.group
