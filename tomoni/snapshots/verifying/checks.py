"""Checking a file again: its seal, its record, all that it shows, and its numbers against today's ledger."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tomoni.review.model import Review
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import slo_json
from tomoni.snapshots.record.workshop import WorkshopRecord
from tomoni.snapshots.record.year import SloYear, YearRecord
from tomoni.snapshots.verifying.contents import altered_cells
from tomoni.snapshots.verifying.reading import Claim
from tomoni.snapshots.verifying.tried import Histories, can_be_recalculated, differences, name_of
from tomoni.words.text import text_for

NEAR = 1e-9  # numbers that agree so far agree: sums may be added up in another order
_NAMED = 5  # parts that are named when more of them were altered
_COMPARED_ORIGIN = ("app", "as_of", "start", "configuration")
_COMPARED = ("good", "total", "bad", "sli", "coverage", "state")
_COMPARED_BUDGET = ("allowed_bad", "remaining", "allowed_minutes", "spent_minutes")
Json = Mapping[str, Any]


class Finding(StrEnum):
    """What a check found; each with its facts.

    `no_seal`; `seal_fits`; `seal_broken`; `record_inside`, `record_saved`: ``hash``; `record_missing`:
    ``hash``;
    `record_deleted`, `record_expired`: ``hash``, ``start``, ``as_of``, ``at``;
    `content_fits`, `content_unchecked`: ``kind`` of the content (`contents.Content`);
    `content_altered`: ``kind``, ``parts``; `says_as_record`: ``slos``; `says_otherwise`: ``slo``, ``number``,
    ``said``, ``found``; `ledger_agrees`: ``slo``; `ledger_differs`: ``slo``, ``number``, ``said``, ``found``;
    `source_changed`: the same with ``start`` and ``end``; the source said otherwise since, and without that the
    ledger gives what the file says; `ledger_cannot`: ``slo``, which is defined no more, or not as it was;
    `tried_agrees`, `tried_cannot`: ``slo``, ``tried``: a candidate of the workshop; `tried_differs`: the same with
    ``number``, ``said``, ``found``; `tried_changed`: the same with ``start`` and ``end``, as `source_changed`;
    `year_agrees`: ``slo``, ``name`` of the year; `year_differs`: the same with ``number`` (of which interval),
    ``said``, ``found``.
    """

    NO_SEAL = "no_seal"
    SEAL_FITS = "seal_fits"
    SEAL_BROKEN = "seal_broken"
    RECORD_INSIDE = "record_inside"
    RECORD_SAVED = "record_saved"
    RECORD_MISSING = "record_missing"
    RECORD_DELETED = "record_deleted"
    RECORD_EXPIRED = "record_expired"
    CONTENT_FITS = "content_fits"
    CONTENT_ALTERED = "content_altered"
    CONTENT_UNCHECKED = "content_unchecked"
    SAYS_AS_RECORD = "says_as_record"
    SAYS_OTHERWISE = "says_otherwise"
    LEDGER_AGREES = "ledger_agrees"
    LEDGER_DIFFERS = "ledger_differs"
    SOURCE_CHANGED = "source_changed"
    LEDGER_CANNOT = "ledger_cannot"
    TRIED_AGREES = "tried_agrees"
    TRIED_DIFFERS = "tried_differs"
    TRIED_CHANGED = "tried_changed"
    TRIED_CANNOT = "tried_cannot"
    YEAR_AGREES = "year_agrees"
    YEAR_DIFFERS = "year_differs"


WRONG = frozenset(
    {
        Finding.SEAL_BROKEN,
        Finding.CONTENT_ALTERED,
        Finding.SAYS_OTHERWISE,
        Finding.LEDGER_DIFFERS,
        Finding.TRIED_DIFFERS,
        Finding.YEAR_DIFFERS,
    }
)

_MISSING = {
    "snapshot_unknown": Finding.RECORD_MISSING,
    "snapshot_deleted": Finding.RECORD_DELETED,
    "snapshot_expired": Finding.RECORD_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and what came of it."""

    finding: Finding
    facts: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        """Whether the file is not what it says, or says what is true no more."""
        return self.finding in WRONG


@dataclass(frozen=True, slots=True)
class Earlier:
    """The review of a claim as of when it was made, and the interval of each SLO that its source
    has changed since."""

    review: Review
    changed: Mapping[str, tuple[int, int]]


