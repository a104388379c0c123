"""`portal`: a static site of all apps and their snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.portal import WrittenPortal, write_portal
from tomoni.snapshots.portal_pages import Portal
from tomoni.snapshots.record.listing import ListedSnapshot
from tomoni.use_cases.monthly import last_month, monthly_report
from tomoni.use_cases.practices import practices
from tomoni.use_cases.published import open_actions, told_to_all
from tomoni.version import VERSION
from tomoni.words import errors, exports
from tomoni.words.text import Text

_ADDRESS = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


@dataclass(frozen=True, slots=True)
class PortalOptions:
    """Where the site is written, as of when (Unix seconds), whether sources are asked first, and the address that it
    will have (empty: not known)."""

    out: Path
    when: When
    sync_first: bool
    quiet: bool
    url: str = ""


def run(session: Session, options: PortalOptions) -> int:
    """Writes the site; the exit code."""
    tomoni, text = session.tomoni.published(), session.text
    session.refuse_unusable(tomoni.catalog)
    zone = tomoni.catalog.settings.timezone
    moments = {app.id: session.moment_of(options.when, app.timezone) for app in tomoni.apps()}
    code = session.report_errors(tomoni.catalog)
    if options.sync_first:
        with watched(text) as on_progress:
            for moment in dict.fromkeys(moments.values()):
                tomoni.sync_status(moment, None, on_progress)
    overview = tomoni.overview_of(moments)
    report_lines([errors.source_line(problem, text) for problem in overview.problems])
    named = session.period_of(options.when, zone)
    period = named.named if named else None
    deleted = tomoni.snapshots.deleted()
    portal = Portal(
        overview,
        tomoni.apps(),
        _by_app(tomoni.snapshots.listed()),
        tomoni.snapshots.read_all,
        zone,
        VERSION,
        period,
        deleted,
        told=told_to_all(tomoni.meetings.records, tomoni.catalog),
        actions=open_actions(tomoni.meetings.records, tomoni.catalog, overview.as_of),
        address=options.url,
        report=monthly_report(tomoni, last_month(tomoni, overview.as_of)),
        practices=practices(tomoni.meetings.records, tomoni.apps()),
    )
    try:
        site = write_portal(portal, options.out)
    except SnapshotError as error:
        raise Refusal([text.sentences(*exports.describe(error.code, error.facts, error.detail, text))]) from None
    for digest, why in site.failed.items():
        report_lines([f"{digest}: {text.sentences(*exports.describe(why.code, why.facts, why.detail, text))}"])
    session.done.facts = _facts(options.out, site)
    if not options.quiet:
        files = site.files
        written = text.n_("Wrote %(n)s file; open %(start)s.", "Wrote %(n)s files; open %(start)s.", len(files))
        session.done.say(written % {"n": len(files), "start": text.quote(options.out / "index.html")})
    return 1 if site.failed else code


def _by_app(listed: Iterable[ListedSnapshot]) -> dict[str, list[ListedSnapshot]]:
    found: dict[str, list[ListedSnapshot]] = {}
    for each in listed:
        found.setdefault(each.app, []).append(each)
    return found


def _facts(out: Path, site: WrittenPortal) -> dict[str, object]:
    """What was written, for programs."""
    left = [{"snapshot": digest, "reason": why.code} for digest, why in site.failed.items()]
    return {"folder": str(out), "files": len(site.files), "left_out": left}


def read_address(written: str, text: Text) -> str:
    """The address that the site will have. Raises click.BadParameter for one that is not of the web."""
    if written and not _ADDRESS.fullmatch(written):
        phrase = text._("%(written)s is not an address; write it as https://example.com/slo.")
        raise click.BadParameter(phrase % {"written": text.quote(written)}, param_hint="--url")
    return written
