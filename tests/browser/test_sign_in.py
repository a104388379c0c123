"""The sign-in as it is served: a real provider of OpenID Connect, a real browser, and ways around both."""

from __future__ import annotations

import http.client
import re
import socket
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import patient, serving, settle

# The provider is made with an older interface of Authlib.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

READER = oidc_provider_mock.User(
    sub="reader-1",
    claims={
        "name": "Aya <b>Tanaka</b>",
        "email": "aya@example.com",
        "email_verified": True,
        "groups": [str(uuid.UUID(int=3**number % 2**127)) for number in range(80, 230)],  # more than one cookie holds
    },
)
AROUND: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/", {}),
    ("GET", "/app?app=checkout", {"Accept": "text/html"}),
    ("GET", "/static/index.html", {}),
    ("GET", "/index.html", {}),
    ("GET", "/media/0123456789abcdef.pdf", {}),
    ("GET", "/component/tomoni/x.js", {}),
    ("GET", "/_stcore/host-config", {}),
    ("GET", "/_stcore/allowed-message-origins", {}),
    ("GET", "/_stcore/script-health-check", {}),
    ("GET", "/_stcore/metrics", {}),
    ("GET", "/_stcore/health/../host-config", {}),
    ("GET", "//_stcore/host-config", {}),
    ("GET", "/%5fstcore/host-config", {}),
    ("GET", "http://127.0.0.1/_stcore/host-config", {}),
    ("PUT", "/_stcore/upload_file/a/b", {}),
    ("POST", "/", {"X-HTTP-Method-Override": "GET"}),
    ("GET", "/", {"Cookie": "_streamlit_user=e30.x.y"}),
    ("GET", "/", {"X-Tomoni-Person": "W10=.0"}),
    ("GET", "/", {"X-Forwarded-User": "admin", "X-Forwarded-Email": "aya@example.com"}),
    ("GET", "/", {"X-Goog-Authenticated-User-Email": "accounts.google.com:aya@example.com"}),
    ("GET", "/", {"X-Forwarded-For": "127.0.0.1", "X-Original-URL": "/healthz"}),
    ("GET", "/", {"Authorization": "Bearer x"}),
    ("GET", "/api/status", {}),
    ("GET", "/api/openapi.json", {}),
    ("GET", "/api/calendar.ics", {}),
    ("GET", "/api/calendar.ics?token=x", {}),
    ("GET", "/metrics", {}),
    ("GET", "/metrics", {"Authorization": "Bearer x"}),
)
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(user_claims=[READER]) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(address: str, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """The answer to a request that is sent as it is written."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)) as connection:
        connection.request(method, path, headers=headers)
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode(errors="replace")


def settings(provider: str, port: int) -> dict[str, str]:
    return {
        "TOMONI_SIGN_IN": "oidc",
        "TOMONI_URL": f"http://127.0.0.1:{port}",
        "TOMONI_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "TOMONI_OIDC_URL": f"{provider}/.well-known/openid-configuration",
        "TOMONI_OIDC_CLIENT_ID": "tomoni",
        "TOMONI_OIDC_CLIENT_SECRET": "hush",
    }


def test_a_reader_signs_in_comes_to_the_page_they_wanted_and_out_again_and_nobody_comes_around(
    browser: Browser, provider: str, tmp_path: Path
):
    port = free_port()
    with serving(tmp_path, port=port, more=settings(provider, port)) as address:
        for method, path, headers in AROUND:
            status, body = asked(address, method, path, headers)
            assert status in (401, 404), (method, path, status)
            assert "noscript" not in body, (method, path)
        assert asked(address, "GET", "/_stcore/stream", UPGRADE)[0] == 403
        assert asked(address, "GET", "/healthz", {})[0] == 200

        context = browser.new_context(locale="ja-JP")
        page = patient(context).new_page()
        page.goto(f"{address}/app?app=checkout&days=7")
        page.get_by_role("link", name="サインイン").click()
        page.get_by_role("button", name="reader-1").first.click()
        page.wait_for_url(f"{address}/app?app=checkout&days=7**")
        settle(page)
        expect(page.locator(".js-plotly-plot").first).to_be_attached()
        page.get_by_role("button", name="account_circle").click()
        expect(page.get_by_text("Aya <b>Tanaka</b>")).to_be_visible()

        cookies = {each["name"]: each["value"] for each in context.cookies() if "name" in each}
        parts = [
            f"{name}={value}"
            for name, value in cookies.items()
            if name.startswith("_streamlit_user") and "tokens" not in name
        ]
        mine = {"Cookie": "; ".join([*parts, f"tomoni_whole={cookies['tomoni_whole']}"])}
        assert len(parts) > 2
        assert asked(address, "GET", "/app", mine)[0] == 200
        assert asked(address, "GET", "/app", {"Cookie": "; ".join(parts)})[0] == 401  # nothing holds them together
        elsewhere = {**UPGRADE, **mine, "Origin": "https://evil.example"}
        assert asked(address, "GET", "/_stcore/stream", elsewhere)[0] == 403
        page.get_by_role("link", name="サインアウト").click()
        page.wait_for_url(re.compile(r"127\.0\.0\.1"))
        page.goto(f"{address}/app?app=checkout")
        expect(page.get_by_role("link", name="サインイン")).to_be_visible()
        assert asked(address, "GET", "/app", mine)[0] == 401  # a copy of the cookie that was in force
        context.close()
    assert "Traceback" not in (tmp_path / "server.log").read_text()
