"""Names that are read from right to left, within sentences that are read from left to right."""

from __future__ import annotations

import unicodedata

# Letters and digits that are read from right to left, and signs that turn the direction of what follows.
_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI"})


def isolated(name: str) -> str:
    """A name that leaves the order of the sentence around it as it is: within Unicode's marks for that, which show as
    nothing, where something in it turns the direction, and unchanged elsewhere."""
    if name.isascii() or not any(unicodedata.bidirectional(sign) in _TURNING for sign in name):
        return name
    return f"\u2068{name}\u2069"
