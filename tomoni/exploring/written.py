"""What is looked at as YAML for an app's file: a signal, or the draft of an SLI; both pass our own check."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from data_sources.config import Kind
from data_sources.exploring import Ask, MetricQuestion, MetricType
from tomoni.catalog.schema import Unit
from tomoni.exploring.address import written_matchers


@dataclass(frozen=True, slots=True)
class Comments:
    """What stands above the YAML, in the reader's language: what it is, and what is left to decide."""

    signal: str
    sli: str
    several: str = ""


def takes_texts(kind: Kind) -> bool:
    """Whether the signals of a kind of source are written as plain texts."""
    return any(form.KEY == "text" for form in kind.signal_forms)


def signal_yaml(source: str, ask: Ask, texts: Sequence[str], unit: str, comments: Comments) -> str:
    """A signal for each query of a question; ``unit`` is what its values are measured in."""
    name = ask.metric if isinstance(ask, MetricQuestion) else "query"
    lines = _comment(comments.signal) + (_comment(comments.several) if comments.several else "") + "infra:\n"
    for place, text in enumerate(texts):
        id_ = _id(name) + (f"-{place + 1}" if len(texts) > 1 else "")
        lines += f"  - id: {id_}\n    title: {_quoted(name)}\n    source: {source}\n    query: {_quoted(text)}\n"
        lines += f"    unit: {unit if unit in set(Unit) else Unit.COUNT.value}\n"
    return lines


def sli_yaml(kind: Kind, source: str, ask: Ask, comments: Comments) -> str | None:
    """The draft of a journey with an SLI of a counter; None of what is none. What the matchers leave is bad, what
    there is without them is all."""
    sli = _sli(kind, source, ask) if isinstance(ask, MetricQuestion) and ask.type is MetricType.COUNTER else None
    if sli is None or not isinstance(ask, MetricQuestion):
        return None
    return (
        f"{_comment(comments.sli)}journeys:\n  - id: {_id(ask.metric)}\n    slos:\n      - id: availability\n"
        f"        objective: 99\n        window: 28d\n        sli: {sli}\n"
    )


def _sli(kind: Kind, source: str, ask: MetricQuestion) -> str | None:
    """The SLI of a counter in a form that the kind answers, None where it answers none of them."""
    forms = {form.KEY for form in kind.sli_forms}
    if "counts" in forms:
        return f"{{source: {source}, counts: {ask.metric}}}"
    if not kind.expressions:
        return None
    bad = written_matchers(ask.matchers) or 'code=~"5.."'
    return f"{{source: {source}, bad: {_quoted(f'{ask.metric}{{{bad}}}')}, total: {_quoted(ask.metric)}}}"


def _comment(sentences: str) -> str:
    return "".join(f"# {line}\n" for line in sentences.splitlines())


def _id(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "query"


def _quoted(text: str) -> str:
    """A text as YAML reads it, on one line."""
    return json.dumps(text, ensure_ascii=False)
