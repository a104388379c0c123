"""Temporary files and folders that do not outlive a killed process.

Whoever makes one holds a lock on it while it is in use. The system releases the lock however the process ends,
so that the next one can recognize what was left behind, from any container on the same disk, and remove it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDERS = "tomoni-temp-"
_FILES = ".tomoni.part"
_PIDS = "pids"


@contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A new folder for temporary files, removed at the end. Raises OSError."""
    remove_left_folders()
    folder, lock = _held(lambda: Path(tempfile.mkdtemp(prefix=f"{_FOLDERS}{purpose}-")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@contextmanager
def file_aside(file: Path) -> Iterator[Path]:
    """A new, empty file beside the place of another, removed at the end unless it was renamed. Raises OSError."""
    aside, lock = _held(lambda: _empty_file(file))
    try:
        yield aside
    finally:
        aside.unlink(missing_ok=True)
        os.close(lock)


def remove_left_files(folder: Path) -> None:
    """Removes the files that killed processes left beside their places in a folder."""
    for aside in folder.glob(f".*{_FILES}"):
        _remove_if_left(aside, os.O_NONBLOCK, Path.unlink)


def remove_left_folders() -> None:
    """Removes the temporary folders of killed processes, and ends the programs recorded in them."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDERS}*"):
        _remove_if_left(folder, os.O_DIRECTORY, _remove_folder)


def record_process(folder: Path, pid: int) -> None:
    """Writes down that a process group, whose TMPDIR is a temporary folder, works for it."""
    with pids_file(folder).open("a") as file:
        file.write(f"{pid}\n")


def pids_file(folder: Path) -> Path:
    """The file with one process group a line, to which the groups themselves may add."""
    return folder / _PIDS


def recorded_processes(folder: Path) -> list[int]:
    """The process groups that were recorded for a temporary folder."""
    try:
        return [int(word) for word in pids_file(folder).read_text().split() if word.isdecimal() and int(word) > 1]
    except (OSError, UnicodeDecodeError):
        return []


def end_process_group(leader: int) -> None:
    """Ends a process group that we started, if it is still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _empty_file(file: Path) -> Path:
    handle, aside = tempfile.mkstemp(prefix=f".{file.name[:60]}.", suffix=_FILES, dir=file.parent)
    os.close(handle)
    return Path(aside)


def _held(make: Callable[[], Path]) -> tuple[Path, int]:
    """What was made, and the lock on it; made again when another process swept it away before it was locked."""
    while True:
        path = make()
        with suppress(FileNotFoundError):
            lock = os.open(path, os.O_RDONLY)
            if _lock(lock) and path.exists():
                return path, lock
            os.close(lock)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nothing on it can be recognized as left behind
        return True
    return True


def _remove_if_left(path: Path, only: int, remove: Callable[[Path], None]) -> None:
    """Removes our files that no process holds; what cannot be removed now is left for the next time. ``only`` is a flag
    with which opening waits for nothing: not for a writer, where somebody laid a pipe."""
    with suppress(OSError):
        lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | only)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(lock).st_uid == os.geteuid():
                remove(path)
        finally:
            os.close(lock)


def _remove_folder(folder: Path) -> None:
    for pid in recorded_processes(folder):
        if _works_for(pid, folder):
            end_process_group(pid)
    shutil.rmtree(folder, ignore_errors=True)


def _works_for(pid: int, folder: Path) -> bool:
    """Whether a process is still the one that was recorded: numbers are used again."""
    try:
        return f"TMPDIR={folder}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
