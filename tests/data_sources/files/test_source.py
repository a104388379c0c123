"""The files source: what is in the files is counted, once, in the right bucket."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from data_sources.base import Interval, Request, Series
from data_sources.files import parse as files_rows
from data_sources.files import source as files
from data_sources.files.config import FilesConfig, FileSignal
from data_sources.files.source import FilesSource
from data_sources.queries import Counts
from tests.data_sources.contract import Case, Harness, SourceContract, series_of

START = 1_763_424_000  # 2025-11-18T00:00:00Z
STEP = 300
NAN = float("nan")
DAY = Interval(START, START + 86_400, STEP)
HOUR = Interval(START, START + 3600, STEP)


def source_of(folder: Path, now: float = DAY.end + 60.0) -> FilesSource:
    return FilesSource("exports", FilesConfig(kind="files", path=folder), clock=lambda: now)


def counts(folder: Path, text: str, interval: Interval = HOUR) -> Series:
    (folder / "orders.csv").write_text(text)
    return series_of(source_of(folder), Counts(counts="orders.csv"), interval)


def test_good_and_bad_events_are_all_events(tmp_path: Path):
    text = f"time,bad,good\n{START},1,9\n{START + STEP},0,4\n{START + 2 * STEP},,\n{START + 3 * STEP},2,0\n"
    columns = counts(tmp_path, text).columns
    assert columns["total"][[0, 1, 3]].tolist() == [10, 4, 2]
    assert columns["good"][[0, 1, 3]].tolist() == [9, 4, 0]
    assert np.isnan(columns["total"][2])


class TestFilesKeepTheContract(SourceContract):
    @pytest.fixture(params=["csv", "parquet"])
    def harness(self, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Harness]:
        n = len(DAY)
        places = np.arange(n)
        total = (100.0 + places % 17).astype(np.float64)
        table = pd.DataFrame({"time": START + places * STEP, "total": total, "good": total - places % 3})
        seen = (places < 30) | (places > 40)
        quiet = table.assign(total=np.where(places % 2, 0.0, 5.0), good=np.where(places % 2, 0.0, 4.0))
        hosts = table[["time"]].assign(cpu=np.sin(places))
        ending = str(request.param)
        for name, frame in {"steady": table, "gap": table[seen], "quiet": quiet, "hosts": hosts}.items():
            if ending == "csv":
                frame.to_csv(tmp_path / f"{name}.csv", index=False)
            else:
                frame.to_parquet(tmp_path / f"{name}.parquet")
        source = source_of(tmp_path)
        hidden = np.where(seen, 1.0, NAN)
        yield Harness(
            source=source,
            interval=DAY,
            steady=Case(Counts(counts=f"steady.{ending}"), good=table["good"].to_numpy(), total=total),
            broken=Counts(counts=f"nowhere.{ending}"),
            gap=Case(Counts(counts=f"gap.{ending}"), good=table["good"].to_numpy() * hidden, total=total * hidden),
            quiet=Case(Counts(counts=f"quiet.{ending}"), quiet["good"].to_numpy(), quiet["total"].to_numpy()),
            signal=Case(FileSignal(file=f"hosts.{ending}", value="cpu"), value=np.sin(places)),
        )
        source.close()


def test_rows_finer_than_a_bucket_are_summed(tmp_path: Path) -> None:
    rows = "".join(f"{START + i * 60},{10 + i},{i}\n" for i in range(10))
    series = counts(tmp_path, "time,total,bad\n" + rows)
    assert series.columns["total"][:3].tolist() == pytest.approx([60, 85, NAN], nan_ok=True)
    assert series.columns["good"][:3].tolist() == pytest.approx([50, 50, NAN], nan_ok=True)


def test_values_finer_than_a_bucket_are_averaged_and_empty_cells_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "hosts.csv").write_text(f"time,cpu\n{START},0.2\n{START + 60},0.6\n{START + 120},\n{START + 300},\n")
    series = series_of(source_of(tmp_path), FileSignal(file="hosts.csv", value="cpu"), HOUR)
    assert series.columns["value"][:2].tolist() == pytest.approx([0.4, NAN], nan_ok=True)


def test_a_row_off_the_grid_counts_in_the_bucket_in_which_it_lies(tmp_path: Path) -> None:
    series = counts(tmp_path, f"time,total,good\n{START + 299.9},7,7\n{START + 301},5,5\n")
    assert series.columns["total"][:2].tolist() == [7, 5]


@pytest.mark.parametrize(
    "written",
    [
        "2025-11-18T00:05:00Z",
        "2025-11-18T00:05:00",
        "2025-11-18 00:05",
        "2025-11-18T09:05:00+09:00",
        "1763424300",
        "1763424300.0",
        ' "2025-11-18T00:05:00.000Z"',
    ],
)
def test_times_may_be_iso_8601_or_unix_seconds_and_naive_ones_are_utc(tmp_path: Path, written: str) -> None:
    series = counts(tmp_path, f"time,total,good\n{written.strip()},9,8\n")
    assert np.flatnonzero(~np.isnan(series.columns["total"])).tolist() == [1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_delimiters_are_read(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["time", "total", "good"], [str(START), "4", "3"]))
    (tmp_path / "orders.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    series = series_of(source_of(tmp_path), Counts(counts="orders.csv"), HOUR)
    assert (series.columns["total"][0], series.columns["good"][0]) == (4, 3)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo"])
def test_parquet_times_of_any_unit_and_zone_are_read(
    tmp_path: Path, unit: Literal["s", "ms", "us", "ns"], zone: str | None
) -> None:
    times = pd.Series(pd.to_datetime([START, START + STEP], unit="s", utc=True))
    times = times.dt.tz_localize(None) if zone is None else times.dt.tz_convert(zone)
    frame = pd.DataFrame({"time": times.dt.as_unit(unit), "total": [3, 4], "good": [3, 2]})
    frame.to_parquet(tmp_path / "orders.parquet")
    series = series_of(source_of(tmp_path), Counts(counts="orders.parquet"), HOUR)
    assert series.columns["good"][:2].tolist() == [3, 2]


def test_parquet_columns_may_be_texts_categories_decimals_and_dates(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "time": pd.Series(["2025-11-18T00:00:00Z", "2025-11-18T00:05:00Z"], dtype="category"),
            "total": pd.Series(["3", "4"]),
            "good": pd.Series([3, None], dtype="Int64"),
        }
    )
    frame.to_parquet(tmp_path / "orders.parquet")
    (answer,) = source_of(tmp_path).fetch([Request("k", Counts(counts="orders.parquet"), HOUR)])
    assert answer.series is not None
    assert answer.series.columns["total"][:2].tolist() == pytest.approx([3, NAN], nan_ok=True)
    assert [(n.code, n.facts["first_line"]) for n in answer.notices] == [("bad_rows", 2)]
    dates = pd.DataFrame({"time": [pd.Timestamp("2025-11-18").date()], "total": [3], "good": [2]})
    dates.to_parquet(tmp_path / "days.parquet")
    assert series_of(source_of(tmp_path), Counts(counts="days.parquet"), HOUR).columns["total"][0] == 3


def test_good_above_total_is_kept_as_it_is_told(tmp_path: Path) -> None:
    series = counts(tmp_path, f"time,total,good\n{START},10,12\n")
    assert (series.columns["good"][0], series.columns["total"][0]) == (12, 10)


def test_a_bucket_that_has_not_ended_is_not_observed(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(f"time,total,good\n{START},1,1\n{START + 300},1,1\n")
    source = source_of(tmp_path, now=START + 599.0)
    series = series_of(source, Counts(counts="orders.csv"), HOUR)
    assert np.flatnonzero(~np.isnan(series.columns["total"])).tolist() == [0]


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    monkeypatch.setattr(files, "read_counts", _counting(reads))
    path = tmp_path / "orders.csv"
    path.write_text(f"time,total,good\n{START},1,1\n")
    source = source_of(tmp_path)
    query = Counts(counts="orders.csv")
    assert [series_of(source, query, HOUR).columns["total"][0] for _ in range(3)] == [1, 1, 1]
    assert len(reads) == 1
    path.write_text(f"time,total,good\n{START},2,1\n")
    os.utime(path, ns=(1, 1))
    assert series_of(source, query, HOUR).columns["total"][0] == 2
    assert len(reads) == 2


def _counting(reads: list[Path]):
    original = files_rows.read_counts

    def read(source: str, path: Path, named: Mapping[str, str]):
        reads.append(path)
        return original(source, path, named)

    return read


def test_explaining_names_the_file_and_its_columns(tmp_path: Path) -> None:
    source = source_of(tmp_path / "nowhere")
    texts = source.explain(FileSignal(file="hosts.csv", value="cpu"), HOUR)
    assert [(text.role, text.text) for text in texts] == [("value", "hosts.csv: cpu")]
    assert [text.text for text in source.explain(Counts(counts="orders.csv"), HOUR)] == [
        "orders.csv: good (total − bad)",
        "orders.csv: total",
    ]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"total": "calls", "bad": "errors"}, ["shop.csv: calls − errors", "shop.csv: calls"]),
        ({"total": "calls", "good": "fast"}, ["shop.csv: fast", "shop.csv: calls"]),
        ({"good": "fast", "bad": "errors"}, ["shop.csv: fast", "shop.csv: fast + errors"]),
    ],
)
def test_columns_of_other_names_count_and_are_explained(tmp_path: Path, query: dict[str, str], told: list[str]) -> None:
    (tmp_path / "shop.csv").write_text(f"time,calls,fast,errors\n{START},10,8,2\n")
    source = source_of(tmp_path)
    form = Counts(counts="shop.csv", **query)
    assert (list(form.faults()), form.model_dump(exclude_none=True)) == ([], {"counts": "shop.csv", **query})
    columns = series_of(source, form, HOUR).columns
    assert (columns["good"][0], columns["total"][0]) == (8, 10)
    assert [text.text for text in source.explain(form, HOUR)] == told
    assert [fault.code for fault in Counts(counts="shop.csv", total="calls").faults()] == ["good_or_bad_missing"]
    (answer,) = source.fetch([Request("one", Counts(counts="shop.csv", total="calls", bad="eror"), HOUR)])
    assert answer.error is not None
    assert (answer.error.facts["reason"], answer.error.facts["nearest"]) == ("no_column_near", "errors")


def test_building_a_source_reads_nothing_and_its_lag_is_none_unless_said(tmp_path: Path) -> None:
    assert source_of(tmp_path / "nowhere").lag_seconds == 0
    said = FilesSource("exports", FilesConfig(kind="files", path=tmp_path, lag_seconds=900))
    assert said.lag_seconds == 900
