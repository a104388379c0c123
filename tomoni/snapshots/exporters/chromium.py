"""Chromium as a printer: one browser prints many pages, in a process of its own that can always be ended.

Playwright drives the Chromium that is installed and never downloads one. Each answer has a time limit;
a browser that hangs or dies is ended with all it started, and the next page gets a new one.
"""

from __future__ import annotations

import json
import os
import queue
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.files import temporary_folder
from tomoni.snapshots.leftovers import end_process_group, pids_file, record_process, recorded_processes

NAMES = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "google-chrome-stable")
SECONDS = 90  # for a page, and for the start
_LEAST_ROOM = 5_000_000  # bytes of temporary files that a page may take
_ROOT = Path(__file__).parents[3]
# What the child may know of our environment: no secrets of ours reach a browser.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")


def find_chromium(named: str | None = None) -> str:
    """The Chromium that is named, or else the one on the path. Raises SnapshotError: `chromium_missing`."""
    found = next((path for name in ([named] if named else NAMES) if (path := shutil.which(name))), None)
    if found is None:
        raise SnapshotError("chromium_missing", {"package": "chromium"})
    return found


class ChromiumPrinter:
    """Prints HTML files, one after the other. Safe in several threads; use it as a context manager.

    Chromium starts with the first page. Raises SnapshotError: `chromium_missing`, `chromium_failed`,
    `chromium_timed_out`.
    """

    def __init__(self, chromium: str | None = None, seconds: float = SECONDS) -> None:
        self._named = chromium
        self._seconds = seconds
        self._turn = threading.Lock()
        self._running: _Running | None = None

    def print(self, kind: str, source: Path, target: Path, footer: str = "") -> None:
        """Prints an HTML file as ``pdf`` or ``png`` into a file. ``footer`` is HTML for the foot of PDF pages."""
        order = {"kind": kind, "source": source.resolve().as_uri(), "target": str(target), "footer": footer}
        with self._turn:
            if self._running is None:
                self._running = _Running(find_chromium(self._named), self._seconds)
            try:
                self._running.ask(order)
            except SnapshotError:
                self._end()
                raise

    def close(self) -> None:
        """Ends Chromium."""
        with self._turn:
            self._end()

    def _end(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        self.close()


class _Running:
    """The child process with its Chromium."""

    def __init__(self, chromium: str, seconds: float) -> None:
        self._seconds = seconds
        self._made = ExitStack()
        self._folder = self._made.enter_context(temporary_folder("chromium"))
        wrapper = _wrapper(self._folder, chromium)
        command = [sys.executable, "-m", "tomoni.snapshots.exporters.chromium_process", str(wrapper), str(seconds)]
        with _stderr_file(self._folder).open("wb") as stderr:
            self._child = subprocess.Popen(  # noqa: S603 - our own module
                command,
                cwd=_ROOT,
                env=_environ(self._folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        record_process(self._folder, self._child.pid)
        self._answers: queue.Queue[str] = queue.Queue()
        out = self._child.stdout
        threading.Thread(target=_read, args=(out, self._answers.put), name="tomoni-chromium", daemon=True).start()

    def ask(self, order: dict[str, str]) -> None:
        """Has one page printed, and waits for it."""
        try:
            if self._child.stdin:
                self._child.stdin.write(json.dumps(order) + "\n")
                self._child.stdin.flush()
            answer = self._answers.get(timeout=self._seconds)
        except OSError as error:
            raise self._failed(_reported(self._folder) or str(error)) from None
        except queue.Empty:
            raise SnapshotError("chromium_timed_out", {"seconds": self._seconds}) from None
        if answer != "done\n":
            raise self._failed(answer.strip() or _reported(self._folder))

    def _failed(self, detail: str) -> SnapshotError:
        """Why it failed: without room for its files Chromium reports whatever went wrong first."""
        if shutil.disk_usage(self._folder).free < _LEAST_ROOM:
            return SnapshotError("temporary_full", {"folder": str(self._folder.parent)})
        return SnapshotError("chromium_failed", detail=detail)

    def end(self) -> None:
        """Ends the child and the browser, kindly first."""
        with suppress(OSError):
            if self._child.stdin:
                self._child.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(2)
        for leader in recorded_processes(self._folder):
            end_process_group(leader)
        self._child.wait()
        if self._child.stdout:
            self._child.stdout.close()
        self._made.close()


def _stderr_file(folder: Path) -> Path:
    return folder / "stderr"


def _reported(folder: Path) -> str:
    """Why the child ended without an answer: the first line is the cause, the last one what came of it."""
    with _stderr_file(folder).open(errors="replace") as file:
        lines = [line.strip() for line in file.read(100_000).splitlines() if line.strip()]
    return " … ".join(dict.fromkeys(lines[:1] + lines[-1:]))


def _wrapper(folder: Path, chromium: str) -> Path:
    """A script that starts Chromium and records its process, which Playwright does not expose."""
    script = folder / "chromium"
    pids = shlex.quote(str(pids_file(folder)))
    script.write_text(f'#!/bin/sh\necho $$ >> {pids}\nexec {shlex.quote(chromium)} "$@"\n')
    script.chmod(0o700)
    return script


def _environ(folder: Path) -> dict[str, str]:
    """The child's environment: whatever it or Chromium keeps is kept in a folder, for our home may be read-only."""
    environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    kept = dict.fromkeys(("TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
    if not os.access(environ.get("HOME", ""), os.W_OK):
        kept["HOME"] = str(folder)
    return environ | kept


def _read(out: IO[str] | None, put: Callable[[str], None]) -> None:
    """Passes on each line; an empty one marks the end."""
    with suppress(ValueError):  # the pipe was closed meanwhile
        for line in out or ():
            put(line)
    put("")
