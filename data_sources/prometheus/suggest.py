"""A first SLI out of what a server has: requests by status code, and a histogram of durations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data_sources.errors import BadAnswer
from data_sources.prometheus.client import Client

Sli = Mapping[str, str]

_REQUESTS = re.compile(r".*(request|handled|calls|response).*_total")
_DURATIONS = re.compile(r".*(request|response|handling|latency|duration).*_seconds_bucket")
# What servers count of themselves comes last.
_OWN = re.compile(r"(prometheus|promhttp|alertmanager|grafana|go|net_conntrack|vm)_.*")
_CODES = ("code", "status", "status_code", "http_status", "http_status_code", "http_response_status_code")
_GROUPS = ("app", "service", "job")
_PLAIN = re.compile(r"[\w.:/-]{1,60}")
_MOST_TRIED = 5
_WANTED_SECONDS = 0.3


def suggested(client: Client) -> tuple[Sli, ...]:
    """At most one SLI on failures and one on durations, each as the keys of ``sli``. Raises `SourceError`."""
    names = client.label_values("__name__", {})
    requests = (_of_requests(metric) for metric in _candidates(client, names, _REQUESTS))
    durations = (_of_durations(metric) for metric in _candidates(client, names, _DURATIONS))
    return tuple(sli for found in (requests, durations) if (sli := next(filter(None, found), None)))


@dataclass(frozen=True, slots=True)
class _Metric:
    client: Client
    name: str

    def values(self, label: str) -> list[str]:
        """The values of a label; none where the server does not answer that."""
        try:
            return self.client.label_values(label, {"match[]": self.name})
        except BadAnswer:
            return []

    def matcher(self) -> str:
        """What limits the metric to one app, as far as a label shows one."""
        for label in _GROUPS:
            if values := sorted(filter(_PLAIN.fullmatch, self.values(label))):
                return f'{label}="{values[0]}"'
        return ""


def _candidates(client: Client, names: list[str], pattern: re.Pattern[str]) -> Iterator[_Metric]:
    found = sorted(
        filter(pattern.fullmatch, names),
        key=lambda name: (bool(_OWN.fullmatch(name)), "request" not in name, len(name), name),
    )
    return (_Metric(client, name) for name in found[:_MOST_TRIED])


def _of_requests(metric: _Metric) -> Sli | None:
    """Requests whose status code tells which of them failed."""
    for label in _CODES:
        if any(re.fullmatch(r"[1-5]\d\d", value) for value in metric.values(label)):
            group = metric.matcher()
            bad = ",".join(filter(None, (group, f'{label}=~"5.."')))
            return {"total": f"{metric.name}{{{group}}}" if group else metric.name, "bad": f"{metric.name}{{{bad}}}"}
    return None


def _of_durations(metric: _Metric) -> Sli | None:
    """A histogram, with the edge that is nearest to what users call fast."""
    edges = [seconds for value in metric.values("le") if (seconds := _seconds(value))]
    if not edges:
        return None
    group, base = metric.matcher(), metric.name.removesuffix("_bucket")
    edge = min(edges, key=lambda seconds: abs(seconds - _WANTED_SECONDS))
    return {"histogram": f"{base}{{{group}}}" if group else base, "under": f"{edge * 1000:.0f}ms"}


def _seconds(edge: str) -> float | None:
    """An edge that is a whole number of milliseconds; None for any other."""
    try:
        seconds = float(edge)
    except ValueError:
        return None
    whole = 0.001 <= seconds < 1000 and abs(seconds * 1000 - round(seconds * 1000)) < 1e-6
    return seconds if whole else None
