"""`token`: makes, lists and revokes the tokens of the API."""

from __future__ import annotations

import click

from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session
from tomoni.meetings.errors import MeetingError
from tomoni.words import meeting_errors


def create(session: Session, name: str, app: str | None) -> int:
    """Prints a new token, once: only its hash is stored."""
    tomoni, text = session.tomoni, session.text
    session.known_app(tomoni.catalog, app)
    try:
        secret, _ = tomoni.meetings.tokens.create(name, app)
    except MeetingError as error:
        raise Refusal([meeting_errors.line(error, text)]) from None
    click.echo(secret)
    click.echo(text._("Keep it now: it is not shown again."), err=True)
    return 0


def show(session: Session) -> int:
    """Prints a line for each token: its name, its app, when it was made and when it was revoked; no secret."""
    text = session.text
    for token in session.tomoni.meetings.tokens.listed():
        made = text._("made %(when)s") % {"when": text.moment(token.created_at)}
        ended = text._("revoked %(when)s") % {"when": text.moment(token.revoked_at)} if token.revoked_at else ""
        parts = (token.name, token.app or text._("all apps"), made, ended)
        click.echo("  ".join(part for part in parts if part))
    return 0


def revoke(session: Session, name: str) -> int:
    """Ends a token for good."""
    try:
        session.tomoni.meetings.tokens.revoke(name)
    except MeetingError as error:
        raise Refusal([meeting_errors.line(error, session.text)]) from None
    click.echo(session.text._("Revoked %(name)s.") % {"name": session.text.quote(name)})
    return 0
