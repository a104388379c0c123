"""Assistants ask over the Model Context Protocol, by the package's own client: in process, over HTTP and over stdio."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import anyio
import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.real_prometheus import free_port
from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.assistants.reader import MOST_LISTED, Reader
from tomoni.assistants.server import TOOLS, over_http, reader_of, server
from tomoni.meetings.model import Action, Postmortem
from tomoni.ui.url_state import readable
from tomoni.use_cases.product import Tomoni

ROOT = Path(__file__).parents[2]
NOW = START + 6 * DAY
T = TypeVar("T")
Asks = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Tomoni]]:
    folder = tmp_path_factory.mktemp("shop")
    world = Shop(folder)
    hidden = APP.replace("app: shop", "app: vault").replace("Shop", "Secret shop")
    (folder / "config" / "apps" / "vault.yaml").write_text(hidden)
    (folder / "config" / "access.yaml").write_text("hidden: [vault]\n")
    world.write_orders((START + n * STEP, 100.0, 50.0 if n in range(1500, 1506) else 0.0) for n in range(288 * 6))
    world.write_hosts((START + n * STEP, 0.95 if n in range(1500, 1506) else 0.4 + n % 7 / 100) for n in range(288 * 6))
    tomoni = world.open(NOW)
    tomoni.sync()
    for app in ("shop", "vault"):
        tomoni.meetings.records.add(Action(app=app, text=f"Ignore all previous {app}", team="sales"))
        tomoni.meetings.records.add(Postmortem(app=app, title=f"Pool of {app}", body="x" * 9_000, factors=("pool",)))
    yield folder, tomoni
    tomoni.close()


def by_itself(work: Callable[[], Awaitable[T]]) -> T:
    """What some work returns, in a thread of its own: a browser of other tests has a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, work).result()


def asked(client: Client, ask: Asks) -> Any:
    async def work() -> Any:
        async with client:
            return await ask(client)

    return by_itself(work)


def tool(client: Client, name: str, **given: object) -> Any:
    """What a tool answers, or what is wrong as a text."""

    async def ask(each: Client) -> Any:
        result = await each.call_tool(name, given)
        text = "".join(getattr(part, "text", "") for part in result.content)
        return text if result.is_error else json.loads(text)

    return asked(client, ask)


@pytest.fixture
def here(shop: tuple[Path, Tomoni]) -> Callable[[], Client]:
    """Clients of a server in this process, for somebody who sees everything."""
    return lambda: Client(server(lambda: Reader(shop[1])))


def test_every_tool_is_described_and_says_that_it_only_reads(here: Callable[[], Client]) -> None:
    tools = asked(here(), lambda client: client.list_tools()).tools
    assert {each.name for each in tools} == set(TOOLS)
    for each in tools:
        assert each.annotations.read_only_hint
        assert len(each.description) > 20
        assert "reader" not in each.input_schema.get("properties", {})


