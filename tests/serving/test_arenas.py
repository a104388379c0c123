"""The threads of a process share a few arenas of malloc, unless whoever runs it has chosen otherwise."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from tests.tables import table

THREADS = """
import ctypes, threading
from tomoni.serving.arenas import keep_few_arenas
keep_few_arenas()
together, kept = threading.Barrier(12), []
def work():
    kept.append(bytearray(4000))  # more than Python takes from its own arenas
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for each in threads: each.start()
for each in threads: each.join()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
@table(("chosen", "most"), [({}, 2), ({"MALLOC_ARENA_MAX": "8"}, 8)])
def test_threads_take_memory_from_few_places(chosen: dict[str, str], most: int) -> None:
    known = {name: value for name, value in os.environ.items() if "MALLOC" not in name and name != "GLIBC_TUNABLES"}
    command = [sys.executable, "-c", THREADS]
    done = subprocess.run(command, env={**known, **chosen}, capture_output=True, text=True, check=True)
    assert done.stderr.count("Arena ") == most
