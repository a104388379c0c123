"""What the tests of texts share."""

from __future__ import annotations

import pytest

from tomoni.languages import LANGUAGES
from tomoni.words.text import text_for


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """Babel and the translations, so that no example of a property pays for their loading."""
    for language in LANGUAGES:
        text = text_for(language)
        assert text.moment(0)
        assert text.percent(0.5)
        assert text.listed(["a", "b"])
