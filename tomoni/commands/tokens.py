"""`token`: makes, lists and revokes the tokens of the API."""

from __future__ import annotations

import json

import click

from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.tokens import Token
from tomoni.snapshots.record.status import rfc3339
from tomoni.words import meeting_errors


def create(session: Session, name: str, app: str | None) -> int:
    """Prints a new token, once: only its hash is stored."""
    tomoni, text = session.tomoni, session.text
    session.known_app(tomoni.catalog, app)
    try:
        secret, _ = tomoni.meetings.tokens.create(name, app)
    except MeetingError as error:
        raise Refusal([meeting_errors.line(error, text)]) from None
    session.done.say(secret)
    session.done.facts = {"name": name, "app": app, "token": secret}
    click.echo(text._("Keep it now: it is not shown again."), err=True)
    return 0


def show(session: Session, as_json: bool) -> int:
    """Prints a line for each token: its name, its app, when it was made and when it was revoked; no secret."""
    text, listed = session.text, session.tomoni.meetings.tokens.listed()
    if as_json:
        click.echo(json.dumps({"tokens": [_said(token) for token in listed]}, ensure_ascii=False, indent=2))
        return 0
    for token in listed:
        made = text._("made %(when)s") % {"when": text.moment(token.created_at)}
        ended = text._("revoked %(when)s") % {"when": text.moment(token.revoked_at)} if token.revoked_at else ""
        parts = (token.name, token.app or text._("all apps"), made, ended)
        click.echo("  ".join(part for part in parts if part))
    return 0


def _said(token: Token) -> dict[str, str | None]:
    revoked = None if token.revoked_at is None else rfc3339(token.revoked_at)
    return {"name": token.name, "app": token.app, "created_at": rfc3339(token.created_at), "revoked_at": revoked}


def revoke(session: Session, name: str) -> int:
    """Ends a token for good."""
    try:
        session.tomoni.meetings.tokens.revoke(name)
    except MeetingError as error:
        raise Refusal([meeting_errors.line(error, session.text)]) from None
    session.done.say(session.text._("Revoked %(name)s.") % {"name": session.text.quote(name)})
    session.done.facts = {"name": name, "revoked": True}
    return 0