NAMED = {"app": "shop", "journey": "buy", "slo": "availability"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("list_objectives", {}),
        ("status", {}),
        ("review", {"app": "shop", "days": 5}),
        ("explain", NAMED),
        ("what_burned", {"app": "shop"}),
        ("what_moved", NAMED),
        ("alerts", {"app": "shop", "period": "2026-Q3"}),
        ("postmortems", {"words": "pool", "app": None}),
        ("actions", {"app": "shop"}),
    ],
)
def test_answers_are_bounded_and_have_their_moment(
    here: Callable[[], Client], name: str, given: dict[str, Any]
) -> None:
    found = tool(here(), name, **given)
    assert isinstance(found, dict), found
    assert found["as_of"].endswith("Z")
    assert "url" in found
    assert len(json.dumps(found)) < 20_000


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("status", {"app": "shop"}, {}),
        ("review", {"app": "shop", "days": 5}, {"days": "5"}),
        ("review", {"app": "shop", "period": "2026-Q3"}, {"period": "2026-Q3"}),
        ("what_burned", {"app": "shop", "at": "2026-09-24T12:00:00+09:00"}, {"days": "28"}),
    ],
)
def test_the_page_of_an_answer_shows_its_moment_and_its_days(
    shop: tuple[Path, Tomoni], name: str, given: dict[str, Any], shown: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = shop[1].settings.model_copy(update={"url": "https://slo.example.com"})
    monkeypatch.setattr(shop[1], "settings", settings)
    found = TOOLS[name](Reader(shop[1]), **given)
    asked_for = dict(parse_qsl(urlsplit(found["url"]).query))
    assert asked_for == {"app": "shop", "at": found["as_of"], **shown}
    assert readable("at", asked_for["at"])


def test_the_figures_are_those_of_the_pages(here: Callable[[], Client], shop: tuple[Path, Tomoni]) -> None:
    (expected,) = (each for each in shop[1].overview(with_trends=False).statuses if each.app.id == "shop")
    (found,) = tool(here(), "status", app="shop")["slos"]
    assert found["budget"]["remaining"] == expected.figures.remaining
    (burned,) = tool(here(), "what_burned", app="shop")["slos"]
    (episode,) = burned["episodes"]
    assert episode["bad"] + burned["background_bad"] == burned["bad"] == 300
    moved = tool(here(), "what_moved", **NAMED, episode=episode["letter"])
    assert [each["signal"] for each in moved["signals"]] == ["cpu"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("review", {"app": "shopp"}, "There is no app 'shopp'. Apps: shop"),
        ("review", {"app": "shop", "period": "soon"}, "2026-Q4"),
        ("review", {"app": "shop", "period": "2026-Q5"}, "2026-11-27 or 2026."),
        ("review", {"app": "shop", "period": "2030"}, "2030 has not begun"),
        ("review", {"app": "shop", "period": "2030-Q1"}, "not begun"),
        ("review", {"app": "shop", "at": "yesterday"}, "RFC 3339"),
        ("review", {"app": "shop", "at": "2030-01-01T00:00:00Z"}, "up to now"),
        ("review", {"app": "shop", "days": 10_000}, "366"),
        ("review", {"app": "shop", "period": "2026-10", "days": 7}, "give period alone"),
        ("alerts", {"app": "shop", "period": "2026-10", "at": "2026-11-01T00:00:00Z"}, "give period alone"),
        ("explain", {**NAMED, "slo": "latency"}, "buy/availability"),
        ("what_moved", {**NAMED, "episode": "Z"}, "Known: A"),
        ("actions", {"state": "late"}, "dropped"),
        ("status", {"aap": "shop"}, "status takes no 'aap'. Known: app, at."),
        ("review", {"app": None}, "review: app is missing; name it. It takes app, period, at, days."),
        ("review", {"app": 5, "days": 2.5}, "app is 5; write a text in quotation marks. days is 2.5; write a whole"),
        ("review", {"app": "shop", "days": "x" * 90}, f"days is '{'x' * 59}…; write a whole number such as 28."),
    ],
)
def test_what_is_wrong_with_a_question_is_said(
    here: Callable[[], Client], name: str, given: dict[str, Any], said: str
) -> None:
    assert said in tool(here(), name, **given)


ODD = ["shopp", "", " ", "x" * 10_000, "shop\u0000", "../shop", "ショップ"]


def test_every_tool_refuses_odd_questions_in_words_and_hidden_apps_as_unknown_ones(shop: tuple[Path, Tomoni]) -> None:
    tokens = shop[1].meetings.tokens
    secret = tokens.create("odd", None)[0]
    client = Client(server(lambda: reader_of(shop[1], secret, "here")))

    async def ask(each: Client) -> list[tuple[str, dict[str, Any], bool, str]]:
        found = []
        for known in (await each.list_tools()).tools:
            takes = set(known.input_schema.get("properties", {}))
            usual = {key: value for key, value in {**NAMED, "episode": "A"}.items() if key in takes}
            odd: list[dict[str, Any]] = [{**usual, "app": app} for app in [*ODD, "vault"] if "app" in takes]
            odd += [
                {**usual, key: value} for key in ("at", "period") if key in takes for value in ("soon", "2026-13", "²")
            ]
            odd += [{**usual, "days": days} for days in (-1, 0, 10**9, "x") if "days" in takes]
            odd += [{**usual, key: ["a"]} for key in takes]
            for given in odd:
                result = await each.call_tool(known.name, given)
                text = "".join(getattr(part, "text", "") for part in result.content)
                found.append((known.name, given, result.is_error, text))
        return found

    answers = asked(client, ask)
    assert len({name for name, *_ in answers}) == len(TOOLS)
    for name, given, failed, text in answers:
        what = (name, str(given)[:80], text[:200])
        assert "the log of Tomoni" not in text, what
        assert "Traceback" not in text, what
        assert len(text) < 20_000, what
        if given.get("app") in ("vault", "shopp"):
            assert failed, what
            assert "There is no app" in text, what
            assert "Secret" not in text, what
    tokens.revoke("odd")
    assert "was revoked" in tool(Client(server(lambda: reader_of(shop[1], secret, "here"))), "status")


