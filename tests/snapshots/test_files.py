"""A file is there whole or not at all, and what went wrong is said."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.formats import FORMATS, EditionOptions, export
from tomoni.snapshots.files import make_folder, write_bytes, write_whole

UNPRINTED = [name for name, form in FORMATS.items() if not form.printed]
PRINTED = [name for name, form in FORMATS.items() if form.printed]


def failing_with(code: int):
    def fail(*_args: object, **_more: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_a_file_takes_the_place_of_the_one_before(tmp_path):
    for content in (b"one", b"two"):
        write_bytes(tmp_path / "a", content)
    assert (tmp_path / "a").read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_has_the_rights_of_an_ordinary_one(tmp_path):
    mask = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a", b"x")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", UNPRINTED)
def test_a_full_disk_leaves_nothing_behind(snapshot, tmp_path, monkeypatch, name):
    monkeypatch.setattr(os, "fsync", failing_with(errno.ENOSPC))
    with pytest.raises(SnapshotError) as caught:
        export(snapshot, [name], tmp_path, EditionOptions())
    assert caught.value.code == "disk_full"
    assert os.listdir(tmp_path) == []


def test_a_full_disk_keeps_the_file_of_before(tmp_path, monkeypatch):
    write_bytes(tmp_path / "a", b"before")
    monkeypatch.setattr(os, "fsync", failing_with(errno.EDQUOT))
    with pytest.raises(SnapshotError):
        write_bytes(tmp_path / "a", b"after")
    assert (tmp_path / "a").read_bytes() == b"before"


def test_a_folder_that_cannot_be_made_or_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SnapshotError) as caught:
        make_folder(tmp_path / "file" / "inside")
    assert caught.value.code == "folder_unwritable"
    assert str(tmp_path / "file" / "inside") in str(caught.value.facts["folder"])
    with pytest.raises(SnapshotError) as caught:
        write_bytes(tmp_path / "gone" / "a", b"")
    assert caught.value.code == "folder_unwritable"


def test_what_the_writer_raises_leaves_nothing_behind(tmp_path):
    def half(aside: Path) -> None:
        aside.write_bytes(b"half")
        raise SnapshotError("chromium_failed")

    with pytest.raises(SnapshotError, match="chromium_failed"):
        write_whole(tmp_path / "a", half)
    assert os.listdir(tmp_path) == []


def test_every_format_but_the_printed_ones_needs_no_chromium(snapshot, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert len(export(snapshot, UNPRINTED, tmp_path, EditionOptions())) == len(UNPRINTED) + 2
    for name in PRINTED:
        with pytest.raises(SnapshotError) as caught:
            export(snapshot, [name], tmp_path, EditionOptions())
        assert (caught.value.code, caught.value.facts) == ("chromium_missing", {"package": "chromium"})
