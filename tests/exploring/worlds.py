"""Sources as well-known exporters fill them: metrics with their types and labels, from their public documentation."""

# ruff: noqa: E501 - one line a series

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data_sources.base import Interval, NativeDefinition, QueryText
from data_sources.errors import BadAnswer
from data_sources.exploring import (
    Ask,
    Cancelled,
    Cost,
    LabelValue,
    Limits,
    Lines,
    Matcher,
    Metric,
    MetricType,
)
from tomoni.exploring.stock import Stock, stock_of

DAY = Interval(0, 86_400, 300)
EDGES = "le=0.05|0.1|0.25|0.5|1|+Inf"
MILLISECONDS = "le=50|100|250|500|1000|+Inf"
# What is in nearly every Prometheus besides.
USUAL = """
go_goroutines gauge job=node
go_gc_duration_seconds summary job=node
process_cpu_seconds_total counter job=node
up gauge job=node|prometheus
scrape_duration_seconds gauge job=node|prometheus
promhttp_metric_handler_requests_total counter code=200|500|503 job=node|prometheus
promhttp_metric_handler_requests_in_flight gauge job=node
node_cpu_seconds_total counter cpu=0|1 mode=idle|user job=node
node_memory_MemAvailable_bytes gauge job=node
node_memory_MemTotal_bytes gauge job=node
node_network_receive_bytes_total counter device=lo|eth0 job=node
node_filesystem_avail_bytes gauge mountpoint=/ job=node
node_filesystem_size_bytes gauge mountpoint=/ job=node
node_scrape_collector_duration_seconds gauge job=node
node_disk_read_time_seconds_total counter job=node
"""
PROMETHEUS = f"""
prometheus_http_requests_total counter code=200|400|500 handler=/api/v1/query job=prometheus
prometheus_http_request_duration_seconds histogram handler=/api/v1/query job=prometheus {EDGES}
prometheus_http_response_size_bytes histogram handler=/api/v1/query job=prometheus le=100|1000|+Inf
prometheus_engine_query_duration_seconds summary slice=inner_eval job=prometheus
prometheus_tsdb_compaction_duration_seconds histogram job=prometheus {EDGES}
prometheus_remote_storage_samples_failed_total counter job=prometheus
net_conntrack_dialer_conn_attempted_total counter dialer_name=node job=prometheus
"""


