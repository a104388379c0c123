"""What asking a source about a query brought to light, in words: what it is and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.base import Finding
from tomoni.words import errors, notices
from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    **notices.TABLE,
    "matches_nothing": Phrase(
        mark("The query matches nothing."), mark("Check its names and labels in the source's own UI.")
    ),
    "numerator_matches_nothing": Phrase(
        mark("The query of %(role)s events matches nothing, so they count as 0."),
        mark("That is fine if none have occurred yet; otherwise check its labels."),
    ),
    "scrape_interval": Phrase(
        mark("The source takes a sample every %(scrape_seconds)s; a bucket of %(bucket_seconds)s has too few of them."),
        mark("Use a bucket of at least three samples, or scrape more often."),
    ),
    "retention_short": Phrase(
        mark("The source keeps %(retention_seconds)s, less than the %(interval_seconds)s that are needed."),
        mark("Sync at least daily, so that the ledger remembers the rest; the first weeks stay incomplete."),
    ),
    "not_a_counter": Phrase(
        mark("%(metric)s is a %(type)s, but %(role)s needs a counter."),
        mark("Use a counter, or gauge with good_when."),
    ),
    "unknown_label": Phrase(
        mark("The filter of %(role)s names the label %(label)s, which the metric does not have."),
        mark("Use one of: %(known)s."),
    ),
    "no_window": Phrase(
        mark("The expression of %(role)s does not use $window, so it does not follow the bucket."),
        mark("Write increase(…[$window]) for the counts of one bucket."),
    ),
    "unknown_placeholder": Phrase(
        mark("The placeholder %(placeholder)s is not known."), mark("Only $window is substituted.")
    ),
}


def say(finding: Finding, text: Text) -> tuple[str, str]:
    """What was found, and what to do about it."""
    return say_code(finding.code, finding.facts, text)


def say_code(code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """The same for a code with its facts; a finding may also be a source's error with its own text as ``detail``."""
    if code in errors.CODES:
        return errors.say(code, facts, str(facts.get("detail", "")), text)
    return look_up(TABLE, code, facts, text)
