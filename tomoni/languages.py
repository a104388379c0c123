"""The languages in which there are pages, files and messages, each with its own name for itself."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語"}
# The language of the texts in the code: what has no translation is shown in it.
SOURCE_LANGUAGE = "en"
