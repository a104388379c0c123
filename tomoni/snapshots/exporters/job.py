"""What an exporter is given: one file to be made of a document."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tomoni.snapshots.document.model import Document
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.template import Template
from tomoni.snapshots.record.manifest import Json
from tomoni.snapshots.record.snapshot import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One file to be made at a place: the document, its manifest for programs, the snapshot that it is of
    (None: it is of several), the printer for what is printed, and the template for slides."""

    document: Document
    manifest: Json
    place: Path
    snapshot: Snapshot | None = None
    printer: ChromiumPrinter | None = None
    template: Template | None = None

    def beside(self, ending: str) -> Path:
        """A second file of the job: its name with an ending and the same extension."""
        return self.place.with_name(f"{self.place.stem}{ending}{self.place.suffix}")

    def only_snapshot(self) -> Snapshot:
        """The snapshot whose data is written. Raises ValueError for a document of several."""
        if self.snapshot is None:
            raise ValueError("only a snapshot has data to write")
        return self.snapshot
