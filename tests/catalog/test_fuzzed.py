"""Random configurations: loading them never raises, and no problem names a line that the file does not have.

``TOMONI_TEST_CONFIGURATIONS`` is how many are tried (600 without it).
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tomoni.catalog.load import load_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2] / "config"
TOKENS = ["[", "]", "{", "}", ":", ",", "&a", "*a", "<<: *a", "---", "\t", "!!x", "~", "on", "1e9", "99,95"]
TRIES = int(os.environ.get("TOMONI_TEST_CONFIGURATIONS", "600"))


def mutated(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(max(len(raw), 1))
    lines = raw.split(b"\n")
    n = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
        case 1:
            return raw[:at]
        case 2:
            return b"\n".join(lines[:n] + lines[n + 1 :])
        case 3:
            return b"\n".join([*lines[:n], lines[n], *lines[n:]])
        case 4:
            return raw[:at] + chance.choice(TOKENS).encode() + raw[at:]
        case _:
            words = raw.split(b" ")
            words[chance.randrange(len(words))] = chance.choice(words)
            return b" ".join(words)


def test_random_configurations_are_loaded_or_refused_by_line(tmp_path: Path) -> None:
    files = sorted(path for path in ROOT.rglob("*.yaml") if not path.name.startswith("_"))
    texts = {path.relative_to(ROOT): path.read_bytes() for path in files}
    for name, raw in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    good = load_files(tmp_path, {}, {}).good
    chance = random.Random(9)
    for _ in range(TRIES):
        name = chance.choice(list(texts))
        raw = texts[name]
        for _ in range(chance.randint(1, 3)):
            raw = mutated(raw, chance)
        (tmp_path / name).write_bytes(raw)
        for problem in load_files(tmp_path, {}, good).catalog.problems:
            lines = len(raw.decode(errors="replace").splitlines()) + 1
            assert problem.spot.line <= lines or problem.spot.file != str(tmp_path / name)
        (tmp_path / name).write_bytes(texts[name])
