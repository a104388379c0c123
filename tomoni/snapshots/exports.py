"""The formats: from a snapshot to files in a folder. A format joins by a line in `FORMATS`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tomoni.review.model import Review
from tomoni.snapshots.contents import document
from tomoni.snapshots.document import Document
from tomoni.snapshots.files import make_folder, write_bytes, write_whole
from tomoni.snapshots.manifest import Json, manifest
from tomoni.snapshots.pair import side_by_side
from tomoni.snapshots.record import Snapshot, as_json

if TYPE_CHECKING:
    from tomoni.snapshots.press import Press


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which languages (two: side by side) and without which chapters files are made."""

    languages: tuple[str, ...] = ("en",)
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One file to be made at a place: of a document, with what it says of itself to programs (``said``),
    the snapshot that it is of (None: it is of several), and the press for what is printed."""

    document: Document
    said: Json
    place: Path
    snapshot: Snapshot | None = None
    press: Press | None = None


def export(
    snapshot: Snapshot, formats: Collection[str], folder: Path, wanted: Wanted, press: Press | None = None
) -> list[Path]:
    """Writes a snapshot in some formats, each file whole or not at all; the files in the order of the formats.

    PDF and PNG need a ``press``. Raises SnapshotError.
    """
    make_folder(folder)
    job = Job(edition(snapshot, wanted), manifest(snapshot), folder / stem_of(snapshot.review), snapshot, press)
    return _written(job, formats)


def export_document(
    shown: Document, said: Json, place: Path, formats: Collection[str], press: Press | None = None
) -> list[Path]:
    """Writes a document that is not of one snapshot; ``place`` is its path without extension. Raises SnapshotError."""
    make_folder(place.parent)
    return _written(Job(shown, said, place, None, press), formats)


def _written(job: Job, formats: Collection[str]) -> list[Path]:
    return [
        file
        for name in formats
        for file in FORMATS[name](replace(job, place=job.place.with_name(f"{job.place.name}.{name}")))
    ]


def edition(snapshot: Snapshot, wanted: Wanted) -> Document:
    """The document of a snapshot in the languages that are wanted."""
    told = [document(snapshot, language, wanted.without) for language in wanted.languages]
    return told[0] if len(told) == 1 else side_by_side(told[0], told[1])


def stem_of(review: Review) -> str:
    """The name of a review's files without extension: app, moment and days."""
    moment = datetime.fromtimestamp(review.as_of, UTC).strftime("%Y-%m-%dT%H%MZ")
    return f"{review.app.id}-{moment}-{round((review.end - review.start) / 86_400)}d"


def _snapshot(job: Job) -> Snapshot:
    if job.snapshot is None:
        raise ValueError("only a snapshot has data to write")
    return job.snapshot


def html_of(job: Job) -> bytes:
    """The HTML file of a job."""
    from tomoni.snapshots.html_page import page  # noqa: PLC0415 - Plotly, only where figures are drawn

    return page(job.document, job.said).encode()


def _html(job: Job) -> Sequence[Path]:
    return [write_bytes(job.place, html_of(job))]


def _markdown(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.markdown import as_markdown  # noqa: PLC0415

    return [write_bytes(job.place, as_markdown(job.document, job.said).encode())]


def _json(job: Job) -> Sequence[Path]:
    whole = {**as_json(_snapshot(job)), "status": job.said}
    return [write_bytes(job.place, json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False).encode())]


def _csv(job: Job) -> Sequence[Path]:
    from tomoni.snapshots import tables  # noqa: PLC0415 - pyarrow

    series = job.place.with_name(f"{job.place.stem}-series.csv")
    return [
        write_bytes(job.place, tables.as_csv(tables.numbers(_snapshot(job)))),
        write_bytes(series, tables.as_csv(tables.lines(_snapshot(job)))),
    ]


def _parquet(job: Job) -> Sequence[Path]:
    from tomoni.snapshots import tables  # noqa: PLC0415 - pyarrow

    series = job.place.with_name(f"{job.place.stem}-series.parquet")
    return [
        write_bytes(job.place, tables.as_parquet(tables.numbers(_snapshot(job)))),
        write_bytes(series, tables.as_parquet(tables.lines(_snapshot(job)))),
    ]


def _printed(job: Job, kind: str) -> Sequence[Path]:
    from tomoni.snapshots.printing import printed  # noqa: PLC0415 - pypdf

    return [write_whole(job.place, lambda aside: printed(job, kind, aside))]


def _pdf(job: Job) -> Sequence[Path]:
    return _printed(job, "pdf")


def _png(job: Job) -> Sequence[Path]:
    return _printed(job, "png")


def _slides(job: Job) -> Sequence[Path]:
    from tomoni.snapshots.slides import as_slides  # noqa: PLC0415 - python-pptx

    return [write_bytes(job.place, as_slides(job.document, job.said))]


FORMATS: Mapping[str, Callable[[Job], Sequence[Path]]] = {
    "html": _html,
    "pdf": _pdf,
    "png": _png,
    "pptx": _slides,
    "md": _markdown,
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
}
PRINTED = frozenset({"pdf", "png"})
DATA = frozenset({"csv", "json", "parquet"})
