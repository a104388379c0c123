"""What pages need of Streamlit's files is named in their HTML and sent from memory, the same to the byte."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from tests.use_cases.test_background import wait_until
from tomoni.serving.addresses import Addresses
from tomoni.serving.first_page import told_what_it_needs
from tomoni.serving.scripts import BESIDES, EVERYWHERE, FromMemory, Shipped, prepared

SHIPPED = Shipped(Path(streamlit.__file__).parent / "static" / "index.html")
FOLDER = SHIPPED.index.parent
PAGES = ("", "app", "review")


async def _streamlit(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("streamlit")


def small(folder: Path, base: str = "") -> TestClient:
    """A folder with one script, a font and the HTML that names them, once both are in memory."""
    (folder / "static" / "js").mkdir(parents=True)
    (folder / "static" / "media").mkdir()
    (folder / "static" / "js" / "index.a.js").write_text("let many = 1;\n" * 1000)
    (folder / "static" / "media" / "letters.woff2").write_bytes(b"font" * 1000)
    named = ("static/js/index.a.js", "static/media/letters.woff2")
    index = folder / "index.html"
    index.write_text("<head>" + "".join(f'<link href="./{each}">' for each in named) + "</head>")
    memory = Middleware(FromMemory, shipped=Shipped(index), addresses=Addresses.of(["", "app"], base))
    routes = [Route("/{rest:path}", _streamlit, methods=["GET", "POST"])]
    client = TestClient(Starlette(routes=routes, middleware=[memory]), base_url="http://127.0.0.1")
    place = f"/{base}/{named[-1]}" if base else f"/{named[-1]}"
    wait_until(lambda: client.get(place).text != "streamlit")
    return client


@pytest.mark.parametrize("kind", sorted({*EVERYWHERE, *(each for kinds in BESIDES.values() for each in kinds)}))
def test_each_kind_of_element_has_one_script(kind: str):
    assert len(list((FOLDER / "static" / "js").glob(f"{kind}.*.js"))) == 1


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_files_that_are_there_each_once_with_all_that_they_import(page: str):
    needed, html = SHIPPED.needed(page), SHIPPED.html()
    assert needed
    assert len(set(needed)) == len(needed)
    assert not [each for each in needed if each in html]
    for each in needed:
        text = (FOLDER / each).read_text()
        imported = {f"static/js/{name}" for name in re.findall(r'(?:from|import)\s*[`"]\./([^`"]+)[`"]', text)}
        assert {name for name in imported if name not in needed and name not in html} == set()
    assert set(needed) <= set(SHIPPED.all_needed())


def test_only_pages_with_figures_and_tables_ask_for_what_draws_them():
    kinds = {page: {Path(each).name.partition(".")[0] for each in SHIPPED.needed(page)} for page in PAGES}
    assert [page for page in PAGES if "PlotlyChart" in kinds[page]] == ["app"]
    assert [page for page in PAGES if "DataFrame" in kinds[page]] == [""]


def test_a_streamlit_without_such_a_kind_of_element_is_as_good(tmp_path: Path):
    (tmp_path / "index.html").write_text("<head></head>")
    assert Shipped(tmp_path / "index.html").needed("app") == []


def test_the_html_names_them_after_what_it_names_itself_and_nothing_else_is_changed():
    html = SHIPPED.html()
    told = told_what_it_needs(html, ["static/js/a.js", "static/js/b.js"])
    links = re.findall(r'    <link rel="modulepreload" crossorigin href="\./static/js/[ab]\.js">\n', told)
    assert len(links) == 2
    assert told.replace("".join(links), "", 1) == html
    assert told.rindex("modulepreload") < told.index("</head>")


@pytest.mark.parametrize("path", SHIPPED.all_needed())
def test_what_is_sent_is_the_file(path: str):
    found = prepared(FOLDER / path)
    sent = gzip.decompress(found.content) if "Content-Encoding" in found.headers else found.content
    assert sent == (FOLDER / path).read_bytes()
    assert len(found.content) <= len(sent)
    assert found.kind.startswith(("text/javascript", "application/javascript", "text/css", "font/"))


@pytest.mark.parametrize("base", ["", "slo"])
def test_a_file_is_sent_from_memory_and_kept_by_browsers(tmp_path: Path, base: str):
    client, before = small(tmp_path, base), f"/{base}" if base else ""
    for _ in range(2):  # the second answer is as the first
        script = client.get(f"{before}/static/js/index.a.js")
        assert script.text == "let many = 1;\n" * 1000
        assert script.headers["content-encoding"] == "gzip"
        assert script.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert int(script.headers["content-length"]) < 1000
    font = client.get(f"{before}/static/media/letters.woff2")
    assert font.content == b"font" * 1000
    assert "content-encoding" not in font.headers


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/static/js/index.a.js", {"accept-encoding": "identity"}),
        ("GET", "/static/js/index.a.js", {"range": "bytes=0-10"}),
        ("GET", "/static/js/index.a.js", {"if-none-match": '"x"'}),
        ("POST", "/static/js/index.a.js", {}),
        ("GET", "/static/js/other.js", {}),
        ("GET", "/static/js/../js/index.a.js%00", {}),
        ("GET", "/static/js", {}),
        ("GET", "/", {}),
    ],
)
def test_all_else_is_left_to_streamlit(tmp_path: Path, method: str, path: str, headers: dict[str, str]):
    assert small(tmp_path).request(method, path, headers=headers).text == "streamlit"


def test_an_answer_has_headers_of_its_own(tmp_path: Path):
    """The guard adds to the headers of each answer, such as the cookies of one reader."""
    from_memory = small(tmp_path).app

    async def with_a_cookie(scope: Scope, receive: Receive, send: Send) -> None:
        async def added(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"set-cookie", b"of=one"))
            await send(message)

        await from_memory(scope, receive, added)

    client = TestClient(with_a_cookie, base_url="http://127.0.0.1")
    for _ in range(3):
        assert client.get("/static/js/index.a.js").headers.get_list("set-cookie") == ["of=one"]
