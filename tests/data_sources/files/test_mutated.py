"""The files source: whatever a file holds, the answer is a finite value or an error, never an exception."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data_sources.base import Answer, Interval, Request
from data_sources.files.config import FilesConfig, FileSignal
from data_sources.files.source import FilesSource
from data_sources.queries import Counts, Query

START = 1_763_424_000
HOUR = Interval(START, START + 3600, 300)
CELLS = [
    "9999-12-31", "0001-01-01", "2262-04-12", "1677-09-20T00:00:00Z", "2025-11-18T00:00:00+99:99", "2025-02-30",
    "2025-W47-2", "2025-11-18T24:00:00Z", "+2025-11-18", "1e308", "-1e308", "1e309", "1e16", "9" * 400, "0x10", "1_0",
    "NaN", "inf", "-0", "１２", "\u0000", '"', "\ud7ff", "true", "1+2j", "=1", "NaT", "today", "now", "null",
    "1e-320", "99999999999", "-99999999999999999999", "2025-11-18 00:05:00.1234567891",
]  # fmt: skip


def answer_of(folder: Path, query: Query) -> Answer:
    source = FilesSource("exports", FilesConfig(kind="files", path=folder), clock=lambda: HOUR.end + 60.0)
    (answer,) = source.fetch([Request("k", query, HOUR)])
    return answer


def assert_finite(answer: Answer) -> None:
    if answer.error is None:
        assert answer.series is not None
        assert not any(np.isinf(column).any() for column in answer.series.columns.values())


def mutated_rows(rng: random.Random) -> bytes:
    rows = [[str(START + 60 * n), str(10 + n), str(9 + n)] for n in range(6)]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(CELLS)
    text = "time,total,good\n" + "".join(",".join(row) + "\n" for row in rows)
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(rng.choice([0, 0, 1, 3])):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content[: rng.randrange(len(content))] if rng.random() < 0.1 else content)


@pytest.mark.slow
def test_four_thousand_mutated_csv_files_raise_nothing_and_store_no_infinity(tmp_path: Path) -> None:
    rng = random.Random(20_251_118)
    for number in range(4000):
        name = f"orders-{number}.csv"  # writing over a file makes the disk write it at once
        (tmp_path / name).write_bytes(mutated_rows(rng))
        query = Counts(counts=name) if number % 2 else FileSignal(file=name, value="total")
        assert_finite(answer_of(tmp_path, query))


@pytest.mark.slow
def test_a_thousand_mutated_parquet_files_raise_nothing_and_store_no_infinity(tmp_path: Path) -> None:
    rng = random.Random(20_251_119)
    path = tmp_path / "orders.parquet"
    times = [START + 60 * n for n in range(6)]
    pd.DataFrame({"time": times, "total": [5.0] * 6, "good": [4.0] * 6}).to_parquet(path)
    whole = path.read_bytes()
    for _ in range(1000):
        content = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.unlink()
        path.write_bytes(content)
        assert_finite(answer_of(tmp_path, Counts(counts=path.name)))


@pytest.mark.parametrize(
    "strange",
    [
        [b"\xff\x00"] * 3,
        [date(9999, 12, 31), date(1, 1, 1), date(2025, 11, 18)],
        [[1, 2], [3], []],
        [{"a": 1}, {"a": 2}, {"a": 3}],
        [True, False, None],
        np.array([0, 1, 10**15], dtype="datetime64[s]"),
        np.array([0, 1, 10**12], dtype="timedelta64[s]"),
        [1e308, -1e308, float("inf")],
        pd.Categorical(["1", "2", "x"]),
    ],
)
@pytest.mark.parametrize("column", ["time", "total", "good"])
def test_a_parquet_column_of_any_type_is_read_or_an_error(tmp_path: Path, strange: Any, column: str) -> None:
    table = pd.DataFrame({"time": [START, START + 60, START + 120], "total": [5.0] * 3, "good": [4.0] * 3})
    table.assign(**{column: strange}).to_parquet(tmp_path / "orders.parquet")
    assert_finite(answer_of(tmp_path, Counts(counts="orders.parquet")))


@pytest.mark.parametrize("bad", ["9999-12-31,1,1", "0001-01-01,1,1", f"{START + 300},1e308,1e308"])
def test_a_row_beyond_time_or_number_leaves_the_other_rows_in_force(tmp_path: Path, bad: str) -> None:
    (tmp_path / "orders.csv").write_text(f"time,total,good\n{START},5,4\n{bad}\n{START + 600},7,7\n")
    answer = answer_of(tmp_path, Counts(counts="orders.csv"))
    assert answer.series is not None
    assert answer.series.columns["total"][[0, 2]].tolist() == [5, 7]
    assert np.isnan(answer.series.columns["total"][1])
    assert [(notice.code, notice.facts["first_line"]) for notice in answer.notices] == [("bad_rows", 3)]


def test_rows_of_several_chunks_are_counted_once_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_sources.files.fetch.ROWS_PER_CHUNK", 2)
    rows = [f"{START + 300 * n},{n + 1},{n}" for n in range(5)]
    (tmp_path / "orders.csv").write_text("\n".join(["time,total,good", *rows[:3], "never,1,1", *rows[3:]]) + "\n")
    answer = answer_of(tmp_path, Counts(counts="orders.csv"))
    assert answer.series is not None
    assert answer.series.columns["total"][:5].tolist() == [1, 2, 3, 4, 5]
    assert [notice.facts["first_line"] for notice in answer.notices] == [5]
