"""Reading slo-generator's SLOs and the shared configuration with their error budget policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from data_sources.durations import format_duration
from tomoni.catalog.document import Document
from tomoni.dialects.alerting import Alert, by_factor
from tomoni.dialects.common import is_object, items_of, objective_of, say_other, without_empty
from tomoni.dialects.found import DAY, FoundSlo, Imported, Wanted
from tomoni.dialects.reading import CannotHold, Given, Reading
from tomoni.dialects.report import Fate
from tomoni.dialects.slo_generator.queries import sli_of

TITLE = "slo-generator"
_API, _KIND = "sre.google.com/", "ServiceLevelObjective"
_CURRENT = "sre.google.com/v2"
_SHARED_KEYS = ("error_budget_policies", "backends", "exporters", "default_exporters")
_KEYS_OF_V1 = ("slo_name", "slo_target", "error_budget_policy_step_name")
DEFAULT_WINDOW = 28 * DAY


@dataclass(frozen=True, slots=True)
class _Policy:
    """The longest window of an error budget policy, seconds, and its steps that alert."""

    seconds: int
    alerts: tuple[Alert, ...] = ()


@dataclass(slots=True)
class _Shared:
    """The policies of all shared configurations by name."""

    wanted: Wanted
    policies: dict[str, _Policy] = field(default_factory=dict)


def read(documents: Sequence[Document], wanted: Wanted) -> Imported:
    """The SLOs of slo-generator's files."""
    readings = [Reading(document) for document in documents]
    items = [item for reading in readings for item in items_of(reading.root)]
    shared = _Shared(wanted)
    for item in items:
        if any(item.has(key) for key in _SHARED_KEYS):
            _configuration(item, shared)
    found = [slo for item in items if (slo := _objective(item, shared)) is not None]
    return Imported(tuple(found), tuple(readings))


def _configuration(item: Given, shared: _Shared) -> None:
    item.ignore("connection", "backends")
    item.ignore("results_of_tool", "exporters", "default_exporters")
    policies = item.inside("error_budget_policies")
    for name in policies.data if policies else ():
        try:
            if policies and (policy := policies.inside(name)):
                shared.policies[name] = _policy(policy)
        except CannotHold as why:
            item.reading.leave_out(item.at("error_budget_policies"), why)


def _policy(policy: Given) -> _Policy:
    alerts: list[Alert] = []
    longest = 0
    for step in policy.each("steps"):
        seconds = int(step.number("window"))
        longest = max(longest, seconds)
        step.text("name")
        step.lacks("words_of_policy", "message_alert", "message_ok")
        threshold = step.number("burn_rate_threshold")
        if step.flag("alert"):
            alerts.append(by_factor("page", seconds, seconds, threshold))
        else:
            step.ignore("only_reported", "burn_rate_threshold")
    if not longest:
        raise policy.cannot("steps", "missing_key", key="steps")
    return _Policy(longest, tuple(alerts))


def _objective(item: Given, shared: _Shared) -> FoundSlo | None:
    if any(item.has(key) for key in _SHARED_KEYS):
        return None
    if not is_object(item, _API, _KIND) or str(item.data["apiVersion"]) != _CURRENT:
        old = is_object(item, _API, _KIND)
        if any(item.has(key) for key in _KEYS_OF_V1):
            facts = {"dialect": TITLE, "found": "slo-generator v1", "known": _CURRENT}
            item.reading.say(item.place, Fate.IGNORED, "other_version", **facts)
        else:
            say_other(item, TITLE, _CURRENT if old else "")
        return None
    try:
        return _slo(item, shared)
    except CannotHold as why:
        item.reading.leave_out(item.place, why)
        return None


def _slo(item: Given, shared: _Shared) -> FoundSlo:
    for key in ("apiVersion", "kind"):
        item.text(key)
    metadata, spec = item.needed_inside("metadata"), item.needed_inside("spec")
    name, labels = metadata.needed("name"), metadata.texts("labels")
    annotations = metadata.texts("annotations")
    spec.ignore("results_of_tool", "exporters", "frequency")
    kind, sli = sli_of(spec)
    keys: dict[str, object] = {
        "description": spec.text("description"),
        "objective": objective_of(spec, "goal", ratio=True),
        **_window(spec, shared),
        "labels": labels,
        "annotations": annotations,
        "sli": {"source": shared.wanted.source_of(kind, str(spec.data["backend"])), **sli},
    }
    service = labels.get("service_name") or name
    app = shared.wanted.app or service
    journey = labels.get("feature_name") or service
    return FoundSlo(app, journey, labels.get("slo_name") or name, without_empty(keys), item.reading, item.place)


def _window(spec: Given, shared: _Shared) -> dict[str, object]:
    """The longest window of the policy, and its steps as alerts."""
    name = spec.text("error_budget_policy") or "default"
    policy = shared.policies.get(name)
    seconds = shared.wanted.window_seconds
    if policy is None:
        assumed = format_duration(seconds or DEFAULT_WINDOW)
        if spec.has("error_budget_policy"):
            spec.say("error_budget_policy", Fate.NOT_EXPRESSIBLE, "not_found", kind="error_budget_policy", name=name)
        if seconds is None:
            spec.reading.note(spec.place, Fate.APPROXIMATED, "no_policy", window=assumed)
        return {"window": assumed}
    return {"window": format_duration(policy.seconds), "alerts": list(policy.alerts)}
