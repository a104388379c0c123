"""A project that uses many services of Google, with one bad event of a hundred in each, and lists two more unused."""

# ruff: noqa: E501 - one line a metric

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from tests.google_stand_in.world import Bounds, MetricSpec, Stream, World, delta, gauge, histogram

MINUTES = 2 * 1440
END = 1_790_000_000 // 3600 * 3600
_START = END - MINUTES * 60
_FAST = Bounds("explicit", (100.0, 300.0, 1000.0))
# metric, kind of resource, its label, the label of the metric (and its type), its good and its bad value
_COUNTED = (
    ("loadbalancing.googleapis.com/https/request_count", "https_lb_rule", "url_map_name", "response_code_class", "200 500"),
    ("run.googleapis.com/request_count", "cloud_run_revision", "service_name", "response_code_class", "2xx 5xx"),
    ("appengine.googleapis.com/http/server/response_count", "gae_app", "module_id", "response_code", "200 503"),
    ("cloudfunctions.googleapis.com/function/execution_count", "cloud_function", "function_name", "status", "ok error"),
    ("istio.io/service/server/request_count", "istio_canonical_service", "canonical_service_name", "response_code", "200 500"),
    ("pubsub.googleapis.com/subscription/push_request_count", "pubsub_subscription", "subscription_id", "response_class", "ack internal"),
    ("spanner.googleapis.com/api/api_request_count", "spanner_instance", "instance_id", "status", "OK UNAVAILABLE"),
    ("cloudtasks.googleapis.com/queue/task_attempt_count", "cloud_tasks_queue", "queue_id", "response_code", "ok internal"),
    ("storage.googleapis.com/api/request_count", "gcs_bucket", "bucket_name", "response_code", "OK INTERNAL"),
    ("apigee.googleapis.com/proxyv2/response_count", "apigee.googleapis.com/ProxyV2", "proxy_name", "response_code", "200 503"),
)  # fmt: skip
_PULLED = {"ack_message_count": 99, "expired_ack_deadlines_count": 1}
_SLOW = (
    ("loadbalancing.googleapis.com/https/backend_latencies", "https_lb_rule", "url_map_name"),
    ("run.googleapis.com/request_latencies", "cloud_run_revision", "service_name"),
)


def estate() -> World:
    """All of it, four minutes after its last point."""
    world = World("demo", END + 240)
    for each in (*_counted(), *_pulled(), *_slow(), *_gauges()):
        world.add(each)
    for unused in ("loadbalancing.googleapis.com/https/total_latencies", "cloudsql.googleapis.com/database/up"):
        world.define(MetricSpec(unused, "GAUGE", "INT64", {}, ("cloudsql_database",)))
    return world


def _on(stream: Stream, labels: Mapping[str, str]) -> Stream:
    return replace(stream, resource_labels=labels)


def _counted() -> Iterator[Stream]:
    for metric, resource, whose, label, values in _COUNTED:
        types = {
            label: "INT64" if values[0].isdigit() and "class" not in label and "apigee" not in metric else "STRING"
        }
        types |= {"destination_service_name": "STRING"} if "istio" in metric else {}
        spec = MetricSpec(metric, "DELTA", "INT64", types, (resource,))
        for value, count in zip(values.split(), (99, 1), strict=True):
            labels = {label: value} | ({"destination_service_name": "shop"} if "istio" in metric else {})
            yield _on(delta(spec, labels, np.full(MINUTES, count), _START), {whose: "shop"})


def _pulled() -> Iterator[Stream]:
    for name, count in _PULLED.items():
        spec = MetricSpec(f"pubsub.googleapis.com/subscription/{name}", "DELTA", "INT64", {}, ("pubsub_subscription",))
        yield _on(delta(spec, {}, np.full(MINUTES, count), _START), {"subscription_id": "pulled"})


def _slow() -> Iterator[Stream]:
    for metric, resource, whose in _SLOW:
        spec = MetricSpec(metric, "DELTA", "DISTRIBUTION", {}, (resource,), unit="ms")
        yield _on(histogram(spec, {}, np.tile([90, 9, 1, 0], (MINUTES, 1)), _START, _FAST), {whose: "shop"})


def _gauges() -> Iterator[Stream]:
    minutes = np.arange(MINUTES)
    age = MetricSpec(
        "pubsub.googleapis.com/subscription/oldest_unacked_message_age", "GAUGE", "INT64", {}, ("pubsub_subscription",)
    )
    yield _on(gauge(age, {}, np.where(minutes < 30, 600, 5), _START), {"subscription_id": "pulled"})
    passed = MetricSpec(
        "monitoring.googleapis.com/uptime_check/check_passed", "GAUGE", "BOOL", {"check_id": "STRING"}, ("uptime_url",)
    )
    yield _on(gauge(passed, {"check_id": "front"}, minutes >= 30, _START), {"host": "shop.example.com"})
    cpu = MetricSpec("kubernetes.io/container/cpu/limit_utilization", "GAUGE", "DOUBLE", {}, ("k8s_container",))
    yield gauge(cpu, {}, np.full(MINUTES, 0.4), _START)
