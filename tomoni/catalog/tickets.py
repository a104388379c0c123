"""`tickets` of an app: the tracker in which a new ticket is written with one click."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, PlainValidator

from tomoni.catalog.codes import Code, listed
from tomoni.catalog.document import Document, Place
from tomoni.catalog.for_reviews import TicketKind, Tickets
from tomoni.catalog.links import Url
from tomoni.catalog.mapping import Entry
from tomoni.catalog.secrets import short
from tomoni.catalog.values import choice, choice_schema

PLACEHOLDERS = ("title", "body", "due", "team", "app")
_NEEDED = {TicketKind.JIRA: ("pid", "issuetype")}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

TicketKindName = Annotated[TicketKind, PlainValidator(choice(TicketKind)), choice_schema(TicketKind)]


class TicketsEntry(Entry):
    """The tracker of an app's actions."""

    kind: TicketKindName = Field(description="The tracker: github, gitlab, jira, backlog; form for any other.")
    url: Url = Field(
        description="The repository, the project, Jira's address with pid and issuetype, or a form with {title}."
    )


def tickets_of(document: Document, place: Place, entry: TicketsEntry | None) -> Tickets | None:
    """The tracker that an entry means, None without one or where its address cannot be used; faults are noted."""
    if entry is None:
        return None
    before = len(document.faults)
    if entry.kind is TicketKind.FORM:
        _note_placeholders(document, (*place, "url"), entry.url)
    given = parse_qs(urlsplit(entry.url).query)
    for parameter in _NEEDED.get(entry.kind, ()):
        if parameter not in given:
            document.note((*place, "url"), Code.TICKET_PARAMETER_MISSING, parameter=parameter)
    return Tickets(entry.kind, entry.url) if len(document.faults) == before else None


def _note_placeholders(document: Document, place: Place, url: str) -> None:
    """Placeholders that mean nothing, and those that would choose the host."""
    host = urlsplit(url.replace("{", "(").replace("}", ")")).netloc
    if "(" in host:
        document.note(place, Code.BAD_URL)
    for found in _PLACEHOLDER.findall(url):
        if found not in PLACEHOLDERS:
            known = listed(f"{{{name}}}" for name in PLACEHOLDERS)
            document.note(place, Code.UNKNOWN_PLACEHOLDER, placeholder=short(f"{{{found}}}"), known=known)
