"""Every sentence that facts are filled into can be filled, in every language: a bare percent sign eats the word behind
it, or ends in an error."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from babel.messages.pofile import read_po

import tomoni.words
from tomoni.words.phrases import Phrase

CATALOG = Path(tomoni.words.__file__).parent / "locales" / "ja" / "LC_MESSAGES" / "tomoni.po"
_FILLED = re.compile(r"%\(\w+\)[sdr]|%%")


def bare(sentence: str) -> bool:
    """Whether a percent sign of a sentence is neither doubled nor the beginning of a placeholder."""
    return "%" in _FILLED.sub("", sentence)


def phrases(value: object, depth: int = 3) -> Iterator[Phrase]:
    """The phrases within a value of a module."""
    if isinstance(value, Phrase):
        yield value
    elif depth and isinstance(value, dict):
        for each in value.values():
            yield from phrases(each, depth - 1)
    elif depth and isinstance(value, (tuple, list)):
        for each in value:
            yield from phrases(each, depth - 1)
    elif depth and is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from phrases(getattr(value, field.name, None), depth - 1)


def forms(said: object) -> list[str]:
    """The forms of a sentence: one, or one for each number."""
    return [str(each) for each in said] if isinstance(said, (tuple, list)) else [str(said)]


def translated() -> dict[str, str]:
    """The Japanese of each sentence."""
    with CATALOG.open("rb") as file:
        found = [(each.id, each.string) for each in read_po(file)]
    return {id_: string for id_, string in found if isinstance(id_, str) and isinstance(string, str)}


def test_no_phrase_has_a_percent_sign_that_is_taken_for_a_placeholder() -> None:
    japanese = translated()
    modules = [
        importlib.import_module(each.name) for each in pkgutil.iter_modules(tomoni.words.__path__, "tomoni.words.")
    ]
    found = [each for module in modules for value in vars(module).values() for each in phrases(value)]
    assert len(found) > 500
    sentences = {sentence for each in found for sentence in (each.what, each.hint, each.near) if sentence}
    wrong = [each for each in sentences if bare(each) or bare(japanese.get(each, ""))]
    assert wrong == []


def test_a_translation_is_filled_where_its_sentence_is() -> None:
    with CATALOG.open("rb") as file:
        entries = [each for each in read_po(file) if each.id]
    for each in entries:
        ids, strings = forms(each.id), forms(each.string)
        if any(_FILLED.search(one) for one in ids):
            assert not any(bare(one) for one in (*ids, *strings)), ids
