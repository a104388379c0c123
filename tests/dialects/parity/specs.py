"""The same objectives in the words of each dialect, and as the rules that Sloth's and Pyrra's documentation define."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

OBJECTIVE = "99.5"
WINDOW = "3d"


@dataclass(frozen=True)
class Service:
    """What a service counts: selectors of all events and of the bad ones, or of the good ones where only these can be
    asked for; ``probe`` is the selector of a gauge instead."""

    name: str
    total: str = ""
    bad: str = ""
    good: str = ""
    probe: str = ""


def _requests(name: str) -> Service:
    total = f'http_requests_total{{service="{name}"}}'
    return Service(name, total, total.replace("}", ',code=~"5.."}'), total.replace("}", ',code!~"5.."}'))


SERVICES = (
    *map(_requests, ("steady", "offset", "nights", "idle", "unscraped", "pods", "flawless", "failing")),
    Service("latency", 'x_seconds_count{service="latency"}', good='x_seconds_bucket{service="latency",le="0.3"}'),
    Service("probe", probe='probe_success{service="probe"}'),
)


def _sloth_sli(service: Service) -> dict[str, object]:
    if service.probe:
        return {"raw": {"error_ratio_query": f"1 - avg(avg_over_time({service.probe}[{{{{.window}}}}]))"}}
    total = f"sum(rate({service.total}[{{{{.window}}}}]))"
    bad = f"sum(rate({service.bad}[{{{{.window}}}}]))" if service.bad else ""
    error = bad or f"{total} - sum(rate({service.good}[{{{{.window}}}}]))"
    return {"events": {"error_query": error, "total_query": total}}


def sloth() -> str:
    """Sloth's specs, a document for each service."""
    return yaml.safe_dump_all(
        {
            "version": "prometheus/v1",
            "service": service.name,
            "labels": {"owner": "shop"},
            "slos": [
                {
                    "name": "works",
                    "objective": float(OBJECTIVE),
                    "sli": _sloth_sli(service),
                    "alerting": {"name": "Burns", "page_alert": {"disable": True}, "ticket_alert": {"disable": True}},
                }
            ],
        }
        for service in SERVICES
    )


def _pyrra_indicator(service: Service) -> dict[str, object]:
    if service.probe:
        return {"bool_gauge": {"metric": service.probe}}
    if service.bad:
        return {"ratio": {"errors": {"metric": service.bad}, "total": {"metric": service.total}}}
    return {"latency": {"success": {"metric": service.good}, "total": {"metric": service.total}}}


def pyrra() -> str:
    """Pyrra's objectives, a document for each service."""
    return yaml.safe_dump_all(
        {
            "apiVersion": "pyrra.dev/v1alpha1",
            "kind": "ServiceLevelObjective",
            "metadata": {"name": "works", "labels": {"app": service.name}},
            "spec": {"target": OBJECTIVE, "window": WINDOW, "indicator": _pyrra_indicator(service)},
        }
        for service in SERVICES
    )


def _query(text: str) -> dict[str, object]:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": text}}}


def openslo() -> str:
    """OpenSLO's SLOs of the services that count events."""
    return yaml.safe_dump_all(
        {
            "apiVersion": "openslo/v1",
            "kind": "SLO",
            "metadata": {"name": "works"},
            "spec": {
                "service": service.name,
                "indicator": {
                    "metadata": {"name": "share"},
                    "spec": {
                        "ratioMetric": {
                            "counter": True,
                            **({"bad": _query(service.bad)} if service.bad else {"good": _query(service.good)}),
                            "total": _query(service.total),
                        }
                    },
                },
                "timeWindow": [{"duration": WINDOW, "isRolling": True}],
                "budgetingMethod": "Occurrences",
                "objectives": [{"targetPercent": float(OBJECTIVE)}],
            },
        }
        for service in SERVICES
        if service.total
    )


def _indicator(service: Service) -> tuple[str, dict[str, object]]:
    if service.probe:
        return "query_sli", {"expression": f"avg(avg_over_time({service.probe}[window]))"}
    if not service.bad:
        return "distribution_cut", {"expression": 'x_seconds_bucket{service="latency"}', "threshold_bucket": 0.3}
    return "good_bad_ratio", {"filter_good": f"{service.good}[window]", "filter_valid": f"{service.total}[window]"}


def slo_generator() -> list[dict[str, object]]:
    """slo-generator's SLOs."""
    made: list[dict[str, object]] = []
    for service in SERVICES:
        method, indicator = _indicator(service)
        labels = {"service_name": service.name, "feature_name": "use", "slo_name": "works"}
        spec = {"backend": "prometheus", "method": method, "exporters": [], "service_level_indicator": indicator}
        made.append(
            {
                "apiVersion": "sre.google.com/v2",
                "kind": "ServiceLevelObjective",
                "metadata": {"name": f"{service.name}-works", "labels": labels},
                "spec": {"description": "Works.", "goal": float(OBJECTIVE) / 100, **spec},
            }
        )
    return made


def slo_generator_config(url: str) -> dict[str, object]:
    """slo-generator's shared configuration: one step as long as the window."""
    step = {"name": WINDOW, "burn_rate_threshold": 1, "alert": False, "window": 3 * 86_400}
    return {
        "backends": {"prometheus": {"url": url}},
        "error_budget_policies": {"default": {"steps": [{**step, "message_alert": "a", "message_ok": "b"}]}},
    }


def rules() -> str:
    """What Sloth records every minute: the share of errors of five minutes, and the mean of those over the window.

    Pyrra's rule, the increase over its whole window, needs no history of its own and is asked for as it is.
    """
    recorded = []
    for service in SERVICES:
        labels = {"sloth_service": service.name, "sloth_slo": "works"}
        sli = _sloth_sli(service)
        events, raw = sli.get("events"), sli.get("raw")
        text = ""
        if isinstance(events, dict):
            text = f"({events['error_query']}) / ({events['total_query']})"
        elif isinstance(raw, dict):
            text = str(raw["error_ratio_query"])
        expr = text.replace("{{.window}}", "5m")
        recorded.append({"record": "slo:sli_error:ratio_rate5m", "expr": expr, "labels": labels})
    return yaml.safe_dump({"groups": [{"name": "sloth", "interval": "1m", "rules": recorded}]})


def sloth_period(service: Service) -> str:
    """Sloth's share of errors over the window."""
    series = f'slo:sli_error:ratio_rate5m{{sloth_service="{service.name}"}}'
    return f"sum_over_time({series}[{WINDOW}]) / count_over_time({series}[{WINDOW}])"


def pyrra_period(service: Service) -> str:
    """Pyrra's availability over the window."""
    if service.probe:
        return f"sum(sum_over_time({service.probe}[{WINDOW}])) / sum(count_over_time({service.probe}[{WINDOW}]))"
    total = f"sum(increase({service.total}[{WINDOW}]))"
    if service.bad:
        return f"1 - (sum(increase({service.bad}[{WINDOW}])) or vector(0)) / {total}"
    return f"1 - ({total} - (sum(increase({service.good}[{WINDOW}])) or vector(0))) / {total}"
