"""The HTML that pages begin with says where the server is, and is answered at each address of a page alone."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from tomoni.serving.addresses import Addresses
from tomoni.serving.first_page import FirstPage, told_where_its_server_is
from tomoni.serving.policy import hashes_of

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text()
HTML = told_where_its_server_is(INDEX)
OWN = HTML + "<!-- of one page -->"


async def _streamlit(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("streamlit")


def client(base: str = "") -> TestClient:
    addresses = Addresses.of(["", "app", "own"], base)
    first = Middleware(FirstPage, htmls={"": HTML, "own": OWN}, addresses=addresses)
    return TestClient(
        Starlette(routes=[Route("/{rest:path}", _streamlit, methods=["GET", "POST"])], middleware=[first]),
        base_url="http://127.0.0.1",
    )


def test_the_script_stands_before_all_others_and_nothing_else_is_changed():
    (told,) = set(re.findall(r"<script>window\.__streamlit.*?</script>\n    ", HTML))
    assert HTML.replace(told, "", 1) == INDEX
    assert HTML.index("<script") == HTML.index(told)
    script = re.findall("<script>(.*?)</script>", told)[0]
    assert f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" in hashes_of(HTML)


@pytest.mark.parametrize(
    ("base", "path"), [("", "/"), ("", "/app"), ("", "/nothing"), ("slo", "/slo/"), ("slo", "/slo/app")]
)
def test_a_page_is_answered_with_it_and_a_browser_that_has_it_keeps_it(base: str, path: str):
    answer = client(base).get(path + "?app=checkout")
    assert (answer.status_code, answer.text) == (200, HTML)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    again = client(base).get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("", "/app/"),
        ("", "//app"),
        ("", "/static/js/a.js"),
        ("", "/favicon.png"),
        ("", "/_stcore/health"),
        ("", "/healthz"),
        ("", "/api/status"),
        ("", "/a/b"),
        ("slo", "/slo"),
        ("slo", "/app"),
        ("slo", "/slo/static/js/a.js"),
    ],
)
def test_all_else_is_left_to_streamlit(base: str, path: str):
    assert client(base).get(f"http://127.0.0.1{path}").text == "streamlit"


def test_a_page_may_have_html_of_its_own():
    own, other = (client().get(path) for path in ("/own", "/app"))
    assert own.text == OWN
    assert own.headers["etag"] != other.headers["etag"]
    assert client().get("/own", headers={"if-none-match": own.headers["etag"]}).status_code == 304
    assert client().get("/own", headers={"if-none-match": other.headers["etag"]}).status_code == 200


def test_what_is_sent_to_a_page_is_left_to_streamlit():
    assert client().post("/app").text == "streamlit"
