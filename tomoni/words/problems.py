"""All problems of the configuration in words: what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.schema import Problem, Severity
from tomoni.words import connections, definitions, errors, notices, written
from tomoni.words.phrases import Facts, Phrase, plain, show
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {**written.TABLE, **definitions.TABLE, **connections.SETTINGS}
SEVERITIES: Mapping[Severity, str] = {Severity.ERROR: mark("Error"), Severity.WARNING: mark("Warning")}
_BOUNDS: Mapping[str, str] = {
    "above": mark("above %(n)s"),
    "at_least": mark("of at least %(n)s"),
    "below": mark("below %(n)s"),
    "at_most": mark("of at most %(n)s"),
}
# Problems of one value, which say of which key it is; all others name what they are about.
_OF_A_VALUE = frozenset({*written.KEYS, *written.VALUES, "yaml_tag", "bad_clock", "bad_country", "bad_rule"})
_OF_A_VALUE |= {"never_happens", "out_of_years", "bad_slo_path", "unknown_kind"}
_SAY_OBJECTIVE = frozenset({"objective_out_of_range", "objective_looks_like_ratio"})
# Codes with words of their own for a cause: by the value of a fact.
_CAUSES: Mapping[tuple[str, str, str], str] = {
    ("yaml_lookalike", "meant", "␣"): "yaml_lookalike.blank",
    ("length_out_of_range", "reason", "from_zero"): "length_out_of_range.from_zero",
    ("folder_missing", "kind", "file"): "folder_missing.file",
    ("folder_missing", "kind", "inner_file"): "folder_missing.inner_file",
    ("link_to_nothing", "kind", "folder"): "link_to_nothing.folder",
    ("file_unreadable", "kind", "folder"): "file_unreadable.folder",
    ("bad_url", "reason", "port"): "bad_url.port",
    ("wrong_type", "found", "list"): "wrong_type.list",
    ("wrong_type", "found", "mapping"): "wrong_type.mapping",
}


def describe(problem: Problem, text: Text) -> tuple[str, str]:
    """What is wrong, after the key whose value it is, and what to do about it."""
    what, hint = _described(problem, text)
    named = problem.key == "objective" and problem.code in _SAY_OBJECTIVE
    if not problem.key or named or problem.code not in _OF_A_VALUE:
        return what, hint
    return text._("%(key)s: %(what)s") % {"key": plain(problem.key), "what": what}, hint


def _described(problem: Problem, text: Text) -> tuple[str, str]:
    facts = problem.facts
    if problem.code == "source_failed":
        return _source_failed(facts, text)
    if problem.code == "out_of_range":
        facts = {**facts, "range": _range(facts, text)}
    # The catalog and the sources share some codes, each with its own facts.
    phrase = TABLE.get(_key(problem.code, facts))
    if phrase and (phrase.covered_by(facts) or problem.code not in notices.FINDINGS):
        return phrase.describe(facts, text)
    return notices.describe_code(problem.code, facts, text)


def _key(code: str, facts: Facts) -> str:
    """The entry of the table: some codes have one of their own for a cause that the facts show."""
    if code == "yaml_syntax" and not facts.get("began"):
        return "yaml_syntax.as_a_whole"
    for (named, fact, value), entry in _CAUSES.items():
        if code == named and facts.get(fact) == value:
            return entry
    if code in ("bad_choice", "out_of_range") and not facts.get("written"):  # a value of sources.yaml is never repeated
        return f"{code}.unwritten"
    if code == "wrong_type" and facts.get("written"):
        return "wrong_type.written"
    if code == "unknown_key" and facts.get("level"):
        return "unknown_key.elsewhere"
    return "unknown_key.comma" if code == "unknown_key" and facts.get("comma") else code


def severity(problem: Problem, text: Text) -> str:
    """Error or warning, in a word."""
    return text._(SEVERITIES[problem.severity])


def line(problem: Problem, text: Text) -> str:
    """A problem on one line: ``file:line: what; what to do``.

    A problem of a whole file is reported for its first line, where an editor then opens it.
    """
    what, hint = describe(problem, text)
    where = f"{problem.spot.file}:{max(problem.spot.line, 1)}"
    warned = f"{severity(problem, text)}: " if problem.severity is Severity.WARNING else ""
    what = warned + what.rstrip(".。")
    return plain(f"{where}: {what}; {_continued(hint, text)}" if hint else f"{where}: {what}", longest=1200)


def _continued(hint: str, text: Text) -> str:
    """A hint after a semicolon: without its final period and initial capital."""
    ended = hint.rstrip(".。")
    return (
        ended[:1].lower() + ended[1:]
        if text.language == "en" and (ended[1:2].islower() or ended.startswith("A "))
        else ended
    )


def _range(facts: Facts, text: Text) -> str:
    return text.join(
        [text._(phrase) % {"n": show(name, facts[name], text)} for name, phrase in _BOUNDS.items() if name in facts]
    )


def _source_failed(facts: Facts, text: Text) -> tuple[str, str]:
    """A source's error found while checking its queries; its name is on the same line."""
    what, hint = errors.describe(str(facts.get("error", "source_error")), facts, str(facts.get("detail", "")), text)
    return text._("Source %(source)s: %(what)s") % {"source": plain(str(facts.get("source", "?"))), "what": what}, hint
