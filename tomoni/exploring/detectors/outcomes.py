"""What became of things under any name: by a label that says success or failure, or by two counters, of which one has
those that failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from data_sources.exploring import Metric, MetricType
from data_sources.prometheus.selectors import label_name
from tomoni.exploring.detectors.http import OWN, ranked
from tomoni.exploring.detectors.shapes import GROUPS, counted, selector, subjects
from tomoni.exploring.likely import Confidence, Keys, LikelySli, Quality
from tomoni.exploring.stock import Stock, underscored

OUTCOMES = ("result", "outcome", "status", "state", "success", "classification", "phase", "rcode")
GOOD = frozenset({"success", "succeeded", "successful", "ok", "true", "completed", "complete", "delivered", "passed"})
GOOD |= {"noerror"}
BAD = frozenset({"failure", "failed", "fail", "error", "errors", "false", "timeout", "exception", "dead", "servfail"})
_CALLS = r"requests?|responses?|calls|logins?|checkouts?|operations?|transactions?|payments?|searches|queries"
_WORK = r"jobs?|tasks?|messages?|events?|orders?|e?mails?|notifications?|runs?|executions?|records?|uploads?|imports?"
_WORK += r"|workflows?|pipelineruns?|taskruns?|builds?|listener|consumers?|answer"
_COUNTED = rf"(.*_)?({_CALLS}|{_WORK})(_\w+)?"
_FAILED = re.compile(r"(?P<before>(?:.*_)?)(?:failed|failures?|errors?)(?P<after>(?:_.*)?)")
# Whose failures they are: those of clients say nothing of the service.
_OF_SERVER, _OF_CLIENT = re.compile(r"(?:5xx|server)_$"), re.compile(r"(?:.*_)?(?:4xx|client)_.*")
# The same within a word, as beans of Java write it.
_JOINED = (
    ("errorcount", "requestcount"),
    ("failedproducerequests", "totalproducerequests"),
    ("failedfetchrequests", "totalfetchrequests"),
)
# What stands in the place of the word for failures, in the name of all events and in that of those that succeeded.
_ALL, _SUCCEEDED = ("", "processed", "requests"), ("succeeded", "success", "successful", "successes", "completed")
_CALLED = re.compile(rf"(?:.*_)?(?:{_CALLS})(?:_.*)?")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Counters with such a label first, then pairs of counters."""
    named = stock.matching(_COUNTED)
    for metric in [*ranked([each for each in named if _is_counter(each)]), *ranked(list(filter(_is_timed, named)))]:
        yield from _by_label(stock, metric)
    failing = [each for each in stock.matching(_FAILED.pattern) if _is_counter(each) and not _is_of_clients(each)]
    # What the server is to blame for comes first; of all the same no second share is proposed.
    paired: set[str] = set()
    for metric in sorted(ranked(failing), key=lambda each: not _is_of_servers(each)):
        found = [sli for sli in _in_pairs(stock, metric) if sli.metric not in paired]
        paired.update(sli.metric for sli in found)
        yield from found
    for metric in stock.matching("|".join(f".*{bad}.*" for bad, _ in _JOINED)):
        yield from _joined(stock, metric)


def _is_counter(metric: Metric) -> bool:
    """What only its name calls a counter has to end like one."""
    counts = metric.type is MetricType.COUNTER
    unsaid = metric.type is MetricType.UNKNOWN and metric.name.endswith(("_total", "_count"))
    return (counts or unsaid) and not OWN.fullmatch(underscored(metric.name))


def _is_timed(metric: Metric) -> bool:
    """Whether it is of events that are timed, whose count is a counter."""
    timed = metric.type in (MetricType.SUMMARY, MetricType.HISTOGRAM)
    return timed and not OWN.fullmatch(underscored(metric.name))


def _is_of_clients(metric: Metric) -> bool:
    return bool(_OF_CLIENT.fullmatch(underscored(metric.name)))


def _is_of_servers(metric: Metric) -> bool:
    parts = _FAILED.fullmatch(underscored(metric.name))
    return parts is not None and bool(_OF_SERVER.search(parts["before"]))


def _by_label(stock: Stock, metric: Metric) -> Iterator[LikelySli]:
    for name in OUTCOMES:
        label = stock.label(metric, (name,))
        values = stock.values(metric, label) if label else ()
        bad = [value for value in values if value.lower() in BAD]
        if not bad or not any(value.lower() in GOOD for value in values):
            continue
        failed = f'{label_name(label)}=~"{"|".join(sorted(bad))}"'
        for subject, matcher in subjects(stock, metric, GROUPS):
            counter = counted(metric)
            keys = {"total": selector(counter, matcher), "bad": selector(counter, matcher, failed)}
            yield _likely(metric, subject, keys, label)
        return


def _in_pairs(stock: Stock, failing: Metric) -> Iterator[LikelySli]:
    for role, words in (("total", _ALL), ("good", _SUCCEEDED)):
        for whole in _others(stock, failing, words):
            for subject, matcher in subjects(stock, whole, GROUPS):
                keys = {role: selector(whole.name, matcher), "bad": selector(failing.name, matcher)}
                yield _likely(whole, subject, keys)
            return


def _joined(stock: Stock, failing: Metric) -> Iterator[LikelySli]:
    for bad, all_of_them in _JOINED:
        whole = stock.get(failing.name.replace(bad, all_of_them)) if bad in failing.name else None
        if whole is not None and _is_counter(whole) and _is_counter(failing):
            for subject, matcher in subjects(stock, whole, GROUPS):
                keys = {"total": selector(whole.name, matcher), "bad": selector(failing.name, matcher)}
                yield replace(_likely(whole, subject, keys), quality=Quality.AVAILABILITY)


def _others(stock: Stock, failing: Metric, words: Sequence[str]) -> Iterator[Metric]:
    """The counters whose names differ from that of the failures in one word alone."""
    parts = _FAILED.fullmatch(underscored(failing.name))
    if parts is None:
        return
    before = _OF_SERVER.sub("", parts["before"])
    for word in words:
        name = "_".join(each for part in (before, word, parts["after"]) if (each := part.strip("_")))
        found = stock.get(name)
        if found is not None and _is_counter(found):
            yield found


def _likely(metric: Metric, subject: str, keys: Keys, label: str = "") -> LikelySli:
    called = _CALLED.fullmatch(underscored(metric.name))
    quality = Quality.AVAILABILITY if called else Quality.DELIVERY
    return LikelySli(quality, keys, metric.name, subject, Confidence.POSSIBLE, label)
