"""The files source: what is wrong with a file is said, and nothing is lost in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.errors import AccessDenied, BadAnswer, NotFound, QueryRefused, SourceError
from data_sources.files.config import FilesConfig, FileSignal
from data_sources.files.source import FilesSource
from data_sources.queries import Counts, Query, TextSignal

START = 1_763_424_000
HOUR = Interval(START, START + 3600, 300)
HEADER = "time,total,good\n"


def ask(folder: Path, query: Query) -> Answer:
    source = FilesSource("exports", FilesConfig(kind="files", path=folder), clock=lambda: HOUR.end + 60.0)
    (answer,) = source.fetch([Request("k", query, HOUR)])
    return answer


def ask_about(folder: Path, content: str | bytes, name: str = "orders.csv") -> Answer:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return ask(folder, Counts(counts=name))


def error_of(answer: Answer, kind: type[SourceError], reason: str) -> SourceError:
    assert type(answer.error) is kind
    assert answer.error.facts["reason"] == reason
    return answer.error


def rows(*texts: str) -> str:
    return HEADER + "".join(f"{text}\n" for text in texts)


@pytest.mark.parametrize(
    "bad",
    [
        "yesterday,10,9",
        "20251118,10,9",
        "1763424300000,10,9",
        f"{START + 300},many,9",
        f"{START + 300},10,",
        f"{START + 300},-1,0",
        f"{START + 300},inf,9",
        f"{START + 300},10,nan",
        f"{START + 300},10",
        f"{START + 300},10,9,8",
        ",10,9",
    ],
)
def test_a_bad_row_is_left_out_and_told_with_its_line(tmp_path: Path, bad: str) -> None:
    answer = ask_about(tmp_path, rows(f"{START},5,5", "", bad, f"{START + 600},7,7"))
    assert answer.series is not None
    total = answer.series.columns["total"]
    assert (total[0], total[2]) == (5, 7)
    assert total[1] != total[1]
    assert [(notice.code, notice.facts) for notice in answer.notices] == [
        ("bad_rows", {"file": "orders.csv", "rows": 1, "first_line": 4})
    ]


def test_a_file_without_one_good_row_is_an_error(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, rows("18/11/2025 00:00,5,5", "18/11/2025 00:05,5,5"))
    assert error_of(answer, BadAnswer, "no_good_row").facts["first_line"] == 2


@pytest.mark.parametrize("name", ["orders.csv", "orders.parquet"])
def test_a_file_of_too_many_rows_is_refused_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    table = pd.DataFrame({"time": range(START, START + 3600, 300), "total": 5, "good": 4})
    table.to_csv(tmp_path / name, index=False) if name.endswith("csv") else table.to_parquet(tmp_path / name)
    monkeypatch.setattr("data_sources.files.fetch.MOST_ROWS", 12)
    assert ask(tmp_path, Counts(counts=name)).error is None
    monkeypatch.setattr("data_sources.files.fetch.MOST_ROWS", 11)
    error = error_of(ask(tmp_path, Counts(counts=name)), BadAnswer, "too_many_rows")
    assert error.facts == {"reason": "too_many_rows", "file": name, "most": 11}


def test_rows_of_one_time_are_added_up_and_told(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, rows(f"{START},5,4", f"{START},6,6", f"{START + 300},1,1"))
    assert answer.series is not None
    assert answer.series.columns["total"][:2].tolist() == [11, 1]
    assert [(notice.code, notice.facts["rows"], notice.facts["first_line"]) for notice in answer.notices] == [
        ("repeated_times", 1, 3)
    ]


def test_more_bad_events_than_events_leave_no_good_ones_and_are_told(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, f"time,total,bad\n{START},5,9\n")
    assert answer.series is not None
    assert answer.series.columns["good"][0] == 0
    assert [notice.code for notice in answer.notices] == ["bad_above_total"]


def test_rows_coarser_than_the_bucket_are_refused_with_both_lengths(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, rows(f"{START},5,5", f"{START + 3600},6,6", f"{START + 10_800},6,6"))
    error = error_of(answer, QueryRefused, "rows_too_coarse")
    assert (error.facts["spacing_seconds"], error.facts["step_seconds"]) == (3600, 300)


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    error = error_of(ask_about(tmp_path, f"time,totals,good\n{START},1,1\n"), NotFound, "no_column_near")
    assert (error.facts["column"], error.facts["nearest"], error.facts["known"]) == (
        "total",
        "totals",
        "time, totals, good",
    )
    (tmp_path / "hosts.csv").write_text(f"time,cpu\n{START},1\n")
    error_of(ask(tmp_path, FileSignal(file="hosts.csv", value="memory")), NotFound, "no_column")
    error = error_of(ask_about(tmp_path, f"time,total,rest\n{START},1,1\n"), NotFound, "no_column")
    assert error.facts["column"] == "good"


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    error_of(ask_about(tmp_path, f"time,total,total,good\n{START},1,1,1\n"), QueryRefused, "column_twice")


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a/../../secret.csv", "link.csv", "nul\0.csv"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "secret.csv").write_text(rows(f"{START},1,1"))
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    error_of(ask(folder, Counts(counts=name)), QueryRefused, "outside_folder")


def test_a_file_in_a_folder_below_is_read(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    answer = ask_about(tmp_path, rows(f"{START},1,1"), "shop/orders.csv")
    assert answer.error is None


@pytest.mark.parametrize("name", ["nowhere.csv", "folder.csv", "circle.csv", "x" * 300 + ".csv"])
def test_what_is_no_file_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    answer = ask(tmp_path, Counts(counts=name))
    assert isinstance(answer.error, NotFound | QueryRefused)


@pytest.mark.parametrize("content", ["", "\n", "\ufeff"])
def test_an_empty_file_is_an_error(tmp_path: Path, content: str) -> None:
    error_of(ask_about(tmp_path, content), BadAnswer, "empty_file")
    error_of(ask_about(tmp_path, b"", "orders.parquet"), BadAnswer, "empty_file")


def test_a_file_with_a_header_alone_observes_nothing(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, HEADER)
    assert answer.error is None
    assert answer.series is not None
    assert pd.isna(answer.series.columns["total"]).all()


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-16", "latin-1"])
def test_another_encoding_than_utf_8_is_an_error(tmp_path: Path, encoding: str) -> None:
    word = "é" if encoding == "latin-1" else "東京"
    content = f"time,total,good,store\n{START},1,1,{word}\n".encode(encoding)
    error_of(ask_about(tmp_path, content), BadAnswer, "not_utf8")


def test_a_truncated_parquet_file_is_an_error_without_the_path(tmp_path: Path) -> None:
    path = tmp_path / "whole.parquet"
    pd.DataFrame({"time": [START], "total": [1], "good": [1]}).to_parquet(path)
    whole = path.read_bytes()
    for content in (whole[:-20], whole[:40] + whole[60:], b"time,total,good\n" * 3):
        error = error_of(ask_about(tmp_path, content, "orders.parquet"), BadAnswer, "unreadable_file")
        assert str(tmp_path) not in str(error)


def test_an_endless_cell_is_an_error(tmp_path: Path) -> None:
    error_of(ask_about(tmp_path, HEADER + '"' + "9" * 200_000), BadAnswer, "unreadable_file")


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    error = error_of(ask_about(tmp_path, rows(f"{START},1,1"), "orders.xlsx"), QueryRefused, "unknown_format")
    assert error.facts["known"] == ".csv, .parquet"


def test_a_form_that_files_cannot_answer_is_refused(tmp_path: Path) -> None:
    error_of(ask(tmp_path, TextSignal(query="up")), QueryRefused, "form_not_answered")


def test_a_file_or_folder_that_may_not_be_read_is_access_denied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    (tmp_path / "orders.csv").write_text(rows(f"{START},1,1"))
    monkeypatch.setattr(Path, "open", refuse)
    error_of(ask(tmp_path, Counts(counts="orders.csv")), AccessDenied, "file")
    monkeypatch.setattr(os, "listdir", refuse)
    health = FilesSource("exports", FilesConfig(kind="files", path=tmp_path)).health()
    assert isinstance(health.error, AccessDenied)


def test_checking_tells_notices_and_a_file_that_says_nothing_of_the_interval(tmp_path: Path) -> None:
    source = FilesSource("exports", FilesConfig(kind="files", path=tmp_path))
    (tmp_path / "orders.csv").write_text(rows(f"{START - 9000},1,1", "never,1,1"))
    found = source.check(Request("k", Counts(counts="orders.csv"), HOUR))
    assert [(finding.severity, finding.code) for finding in found] == [
        ("warning", "bad_rows"),
        ("warning", "matches_nothing"),
    ]


def test_a_folder_that_is_not_there_is_told_by_its_health(tmp_path: Path) -> None:
    health = FilesSource("exports", FilesConfig(kind="files", path=tmp_path / "nowhere")).health()
    assert not health.answered
    assert isinstance(health.error, NotFound)
    assert health.error.facts["reason"] == "no_folder"


def test_two_rows_far_apart_may_have_a_gap_between_them(tmp_path: Path) -> None:
    answer = ask_about(tmp_path, rows(f"{START},5,5", f"{START + 1800},6,6"))
    assert answer.series is not None
    assert answer.series.columns["total"][[0, 6]].tolist() == [5, 6]
