"""Years in words."""

from __future__ import annotations

from tomoni.words.text import Text


def title(name: str, text: Text) -> str:
    """What a year is called, by its short name (``2026``, ``FY2026``)."""
    if name.startswith("FY"):
        return text._("Fiscal year %(year)s") % {"year": name.removeprefix("FY")}
    return text._("Year %(year)s") % {"year": name}
