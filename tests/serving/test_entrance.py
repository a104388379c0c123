"""Who comes in: nothing around the sign-in, and the way back to the page that was wanted."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from urllib.parse import quote

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.serving.conftest import Ask
from tests.tables import table
from tomoni.access.identity import Identity
from tomoni.access.seal import HEADER, sealed
from tomoni.serving.addresses import Addresses
from tomoni.serving.entrance import Doors, Entrance
from tomoni.serving.sign_in import SignIn, SignInIncompleteError, is_exposed, sign_in_of
from tomoni.settings import ProcessSettings

BROWSER = {"accept": "text/html"}
# What some servers take for the address or the method instead of those of the request.
INSTEAD = {f"x-{name}": "/healthz" for name in ("original-url", "rewrite-url", "forwarded-prefix", "forwarded-uri")}
INSTEAD |= {"x-http-method-override": "OPTIONS", "x-forwarded-user": "a@example.com", "remote-user": "a@example.com"}
SOMEBODY = Identity("i", "1", "a@example.com", until=2**40)


def prove(headers: Headers) -> Identity | None:
    return SOMEBODY if headers.get("x-proof") == "true" else None


AT_PROVIDER = Doors(SignIn("oidc", prove, leave="/auth/logout"), begin=lambda: "/auth/login?provider=x")
AT_PROXY = Doors(SignIn("proxy", prove, leave="https://proxy.example/out"))
KINDS = [AT_PROVIDER, AT_PROXY]
CLOSED = (
    "/",
    "/app?app=checkout",
    "/app/",
    "//app",
    "/%61pp",
    "/static/js/main.js",
    "/media/abc.pdf",
    "/component/x/index.html",
    "/_stcore/host-config",
    "/_stcore/health/../host-config",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/a/b",
    "/_stcore/bidi-components/x",
    "/favicon.png",
    "/index.html",
    "/oauth2callback/../app",
    "/auth/login/../../app",
    "/auth/other",
    "/healthz/../app",
    "/healthz/app",
    "/healthz/",
    "/healthz%2f..%2fapp",
    "/healthz%5c..%5capp",
    "/healthz%00/app",
    "/healthz;/app",
    "/_stcore/health%2f..%2fhost-config",
    "/oauth2callback%2f..%2fapp",
    "/%2561pp",
    "//healthz",
    "/_stcore/health/",
    "/oauth2callback/",
    "/auth/login/",
    "/metrics/",
    "//api/status",
    "/sign-in/",
    "/sign-in/app",
    "/sign-out/app",
    "/apix",
)


@table("doors", KINDS)
@table("path", CLOSED)
@table("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS"])
def test_nothing_is_answered_to_whoever_did_not_sign_in(ask: Ask, doors: Doors, path: str, method: str):
    answer = ask(doors=doors).request(method, path, headers={**BROWSER, **INSTEAD}, follow_redirects=False)
    assert answer.status_code in (401, 404), answer.text
    assert "the page" not in answer.text


@pytest.mark.parametrize("path", ["/app", "/static/a.js"])
def test_whoever_signed_in_comes_in(ask: Ask, path: str):
    assert ask(doors=AT_PROVIDER).get(path, headers={"x-proof": "true"}).status_code == 200


def test_a_header_under_the_name_of_the_guard_says_nothing(ask: Ask):
    forged = {HEADER: sealed(SOMEBODY), "X-Tomoni-Person": sealed(SOMEBODY)}
    assert ask(doors=AT_PROXY).get("/app", headers=forged).status_code == 401


@pytest.mark.parametrize("doors", KINDS, ids=["oidc", "proxy"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/_stcore/health"])
def test_probes_need_no_sign_in(ask: Ask, doors: Doors, path: str):
    assert ask(doors=doors).get(path).status_code == 200


@pytest.mark.parametrize(
    ("headers", "comes_in"),
    [
        ({}, False),
        ({"x-proof": "true"}, True),
        ({"x-proof": "true", "origin": "http://127.0.0.1:8501"}, True),
        ({"x-proof": "true", "origin": "https://slo.example.com"}, True),
        ({"x-proof": "true", "origin": "http://slo.example.com"}, False),
        ({"x-proof": "true", "origin": "https://slo.example.com:443"}, True),
        ({"x-proof": "true", "origin": "https://slo.example.com:80"}, False),
        ({"x-proof": "true", "origin": "https://slo.example.com.evil.example"}, False),
        ({"x-proof": "true", "origin": "https://user@slo.example.com"}, False),
        ({"x-proof": "true", "origin": "https://evil.example/127.0.0.1:8501"}, False),
        ({"x-proof": "true", "origin": "http://localhost:8501"}, False),
        ({"x-proof": "true", "origin": ""}, False),
        ({"x-proof": "true", "origin": "https://evil.example"}, False),
        ({"x-proof": "true", "origin": "http://127.0.0.1:9999"}, False),
        ({"x-proof": "true", "origin": "null"}, False),
        ({"x-proof": "true", "origin": "http://[::1"}, False),
        ({"origin": "http://127.0.0.1:8501", HEADER: sealed(SOMEBODY)}, False),
    ],
)
def test_a_websocket_opens_for_a_page_of_ours_and_somebody_who_signed_in(
    ask: Ask, headers: dict[str, str], comes_in: bool
):
    client = ask(doors=Doors(SignIn("proxy", prove), url="https://slo.example.com"))
    headers = {**headers, "host": "127.0.0.1:8501"}
    if comes_in:
        with client.websocket_connect("/_stcore/stream", headers=headers) as socket:
            assert socket.receive_text() == "open"
    else:
        for path in ("/_stcore/stream", "/_stcore/%73tream", "/healthz", "/_stcore/health", "/oauth2callback", "/api"):
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(path, headers=headers):
                pass


@pytest.mark.parametrize("doors", [Doors(SignIn("none")), Doors(SignIn("none"), is_open=True)], ids=["here", "open"])
@pytest.mark.parametrize("origin", ["http://127.0.0.1:3000", "http://localhost:8501", "https://evil.example", "null"])
def test_without_sign_in_too_a_websocket_opens_for_a_page_of_ours_alone(ask: Ask, doors: Doors, origin: str):
    client = ask(doors=doors)
    for asked, opens in ((None, True), ("http://127.0.0.1:8501", True), (origin, False)):
        headers = {"host": "127.0.0.1:8501"} | ({"origin": asked} if asked else {})
        refused = nullcontext() if opens else pytest.raises(WebSocketDisconnect)
        with refused, client.websocket_connect("ws://127.0.0.1:8501/_stcore/stream", headers=headers) as socket:
            assert socket.receive_text() == "open"


@pytest.mark.parametrize("host", ["tomoni:8501", "10.0.0.7", "slo.example.com"])
def test_a_proxy_may_ask_by_a_name_of_its_own_and_streamlit_hears_the_one_that_people_open(host: str):
    door = Entrance(Doors(SignIn("none"), True, "https://slo.example.com"), Addresses.of([""]))
    headers = [(b"host", host.encode()), (b"origin", b"https://slo.example.com")]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    with ThreadPoolExecutor(1) as pool:  # a browser's tests may have a loop in this one
        assert pool.submit(asyncio.run, door.refusal(scope)).result(60) is None
    assert Headers(scope=scope)["host"] == "slo.example.com"


def test_a_reader_is_led_to_the_sign_in_in_their_language_and_back(ask: Ask):
    client = ask(doors=AT_PROVIDER)
    page = client.get("/app?app=checkout&lang=ja", headers=BROWSER)
    assert page.status_code == 401
    assert "サインイン" in page.text
    way = f"/sign-in?next={quote('/app?app=checkout&lang=ja', safe='')}"
    assert f"href='{way}'" in page.text
    begun = client.get(way, follow_redirects=False)
    assert (begun.status_code, begun.headers["location"]) == (303, "/auth/login?provider=x")
    assert "HttpOnly" in begun.headers["set-cookie"]


@table(
    ("address", "base", "is_one"),
    [
        ("/", "", True),
        ("/app?app=checkout#here", "", True),
        ("/team/app?x=1", "team", True),
        ("/team/", "team", True),
        ("/app", "team", False),
        ("/teamapp", "team", False),
        ("", "", False),
        ("app", "", False),
        ("//evil.example", "", False),
        ("///evil.example/app", "", False),
        ("/\\evil.example", "", False),
        ("\\\\evil.example", "", False),
        ("https://evil.example/app", "", False),
        ("javascript:alert(1)", "", False),
        ("/app\r\nSet-Cookie: a=b", "", False),
        ("/\tapp", "", False),
        ("/nothing", "", False),
        ("/auth/logout", "", False),
        ("/sign-out", "", False),
        ("/app/../auth/logout", "", False),
        ("/app?" + "a" * 4001, "", False),
    ],
)
def test_a_sign_in_leads_back_to_own_pages_alone(address: str, base: str, is_one: bool):
    assert Entrance(AT_PROVIDER, Addresses.of(["", "app"], base)).is_page(address) is is_one


@pytest.mark.parametrize(
    ("doors", "to"),
    [(AT_PROVIDER, "/auth/logout"), (AT_PROXY, "https://proxy.example/out"), (Doors(SignIn("proxy", prove)), "/")],
)
def test_signing_out_is_left_to_who_signed_in(ask: Ask, doors: Doors, to: str):
    answer = ask(doors=doors).get("/sign-out", headers={"x-proof": "true"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, to)


HERE = ("127.0.0.1", 1)


@table(
    ("client", "to", "headers", "answered"),
    [
        (HERE, "127.0.0.1", {}, True),
        (("::1", 1), "localhost", {}, False),
        (("10.0.0.5", 1), "127.0.0.1", {}, False),
        (HERE, "10.0.0.1", {}, False),
        (HERE, "127.0.0.1", {"x-forwarded-for": "10.0.0.5"}, False),
        (HERE, "127.0.0.1", {"x-forwarded-for": "127.0.0.1, 8.8.8.8"}, False),
        (HERE, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, True),
        (HERE, "127.0.0.1", {"x-real-ip": "10.0.0.5"}, False),
        (HERE, "127.0.0.1", {"forwarded": 'for="[2001:db8::1]:80";proto=https'}, False),
        (HERE, "127.0.0.1", {"forwarded": "for=127.0.0.1"}, True),
        (HERE, "127.0.0.1", {"forwarded": "for=unknown"}, False),
    ],
)
def test_without_sign_in_only_this_machine_is_answered_unless_somebody_chose_otherwise(
    ask: Ask, client: tuple[str, int], to: str, headers: dict[str, str], answered: bool
):
    for doors, expected in ((Doors(SignIn("none")), answered), (Doors(SignIn("none"), is_open=True), True)):
        asking = TestClient(ask(doors=doors).app, base_url=f"http://{to}", client=client)
        assert asking.get("/app", headers=headers).status_code == (200 if expected else 403)
        assert asking.get("/healthz", headers=headers).status_code == 200


@table(
    ("address", "told", "exposed"),
    [
        ("127.0.0.1", {}, False),
        ("localhost", {}, False),
        ("0.0.0.0", {}, True),
        (None, {}, True),
        ("", {}, True),
        ("0.0.0.0", {"open": True}, False),
        ("0.0.0.0", {"sign_in": "oidc"}, False),
    ],
)
def test_a_start_for_everybody_needs_to_be_meant(address: str | None, told: dict[str, object], exposed: bool):
    assert is_exposed(ProcessSettings.model_validate(told), address) is exposed


WHOLE = {
    "oidc": {
        "url": "https://slo.example.com",
        "oidc_url": "https://id.example/.well-known/openid-configuration",
        "oidc_client_id": "tomoni",
        "oidc_client_secret": "s",
        "cookie_secret": "c" * 32,
    },
    "proxy": {"proxy_header": "x-assertion", "proxy_keys": "/keys", "proxy_issuer": "i", "proxy_audience": "a"},
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, told in WHOLE.items() for name in told])
def test_a_sign_in_that_lacks_something_does_not_start(kind: str, name: str):
    told = {"sign_in": kind, **WHOLE[kind]}
    assert sign_in_of(ProcessSettings.model_validate(told), lambda: 0.0).is_needed
    del told[name]
    with pytest.raises(SignInIncompleteError, match=f"TOMONI_{name.upper()}"):
        sign_in_of(ProcessSettings.model_validate(told), lambda: 0.0)


def test_keys_without_tls_and_algorithms_that_prove_nothing_do_not_start():
    for wrong in ({"proxy_keys": "http://keys.example/"}, {"proxy_algorithms": "HS256"}, {"proxy_algorithms": ""}):
        told = {"sign_in": "proxy", **WHOLE["proxy"], **wrong}
        with pytest.raises(SignInIncompleteError):
            sign_in_of(ProcessSettings.model_validate(told), lambda: 0.0)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("access_denied", "access_denied"), ("invalid_request", "invalid_request"), ("<script>x</script>", "(error)")],
)
def test_whom_the_provider_did_not_sign_in_is_told_so_and_led_there_again(ask: Ask, said: str, shown: str):
    wanted = quote("/app?app=checkout", safe="")
    headers = {**BROWSER, "cookie": f"tomoni_wanted={wanted}"}
    asked = f"/oauth2callback?error={quote(said)}&error_description={quote('<b>x</b>')}&state=s"
    answer = ask(doors=AT_PROVIDER).get(asked, headers=headers, follow_redirects=False)
    assert answer.status_code == 401
    assert shown in answer.text
    assert f"href='/sign-in?next={wanted}'" in answer.text
    assert "<script>x" not in answer.text
    assert "<b>x" not in answer.text


def test_a_provider_is_asked_for_nothing_that_it_may_not_know():
    told = {"sign_in": "oidc", **WHOLE["oidc"]}
    asked = [sign_in_of(ProcessSettings.model_validate({**told, **more}), lambda: 0.0) for more in ({}, PROMPT)]
    assert [each.secrets["auth"]["client_kwargs"]["prompt"] for each in asked if each.secrets] == ["", "login"]


PROMPT = {"oidc_prompt": "login"}
