"""Whatever of a file is altered or cut, `verify` says so and names it; what it cannot compare, it says too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pa_parquet
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pptx import Presentation
from pypdf import PdfWriter

from tests.browser.server import SHELL
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, export
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.verifying.checks import Check, Finding, verify
from tomoni.snapshots.verifying.reading import read_claim

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def written(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    with ChromiumPrinter(SHELL) as printer:
        made = export(snapshot, list(FORMATS), tmp_path_factory.mktemp("all"), EditionOptions(), printer)
    return {("-series" if "-series" in file.stem else "") + file.suffix: file for file in made}


@pytest.fixture
def files(written: Mapping[str, Path], tmp_path: Path) -> Mapping[str, Path]:
    return {name: Path(shutil.copy(file, tmp_path)) for name, file in written.items()}


def checked(file: Path, snapshot: Snapshot) -> list[Check]:
    return verify(read_claim(file), lambda _hash: snapshot, lambda _claim, _kept: None)


def wrong(file: Path, snapshot: Snapshot) -> list[Check]:
    return [check for check in checked(file, snapshot) if check.wrong]


def content(file: Path, snapshot: Snapshot) -> Check:
    (found,) = [check for check in checked(file, snapshot) if check.finding.value.startswith("content_")]
    return found


def refused(file: Path) -> bool:
    """Whether the file cannot even be read as a snapshot's."""
    try:
        read_claim(file)
    except SnapshotError as error:
        return error.code == "not_a_snapshot"
    return False


KINDS = {
    ".html": "text",
    ".md": "text",
    ".png": "picture",
    ".pdf": "pages",
    ".pptx": "slides",
    ".parquet": "columns",
    "-series.parquet": "columns",
    ".json": "record",
    ".csv": "cells",
}


@pytest.mark.parametrize("name", KINDS)
def test_an_untouched_file_passes_and_it_is_said_what_was_compared(written, snapshot, name):
    assert content(written[name], snapshot) == Check(Finding.CONTENT_FITS, {"kind": KINDS[name]})
    assert not wrong(written[name], snapshot)


def in_text(old: str, new: str) -> Callable[[Path], None]:
    def alter(file: Path) -> None:
        text = file.read_bytes().decode()
        assert old in text
        file.write_bytes(text.replace(old, new, 1).encode())

    return alter


def a_pixel(file: Path) -> None:
    with Image.open(file) as picture:
        kept, altered = PngInfo(), picture.copy()
        kept.add_text("tomoni.manifest", str(picture.info["tomoni.manifest"]), zip=True)
    pixel = altered.getpixel((50, 50))
    assert isinstance(pixel, tuple)
    altered.putpixel((50, 50), (pixel[0] ^ 1, *pixel[1:]))
    altered.save(file, pnginfo=kept)


def one_page_less(file: Path) -> None:
    writer = PdfWriter(clone_from=file)
    writer.remove_page(len(writer.pages) - 1)
    writer.write(file)


def a_cell_of_a_slide(file: Path) -> None:
    deck = Presentation(str(file))
    cells = [shape.table.cell(1, 1) for slide in deck.slides for shape in slide.shapes if shape.has_table]
    cells[0].text = "99.99 %"
    deck.save(str(file))


def a_point_of_a_chart(file: Path) -> None:
    deck = Presentation(str(file))
    chart = next(shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart)
    next(chart._chartSpace.iter("{*}v")).text = "1"
    deck.save(str(file))


def a_value(column: str) -> Callable[[Path], None]:
    def alter(file: Path) -> None:
        table = pa_parquet.read_table(file)
        values = table.column(column).to_pylist()
        at = next(n for n, value in enumerate(values) if value is not None)
        values[at] += 1
        index = table.column_names.index(column)
        pa_parquet.write_table(table.set_column(index, column, pa.array(values)), file)

    return alter


def one_row_less(file: Path) -> None:
    table = pa_parquet.read_table(file)
    pa_parquet.write_table(table.slice(0, table.num_rows - 1), file)


def one_line_less(file: Path) -> None:
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("name", "alter", "part"),
    [
        (".html", in_text("Objective", "0bjective"), "text"),
        (".md", in_text("99.9", "99.8"), "text"),
        (".png", a_pixel, "picture"),
        (".pdf", one_page_less, "file"),
        (".pptx", a_cell_of_a_slide, "ppt/slides/slide"),
        (".pptx", a_point_of_a_chart, "ppt/charts/chart"),
        (".parquet", a_value("bad"), "bad"),
        (".parquet", one_row_less, "app"),
        ("-series.parquet", a_value("buy/availability.success"), "buy/availability.success"),
        ("-series.parquet", one_row_less, "time"),
        (".csv", in_text("availability", "availabilitv"), "/slo"),
        (".csv", one_line_less, "/app"),
        (".json", in_text('"made_at": 1', '"made_at": 2'), "made_at"),
    ],
)
def test_what_was_altered_is_named(files, snapshot, name, alter, part):
    alter(files[name])
    found = content(files[name], snapshot)
    assert found.finding is Finding.CONTENT_ALTERED
    assert part in str(found.facts["parts"])
    if name == "-series.parquet" and part != "time":
        assert found.facts["parts"] == part


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("lost", [10, 0.5, 0.9])
def test_a_file_that_was_cut_does_not_pass(files, snapshot, name, lost):
    whole = files[name].read_bytes()
    files[name].write_bytes(whole[: -lost if isinstance(lost, int) else int(len(whole) * lost)])
    assert refused(files[name]) or wrong(files[name], snapshot)


def test_an_slo_that_a_file_leaves_out_is_named(files, snapshot):
    one_line_less(files[".csv"])
    (path,) = {check.facts["slo"] for check in wrong(files[".csv"], snapshot) if "slo" in check.facts}
    assert path == "shop/buy/silent"


def test_numbers_of_a_record_that_were_altered_beside_it_break_the_seal(files, snapshot):
    data = json.loads(files[".json"].read_text())
    data["status"]["slos"][0]["good"] += 1
    files[".json"].write_text(json.dumps(data))
    assert [check.finding for check in wrong(files[".json"], snapshot)] == [
        Finding.SEAL_BROKEN,
        Finding.SAYS_OTHERWISE,
    ]


def test_a_file_without_hashes_of_its_content_is_said_not_to_be_compared(files, snapshot):
    table = pa_parquet.read_table(files[".parquet"])
    older = json.dumps(manifest(snapshot)).encode()
    pa_parquet.write_table(table.replace_schema_metadata({b"tomoni.manifest": older}), files[".parquet"])
    assert content(files[".parquet"], snapshot) == Check(Finding.CONTENT_UNCHECKED, {"kind": "columns"})


def test_cells_without_a_record_are_said_not_to_be_compared(files):
    def unknown(_hash: str) -> Snapshot:
        raise SnapshotError("snapshot_unknown", {"hash": "x"})

    checks = verify(read_claim(files[".csv"]), unknown, lambda _claim, _kept: None)
    assert Check(Finding.CONTENT_UNCHECKED, {"kind": "cells"}) in checks
