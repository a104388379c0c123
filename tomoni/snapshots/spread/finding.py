"""What the search of the static site looks in: entries, and which of them contain which two or three letters.

The search works without a server and under a policy that lets no script read a file: all of it is scripts that hand
over data, in parts, of which the browser loads those that a query needs. Letters are compared without differences of
width and case; `find.js` folds what is typed as `folded` does here.
"""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_ENTRIES = 20_000  # the newest ones
MOST_CHARACTERS = 4_000  # of the words of an entry that are looked in
CHUNK = 25  # entries whose words are in one part
_A_SHARD = 40_000  # places that a part of the index has, about
_MOST_SHARDS = 256
_HERE = Path(__file__).parent
# A distance to the entry before is one sign, a long one a number between commas.
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ASCII = 128


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: its kind in words, its title, what it is about (app, day), its page within its
    language, and the words that are looked in beside these."""

    kind: str
    title: str
    about: str
    link: str
    words: str = ""


def folded(text: str) -> str:
    """A text as it is compared: without differences of width and case, every blank one space."""
    same = unicodedata.normalize("NFKC", text).upper().lower().replace("ς", "σ")
    return " ".join(unicodedata.normalize("NFKC", same).split())


def grams(text: str) -> set[str]:
    """The neighbouring two and three letters of the words of a folded text; of other scripts than Latin also each
    letter, which can be a word there."""
    found = {letter for letter in text if ord(letter) >= _ASCII}
    for word in text.split(" "):
        for size in (2, 3):
            found.update(word[at : at + size] for at in range(len(word) - size + 1))
    return found


def shard_of(gram: str, shards: int) -> int:
    """The part of the index that has a gram."""
    number = 0
    for letter in gram:
        number = (number * 31 + ord(letter)) % 65_521
    return number % shards


def search_files(entries: Sequence[Entry], words: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """The scripts of a search, by their names: `meta.js` with all titles, parts of the index (`g0.js`) and of the words
    (`t0.js`), and what searches. ``words`` are those of its surface, by their keys in `find.js`."""
    kept = entries[:MOST_ENTRIES]
    texts = [_looked_in(each) for each in kept]
    places: dict[str, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for gram in grams(text):
            places[gram].append(number)
    count = sum(map(len, places.values()))
    shards = min(_MOST_SHARDS, 1 << (count // _A_SHARD).bit_length())
    parts: list[dict[str, str]] = [{} for _ in range(shards)]
    for gram in sorted(places):
        parts[shard_of(gram, shards)][gram] = packed(places[gram])
    shown = [[each.kind, each.title, each.about, each.link] for each in kept]
    meta = {"shards": shards, "chunk": CHUNK, "left": len(entries) - len(kept), "words": dict(words), "entries": shown}
    yield "meta.js", f"window.tomoniSearch={_json(meta)};\n".encode()
    for number, part in enumerate(parts):
        yield f"g{number}.js", _part(f"g{number}", part)
    for number, at in enumerate(range(0, len(texts), CHUNK)):
        yield f"t{number}.js", _part(f"t{number}", texts[at : at + CHUNK])
    yield "find.js", (_HERE / "find.js").read_bytes()


def packed(places: Sequence[int]) -> str:
    """Rising numbers as their distances."""
    signs, before = [], -1
    for place in places:
        step = place - before
        signs.append(_SIGNS[step] if step < len(_SIGNS) else f",{step},")
        before = place
    return "".join(signs)


def _looked_in(entry: Entry) -> str:
    said = folded(f"{entry.title}\n{entry.about}\n{entry.words[:MOST_CHARACTERS]}")
    return said[: 2 * MOST_CHARACTERS]


def _part(name: str, data: object) -> bytes:
    return f"tomoniSearch.take({json.dumps(name)},{_json(data)});\n".encode()


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
