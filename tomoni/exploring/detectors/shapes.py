"""The forms that most SLIs have, for all detectors: requests by code, and durations under a threshold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data_sources.exploring import Metric, MetricType
from data_sources.prometheus.selectors import label_name, written
from tomoni.exploring.likely import Confidence, Keys, LikelySli, Quality
from tomoni.exploring.stock import Stock

GROUPS = ("app", "application", "app_name", "app_id", "service_name", "service", "exported_job", "job")
CODES = (
    "code",
    "status",
    "status_code",
    "http_status",
    "http_status_code",
    "http_response_status_code",
    "response_code",
    "response_status",
    "response_code_class",
    "code_class",
    "status_class",
    "httpStatusCode",
    "statusCode",
    "responseCode",
)
MOST_SUBJECTS = 12
WANTED_SECONDS = 0.3
_PLAIN = re.compile(r"[\w.:/@-]{1,80}")
_DISTRIBUTIONS = (MetricType.HISTOGRAM, MetricType.NATIVE_HISTOGRAM)


@dataclass(frozen=True, slots=True)
class Requests:
    """How some software counts requests: the metric, whose label says which failed, and whose label says for whom.

    ``failed`` are the values (a regular expression) of ``code`` that mean a failure of the service. ``kept`` narrows
    all series (``reporter="destination"``). ``unit`` is how many of the metric's units make a second.
    """

    subjects: Sequence[str] = GROUPS
    codes: Sequence[str] = CODES
    failed: str = "5.."
    kept: str = ""
    confidence: Confidence = Confidence.SURE


def by_code(stock: Stock, metric: Metric, how: Requests) -> Iterator[LikelySli]:
    """Requests whose code tells which failed. Of a histogram or summary its count is taken."""
    label, failed = _label_of_codes(stock, metric, how)
    if not failed:
        return
    name = counted(metric)
    for subject, matcher in subjects(stock, metric, how.subjects):
        kept = [part for part in (matcher, how.kept) if part]
        keys: Keys = {"total": selector(name, *kept), "bad": selector(name, *kept, f'{label_name(label)}=~"{failed}"')}
        yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, how.confidence, label)


def _label_of_codes(stock: Stock, metric: Metric, how: Requests) -> tuple[str, str]:
    """The first label whose values are codes, with the regular expression of those that mean a failure."""
    for name in how.codes:
        label = stock.label(metric, (name,))
        failed = failed_codes(stock.values(metric, label), how.failed) if label else ""
        if failed:
            return label, failed
    return "", ""


def failed_codes(values: Sequence[str], pattern: str = "5..") -> str:
    """The regular expression of failures for codes as they are written here; empty where none is a code, and where
    all are failures: then something counts these alone."""
    if pattern != "5..":
        return pattern if values else ""
    if not any(re.match(r"[123](\d\d|xx|XX)?$", value) for value in values):
        return ""
    if any(re.fullmatch(r"[1-5]\d\d", value) for value in values):
        return "5.."
    classes = [value for value in values if re.fullmatch(r"[1-5](xx|XX)", value)]
    if classes:
        return "5" + classes[0][1:]
    return "5" if all(re.fullmatch(r"[1-5]", value) for value in values) else ""


def fast(stock: Stock, metric: Metric, how: Requests, per_second: int = 1) -> Iterator[LikelySli]:
    """Requests that take no longer than a threshold near to what users call fast. ``per_second`` is how many of the
    metric's units make a second: 1,000 for milliseconds."""
    if metric.type not in _DISTRIBUTIONS:
        return
    edge = "" if metric.type is MetricType.NATIVE_HISTOGRAM else _edge(stock.values(metric, "le"), per_second)
    if metric.type is MetricType.HISTOGRAM and not edge:
        return
    for subject, matcher in subjects(stock, metric, how.subjects):
        keys = _under(metric, [part for part in (matcher, how.kept) if part], edge, per_second)
        yield LikelySli(Quality.LATENCY, keys, metric.name, subject, how.confidence, "le" if edge else "")


def _under(metric: Metric, kept: Sequence[str], edge: str, per_second: int) -> Keys:
    """The form for seconds, or two counters: a threshold of a histogram is written in seconds."""
    if per_second == 1:
        seconds = float(edge) if edge else WANTED_SECONDS
        return {"histogram": selector(metric.name, *kept), "under": f"{seconds * 1000:.0f}ms"}
    if not edge:
        share = (
            f"histogram_fraction(0, {WANTED_SECONDS * per_second:.0f}, sum(rate({selector(metric.name, *kept)}[5m])))"
        )
        return {"ratio": {"success": share}}
    return {
        "total": selector(f"{metric.name}_count", *kept),
        "good": selector(f"{metric.name}_bucket", *kept, f'le="{edge}"'),
    }


def _edge(written: Iterable[str], per_second: int) -> str:
    """The edge nearest to what is wanted, as it is written; of seconds only whole milliseconds."""
    wanted = WANTED_SECONDS * per_second
    usable = [text for text in written if (value := _number(text)) and (per_second > 1 or _whole(value))]
    return min(usable, key=lambda text: abs(float(text) - wanted), default="")


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 < value < 1e6 else 0.0


def _whole(seconds: float) -> bool:
    return 0.001 <= seconds < 1000 and abs(seconds * 1000 - round(seconds * 1000)) < 1e-6


def subjects(stock: Stock, metric: Metric, labels: Sequence[str]) -> list[tuple[str, str]]:
    """For whom a metric counts, with the matcher; one without a name where no label says."""
    for known in labels:
        label = stock.label(metric, (known,))
        if found := [value for value in stock.values(metric, label) if label and _PLAIN.fullmatch(value)]:
            return [(value, f'{label_name(label)}="{value}"') for value in sorted(found)[:MOST_SUBJECTS]]
    return [("", "")]


def selector(name: str, *matchers: str) -> str:
    """A selector in PromQL."""
    return written(name, ",".join(filter(None, matchers)))


def counted(metric: Metric) -> str:
    """The counter of a metric: of a histogram or summary the count of its observations."""
    return f"{metric.name}_count" if metric.type in (MetricType.HISTOGRAM, MetricType.SUMMARY) else metric.name


def present(stock: Stock, *names: str) -> Iterator[Metric]:
    """Those of some metrics that there are."""
    yield from (found for name in names if (found := stock.get(name)))
