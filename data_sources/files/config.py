"""What a source of files is configured with, its form of signal, and what the kind can do."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import Field

from data_sources.config import KIND_DESCRIPTION, Kind, SourceConfig
from data_sources.queries import Counts, SignalForm, Text


class FilesConfig(SourceConfig):
    """A folder of CSV or Parquet files; a relative path begins at the file that names it."""

    kind: Literal["files"] = Field(description=KIND_DESCRIPTION)
    path: Path = Field(description="The folder with the files; relative paths begin at this file.")

    def relative_to(self, folder: Path) -> Self:
        """The configuration with a relative path beginning at a folder."""
        return self.model_copy(update={"path": (folder / self.path).resolve()})


class FileSignal(SignalForm):
    """One column of a file."""

    KEY: ClassVar[str] = "file"

    file: Text = Field(description="A file of the source's folder.")
    value: Text = Field(description="The column with the values.")


FILES = Kind(FilesConfig, (Counts,), (FileSignal,), "data_sources.files.source:FilesSource", event_forms=("file",))
