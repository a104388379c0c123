"""What asking a source about a query brought to light, in words: what it is and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources.base import Finding
from text import Text
from words.errors import TABLE as ERRORS
from words.phrases import Phrase, look_up

TABLE: Mapping[str, Phrase] = {}


def say(finding: Finding, text: Text) -> tuple[str, str]:
    """What was found, and what to do about it; a finding may also be a source's error."""
    return look_up({**ERRORS, **TABLE}, finding.code, finding.facts, text)
