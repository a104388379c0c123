"""Why a query matches nothing: a name that the server does not know, a metric that is gone or has just begun.

Each reason is found by asking the server; where it does not answer, or nothing is certain, there is none:

    unknown_metric      no series has this name, ever; ``metric``, ``nearest``
    no_metrics          the server has no metrics at all yet
    gone                the metric was there before; ``metric``, ``last_seen_at``
    unknown_label       its series do not have this label; ``metric``, ``label``, ``nearest``, ``known``
    unknown_value       none of its series has this value; ``metric``, ``label``, ``value``, ``nearest``, ``known``
    not_together        each matcher finds series, but no series has all of them; ``metric``
    no_samples_yet      its first samples are younger than a whole bucket; ``metric``, ``since_at``
    too_rare            about one sample a bucket, or fewer; ``metric``, ``scrape_seconds``, ``bucket_seconds``
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from data_sources.base import Interval
from data_sources.durations import format_duration
from data_sources.errors import Facts, SourceError
from data_sources.near import near
from data_sources.prometheus.client import Client
from data_sources.prometheus.parse import read_vector
from data_sources.prometheus.selectors import Matcher, Selector, matchers_of, selectors_in

_NAMES_SECONDS, _MISSING_SECONDS = 60.0, 5.0
_LOOK_BACK_SECONDS = 90 * 86_400
_SHOWN = 12
_MOST_SELECTORS = 6


class Nothing:
    """Explains queries of one server that match nothing. Safe to use from several threads."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._names: tuple[float, Sequence[str]] | None = None

    def reason(self, text: str, interval: Interval) -> Facts:
        """The facts about the first selector of a query for which a reason is certain; else none."""
        try:
            for selector in selectors_in(text)[:_MOST_SELECTORS]:
                if found := self._of_selector(selector, interval):
                    return found
        except SourceError:
            return {}
        return {}

    def reason_of_histogram(self, selector: Selector, interval: Interval) -> Facts:
        """The same for a histogram by its base name, classic or native."""
        try:
            native = selector.name in self._known_names(selector.name)
        except SourceError:
            return {}
        found = dict(self.reason(str(selector) if native else selector.part("_count"), interval))
        for name in {"metric", "nearest"} & found.keys() if not native else ():
            found[name] = ", ".join(each.removesuffix("_count") for each in str(found[name]).split(", "))
        return found

    def _of_selector(self, selector: Selector, interval: Interval) -> Facts:
        if not selector.name:
            return {}
        names = self._known_names(selector.name)
        if not names:
            return {"reason": "no_metrics", "metric": selector.name}
        if selector.name not in names:
            return {"reason": "unknown_metric", "metric": selector.name, "nearest": _listed(near(selector.name, names))}
        return self._of_age(selector, interval) or self._of_matchers(selector)

    def _known_names(self, wanted: str) -> Sequence[str]:
        """All names of metrics; fetched again soon where the one that is wanted may have come meanwhile."""
        with self._lock:
            fetched_at, names = self._names or (float("-inf"), ())
            if time.monotonic() - fetched_at > (_NAMES_SECONDS if wanted in names else _MISSING_SECONDS):
                names = self._client.label_values("__name__", {})
                self._names = time.monotonic(), names
            return names

    def _of_age(self, selector: Selector, interval: Interval) -> Facts:
        """What the moments of its samples show: it has just begun, it is gone, it has too few."""
        metric, step = selector.name, interval.step_seconds
        last = self._number(f"max(timestamp({selector}))")
        if last is None:
            last = self._number(f"max(max_over_time(timestamp({selector})[{_LOOK_BACK_SECONDS}s:1h]))")
            return {} if last is None else {"reason": "gone", "metric": metric, "last_seen_at": int(last)}
        span = max(interval.end - interval.start, step)
        resolution = max(15, step // 4)
        first = self._number(f"min(min_over_time(timestamp({selector})[{span}s:{resolution}s]))")
        first = last if first is None else first  # younger than the resolution
        if first > interval.end - step:
            return {"reason": "no_samples_yet", "metric": metric, "since_at": int(first)}
        count = self._number(f"max(count_over_time({selector}[{format_duration(12 * step)}]))")
        if count and 12 / count > 0.9:
            facts = {"scrape_seconds": round(12 * step / count), "bucket_seconds": step}
            return {"reason": "too_rare", "metric": metric, **facts}
        return {}

    def _of_matchers(self, selector: Selector) -> Facts:
        matchers = matchers_of(selector)
        for matcher in matchers:
            if found := self._of_matcher(selector.name, matcher):
                return found
        if len(matchers) > 1 and self._number(f"count({selector.name})"):
            return {"reason": "not_together", "metric": selector.name}
        return {}

    def _of_matcher(self, metric: str, matcher: Matcher) -> Facts:
        if matcher.negative or matcher.matches(""):
            return {}  # such a matcher also accepts series without the label
        only = {"match[]": metric}
        values = self._client.label_values(matcher.label, only)
        if not values:
            labels = [label for label in self._client.labels(only) if not label.startswith("__")]
            known = {"nearest": _listed(near(matcher.label, labels)), "known": _listed(labels[:_SHOWN])}
            return {"reason": "unknown_label", "metric": metric, "label": matcher.label, **known} if labels else {}
        if any(matcher.matches(value) for value in values):
            return {}
        nearest = () if matcher.is_pattern else near(matcher.value, values)
        known = {"nearest": _listed(nearest), "known": _listed(values[:_SHOWN])}
        return {"reason": "unknown_value", "metric": metric, "label": matcher.label, "value": matcher.value, **known}

    def _number(self, text: str) -> float | None:
        """The one number of an instant query at the server's own time; None where there is none."""
        found = read_vector(self._client.query("/api/v1/query", {"query": text}))
        return found[0][1] if found else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
