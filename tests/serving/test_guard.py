"""What stands before every request: names, addresses, headers."""

from __future__ import annotations

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.serving.conftest import Ask
from tomoni.serving.hosts import Hosts

BROWSER = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("path", ["/", "/app", "/app/", "/favicon.png", "/static/js/a.js", "/_stcore/health", "/api/x"])
def test_what_is_there_is_answered(ask: Ask, path: str):
    assert ask().get(path).status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/metricsx", "/api2", "/App", "/appx"])
def test_an_address_that_no_page_has_is_404_and_the_page_says_so_in_a_browser(ask: Ask, path: str):
    shown, asked = ask().get(path, headers=BROWSER), ask().get(path)
    assert (shown.status_code, asked.status_code) == (404, 404)
    assert "the page" in shown.text
    assert asked.text == "There is nothing at this address.\n"


@pytest.mark.parametrize(
    "path", ["/a/b", "/app/x", "/_stcorex/health", "/app/_stcore/health", "/%2e%2e/etc/passwd", "/<b>/x"]
)
def test_an_address_below_no_page_is_told_by_a_page_of_its_own_for_its_scripts_would_not_be_found(ask: Ask, path: str):
    answer = ask().get(path, headers={**BROWSER, "accept-language": "ja-JP,ja;q=0.9"})
    assert answer.status_code == 404
    assert "このアドレスには何もありません。" in answer.text
    assert "<a href='/'>" in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent", "/_stcore/agent/openapi.json"])
def test_what_streamlit_tells_of_itself_is_closed(ask: Ask, path: str):
    assert ask().get(path).status_code == 404


def test_what_is_sent_to_no_address_is_404(ask: Ask):
    assert ask().post("/nothing", headers=BROWSER).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "a b", "[x", "user@", ""]
)
def test_a_name_that_is_not_ours_is_refused_and_the_refusal_says_what_lets_it(ask: Ask, host: str):
    answer = ask().get("/app", headers={**BROWSER, "host": host})
    assert answer.status_code == 421
    assert "TOMONI_HOSTS" in answer.text
    with pytest.raises(WebSocketDisconnect), ask().websocket_connect("/_stcore/stream", headers={"host": host}):
        pass


@pytest.mark.parametrize("host", ["evil.example", ""])
def test_a_probe_is_answered_by_whatever_name_it_asks(ask: Ask, host: str):
    assert ask().get("/healthz", headers={"host": host}).status_code == 200
    assert ask().get("/metrics", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    ("host", "url", "names"),
    [
        ("127.0.0.1:8501", None, []),
        ("[::1]:8501", None, []),
        ("10.0.0.7", None, []),
        ("localhost:8501", None, []),
        ("tomoni:8501", None, []),
        ("slo.example.com", "https://slo.example.com/tomoni", []),
        ("SLO.example.com:443", "https://slo.example.com", []),
        ("a.example.com", None, ["*.example.com"]),
        ("b.a.example.com", None, [" *.Example.com "]),
        ("anything.test", None, ["*"]),
    ],
)
def test_our_own_names_are_answered_to(host: str, url: str | None, names: list[str]):
    assert Hosts.of(url, names).answers_to(host)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.com", ["*.example.com"]),
        ("notexample.com", ["*.example.com"]),
        ("slo.example.com.evil.test", ["slo.example.com"]),
    ],
)
def test_a_pattern_covers_the_names_below_it_alone(host: str, names: list[str]):
    assert not Hosts.of(None, names).answers_to(host)


def test_below_a_path_of_its_own_the_pages_and_the_probes_are_there(ask: Ask):
    client = ask(base="/slo/")
    known = {path: client.get(path).status_code for path in ("/slo", "/slo/app", "/slo/healthz", "/slox/app", "/app")}
    assert known == {"/slo": 200, "/slo/app": 200, "/slo/healthz": 200, "/slox/app": 404, "/app": 404}
    assert "<a href='/slo/'>" in client.get("/slo/a/b", headers=BROWSER).text


@pytest.mark.parametrize("path", ["/app", "/nothing", "/a/b", "/_stcore/metrics", "/healthz"])
def test_every_answer_says_what_a_page_may_do(ask: Ask, path: str):
    found = ask().get(path, headers=BROWSER).headers
    assert found["x-content-type-options"] == "nosniff"
    assert found["x-frame-options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in found["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
