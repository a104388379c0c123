"""Reading presentations back: all their texts with their sizes, and what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pptx.oxml.ns import qn


def paragraphs(slide: Any) -> Iterator[Any]:
    """The paragraphs of a slide's shapes and tables."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield from shape.text_frame.paragraphs
        if shape.has_table:
            for row in shape.table.rows:
                for cell in row.cells:
                    yield from cell.text_frame.paragraphs


def sizes(slide: Any) -> Iterator[float]:
    """The sizes in points of every text on a slide, those of charts and small print included."""
    for paragraph in paragraphs(slide):
        letters = [*paragraph._p.iter(qn("a:rPr"))]
        assert all(found.get("sz") for found in letters), paragraph.text
        yield from (int(found.get("sz")) / 100 for found in letters)
    for shape in slide.shapes:
        if shape.has_chart:
            yield shape.chart.font.size.pt


def texts(slide: Any) -> list[str]:
    """The texts of a slide's shapes and tables, and of its notes."""
    return [*(paragraph.text for paragraph in paragraphs(slide)), slide.notes_slide.notes_text_frame.text]


def charts(slide: Any) -> list[Any]:
    """The shapes of a slide that are charts."""
    return [shape for shape in slide.shapes if shape.has_chart]
