"""A text that users write in one or more languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in one or more languages; ``by_language[""]`` is a plain string for all of them."""

    by_language: Mapping[str, str]

    def __call__(self, language: str) -> str:
        """The text in a language, else in English, else whatever there is."""
        texts = self.by_language
        return texts.get(language) or texts.get("") or texts.get("en") or next(iter(texts.values()), "")
