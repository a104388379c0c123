"""What is wrong with the database is told with what still works: to those who run Tomoni, and to readers."""

from __future__ import annotations

import pytest

from tomoni.words.database import describe, for_visitors
from tomoni.words.text import text_for

FACTS = {"database": "postgresql://db.internal/tomoni", "found": "9999", "expected": "0012"}


@pytest.mark.parametrize(
    ("code", "line", "page"),
    [
        ("database_newer", "Nothing in this one was changed", "finds the reason in its log"),
        ("database_incomplete", "restore a backup", "finds the reason in its log"),
        ("database_damaged", "restore a backup", "Files of snapshots can still be read"),
        ("database_full", "status --no-sync shows what is stored", "All that is stored can still be read"),
        ("database_read_only", "status --no-sync shows what is stored", "All that is stored can still be read"),
        ("database_unreachable", "Check that it is running", "nothing is lost"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_says_what_still_works_and_readers_no_address(code: str, line: str, page: str, language: str) -> None:
    text = text_for(language)
    told, shown = " ".join(describe(code, FACTS, "", text)), " ".join(for_visitors(code, FACTS, text))
    assert language == "ja" or (line in told and page in shown)
    assert "db.internal" not in shown
    assert "TOMONI" not in shown
    assert "%(" not in told + shown
