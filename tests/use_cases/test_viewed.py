"""A saved view as a row of the joint view: the same numbers whenever it is looked at, and in every file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pptx import Presentation

from data_sources.base import Interval, QueryText
from data_sources.cloud_monitoring.config import CloudSignal
from data_sources.exploring import Aggregation, Ask, MetricQuestion, MetricType, WrittenQuestion
from data_sources.files.config import FileSignal
from data_sources.kinds import KINDS
from data_sources.queries import TextSignal
from tests.review.shop import DAY, START, STEP, Shop, steady
from tests.snapshots.decks import texts
from tomoni.catalog.schema import Unit
from tomoni.exploring.rows import row_query, signal_of
from tomoni.meetings.model import SavedView
from tomoni.review.model import Period
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.verifying.checks import WRONG, verify
from tomoni.snapshots.verifying.reading import read_claim
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.viewed import MOST, rows_of, with_rows

CLOSED = Period(START + 4 * DAY, 2)
QUERY = '{file: "pool.csv", value: "in use"}'


def a_view(title: str = "Pool in use", **more: object) -> SavedView:
    fields = {"app": "shop", "title": title, "address": "source=exports", "source": "exports", "query": QUERY}
    return SavedView.model_validate({**fields, "unit": "ratio", "row": True, **more})


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.write_orders(steady(6))
    made.write_hosts((START + i * STEP, 0.5) for i in range(6 * DAY // STEP))
    write_pool(made, 0.25)
    return made


def write_pool(shop: Shop, value: float) -> None:
    lines = [f"{START + i * STEP},{value}" for i in range(6 * DAY // STEP)]
    (shop.folder / "data" / "pool.csv").write_text("\n".join(["time,in use", *lines, ""]))


@pytest.fixture
def tomoni(shop: Shop) -> Iterator[Tomoni]:
    opened = shop.open(START + 5 * DAY)
    yield opened
    opened.close()


def test_a_row_has_the_same_numbers_of_a_closed_interval_whenever_it_is_looked_at(tomoni: Tomoni, shop: Shop):
    tomoni.meetings.records.add(a_view())
    tomoni.sync(days=5)
    (app,) = tomoni.apps()
    lane = tomoni.review(app, CLOSED).lanes[-1]
    assert lane.signal.title("en") == "Pool in use"
    assert lane.values.values == pytest.approx(np.full(2 * DAY // STEP, 0.25))
    assert "pool.csv" in lane.queries[0].text
    write_pool(shop, 0.75)
    later = shop.open(START + 6 * DAY)
    later.sync(days=6)
    (app,) = later.apps()
    again = later.review(app, CLOSED).lanes[-1]
    assert again.values.values == pytest.approx(lane.values.values)
    later.close()


@pytest.mark.slow
def test_every_file_of_a_snapshot_shows_a_row_with_its_query_and_is_verified(tomoni: Tomoni, tmp_path: Path):
    view = tomoni.meetings.records.add(a_view("Pool <i> in use"))
    tomoni.sync(days=5)
    snapshot = tomoni.freeze(tomoni.apps()[0], CLOSED)
    tomoni.meetings.records.remove(SavedView, view.id)  # what is frozen stays
    assert tomoni.review(tomoni.apps()[0], CLOSED).lanes[-1].signal.id == "cpu"
    files = export(snapshot, ["html", "md", "json", "csv", "parquet", "pptx"], tmp_path / "out", EditionOptions())
    for file in files:
        if file.suffix in (".html", ".md", ".json"):
            shown = file.read_text()
            assert "pool.csv" in shown, file
            assert "in use" in shown, file
        if "-series" in file.name and file.suffix == ".csv":
            assert f"signal.view-{view.id[:12]}" in file.read_text()
        if file.suffix == ".pptx":
            said = "\n".join(text for slide in Presentation(str(file)).slides for text in texts(slide))
            assert "Pool <i> in use" in said
        if "-series" not in file.name:
            again = tomoni.review_again(snapshot.review.app, CLOSED, snapshot.made_at)
            checks = verify(read_claim(file), lambda _: snapshot, lambda *_, found=again: found)
            assert [check for check in checks if check.finding in WRONG] == [], file


def test_rows_are_few_and_what_is_no_row_is_none(tomoni: Tomoni):
    records = tomoni.meetings.records
    for n in range(MOST + 2):
        records.add(a_view(f"View {n}"))
    records.add(a_view("not a row", row=False))
    made = [each.title("en") for each in rows_of(records, "shop")]
    assert len(made) == MOST
    assert set(made) <= {f"View {n}" for n in range(MOST + 2)}
    (app,) = tomoni.apps()
    assert with_rows(with_rows(app, records), records) == with_rows(app, records)
    assert app.infra == tomoni.apps()[0].infra


@pytest.mark.parametrize("query", ["", "{", "[1]", "{nothing: 1}", "{file: 1, value: []}", "{filter: ''}", '""'])
def test_a_query_that_cannot_be_read_is_no_row(query: str):
    assert signal_of("view-1", "x", "exports", query, "ratio") is None


class Answering:
    """A source that spells a question as texts by role."""

    def __init__(self, **texts: str) -> None:
        self.given = texts
        self.asked: list[Ask] = []

    def texts(self, ask: Ask, interval: Interval) -> list[QueryText]:
        self.asked.append(ask)
        return [QueryText(role, text) for role, text in self.given.items()]


HISTOGRAM = MetricQuestion("m", MetricType.HISTOGRAM, Aggregation.PERCENTILES, (), ("pod",))


def test_of_several_queries_a_row_shows_one_and_groups_are_put_together():
    source = Answering(low="min(m)", mean="avg(m)", high="max(m)")
    gauge = MetricQuestion("m", MetricType.GAUGE, Aggregation.MEAN, (), ("pod",))
    assert row_query(KINDS["prometheus"], source.texts, gauge, 1_000) == '"avg(m)"'
    assert [each.by for each in source.asked if isinstance(each, MetricQuestion)] == [()]
    percentiles = Answering(p50="a", p90="b", p99="c")
    assert row_query(KINDS["prometheus"], percentiles.texts, HISTOGRAM, 1_000) == '"c"'
    signal = signal_of("view-1", "x", "prometheus", '"c"', "seconds")
    assert signal is not None
    assert (signal.query, signal.unit) == (TextSignal(query="c"), Unit.SECONDS)


@pytest.mark.parametrize(
    "ask",
    [
        MetricQuestion("m", MetricType.HISTOGRAM, Aggregation.HEAT),
        MetricQuestion("m", MetricType.SUMMARY, Aggregation.PERCENTILES),
    ],
)
def test_heat_maps_and_stated_percentiles_are_no_row(ask: MetricQuestion):
    assert row_query(KINDS["prometheus"], Answering(value="x").texts, ask, 0) == ""


def test_a_filter_keeps_how_its_calls_align_and_a_distribution_becomes_a_percentile():
    text = 'metric.type="a/b"\nALIGN_DELTA REDUCE_SUM'
    kind = KINDS["cloud_monitoring"]
    signal = signal_of("v", "x", "gcp", row_query(kind, Answering(value=text).texts, HISTOGRAM, 0), "ms")
    assert signal is not None
    assert signal.query == CloudSignal(
        filter='metric.type="a/b"', aligner="ALIGN_DELTA", reducer="REDUCE_PERCENTILE_99"
    )
    written = WrittenQuestion('metric.type="a/b"\nALIGN_MAX REDUCE_MAX')
    signal = signal_of("v", "x", "gcp", row_query(kind, Answering(value=written.text).texts, written, 0), "")
    assert signal is not None
    assert signal.query == CloudSignal(filter='metric.type="a/b"', aligner="ALIGN_MAX", reducer="REDUCE_MAX")
    ask = MetricQuestion("hosts.csv:cpu", MetricType.GAUGE, Aggregation.MEAN)
    signal = signal_of("v", "x", "f", row_query(KINDS["files"], Answering(value="hosts.csv:cpu").texts, ask, 0), "")
    assert signal is not None
    assert signal.query == FileSignal(file="hosts.csv", value="cpu")
