"""What webhooks of ticket systems say of a ticket: its links, and whether it is closed.

The shapes are those that the public documentation of GitHub issues, GitLab issues, Jira and Backlog shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_BACKLOG_CLOSED = 4
_BACKLOG_ISSUE_CHANGED = 2


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket by its links, or by the ends of them where a sender leaves the host out; ``closed`` is None where what
    happened to it changes nothing."""

    links: tuple[str, ...]
    closed: bool | None
    ends: tuple[str, ...] = ()


def ticket_in(headers: Mapping[str, str], body: Any) -> Ticket | None:  # noqa: ANN401 - JSON data
    """The ticket of a webhook; None for a body that is none."""
    if not isinstance(body, dict):
        return None
    for read in (_github, _gitlab, _jira, _backlog):
        try:
            found = read(headers, body)
        except (KeyError, TypeError, AttributeError):
            continue
        if found is not None:
            return found
    return None


def _github(headers: Mapping[str, str], body: dict[str, Any]) -> Ticket | None:
    if "x-github-event" not in headers and not ("issue" in body and "repository" in body):
        return None
    if "issue" not in body:
        return Ticket((), None)  # a ping, or an event that was not asked for
    closed = {"closed": True, "reopened": False}.get(body.get("action", ""))
    return Ticket((body["issue"]["html_url"],), closed)


def _gitlab(_headers: Mapping[str, str], body: dict[str, Any]) -> Ticket | None:
    if body.get("object_kind") not in ("issue", "work_item"):
        return None
    about = body["object_attributes"]
    closed = {"close": True, "reopen": False}.get(about.get("action", ""))
    return Ticket((about["url"],), closed)


def _jira(_headers: Mapping[str, str], body: dict[str, Any]) -> Ticket | None:
    if not str(body.get("webhookEvent", "")).startswith("jira:"):
        return None
    issue = body["issue"]
    place = urlsplit(issue["self"])
    moved = [each for each in body.get("changelog", {}).get("items", ()) if each["field"] in ("status", "resolution")]
    category = issue["fields"].get("status", {}).get("statusCategory", {}).get("key")
    closed = None if not moved or category is None else category == "done"
    before = place.path.partition("/rest/")[0]  # a context path, where there is one
    return Ticket((f"{place.scheme}://{place.netloc}{before}/browse/{issue['key']}",), closed)


def _backlog(_headers: Mapping[str, str], body: dict[str, Any]) -> Ticket | None:
    if "project" not in body or "projectKey" not in body["project"] or "content" not in body:
        return None
    key = f"/view/{body['project']['projectKey']}-{body['content']['key_id']}"
    moved = [each for each in body["content"].get("changes", ()) if each.get("field") == "status"]
    closed = str(moved[-1]["new_value"]) == str(_BACKLOG_CLOSED) if moved else None
    return Ticket((), closed if body.get("type") == _BACKLOG_ISSUE_CHANGED else None, (key,))


def same_link(link: str, ticket: Ticket) -> bool:
    """Whether a link of an action is that of a ticket; a query, a fragment and the last slash are no difference."""
    if not link:
        return False
    own = _plain(link)
    return own in map(_plain, ticket.links) or any(own.endswith(end.lower()) for end in ticket.ends)


def _plain(link: str) -> str:
    place = urlsplit(link)
    return f"{place.netloc}{place.path.rstrip('/')}".lower()
