"""Whatever a file or a record was damaged into, reading it back gives a value or a reported error, never an exception.

``TOMONI_FUZZ`` sets how many mutations are tried in all.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import zlib
from pathlib import Path
from typing import Any

import pytest

from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.exporters.chromium import ChromiumPrinter
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.record.manifest import bytes_hash
from tomoni.snapshots.record.packing import unpack
from tomoni.snapshots.record.snapshot import OUTSIDE, Snapshot, as_json, canonical, from_json
from tomoni.snapshots.verifying.checks import Check, verify
from tomoni.snapshots.verifying.reading import read_claim

pytestmark = pytest.mark.slow

MUTATIONS = int(os.environ.get("TOMONI_FUZZ", "250"))
FORMATS = ("html", "md", "csv", "json", "parquet", "pptx")
ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    2**63,
    1e308,
    "",
    "x" * 10_000,
    "\x00",
    [],
    {},
    [[]],
    {"": {}},
    "9999-12-31T00:00:00Z",
    "2026-11-31",
    [1, "a"],
]


@pytest.fixture(scope="module")
def files(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    return export(snapshot, FORMATS, folder, EditionOptions(), ChromiumPrinter())


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Bytes cut, doubled, flipped or replaced somewhere."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(len(data)) if data else 0
        to = min(len(data), at + chance.choice((1, 2, 8, 100, 5000)))
        how = chance.randrange(5)
        if how == 0:
            del data[at:to]
        elif how == 1:
            data[at:at] = data[at:to]
        elif how == 2:
            data[at:to] = chance.randbytes(to - at)
        elif how == 3:
            data[at:to] = chance.choice((b"\x00", b"\xff" * 8, b"1e999", b"NaN", b"-", b'"', b"{}", b"null", b""))
        else:
            del data[at:]
    return bytes(data)


def altered(data: Any, chance: random.Random) -> Any:
    """JSON data with one value somewhere replaced, removed or renamed."""
    whole = copy.copy(data)
    at: Any = whole
    while True:
        key = chance.choice(list(at) if isinstance(at, dict) else range(len(at)))
        inner = at[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            at[key] = copy.copy(inner)
            at = at[key]
            continue
        if isinstance(at, dict) and chance.random() < 0.3:
            at.pop(key)
        else:
            at[key] = chance.choice(ODD)
        return whole


def checked(file: Path, snapshot: Snapshot) -> list[Check]:
    """What verifying a file finds; nothing when it is refused."""
    try:
        return verify(read_claim(file), lambda _: snapshot, lambda _claim, _snapshot: snapshot.review)
    except SnapshotError:
        return []


def test_mutated_files_are_read_or_refused(files: list[Path], snapshot: Snapshot, tmp_path: Path) -> None:
    chance = random.Random(27)
    originals = {file: file.read_bytes() for file in files}
    for n in range(MUTATIONS * 7 // 10):
        file = files[n % len(files)]
        target = tmp_path / f"mutated{file.suffix}"
        target.write_bytes(mutated(originals[file], chance))
        checked(target, snapshot)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN"])
def test_a_number_that_is_none_is_reported(files: list[Path], tmp_path: Path, snapshot: Snapshot, number: str) -> None:
    (file,) = (file for file in files if file.suffix == ".json")
    for name in ('"as_of": ', '"total": ', '"made_at": '):
        target = tmp_path / "odd.json"
        target.write_text(re.sub(rf"{name}[^,]+", f"{name}{number}", file.read_text(), count=1))
        checked(target, snapshot)


def test_altered_records_are_read_or_refused(snapshot: Snapshot) -> None:
    chance, data = random.Random(28), as_json(snapshot)
    for _ in range(MUTATIONS // 10):
        odd = altered(data, chance)
        content = {name: value for name, value in odd.items() if name not in OUTSIDE} if isinstance(odd, dict) else {}
        odd["hash"] = bytes_hash(canonical(content))
        try:
            from_json(odd)
        except SnapshotError:
            continue


def test_altered_manifests_are_checked_or_refused(files: list[Path], snapshot: Snapshot, tmp_path: Path) -> None:
    chance = random.Random(29)
    (file,) = (file for file in files if file.suffix == ".json")
    data = json.loads(file.read_bytes())
    for number in range(MUTATIONS // 10):
        target = tmp_path / f"altered-{number}.json"
        target.write_text(json.dumps({**data, "status": altered(data["status"], chance)}))
        checked(target, snapshot)


def test_damaged_payloads_are_reported_or_give_what_was_stored(snapshot: Snapshot) -> None:
    chance, payload = random.Random(30), zlib.compress(canonical(as_json(snapshot)), 1)
    for _ in range(MUTATIONS // 10):
        try:
            found = unpack(mutated(payload, chance))
        except SnapshotError:
            continue
        assert found.hash == snapshot.hash  # what was added behind its end does not matter
