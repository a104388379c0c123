"""A company's own template for slides, as bytes from outside: read no further than its limit, judged by what is
made of it (`slides.template`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tomoni.snapshots.errors import SnapshotError

LARGEST = 50_000_000  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A template by the name of its file, and its bytes."""

    name: str
    content: bytes


def read_template(file: Path) -> Template:
    """The template in a file, checked. Raises SnapshotError: `file_unreadable`, `template_too_large`,
    `template_unusable`, `template_no_layout`."""
    from tomoni.snapshots.exporters.slides.template import template_look  # noqa: PLC0415 - python-pptx

    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)  # what never ends is read no further
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SnapshotError("file_unreadable", {"file": str(file), "reason": reason}) from None
    template = Template(str(file), content)
    template_look(template)
    return template
