"""A table of cases fails as its rows do, and tells all of them."""

from __future__ import annotations

import pytest

from tests.tables import table


def test_all_rows_that_do_not_hold_are_told_with_what_is_wrong(tmp_path):
    @table("right", [1, 2, 3])
    @table(("left", "more"), [(1, 0), (2, 1)])
    def compared(left: int, more: int, right: int, tmp_path: object) -> None:
        assert tmp_path
        if right == 3:
            raise KeyError(left)
        assert left + more == right

    with pytest.raises(pytest.fail.Exception) as failed:
        compared(tmp_path=tmp_path)
    told = str(failed.value)
    assert told.startswith("3 of 3 rows do not hold\nright=1: Failed: 1 of 2 rows do not hold\nleft=2, more=1: Assert")
    assert "assert (2 + 1) == 1" in told
    assert "right=2: Failed: 2 of 2 rows" in told
    assert "left=2, more=1: KeyError: 2" in told


def test_rows_that_hold_say_nothing_and_no_rows_are_a_failure():
    def holds(row: int) -> None:
        assert row

    table("row", [1, 2])(holds)()
    with pytest.raises(pytest.fail.Exception):
        table("row", [])(holds)()


def test_a_row_that_would_be_skipped_does_not_hide_the_others():
    def checked(row: int) -> None:
        if row == 1:
            pytest.skip("a tool is missing")
        assert row < 3

    with pytest.raises(pytest.fail.Exception, match="2 of 3 rows do not hold"):
        table("row", [1, 2, 3])(checked)()
