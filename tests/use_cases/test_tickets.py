"""A new ticket is one click away: the address has title, text and due day, whatever is in them."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.tables import table
from tomoni.catalog.for_reviews import TicketKind, Tickets
from tomoni.use_cases.tickets import MOST_CHARACTERS, NewTicket, new_ticket_url

DUE = date(2026, 12, 8)
BASES = {
    TicketKind.GITHUB: "https://github.com/acme/checkout",
    TicketKind.GITLAB: "https://gitlab.com/acme/shop/checkout",
    TicketKind.JIRA: "https://acme.atlassian.net/?pid=10000&issuetype=10001",
    TicketKind.BACKLOG: "https://acme.backlog.com/add/SHOP",
    TicketKind.FORM: "https://forms.example.com/new?t={title}&b={body}&d={due}&who={team}#{app}",
}
NAMES = {
    TicketKind.GITHUB: ("title", "body"),
    TicketKind.GITLAB: ("issue[title]", "issue[description]"),
    TicketKind.JIRA: ("summary", "description"),
    TicketKind.BACKLOG: ("summary", "description"),
    TicketKind.FORM: ("t", "b"),
}
HOSTILE = [
    "Raise the limit",
    "a&title=b#c?d=e;f",
    "100 % of 5+5 = ten",
    "%0A%00%2e%2e",
    "</a><script>alert('1')</script>\"",
    "../../../evil//host@evil.example/",
    "line\nbreak\n\n/close",
    "接続プールの上限を上げる　「80 %」",
    "🐢 {body} {title} {due}",
    "[x](javascript:alert(1))",
    "javascript:alert(1)",
]


@table("kind", list(TicketKind))
@table("said", HOSTILE)
def test_a_tracker_reads_back_what_was_written_and_nothing_else(kind: TicketKind, said: str):
    ticket = NewTicket(said, f"From a review: {said}", DUE, "platform", "checkout")
    url = new_ticket_url(Tickets(kind, BASES[kind]), ticket)
    parts, base = urlsplit(url), urlsplit(BASES[kind])
    assert (parts.scheme, parts.netloc) == (base.scheme, base.netloc)
    assert url.isascii()
    assert not set(url) & set(" \n\"<>'\\")
    query = parse_qsl(parts.query, keep_blank_values=True)
    title, body = NAMES[kind]
    found = dict(query)
    assert len(query) == len(found)
    assert found[title] == said
    assert found[body].startswith(f"From a review: {said}")
    assert set(found) - {title, body} <= {"pid", "issuetype", "limitDate", "d", "who"}


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (TicketKind.GITHUB, "https://github.com/acme/checkout/issues/new?title=A%20b&body=c"),
        (
            TicketKind.GITLAB,
            "https://gitlab.com/acme/shop/checkout/-/issues/new"
            "?issue[title]=A%20b&issue[description]=c%0A%0A%2Fdue%202026-12-08",
        ),
        (
            TicketKind.JIRA,
            "https://acme.atlassian.net/secure/CreateIssueDetails!init.jspa"
            "?pid=10000&issuetype=10001&summary=A%20b&description=c",
        ),
        (TicketKind.BACKLOG, "https://acme.backlog.com/add/SHOP?summary=A%20b&description=c&limitDate=2026-12-08"),
        (TicketKind.FORM, "https://forms.example.com/new?t=A%20b&b=c&d=2026-12-08&who=platform#shop%2F1"),
    ],
)
def test_each_tracker_gets_the_address_that_it_knows(kind: TicketKind, address: str):
    ticket = NewTicket("A b", "c", DUE, "platform", "shop/1")
    assert new_ticket_url(Tickets(kind, BASES[kind]), ticket) == address
    whole = BASES[kind] if kind is TicketKind.FORM else address.partition("?")[0] + "?" + urlsplit(BASES[kind]).query
    assert new_ticket_url(Tickets(kind, whole), ticket) == address  # the address of its page is fine as well


def test_without_a_due_day_none_is_said():
    for kind in TicketKind:
        url = new_ticket_url(Tickets(kind, BASES[kind]), NewTicket("a", "b"))
        assert "due" not in url
        assert "limitDate" not in url


@table("kind", list(TicketKind))
@table("sign", ["x", "予", "🐢", "&", "\n"])
def test_an_address_is_never_too_long_and_never_cut_within_a_character(kind: TicketKind, sign: str):
    for title, body in ((sign * 300, sign * 20_000), ("a", sign * 3_000), (sign * 9_000, "")):
        url = new_ticket_url(Tickets(kind, BASES[kind]), NewTicket(title, body, DUE))
        assert len(url) <= MOST_CHARACTERS
        found = dict(parse_qsl(urlsplit(url).query, errors="strict"))
        for said in (found[name] for name in NAMES[kind] if name in found):
            assert set(said.partition("\n\n/due")[0]) <= {sign, "a", "…"}


def test_what_no_address_can_carry_is_left_out():
    url = new_ticket_url(
        Tickets(TicketKind.GITHUB, BASES[TicketKind.GITHUB]), NewTicket("a\x00b\ud800\x1b[c", "d\r\ne")
    )
    assert url.endswith("?title=ab[c&body=d%0Ae")
