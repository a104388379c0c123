"""How a code with facts becomes a sentence: a table of phrases whose placeholders are the facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_sources.durations import parse_duration
from tomoni.words import said_by_others
from tomoni.words.text import Text, mark

Fact = str | int | float
Facts = Mapping[str, Fact]
LONGEST_FACT = 300
_AS_IS = " as it is"
_NUMBER = re.compile(r"[-+]?\d[\d.]*")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_MOMENTS = frozenset({"until", "wanted", "since", "start", "end", "at"})
_RATIOS = frozenset({"coverage", "ratio", "low", "high"})
_LENGTHS = frozenset({"window", "length", "slice", "bucket", "long", "short", "period"})
_LISTS_OF_LENGTHS = frozenset({"windows", "used"})
# Facts that are names where they are texts: they are quoted within a sentence. Lists, expressions, addresses and
# what is to be typed stand as they are.
NAMES = frozenset({"aligner", "app", "column", "file", "folder", "form", "header", "host", "id", "journey", "key"})
NAMES |= {"kind", "label", "language", "metric", "name", "nearest", "other", "placeholder", "policy", "project"}
NAMES |= {
    "group",
    "reducer",
    "role",
    "scheme",
    "sent",
    "service",
    "slo",
    "source",
    "step",
    "tag",
    "team",
    "value",
    "wanted",
    "written",
}
_COUNTS = frozenset(
    {"series", "points", "most", "most_points", "rows", "buckets"}
)  # that may be large; a status or a line is no count
# Facts that say how often something happened, before a noun in the plural.
COUNTED = ("buckets", "rows", "falls")
# Facts whose values are codes, by the name of the fact.
VOCABULARY: Mapping[tuple[str, str], str] = {
    ("expected", "mapping"): mark("keys with values"),
    ("expected", "list"): mark("a list"),
    ("expected", "text"): mark("text"),
    ("expected", "window"): mark("a duration such as 28d, or {calendar: month}"),
    ("expected", "number"): mark("a number"),
    ("expected", "whole_number"): mark("a whole number"),
    ("expected", "boolean"): mark("true or false"),
    ("reason", "text"): mark("a text is wanted"),
    ("reason", "shorter_text"): mark("the text is too long"),
    ("reason", "longer_text"): mark("the text is too short"),
    ("reason", "number"): mark("a number is wanted"),
    ("reason", "whole_number"): mark("a whole number is wanted"),
    ("reason", "boolean"): mark("true or false is wanted"),
    ("reason", "mapping"): mark("an object is wanted"),
    ("reason", "list"): mark("a list is wanted"),
    ("reason", "day"): mark("a day is wanted, such as 2026-11-24"),
    ("what", "app"): mark("app"),
    ("what", "team"): mark("team"),
    ("what", "journey"): mark("journey"),
    ("what", "slo"): mark("SLO"),
    ("what", "signal"): mark("signal"),
    ("what", "group"): mark("group"),
    ("what", "exclusion"): mark("exclusion"),
    ("what", "agenda"): mark("agenda"),
    ("what", "risk"): mark("risk"),
    ("changed", "source"): mark("source"),
    ("changed", "form"): mark("form of the query"),
    ("changed", "query"): mark("query"),
    ("changed", "bucket"): mark("bucket"),
    ("changed", "objective"): mark("objective"),
    ("changed", "window"): mark("window"),
    ("changed", "slices"): mark("time slices"),
    ("changed", "min_events"): mark("fewest events"),
    ("part", "bucket"): mark("bucket"),
    ("part", "slice"): mark("slice"),
    ("part", "password"): mark("a password"),
    ("part", "token"): mark("a token"),
    ("part", "address"): mark("the whole address"),
    ("level", "app"): mark("to the top level of the file, beside app"),
    ("level", "journey"): mark("into a journey, beside its id"),
    ("level", "slo"): mark("into an SLO, beside its id"),
    ("level", "sli"): mark("into sli, beside its source"),
    ("level", "signal"): mark("into a signal of infra, beside its id"),
    ("direction", "ahead"): mark("ahead of"),
    ("direction", "behind"): mark("behind"),
    ("severity", "page"): mark("page"),
    ("severity", "ticket"): mark("ticket"),
    ("calendar", "day"): mark("calendar day"),
    ("calendar", "week"): mark("calendar week"),
    ("calendar", "month"): mark("calendar month"),
    ("calendar", "quarter"): mark("calendar quarter"),
    ("calendar", "year"): mark("calendar year"),
    **said_by_others.VOCABULARY,
}
# The hint where a list of choices would be empty.
NONE_DEFINED = mark("None are defined yet.")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What happened and what to do about it: msgids whose placeholders name facts.

    ``near`` is the hint if the facts contain what was probably meant (``nearest`` or ``meant``).
    ``one`` is what happened if the fact that counts it (one of ``COUNTED``) is 1.
    """

    what: str
    hint: str = ""
    near: str = ""
    one: str = ""

    def describe(self, facts: Facts, text: Text) -> tuple[str, str]:
        """Both sentences in a language, with the facts filled in."""
        shown = _Shown(facts, text)
        hint, single = self._hint(facts), bool(self.one) and any(facts.get(name) == 1 for name in COUNTED)
        return _filled(text._(self.one if single else self.what), shown), _filled(text._(hint), shown) if hint else ""

    def _hint(self, facts: Facts) -> str:
        if self.near and (facts.get("nearest") or facts.get("meant")):
            return self.near
        nothing_to_choose = "%(known)s" in self.hint and facts.get("known") == ""
        return NONE_DEFINED if nothing_to_choose else self.hint

    def covered_by(self, facts: Facts) -> bool:
        """Whether the facts have everything that ``what`` names."""
        return set(_PLACEHOLDER.findall(self.what)) <= set(facts)


