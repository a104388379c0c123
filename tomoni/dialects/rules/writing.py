"""Writing Prometheus rules: a file for each app and Prometheus, a group for each SLO."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from data_sources.errors import SourceError
from data_sources.prometheus.config import Histogram
from data_sources.prometheus.reading import refusal
from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App
from tomoni.dialects.losses import Placed, placed_in
from tomoni.dialects.report import Line
from tomoni.dialects.rules.alerts import alerts_of
from tomoni.dialects.rules.counting import counting_of
from tomoni.dialects.rules.lengths import short_length
from tomoni.dialects.rules.records import Rule, Subject, records_of
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_text import comment_lines, mapping_lines, quoted_yaml
from tomoni.slo.alerts import reachable
from tomoni.slo.model import CalendarUnit, CalendarWindow

EVERY = "1m"  # how often rules are evaluated, unless asked for otherwise
_UNKNOWN = "unknown function"  # which another server, or a later Prometheus, may know
CLASSIC = "classic-histograms"  # the option for servers that know no native ones


def write(apps: Sequence[App], target: Target) -> Exported:
    """The rules of all SLOs whose source is a Prometheus, and what became of every SLO."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        written, told = _app(app, target)
        files |= written
        lines += told
    return Exported(files, tuple(lines))


def _app(app: App, target: Target) -> tuple[dict[str, str], list[Line]]:
    by_source: dict[str, list[str]] = defaultdict(list)
    lines: list[Line] = []
    titles = _titles(app, target)
    for placed in placed_in(app):
        group, told = _group(placed, titles[placed.path], target)
        lines += told
        if group:
            by_source[placed.slo.source] += group
    head = [*comment_lines(target.say("rules_head", {})), *comment_lines(target.say("rules_recording", {}))]
    files = {}
    for source, groups in by_source.items():
        name = f"{app.id}.rules.yaml" if len(by_source) == 1 else f"{app.id}.{source}.rules.yaml"
        left = [line for line in lines if line.left_out]
        without = [each for line in left for each in comment_lines(f"{line.what}: {target.remark(line)}")]
        files[name] = "\n".join([*head, *without, "groups:", *groups]) + "\n"
    return files, lines


def _titles(app: App, target: Target) -> Mapping[str, str]:
    """What the SLOs of an app are called, each beside the others, by their paths."""
    name, journeys = target.names.get(app.id) or app.title(target.language), apart(app.journeys, target.language)
    return {
        f"{app.id}/{journey.id}/{id_}": f"{name} / {journeys[journey.id]} / {title}"
        for journey in app.journeys
        for id_, title in apart(journey.slos, target.language).items()
    }


def _group(placed: Placed, title: str, target: Target) -> tuple[list[str], list[Line]]:
    """The lines of an SLO's group, none where it has no rules, and what became of it."""
    slo = placed.slo
    if target.kinds.get(slo.source) != "prometheus":
        return [], [placed.unasked(target.kinds, "Prometheus")]
    try:
        subject = Subject(slo, counting_of(slo, native=CLASSIC not in target.options), placed.labels, title)
    except SourceError:
        return [], [placed.left_out("rules_query")]
    refused = _refused(subject)
    if refused and not refused.startswith(_UNKNOWN):
        return [], [placed.left_out("rules_refused", detail=refused)]
    told = list(_told(placed, subject, target)) or [placed.exact()]
    remarks = [each for line in told if line.reason for each in comment_lines(target.remark(line), "    ")]
    rules = [*records_of(subject), *alerts_of(subject, placed.app, placed.journey, target)]
    lines = [
        f"  - name: {quoted_yaml(f'tomoni/{placed.path}')}",
        *remarks,
        f"    interval: {target.options.get('every', EVERY)}",
        "    rules:",
        *(line for rule in rules for line in _rule(rule)),
    ]
    return lines, told


def _rule(rule: Rule) -> Iterator[str]:
    yield f"      - {rule.kind}: {quoted_yaml(rule.name)}"
    yield f"        expr: {quoted_yaml(rule.expr)}"
    for key, values in (("labels", rule.labels), ("annotations", rule.annotations)):
        if values:
            yield f"        {key}:"
            yield from mapping_lines(values, " " * 10)


def _refused(subject: Subject) -> str | None:
    """Why a Prometheus would not load the rules, in its own words: the queries that users write are part of them."""
    if isinstance(subject.slo.sli, Histogram):
        return None
    bucket = subject.counting.bucket
    return refusal(bucket.total) or refusal(bucket.part)


def _longest(window: CalendarWindow, days: int, placed: Placed) -> Line:
    """That the alerts take the longest period; days and weeks are all of one length but where clocks change."""
    if window.unit in (CalendarUnit.DAY, CalendarUnit.WEEK):
        return placed.approximated("rules_clocks", calendar=window.unit.value)
    return placed.approximated("rules_calendar", calendar=window.unit.value, days=days)


def _told(placed: Placed, subject: Subject, target: Target) -> Iterator[Line]:
    """What differs from the product, or is missing."""
    slo, definition = placed.slo, placed.slo.definition
    if slo.native_defaults:
        yield placed.approximated("native_defaults")
    if unknown := _refused(subject):
        yield placed.approximated("rules_unknown", detail=unknown)
    if isinstance(slo.sli, Histogram):
        yield placed.approximated(
            "rules_classic" if CLASSIC in target.options else "rules_histogram", under=f"{slo.sli.under:g}"
        )
    if isinstance(definition.window, CalendarWindow):
        yield _longest(definition.window, subject.window_seconds // 86_400, placed)
        yield placed.lost("rules_budget")
    yield from placed.told_of_split("Prometheus")
    if placed.excluded:
        yield placed.lost("rules_exclusions")
    if definition.objective.allowance == 0:
        yield placed.lost("rules_no_allowance")
        return
    for rule in definition.rules:
        if not reachable(rule, subject.window_seconds, definition.objective.allowance, subject.counting.unit_seconds):
            facts = {"severity": rule.severity.value, "long": short_length(rule.long_seconds)}
            yield placed.lost("rules_unreachable", **facts)
