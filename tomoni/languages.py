"""The languages in which there are pages, files and messages, each with its own name for itself."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語"}
# The language of the texts in the code: what has no translation is shown in it.
SOURCE_LANGUAGE = "en"


def language_from(environ: Mapping[str, str]) -> str:
    """The language of a terminal, from its locale; English if there is no translation."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return locale[:2] if locale[:2] in LANGUAGES else SOURCE_LANGUAGE
