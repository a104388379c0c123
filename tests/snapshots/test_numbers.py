"""Every format says the numbers of `status --at`, digit by digit."""

from __future__ import annotations

import csv
import io
import json
import re

import numpy as np
import pyarrow.csv
import pyarrow.parquet
import pytest
from pptx import Presentation

from tomoni.snapshots.exporters.formats import EditionOptions, edition, export
from tomoni.snapshots.exporters.html.page import page
from tomoni.snapshots.exporters.markdown import as_markdown
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.verifying.reading import read_claim

COUNTS = ("good", "total", "bad", "sli", "coverage")
BUDGET = ("allowed_bad", "remaining", "allowed_minutes", "spent_minutes")


@pytest.fixture(scope="module")
def files(snapshot, tmp_path_factory):
    made = export(
        snapshot,
        ["html", "pptx", "md", "csv", "json", "parquet"],
        tmp_path_factory.mktemp("out"),
        EditionOptions(("en",)),
    )
    return {file.name.split("4d", 1)[1]: file for file in made}


def same(found: object, said: object) -> None:
    """Equal, and not only near: no digit is lost."""
    assert found == said
    assert type(found) in (float, int, str, bool, type(None))


@pytest.mark.parametrize("ending", [".html", ".md", ".json", ".parquet", "-series.parquet", ".pptx"])
def test_what_a_file_says_of_itself_is_what_status_says(files, said, ending):
    claim = read_claim(files[ending])
    assert claim.sealed
    assert {slo["slo"]: slo for slo in claim.manifest["slos"]} == said


def test_the_cells_of_the_html_carry_the_numbers_unrounded(files, said):
    shown = files[".html"].read_text()
    for slo in said.values():
        for value in (slo["sli"], slo["budget"]["remaining"], slo["bad"], slo["total"]):
            assert value is None or f"data-value='{value!r}'" in shown, (slo["slo"], value)


def test_markdown_shows_the_numbers_with_all_digits(files, said):
    shown = files[".md"].read_text().replace("\\", "")
    for slo in said.values():
        for value in (slo["sli"], slo["budget"]["remaining"]):
            assert value is None or repr(float(value)) in shown


def test_csv_reads_back_equal(files, said):
    rows = {row["slo"]: row for row in csv.DictReader(io.StringIO(files[".csv"].read_text()))}
    assert rows.keys() == said.keys()
    for name, slo in said.items():
        for key in COUNTS:
            same(float(rows[name][key]) if rows[name][key] else None, slo[key])
        for key in BUDGET:
            found = rows[name][f"budget.{key}"]
            same(float(found) if found else None, slo["budget"][key])
        for window, rate in slo["burn"].items():
            found = rows[name][f"burn.{window}"]
            same(float(found) if found else None, rate)
        assert rows[name]["state"] == slo["state"]


def test_parquet_reads_back_equal(files, said):
    rows = {row["slo"]: row for row in pyarrow.parquet.read_table(files[".parquet"]).to_pylist()}
    for name, slo in said.items():
        for key in COUNTS:
            same(rows[name][key], slo[key])
        for key in BUDGET:
            same(rows[name][f"budget.{key}"], slo["budget"][key])


def test_the_lines_of_csv_and_parquet_are_those_of_the_review(files, snapshot):
    parquet = pyarrow.parquet.read_table(files["-series.parquet"])
    table = pyarrow.csv.read_csv(files["-series.csv"])
    assert table.column_names == parquet.column_names
    track = snapshot.review.tracks[0]
    for line, name in ((track.success, "success"), (track.rolling, "budget_left_window")):
        column = f"buy/availability.{name}"
        known = {int(t): v for t, v in zip(line.times, line.values, strict=True) if not np.isnan(v)}
        moments = [int(moment.timestamp()) for moment in parquet["time"].to_pylist()]
        for found in (parquet, table):
            values = dict(zip(moments, found[column].to_pylist(), strict=True))
            assert {t: v for t, v in values.items() if v is not None} == known


def test_json_has_the_whole_record(files, snapshot):
    claim = read_claim(files[".json"])
    assert claim.snapshot is not None
    assert claim.snapshot.hash == snapshot.hash
    assert json.loads(files[".json"].read_text())["review"]["app"]["journeys"][0]["slos"][0]["sli"]


def charts(files):
    deck = Presentation(str(files[".pptx"]))
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_every_point_of_a_chart_on_a_slide_is_a_point_of_the_review(files, snapshot):
    lines = [(t.success, t.traffic, t.burn_down, t.rolling, t.pace) for t in snapshot.review.tracks]
    known = {float(v) for track in lines for line in track for v in line.values}
    known |= {float(v) for lane in snapshot.review.lanes for v in lane.values.values}
    levels = {0.99, 0.999, 0.8, 0.0}
    found = [value for shape in charts(files) for series in shape.chart.plots[0].series for value in series.values]
    assert len(found) > 1000
    assert set(found) <= known | levels


def test_a_chart_that_can_be_edited_stays_small(files):
    sizes = [len(list(s.values)) for shape in charts(files) for s in shape.chart.plots[0].series]
    assert max(sizes) <= 200


def test_the_cards_on_the_slides_show_what_is_left(files, said):
    deck = Presentation(str(files[".pptx"]))
    first = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    left = said["availability"]["budget"]["remaining"]
    assert f"{left * 100:.0f}%" in first


def test_both_languages_say_the_same_numbers(snapshot, said):
    numbers = []
    for languages in (("en",), ("ja",), ("en", "ja")):
        shown = page(edition(snapshot, EditionOptions(languages)), manifest(snapshot))
        numbers.append(re.findall(r"data-value='([^']*)'", shown))
    assert numbers[0] == numbers[1] == numbers[2]
    assert len(numbers[0]) > 50
    assert "残りバジェット" in as_markdown(edition(snapshot, EditionOptions(("ja",))), manifest(snapshot))
