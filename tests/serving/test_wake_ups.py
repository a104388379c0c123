"""What threads hand to the event loop arrives, however few wake-ups there are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tomoni.serving.wake_ups import few_wake_ups, wake_once

THREADS, MESSAGES = 8, 2000
T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser of other tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_all_that_threads_hand_over_arrives_in_their_order_with_few_wake_ups():
    async def handed_over() -> tuple[list[tuple[int, int]], int]:
        loop: Any = asyncio.get_running_loop()
        written, write = 0, loop._write_to_self

        def counted() -> None:
            nonlocal written
            written += 1
            write()

        loop._write_to_self = counted
        async with few_wake_ups(None):
            arrived: list[tuple[int, int]] = []

            def hand_over(thread: int) -> None:
                for n in range(MESSAGES):
                    loop.call_soon_threadsafe(arrived.append, (thread, n))

            threads = [threading.Thread(target=hand_over, args=(thread,)) for thread in range(THREADS)]
            for thread in threads:
                thread.start()
            async with asyncio.timeout(30):
                while len(arrived) < THREADS * MESSAGES:
                    await asyncio.sleep(0.01)
        return arrived, written

    arrived, written = run(handed_over())
    for thread in range(THREADS):
        assert [n for of, n in arrived if of == thread] == list(range(MESSAGES))
    assert written < THREADS * MESSAGES / 2


def test_a_loop_that_sleeps_is_woken_each_time():
    async def woken() -> None:
        loop = asyncio.get_running_loop()
        wake_once(loop)
        for _ in range(200):
            there = asyncio.Event()
            threading.Thread(target=loop.call_soon_threadsafe, args=(there.set,)).start()
            async with asyncio.timeout(10):  # nothing else would wake it before
                await there.wait()

    run(woken())
