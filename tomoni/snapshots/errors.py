"""Why a snapshot could not be made, written or read, as a code with facts (no words).

| code | facts | meaning |
|---|---|---|
| `folder_unwritable` | `folder`, `reason` | nothing can be written there |
| `disk_full` | `file` | there was no room for a file; what was begun of it is gone again |
| `temporary_full` | `folder` | there was no room in the folder for temporary files |
| `file_unreadable` | `file`, `reason` | a file cannot be read |
| `not_a_snapshot` | `file` | a file was not made by Tomoni, or lost what it says of itself |
| `record_damaged` | `place` | a record cannot be read at a place |
| `record_altered` | `said`, `found` | the content of a record does not have the hash that it states |
| `entry_altered` | | the list says otherwise of a snapshot than its record |
| `record_newer` | `found`, `expected` | a newer Tomoni wrote the record |
| `snapshot_unknown` | `hash` | no snapshot has a hash that begins so |
| `snapshot_ambiguous` | `hash`, `count` | several have |
| `snapshot_deleted`, `snapshot_expired` | `hash`, `app`, `start`, `as_of`, `at` | it was deleted then, or by a rule |
| `snapshot_pinned` | `hash` | a pinned snapshot is not deleted |
| `template_too_large` | `file` | a template has more bytes or parts than are read |
| `template_unusable` | `file` | it is no PowerPoint template, is damaged, holds programs or loads from elsewhere |
| `template_no_layout` | `file` | no layout of it has a title with enough room below it |
| `chromium_missing` | `package` | PDF and PNG need Chromium, which is not there |
| `chromium_failed` | | Chromium ended or refused; ``detail`` is its own output |
| `chromium_timed_out` | `seconds` | Chromium did not answer and was ended |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "folder_unwritable",
    "disk_full",
    "temporary_full",
    "file_unreadable",
    "not_a_snapshot",
    "record_damaged",
    "record_altered",
    "entry_altered",
    "record_newer",
    "snapshot_unknown",
    "snapshot_ambiguous",
    "snapshot_deleted",
    "snapshot_expired",
    "snapshot_pinned",
    "template_too_large",
    "template_unusable",
    "template_no_layout",
    "chromium_missing",
    "chromium_failed",
    "chromium_timed_out",
]


class SnapshotError(Exception):
    """A snapshot could not be made, written or read; ``detail`` is another program's own text."""

    def __init__(self, code: Code, facts: Mapping[str, str | int | float] | None = None, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.facts = dict(facts or {})
        self.detail = detail[:500]

    def __str__(self) -> str:
        return self.code + (f": {self.detail}" if self.detail else "")
