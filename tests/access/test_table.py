"""Who gets what, as a table: every address, every command and every deed, by every role and every token.

A new page, endpoint, command or method of a store fails here until it has a line that says who may.
"""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from cli import cli
from tests.cli.world import NOW, build
from tests.serving.conftest import HERE
from tests.tables import table
from tomoni.access.audit import Audit
from tomoni.access.policy import Grants, NotAllowedError
from tomoni.catalog.who_may import Role
from tomoni.meetings.closing import Closing
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Meeting, MeetingState, Question
from tomoni.meetings.notes import Notes
from tomoni.meetings.records import Records
from tomoni.meetings.search import PostmortemSearch
from tomoni.meetings.sent import SentMessages
from tomoni.meetings.steps import Steps
from tomoni.meetings.tokens import Tokens
from tomoni.review.model import Period
from tomoni.serving import addresses
from tomoni.serving.around import Served, around
from tomoni.settings import ProcessSettings
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.ui.navigation import PLACES
from tomoni.use_cases.closing import close_meeting
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.rereading import Scope
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow
SHOP, HIDDEN = "shop", "payroll"
KEY = ECKey.generate_key("P-256", parameters={"kid": "k"})
ISSUER, AUDIENCE = "https://issuer.example", "tomoni"
PEOPLE = ("stranger", "viewer", "member", "editor", "admin")
TOKENS = ("token of shop", "token of payroll", "token of all", "revoked token")
ASKERS = ("nobody", *PEOPLE, *TOKENS)
RULES = f"""signed_in: none
rules:
  - {{role: viewer, groups: [viewer, member]}}
  - {{role: member, groups: [member], apps: [{SHOP}]}}
  - {{role: editor, groups: [editor]}}
  - {{role: admin, groups: [admin]}}
hidden: [{HIDDEN}]
"""


def by(**statuses: int) -> dict[str, int]:
    """A line of the table: `people` and `tokens` are those of each kind that has no word of its own."""
    rest = {"people": PEOPLE, "tokens": TOKENS[:3]}
    found = {asker: statuses[kind] for kind, askers in rest.items() if kind in statuses for asker in askers}
    found |= {name.replace("_", " "): status for name, status in statuses.items() if name not in rest}
    return {"nobody": 401, "revoked token": 401, **found}


SIGNED_IN = by(people=200, tokens=401)
FREE = by(nobody=200, people=200, tokens=200, revoked_token=200)
NOT_THERE = by(nobody=404, people=404, tokens=404, revoked_token=404)
LEADS = by(nobody=303, people=303, tokens=303, revoked_token=303)
BY_TOKEN = by(people=401, tokens=200)
GETS: Mapping[str, Mapping[str, int]] = {
    **{f"/{place.path}": SIGNED_IN for place in PLACES.values()},
    "/static/main.js": SIGNED_IN,
    "/media/0123.pdf": by(people=404, tokens=401),  # it was offered to none of them
    "/component/x/main.js": SIGNED_IN,
    "/_stcore/host-config": SIGNED_IN,
    "/_stcore/health": FREE,
    "/_stcore/metrics": NOT_THERE,
    "/_stcore/agent": NOT_THERE,
    "/auth/login": SIGNED_IN,
    "/auth/logout": SIGNED_IN,
    "/oauth2callback": SIGNED_IN,
    "/favicon.png": SIGNED_IN,
    "/manifest.json": SIGNED_IN,
    "/index.html": SIGNED_IN,
    "/nothing": NOT_THERE,
    "/nothing/at/all": NOT_THERE,
    "/healthz": FREE,
    "/readyz": FREE,
    "/metrics": by(people=401, token_of_shop=403, token_of_payroll=403, token_of_all=200),
    "/sign-in": LEADS,
    "/sign-out": LEADS,
    "/api": NOT_THERE,
    "/api/nothing": NOT_THERE,
    "/api/..%2fstatic%2fmain.js": NOT_THERE,  # what is below the API asks for its own token, and leads nowhere else
    "/api/openapi.json": by(people=200, tokens=200),
    "/api/events": BY_TOKEN,
    "/api/actions": BY_TOKEN,
    "/api/status": BY_TOKEN,
    "/api/status?app=shop": by(people=401, token_of_shop=200, token_of_payroll=403, token_of_all=200),
    "/api/status?app=payroll": by(people=401, token_of_shop=403, token_of_payroll=200, token_of_all=422),
    "/api/calendar.ics": by(people=200, token_of_shop=403, token_of_payroll=403, token_of_all=200),
    "/api/calendar/shop.ics": by(people=200, stranger=404, token_of_shop=200, token_of_payroll=403, token_of_all=200),
    "/api/calendar/payroll.ics": by(people=404, admin=200, token_of_shop=403, token_of_payroll=200, token_of_all=404),
}
WRITES_SHOP = by(people=401, token_of_shop=201, token_of_payroll=403, token_of_all=201)
WRITES_HIDDEN = by(people=401, token_of_shop=403, token_of_payroll=201, token_of_all=422)
POSTS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, int]]] = {
    "/api/events?app=shop": ({"at": NOW.isoformat(), "title": "x"}, WRITES_SHOP),
    "/api/events?app=payroll": ({"at": NOW.isoformat(), "title": "x"}, WRITES_HIDDEN),
    "/api/actions?app=shop": ({"text": "x"}, WRITES_SHOP),
    "/api/actions?app=payroll": ({"text": "x"}, WRITES_HIDDEN),
    "/api/actions/{shop}": (
        {"text": "y"},
        by(people=401, token_of_shop=200, token_of_payroll=404, token_of_all=200),
    ),
    "/api/actions/{payroll}": (
        {"text": "y"},
        by(people=401, token_of_shop=404, token_of_payroll=200, token_of_all=404),
    ),
    "/api/status": ({}, by(nobody=405, people=405, tokens=405, revoked_token=405)),
}


