"""Chromium's process: its sandbox where there is one, its own reasons, and its end with whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.browser.server import CHROMIUM
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.chromium_process import launched, reason
from tomoni.snapshots.files import temporary_folder

pytestmark = [pytest.mark.browser]

PAGE = "<html data-ready><body><script>window.tomoni = {drawAll() {}}</script>printed</body></html>"
PRINT = """
import sys
from pathlib import Path
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
with ChromiumPrinter(sys.argv[1]) as printer:
    printer.print("pdf", Path(sys.argv[2]), Path(sys.argv[2]).with_suffix(".pdf"))
    print("ready", flush=True)
    sys.stdin.read()
"""


def script(folder: Path, body: str) -> str:
    file = folder / "fake-chromium"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    return file


@pytest.fixture
def temporary(monkeypatch) -> Iterator[Path]:
    """A folder for temporary files of its own; sockets in it need a short path."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)
        monkeypatch.setattr(tempfile, "tempdir", None)


def processes_of(folder: Path) -> list[str]:
    """The command lines of all processes that keep their temporary files in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={folder}/".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def soon(condition, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return bool(condition())


def started(chromium: str, page: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PRINT, chromium, str(page)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_chromium_ends_with_a_killed_command_and_its_files_go_at_the_next_start(page, temporary):
    process = started(CHROMIUM, page)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert any("--user-data-dir" in command for command in processes_of(temporary))
    kill(process)
    assert soon(lambda: not processes_of(temporary)), processes_of(temporary)
    with temporary_folder("chromium") as mine:
        assert list(temporary.iterdir()) == [mine]


def test_a_chromium_that_hangs_ends_with_a_killed_command(page, temporary, tmp_path):
    process = started(script(tmp_path, f"touch {tmp_path}/runs; sleep 600"), page)
    assert soon((tmp_path / "runs").exists)
    kill(process)
    assert soon(lambda: not processes_of(temporary)), processes_of(temporary)
    assert soon(lambda: not os.listdir(temporary))


def test_what_a_killed_command_and_its_helper_left_is_cleared_at_the_next_start(page, temporary, tmp_path):
    process = started(script(tmp_path, f"touch {tmp_path}/runs; sleep 600"), page)
    assert soon((tmp_path / "runs").exists)
    (folder,) = temporary.iterdir()
    (helper, *_) = (folder / "pids").read_text().split()
    os.killpg(int(helper), 9)
    kill(process)
    assert folder.exists()
    with temporary_folder("chromium") as mine:
        assert list(temporary.iterdir()) == [mine]
    assert soon(lambda: not processes_of(temporary)), processes_of(temporary)


def test_chromium_works_where_nothing_but_the_temporary_folder_can_be_written(page, temporary, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/proc/nowhere")
    with ChromiumPrinter(CHROMIUM) as printer:
        printer.print("pdf", page, tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
    assert os.listdir(temporary) == []


def test_a_failure_names_chromium_s_own_reason(page, tmp_path):
    fake = script(tmp_path, "echo '[1128/05:ERROR:x.cc:1] cannot open libfoo.so.1: No such file' >&2; exit 127")
    with ChromiumPrinter(fake) as printer, pytest.raises(SnapshotError) as caught:
        printer.print("pdf", page, tmp_path / "page.pdf")
    assert caught.value.code == "chromium_failed"
    assert "cannot open libfoo.so.1: No such file" in caught.value.detail
    assert "127" in caught.value.detail
    assert "--user-data-dir" not in caught.value.detail


def test_a_driver_that_cannot_start_is_named(page, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", script(tmp_path, "echo 'node: cannot open libatomic.so.1' >&2; exit 1"))
    with ChromiumPrinter(CHROMIUM) as printer, pytest.raises(SnapshotError) as caught:
        printer.print("pdf", page, tmp_path / "page.pdf")
    assert (caught.value.code, caught.value.detail) == ("chromium_failed", "node: cannot open libatomic.so.1")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "x\n  - [pid=1][err] [1:FATAL:a.cc:2] No room.\n  - [pid=1][err] #0 0x55aa (/usr/lib/x)",
            "[1:FATAL:a.cc:2] No room.",
        ),
        ("Page.goto: Timeout 90000ms exceeded.\nCall log: ...", "Page.goto: Timeout 90000ms exceeded. Call log: ..."),
        ("", "it ended"),
    ],
)
def test_reasons_are_one_line(written, said):
    assert reason(Error(written)) == said


@pytest.fixture
def kind(browser):
    return browser.browser_type


def arguments(tmp_path: Path) -> list[str]:
    return (tmp_path / "arguments").read_text().splitlines()


@pytest.mark.parametrize(("user", "sandbox"), [(0, False), (1000, True)])
def test_the_sandbox_is_used_by_whoever_may(kind, tmp_path, monkeypatch, user, sandbox):
    """The fake does not hand the sandbox on, for the tests may run as root."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    fake = script(tmp_path, f'echo "$@" >> {tmp_path}/arguments\nexec {CHROMIUM} --no-sandbox "$@"')
    launched(kind, fake, 30).close()
    (one,) = arguments(tmp_path)
    assert ("--no-sandbox" not in one) is sandbox
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in one
    assert "--disable-dev-shm-usage" in one


def test_where_there_is_no_sandbox_chromium_goes_without(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    refuses = "echo '[1:FATAL:zygote_host_impl_linux.cc:130] No usable sandbox! If this is a Debian system' >&2; exit 1"
    fake = script(
        tmp_path,
        f'echo "$@" >> {tmp_path}/arguments\ncase "$*" in *--no-sandbox*) exec {CHROMIUM} "$@";; esac\n{refuses}',
    )
    launched(kind, fake, 30).close()
    assert ["--no-sandbox" in line for line in arguments(tmp_path)] == [False, True]


def test_another_failure_does_not_give_up_the_sandbox(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Error):
        launched(kind, script(tmp_path, f'echo "$@" >> {tmp_path}/arguments\nexit 3'), 30)
    assert ["--no-sandbox" in line for line in arguments(tmp_path)] == [False]