def verify(
    claim: Claim,
    find: Callable[[str], Snapshot],
    recompute: Callable[[Claim, Snapshot | None], Review | None],
    earlier: Callable[[Claim, Snapshot | None], Earlier | None] = lambda _claim, _snapshot: None,
    histories: Callable[[Claim, Snapshot], Histories | None] = lambda _claim, _snapshot: None,
    years: Callable[[Snapshot], Sequence[SloYear]] = lambda _snapshot: (),
) -> list[Check]:
    """Checks a claim. ``find`` reads a saved snapshot by its hash, ``recompute`` makes the review
    again from the ledger (None: it cannot be made), ``earlier`` makes it by what was known then, and ``histories``
    has what candidates of the workshop were tried on, ``years`` makes the year of a snapshot again."""
    checks = [Check(_seal(claim))]
    snapshot, where = _record(claim, find)
    checks.append(where)
    checks.append(_content(claim, snapshot))
    if snapshot is not None:
        checks += _as_record(claim, snapshot)
    ledger = list(_as_ledger(claim, recompute(claim, snapshot)))
    if any(check.finding is Finding.LEDGER_DIFFERS for check in ledger):
        ledger = _explained(claim, ledger, earlier(claim, snapshot))
    checks += ledger
    if snapshot is not None and snapshot.beside.workshop is not None:
        checks += _as_tried(snapshot, snapshot.beside.workshop, histories(claim, snapshot))
    if snapshot is not None and snapshot.beside.year is not None:
        checks += _as_year(snapshot.beside.year, years(snapshot))
    return checks


def _as_year(record: YearRecord, made: Sequence[SloYear]) -> Iterator[Check]:
    """Whether the ledger gives the same numbers for a year and its months."""
    again = {each.slo: each for each in made}
    for each in record.slos:
        named: dict[str, str | int | float] = {"slo": each.slo, "name": record.name}
        if each.slo not in again:
            yield Check(Finding.LEDGER_CANNOT, {"slo": each.slo})
            continue
        first = next(_differing(each, again[each.slo]), None)
        if first is None:
            yield Check(Finding.YEAR_AGREES, named)
        else:
            number, said, found = first
            yield Check(Finding.YEAR_DIFFERS, {**named, "number": number, "said": said, "found": found})


def _differing(said: SloYear, found: SloYear) -> Iterator[tuple[str, str, str]]:
    pairs = zip((said.whole, *said.quarters, *said.months), (found.whole, *found.quarters, *found.months), strict=False)
    for mine, theirs in pairs:
        for name in ("bad", "total", "sli"):
            a, b = getattr(mine, name), getattr(theirs, name)
            if not _same(a, b):
                yield f"{mine.name}: {name}", _shown(a), _shown(b)


def _as_tried(snapshot: Snapshot, record: WorkshopRecord, histories: Histories | None) -> Iterator[Check]:
    """Whether the ledger gives the same numbers for what was tried in the workshop."""
    slo = "/".join(filter(None, (snapshot.review.app.id, record.journey, record.slo)))
    for each in record.tried:
        named: dict[str, str | int | float] = {"slo": slo, "tried": name_of(each)}
        if histories is None or not can_be_recalculated(record, each):
            yield Check(Finding.TRIED_CANNOT, named)
            continue
        first = next(differences(each, histories, record), None)
        if first is None:
            yield Check(Finding.TRIED_AGREES, named)
            continue
        facts = {**named, "number": first.number, "said": first.said, "found": first.found}
        if first.explained and histories.changed is not None:
            start, end = histories.changed
            yield Check(Finding.TRIED_CHANGED, {**facts, "start": start, "end": end})
        else:
            yield Check(Finding.TRIED_DIFFERS, facts)


def _seal(claim: Claim) -> Finding:
    if claim.sealed is None:
        return Finding.NO_SEAL
    return Finding.SEAL_FITS if claim.sealed else Finding.SEAL_BROKEN


def _record(claim: Claim, find: Callable[[str], Snapshot]) -> tuple[Snapshot | None, Check]:
    named = {"hash": str(claim.manifest.get("snapshot"))}
    if claim.snapshot is not None:
        return claim.snapshot, Check(Finding.RECORD_INSIDE, named)
    try:
        return find(named["hash"]), Check(Finding.RECORD_SAVED, named)
    except SnapshotError as error:
        if error.code not in _MISSING:
            raise
        return None, Check(_MISSING[error.code], {**error.facts, **named})


