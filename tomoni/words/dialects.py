"""The report of an import or an export in words: what became of each thing, and why."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import Problem, Spot
from tomoni.dialects.report import Fate, Line
from tomoni.words import problems
from tomoni.words.phrases import Phrase, plain
from tomoni.words.text import Text, mark

FATES: Mapping[Fate, str] = {
    Fate.EXACT: mark("exact"),
    Fate.APPROXIMATED: mark("approximated"),
    Fate.NOT_EXPRESSIBLE: mark("not expressible"),
    Fate.IGNORED: mark("ignored"),
}
_LEFT_OUT = mark("left out")
_CHECK = "check:"
REASONS: Mapping[str, Phrase] = {
    # Reading a file
    "unknown_key": Phrase(mark("the key %(key)s has no counterpart here")),
    "missing_key": Phrase(mark("the key %(key)s is missing")),
    "wrong_type": Phrase(mark("the key %(key)s has to be %(expected)s")),
    "other_kind": Phrase(mark("it is no spec of %(dialect)s (%(found)s)")),
    "bookkeeping": Phrase(mark("%(key)s is bookkeeping of the tool that keeps the file")),
    "no_slos": Phrase(mark("it has no SLOs")),
    # What is counted
    "objective": Phrase(mark("an objective of %(value)s is not above 0 and at most 100 percent")),
    "irate": Phrase(
        mark("irate looks at the last two samples only; the increase of the whole bucket is counted instead")
    ),
    "fixed_range": Phrase(
        mark("the query looks back %(length)s whatever the window; a bucket takes that value, times its length")
    ),
    "not_a_rate": Phrase(
        mark(
            "the query is no rate: its value in each bucket is counted as events, so the share is right, "
            "and the number of events is that of the query"
        )
    ),
    "no_sli": Phrase(mark("it does not say what is counted")),
    "no_selector": Phrase(mark("it is not the selector of one metric")),
    "grouping": Phrase(mark("one SLO over all values of %(labels)s stands for one of each value")),
    "rules_of_tool": Phrase(mark("%(key)s is about the rules that the tool generates")),
    "absent_alert": Phrase(mark("a metric that vanished is told by every page; there is no alert on it to keep")),
    "alerts_wait": Phrase(mark("the tool's alerts wait %(first)s to %(last)s before they fire, those here do not")),
    "one_severity": Phrase(mark("alerts of one severity have one label here: %(value)s")),
    "duration": Phrase(mark("%(written)s is no length of time here")),
    "plugin": Phrase(mark("what the plugin %(id)s asks for is in its code, not in the file")),
    "rule_plugins": Phrase(mark("plugins change the rules that the tool generates; %(key)s is not used")),
    "window_assumed": Phrase(
        mark(
            "the window is an option of the tool, not of the file: %(window)s is assumed; "
            "name it with --window if it is another one"
        )
    ),
}


def why(line: Line, text: Text) -> str:
    """The reason of a line as a sentence without its end."""
    if line.reason.startswith(_CHECK):
        code = line.reason.removeprefix(_CHECK)
        found = Problem(Spot(line.file, line.line), severity_of(Code(code)), code, line.facts)
        return problems.describe(found, text)[0].rstrip(".。")
    phrase = REASONS.get(line.reason)
    return phrase.describe(line.facts, text)[0] if phrase else line.reason


def line_text(line: Line, text: Text) -> str:
    """One line of a report: ``file:line: what: fate: why``."""
    fate = text._(_LEFT_OUT) if line.left_out else text._(FATES[line.fate])
    head = f"{line.file}:{max(line.line, 1)}: {line.what}: {fate}" if line.what else f"{line.file}:{line.line}: {fate}"
    return plain(f"{head}: {why(line, text)}" if line.reason else head, longest=1200)
