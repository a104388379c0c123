"""The Japanese catalog: complete, in step with the code, its placeholders those of the English sentences."""

from __future__ import annotations

import configparser
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import tomoni.words
from tomoni.languages import LANGUAGES
from tomoni.words.phrases import NAMES, Phrase
from tomoni.words.text import LOCALES, text_for

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "n_": (1, 2), "mark": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
TRANSLATED = sorted(set(LANGUAGES) - {"en"})


@cache
def in_the_code() -> frozenset[str]:
    """Every msgid that the program has; of a plural the singular."""
    found = set()
    for folder in rooms():
        for _, _, message, _, _ in extract_from_dir(str(folder), keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    for file in ROOT.glob("*.py"):
        found |= set(msgids_of(file))
    return frozenset(found)


def rooms() -> list[Path]:
    left_out = {"tests", "build", "bench", "data", ".venv"}
    return [p for p in ROOT.iterdir() if p.is_dir() and p.name not in left_out and not p.name.startswith(".")]


def msgids_of(file: Path) -> list[str]:
    from babel.messages.extract import extract_from_file

    found = extract_from_file("python", str(file), keywords=KEYWORDS)
    return [message if isinstance(message, str) else message[0] for _, message, _, _ in found]


@cache
def catalog(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "tomoni.po").open("rb") as lines:
        return read_po(lines, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def forms(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(form) for form in value]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_is_translated(language: str) -> None:
    translated = {forms(m.id)[0] for m in messages(language) if all(forms(m.string))}
    assert sorted(in_the_code() - translated) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_of_a_sentence_that_is_gone(language: str) -> None:
    assert sorted({forms(m.id)[0] for m in messages(language)} - in_the_code()) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_waits_to_be_looked_at(language: str) -> None:
    assert [m.id for m in messages(language) if m.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_sentence_and_no_others(language: str) -> None:
    for message in messages(language):
        named = [set(PLACEHOLDER.findall(form)) for form in forms(message.id)]
        for form in filter(None, forms(message.string)):
            # Of a plural, a form may leave out what only one of the English forms names.
            found = set(PLACEHOLDER.findall(form))
            assert set.intersection(*named) <= found <= set.union(*named), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_can_be_filled_in_wherever_its_sentence_can(language: str) -> None:
    for message in messages(language):
        facts = {name: "7" for form in forms(message.id) for name in PLACEHOLDER.findall(form)}
        if facts:
            for form in [*forms(message.id), *forms(message.string)]:
                assert "%(" not in form % facts


def test_japanese_texts_are_japanese() -> None:
    japanese = re.compile(r"[ぁ-んァ-ヶ一-龯]")
    same = [m.id for m in messages("ja") if all(form and not japanese.search(form) for form in forms(m.string))]
    # Abbreviations and addresses that are the same in both languages.
    assert all(len(PLACEHOLDER.sub("", forms(msgid)[0])) < 40 for msgid in same), same


# Facts that are numbers, shares, lengths and moments in every phrase.
VALUES = (
    "accepted|achieved|after|ago|all|allowed|answered|apps|at|at_clock|at_most|bad|bad_ratio|before|began|"
    "bucket_seconds|buckets|budget|burn|busy|chance|clock|column|count|coverage|date|day|days|done|duration|end|"
    "errors|events|excess_ratio|excluded_seconds|expected|factor|failed|falls|fast|few|first_line|found|good|high|highest|in|kept|"
    "lag|last_minute|last_seen_at|lasting|lasts_seconds|late|left|length|limit|line|looked|low|met|minutes|"
    "missed|moment|month|most|much|n|now|objective|of|open|our_budget|ours|over_seconds|paged|pages|percent|"
    "planned|points|repair|requests|rows|said|scrape_seconds|seconds|series|share|shifted|shown|signals|since|"
    "since_at|sli|slice|slos|some|span|spent|start|step_seconds|stored|their_budget|theirs|there|threshold|time|"
    "timeout_seconds|total|traffic|tried|under|until|wanted|was|when|window|written"
)
_JAPANESE = "[ぁ-んァ-ヶ一-龯々ー]"
_NUMBER = r"(?<![A-Za-z0-9_\-.:=/+])[0-9](?:[0-9.,:]*[0-9])?%?"


@pytest.mark.parametrize(
    "stray",
    [
        rf"%\((?:{VALUES})\)s(?:%%)? (?={_JAPANESE})",
        rf"{_NUMBER} (?={_JAPANESE})",
        rf"(?<=[ぁ-ん]) %\((?:{VALUES})\)s",
        rf"{_JAPANESE} [0-9](?![0-9.,]* [A-Za-z]|[0-9]?:)",
        rf"{_JAPANESE} %\((?:{VALUES})\)s[件個本回日分秒]",
    ],
    ids=["value, Japanese", "number, Japanese", "particle, value", "Japanese, number", "name, counted value"],
)
def test_no_blank_stands_between_a_value_and_the_japanese_beside_it(stray: str) -> None:
    found = re.compile(stray)
    assert [m.id for m in messages("ja") if any(found.search(form) for form in forms(m.string))] == []


def test_japanese_colons_and_suggestions_are_even() -> None:
    said = {m.id: " ".join(forms(m.string)) for m in messages("ja")}
    assert [text for text in said.values() if "：" in text] == []
    meant = [text for msgid, text in said.items() if "did you mean" in forms(msgid)[0].lower()]
    assert len(meant) > 20
    assert [text for text in meant if "ではありませんか。" not in text] == []


def test_the_configuration_of_pybabel_leaves_out_what_has_no_words() -> None:
    read = configparser.ConfigParser(strict=False)
    read.read(ROOT / "babel.cfg")
    assert {"python: **.py", "ignore: tests/**"} <= set(read.sections())


def test_an_unknown_language_is_shown_in_english() -> None:
    assert text_for("xx").language == "en"
    assert text_for("xx").ago(0) == "just now"


def test_a_sentence_without_translation_is_shown_in_english() -> None:
    assert text_for("ja")._("A sentence that nobody translated.") == "A sentence that nobody translated."


def test_a_text_of_a_language_and_a_zone_is_made_once() -> None:
    assert text_for("ja", "Asia/Tokyo") is text_for("ja", "Asia/Tokyo")


def test_words_alone_do_not_import_babel() -> None:
    code = (
        "import sys; from tomoni.commands import status_json; from tomoni.words.text import text_for\n"
        "text = text_for('en'); text.sentences(text._('x'), text.n_('%(n)s app', '%(n)s apps', 2), text.listed([]))\n"
        "print('babel' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def phrases_of_tables() -> Iterator[str]:
    """The msgids of every table of phrases."""
    for info in pkgutil.iter_modules(tomoni.words.__path__, "tomoni.words."):
        for table in vars(importlib.import_module(info.name)).values():
            for phrase in table.values() if isinstance(table, Mapping) else ():
                if isinstance(phrase, Phrase):
                    yield from filter(None, (phrase.what, phrase.hint, phrase.near, phrase.one))


def test_no_blank_stands_between_a_quoted_name_and_japanese() -> None:
    text = text_for("ja")
    numbers = {"column", "wanted"}  # facts that are names elsewhere
    beside = re.compile(r"%\((\w+)\)s (?=[ぁ-んァ-ヶ一-龥])|(?<=[ぁ-んァ-ヶ一-龥]) %\((\w+)\)s")
    said = {text._(phrase) for phrase in phrases_of_tables()}
    assert len(said) > 300
    found = [(each, m) for each in said for m in beside.finditer(each) if (m[1] or m[2]) in NAMES - numbers]
    assert [each for each, _ in found] == []
