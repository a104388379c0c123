"""What keeps a process from asking the sources is told with what still works."""

from __future__ import annotations

import pytest

from tomoni.words.collecting import nobody, what_to_do, who
from tomoni.words.text import text_for

EN, JA = text_for("en"), text_for("ja")
MOMENT = 1_794_909_600


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (None, "Start the command collect"),
        ("database_read_only", "all that is stored is shown"),
        ("database_full", "all that is stored is shown"),
        ("database_newer", "start the new one"),
        ("database_locked", "the log of Tomoni has the reason"),
    ],
)
def test_what_to_do_depends_on_the_reason(reason: str | None, said: str) -> None:
    assert said in what_to_do(reason, EN)
    assert what_to_do(reason, JA) != what_to_do(reason, EN)


def test_who_asks_is_named_and_nobody_has_a_moment() -> None:
    assert who("web-1", 12, MOMENT, EN) == (
        "Process 12 on “web-1” has asked the sources since 17 Nov, 10:00 UTC, for all on this database."
    )
    assert nobody(MOMENT, None, EN) == "No process has asked the sources since 17 Nov, 10:00 UTC."
    assert nobody(MOMENT, MOMENT, JA).endswith("最新のデータは11月17日 10:00 UTCのものです。")