def _content(claim: Claim, snapshot: Snapshot | None) -> Check:
    """Whether all that the file shows is as it was written."""
    content, altered = claim.content, claim.content.altered
    if content.cells is not None and snapshot is not None:
        altered = altered_cells(content.cells, snapshot)
    if altered is None:
        return Check(Finding.CONTENT_UNCHECKED, {"kind": content.kind})
    if not altered:
        return Check(Finding.CONTENT_FITS, {"kind": content.kind})
    more = [f"+{len(altered) - _NAMED}"] if len(altered) > _NAMED else []
    return Check(Finding.CONTENT_ALTERED, {"kind": content.kind, "parts": ", ".join([*altered[:_NAMED], *more])})


def _as_record(claim: Claim, snapshot: Snapshot) -> Iterator[Check]:
    """Whether the file says what its record says."""
    record = manifest(snapshot)
    recorded = {_path(slo): slo for slo in record["slos"]}
    claimed = {_path(slo): slo for slo in claim.manifest["slos"]}
    wrong = [
        (claim.manifest["app"], name, _shown(claim.manifest[name]), _shown(record[name]))
        for name in _COMPARED_ORIGIN
        if name in claim.manifest and claim.manifest[name] != record[name]
    ]
    for path in dict.fromkeys([*claimed, *recorded]):
        differing = _differences(claimed.get(path, {}), recorded.get(path, {}))
        wrong += [(path, number, said, found) for number, said, found in differing]
    for slo, number, said, found in wrong:
        yield Check(Finding.SAYS_OTHERWISE, {"slo": slo, "number": number, "said": said, "found": found})
    if not wrong:
        yield Check(Finding.SAYS_AS_RECORD, {"slos": len(recorded)})


def _as_ledger(claim: Claim, review: Review | None) -> Iterator[Check]:
    """Whether the ledger gives the same numbers today."""
    made = _made(review)
    for slo in claim.manifest["slos"]:
        path = _path(slo)
        if path not in made:
            yield Check(Finding.LEDGER_CANNOT, {"slo": path})
            continue
        differing = list(_differences(slo, made[path]))
        if not differing:
            yield Check(Finding.LEDGER_AGREES, {"slo": path})
        for number, said, found in differing[:1]:
            yield Check(Finding.LEDGER_DIFFERS, {"slo": path, "number": number, "said": said, "found": found})


def _explained(claim: Claim, checks: list[Check], earlier: Earlier | None) -> list[Check]:
    """The checks; where a source said otherwise since, and without that the numbers agree, as such."""
    if earlier is None:
        return checks
    said, made = {_path(slo): slo for slo in claim.manifest["slos"]}, _made(earlier.review)
    return [_explain(check, said, made, earlier) for check in checks]


def _explain(check: Check, said: Mapping[str, Json], made: Mapping[str, Json], earlier: Earlier) -> Check:
    path = str(check.facts["slo"])
    if check.finding is not Finding.LEDGER_DIFFERS or path not in earlier.changed or path not in made:
        return check
    if any(_differences(said[path], made[path])):
        return check
    start, end = earlier.changed[path]
    return Check(Finding.SOURCE_CHANGED, {**check.facts, "start": start, "end": end})


def _made(review: Review | None) -> dict[str, Json]:
    """The numbers of a review by SLO."""
    text = text_for("en")
    tracks = () if review is None else review.tracks
    return {_path(slo): slo for slo in (slo_json(track.status, text) for track in tracks)}


def _path(slo: Json) -> str:
    return f"{slo['app']}/{slo['journey']}/{slo['slo']}"


def _differences(said: Json, found: Json) -> Iterator[tuple[str, str, str]]:
    """The numbers that are not the same, with both."""
    for name in _COMPARED:
        if not _same(said.get(name), found.get(name)):
            yield name, _shown(said.get(name)), _shown(found.get(name))
    mine, theirs = said.get("budget") or {}, found.get("budget") or {}
    for name in _COMPARED_BUDGET:
        if not _same(mine.get(name), theirs.get(name)):
            yield f"budget.{name}", _shown(mine.get(name)), _shown(theirs.get(name))


def _same(a: object, b: object) -> bool:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return math.isclose(a, b, rel_tol=NEAR, abs_tol=1e-12)
    return a == b


def _shown(value: object) -> str:
    return "null" if value is None else str(value)