@dataclass(frozen=True)
class WorldSource:
    """A source that has metrics with labels, and answers for the names of series as a server does."""

    known: Mapping[str, Metric]
    values: Mapping[str, Mapping[str, Sequence[str]]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def metrics(self, cancelled: Cancelled) -> Iterator[Sequence[Metric]]:
        yield tuple(self.known.values())

    def label_names(self, metric: str, matchers: Sequence[Matcher], interval: Interval) -> Sequence[str]:
        return tuple(self.values.get(metric, {}))

    def label_values(
        self, metric: str, label: str, matchers: Sequence[Matcher], interval: Interval
    ) -> Sequence[LabelValue]:
        self.asked.append((metric, label))
        if label == "forbidden":
            raise BadAnswer("world")
        return [LabelValue(value) for value in self.values.get(metric, {}).get(label, ())]

    def cost(self, ask: Ask, interval: Interval, limits: Limits) -> Cost:
        raise NotImplementedError

    def lines(self, ask: Ask, interval: Interval, limits: Limits, cancelled: Cancelled) -> Lines:
        raise NotImplementedError

    def texts(self, ask: Ask, interval: Interval) -> Sequence[QueryText]:
        raise NotImplementedError


def source_of(text: str) -> WorldSource:
    """A source of lines ``name type label=value|value …``."""
    known: dict[str, Metric] = {}
    values: dict[str, dict[str, Sequence[str]]] = {}
    for line in filter(None, text.splitlines()):
        name, type_, *labels = line.split()
        kept = {label: found.split("|") for label, _, found in (each.partition("=") for each in labels)}
        known[name] = Metric(name, MetricType(type_))
        parts = {MetricType.HISTOGRAM: ("_bucket", "_count", "_sum"), MetricType.SUMMARY: ("", "_count", "_sum")}
        for end in ("",) if "/" in name else parts.get(MetricType(type_), ("",)):
            values[name + end] = {k: v for k, v in kept.items() if k != "le" or end == "_bucket"}
    return WorldSource(known, values)


def stock(text: str, native: Sequence[NativeDefinition] = ()) -> Stock:
    return stock_of(source_of(text), DAY, native)


@dataclass(frozen=True)
class World:
    """What there is, and the SLI that should come first (as its keys), from which detector."""

    name: str
    metrics: str
    detector: str
    first: Mapping[str, object]
    also: tuple[str, ...] = ()  # other qualities of the first journey

    def __str__(self) -> str:
        return self.name


def _counts(name: str, kept: str, bad: str) -> dict[str, object]:
    return {"total": f"{name}{{{kept}}}", "bad": f"{name}{{{kept},{bad}}}"}


def _google(name: str, detector: str, first: Mapping[str, object], *lines: str, also: tuple[str, ...] = ()) -> World:
    return World(name, "\n".join(lines), detector, first, also)


_GAE = 'metric.type="appengine.googleapis.com/http/server/response_count" resource.type="gae_app"'
_CALLS = 'metric.type="cloudfunctions.googleapis.com/function/execution_count" resource.type="cloud_function"'
_MESH = 'metric.type="istio.io/service/server/request_count" resource.type="istio_canonical_service"'
_SUB = 'metric.type="pubsub.googleapis.com/subscription/{}" resource.type="pubsub_subscription"'
_ORDERS = ' resource.labels.subscription_id="orders"'
_TASK = (
    'metric.type="cloudtasks.googleapis.com/queue/task_attempt_count" resource.type="cloud_tasks_queue" '
    'resource.labels.queue_id="mail"'
)
_STORE = (
    'metric.type="storage.googleapis.com/api/request_count" resource.type="gcs_bucket" '
    'resource.labels.bucket_name="files"'
)
_APIGEE = (
    'metric.type="apigee.googleapis.com/proxyv2/response_count" resource.type="apigee.googleapis.com/ProxyV2" '
    'resource.labels.proxy_name="shop"'
)
_SPAN = 'metric.type="spanner.googleapis.com/api/api_request_count" resource.type="spanner_instance"'
_SPAN += ' resource.labels.instance_id="main"'
_FAILED = ["unknown", "deadline_exceeded", "resource_exhausted", "internal", "unavailable", "data_loss"]
_GOOGLE = (
    _google(
        "App Engine",
        "cloud_run",
        {
            "total": f'{_GAE} resource.labels.module_id="default"',
            "bad": f'{_GAE} resource.labels.module_id="default" metric.labels.response_code>=500',
        },
        "appengine.googleapis.com/http/server/response_count counter resource.type=gae_app "
        "resource.labels.module_id=default response_code=200|500",
        "appengine.googleapis.com/http/server/response_latencies histogram resource.type=gae_app "
        "resource.labels.module_id=default",
        "appengine.googleapis.com/system/instance_count gauge resource.type=gae_app",
        also=("latency",),
    ),
    _google(
        "Cloud Functions",
        "cloud_run",
        {
            "total": f'{_CALLS} resource.labels.function_name="resize"',
            "bad": f'{_CALLS} resource.labels.function_name="resize" metric.labels.status!="ok"',
        },
        "cloudfunctions.googleapis.com/function/execution_count counter resource.type=cloud_function "
        "resource.labels.function_name=resize status=ok|error",
        "cloudfunctions.googleapis.com/function/user_memory_bytes histogram resource.type=cloud_function",
    ),
    _google(
        "a mesh on GKE",
        "mesh",
        {
            "total": f'{_MESH} metric.labels.destination_service_name="cart"',
            "bad": f'{_MESH} metric.labels.destination_service_name="cart" metric.labels.response_code>=500',
        },
        "istio.io/service/server/request_count counter resource.type=istio_canonical_service "
        "destination_service_name=cart response_code=200|503",
        "istio.io/service/server/response_latencies histogram resource.type=istio_canonical_service "
        "destination_service_name=cart",
        "istio.io/service/client/request_count counter resource.type=k8s_pod response_code=200",
        "kubernetes.io/container/restart_count counter resource.type=k8s_container",
        also=("latency",),
    ),
    _google(
        "Pub/Sub that is pulled",
        "pubsub",
        {
            "good": _SUB.format("ack_message_count") + _ORDERS,
            "bad": _SUB.format("dead_letter_message_count") + _ORDERS,
        },
        *(
            f"pubsub.googleapis.com/subscription/{name} {type_} resource.type=pubsub_subscription "
            "resource.labels.subscription_id=orders"
            for name, type_ in (
                ("ack_message_count", "counter"),
                ("dead_letter_message_count", "counter"),
                ("expired_ack_deadlines_count", "counter"),
                ("oldest_unacked_message_age", "gauge"),
                ("num_undelivered_messages", "gauge"),
            )
        ),
        also=("backlog",),
    ),
    _google(
        "Pub/Sub that is pushed",
        "pubsub",
        {
            "total": _SUB.format("push_request_count") + _ORDERS,
            "good": _SUB.format("push_request_count") + _ORDERS + ' metric.labels.response_class="ack"',
        },
        "pubsub.googleapis.com/subscription/push_request_count counter resource.type=pubsub_subscription "
        "resource.labels.subscription_id=orders response_class=ack|deadline_exceeded",
        "pubsub.googleapis.com/topic/send_request_count counter resource.type=pubsub_topic",
    ),
    _google(
        "Spanner",
        "databases",
        {
            "total": _SPAN,
            "bad": f"{_SPAN} metric.labels.status=one_of(" + ", ".join(f'"{each}"' for each in _FAILED) + ")",
        },
        "spanner.googleapis.com/api/api_request_count counter resource.type=spanner_instance "
        "resource.labels.instance_id=main status=ok|unavailable",
        "spanner.googleapis.com/api/request_latencies histogram resource.type=spanner_instance "
        "resource.labels.instance_id=main",
        also=("latency",),
    ),
    _google(
        "Cloud Tasks",
        "google_services",
        {"total": _TASK, "good": f'{_TASK} metric.labels.response_code="ok"'},
        "cloudtasks.googleapis.com/queue/task_attempt_count counter resource.type=cloud_tasks_queue "
        "resource.labels.queue_id=mail response_code=ok|internal|not_found",
        "cloudtasks.googleapis.com/queue/depth gauge resource.type=cloud_tasks_queue",
    ),
    _google(
        "Cloud Storage",
        "google_services",
        {
            "total": _STORE,
            "bad": f"{_STORE} metric.labels.response_code=one_of("
            + ", ".join(f'"{each.upper()}"' for each in _FAILED)
            + ")",
        },
        "storage.googleapis.com/api/request_count counter resource.type=gcs_bucket resource.labels.bucket_name=files "
        "response_code=OK|NOT_FOUND|INTERNAL",
        "storage.googleapis.com/network/sent_bytes_count counter resource.type=gcs_bucket",
    ),
    _google(
        "Apigee",
        "google_services",
        {"total": _APIGEE, "bad": f'{_APIGEE} metric.labels.response_code=starts_with("5")'},
        "apigee.googleapis.com/proxyv2/response_count counter resource.type=apigee.googleapis.com/ProxyV2 "
        "resource.labels.proxy_name=shop response_code=200|503",
        "apigee.googleapis.com/proxy/response_count counter resource.type=apigee.googleapis.com/Proxy "
        "resource.labels.proxy_name=shop response_code=200|503",
    ),
    _google(
        "Cloud SQL",
        "databases",
        {
            "gauge": 'metric.type="cloudsql.googleapis.com/database/up" resource.type="cloudsql_database" '
            'resource.labels.database_id="p:main"',
            "good_when": ">= 1",
        },
        "cloudsql.googleapis.com/database/up gauge resource.type=cloudsql_database resource.labels.database_id=p:main",
        "cloudsql.googleapis.com/database/cpu/utilization gauge resource.type=cloudsql_database",
    ),
    _google(
        "a check of a Cloud Run service",
        "uptime",
        {
            "gauge": 'metric.type="monitoring.googleapis.com/uptime_check/check_passed" '
            'resource.type="cloud_run_revision" metric.labels.check_id="front"',
            "good_when": ">= 0.5",
        },
        "monitoring.googleapis.com/uptime_check/check_passed gauge resource.type=cloud_run_revision check_id=front",
    ),
)
WORLDS = (
    World(
        "client_golang",
        f"http_requests_total counter app=checkout code=200|404|500 method=GET\n"
        f"http_request_duration_seconds histogram app=checkout {EDGES}\n"
        "http_client_requests_total counter app=checkout code=200|500\n"
        "cache_hits_total counter app=checkout",
        "http",
        _counts("http_requests_total", 'app="checkout"', 'code=~"5.."'),
        ("latency",),
    ),
    World(
        "prom-client (Node.js): only a histogram by status",
        f"http_request_duration_seconds histogram job=shop status_code=200|500 method=GET route=/cart {EDGES}\n"
        "nodejs_eventloop_lag_seconds gauge job=shop\nnodejs_gc_duration_seconds histogram job=shop le=0.001|0.1|+Inf",
        "http",
        _counts("http_request_duration_seconds_count", 'job="shop"', 'status_code=~"5.."'),
        ("latency",),
    ),
    World(
        "Flask exporter",
        f"flask_http_request_total counter job=shop status=200|500 method=GET\n"
        f"flask_http_request_duration_seconds histogram job=shop status=200|500 {EDGES}\n"
        "flask_exporter_info gauge job=shop\npython_gc_objects_collected_total counter job=shop generation=0",
        "http",
        _counts("flask_http_request_total", 'job="shop"', 'status=~"5.."'),
        ("latency",),
    ),
    World(
        "ASP.NET Core by prometheus-net",
        f"http_requests_received_total counter job=web code=200|500 controller=Cart\n"
        f"http_request_duration_seconds histogram job=web code=200|500 {EDGES}\nhttp_requests_in_progress gauge job=web",
        "http",
        _counts("http_requests_received_total", 'job="web"', 'code=~"5.."'),
        ("latency",),
    ),
    World(
        "FastAPI instrumentator, whose codes are classes",
        f"http_requests_total counter job=api status=2xx|4xx|5xx handler=/\n"
        f"http_request_duration_highr_seconds histogram job=api {EDGES}\nhttp_request_size_bytes summary job=api",
        "http",
        _counts("http_requests_total", 'job="api"', 'status=~"5xx"'),
        ("latency",),
    ),
    World(
        "go-grpc-prometheus",
        f"grpc_server_handled_total counter grpc_service=shop.Cart grpc_code=OK|Internal grpc_method=Add job=cart\n"
        f"grpc_server_handling_seconds histogram grpc_service=shop.Cart job=cart {EDGES}\n"
        "grpc_server_started_total counter grpc_service=shop.Cart job=cart\n"
        "grpc_client_handled_total counter grpc_service=shop.Pay grpc_code=OK job=cart",
        "grpc",
        _counts(
            "grpc_server_handled_total",
            'grpc_service="shop.Cart"',
            'grpc_code=~"Unknown|DeadlineExceeded|ResourceExhausted|Unimplemented|Internal|Unavailable|DataLoss"',
        ),
        ("latency",),
    ),
    World(
        "Istio",
        "istio_requests_total counter destination_service_name=cart reporter=source|destination response_code=200|503\n"
        "istio_request_duration_milliseconds histogram destination_service_name=cart reporter=source|destination "
        f"{MILLISECONDS}\nistio_request_bytes histogram destination_service_name=cart le=1|10|+Inf\n"
        "envoy_cluster_upstream_rq_xx counter envoy_cluster_name=xds-grpc envoy_response_code_class=2|5\n"
        "pilot_xds counter job=istiod",
        "istio",
        _counts(
            "istio_requests_total", 'destination_service_name="cart",reporter="destination"', 'response_code=~"5.."'
        ),
        ("latency",),
    ),
    World(
        "Envoy",
        "envoy_cluster_upstream_rq_xx counter envoy_cluster_name=cart envoy_response_code_class=2|4|5\n"
        f"envoy_cluster_upstream_rq_time histogram envoy_cluster_name=cart {MILLISECONDS}\n"
        "envoy_cluster_upstream_rq_total counter envoy_cluster_name=cart\nenvoy_server_uptime gauge job=envoy",
        "envoy",
        _counts("envoy_cluster_upstream_rq_xx", 'envoy_cluster_name="cart"', 'envoy_response_code_class=~"5"'),
        ("latency",),
    ),
    World(
        "ingress-nginx",
        "nginx_ingress_controller_requests counter ingress=shop status=200|404|502 namespace=web\n"
        f"nginx_ingress_controller_request_duration_seconds histogram ingress=shop status=200|502 {EDGES}\n"
        "nginx_ingress_controller_nginx_process_requests_total counter controller_class=k8s\n"
        "nginx_ingress_controller_ssl_expire_time_seconds gauge host=a",
        "nginx",
        _counts("nginx_ingress_controller_requests", 'ingress="shop"', 'status=~"5.."'),
        ("latency",),
    ),
    World(
        "nginx-prometheus-exporter on stub_status",
        "nginx_up gauge job=nginx\nnginx_http_requests_total counter job=nginx\nnginx_connections_active gauge job=nginx",
        "nginx",
        {"gauge": 'min(nginx_up{job="nginx"})', "good_when": ">= 1"},
    ),
    World(
        "NGINX Plus",
        "nginxplus_server_zone_responses counter server_zone=shop code=2xx|5xx\n"
        "nginxplus_upstream_server_responses counter upstream=shop code=2xx|5xx\nnginxplus_up gauge job=nginx",
        "nginx",
        _counts("nginxplus_server_zone_responses", 'server_zone="shop"', 'code=~"5xx"'),
    ),
    World(
        "Traefik",
        "traefik_service_requests_total counter service=shop@docker code=200|500 method=GET\n"
        f"traefik_service_request_duration_seconds histogram service=shop@docker code=200|500 {EDGES}\n"
        "traefik_entrypoint_requests_total counter entrypoint=web code=200|500\ntraefik_open_connections gauge job=t",
        "traefik",
        _counts("traefik_service_requests_total", 'service="shop@docker"', 'code=~"5.."'),
        ("latency",),
    ),
    World(
        "HAProxy's own endpoint",
        "haproxy_backend_http_responses_total counter proxy=shop code=1xx|2xx|5xx\n"
        "haproxy_frontend_http_responses_total counter proxy=public code=2xx|5xx\n"
        "haproxy_backend_http_requests_total counter proxy=shop\nhaproxy_backend_status gauge proxy=shop state=UP",
        "haproxy",
        _counts("haproxy_backend_http_responses_total", 'proxy="shop"', 'code=~"5xx"'),
    ),
    World(
        "OpenTelemetry HTTP, stable conventions",
        "http_server_request_duration_seconds histogram service_name=cart http_response_status_code=200|500 "
        f"http_route=/cart {EDGES}\nhttp_server_active_requests gauge service_name=cart\n"
        f"http_client_request_duration_seconds histogram service_name=cart http_response_status_code=200|500 {EDGES}\n"
        "target_info gauge service_name=cart",
        "otel_http",
        _counts(
            "http_server_request_duration_seconds_count", 'service_name="cart"', 'http_response_status_code=~"5.."'
        ),
        ("latency",),
    ),
    World(
        "OpenTelemetry HTTP, older conventions",
        f"http_server_duration_milliseconds histogram job=cart http_status_code=200|500 {MILLISECONDS}\n"
        "otelcol_receiver_accepted_spans_total counter job=otelcol",
        "otel_http",
        _counts("http_server_duration_milliseconds_count", 'job="cart"', 'http_status_code=~"5.."'),
        ("latency",),
    ),
    World(
        "OpenTelemetry HTTP with dots",
        "http.server.request.duration histogram service.name=cart|search http.response.status_code=200|500 "
        f"http.request.method=GET {EDGES}",
        "otel_http",
        {
            "total": '{__name__="http.server.request.duration_count","service.name"="cart"}',
            "bad": '{__name__="http.server.request.duration_count","service.name"="cart","http.response.status_code"=~"5.."}',
        },
        ("latency",),
    ),
    World(
        "OpenTelemetry RPC",
        f"rpc_server_duration_milliseconds histogram rpc_service=shop.Cart rpc_grpc_status_code=0|13 {MILLISECONDS}\n"
        f"rpc_client_duration_milliseconds histogram rpc_service=shop.Pay rpc_grpc_status_code=0|13 {MILLISECONDS}",
        "otel_rpc",
        _counts(
            "rpc_server_duration_milliseconds_count",
            'rpc_service="shop.Cart"',
            'rpc_grpc_status_code=~"2|4|8|12|13|14|15|UNKNOWN|DEADLINE_EXCEEDED|RESOURCE_EXHAUSTED|UNIMPLEMENTED'
            '|INTERNAL|UNAVAILABLE|DATA_LOSS"',
        ),
        ("latency",),
    ),
    World(
        "Spring Boot without histograms",
        "http_server_requests_seconds summary application=shop status=200|500 uri=/cart outcome=SUCCESS|SERVER_ERROR\n"
        "jvm_memory_used_bytes gauge application=shop\njvm_gc_pause_seconds summary application=shop\n"
        "http_client_requests_seconds summary application=shop status=200|500\n"
        "hikaricp_connections_active gauge application=shop",
        "spring",
        _counts("http_server_requests_seconds_count", 'application="shop"', 'status=~"5.."'),
    ),
    World(
        "Spring Boot with histograms",
        f"http_server_requests_seconds histogram application=shop status=200|500 uri=/cart {EDGES}\n"
        "logback_events_total counter application=shop level=error",
        "spring",
        _counts("http_server_requests_seconds_count", 'application="shop"', 'status=~"5.."'),
        ("latency",),
    ),
    World(
        "RabbitMQ",
        "rabbitmq_queue_messages_ready gauge queue=orders vhost=/\nrabbitmq_queue_messages_unacked gauge queue=orders\n"
        "rabbitmq_queue_messages gauge queue=orders\nrabbitmq_channel_messages_published_total counter job=mq",
        "queues",
        {"gauge": 'sum(rabbitmq_queue_messages_ready{queue="orders"})', "good_when": "< 1000"},
    ),
    World(
        "kafka_exporter",
        "kafka_consumergroup_lag gauge consumergroup=billing topic=orders partition=0|1\n"
        "kafka_consumergroup_current_offset gauge consumergroup=billing\nkafka_topic_partitions gauge topic=orders",
        "queues",
        {"gauge": 'sum(kafka_consumergroup_lag{consumergroup="billing"})', "good_when": "< 1000"},
    ),
    World(
        "Celery",
        "celery_task_succeeded_total counter queue_name=mail name=send\ncelery_task_failed_total counter queue_name=mail "
        f"name=send\ncelery_task_runtime histogram queue_name=mail {EDGES}\ncelery_worker_up gauge hostname=w",
        "queues",
        {
            "good": 'celery_task_succeeded_total{queue_name="mail"}',
            "bad": 'celery_task_failed_total{queue_name="mail"}',
        },
        ("latency",),
    ),
    World(
        "Sidekiq by Yabeda",
        "sidekiq_jobs_success_total counter queue=mail worker=Send\nsidekiq_jobs_failed_total counter queue=mail worker=Send\n"
        "sidekiq_jobs_executed_total counter queue=mail worker=Send\nsidekiq_queue_latency gauge queue=mail",
        "queues",
        {"good": 'sidekiq_jobs_success_total{queue="mail"}', "bad": 'sidekiq_jobs_failed_total{queue="mail"}'},
        ("backlog",),
    ),
    World(
        "Google's load balancer",
        "loadbalancing.googleapis.com/https/request_count counter resource.type=https_lb_rule resource.labels.url_map_name=shop response_code_class=200|500\n"
        "loadbalancing.googleapis.com/https/total_latencies histogram resource.type=https_lb_rule resource.labels.url_map_name=shop\n"
        "loadbalancing.googleapis.com/https/backend_request_count counter url_map_name=shop\n"
        "compute.googleapis.com/instance/cpu/utilization gauge instance_id=1",
        "load_balancer",
        {
            "total": 'metric.type="loadbalancing.googleapis.com/https/request_count" resource.type="https_lb_rule" '
            'resource.labels.url_map_name="shop"',
            "bad": 'metric.type="loadbalancing.googleapis.com/https/request_count" resource.type="https_lb_rule" '
            'resource.labels.url_map_name="shop" metric.labels.response_code_class="500"',
        },
        ("latency",),
    ),
    World(
        "Cloud Run",
        "run.googleapis.com/request_count counter resource.type=cloud_run_revision resource.labels.service_name=shop response_code_class=2xx|5xx\n"
        "run.googleapis.com/request_latencies histogram resource.type=cloud_run_revision resource.labels.service_name=shop\n"
        "run.googleapis.com/container/cpu/utilizations histogram resource.labels.service_name=shop",
        "cloud_run",
        {
            "total": 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" '
            'resource.labels.service_name="shop"',
            "bad": 'metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" '
            'resource.labels.service_name="shop" metric.labels.response_code_class="5xx"',
        },
        ("latency",),
    ),
    World(
        "blackbox exporter",
        "probe_success gauge job=web instance=https://shop.example.com\nprobe_duration_seconds gauge job=web\n"
        "probe_http_status_code gauge job=web\nprobe_ssl_earliest_cert_expiry gauge job=web\n"
        "blackbox_exporter_config_last_reload_successful gauge job=blackbox",
        "uptime",
        {"gauge": 'min(probe_success{job="web"})', "good_when": ">= 1"},
        ("latency",),
    ),
    World(
        "uptime checks of Cloud Monitoring",
        "monitoring.googleapis.com/uptime_check/check_passed gauge resource.type=uptime_url resource.labels.host=shop.example.com\n"
        "monitoring.googleapis.com/uptime_check/request_latency gauge resource.type=uptime_url resource.labels.host=shop.example.com",
        "uptime",
        {
            "gauge": 'metric.type="monitoring.googleapis.com/uptime_check/check_passed" resource.type="uptime_url" '
            'resource.labels.host="shop.example.com"',
            "good_when": ">= 0.5",
        },
        ("latency",),
    ),
    *_GOOGLE,
    World(
        "rules of Sloth beside the metrics that they are made of",
        "slo:sli_error:ratio_rate5m gauge sloth_id=shop-availability sloth_service=shop sloth_slo=availability\n"
        "slo:objective:ratio gauge sloth_id=shop-availability\nslo:error_budget:ratio gauge sloth_id=shop-availability\n"
        "http_requests_total counter job=shop code=200|500",
        "recorded",
        {"ratio": {"error": 'slo:sli_error:ratio_rate5m{sloth_id="shop-availability"}'}},
    ),
    World(
        "rules of Pyrra",
        "pyrra_requests_total counter slo=shop-errors\npyrra_errors_total counter slo=shop-errors\n"
        "pyrra_objective gauge slo=shop-errors\nhttp_requests:burnrate5m gauge slo=shop-errors\n"
        "http_requests_total counter job=shop code=200|500",
        "recorded",
        _counts("pyrra_requests_total", 'slo="shop-errors"', "")
        | {"bad": 'pyrra_errors_total{slo="shop-errors"}', "total": 'pyrra_requests_total{slo="shop-errors"}'},
    ),
    World(
        "native histograms",
        "http_request_duration_seconds native_histogram job=shop code=200|500",
        "latency",
        {"histogram": 'http_request_duration_seconds{job="shop"}', "under": "300ms"},
    ),
    World(
        "an app beside what a proxy of monitoring counts of itself, with dots",
        "otelcol.http.requests.total counter job=otelcol code=200|500 method=get\n"
        "shop.calls.total counter job=shop code=200|500",
        "http",
        {
            "total": '{__name__="shop.calls.total",job="shop"}',
            "bad": '{__name__="shop.calls.total",job="shop",code=~"5.."}',
        },
    ),
    World(
        "Linkerd",
        "response_total counter direction=inbound|outbound deployment=web classification=success|failure status_code=200|500\n"
        "response_latency_ms histogram direction=inbound|outbound deployment=web le=50|100|300|1000|+Inf\n"
        "request_total counter direction=inbound|outbound deployment=web",
        "linkerd",
        _counts("response_total", 'deployment="web",direction="inbound"', 'classification=~"failure"'),
        ("latency",),
    ),
    World(
        "results that a label tells, in words of its own",
        "orders_placed_total counter job=shop result=Success|Failure|timeout|cancelled",
        "outcomes",
        _counts("orders_placed_total", 'job="shop"', 'result=~"Failure|timeout"'),
    ),
    World(
        "calls and those of them that failed",
        "temporal_request counter job=t operation=a\ntemporal_request_failure counter job=t operation=a",
        "outcomes",
        {"total": 'temporal_request{job="t"}', "bad": 'temporal_request_failure{job="t"}'},
    ),
    World(
        "events that succeeded and those that failed, with dots",
        "mail.messages.succeeded.total counter job=m\nmail.messages.failed.total counter job=m",
        "outcomes",
        {
            "good": '{__name__="mail.messages.succeeded.total",job="m"}',
            "bad": '{__name__="mail.messages.failed.total",job="m"}',
        },
    ),
    World(
        "classes of codes in capitals",
        "gateway_requests_total counter job=g code_class=2XX|5XX",
        "http",
        _counts("gateway_requests_total", 'job="g"', 'code_class=~"5XX"'),
    ),
    World(
        "nothing but Prometheus itself",
        "prometheus_build_info gauge job=prometheus",
        "http",
        _counts("prometheus_http_requests_total", 'job="prometheus"', 'code=~"5.."'),
        ("latency",),
    ),
)
# In none of these is anything that users would notice.
NOTHING = {
    "nothing at all": "",
    "machines": USUAL,
    "a database": "pg_up gauge job=db\npg_stat_database_xact_commit counter job=db\npg_stat_activity_count gauge job=db\n"
    "pg_stat_bgwriter_checkpoint_write_time_total counter job=db",
    "a cache": "redis_commands_total counter cmd=get job=r\nredis_commands_duration_seconds_total counter cmd=get\n"
    "redis_keyspace_hits_total counter job=r\nredis_memory_used_bytes gauge job=r",
    "requests without a code": "http_requests_total counter job=shop\ncalls_total counter job=shop code=a|b",
    "work whose end nobody counts": "jobs_total counter state=queued|running job=a\norders_failed_total counter job=a\n"
    "orders_error_ratio gauge job=a\norders gauge job=a\ntasks_total gauge result=success|failure job=a",
    "what fails in the machinery": "prometheus_remote_storage_samples_total counter job=p\n"
    "prometheus_remote_storage_samples_failed_total counter job=p\n"
    "node_network_receive_errors_total counter device=a\nnode_network_receive_total counter device=a",
    "only what is called": "http_client_requests_total counter job=shop code=200|500",
    "Kubernetes": "kube_pod_status_phase gauge pod=a phase=Running\napiserver_request_total counter code=200|500 job=api\n"
    "container_cpu_usage_seconds_total counter pod=a\nkubelet_http_requests_total counter path=/",
    "a project that lists the metrics of all services": "\n".join(
        " ".join(line.split()[:2])
        for world in WORLDS
        for line in world.metrics.splitlines()
        if "googleapis.com/" in line or "istio.io/" in line
    ),
    "Spanner whose calls have no status that is known": "spanner.googleapis.com/api/api_request_count counter "
    "resource.type=spanner_instance resource.labels.instance_id=a status=a|b",
    "tasks whose codes are not known": "cloudtasks.googleapis.com/queue/task_attempt_count counter "
    "resource.type=cloud_tasks_queue resource.labels.queue_id=a response_code=a|b",
    "acknowledged messages without any that failed": "pubsub.googleapis.com/subscription/ack_message_count counter "
    "resource.type=pubsub_subscription resource.labels.subscription_id=a",
    "a cloud": "compute.googleapis.com/instance/cpu/utilization gauge instance_id=1\n"
    "logging.googleapis.com/byte_count counter log=a",
}
assert not re.search(r"^\s", USUAL.strip(), re.MULTILINE)
