"""`audit`: who did what, when and from where; exported, and checked."""

from __future__ import annotations

import json
from dataclasses import dataclass

import click

from tomoni.access.audit import Audit, Wanted
from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What is looked for, or whether all of it is written or checked."""

    words: str
    app: str | None
    since: int | None
    export: bool
    verify: bool
    as_json: bool


def run(session: Session, options: AuditOptions) -> int:
    """Prints entries, or what became of the chain; the exit code is 1 where it is broken."""
    audit = session.tomoni.meetings.audit
    if options.verify:
        return _verify(session, audit, options.as_json)
    if options.export:
        for entry in audit.all():
            click.echo(entry.as_json())
        return 0
    found = audit.found(Wanted(options.words, options.app, options.since))
    if not found:  # an app that is gone still has entries
        session.known_app(session.tomoni.catalog, options.app)
        session.past(options.since)
    if options.as_json:
        entries = [json.loads(entry.as_json()) for entry in found]
        click.echo(json.dumps({"entries": entries}, ensure_ascii=False, indent=2))
        return 0
    if not found:
        click.echo(session.text._("There are no such entries."))
    for entry in found:
        who = entry.actor.who or "-"
        parts = (session.text.moment(entry.at), entry.actor.way, who, entry.actor.place or "-", entry.what)
        click.echo(_plain("  ".join((*parts, entry.app or "-", entry.about))))
    return 0


def _plain(line: str) -> str:
    """A line without what a terminal would take for a command."""
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _verify(session: Session, audit: Audit, as_json: bool) -> int:
    found, text = audit.verify(), session.text
    if as_json:
        click.echo(json.dumps({"entries": found.entries, "last": found.last, "broken_at": found.broken_at}, indent=2))
        return 0 if found.broken_at is None else 1
    if found.broken_at is not None:
        phrase = text._("The audit is not as it was written from entry %(number)s on.")
        raise Refusal([phrase % {"number": found.broken_at}])
    phrase = text._("Entries that are as they were written: %(n)s; the last one:")
    facts = {"n": text.number(found.entries, 0)}
    click.echo(f"{phrase % facts} {found.last}")
    return 0
