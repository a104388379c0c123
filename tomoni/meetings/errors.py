"""Why something that teams wrote could not be stored or found, as a code with facts (no words).

| code | facts | meaning |
|---|---|---|
| `record_unknown` | `kind`, `id` | there is no record of this kind with this id |
| `record_removed` | `kind`, `id` | it was there, and was removed |
| `record_changed` | `kind`, `id`, `expected`, `found` | somebody changed it since; both are revisions |
| `record_invalid` | `kind`, `field`, `reason` | a field may not have this value; ``reason`` is a code of pydantic |
| `meeting_closed` | `id` | a closed meeting is not changed any more; a correction is a new record |
| `meeting_not_open` | `id`, `state` | only a meeting that was begun can be closed |
| `meeting_not_closed` | `id`, `state` | only a closed meeting can be corrected |
| `app_unknown` | `app` | no app of this id is configured |
| `token_exists` | `name` | a token of this name is in use |
| `token_unknown` | `name` | no token of this name is in use |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "record_unknown",
    "record_removed",
    "record_changed",
    "record_invalid",
    "meeting_closed",
    "meeting_not_open",
    "meeting_not_closed",
    "app_unknown",
    "token_exists",
    "token_unknown",
]


class MeetingError(Exception):
    """Something that teams wrote could not be stored or found."""

    def __init__(self, code: Code, facts: Mapping[str, str | int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts = dict(facts or {})
