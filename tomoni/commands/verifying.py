"""`verify`: checks a file again that a snapshot was written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from tomoni.commands.failures import Refusal, tell
from tomoni.commands.session import Session
from tomoni.review.model import Period, Review, SloStatus
from tomoni.slo.model import DAY
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.verifying.checks import verify
from tomoni.snapshots.verifying.reading import Claim, read_claim
from tomoni.use_cases.product import Tomoni
from tomoni.words import exports


def run(session: Session, file: Path) -> int:
    """Says what agrees on standard output and what does not on standard error; the exit code."""
    tomoni, text = session.tomoni, session.text
    try:
        found = verify(read_claim(file), tomoni.snapshots.read, lambda claim, kept: again(tomoni, claim, kept))
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.say(error.code, error.facts, error.detail, text))]) from None
    for check in found:
        line = exports.say_check(check.finding.value, check.facts, text)
        if check.wrong:
            tell([line])
        else:
            click.echo(line)
    return 1 if any(check.wrong for check in found) else 0


def again(tomoni: Tomoni, claim: Claim, snapshot: Snapshot | None) -> Review | None:
    """The review of a claim, made again from the ledger: with the definitions of its record, else with those
    that were in force then."""
    if snapshot is not None:
        review = snapshot.review
        period = Period(review.as_of, round((review.end - review.start) / DAY))
        return tomoni.review_again(review.app, period, snapshot.made_at)
    app = tomoni.catalog.app(str(claim.manifest.get("app")))
    if app is None or "made_at" not in claim.manifest:
        return None
    as_of, start, made_at = (_unix(claim.manifest[name]) for name in ("as_of", "start", "made_at"))
    made = tomoni.review_again(tomoni.app_as_of(app, as_of), Period(as_of, round((as_of - start) / DAY)), made_at)
    return replace(made, tracks=tuple(track for track in made.tracks if _as_defined(track.status, claim)))


def _as_defined(status: SloStatus, claim: Claim) -> bool:
    """Whether an SLO still asks for what it asked for then."""
    journey, slo = status.journey.id, status.slo
    return bool(claim.manifest.get("definitions", {}).get(f"{journey}/{slo.id}") == slo.series.key)


def _unix(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
