"""What a snapshot puts up for decision."""

from __future__ import annotations

from tests.tables import table
from tomoni.snapshots.document.sections.decisions import shown
from tomoni.words.text import text_for


@table(("n", "last"), [(1, "Q1"), (6, "Q6"), (7, "and 2 more"), (14, "and 9 more")])
def test_no_question_is_left_out_without_a_word(n: int, last: str) -> None:
    rows = shown([(f"Q{number}", "because") for number in range(1, n + 1)], text_for("en"))
    assert (len(rows), rows[-1][0]) == (min(n, 6), last)
