"""Which snapshots expire by a rule; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tomoni.catalog.schema import SnapshotRetention


@dataclass(frozen=True, slots=True)
class Dated:
    """What a rule looks at: a snapshot of an app, the moment it is of, when it was made (Unix seconds), and
    whether it is pinned."""

    hash: str
    app: str
    as_of: int
    made_at: int
    pinned: bool


def expired(found: Iterable[Dated], rule: SnapshotRetention, now: int) -> list[str]:
    """The hashes of the snapshots that no part of the rule keeps, the oldest first.

    A pinned one never expires, nor does an app's last one: neither that which was made last nor that of the
    latest moment. One that was made after ``now`` (a clock was wrong) counts as made just now.
    """
    if rule.keep_seconds is None and rule.keep_last is None:
        return []
    by_app: dict[str, list[Dated]] = {}
    for each in found:
        by_app.setdefault(each.app, []).append(each)
    gone = [each for of_app in by_app.values() for each in _of_app(of_app, rule, now)]
    return [each.hash for each in sorted(gone, key=lambda each: (each.made_at, each.hash))]


def _of_app(found: Sequence[Dated], rule: SnapshotRetention, now: int) -> list[Dated]:
    made_last = sorted(found, key=lambda each: (each.made_at, each.as_of, each.hash), reverse=True)
    latest = max(found, key=lambda each: (each.as_of, each.made_at, each.hash))
    stays = {latest.hash, *(each.hash for each in made_last[: rule.keep_last or 1])}
    return [
        each
        for each in found
        if not each.pinned and each.hash not in stays and not _is_young(now - each.made_at, rule.keep_seconds)
    ]


def _is_young(age: int, keep_seconds: int | None) -> bool:
    return keep_seconds is not None and age <= keep_seconds
