"""Queues: jobs that succeed (Celery, Flower, Sidekiq, Resque, BullMQ), and work that waits (RabbitMQ, Kafka, NATS,
Pulsar)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data_sources.exploring import Metric
from tomoni.exploring.detectors.shapes import Requests, counted, fast, present, selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock


@dataclass(frozen=True, slots=True)
class _Jobs:
    """Two counters: those of a role (total or good), and those that failed; each with matchers if any."""

    role: str
    counter: str
    failed: str
    subjects: Sequence[str]
    kept: str = ""
    kept_failed: str = ""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A gauge of work that waits, and how much of it is too much."""

    metric: str
    subjects: Sequence[str]
    good_when: str
    combined: str = "sum"
    kept: str = ""


_JOBS = (
    _Jobs("good", "celery_task_succeeded_total", "celery_task_failed_total", ("queue_name", "name", "job")),
    _Jobs(
        "total",
        "flower_events_total",
        "flower_events_total",
        ("task", "job"),
        'type=~"task-succeeded|task-failed"',
        'type="task-failed"',
    ),
    _Jobs("good", "sidekiq_jobs_success_total", "sidekiq_jobs_failed_total", ("queue", "worker", "job")),
    _Jobs("total", "ruby_sidekiq_jobs_total", "ruby_sidekiq_failed_jobs_total", ("queue", "job_name", "job")),
    _Jobs("total", "sidekiq_jobs_total", "sidekiq_failed_jobs_total", ("queue", "job_name", "job")),
    _Jobs("total", "sidekiq_processed_jobs_total", "sidekiq_failed_jobs_total", ("job",)),
    _Jobs("total", "sidekiq_jobs_completion_seconds", "sidekiq_jobs_failed_total", ("queue", "job")),
    _Jobs("total", "resque_jobs_processed_total", "resque_jobs_failed_total", ("job",)),
    _Jobs("good", "bullmq_job_completed_total", "bullmq_job_failed_total", ("queue", "job")),
)
_RUNTIMES = (
    "celery_task_runtime",
    "celery_task_runtime_seconds",
    "flower_task_runtime_seconds",
    "sidekiq_job_runtime_seconds",
    "sidekiq_jobs_completion_seconds",
)
_GAUGES = (
    _Waiting("kafka_consumergroup_group_max_lag_seconds", ("group",), "< 60", "max"),
    _Waiting("kafka_consumergroup_lag", ("consumergroup", "group"), "< 1000"),
    _Waiting("kminion_kafka_consumer_group_topic_lag", ("group_id",), "< 1000"),
    _Waiting("kafka_burrow_partition_lag", ("group",), "< 1000"),
    _Waiting("rabbitmq_queue_messages_ready", ("queue",), "< 1000"),
    _Waiting("rabbitmq_detailed_queue_messages_ready", ("queue",), "< 1000"),
    _Waiting("rabbitmq_queue_messages", ("queue",), "< 1000"),
    _Waiting("sidekiq_queue_latency", ("queue",), "< 60", "max"),
    _Waiting("sidekiq_queue_latency_seconds", ("queue", "name"), "< 60", "max"),
    _Waiting("bullmq_job_count", ("queue",), "< 1000", kept='state="waiting"'),
    _Waiting("resque_queue_jobs", ("queue",), "< 1000"),
    _Waiting("nats_consumer_num_pending", ("consumer_name", "consumer"), "< 1000"),
    _Waiting("pulsar_subscription_back_log", ("subscription",), "< 1000"),
    _Waiting("redis_stream_group_lag", ("stream",), "< 1000"),
    _Waiting("aws_sqs_approximate_age_of_oldest_message_maximum", ("dimension_QueueName", "queue_name"), "< 60", "max"),
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """Jobs that succeed, jobs that are fast, and queues that stay short."""
    for jobs in _JOBS:
        yield from _done(stock, jobs)
    for metric in present(stock, *_RUNTIMES):
        yield from fast(
            stock, metric, Requests(("queue_name", "queue", "name", "task", "job"), confidence=Confidence.LIKELY)
        )
    seen: set[str] = set()
    for waiting in _GAUGES:
        for sli in _short(stock, waiting):
            if sli.subject not in seen:
                seen.add(sli.subject)
                yield sli


def _done(stock: Stock, jobs: _Jobs) -> Iterator[LikelySli]:
    metric = stock.get(jobs.counter)
    if metric is None or jobs.failed not in stock.metrics:
        return
    for subject, matcher in subjects(stock, metric, jobs.subjects):
        keys = {
            jobs.role: selector(counted(metric), matcher, jobs.kept),
            "bad": selector(jobs.failed, matcher, jobs.kept_failed),
        }
        yield LikelySli(Quality.DELIVERY, keys, metric.name, subject, Confidence.SURE)


def _short(stock: Stock, waiting: _Waiting) -> Iterator[LikelySli]:
    metric: Metric | None = stock.get(waiting.metric)
    for subject, matcher in subjects(stock, metric, waiting.subjects) if metric else ():
        gauge = f"{waiting.combined}({selector(waiting.metric, matcher, waiting.kept)})"
        keys = {"gauge": gauge, "good_when": waiting.good_when}
        yield LikelySli(Quality.BACKLOG, keys, waiting.metric, subject, Confidence.LIKELY)
