"""Services of Google that count calls by what became of each: tasks of Cloud Tasks, reads and writes of Cloud Storage,
calls of Apigee's proxies."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import by_status, filters
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_CODE = "response_code"
_TASKS = "cloudtasks.googleapis.com/queue/task_attempt_count"
_QUEUE = ("cloud_tasks_queue", "resource.labels.queue_id")
_STORED = "storage.googleapis.com/api/request_count"
_BUCKET = ("gcs_bucket", "resource.labels.bucket_name")
_PROXIED = ("apigee.googleapis.com/proxyv2/response_count", "apigee.googleapis.com/proxy/response_count")
_PROXY = ("apigee.googleapis.com/ProxyV2", "apigee.googleapis.com/Proxy")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Of each queue, bucket and proxy."""
    yield from _tasks(stock)
    for found in by_status(stock, _STORED, _BUCKET, _CODE):
        keys = {"total": found.text, "bad": found.failed}
        yield LikelySli(Quality.AVAILABILITY, keys, found.metric.name, found.subject, Confidence.LIKELY, _CODE)
    yield from _proxies(stock)


def _tasks(stock: Stock) -> Iterator[LikelySli]:
    """Attempts that their handler answered well; each attempt counts, for a task that is tried again comes late."""
    for found in by_status(stock, _TASKS, _QUEUE, _CODE):
        keys = {"total": found.text, "good": found.ok}
        yield LikelySli(Quality.DELIVERY, keys, found.metric.name, found.subject, Confidence.SURE, _CODE)


def _proxies(stock: Stock) -> Iterator[LikelySli]:
    """What proxies answered, of the newer kind where there are both."""
    for name, resource in zip(_PROXIED, _PROXY, strict=True):
        found = filters(stock, name, resource, "resource.labels.proxy_name")
        for metric, subject, text in found:
            keys = {"total": text, "bad": f'{text} metric.labels.{_CODE}=starts_with("5")'}
            yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, Confidence.SURE, _CODE)
        if found:
            return
