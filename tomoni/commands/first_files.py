"""The files of a new configuration: what is known filled in, everything else as comments to be filled in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tomoni.exploring.draft import Draft
from tomoni.languages import LANGUAGES
from tomoni.words.app_file import app_lines, head_lines, scalar, signal_example
from tomoni.words.text import Text, mark

Sli = Mapping[str, str]

BESIDE_APPS = ("sources.yaml", "settings.yaml")

_TITLES = {
    "availability": mark("Requests that succeed"),
    "latency": mark("Requests that are fast"),
    "counts": mark("Events that succeed"),
}
_FILTER = 'metric.type="loadbalancing.googleapis.com/https/request_count" resource.type="https_lb_rule"'
# What an SLI may look like, for each kind of source; an example until somebody fills it in.
_EXAMPLES: Mapping[str, Sequence[Sli]] = {
    "prometheus": (
        {"total": 'http_requests_total{app="shop"}', "bad": 'http_requests_total{app="shop",code=~"5.."}'},
        {"histogram": 'http_request_duration_seconds{app="shop"}', "under": "300ms"},
    ),
    "gcp": ({"total": _FILTER, "bad": f'{_FILTER} metric.labels.response_code_class="500"'},),
    "exports": ({"counts": "orders.csv"},),
}


@dataclass(frozen=True, slots=True)
class Start:
    """What a configuration begins with: the keys of its source (none: examples of all kinds), and the draft of its
    first app, made of what was found."""

    app: str
    source: str | None
    keys: Mapping[str, str]
    timezone: str
    draft: Draft | None = None


def files(start: Start, folder: Path, text: Text) -> dict[str, str]:
    """The texts of the files by their names in the folder."""
    made = {
        "sources.yaml": ("sources", _sources(start, text)),
        "settings.yaml": ("settings", _settings(start, text)),
        f"apps/{start.app}.yaml": ("app", _app(start, text)),
    }
    return {name: "\n".join([*_schema(folder / name, schema), *lines]) + "\n" for name, (schema, lines) in made.items()}


def _schema(file: Path, name: str) -> list[str]:
    """The line by which editors find the schema, where the program's folder is at hand."""
    schema = Path("schemas") / f"{name}.schema.json"
    if not schema.exists():
        return []
    return [f"# yaml-language-server: $schema={Path(os.path.relpath(schema, file.parent)).as_posix()}"]


def _sources(start: Start, text: Text) -> list[str]:
    _ = text._
    lines = [
        "# " + _("Where the numbers come from: an id of your own for each source."),
        "# " + _("Every key is described in docs/configuration.md."),
        "sources:",
    ]
    if start.source:
        lines += [f"  {start.source}:", *(f"    {key}: {scalar(value)}" for key, value in start.keys.items())]
    else:
        lines += ["  demo: {kind: demo} # " + _("made-up data; remove it once you have a source of your own")]
    lines.append("  # " + _("Passwords and tokens are read from the environment: ${NAME}."))
    examples = {
        "prometheus": "{kind: prometheus, url: http://127.0.0.1:9090}",
        "gcp": "{kind: cloud_monitoring, project: my-project}",
        "exports": "{kind: files, path: ../data}",
    }
    lines += [f"  # {name}: {keys}" for name, keys in examples.items() if name != start.source]
    return [*lines, *(f"  # {line}" for line in _SECURED)]


_SECURED = (
    "secured:",
    "  kind: prometheus",
    "  url: https://prometheus.example.com",
    "  auth: {kind: bearer, token: ${TOKEN}}",
)


def _settings(start: Start, text: Text) -> list[str]:
    _ = text._
    languages = [text.language, *(language for language in LANGUAGES if language != text.language)]
    return [
        "# " + _("What holds for all apps unless an app says otherwise."),
        f"timezone: {start.timezone}",
        f"languages: [{', '.join(languages)}] # " + _("the first is the default"),
        "# at_risk_below: 0.25 # " + _("below this share of the budget an SLO is at risk"),
        "# history_days: 35 # " + _("how far back data is fetched the first time"),
    ]


def _app(start: Start, text: Text) -> list[str]:
    if start.draft is not None:
        return app_lines(start.draft, text)
    _ = text._
    return [
        *head_lines(start.app, title_of(start.app), {}, text),
        "journeys:",
        "  - id: first-journey # " + _("something that users want to get done, such as place-order"),
        "    title: " + scalar(_("First journey")),
        "    slos:",
        *_slos(start, text),
        *signal_example(text),
    ]


def title_of(app: str) -> str:
    """What an app is called until somebody names it."""
    return app.replace("-", " ").capitalize()


def _slos(start: Start, text: Text) -> list[str]:
    lines = ["      # " + text._("Choose a query that fits, and remove the # in front of it.")]
    for source in [start.source] if start.source else [*_EXAMPLES]:
        for sli in _EXAMPLES[source]:
            lines += [f"      # {line}" for line in _slo(source, sli, text, "")]
    return lines


def _slo(source: str, sli: Sli, text: Text, indent: str) -> list[str]:
    slo_id = "latency" if "histogram" in sli else "availability"
    title = _TITLES["counts" if "counts" in sli else slo_id]
    lines = [
        f"- id: {slo_id}",
        f"  title: {scalar(text._(title))}",
        "  objective: 99 # " + text._("percent; agree on it with the app team"),
        "  window: 28d",
        "  sli:",
        f"    source: {source}",
        *(f"    {key}: {scalar(value)}" for key, value in sli.items()),
    ]
    return [indent + line for line in lines]
