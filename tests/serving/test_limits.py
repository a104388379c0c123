"""Who asks behind a proxy, how much may be sent, how often a sign-in is tried, and sessions that were ended."""

from __future__ import annotations

import time

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.serving.conftest import Ask
from tomoni.access.ended import EndedSessions
from tomoni.access.identity import Identity
from tomoni.api.limits import RateLimit
from tomoni.serving.entrance import Doors
from tomoni.serving.forwarded import TrustedProxies
from tomoni.serving.sign_in import SignIn
from tomoni.settings import ProcessSettings
from tomoni.store.errors import StoreError

OPEN = Doors(SignIn("none"), is_open=True)
PROXIES = "10.0.0.0/8, 127.0.0.1, fd00::/8"


@pytest.mark.parametrize(
    ("peer", "trusted", "forwarded", "asked"),
    [
        ("10.0.0.1", PROXIES, ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", PROXIES, ["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", PROXIES, ["1.1.1.1", "203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", PROXIES, ["203.0.113.5, 10.9.9.9"], "203.0.113.5"),
        ("10.0.0.1", PROXIES, ["10.1.1.1"], "10.1.1.1"),
        ("10.0.0.1", PROXIES, ["203.0.113.5, nobody"], "10.0.0.1"),
        ("10.0.0.1", PROXIES, [""], "10.0.0.1"),
        ("10.0.0.1", PROXIES, [], "10.0.0.1"),
        ("10.0.0.1", PROXIES, ["2001:db8::7"], "2001:db8::7"),
        ("fd00::1", PROXIES, ["203.0.113.5"], "203.0.113.5"),
        ("::ffff:10.0.0.1", PROXIES, ["203.0.113.5"], "203.0.113.5"),
        ("192.0.2.1", PROXIES, ["203.0.113.5"], "192.0.2.1"),
        ("10.0.0.1", None, ["203.0.113.5"], "10.0.0.1"),
        ("10.0.0.1", "", ["203.0.113.5"], "10.0.0.1"),
    ],
)
def test_a_header_says_who_asks_only_where_a_proxy_of_ours_wrote_it(
    ask: Ask, peer: str, trusted: str | None, forwarded: list[str], asked: str
):
    client = TestClient(ask(doors=OPEN, proxies=TrustedProxies.of(trusted)).app, "http://127.0.0.1", client=(peer, 1))
    answer = client.get("/app", headers=[("x-forwarded-for", value) for value in forwarded])
    assert answer.headers["x-asked-by"] == asked


def test_who_is_handed_on_is_not_on_this_machine_whatever_a_header_says(ask: Ask):
    app = ask(proxies=TrustedProxies.of("10.0.0.1")).app
    client = TestClient(app, "http://127.0.0.1", client=("10.0.0.1", 1))
    assert client.get("/app", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("wrong", ["proxy.example.com", "10.0.0.0/33", "10.0.0.1/8", "*"])
def test_what_is_no_network_is_no_proxy(wrong: str):
    with pytest.raises(ValueError, match="trusted_proxies"):
        ProcessSettings(trusted_proxies=wrong)


@pytest.mark.parametrize(
    ("path", "headers", "content", "status"),
    [
        ("/app", {}, b"x" * 64 * 1024, 200),
        ("/app", {}, b"x" * (64 * 1024 + 1), 413),
        ("/app", {"content-length": "-1"}, b"", 413),
        ("/app", {"content-length": "9" * 30}, b"", 413),
        ("/api/nothing", {}, b"x" * 70_000, 200),  # it has a limit of its own
        ("/_stcore/upload_file/a/b", {}, b"x" * 70_000, 200),  # that of .streamlit/config.toml
        ("/_stcore/upload_file", {}, b"x" * 70_000, 413),
    ],
)
def test_nobody_sends_more_than_a_page_does(ask: Ask, path: str, headers: dict[str, str], content: bytes, status: int):
    assert ask(doors=OPEN).post(path, headers=headers, content=content).status_code == status


def test_a_body_of_unknown_length_is_refused(ask: Ask):
    assert ask(doors=OPEN).post("/app", content=iter([b"x"])).status_code == 413


class Store:
    """What all processes remember; it may be away."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.away = False

    def claim(self, key: str) -> bool:
        self._answer()
        self.keys.add(key)
        return True

    def has(self, key: str) -> bool:
        self._answer()
        return key in self.keys

    def _answer(self) -> None:
        if self.away:
            raise StoreError("database_unreachable", "", {})


def doors(ended: EndedSessions | None = None, attempts: RateLimit | None = None) -> Doors:
    def prove(headers: Headers) -> Identity | None:
        given = headers.get("x-session")
        return Identity("i", "1", until=int(time.time()) + 60, session=given) if given else None

    return Doors(SignIn("oidc", prove, leave="/auth/logout"), False, None, lambda: "/auth/login", ended, attempts)


@pytest.mark.parametrize("way", ["/sign-out", "/auth/logout"])
def test_who_signed_out_is_out_everywhere_with_every_copy_of_the_cookie(ask: Ask, way: str):
    store, now = Store(), [0.0]
    here, there = (ask(doors=doors(EndedSessions(lambda: store, lambda: now[0]))) for _ in range(2))
    mine, other = {"x-session": "mine"}, {"x-session": "other"}
    assert [each.get("/app", headers=mine).status_code for each in (here, there)] == [200, 200]
    here.get(way, headers=mine, follow_redirects=False)
    assert here.get("/app", headers=mine).status_code == 401
    with pytest.raises(WebSocketDisconnect), here.websocket_connect("/_stcore/stream", headers=mine):
        pass
    now[0] += 6
    assert there.get("/app", headers=mine).status_code == 401
    assert [each.get("/app", headers=other).status_code for each in (here, there)] == [200, 200]


def test_a_session_ends_here_also_while_the_database_is_away():
    store, now = Store(), [0.0]
    ended = EndedSessions(lambda: store, lambda: now[0])
    store.away = True
    assert not ended.has("a")
    ended.end("a")
    now[0] += 1000
    assert ended.has("a")
    assert not ended.has("b")


def test_whoever_tries_to_sign_in_too_often_is_told_when_to_try_again(ask: Ask):
    now = [0.0]
    client = ask(doors=doors(attempts=RateLimit(60, 5, lambda: now[0])))
    ways = ("/sign-in", "/auth/login", "/oauth2callback?state=x", "/sign-in?next=/app", "/auth/login")
    assert all(client.get(way, follow_redirects=False).status_code in (200, 303) for way in ways)
    refused = client.get("/sign-in", headers={"accept": "text/html", "accept-language": "ja"}, follow_redirects=False)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert "リクエスト" in refused.text
    assert client.get("/app").status_code == 401  # nobody else waits
    now[0] += 1
    assert client.get("/sign-in", follow_redirects=False).status_code == 303
