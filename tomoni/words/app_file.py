"""The first file of an app as YAML, with comments that say why each part is there and what to do with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import wrap

import yaml

from tomoni.exploring.draft import Draft, DraftJourney, DraftSlo
from tomoni.exploring.likely import LikelySignal
from tomoni.words.detected import reason, signal_title, sli_titles
from tomoni.words.text import Text

_WIDTH = 100
_SIGNAL = (
    "- id: cpu",
    "  title: CPU",
    "  source: prometheus",
    '  query: avg(rate(container_cpu_usage_seconds_total{app="shop"}[$window]))',
    "  unit: ratio",
    "  limit: 0.8",
)


def app_lines(draft: Draft, text: Text) -> list[str]:
    """The lines of an app's file."""
    _ = text._
    lines = [*head_lines(draft.app, draft.title, draft.teams, text), "journeys:"]
    for journey in draft.journeys:
        lines += _journey(journey, draft.source, text)
    if not draft.signals:
        return [*lines, *signal_example(text)]
    lines += ["infra: # " + _("the metrics of the infrastructure that carry the journeys")]
    return [*lines, *(line for signal in draft.signals for line in _signal(signal, draft.source, text))]


def head_lines(app: str, title: str, teams: Mapping[str, str], text: Text) -> list[str]:
    """The lines above the journeys."""
    _ = text._
    named = ", ".join(f"{role}: {scalar(name)}" for role, name in teams.items() if name)
    both = _("the two teams that review it together")
    return [
        "# " + _("One app: what its users want to get done, and what both teams agreed about it."),
        "# " + _("Every key is described in docs/configuration.md."),
        f"app: {scalar(app)} # " + _("lower case, digits, hyphens; part of every address"),
        f"title: {scalar(title)}",
        f"teams: {{{named}}} # {both}" if named else f"# teams: {{app: payments, infra: platform}} # {both}",
    ]


def signal_example(text: Text) -> list[str]:
    """How a signal is written, as a comment."""
    head = "# infra: # " + text._("the metrics of the infrastructure that carry the journeys")
    return [head, *(f"# {line}" for line in _SIGNAL)]


def _journey(journey: DraftJourney, source: str, text: Text) -> list[str]:
    note = text._("something that users want to get done, such as place-order")
    lines = [f"  - id: {scalar(journey.id)} # {note}", f"    title: {scalar(journey.title)}", "    slos:"]
    titles = sli_titles([slo.sli for slo in journey.slos], text)
    slos = zip(journey.slos, titles, strict=True)
    return [*lines, *(f"      {line}" for slo, title in slos for line in _slo(slo, title, source, text))]


def _slo(slo: DraftSlo, title: str, source: str, text: Text) -> list[str]:
    """One SLO of a list, with the reason why it is proposed above it."""
    remarks = [reason(slo.sli, text), *filter(None, [slo.remark])]
    keeps_own = "slo" in slo.sli.keys  # such an SLO brings its objective and window from its source
    own = [f"  objective: {slo.objective} # " + text._("percent; agree on it with the app team"), "  window: 28d"]
    return [
        *(f"# {line}" for remark in remarks for line in wrap(" ".join(remark.split()), _WIDTH)),
        f"- id: {scalar(slo.id)}",
        f"  title: {scalar(title)}",
        *([] if keeps_own else own),
        "  sli:",
        f"    source: {scalar(source)}",
        *(f"    {key}: {value(written)}" for key, written in slo.sli.keys.items()),
    ]


def _signal(signal: LikelySignal, source: str, text: Text) -> list[str]:
    lines = [
        f"  - id: {scalar(signal.id)}",
        f"    title: {scalar(signal_title(signal, text))}",
        f"    source: {scalar(source)}",
        f"    query: {value(signal.query)}",
        f"    unit: {signal.unit}",
    ]
    return lines if signal.limit is None else [*lines, f"    limit: {signal.limit:g}"]


def value(written: object) -> str:
    """A value as YAML on one line."""
    if isinstance(written, str):
        return scalar(written)
    return json.dumps(dict(written) if isinstance(written, Mapping) else written, ensure_ascii=False)


def scalar(written: str) -> str:
    """A text as YAML: without quotes where it stays the same text."""
    try:
        plain = "\n" not in written and yaml.safe_load(f"a: {written}") == {"a": written}
        plain = plain and yaml.safe_load(f"{{a: {written}}}") == {"a": written}
    except (yaml.YAMLError, ValueError):
        plain = False
    if plain:
        return written
    # Queries are full of double quotes: in single ones they stay as they are.
    if written.isprintable():
        return "'" + written.replace("'", "''") + "'"
    return yaml.safe_dump(written, default_style='"', allow_unicode=True, width=10_000).strip()
