"""OpenSLO's alert policies and conditions as burn alerts."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.dialects.alerting import Alert, by_factor
from tomoni.dialects.openslo.windows import seconds_of
from tomoni.dialects.reading import CannotHold, Given
from tomoni.dialects.report import Fate

_PAGES = frozenset({"page", "critical", "sev1", "sev-1", "p1", "high", "urgent"})
_MINUTE = 60


def alerts_of(spec: Given, named: Mapping[tuple[str, str], Given]) -> list[Alert] | None:
    """The alerts of an SLO; None where it has no policies. What cannot be read is reported."""
    if not spec.has("alertPolicies"):
        return None
    found: list[Alert] = []
    for written in spec.each("alertPolicies"):
        policy = _resolved(written, "AlertPolicy", "alertPolicyRef", named)
        if policy is not None:
            found += _policy(policy, named)
    return found


def _resolved(given: Given, kind: str, ref: str, named: Mapping[tuple[str, str], Given]) -> Given | None:
    """The object itself, or the one that is named; None where there is no such."""
    name = given.text(ref)
    if name is None:
        return given
    if (kind, name) not in named:
        given.say(ref, Fate.NOT_EXPRESSIBLE, "not_found", kind=kind, name=name)
    return named.get((kind, name))


def _policy(policy: Given, named: Mapping[tuple[str, str], Given]) -> list[Alert]:
    _head(policy)
    spec = policy.inside("spec")
    if spec is None:
        return []
    spec.ignore("words_of_alerts", "description", "alertWhenResolved")
    spec.lacks("notifications", "notificationTargets")
    if spec.flag("alertWhenNoData"):
        spec.say("alertWhenNoData", Fate.NOT_EXPRESSIBLE, "absent_alert", key="alertWhenNoData")
    if not spec.flag("alertWhenBreaching", otherwise=True):
        spec.ignore("never_alerts", "conditions")
        return []
    return [alert for each in spec.each("conditions") if (alert := _condition(each, named)) is not None]


def _head(given: Given) -> None:
    for key in ("apiVersion", "kind"):
        given.text(key)
    given.ignore("words_of_alerts", "metadata")


def _condition(written: Given, named: Mapping[tuple[str, str], Given]) -> Alert | None:
    given = _resolved(written, "AlertCondition", "conditionRef", named)
    if given is None:
        return None
    try:
        _head(given)
        spec = given.needed_inside("spec")
        spec.ignore("words_of_alerts", "description")
        severity = "page" if (spec.text("severity") or "").lower() in _PAGES else "ticket"
        return _burn(spec.needed_inside("condition"), severity)
    except CannotHold as why:
        given.reading.leave_out(given.place, why)
        return None


def _burn(condition: Given, severity: str) -> Alert:
    kind = (condition.text("kind") or "burnrate").lower()
    if kind != "burnrate":
        raise condition.cannot("kind", "no_burn_rate", written=kind[:40])
    operator = condition.text("op") or "gt"
    if operator in ("lt", "lte"):
        condition.say("op", Fate.APPROXIMATED, "upside_down", written=operator)
    long = seconds_of(condition, "lookbackWindow")
    if condition.has("alertAfter") and (waits := condition.text("alertAfter")) not in (None, "0", "0m"):
        condition.say("alertAfter", Fate.APPROXIMATED, "alert_waits", length=str(waits))
    return by_factor(severity, long, max(long, _MINUTE), condition.number("threshold"))
