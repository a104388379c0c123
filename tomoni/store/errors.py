"""Why an operation of the database failed, as a code with facts (no words).

| code | facts | meaning |
|---|---|---|
| `database_url_invalid` | | the URL is none, or names a database or a driver that is not there |
| `database_newer` | `found`, `expected` | a newer Tomoni made its tables; ``found`` and ``expected`` are revisions |
| `database_unreachable` | `database` | it cannot be opened; ``database`` is its URL without the password |
| `database_locked` | | another process held it for longer than we wait |
| `database_read_only` | | something had to be written, and nothing may be |
| `database_full` | `database` | there is no room on its disk |
| `database_damaged` | | what is stored there cannot be read |
| `database_incomplete` | | a table or a column is not there: another version's, or somebody dropped it |
| `database_not_empty` | `database`, `table` | a backup would take the place of what is there |
| `backup_unknown` | `file` | this is no backup of Tomoni |
| `backup_damaged` | `file`, `part` | it is not as it was written; ``part`` is the file in it that is not |
| `backup_other_schema` | `file`, `found`, `expected` | another version made it; both are revisions of the tables |
| `database_failed` | | anything else that it refused; ``detail`` is its own text |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "database_url_invalid",
    "database_newer",
    "database_unreachable",
    "database_locked",
    "database_read_only",
    "database_full",
    "database_damaged",
    "database_incomplete",
    "database_failed",
    "database_not_empty",
    "backup_unknown",
    "backup_damaged",
    "backup_other_schema",
]


class StoreError(Exception):
    """An operation of the database failed; ``detail`` is its own text, shortened."""

    def __init__(self, code: Code, detail: str = "", facts: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail[:500]
        self.facts = dict(facts or {})

    def __str__(self) -> str:
        return self.code + (f": {self.detail}" if self.detail else "")
