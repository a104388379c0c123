"""AWS by its exporters for CloudWatch: load balancers, API Gateway and Lambda. Each sample is what a period held, not a
counter: the share of failures is worked out of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tomoni.exploring.detectors.shapes import selector, subjects
from tomoni.exploring.likely import Confidence, LikelySli, Quality
from tomoni.exploring.stock import Stock


@dataclass(frozen=True, slots=True)
class _Service:
    """The metric of all requests, the names of that of failures, and the labels that say whose they are."""

    all: str
    failed: Sequence[str]
    labels: Sequence[str]


_BALANCERS = ("dimension_LoadBalancer", "load_balancer")
_SERVICES = (
    _Service(
        "aws_applicationelb_request_count_sum",
        ("aws_applicationelb_httpcode_target_5_xx_count_sum", "aws_applicationelb_httpcode_target_5xx_count_sum"),
        _BALANCERS,
    ),
    _Service(
        "aws_apigateway_count_sum",
        ("aws_apigateway_5_xxerror_sum", "aws_apigateway_5xxerror_sum", "aws_apigateway_5_xx_error_sum"),
        ("dimension_ApiName", "api_name"),
    ),
    _Service("aws_lambda_invocations_sum", ("aws_lambda_errors_sum",), ("dimension_FunctionName", "function_name")),
)


def find(stock: Stock) -> Iterator[LikelySli]:
    """The share of failures of each; CloudWatch has none where nothing failed, which counts as nothing."""
    for service in _SERVICES:
        metric, failed = stock.get(service.all), stock.get(*service.failed)
        if metric is None or failed is None:
            continue
        for subject, matcher in subjects(stock, metric, service.labels):
            total, bad = f"sum({selector(metric.name, matcher)})", f"sum({selector(failed.name, matcher)})"
            keys = {"ratio": {"error": f"({bad} or {total} * 0) / ({total} > 0)"}}
            yield LikelySli(Quality.AVAILABILITY, keys, metric.name, subject, Confidence.LIKELY)
