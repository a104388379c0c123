"""Exploring a folder of files: its columns are metrics."""

from pathlib import Path

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.errors import NotFound
from data_sources.exploring import Aggregation, Explores, Limits, MetricQuestion, MetricType, WrittenQuestion
from data_sources.files.config import FilesConfig
from data_sources.files.source import FilesSource

HOUR = Interval(1_800_000_000, 1_800_003_600, 600)


def never() -> bool:
    return False


@pytest.fixture
def source(tmp_path: Path) -> FilesSource:
    times = range(HOUR.start, HOUR.end, 600)
    (tmp_path / "orders.csv").write_text("time,total,bad\n" + "".join(f"{t},60,6\n" for t in times))
    (tmp_path / "infra.csv").write_text("time,cpu\n" + "".join(f"{t},0.5\n" for t in times))
    (tmp_path / "notes.csv").write_text("who,what\na,b\n")
    (tmp_path / "empty.csv").write_text("")
    return FilesSource("files", FilesConfig(kind="files", path=tmp_path), clock=lambda: 1_900_000_000.0)


def test_the_columns_of_files_are_metrics(source: FilesSource) -> None:
    assert isinstance(source, Explores)
    found = {metric.name: metric.type for part in source.metrics(never) for metric in part}
    assert found == {"orders.csv": MetricType.COUNTER, "infra.csv:cpu": MetricType.GAUGE}


def test_what_a_file_counts_is_split_by_its_result(source: FilesSource) -> None:
    question = MetricQuestion("orders.csv", MetricType.COUNTER, Aggregation.RATE, (), ("result",))
    good, bad = source.lines(question, HOUR, Limits(), never).lines
    assert (good.labels, bad.labels) == ({"result": "good"}, {"result": "bad"})
    assert np.allclose(bad.values, 0.01)
    for written in ("infra.csv:cpu", " infra.csv: cpu"):  # the second as a query is explained
        (cpu,) = source.lines(WrittenQuestion(written), HOUR, Limits(), never).lines
        assert np.allclose(cpu.values, 0.5)
    with pytest.raises(NotFound):
        source.lines(WrittenQuestion("nothing"), HOUR, Limits(), never)


def test_a_bucket_in_which_a_file_begins_or_ends_is_not_taken_for_a_quiet_one(tmp_path: Path) -> None:
    times = range(HOUR.start + 300, HOUR.end - 300, 300)  # from the middle of the first bucket to that of the last
    (tmp_path / "orders.csv").write_text("time,total,bad\n" + "".join(f"{t},30,0\n" for t in times))
    (tmp_path / "infra.csv").write_text("time,cpu\n" + "".join(f"{t},0.5\n" for t in times))
    source = FilesSource("files", FilesConfig(kind="files", path=tmp_path), clock=lambda: 1_900_000_000.0)
    question = MetricQuestion("orders.csv", MetricType.COUNTER, Aggregation.RATE)
    (line,) = source.lines(question, HOUR, Limits(), never).lines
    assert np.isnan(line.values[[0, -1]]).all()
    assert np.allclose(line.values[1:-1], 0.1)
    (cpu,) = source.lines(WrittenQuestion("infra.csv:cpu"), HOUR, Limits(), never).lines
    assert np.allclose(cpu.values, 0.5), "a mean is one also of half a bucket"
