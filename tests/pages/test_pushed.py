"""What has changed draws the pages anew that look at it, one after the other, and nothing else does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from streamlit.proto.ClientState_pb2 import ClientState

from tomoni.store.errors import StoreError
from tomoni.ui.pushed import Bell, Looking, Watch


class Session:
    """A page that notes which of its parts were drawn anew, and how many pages were drawn at the same moment."""

    drawing, most = 0, 0

    def __init__(self, *parts: str, stuck: bool = False) -> None:
        self.parts, self.drawn, self._stuck = parts, list[str](), stuck

    def has_fragment(self, part: str) -> bool:
        """Whether the page has the part."""
        return part in self.parts

    def track_settling(self) -> None:
        """Every session of the test tells when it has come to rest."""

    def request_rerun(self, message: ClientState) -> None:
        """Begins to draw."""
        self.drawn.append(message.fragment_id)
        Session.drawing += 1
        Session.most = max(Session.most, Session.drawing)

    async def wait_until_settled(self) -> None:
        """Until it is drawn."""
        await asyncio.sleep(3600 if self._stuck else 0.001)
        Session.drawing -= 1


class World:
    """Sessions that look at things, each of which has a version."""

    patience = 60.0  # nobody is given up because the machine is busy

    def __init__(self, **sessions: Session) -> None:
        self.sessions, self.versions, self.asked = sessions, dict[str, int](), list[str]()
        self.watch = Watch(lambda name: cast(Any, self.sessions.get(name)), patience=self.patience)

    def look(self, session: str, part: str, about: str, drawn_from: int) -> None:
        """Lets a part of a page look at something."""
        message = ClientState(fragment_id=part)
        self.watch.look(Looking(session, about, drawn_from, self._ask(about), message))

    def _ask(self, about: str) -> Callable[[], int]:
        def ask() -> int:
            self.asked.append(about)
            if self.versions[about] < 0:
                raise StoreError("database_unreachable")
            return self.versions[about]

        return ask

    def once(self, times: int = 1) -> dict[str, list[str]]:
        """Looks, and returns which parts have been drawn anew so far."""

        async def look() -> None:
            for _ in range(times):
                await self.watch.once()

        with ThreadPoolExecutor(1) as pool:  # other tests may have a loop in this thread
            pool.submit(asyncio.run, look()).result(60)
        return {name: session.drawn for name, session in self.sessions.items()}


class Hasty(World):
    """One that waits for nobody longer than two seconds."""

    patience = 2.0


def test_only_what_changed_is_drawn_anew_once_and_asked_for_once():
    world = World(a=Session("p", "q"), b=Session("p"), c=Session("p"))
    world.versions |= {"review": 2, "notes": 7, "other": 1}
    for session in "ab":
        world.look(session, "p", "review", 1)
    world.look("a", "q", "notes", 7)
    world.look("c", "p", "other", 1)
    assert world.once() == {"a": ["p"], "b": ["p"], "c": []}
    assert sorted(world.asked) == ["notes", "other", "review"]
    assert world.once(3) == {"a": ["p"], "b": ["p"], "c": []}  # who stays as it is, is not told of it again
    world.versions["notes"] = 8
    assert world.once()["a"] == ["p", "q"]


def test_pages_are_drawn_one_after_the_other_and_one_that_does_not_end_holds_up_none():
    Session.drawing = Session.most = 0
    world = World(**{f"s{n}": Session("p") for n in range(20)})
    world.versions["review"] = 2
    for name in world.sessions:
        world.look(name, "p", "review", 1)
    assert all(drawn == ["p"] for drawn in world.once().values())
    assert Session.most == 1
    stuck = Hasty(stuck=Session("p", stuck=True), other=Session("p"))
    stuck.versions["review"] = 2
    for name in stuck.sessions:
        stuck.look(name, "p", "review", 1)
    assert stuck.once() == {"stuck": ["p"], "other": ["p"]}


def test_what_is_gone_is_forgotten_and_a_database_that_does_not_answer_draws_nothing():
    world = World(a=Session("p"), gone=Session("p"))
    world.versions["review"] = -1
    for session, part in (("a", "p"), ("a", "old"), ("gone", "p")):
        world.look(session, part, "review", 1)
    del world.sessions["gone"]
    assert world.once() == {"a": []}
    assert [(each.session, each.message.fragment_id) for each in world.watch.parts] == [("a", "p")]
    world.versions["review"] = 2
    assert world.once() == {"a": ["p"]}


def test_a_question_that_fails_or_is_not_answered_holds_up_no_other(failures: list[str]):
    world = Hasty(failing=Session("p"), silent=Session("p"), other=Session("p"))
    world.versions["review"] = 2
    message = ClientState(fragment_id="p")
    world.watch.look(Looking("failing", "what fails", 1, lambda: 1 // 0, message))
    world.watch.look(Looking("silent", "what is silent", 1, lambda: time.sleep(4), message))
    world.look("other", "p", "review", 1)
    assert world.once() == {"failing": [], "silent": [], "other": ["p"]}
    assert ["ZeroDivisionError" in each for each in failures] == [True]
    failures.clear()


def test_a_ring_from_another_thread_ends_the_waiting_and_one_that_came_early_is_heard():
    bell = Bell()
    bell.ring()  # nobody ever waited

    async def wait() -> list[bool]:
        loop, waits = asyncio.get_running_loop(), list[bool]()
        for rung in (False, True, False):
            await bell.wait(0.01)
            if rung:
                await loop.run_in_executor(None, bell.ring)
            waiting = asyncio.create_task(bell.wait(60 if rung else 0.05))
            waits.append(bool((await asyncio.wait([waiting], timeout=30))[0]))
        return waits

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, wait()).result(60) == [True, True, True]
    bell.ring()  # its loop has ended
