"""Whether there is anything to see of a text: of blanks, controls and signs of no width there is not."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters or signs by their category, and nothing to see
# Blanks, controls, signs of no width, halves of signs. What this version of Python does not know may be a letter.
_EMPTY = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})


def is_seen(text: str) -> bool:
    """Whether a reader sees any sign of a text."""
    return any(sign not in _UNSEEN and unicodedata.category(sign) not in _EMPTY for sign in text)
