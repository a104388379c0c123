"""What whoever starts Tomoni reads where it does not start, in every language: nobody has chosen one yet."""

from __future__ import annotations

from collections.abc import Iterable

from tomoni.languages import LANGUAGES
from tomoni.words.text import Text, mark, text_for

_EXPOSED = mark(
    "Tomoni is not started: it would answer to everybody without sign-in; set up a sign-in (docs/sign-in.md), listen "
    "to this machine alone (--server.address 127.0.0.1), or set TOMONI_OPEN=1 where everybody may come in."
)
_INCOMPLETE = mark("Tomoni is not started: the sign-in lacks %(names)s, or it is not valid; docs/sign-in.md has all.")
_OPEN = mark("Tomoni is open to everybody who reaches it (TOMONI_OPEN): nobody signs in here.")


def exposed() -> str:
    """That everybody could come in, and what changes it."""
    return "\n".join(text_for(language)._(_EXPOSED) for language in LANGUAGES)


def incomplete(names: Iterable[str]) -> str:
    """What is missing of a sign-in, by the names of the variables."""
    facts = {"names": ", ".join(names)}
    return "\n".join(text_for(language)._(_INCOMPLETE) % facts for language in LANGUAGES)


def is_open(text: Text) -> str:
    """That everybody may come in, as every page says it."""
    return text._(_OPEN)
