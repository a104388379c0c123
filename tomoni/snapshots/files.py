"""Files that are there whole or not at all: written aside, then renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tomoni.snapshots import leftovers
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.leftovers import file_aside, remove_left_files

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LEAST_ROOM = 5_000_000  # bytes of temporary files that a page may take
_NOWHERE = "No usable temporary directory"  # Python writes before it chooses one; if all are full it says this


def make_folder(folder: Path) -> None:
    """Makes a folder, and removes from it what killed processes left there.

    Raises SnapshotError: `folder_unwritable`, `disk_full`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_left_files(folder)
    except OSError as error:
        raise _told(folder, error) from None


def write_whole(file: Path, fill: Callable[[Path], None]) -> Path:
    """Lets ``fill`` write a file beside its place, then puts it there; what fails leaves nothing behind.

    Raises SnapshotError: `folder_unwritable`, `disk_full`, `temporary_full`, and what ``fill`` raises.
    """
    try:
        with file_aside(file) as aside:
            fill(aside)
            _settle(aside)
            os.replace(aside, file)
    except OSError as error:
        if error.errno in FULL and _room(temporary_place()) < _LEAST_ROOM < _room(file.parent):
            raise SnapshotError("temporary_full", {"folder": str(temporary_place())}) from None
        raise _told(file if error.errno in FULL else file.parent, error) from None
    return file


def _room(folder: Path) -> int:
    """The free bytes of a folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free


def temporary_place() -> Path:
    """The folder that temporary files are to be in."""
    return Path(os.environ.get("TMPDIR", "/tmp"))  # noqa: S108 - only its name


@contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """A new folder for temporary files, removed at the end. Raises SnapshotError: `folder_unwritable`,
    `temporary_full`."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(leftovers.temporary_folder(purpose))
        except OSError as error:
            place = temporary_place()
            if error.errno in FULL or _NOWHERE in str(error):
                raise SnapshotError("temporary_full", {"folder": str(place)}) from None
            raise _told(place, error) from None
        yield folder


def write_bytes(file: Path, content: bytes) -> Path:
    """Writes a file of these bytes, whole or not at all. Raises SnapshotError."""
    return write_whole(file, lambda aside: _fill(aside, content))


def _fill(aside: Path, content: bytes) -> None:
    aside.write_bytes(content)


def _settle(aside: Path) -> None:
    """Gets the content onto the disk before it takes its name, and gives it the rights of an ordinary file."""
    with aside.open("rb+") as file:
        os.fsync(file.fileno())
    mask = os.umask(0)
    os.umask(mask)
    aside.chmod(0o666 & ~mask)


def _told(place: Path, error: OSError) -> SnapshotError:
    if error.errno in FULL:
        return SnapshotError("disk_full", {"file": str(place)})
    return SnapshotError("folder_unwritable", {"folder": str(place), "reason": error.strerror or type(error).__name__})
