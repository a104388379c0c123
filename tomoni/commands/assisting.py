"""`mcp`: lets assistants read, over standard input and output or HTTP."""

from __future__ import annotations

import time
from dataclasses import dataclass

import click

from tomoni.api.problems import ApiProblem
from tomoni.commands.failures import report_lines
from tomoni.commands.listening import refuse_taken
from tomoni.commands.session import Session


@dataclass(frozen=True, slots=True)
class McpOptions:
    """Whether HTTP is served, and where."""

    http: bool
    address: str
    port: int


def run(session: Session, options: McpOptions) -> int:
    """Serves until the assistant goes, or until it is stopped; the exit code."""
    return _serve(session, options) if options.http else _speak(session)


def _speak(session: Session) -> int:
    """Standard output belongs to the protocol."""
    import anyio

    from tomoni.assistants.server import reader_of, server

    token, text = session.settings.token, session.text
    if token is None:
        report_lines([text._("TOMONI_TOKEN is not set; make a token (token create assistant) and set it.")])
        return 1
    secret, tomoni = token.get_secret_value(), session.tomoni
    try:
        reader_of(tomoni, secret, "stdio", session.language)
    except ApiProblem:
        report_lines([text._("The token in TOMONI_TOKEN is unknown or revoked; make a new one (token create).")])
        return 1
    # It is looked up for each question, so that one that is revoked ends at once.
    anyio.run(server(lambda: reader_of(tomoni, secret, "stdio", session.language)).run_stdio_async)
    return 0


def _serve(session: Session, options: McpOptions) -> int:
    import uvicorn

    from tomoni.assistants.server import PATH, over_http

    hosts = [each.strip() for each in (session.settings.hosts or "").split(",") if each.strip() not in ("", "*")]
    hosts += [options.address]
    app = over_http(session.tomoni, hosts, time.monotonic, session.language)
    refuse_taken(options.address, options.port, session.text)
    address = f"http://{options.address}:{options.port}{PATH}"
    click.echo(
        session.text._("Assistants find Tomoni at %(address)s (press Ctrl-C to stop it).") % {"address": address}
    )
    uvicorn.run(app, host=options.address, port=options.port, log_level="warning", access_log=False)
    return 0
