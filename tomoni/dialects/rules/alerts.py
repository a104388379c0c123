"""The alerting rules of one SLO: page, ticket, and the one that says that its metric is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from tomoni.catalog.schema import App, Journey
from tomoni.dialects.labels import label_names
from tomoni.dialects.rules import names
from tomoni.dialects.rules.records import Rule, Subject
from tomoni.dialects.rules.templates import escaped, kept_template
from tomoni.dialects.written import Target
from tomoni.slo.model import HOUR, AlertRule, Severity

_SHARE = "{{ $value | humanizePercentage }}"
_ABSENT = "absent"
_NAMES = {Severity.PAGE.value: "ErrorBudgetBurnPage", Severity.TICKET.value: "ErrorBudgetBurnTicket"}
_NAMES[_ABSENT] = "SliAbsent"


def alerts_of(subject: Subject, app: App, journey: Journey, target: Target) -> Iterator[Rule]:
    """The alerting rules of an SLO; none where the app asks for no alerts."""
    conditions = subject.conditions
    for severity in Severity:
        own = [rule for rule in conditions if rule.severity is severity]
        if own:
            judged = f" and {subject.series(names.JUDGED)}" if subject.needed_seconds else ""
            together = " or ".join(f"({_condition(subject, rule)})" for rule in own)
            expr = f"({together}){judged}" if judged else together
            yield _alert(
                subject, severity.value, expr, _annotations(app, journey, subject, severity.value, target), app
            )
    if conditions:
        silent = max(subject.slo.definition.silence.after_seconds or HOUR, subject.slo.bucket_seconds)
        expr = f"absent({subject.counting.seen(silent, subject.slo.bucket_seconds)})"
        yield _alert(subject, _ABSENT, expr, _annotations(app, journey, subject, _ABSENT, target), app)


def _condition(subject: Subject, rule: AlertRule) -> str:
    """One pair of windows: both burn above the limit, and enough of the long one is known."""
    limit = repr(subject.limit(rule))
    long, short = (subject.series(names.error(each)) for each in (rule.long_seconds, rule.short_seconds))
    parts = [f"{long} > {limit}", f"{short} > {limit}"]
    if subject.counting.observed(rule.long_seconds) is not None:
        parts.append(f"{subject.series(names.observed(rule.long_seconds))} >= 0.5")
    if rule.min_events:
        parts.append(f"{subject.series(names.total(rule.long_seconds))} >= {rule.min_events:g}")
    return " and ".join(parts)


def _alert(subject: Subject, kind: str, expr: str, annotations: Mapping[str, str], app: App) -> Rule:
    kept = subject.slo.kept
    severity = Severity.TICKET.value if kind == _ABSENT else kind
    own = kept.alerting.page if severity == Severity.PAGE.value else kept.alerting.ticket
    labels = {"severity": severity} | ({"team": escaped(app.teams["app"])} if app.teams.get("app") else {})
    for marks, read in ((app.kept.marks, escaped), (kept.marks, escaped), (kept.alerting.every, kept_template)):
        labels |= {name: read(value) for name, value in label_names(marks.labels).items()}
    labels |= {name: kept_template(value) for name, value in label_names(own.labels).items()}
    named = {**annotations}
    for marks, read in ((kept.marks, escaped), (kept.alerting.every, kept_template), (own, kept_template)):
        named |= {name: read(value) for name, value in label_names(marks.annotations).items()}
    name = _name(kept.alerting.name, kind)
    return Rule("alert", name, expr, {**labels, **subject.labels}, named)


def _name(kept: str | None, kind: str) -> str:
    """What an alert is called: as in the tool that the SLO came from, where there was a name."""
    return f"{kept} ({kind})" if kept and kind == _ABSENT else kept or _NAMES[kind]


def _annotations(app: App, journey: Journey, subject: Subject, kind: str, target: Target) -> dict[str, str]:
    found = {
        "summary": escaped(target.say(f"alert_{kind}", {"title": subject.title})),
        "description": escaped(target.say(f"alert_{kind}_why", {})),
    }
    if kind != _ABSENT:
        found["description"] += " " + target.say("alert_share", {}) + f" {_SHARE}"
    address = _address(app, journey, subject, target)
    return {**found, "dashboard_url": escaped(address)} if address else found


def _address(app: App, journey: Journey, subject: Subject, target: Target) -> str:
    """The page of the SLO; nothing where the address of the product is not known."""
    base = target.options.get("url", "")
    query = urlencode({"app": app.id, "journey": journey.id, "slo": subject.slo.id})
    return f"{base.rstrip('/')}/app?{query}" if base else ""