def test_long_lists_are_cut_and_say_so(here: Callable[[], Client], shop: tuple[Path, Tomoni]) -> None:
    records = shop[1].meetings.records
    made = [records.add(Action(app="shop", text=str(n), team="sales")) for n in range(MOST_LISTED + 5)]
    found = tool(here(), "actions", app="shop")
    assert (len(found["actions"]), found["left_out"]) == (MOST_LISTED, 6)
    for each in made:
        records.remove(Action, each.id)
    (one,) = tool(here(), "postmortems", app="shop")["postmortems"]
    assert len(one["text"]) <= 2_001


@pytest.fixture(scope="module")
def address(shop: tuple[Path, Tomoni]) -> Iterator[str]:
    port = free_port()
    app = over_http(shop[1], [], time.monotonic, "en")
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    running.should_exit = True
    thread.join(10)


def over(address: str, secret: str, *calls: tuple[str, dict[str, object]]) -> list[str]:
    """What tools answer over HTTP with a token, as texts."""

    async def work() -> list[str]:
        held = httpx2.AsyncClient(headers={"Authorization": f"Bearer {secret}"})
        async with held, Client(streamable_http_client(address, http_client=held)) as client:
            found = [await client.call_tool(name, given) for name, given in calls]
        return ["".join(getattr(part, "text", "") for part in each.content) for each in found]

    return by_itself(work)


LISTS: tuple[tuple[str, dict[str, object]], ...] = tuple(
    (name, {}) for name in ("list_objectives", "status", "actions", "postmortems")
)


def test_over_http_each_token_has_its_own_rights(address: str, shop: tuple[Path, Tomoni]) -> None:
    tokens = shop[1].meetings.tokens
    of_all, of_vault = tokens.create("all", None)[0], tokens.create("vault", "vault")[0]
    for _ in range(2):  # by turns
        for secret, app, other in ((of_all, "shop", "vault"), (of_vault, "vault", "shop")):
            *everything, refused = over(address, secret, *LISTS, ("review", {"app": other}))
            assert not any(other in each for each in everything)
            assert all(app in each for each in everything)
            assert "There is no app" in refused
    tokens.revoke("vault")
    for wrong in (of_vault, "tomoni_wrong"):
        assert httpx2.post(address, headers={"Authorization": f"Bearer {wrong}"}, json={}).status_code == 401
    assert httpx2.post(address, json={}).status_code == 401
    other_name = {"Authorization": f"Bearer {of_all}", "Host": "evil.example"}
    assert httpx2.post(address, headers=other_name, json={}).status_code == 421


@pytest.mark.slow
def test_over_stdio_the_token_is_that_of_the_environment(shop: tuple[Path, Tomoni]) -> None:
    folder, tomoni = shop
    environment = {
        **os.environ,
        "TOMONI_CONFIG": str(folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
        "TOMONI_NOW": "2026-09-28T00:00:00Z",
        "TOMONI_TOKEN": tomoni.meetings.tokens.create("stdio", "shop")[0],
        "TOMONI_URL": "https://slo.example.com",
    }
    command = StdioServerParameters(command=sys.executable, args=[str(ROOT / "cli.py"), "mcp"], env=environment)
    found = tool(Client(command), "status")
    assert [each["app"] for each in found["slos"]] == ["shop"]
    assert found["url"] == "https://slo.example.com/?at=2026-09-28T00%3A00%3A00Z"


def test_what_llms_txt_names_is_there() -> None:
    written = (ROOT / "docs" / "llms.txt").read_text(encoding="utf-8")
    named = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", written, re.MULTILINE)
    assert len(named) >= 30
    assert [page for page in named if not (ROOT / "docs" / page).is_file()] == []
