"""Which variables of the environment have the addresses that reminders go to: of an app, of a team, of all apps.

The addresses are secrets, so they stand in no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from tomoni.catalog.schema import App

CHATS = ("slack", "google_chat", "teams")
PLAIN = "plain"  # a webhook of one's own, which notifications go to


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the reminders of an app go in a chat; ``team`` is whose address it is, empty for that of the app or of
    all."""

    chat: str
    address: SecretStr
    team: str = ""


def variable(chat: str, whose: str = "") -> str:
    """The variable of an app (its id), of a team (its name), or of all; empty for a name without a letter or digit
    of ASCII."""
    name = f"TOMONI_WEBHOOK_{chat.upper()}"
    own = re.sub(r"[^A-Z0-9]+", "_", whose.upper()).strip("_")
    if whose:
        return f"{name}_{own}" if own else ""
    return name


def variables_of_apps(apps: Iterable[App]) -> set[str]:
    """All variables that may set an address for some apps and their teams."""
    names = {
        variable(chat, whose)
        for app in apps
        for whose in (app.id, *app.teams.values())
        if whose
        for chat in (*CHATS, PLAIN)
    }
    return {*names, *(f"{name}_FILE" for name in names if name)}


def webhooks_of(app: App, environ: Mapping[str, str]) -> tuple[Webhook, ...]:
    """Where the reminders of an app go: in each chat to the app's own address, else to those of its teams, else to
    that of all."""
    return tuple(found for chat in CHATS for found in _of_chat(app, chat, environ))


def webhook_of_team(chat: str, team: str, environ: Mapping[str, str], own: bool = False) -> SecretStr | None:
    """Where messages to a team go in a chat: its own address, else that of all, unless only its ``own`` will do.
    Raises OSError for a file that cannot be read."""
    named = variable(chat, team)
    found = _given(environ, named) or (None if own else _given(environ, variable(chat)))
    return SecretStr(found) if found else None


def _of_chat(app: App, chat: str, environ: Mapping[str, str]) -> list[Webhook]:
    if own := _given(environ, variable(chat, app.id)):
        return [Webhook(chat, SecretStr(own))]
    return list(_of_teams(app, chat, environ)) or [
        Webhook(chat, SecretStr(address)) for address in (_given(environ, variable(chat)),) if address
    ]


def _given(environ: Mapping[str, str], name: str) -> str | None:
    """The value of a variable, or of the file that it names with `_FILE` at its end; None where neither is there.
    Raises OSError for a file that cannot be read."""
    place = environ.get(f"{name}_FILE") if name else None
    return environ.get(name) or (Path(place).read_text(encoding="utf-8").strip() if place else None)


def _of_teams(app: App, chat: str, environ: Mapping[str, str]) -> Iterator[Webhook]:
    seen = set()
    for team in dict.fromkeys(app.teams.values()):
        address = _given(environ, variable(chat, team)) if team else None
        if address and address not in seen:  # two teams may share a room
            seen.add(address)
            yield Webhook(chat, SecretStr(address), team)
