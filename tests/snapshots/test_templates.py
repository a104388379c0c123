"""Slides on a company's own template: its size, layouts and colours; a file that is none is refused by name."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.util import Inches

from cli import cli
from tests.snapshots.decks import charts, paragraphs, sizes
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters import template as templates
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.exporters.slides import template as slide_templates
from tomoni.snapshots.exporters.slides.colors import contrast
from tomoni.snapshots.exporters.template import read_template
from tomoni.snapshots.verifying.reading import read_claim
from tomoni.ui.snapshots.exporting import Tools
from tomoni.words.text import text_for

COLORS = {"dk1": "F4F1E8", "lt1": "12233A", "accent1": "FFB000", "accent2": "4FC3F7", "accent3": "18304E"}


def saved(deck, file: Path) -> Path:
    deck.save(str(file))
    return file


def company(file: Path, width: float = 10.0) -> Path:
    """A dark template with two example slides."""
    deck = Presentation()
    deck.slide_width = Inches(width)
    (part,) = (r.target_part for r in deck.slide_master.part.rels.values() if r.reltype.endswith("/theme"))
    content = part.blob.decode()
    for name, code in COLORS.items():
        start = content.index(f"<a:{name}>") + len(f"<a:{name}>")
        content = f'{content[:start]}<a:srgbClr val="{code}"/>{content[content.index(f"</a:{name}>") :]}'
    part._blob = content.encode()
    for layout in (0, 1):
        deck.slides.add_slide(deck.slide_layouts[layout]).shapes.title.text = "An example"
    return saved(deck, file)


def written(snapshot, template: Path, folder: Path) -> Path:
    options = EditionOptions(("en",), template=read_template(template))
    return export(snapshot, ["pptx"], folder, options)[0]


@pytest.fixture(scope="module")
def made(snapshot, tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    file = written(snapshot, company(folder / "deck.pptx"), folder)
    return file, Presentation(str(file))


def test_slides_have_the_size_and_layouts_of_the_template_and_none_of_its_examples(made):
    deck = made[1]
    assert (deck.slide_width, deck.slide_height) == (Inches(10), Inches(7.5))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert "An example" not in titles
    assert {slide.slide_layout.name for slide in deck.slides} == {"Title Only", "Section Header"}
    for slide, title in zip(deck.slides, titles, strict=True):
        assert title
        assert min(sizes(slide)) >= 14
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= deck.slide_width
            assert 0 <= shape.top <= shape.top + shape.height <= deck.slide_height, shape.name
    with zipfile.ZipFile(made[0]) as archive:
        assert not any(b"An example" in archive.read(name) for name in archive.namelist())


def test_texts_and_lines_take_the_colours_of_the_template_that_can_be_read_on_its_ground(made):
    named, ground = set(), "#" + COLORS["lt1"].lower()
    for slide in made[1].slides:
        for paragraph in paragraphs(slide):
            for run in paragraph.runs:
                color = run.font.color
                if color.type is not None and color.theme_color is not MSO_THEME_COLOR.NOT_THEME_COLOR:
                    named.add(color.theme_color)
                elif color.type is not None:
                    assert contrast("#" + str(color.rgb).lower(), ground) >= 3
        for shape in charts(slide):
            for series in shape.chart.plots[0].series:
                color = series.format.line.color
                if color.theme_color is not MSO_THEME_COLOR.NOT_THEME_COLOR:
                    named.add(color.theme_color)
    assert {MSO_THEME_COLOR.TEXT_1, MSO_THEME_COLOR.ACCENT_1, MSO_THEME_COLOR.ACCENT_2} <= named
    assert MSO_THEME_COLOR.ACCENT_3 not in named  # nearly the ground


def test_a_file_on_a_template_still_says_what_it_is(made, said):
    claim = read_claim(made[0])
    assert claim.sealed
    assert {slo["slo"]: slo for slo in claim.manifest["slos"]} == said


def test_a_potx_and_a_wide_template_work_as_well(snapshot, tmp_path):
    plain = company(tmp_path / "wide.pptx", 13.333)
    potx = tmp_path / "wide.potx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(potx, "w") as new:
        for part in old.infolist():
            kind = (b"presentation.main+xml", b"template.main+xml")
            new.writestr(
                part, old.read(part).replace(*kind) if part.filename == "[Content_Types].xml" else old.read(part)
            )
    assert Presentation(str(written(snapshot, potx, tmp_path))).slide_width == Inches(13.333)


def text_file(file: Path) -> None:
    file.write_text("no template")


def empty_archive(file: Path) -> None:
    zipfile.ZipFile(file, "w").close()


def half_of_one(file: Path) -> None:
    file.write_bytes(company(file).read_bytes()[:20_000])


def with_part(file: Path, name: str, content: bytes) -> None:
    company(file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, content)


def with_macros(file: Path) -> None:
    with_part(file, "ppt/vbaProject.bin", b"x")


def with_embedded_object(file: Path) -> None:
    with_part(file, "ppt/embeddings/oleObject1.bin", b"x")


def with_linked_picture(file: Path) -> None:
    deck = Presentation()
    deck.slide_master.part.relate_to("http://elsewhere.example/pixel.png", RT.IMAGE, is_external=True)
    saved(deck, file)


def with_entities(file: Path) -> None:
    deck = BytesIO()
    Presentation().save(deck)
    with zipfile.ZipFile(deck) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "ppt/slideMasters/slideMaster1.xml":
                content = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
            new.writestr(part, content)


def without_titles(file: Path) -> None:
    deck = Presentation()
    for layout in deck.slide_layouts:
        if layout.name != "Blank":
            deck.slide_layouts.remove(layout)
    saved(deck, file)


def without_room(file: Path) -> None:
    deck: Any = Presentation()
    for layout in deck.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = 0, 0, deck.slide_width, Inches(5)
    saved(deck, file)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (text_file, "template_unusable"),
        (empty_archive, "template_unusable"),
        (half_of_one, "template_unusable"),
        (with_macros, "template_unusable"),
        (with_embedded_object, "template_unusable"),
        (with_linked_picture, "template_unusable"),
        (with_entities, "template_unusable"),
        (without_titles, "template_no_layout"),
        (without_room, "template_no_layout"),
    ],
)
def test_a_file_that_is_no_template_is_refused_by_name(make: Callable[[Path], None], code: str, tmp_path: Path):
    file = tmp_path / "deck.pptx"
    make(file)
    with pytest.raises(SnapshotError) as caught:
        read_template(file)
    assert (caught.value.code, caught.value.facts["file"]) == (code, str(file))


def test_a_file_that_is_too_large_is_read_no_further(tmp_path, monkeypatch):
    file = company(tmp_path / "deck.pptx")
    monkeypatch.setattr(slide_templates, "LARGEST_UNPACKED", 10_000)
    with pytest.raises(SnapshotError, match="template_too_large"):
        read_template(file)
    monkeypatch.setattr(templates, "LARGEST", 100)
    monkeypatch.setattr(slide_templates, "LARGEST", 100)
    with pytest.raises(SnapshotError, match="template_too_large"):
        read_template(file)


def test_the_command_refuses_it_before_anything_is_written(tmp_path, environ, tomoni):
    asked = ["snapshot", "--out", str(tmp_path / "out"), "--format", "pptx", "--no-sync"]
    text_file(tmp_path / "deck.pptx")
    given = CliRunner().invoke(cli, [*asked, "--template", str(tmp_path / "deck.pptx")], env=environ)
    named = CliRunner().invoke(cli, asked, env=environ | {"TOMONI_TEMPLATE": str(tmp_path / "missing.pptx")})
    assert (given.exit_code, named.exit_code) == (1, 1)
    assert "is not a PowerPoint template that can be used." in given.stderr
    assert "cannot be read" in named.stderr
    assert "deck.pptx" in given.stderr
    assert "missing.pptx" in named.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_writes_slides_on_a_template(tmp_path, environ, tomoni):
    asked = ["snapshot", "--out", str(tmp_path), "--format", "pptx", "--no-sync", "--quiet"]
    done = CliRunner().invoke(cli, [*asked, "--template", str(company(tmp_path / "deck.potx"))], env=environ)
    assert done.exit_code == 0, done.output
    (file,) = tmp_path.glob("shop-*.pptx")
    assert Presentation(str(file)).slide_width == Inches(10)


def test_the_page_says_why_slides_cannot_be_made_and_takes_up_a_template_that_was_mended(tmp_path):
    file, text = tmp_path / "deck.pptx", text_for("en")
    tools = Tools(template=file)
    assert "cannot be read" in tools.unable("pptx", text)
    text_file(file)
    assert "is not a PowerPoint template" in tools.unable("pptx", text)
    assert (tools.unable("html", text), tools.template_of("html")) == ("", None)
    os.utime(company(file), ns=(1, 1))
    assert tools.unable("pptx", text) == ""
    assert tools.template_of("pptx") is tools.template_of("pptx")
