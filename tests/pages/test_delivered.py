"""A part of a page that is drawn anew never takes away what the run before it drew."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeConfig, SessionClient
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.cache_storage_manager_config import create_default_cache_storage_manager

from tomoni.ui.delivered import _Wait, deliver_whole_pages

PAGE = """
import streamlit as st
st.fragment(lambda: st.text("looked"), run_every=1)()
for n in range(30):
    st.text(n)
st.text("the end " + st.query_params.get("step", ""))
"""


class Browser(SessionClient):
    """What a browser was told: texts, and how often a whole page came to its end."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.fragment, self.whole = "", 0

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        """Takes a message."""
        kind = msg.WhichOneof("type")
        if kind == "auto_rerun":
            self.fragment = msg.auto_rerun.fragment_id
        elif kind == "delta":
            self.texts.append(msg.delta.new_element.text.body)
        elif kind == "script_finished":
            self.whole += msg.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY


def asked(step: str, fragment: str = "") -> BackMsg:
    """What a browser sends to see a step, or a part of the page alone."""
    message = BackMsg()
    message.rerun_script.query_string = f"step={step}"
    message.rerun_script.fragment_id, message.rerun_script.is_auto_rerun = fragment, bool(fragment)
    return message


@pytest.fixture
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions answer as they did before the test."""
    monkeypatch.setattr(AppSession, "request_rerun", AppSession.request_rerun)
    monkeypatch.setattr(Runtime, "_instance", None)


async def told(script: Path, polls: int, seconds: float) -> Browser:
    """What a browser is told of two steps, when ``polls`` polls come between the end of the second's thread and the
    moment at which the server takes what that thread sent; what they draw is waited for so many seconds at most."""
    server = Runtime(
        RuntimeConfig(
            str(script),
            media_file_storage=MemoryMediaFileStorage("/media"),
            uploaded_file_manager=MemoryUploadedFileManager("/upload"),
            cache_storage_manager=create_default_cache_storage_manager(),
        )
    )
    await server.start()
    browser = Browser()
    session = server.connect_session(browser, {})
    server.handle_backmsg(session, asked("one"))
    until = time.monotonic() + 30
    while not (browser.whole and browser.fragment) and time.monotonic() < until:
        await asyncio.sleep(0.01)
    server.handle_backmsg(session, asked("two"))
    while any(each.name == "ScriptRunner.scriptThread" for each in threading.enumerate()):
        time.sleep(0.01)  # the loop, which is busy with other pages
    for _ in range(polls):
        server.handle_backmsg(session, asked("one", browser.fragment))
    looked = browser.texts.count("looked")
    until = time.monotonic() + seconds
    while browser.texts.count("looked") < looked + 1 + bool(polls) and time.monotonic() < until:
        await asyncio.sleep(0.01)
    while any(each.name == "ScriptRunner.scriptThread" for each in threading.enumerate()):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # what the last thread sent is taken, and with it its loop is closed
    server.stop()
    await server.stopped
    return browser


@pytest.mark.parametrize(("waits", "polls", "whole"), [(False, 1, 1), (True, 1, 2), (True, 2, 2), (True, 0, 2)])
@pytest.mark.usefixtures("as_it_was")
def test_a_poll_at_the_end_of_a_run_loses_nothing_of_the_page(tmp_path: Path, waits: bool, polls: int, whole: int):
    """The first row shows that Streamlit still needs this: without waiting the second step never arrives."""
    (tmp_path / "page.py").write_text(PAGE)
    if waits:
        deliver_whole_pages()
        deliver_whole_pages()
    with ThreadPoolExecutor(1) as pool:  # other tests may have a loop in this thread
        browser = pool.submit(asyncio.run, told(tmp_path / "page.py", polls, 30 if waits else 2)).result(90)
    assert browser.whole == whole
    assert ("the end two" in browser.texts) == (whole == 2)


class Busy:
    """A session whose last run has not been sent yet; it notes what it is asked for, and what was pressed."""

    def __init__(self) -> None:
        self.sent, self.asked = asyncio.Event(), list[tuple[str, list[str]]]()

    def track_settling(self) -> None:
        """It does."""

    @property
    def is_settled(self) -> bool:
        return self.sent.is_set()

    async def wait_until_settled(self) -> None:
        """Until the run is sent."""
        await self.sent.wait()

    def take(self, state: ClientState | None) -> None:
        """What Streamlit would run now."""
        widgets = state.widget_states.widgets if state else ()
        self.asked.append((state.fragment_id if state else "", [each.id for each in widgets if each.trigger_value]))


def message(fragment: str = "", pressed: str = "", poll: bool = False) -> ClientState:
    state = ClientState(fragment_id=fragment, is_auto_rerun=poll)
    if pressed:
        state.widget_states.widgets.add(id=pressed, trigger_value=True)
    return state


@pytest.mark.parametrize(
    ("messages", "is_sent", "asked"),
    [
        ([message("body", "next")], True, [("body", ["next"])]),
        ([message("body", "next"), message()], True, [("", ["next"])]),
        ([message("body", "next"), message("", "next")], True, [("", ["next"])]),
        ([message("body", "next"), None], True, [("", []), ("body", ["next"])]),
        ([*[message("clock", poll=True)] * 60, message("body", "next")], True, [("clock", []), ("body", ["next"])]),
        ([message("body", "next"), message("body", "lead")], True, [("body", ["next"]), ("body", ["lead"])]),
        # A run that does not end takes what somebody did itself. A poll would stand for it.
        ([message("clock", poll=True), message("body", "next")], False, [("body", ["next"])]),
    ],
)
def test_presses_in_parts_that_wait_are_kept_and_polls_do_not_pile_up(
    messages: list[ClientState | None], is_sent: bool, asked: list[tuple[str, list[str]]]
):
    async def play() -> list[tuple[str, list[str]]]:
        session = Busy()
        wait = _Wait(lambda taken, state: cast(Busy, taken).take(state), patience=60 if is_sent else 0.05)
        for each in messages:
            wait(cast(Any, session), each)
        if is_sent:
            session.sent.set()
        until = time.monotonic() + 30
        while len(session.asked) < len(asked) and time.monotonic() < until:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.15)
        return session.asked

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, play()).result(60) == asked


@pytest.mark.parametrize(("poll", "brought"), [(True, []), (False, ["close"])])
def test_what_a_browser_shows_while_it_polls_is_nobodys_choice(poll: bool, brought: list[str]):
    async def play() -> list[str]:
        session, seen = Busy(), list[str]()
        session.sent.set()
        state = message("clock", poll=poll)
        state.widget_states.widgets.add(id="step", string_value="close")
        take = lambda _, taken: seen.extend(each.string_value for each in taken.widget_states.widgets)  # noqa: E731
        _Wait(take)(cast(Any, session), state)
        assert state.widget_states.widgets, "the message of Streamlit is left as it is"
        return seen

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, play()).result(60) == brought


@pytest.mark.parametrize(
    ("seconds_since_the_end", "counts"),
    [(None, False), (0.0, False), (4.0, False), (6.0, True)],
    ids=["while a run goes on", "at its end", "while its end may be on its way", "once it was heard of"],
)
@pytest.mark.parametrize("fragment", ["", "body"])
def test_what_a_browser_holds_counts_once_it_has_heard_of_the_end_of_the_last_run(
    seconds_since_the_end: float | None, counts: bool, fragment: str
):
    clock = [100.0]

    async def play() -> list[list[str]]:
        session, seen = Busy(), list[list[str]]()
        take = lambda _, taken: seen.append(list(taken.cached_message_hashes))  # noqa: E731
        wait = _Wait(take, clock=lambda: clock[0])
        wait(cast(Any, session), message())
        if seconds_since_the_end is not None:
            session.sent.set()
            await asyncio.sleep(0)  # the end is noted
            await asyncio.sleep(0)
            clock[0] += seconds_since_the_end
        state = message(fragment)
        state.cached_message_hashes.append("a figure")
        wait(cast(Any, session), state)
        session.sent.set()
        for _ in range(5):
            await asyncio.sleep(0)
        assert list(state.cached_message_hashes) == ["a figure"], "the message of Streamlit is left as it is"
        return seen

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, play()).result(60) == [[], ["a figure"] if counts else []]
