"""What a dialect's writing takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tomoni.dialects.report import Line


@dataclass(frozen=True, slots=True)
class Target:
    """How files are to be written. ``kinds`` has the kind of each source by its id; ``options`` is what the
    command was asked for beyond that."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exported:
    """The texts of the files by their names in the output folder, and the report: the lines of app files."""

    files: Mapping[str, str]
    lines: tuple[Line, ...] = ()
