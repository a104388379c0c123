"""Texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
import unicodedata

# The signs that begin a formula, and the minus sign of typography. What NFKC folds to one of them counts too:
# some programs read full-width, small and raised signs like the plain ones.
_SIGNS = frozenset("=+-@\u2212")
# Where a file is opened with another separator, or is split into lines, these begin a new cell.
_CELL_BEGINS = re.compile(r"[;\t\r\n\u0085\u2028\u2029]")
_QUOTES = frozenset("\"'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2039\u203a\uff02\uff07")
# Blanks, control and format characters (zero width, direction marks), and marks without a width of their own.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})


def harmless(text: str) -> str:
    """The text, with an apostrophe before everything in it that could begin a formula in some spreadsheet.

    Blanks, quotes and characters that cannot be seen do not hide a sign. Texts without one stay as they are.
    """
    pieces, start = [], 0
    for found in [*_CELL_BEGINS.finditer(text), None]:
        end = len(text) if found is None else found.end()
        piece = text[start:end]
        # Some programs skip a tab or a line end at the beginning of a file's cell.
        hidden = start == 0 and piece[:1] in ("\t", "\r", "\n")
        pieces.append(f"'{piece}" if hidden or _begins_formula(piece) else piece)
        start = end
    return "".join(pieces)


def _begins_formula(cell: str) -> bool:
    for sign in cell:
        if sign not in _QUOTES and unicodedata.category(sign) not in _UNSEEN:
            return unicodedata.normalize("NFKC", sign)[:1] in _SIGNS
    return False