# A name before a colon is a label, and one within braces is a part of something to type: both stand unquoted.
_BARE = re.compile(r"(?<=\{)%\((\w+)\)s|%\((\w+)\)s(?=[:：])")


def _filled(phrase: str, shown: _Shown) -> str:
    return _BARE.sub(lambda found: f"%({found[1] or found[2]}{_AS_IS})s", phrase) % shown


class _Shown(dict[str, str]):
    """Facts as texts; a missing fact is shown as "?" instead of an error."""

    def __init__(self, facts: Facts, text: Text) -> None:
        super().__init__({name: show(name, value, text) for name, value in facts.items()})
        self._facts = facts

    def __missing__(self, name: str) -> str:
        fact = name.removesuffix(_AS_IS)
        if fact == name or fact not in self._facts:
            return "?"
        value = self._facts[fact]
        return plain(value) if isinstance(value, str) else self[fact]


def show(name: str, value: Fact, text: Text) -> str:
    """A fact in words: its name distinguishes durations, ratios and moments from plain numbers."""
    if isinstance(value, str):
        return _show_text(name, value, text)
    if name == "bytes":
        return text.quantity(value, "bytes")
    if name.endswith("seconds"):
        return text.duration(value)
    if name in _RATIOS or name.endswith("_ratio"):
        return text.percent(value)
    if name in _MOMENTS or name.endswith("_at"):
        return text.near_moment(value)
    return str(value) if isinstance(value, int) and name not in _COUNTS else text.number(value)


def _show_text(name: str, value: str, text: Text) -> str:
    words = [VOCABULARY.get((name, part), "") for part in value.split(", ")]
    if all(words):
        return text.listed([text._(word) for word in words])
    if name in NAMES:
        return _quoted(value, text)
    if name in _LISTS_OF_LENGTHS:
        return text.listed([length(part, text) for part in value.split(", ")])
    return length(value, text) if name in _LENGTHS else plain(value)


def length(written: str, text: Text) -> str:
    """A duration as configurations have it (``870m``), in words; anything else as it is."""
    try:
        return text.length(parse_duration(written))
    except ValueError:
        return plain(written)


def _quoted(value: str, text: Text) -> str:
    """A name, or each of several; numbers stand as they are."""
    parts = value.split(", ")
    return text.listed([plain(part) if _NUMBER.fullmatch(part) else named(part, text) for part in parts])


def plain(value: str, longest: int = LONGEST_FACT) -> str:
    """An untrusted text on one line: without control characters, which could steer a terminal."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def named(value: str, text: Text) -> str:
    """An untrusted name within a sentence: on one line, in the quotation marks of the language."""
    return text.quote(plain(value))


def as_sentence(value: str) -> str:
    """The message of a source or a database, as a sentence on one line."""
    said = plain(value)
    return said + "." if said and said[-1] not in ".!?。" else said


UNKNOWN = Phrase(mark("There is a problem here: %(code)s (%(facts)s)."))


def unknown(code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """The text for a code without words: the code and its facts."""
    shown = ", ".join(f"{name}={show(name, value, text)}" for name, value in facts.items())
    return UNKNOWN.describe({"code": code, "facts": shown or "-"}, text)


def look_up(table: Mapping[str, Phrase], code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """The phrase of a code; the more specific ``code.reason`` if the table has it."""
    phrase = table.get(f"{code}.{facts.get('reason', '')}") or table.get(code)
    return phrase.describe(facts, text) if phrase else unknown(code, facts, text)
