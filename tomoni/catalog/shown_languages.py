"""Languages that an app is written in, and no page is."""

from __future__ import annotations

import re

from tomoni.catalog.codes import Code, listed
from tomoni.catalog.document import Document
from tomoni.catalog.values import LANGUAGE_PATTERN, nearest_language
from tomoni.languages import LANGUAGES


def note_languages(document: Document) -> None:
    """Languages of titles and descriptions in which there are no pages: they would never be shown."""
    for place in document.lines:
        code = str(place[-1]) if len(place) > 1 and place[-2] in ("title", "description") else ""
        if re.fullmatch(LANGUAGE_PATTERN, code) and code not in LANGUAGES:
            facts = {"nearest": nearest_language(code), "known": listed(LANGUAGES)}
            document.note_key(place, Code.LANGUAGE_NOT_SHOWN, language=code, **facts)
