"""The address at which a tracker opens a new ticket that is filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from unicodedata import category
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tomoni.catalog.for_reviews import TicketKind, Tickets

MOST_CHARACTERS = 6_000  # of an address: GitHub refuses longer ones than about 8 000, proxies in between earlier
_JIRA = "/secure/CreateIssueDetails!init.jspa"
_PATHS = {TicketKind.GITHUB: "/issues/new", TicketKind.GITLAB: "/-/issues/new", TicketKind.JIRA: _JIRA}
_NAMES = {
    TicketKind.GITHUB: ("title", "body"),
    TicketKind.GITLAB: ("issue[title]", "issue[description]"),
    TicketKind.JIRA: ("summary", "description"),
    TicketKind.BACKLOG: ("summary", "description"),
}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a new ticket says; ``team`` and ``app`` are names."""

    title: str
    body: str
    due: date | None = None
    team: str = ""
    app: str = ""


def new_ticket_url(tickets: Tickets, ticket: NewTicket) -> str:
    """The address at which the tracker opens a new ticket with title, body and due day filled in.

    It is never longer than `MOST_CHARACTERS`, but for a template that is: the body, then the title end with "…".
    """
    ticket = NewTicket(_sound(ticket.title), _sound(ticket.body), ticket.due, _sound(ticket.team), _sound(ticket.app))
    body = _shortened(ticket.body, lambda said: _url(tickets, ticket, ticket.title, said))
    title = _shortened(ticket.title, lambda said: _url(tickets, ticket, said, body))
    return _url(tickets, ticket, title, body)


def _sound(said: str) -> str:
    """A text without what no address can carry: halves of characters, and control characters but line ends."""
    whole = said.replace("\r\n", "\n").encode("utf-8", "ignore").decode()
    return "".join(sign for sign in whole if sign == "\n" or category(sign) != "Cc")


def _shortened(said: str, url_of: Callable[[str], str]) -> str:
    """As much of the beginning of a text as an address has room for."""
    if len(url_of(said)) <= MOST_CHARACTERS:
        return said
    low, high = 0, len(said)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(url_of(said[:middle] + "…")) <= MOST_CHARACTERS else (low, middle - 1)
    return said[:low] + "…"


def _url(tickets: Tickets, ticket: NewTicket, title: str, body: str) -> str:
    if tickets.kind is TicketKind.FORM:
        return _form(tickets.url, ticket, title, body)
    if tickets.kind is TicketKind.GITLAB and ticket.due:  # a command of GitLab in the text is its only way to a day
        body = f"{body}\n\n/due {ticket.due.isoformat()}"
    parts = urlsplit(tickets.url)
    path, own = parts.path.rstrip("/"), _PATHS.get(tickets.kind, "")
    path = path if path.endswith(own) else path + own
    query = [*parse_qsl(parts.query, keep_blank_values=True), *zip(_NAMES[tickets.kind], (title, body), strict=True)]
    if tickets.kind is TicketKind.BACKLOG and ticket.due:
        query.append(("limitDate", ticket.due.isoformat()))
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, quote_via=quote, safe="[]"), ""))


def _form(url: str, ticket: NewTicket, title: str, body: str) -> str:
    """A template with its placeholders filled in; one within what was filled in stays as it is."""
    due = ticket.due.isoformat() if ticket.due else ""
    values = {"title": title, "body": body, "due": due, "team": ticket.team, "app": ticket.app}
    return re.sub(r"\{(\w+)\}", lambda found: quote(values.get(found[1], ""), safe=""), url)
