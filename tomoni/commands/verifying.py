"""`verify`: checks a file again that a snapshot was written to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.session import Session
from tomoni.review.inputs import slos_of
from tomoni.review.model import Period, Review, SloStatus
from tomoni.review.stored import DELETED, WITHIN_AN_HOUR
from tomoni.slo.model import DAY
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.year import SloYear
from tomoni.snapshots.verifying.checks import Earlier, verify
from tomoni.snapshots.verifying.reading import Claim, read_claim
from tomoni.snapshots.verifying.tried import Histories, known_until
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.reviewing import Reviewing
from tomoni.use_cases.trying import DAYS
from tomoni.use_cases.yearly import slo_years
from tomoni.words import exports

T = TypeVar("T")
Remake = Callable[[Claim, Snapshot | None], T | None]


def run(session: Session, file: Path, as_json: bool) -> int:
    """Says what agrees on standard output and what does not on standard error, or both as JSON; the exit code."""
    tomoni, text = session.tomoni, session.text
    try:
        found = verify(
            read_claim(file), tomoni.snapshots.read, *remakers(tomoni), lambda kept: years_again(tomoni, kept)
        )
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))]) from None
    said = [(check, exports.describe_check(check.finding.value, check.facts, text)) for check in found]
    if as_json:
        checks = [{"code": check.finding.value, "agrees": not check.wrong, "text": line} for check, line in said]
        click.echo(json.dumps({"file": str(file), "checks": checks}, ensure_ascii=False, indent=2))
    for check, line in [] if as_json else said:
        if check.wrong:
            report_lines([line])
        else:
            click.echo(line)
    return 1 if any(check.wrong for check in found) else 0


def remakers(
    tomoni: Tomoni,
) -> tuple[Remake[Review], Remake[Earlier], Callable[[Claim, Snapshot], Histories | None]]:
    """What makes the review of a claim again: from the ledger of today, and by what was known then; and what its
    candidates of the workshop were tried on."""
    return (
        lambda claim, kept: again(tomoni, claim, kept),
        lambda claim, kept: earlier(tomoni, claim, kept),
        lambda claim, kept: histories(tomoni, claim, kept),
    )


def years_again(tomoni: Tomoni, snapshot: Snapshot) -> tuple[SloYear, ...]:
    """The year of a snapshot, made again from the ledger with the definitions of its record."""
    record = snapshot.beside.year
    if record is None:
        return ()
    made = slo_years(Reviewing(tomoni.setup, tomoni.ledger, snapshot.read_at), snapshot.review.app, record)
    series = {place.path: place.slo.series.key for place in slos_of([snapshot.review.app])}
    return tuple(each for each in made if not _is_deleted(tomoni, series[each.slo], record.start))


def histories(tomoni: Tomoni, claim: Claim, snapshot: Snapshot) -> Histories | None:
    """The history of the SLO that a snapshot's candidates were tried on; None where the review has it no more."""
    tried, review = snapshot.beside.workshop, again(tomoni, claim, snapshot)
    tracks = review.tracks if review is not None and tried is not None else ()
    place = (tried.journey, tried.slo) if tried is not None else None
    track = next((each for each in tracks if (each.status.journey.id, each.status.slo.id) == place), None)
    if track is None:
        return None
    end, key = track.status.figures.end, track.status.slo.series.key
    today = known_until(tomoni.history(track, DAYS), end)
    if today.step_seconds != track.status.slo.bucket_seconds or _is_deleted(tomoni, key, today.start):
        return None
    changed = tomoni.ledger.changes([key], today.start, end)
    since = [change for change in changed if change.changed_at > snapshot.read_at]
    if not since:
        return Histories(today)
    known = known_until(tomoni.history(track, DAYS, snapshot.read_at), end)
    return Histories(today, known, (min(each.start for each in since), max(each.until for each in since)))


def _is_deleted(tomoni: Tomoni, key: str, start: int) -> bool:
    horizon = tomoni.ledger.horizons([key]).get(key)
    return horizon is not None and horizon.kept_from is not None and horizon.kept_from * DAY > start


def earlier(tomoni: Tomoni, claim: Claim, snapshot: Snapshot | None) -> Earlier | None:
    """The review of a claim by what was known when it was made, and what sources said otherwise since."""
    review = again(tomoni, claim, snapshot, as_known=True)
    if review is None:
        return None
    made_at = snapshot.read_at if snapshot is not None else _unix(claim.manifest["made_at"])
    changed = {}
    for status in (track.status for track in review.tracks):
        figures = status.figures
        found = tomoni.ledger.changes([status.slo.series.key], figures.start, figures.end)
        since = [change for change in found if change.changed_at > made_at]
        if since:
            path = f"{review.app.id}/{status.journey.id}/{status.slo.id}"
            changed[path] = min(each.start for each in since), max(each.until for each in since)
    return Earlier(review, changed)


def again(tomoni: Tomoni, claim: Claim, snapshot: Snapshot | None, as_known: bool = False) -> Review | None:
    """The review of a claim, made again from the ledger: with the definitions of its record, else with those
    that were in force then."""
    if snapshot is not None:
        review = snapshot.review
        period = Period(review.as_of, _days(review.start, review.as_of), review.start, review.period)
        return _of_what_is_stored(tomoni.review_again(review.app, period, snapshot.read_at, as_known))
    app = tomoni.catalog.app(str(claim.manifest.get("app")))
    if app is None or "made_at" not in claim.manifest:
        return None
    as_of, start, made_at = (_unix(claim.manifest[name]) for name in ("as_of", "start", "made_at"))
    period = Period(as_of, _days(start, as_of), start)
    made = tomoni.review_again(tomoni.app_as_of(app, as_of), period, made_at, as_known)
    made = replace(made, tracks=tuple(track for track in made.tracks if _as_defined(track.status, claim)))
    return _of_what_is_stored(made)


def _of_what_is_stored(review: Review) -> Review:
    """A review without the SLOs whose window the ledger has no more as it was: days of it were deleted, or it begins
    or ends within an hour of which only the sum is left."""
    gone = {WITHIN_AN_HOUR, DELETED}
    kept = [track for track in review.tracks if gone.isdisjoint(notice.code for notice in track.status.notices)]
    return replace(review, tracks=tuple(kept))


def _days(start: int, end: int) -> int:
    """How many days an interval touches, at least one."""
    return max(1, -(-(end - start) // DAY))


def _as_defined(status: SloStatus, claim: Claim) -> bool:
    """Whether an SLO still asks for what it asked for then."""
    journey, slo = status.journey.id, status.slo
    return bool(claim.manifest.get("definitions", {}).get(f"{journey}/{slo.id}") == slo.series.key)


def _unix(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
