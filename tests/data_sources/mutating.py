"""Mutates answers of servers at random, by seed: bytes, tokens and structure."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Sequence
from typing import Any

MUTATIONS = int(os.environ.get("TOMONI_MUTATIONS", "1000"))
ODD: Sequence[Any] = (
    None, True, False, 0, -1, 1e308, -1e308, 1e400, 2**70, 0.1, "", "x", "NaN", "+Inf", "-Inf", "1e308", "-5", "1e999",
    "\u0000", "\ud83d\ude00", "é" * 40, [], {}, [[]], [None], [1], [[1]], [1, 2, 3], {"a": 1}, {"metric": 3},
    [[1, "x"]], "success", "matrix", "vector", "error", 10**400,
)  # fmt: skip
TOKENS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"null", b"true", b"NaN", b"Infinity", b"1e999", b"-", b"\xff",
    b"\x00", b"\xed\xa0\x80", b'"values"', b'"histograms"', b'"metric"', b'"1e308"', b'"-7"', b"\\ud800", b" " * 50,
]  # fmt: skip


def mutated(body: Any, chance: random.Random) -> bytes:
    """The JSON of a body after one to three mutations of a kind."""
    kind = chance.choice((_bytes, _tokens, _structure, _structure, _numbers))
    return kind(body, chance)


def mutated_bytes(text: bytes, chance: random.Random) -> bytes:
    """Bytes after one to four flips, cuts, repetitions or insertions."""
    found = bytearray(text)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        what = chance.randrange(5)
        if what == 0 and at < len(found):
            found[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            del found[at:]
        elif what == 2:
            del found[at : at + chance.randint(1, 20)]
        elif what == 3:
            found[at:at] = found[at : at + chance.randint(1, 40)]
        else:
            found[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
    return bytes(found)


def _bytes(body: Any, chance: random.Random) -> bytes:
    return mutated_bytes(_text(body), chance)


def _tokens(body: Any, chance: random.Random) -> bytes:
    text = _text(body)
    for _ in range(chance.randint(1, 3)):
        old, new = chance.choice(TOKENS[:7]), chance.choice(TOKENS)
        places = text.count(old)
        if places:
            at = _nth(text, old, chance.randrange(places))
            text = text[:at] + new + text[at + len(old) :]
    return text


def _nth(text: bytes, what: bytes, number: int) -> int:
    at = -1
    for _ in range(number + 1):
        at = text.index(what, at + 1)
    return at


def _structure(body: Any, chance: random.Random) -> bytes:
    """Some nodes replaced by odd ones, removed, repeated or moved elsewhere."""
    found = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(found))
        if not places:
            break
        holder, key = chance.choice(places)
        what = chance.randrange(4)
        if what == 0 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif what == 1:
            del holder[key]
        elif what == 2:
            other, at = chance.choice(places)
            holder[key] = copy.deepcopy(other[at])
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    return _text(found)


def _numbers(body: Any, chance: random.Random) -> bytes:
    """The values and times of some samples replaced."""
    found = copy.deepcopy(body)
    pairs = [(holder, key) for holder, key in _places(found) if isinstance(holder, list) and len(holder) == 2]
    for holder, key in chance.sample(pairs, min(len(pairs), 6)):
        holder[key] = chance.choice(
            ("1e308", "-1e308", "-3", "NaN", "+Inf", "1e999", 1e308, -1, "0", "9007199254740993")
        )
    return _text(found)


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every place in a document: its container and its key there."""
    if isinstance(node, dict):
        return [place for key, value in node.items() for place in ((node, key), *_places(value))]
    if isinstance(node, list):
        return [place for key, value in enumerate(node) for place in ((node, key), *_places(value))]
    return []


def _text(body: Any) -> bytes:
    return json.dumps(body).encode()
