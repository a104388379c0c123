"""Parts of a split SLI in the ledger: what is listed once stays listed, whatever the labels say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data_sources.base import Interval
from data_sources.files.config import FilesConfig
from data_sources.files.source import FilesSource
from data_sources.queries import Counts
from data_sources.splits import BEYOND, MOST_FOLLOWED, SplitCounts, part_of
from tomoni.catalog.schema import SeriesRef
from tomoni.ledger import Ledger, RequiredSeries
from tomoni.ledger.payload import pack, unpack
from tomoni.store.engine import open_engine

STEP, DAY = 3600, 86_400
START = 1_790_000_000 // DAY * DAY
ODD = ["", " ", "<b>x</b>|*y*", "支払い", 'quo"te\\', "a\nb", "x" * 5000, "x" * 5000 + "y", "\x1b[31m", "5.."]


def ref(at_most: int) -> SeriesRef:
    return SeriesRef("exports", SplitCounts(of=Counts(counts="orders.csv"), by=("route",), at_most=at_most), STEP)


class Folder:
    """A file of counts by route, and a ledger that reads it hour by hour."""

    def __init__(self, folder: Path) -> None:
        self.file, self.rows = folder / "orders.csv", list[tuple[int, float, float, str]]()
        self.ledger = Ledger(open_engine(f"sqlite:///{folder}/ledger.db"))
        self.folder = folder

    def add(self, hour: int, total: float, bad: float, route: str) -> None:
        self.rows.append((START + hour * STEP, total, bad, route))

    def sync(self, hours: int, at_most: int) -> None:
        quoted = [f'{at},{total},{bad},"{route.replace(chr(34), chr(34) * 2)}"' for at, total, bad, route in self.rows]
        self.file.write_text("\n".join(["time,total,bad,route", *quoted]) + "\n")
        now = START + hours * STEP
        source = FilesSource("exports", FilesConfig(kind="files", path=self.folder), clock=lambda: float(now))
        required = [RequiredSeries(ref(at_most), Interval(START, now, STEP))]
        report = self.ledger.sync({"exports": source}, required, now)
        assert report.sources["exports"].errors == 0

    def columns(self, hours: int, at_most: int) -> dict[str, np.ndarray]:
        wanted = ref(at_most)
        return dict(self.ledger.read([wanted], START, START + hours * STEP)[wanted.key].columns)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def totals(columns: dict[str, np.ndarray]) -> dict[str, float]:
    named = ((part_of(name), column) for name, column in columns.items())
    return {part[1][0]: float(np.nansum(column)) for part, column in named if part and part[0] == "total"}


def test_any_value_of_a_label_is_kept_apart(folder):
    for place, value in enumerate(ODD):
        folder.add(0, 10 + place, place, value)
    folder.sync(2, at_most=50)
    found = totals(folder.columns(2, at_most=50))
    for value in ODD:
        shown = value.strip() or ""
        names = [name for name in found if name == shown or (len(shown) > 1024 and name.startswith(shown[:1024]))]
        assert names, value
    assert found[""] == 10 + 11
    assert sum(found.values()) == sum(10 + place for place in range(len(ODD)))
    assert all(len(name) <= 1040 for name in found)


def test_what_was_listed_once_stays_and_what_is_worst_now_joins(folder):
    folder.add(0, 100, 50, "/a")
    folder.add(0, 100, 0, "/b")
    folder.sync(1, at_most=1)
    assert set(totals(folder.columns(1, 1))) == {"/a"}
    folder.add(1, 100, 0, "/a")
    folder.add(1, 100, 90, "/b")
    folder.sync(2, at_most=1)
    columns = folder.columns(2, 1)
    assert totals(columns) == {"/a": 200, "/b": 100}  # of /b only what came once it was listed
    assert columns[BEYOND].tolist() == [1, 0]


def test_many_values_take_bounded_room_however_often_the_worst_changes(folder):
    for hour in range(5):
        for n in range(300):
            folder.add(hour, 10, (n * 7919 + hour * 104_729) % 997 / 100, f"/{n}")
    for hour in range(1, 6):
        folder.sync(hour, at_most=5)
        assert len(totals(folder.columns(hour, 5))) <= MOST_FOLLOWED * 5
    assert (folder.columns(5, 5)[BEYOND] >= 300 - MOST_FOLLOWED * 5).all()


def test_a_day_of_many_columns_with_any_name_is_read_back_as_it_was():
    columns = {f'good:["{name}"]': np.arange(24.0) for name in ODD}
    many = {f"total:{n}": np.full(24, float(n)) for n in range(300)}
    for written in (columns, many, {"value": np.ones(24)}):
        read = unpack(pack(written))
        assert list(read) == list(written)
        for name, column in written.items():
            assert read[name].tolist() == column.tolist()
    assert pack({"value": np.ones(24)})[2] == 1  # the form of all that is not split


def test_ten_thousand_values_are_read_in_one_pass_and_the_worst_are_kept(folder):
    for n in range(10_000):
        folder.add(0, 100, 1 if n % 2 else 0, f"/{n}")
    folder.add(0, 100, 99, "/worst")
    folder.sync(1, at_most=20)
    columns = folder.columns(1, 20)
    assert totals(columns)["/worst"] == 100
    assert len(totals(columns)) == 20
    assert columns[BEYOND].tolist() == [10_001 - 20]
