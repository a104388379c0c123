"""The formats: from a snapshot to files in a folder. A format joins by one entry in `FORMATS`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tomoni.review.alerting import quality_of
from tomoni.review.model import Review
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.model import Document
from tomoni.snapshots.document.side_by_side import side_by_side
from tomoni.snapshots.exporters import readers
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.job import Job
from tomoni.snapshots.exporters.readers import Reader
from tomoni.snapshots.exporters.template import Template
from tomoni.snapshots.files import make_folder, write_bytes, write_whole
from tomoni.snapshots.record.alert_quality import quality_json
from tomoni.snapshots.record.manifest import Json, manifest
from tomoni.snapshots.record.snapshot import Snapshot, as_json


@dataclass(frozen=True, slots=True)
class EditionOptions:
    """In which languages (two: side by side), without which chapters and on which template files are made."""

    languages: tuple[str, ...] = ("en",)
    without: frozenset[str] = frozenset()
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """How files of a format are written, and what there is to know of them.

    ``reader`` reads them back for `verify`, which refuses a format without one. ``printed``: Chromium is needed.
    ``data``: the data of one snapshot, which a comparison of several has not. ``templated``: a company's own
    template can be used.
    """

    write: Callable[[Job], Sequence[Path]]
    mime: str
    reader: Reader | None = None
    printed: bool = False
    data: bool = False
    templated: bool = False


def export(
    snapshot: Snapshot,
    formats: Collection[str],
    folder: Path,
    options: EditionOptions,
    printer: ChromiumPrinter | None = None,
) -> list[Path]:
    """Writes a snapshot in some formats, each file whole or not at all; the files in the order of the formats.

    Printed formats need a ``printer``. Raises SnapshotError.
    """
    make_folder(folder)
    place = folder / stem_of_snapshot(snapshot)
    job = Job(edition(snapshot, options), manifest(snapshot), place, snapshot, printer, options.template)
    return _written(job, formats)


def export_document(
    shown: Document,
    description: Json,
    place: Path,
    formats: Collection[str],
    printer: ChromiumPrinter | None = None,
    template: Template | None = None,
) -> list[Path]:
    """Writes a document that is not of one snapshot; ``place`` is its path without extension. Raises SnapshotError."""
    make_folder(place.parent)
    return _written(Job(shown, description, place, None, printer, template), formats)


def document_formats() -> list[str]:
    """The formats of any document, also of one that is not of one snapshot."""
    return [name for name, form in FORMATS.items() if not form.data]


def edition(snapshot: Snapshot, options: EditionOptions) -> Document:
    """The document of a snapshot in the languages of the options."""
    documents = [document(snapshot, language, options.without) for language in options.languages]
    return documents[0] if len(documents) == 1 else side_by_side(documents[0], documents[1])


def stem_of_snapshot(snapshot: Snapshot) -> str:
    """The name of a snapshot's files without extension: that of its review, or of the year that it is of."""
    record, review = snapshot.beside.year, snapshot.review
    if record is None:
        return stem_of(review)
    moment = datetime.fromtimestamp(review.as_of, UTC).strftime("%Y-%m-%dT%H%MZ")
    return f"{review.app.id}-{record.name}" + ("" if record.is_over else f"-until-{moment}")


def stem_of(review: Review) -> str:
    """The name of a review's files without extension: app, moment and days, or the name of its period."""
    moment = datetime.fromtimestamp(review.as_of, UTC).strftime("%Y-%m-%dT%H%MZ")
    if review.period is not None:
        whole = f"{review.app.id}-{review.period.name}"
        return whole if review.as_of == review.period.end else f"{whole}-until-{moment}"
    return f"{review.app.id}-{moment}-{round((review.end - review.start) / 86_400)}d"


def _written(job: Job, formats: Collection[str]) -> list[Path]:
    return [
        file
        for name in formats
        for file in FORMATS[name].write(replace(job, place=job.place.with_name(f"{job.place.name}.{name}")))
    ]


def _html(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters.html.page import page  # noqa: PLC0415 - Plotly, only where figures are drawn

    return [write_bytes(job.place, page(job.document, job.manifest).encode())]


def _markdown(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters.markdown import as_markdown  # noqa: PLC0415

    return [write_bytes(job.place, as_markdown(job.document, job.manifest).encode())]


def _json(job: Job) -> Sequence[Path]:
    snapshot = job.only_snapshot()
    found = quality_json(snapshot.review, quality_of(snapshot.review))
    whole = {**as_json(snapshot), "status": job.manifest, "alert_quality": found}
    return [write_bytes(job.place, json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode())]


def _csv(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters import tables  # noqa: PLC0415 - pyarrow

    return _as_tables(job, tables.as_csv)


def _parquet(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters import tables  # noqa: PLC0415 - pyarrow

    return _as_tables(job, tables.as_parquet)


def _as_tables(job: Job, encoded: Callable[[Any], bytes]) -> Sequence[Path]:
    """The numbers, the lines over time, and what a meeting wrote."""
    from tomoni.snapshots.exporters import tables  # noqa: PLC0415 - pyarrow
    from tomoni.snapshots.exporters.written import written  # noqa: PLC0415
    from tomoni.snapshots.exporters.yearly import yearly  # noqa: PLC0415

    snapshot = job.only_snapshot()
    made = {job.place: tables.numbers(snapshot), job.beside("-series"): tables.lines(snapshot)}
    said = written(snapshot)
    if said is not None:
        made[job.beside("-meeting")] = said
    whole = yearly(snapshot)
    if whole is not None:
        made[job.beside("-year")] = whole
    return [write_bytes(place, encoded(table)) for place, table in made.items()]


def _printed(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters.printing import printed  # noqa: PLC0415 - pypdf

    return [write_whole(job.place, lambda aside: printed(job, aside))]


def _slides(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.exporters.slides.deck import as_slides  # noqa: PLC0415 - python-pptx

    return [write_bytes(job.place, as_slides(job.document, job.manifest, job.template))]


FORMATS: dict[str, Format] = {
    "html": Format(_html, "text/html", Reader(readers.html_manifest, "text")),
    "pdf": Format(
        _printed, "application/pdf", Reader(readers.pdf_manifest, "pages", readers.pages_parts), printed=True
    ),
    "png": Format(_printed, "image/png", Reader(readers.png_manifest, "picture", readers.picture_parts), printed=True),
    "pptx": Format(
        _slides,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Reader(readers.pptx_manifest, "slides", readers.slides_parts),
        templated=True,
    ),
    "md": Format(_markdown, "text/markdown", Reader(readers.markdown_manifest, "text")),
    "csv": Format(_csv, "text/csv", Reader(readers.csv_manifest, "cells", sealed=False), data=True),
    "json": Format(_json, "application/json", Reader(readers.json_manifest, "record"), data=True),
    "parquet": Format(
        _parquet,
        "application/vnd.apache.parquet",
        Reader(readers.parquet_manifest, "columns", readers.columns_parts),
        data=True,
    ),
}
