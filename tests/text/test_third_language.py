"""Another language is a translation and no code: plural forms, lists and dates follow its locale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tomoni.words import text as room
from tomoni.words.text import Text, text_for

CATALOG = """
msgid "just now"
msgstr "только что"

msgid "%(n)s minute ago"
msgid_plural "%(n)s minutes ago"
msgstr[0] "%(n)s минуту назад"
msgstr[1] "%(n)s минуты назад"
msgstr[2] "%(n)s минут назад"

msgid "%(n)s app"
msgid_plural "%(n)s apps"
msgstr[0] "%(n)s приложение"
msgstr[1] ""
msgstr[2] ""
"""
MOMENT = 1794963600  # 18 Nov 2026, 01:00 UTC


@pytest.fixture
def russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Text]:
    """Texts of a language of three plural forms, whose catalog, as ours, has no header."""
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "tomoni.po").write_text(CATALOG, encoding="utf-8")
    monkeypatch.setattr(room, "LOCALES", tmp_path)
    monkeypatch.setattr(room, "LANGUAGES", {"en": "English", "ru": "Русский"})
    text_for.cache_clear()
    yield text_for("ru")
    text_for.cache_clear()
    room._translations.cache_clear()


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (1, "1 минуту назад"),
        (2, "2 минуты назад"),
        (5, "5 минут назад"),
        (21, "21 минуту назад"),
        (44, "44 минуты назад"),
    ],
)
def test_a_language_has_its_own_plural_forms(russian: Text, minutes: int, shown: str) -> None:
    assert russian.ago(minutes * 60) == shown


def test_fractions_take_the_form_of_two(russian: Text) -> None:
    assert russian.n_("%(n)s minute ago", "%(n)s minutes ago", 1.5) == "%(n)s минуты назад"


def test_an_incomplete_translation_is_shown_in_english(russian: Text) -> None:
    assert [russian.n_("%(n)s app", "%(n)s apps", n) for n in (1, 2)] == ["%(n)s app", "%(n)s apps"]
    assert russian._("Healthy") == "Healthy"


def test_lists_are_those_of_the_language(russian: Text) -> None:
    assert russian.join(["а", "б", "в"]) == "а, б и в"
    assert russian.listed(["{1}", "{0}", "в"]) == "{1}, {0}, в"
    assert russian.sentences("Да.", "", "Нет.") == "Да. Нет."


def test_numbers_dates_and_spans_are_those_of_the_language(russian: Text) -> None:
    assert russian.number(1234.5, 1).replace("\xa0", " ") == "1 234,5"
    assert russian.percent(0.5).replace("\xa0", " ") == "50 %"
    assert russian.day(MOMENT, year=False) == "18 нояб."
    assert russian.clock(MOMENT) == "01:00 UTC"
    assert russian.near_span(MOMENT, MOMENT + 5400) == "18 нояб., 01:00–02:30"
    assert russian.span(MOMENT, MOMENT + 86_400).startswith("18 нояб., 01:00 – 19 нояб. 2026")
    assert russian.duration(7500) == "2 h 5 min"  # symbols that every language may keep
