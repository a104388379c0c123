"""Files that are there whole or not at all: written aside, then renamed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tomoni.snapshots.errors import SnapshotError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make_folder(folder: Path) -> None:
    """Makes a folder that can be written to. Raises SnapshotError: `folder_unwritable`, `disk_full`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _told(folder, error) from None


def write_whole(file: Path, fill: Callable[[Path], None]) -> Path:
    """Lets ``fill`` write a file beside its place, then puts it there; what fails leaves nothing behind.

    Raises SnapshotError: `folder_unwritable`, `disk_full`, and what ``fill`` raises.
    """
    try:
        handle, aside = tempfile.mkstemp(prefix=f".{file.name[:60]}.", suffix=".part", dir=file.parent)
        os.close(handle)
    except OSError as error:
        raise _told(file.parent, error) from None
    try:
        fill(Path(aside))
        _settle(Path(aside))
        os.replace(aside, file)
    except OSError as error:
        raise _told(file if error.errno in _FULL else file.parent, error) from None
    finally:
        Path(aside).unlink(missing_ok=True)
    return file


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
    if error.errno in _FULL:
        return SnapshotError("disk_full", {"file": str(place)})
    return SnapshotError("folder_unwritable", {"folder": str(place), "reason": error.strerror or type(error).__name__})
