"""Pub/Sub: messages that are handled, pushes that are acknowledged, and how old the oldest waiting message is."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.exploring.detectors.filters import fast_enough, filters
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock

_SUBSCRIPTION = "pubsub.googleapis.com/subscription"
_RESOURCE, _SUBJECT = "pubsub_subscription", "resource.labels.subscription_id"
# What became of messages that were not acknowledged: given up, where a dead letter topic is; else sent again.
_FAILED = ("dead_letter_message_count", "expired_ack_deadlines_count")


def find(stock: Stock) -> Iterator[LikelySli]:
    """Of each subscription: what came through, how fast, and what waits."""
    yield from _pushed(stock)
    yield from _handled(stock)
    yield from fast_enough(stock, (f"{_SUBSCRIPTION}/ack_latencies",), _RESOURCE, _SUBJECT)
    for metric, subject, text in filters(stock, f"{_SUBSCRIPTION}/oldest_unacked_message_age", _RESOURCE, _SUBJECT):
        keys = {"gauge": text, "good_when": "< 60"}
        yield LikelySli(Quality.BACKLOG, keys, metric.name, subject, Confidence.LIKELY)


def _pushed(stock: Stock) -> Iterator[LikelySli]:
    for metric, subject, text in filters(stock, f"{_SUBSCRIPTION}/push_request_count", _RESOURCE, _SUBJECT):
        keys = {"total": text, "good": f'{text} metric.labels.response_class="ack"'}
        yield LikelySli(Quality.DELIVERY, keys, metric.name, subject, Confidence.SURE, "response_class")


def _handled(stock: Stock) -> Iterator[LikelySli]:
    failed = {
        subject: text
        for name in reversed(_FAILED)
        for _, subject, text in filters(stock, f"{_SUBSCRIPTION}/{name}", _RESOURCE, _SUBJECT)
    }
    for metric, subject, text in filters(stock, f"{_SUBSCRIPTION}/ack_message_count", _RESOURCE, _SUBJECT):
        if subject in failed:
            keys = {"good": text, "bad": failed[subject]}
            yield LikelySli(Quality.DELIVERY, keys, metric.name, subject, Confidence.LIKELY)
