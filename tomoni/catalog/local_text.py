"""A text that users write in one or more languages, and what is called by such texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in one or more languages; ``by_language[""]`` is a plain string for all of them."""

    by_language: Mapping[str, str]

    def __call__(self, language: str) -> str:
        """The text in a language, else in English, else whatever there is."""
        texts = self.by_language
        return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()), "")


class Titled(Protocol):
    """An app, a journey, an SLO or a signal."""

    @property
    def id(self) -> str:
        """What its address has."""

    @property
    def title(self) -> LocalText:
        """What people call it."""


def apart(things: Iterable[Titled], language: str) -> dict[str, str]:
    """The titles of some things by their ids, with the id behind a title that several have, or that another has so."""
    names = {each.id: each.title(language) for each in things}
    apart_already: set[str] = set()
    while alike := _alike(names) - apart_already:
        names |= {id_: f"{names[id_]} ({id_})" for id_ in alike}
        apart_already |= alike
    return names


def _alike(names: Mapping[str, str]) -> set[str]:
    """The ids whose names are not theirs alone."""
    count = Counter(names.values())
    return {id_ for id_, name in names.items() if count[name] > 1}