class World:
    """Two apps, one of which is hidden, served as they are to whoever signs in at a proxy or has a token."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config = folder, build(folder)
        shop = (self.config / "apps" / f"{SHOP}.yaml").read_text()
        (self.config / "settings.yaml").write_text("timezone: Asia/Tokyo\nsnapshots: {keep: 400d}\n")
        shop += "review: {every: 1 week, starting: 2026-11-18T19:00}\n"
        (self.config / "apps" / f"{SHOP}.yaml").write_text(shop)
        (self.config / "apps" / f"{HIDDEN}.yaml").write_text(shop.replace("app: shop", f"app: {HIDDEN}"))
        self.rules(RULES)
        (folder / "index.html").write_text("<html></html>")
        (folder / "keys.json").write_text(json.dumps(KeySet([KEY]).as_dict(private=False)))
        told = {
            "config": self.config,
            "database_url": f"sqlite:///{folder / 'tomoni.db'}",
            "now": NOW.isoformat(),
            "sign_in": "proxy",
            "proxy_header": "x-assertion",
            "proxy_keys": str(folder / "keys.json"),
            "proxy_issuer": ISSUER,
            "proxy_audience": AUDIENCE,
        }
        self.settings = ProcessSettings.model_validate(told)
        self.product = open_tomoni(self.settings, {})
        tokens = self.product.meetings.tokens
        made = {"token of shop": SHOP, "token of payroll": HIDDEN, "token of all": None, "revoked token": None}
        self.secrets = {name: tokens.create(name, app)[0] for name, app in made.items()}
        tokens.revoke("revoked token")
        self.actions = {app: self.product.meetings.records.add(Action(app=app, text="x")).id for app in (SHOP, HIDDEN)}

    @cache  # noqa: B019 - of one world
    def frozen(self, app: str) -> Snapshot:
        found = self.product.catalog.app(app)
        assert found is not None
        return self.product.freeze(found, Period(self.product.now(), 7))

    def rules(self, text: str) -> None:
        (self.config / "access.yaml").write_text(text)

    def client(self, asker: str) -> TestClient:
        """A client that proves who asks."""
        index = self.folder / "index.html"
        beside = around(
            Served((place.path for place in PLACES.values()), "", index), self.settings, lambda: self.product
        )
        routes = [*beside.routes, WebSocketRoute("/_stcore/stream", _socket), Route("/{rest:path}", _page)]
        app = Starlette(routes=routes, middleware=beside.middleware)
        return TestClient(app, "http://127.0.0.1", headers=self.proof(asker), client=HERE, follow_redirects=False)

    def proof(self, asker: str) -> dict[str, str]:
        if asker in self.secrets:
            return {"Authorization": f"Bearer {self.secrets[asker]}"}
        if asker == "nobody":
            return {}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": asker, "groups": [asker], "exp": int(time.time()) + 600}
        return {"x-assertion": jwt.encode({"alg": "ES256", "kid": "k"}, claims, KEY)}


async def _page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("what Streamlit serves")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("table"))
    yield made
    made.product.close()


@pytest.mark.parametrize("asker", ASKERS)
def test_every_address_answers_those_whom_the_table_names(world: World, asker: str):
    client = world.client(asker)
    assert {path: client.get(path).status_code for path in GETS} == {path: line[asker] for path, line in GETS.items()}
    asked = {path: path.format(**world.actions) for path in POSTS}
    found = {path: client.post(asked[path], json=body).status_code for path, (body, _) in POSTS.items()}
    assert found == {path: line[asker] for path, (_, line) in POSTS.items()}
    if asker in PEOPLE:
        with client.websocket_connect("/_stcore/stream", headers={"host": "127.0.0.1"}) as socket:
            assert socket.receive_text() == "open"
    else:
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
            pass


def test_no_address_is_missing_in_the_table(world: World):
    served = around(Served([], "", world.folder / "index.html"), world.settings, lambda: world.product).routes
    asked = {path.partition("?")[0] for path in (*GETS, *POSTS)}
    matching = {"{app}": SHOP, "{id}": f"{{{SHOP}}}", "{rest:path}": "nothing"}
    for route in served:
        path = str(getattr(route, "path", ""))
        for part, value in matching.items():
            path = path.replace(part, value)
        assert path in asked, f"{path} has no line in the table"
    known = {path.strip("/").partition("/")[0] for path in asked}
    assert known >= {*addresses._SERVED, *addresses._FILES, *addresses._BESIDE}
    assert asked >= set(addresses.CLOSED)


# Commands by the least role that they take; None is whoever has the account. The words are those that are tried.
A, M = Role.ADMIN, Role.MEMBER
RANGE = ("--from", "2026-11-17T00:00:00Z", "--until", "2026-11-17T01:00:00Z")
COMMANDS: Mapping[tuple[str, ...], Role | None] = {
    ("check",): None,
    ("init", "{folder}/new"): None,
    ("sync", "--days", "1"): None,
    ("sync", "--again", "--app", SHOP, *RANGE): A,
    ("status", "--no-sync"): None,
    ("explain", "--app", SHOP, "--slo", "rows", "--no-sync"): None,
    ("snapshot", "--app", SHOP, "--days", "1", "--format", "json", "--out", "{folder}/out", "--no-sync"): M,
    ("snapshots",): None,
    ("snapshots", "{kept}", "--pin"): M,
    ("snapshots", "{kept}", "--unpin"): M,
    ("snapshots", "{kept}", "--delete"): M,
    ("snapshots", "--expire"): A,
    ("verify", "{folder}/none.html"): None,
    ("compare", "{kept}", "{kept}"): None,
    ("portal", "--no-sync", "--out", "{folder}/site"): None,
    ("report", "--out", "{folder}/report"): None,
    ("year", "--year", "2026", "--app", SHOP, "--out", "{folder}/year", "--format", "md"): M,
    ("schema", "--out", "{folder}/schemas"): None,
    **{
        ("export", to, "--app", SHOP): None
        for to in ("backstage", "grafana", "openslo", "pyrra", "rules", "sloth", "terraform")
    },
    ("import", "sloth", "{folder}/empty.yaml"): None,
    ("actions",): None,
    ("alerts",): None,
    ("notify", "--sent"): A,
    ("notify", "--dry-run", "--no-sync"): A,
    ("export", "parquet", "--app", SHOP, "--out", "{folder}/lake"): None,
    ("compact",): A,
    ("compact", "--dry-run"): A,
    ("audit",): A,
    ("minutes", "--app", SHOP, "--out", "{folder}/out"): None,
    ("token", "create", "ci"): A,
    ("token", "list"): A,
    ("token", "revoke", "ci"): A,
    ("backup", "{folder}/b.zip", "--force"): A,
    ("restore", "{folder}/b.zip", "--into", "sqlite:///{folder}/restored.db", "--replace"): A,
    ("remind", "--app", SHOP): M,
    ("calendar", "--out", "{folder}/r.ics"): None,
}
STARTS = {"serve", "demo", "collect", "mcp"}  # they start the app, or a part of it, which asks by itself
REFUSED = "This takes the role"


def test_every_command_takes_the_role_of_the_table(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = _kept(world, SHOP)
    (tmp_path / "empty.yaml").touch()
    monkeypatch.setenv("TOMONI_CONFIG", str(world.config))
    monkeypatch.setenv("TOMONI_DATABASE_URL", world.settings.database_url.get_secret_value())
    monkeypatch.setenv("TOMONI_NOW", NOW.isoformat())
    monkeypatch.setenv("TOMONI_URL", "https://slo.example.com")
    monkeypatch.setenv("TOMONI_WEBHOOK_SLACK", "http://127.0.0.1:9/nobody")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    for words, needed in COMMANDS.items():
        args = [word.format(folder=tmp_path, kept=kept) for word in words]
        for role in [Role.NONE] if needed is None else _around(needed):
            world.rules(f"commands: {role}\n")
            result = CliRunner().invoke(cli, args, prog_name="cli.py")
            refused = REFUSED in result.output
            assert refused is (needed is not None and not role.covers(needed)), (words, role, result.output)
            assert not refused or result.exit_code == 1
            assert "unexpected" not in result.output, (words, result.output)
            assert "Usage:" not in result.output, (words, result.output)
    world.rules(RULES)


def _around(needed: Role) -> list[Role]:
    """The role below one, and the role itself."""
    order = list(Role)
    return [order[order.index(needed) - 1], needed]


def test_no_command_is_missing_in_the_table():
    def names(command: click.Command, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                yield from names(each, (*before, name))
        else:
            yield before

    known = {words[: len(each)] for words in COMMANDS for each in [*names(cli)] if words[: len(each)] == each}
    assert {each for each in names(cli) if each[0] not in STARTS} == known


@dataclass(frozen=True)
class Deed:
    """A write by the least role that it takes, of an app where it is of one."""

    needed: Role
    of_app: bool
    act: Callable[[Tomoni, World, str], object]


def _held(world: World, app: str, state: MeetingState = MeetingState.OPEN) -> str:
    now = world.product.now()
    value = Meeting(app=app, planned_at=now, start=now - 86_400, as_of=now, days=1, state=state)
    return world.product.meetings.records.add(value).id


def _action(world: World, app: str) -> str:
    return world.product.meetings.records.add(Action(app=app, text="x")).id


def _kept(world: World, app: str) -> str:
    snapshot = world.frozen(app)
    world.product.snapshots.keep(snapshot)
    return snapshot.hash


def _again(product: Tomoni, world: World, app: str) -> None:
    product.snapshots.keep(world.frozen(app))


def _corrected(product: Tomoni, world: World, app: str) -> None:
    id_ = _held(world, app)
    close_meeting(world.product, id_)
    product.meetings.closing.correct(id_)


CHANGED = {"text": "y"}
DEEDS: Mapping[str, Deed] = {
    "Records.add": Deed(M, True, lambda p, w, app: p.meetings.records.add(Action(app=app, text="x"))),
    "Records.change": Deed(
        M, True, lambda p, w, app: p.meetings.records.change(Action, _action(w, app), {"text": "y"})
    ),
    "Records.remove": Deed(M, True, lambda p, w, app: p.meetings.records.remove(Action, _action(w, app))),
    "Records.restore": Deed(M, True, lambda p, w, app: p.meetings.records.restore(Action, _action(w, app))),
    "Records.add of a question": Deed(M, True, lambda p, w, app: p.meetings.records.add(Question(app=app, text="?"))),
    "Notes.save": Deed(M, True, lambda p, w, app: p.meetings.notes.save(_held(w, app), "since", "", "x")),
    "Steps.go": Deed(M, True, lambda p, w, app: p.meetings.steps.go(_held(w, app), "since")),
    "Closing.close": Deed(M, True, lambda p, w, app: close_meeting(p, _held(w, app))),
    "Closing.correct": Deed(M, True, _corrected),
    "SnapshotStore.keep": Deed(M, True, _again),
    "SnapshotStore.pin": Deed(M, True, lambda p, w, app: [p.snapshots.pin(_kept(w, app), at) for at in (1, None)]),
    "SnapshotStore.delete": Deed(M, True, lambda p, w, app: p.snapshots.delete(_kept(w, app), 1)),
    "SnapshotStore.expire": Deed(A, False, lambda p, w, app: p.snapshots.expire(p.catalog.settings.snapshots, p.now())),
    "Tomoni.expire_snapshots": Deed(A, False, lambda p, w, app: p.expire_snapshots()),
    "Tomoni.read_again": Deed(A, False, lambda p, w, app: p.read_again(Scope(0, 300, app=SHOP))),
    "Tokens.create": Deed(A, False, lambda p, w, app: p.meetings.tokens.create(f"new-{time.time_ns()}", None)),
    "Tokens.listed": Deed(A, False, lambda p, w, app: p.meetings.tokens.listed()),
    "Tokens.revoke": Deed(A, False, lambda p, w, app: p.meetings.tokens.revoke(_token(w))),
    "Audit.found": Deed(A, False, lambda p, w, app: p.meetings.audit.found()),
    "Audit.all": Deed(A, False, lambda p, w, app: list(p.meetings.audit.all())),
    "Audit.verify": Deed(A, False, lambda p, w, app: p.meetings.audit.verify()),
}


def _token(world: World) -> str:
    name = f"old-{time.time_ns()}"
    world.product.meetings.tokens.create(name, None)
    return name


# What only reads, and leaves out what is hidden: tests/use_cases/test_seen.py and test_unsaid.py look into it.
READS = {
    "Records": "writable read listed listed_as_of keyed history is_seen may_change app_of version",
    "Notes": "read revision history",
    "Steps": "current",
    "Closing": "held",
    "PostmortemSearch": "matching",
    "SnapshotStore": "seen_by listed page moments before read read_all entry deleted",
    "Tomoni": "grants_of grants_of_account grants_of_token seen_as seen_by published catalog setup sources generation "
    "refreshing refreshes failing_feeds now apps overview overview_of outlook review review_again app_as_of moved "
    "explain prices history freeze origin check live close tells_story_of is_collecting has_collected "
    "refresh_counts with_rows",
    "Meetings": "seen_by as_of",
}
# Parts of others that ask before them, and what the process does for everybody, whoever looks.
WITHIN = {
    "Records": "add_within change_within",
    "SnapshotStore": "prepared keep_within",
    "Meetings": "did",
    "Tokens": "find",
    "SentMessages": "claim release has",
    "Tomoni": "sync sync_status sync_review sync_periods reload refresh_in_background",
}
STORES = (
    Records,
    Notes,
    Steps,
    Closing,
    Tokens,
    SentMessages,
    PostmortemSearch,
    Meetings,
    Audit,
    SnapshotStore,
    Tomoni,
)
ROLES = {
    "stranger": Grants(Role.NONE, (), frozenset({HIDDEN})),
    "viewer": Grants(Role.VIEWER, (), frozenset({HIDDEN})),
    "member": Grants(Role.VIEWER, ((SHOP, M),), frozenset({HIDDEN})),
    "member of the hidden one": Grants(Role.NONE, ((HIDDEN, M),), frozenset({HIDDEN})),
    "editor": Grants(Role.EDITOR, (), frozenset({HIDDEN})),
    "admin": Grants(A, (), frozenset({HIDDEN})),
}


@table("role", ROLES)
@table("deed", DEEDS)
def test_every_deed_takes_the_role_of_the_table(world: World, role: str, deed: str):
    asked, grants = DEEDS[deed], ROLES[role]
    product = world.product.seen_by(grants)
    for app in (SHOP, HIDDEN) if asked.of_app else (SHOP,):
        if grants.may(asked.needed, app if asked.of_app else ""):
            asked.act(product, world, app)
        else:
            with pytest.raises((NotAllowedError, MeetingError, SnapshotError)):
                asked.act(product, world, app)


def test_no_deed_is_missing_in_the_table():
    for store in STORES:
        name = store.__name__
        public = {each for each, _ in inspect.getmembers(store) if not each.startswith("_")}
        written = {each.partition(".")[2].partition(" ")[0] for each in DEEDS if each.startswith(f"{name}.")}
        assert public == {*READS.get(name, "").split(), *WITHIN.get(name, "").split(), *written}, name
