"""The connection to Cloud Monitoring: credentials, time-outs, retries, pages; one project.

Read-only: only methods that list or get are called. The library itself retries 503 alone and
with no limit that we could set, so every call is made with its own time-out and the retries are here.
Imported when a source is first asked, because the client library takes a second to import.
"""

# Protobuf messages and the library's clients carry no usable types.
# ruff: noqa: ANN401

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import grpc
from google.api_core.exceptions import GoogleAPIError
from google.auth.exceptions import GoogleAuthError
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport
from google.cloud.monitoring_v3.services.service_monitoring_service.transports import (
    ServiceMonitoringServiceGrpcTransport,
)

from data_sources.base import Interval
from data_sources.calls import CallLog, Pauses
from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.cloud_monitoring.errors import Circumstances, Facts, translated
from data_sources.cloud_monitoring.filters import parse_filter, quoted
from data_sources.cloud_monitoring.parse import RAW, Call
from data_sources.errors import BadAnswer, NotFound, RateLimited, ServerFailed, SourceError, Unreachable
from data_sources.google_auth import credentials

LONGEST_WAIT_SECONDS = 60.0
# First wait in seconds and how often to ask again; each wait is twice as long and up to doubled at random.
_RETRIES: dict[type[SourceError], tuple[float, int]] = {
    RateLimited: (2.0, 3),
    ServerFailed: (0.5, 3),
    Unreachable: (0.5, 2),
}
# The library's own channel has no limit on the length of an answer; a bare gRPC channel stops at 4 MiB.
_ENDPOINT = "monitoring.googleapis.com:443"
_CHANNEL_OPTIONS = (("grpc.max_receive_message_length", -1),)


class Connection:
    """Calls of one configured source. Building one looks for credentials and may take seconds.

    All methods raise `data_sources.errors.SourceError` and return raw protobuf messages.
    """

    def __init__(self, source: str, config: CloudMonitoringConfig, log: CallLog, pauses: Pauses) -> None:
        self._source, self._config, self._log, self._pauses = source, config, log, pauses
        self.project = f"projects/{config.project}"
        try:
            self._metrics, self._services = _clients(config)
        except (GoogleAuthError, GoogleAPIError) as error:
            raise translated(error, self._circumstances({})) from error

    def pages(self, call: Call) -> Iterator[Any]:
        """The pages of one call as raw ``ListTimeSeriesResponse``, each retried by itself."""
        request = _list_request(self.project, call)
        subject = _subject(call)
        while True:
            page = self._page(request, subject)
            yield page
            if not page.next_page_token:
                return
            if page.next_page_token == request.page_token:
                raise BadAnswer(self._source, "the same page comes again and again", {"reason": "unreadable"})
            request.page_token = page.next_page_token

    def metric_descriptor(self, metric: str) -> Any:
        """The raw ``MetricDescriptor`` of a metric type."""
        name = f"{self.project}/metricDescriptors/{metric}"
        subject: Facts = {"what": "metric", "name": metric}
        try:
            return self._call("GetMetricDescriptor", self._metrics.get_metric_descriptor, {"name": name}, subject)
        except BadAnswer:
            return self._listed_descriptor(metric, subject)

    def _listed_descriptor(self, metric: str, subject: Facts) -> Any:
        """The descriptor from the list: some emulators know no other way."""
        request = {"name": self.project, "filter": f"metric.type = {quoted(metric)}"}
        pages = self._all("ListMetricDescriptors", self._metrics.list_metric_descriptors, request, subject)
        for page in pages:
            for found in page.metric_descriptors:
                if found.type == metric:
                    return found
        raise NotFound(self._source, "", {**subject, "reason": "metric", "project": self._config.project})

    def metric_names(self, service: str = "") -> Iterator[str]:
        """The types of the project's metrics, those of a service such as ``run.googleapis.com``, if given."""
        request = {"name": self.project, "filter": f"metric.type = starts_with({quoted(service + '/')})"}
        if not service:
            del request["filter"]
        for page in self._all("ListMetricDescriptors", self._metrics.list_metric_descriptors, request, {}):
            yield from (found.type for found in page.metric_descriptors)

    def descriptors(self, active_only: bool) -> Iterator[Sequence[Any]]:
        """All raw ``MetricDescriptor`` messages in pages; ``active_only``: of metrics with points of the last day."""
        request = {"name": self.project, "active_only": active_only}
        for page in self._all("ListMetricDescriptors", self._metrics.list_metric_descriptors, request, {}):
            yield page.metric_descriptors

    def headers(self, text: str, interval: Interval, most: int) -> Iterator[Sequence[Any]]:
        """The series that a filter has over an interval, without their points, in pages as raw ``TimeSeries``; the
        reading ends with the page in which it reaches ``most``."""
        call = Call(text, interval, RAW)
        request = _list_request(self.project, call, "HEADERS")
        request.page_size, count = most, 0
        while count < most:
            page = self._page(request, _subject(call))
            yield page.time_series
            count += len(page.time_series)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def resource_descriptor(self, resource: str) -> Any:
        """The raw ``MonitoredResourceDescriptor`` of a resource type."""
        name = f"{self.project}/monitoredResourceDescriptors/{resource}"
        method = self._metrics.get_monitored_resource_descriptor
        subject: Facts = {"what": "resource", "name": resource}
        return self._call("GetMonitoredResourceDescriptor", method, {"name": name}, subject)

    def ping(self) -> None:
        """Asks for something small."""
        request = {"name": self.project, "page_size": 1}
        self._call("ListMetricDescriptors", self._metrics.list_metric_descriptors, request, {})

    def services(self) -> Iterator[Any]:
        """All raw ``Service`` messages of the project."""
        pages = self._all("ListServices", self._services.list_services, {"parent": self.project}, {})
        for page in pages:
            yield from monitoring_v3.ListServicesResponse.pb(page).services

    def slos(self, service: str) -> Iterator[Any]:
        """All raw ``ServiceLevelObjective`` messages of a service, with their filters spelt out."""
        request = {"parent": service, "view": "EXPLICIT"}
        subject: Facts = {"what": "service", "name": service}
        method = self._services.list_service_level_objectives
        for page in self._all("ListServiceLevelObjectives", method, request, subject):
            yield from monitoring_v3.ListServiceLevelObjectivesResponse.pb(page).service_level_objectives

    def slo(self, name: str) -> Any:
        """One raw ``ServiceLevelObjective`` with its filters spelt out."""
        request = {"name": name, "view": "EXPLICIT"}
        method = self._services.get_service_level_objective
        found = self._call("GetServiceLevelObjective", method, request, {"what": "slo", "name": name})
        return monitoring_v3.ServiceLevelObjective.pb(found)

    def close(self) -> None:
        """Closes both channels."""
        self._metrics.transport.close()
        self._services.transport.close()

    def _page(self, request: Any, subject: Facts) -> Any:
        pager = self._call("ListTimeSeries", self._metrics.list_time_series, request, subject)
        return monitoring_v3.ListTimeSeriesResponse.pb(next(iter(pager.pages)))

    def _all(self, name: str, method: Any, request: dict[str, Any], subject: Facts) -> Iterator[Any]:
        while True:
            page = next(iter(self._call(name, method, request, subject).pages))
            yield page
            if not page.next_page_token:
                return
            request["page_token"] = page.next_page_token

    def _call(self, name: str, method: Any, request: Any, subject: Facts) -> Any:
        """One call; retries passing failures. Time-outs are left to the caller, who can request less."""
        attempt = 0
        while True:
            try:
                return self._once(name, method, request, subject)
            except SourceError as error:
                first, retries = _RETRIES.get(type(error), (0.0, 0))
                if attempt >= retries:
                    raise
                wait = first * 2**attempt * (1 + self._pauses.chance())
                self._pauses.sleep(min(wait, LONGEST_WAIT_SECONDS))
                attempt += 1

    def _once(self, name: str, method: Any, request: Any, subject: Facts) -> Any:
        started, failed = time.monotonic(), True
        try:
            answer = method(request=request, retry=None, timeout=self._config.timeout_seconds)
            failed = False
            return answer
        except (GoogleAPIError, GoogleAuthError, grpc.RpcError) as error:
            raise translated(error, self._circumstances(subject)) from error
        except ValueError as error:
            # gRPC raises this when the source was closed while a worker was still calling.
            raise Unreachable(self._source, str(error), {"reason": "connection"}) from error
        finally:
            self._log.add(name, time.monotonic() - started, failed)

    def _circumstances(self, subject: Facts) -> Circumstances:
        return Circumstances(self._source, self._config.project, self._config.timeout_seconds, subject)


def _clients(config: CloudMonitoringConfig) -> tuple[Any, Any]:
    """The clients of metrics and of services; ``insecure`` reaches an emulator without TLS or credentials."""
    if config.insecure:
        channel = grpc.insecure_channel(config.api_endpoint or _ENDPOINT, options=_CHANNEL_OPTIONS)
        return (
            monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel)),
            monitoring_v3.ServiceMonitoringServiceClient(
                transport=ServiceMonitoringServiceGrpcTransport(channel=channel)
            ),
        )
    options = {"api_endpoint": config.api_endpoint} if config.api_endpoint else None
    found = credentials(config.auth)
    return (
        monitoring_v3.MetricServiceClient(credentials=found, client_options=options),
        monitoring_v3.ServiceMonitoringServiceClient(credentials=found, client_options=options),
    )


def _subject(call: Call) -> Facts:
    """What a call requests, for the facts of its errors."""
    found = parse_filter(call.filter)
    name = found.metric or next((c.values[0] for c in found.conditions if c.function and not c.field), "")
    what = "slo" if found.selects_slo else "metric"
    return {"what": what, "name": name, "filter": call.filter, "aligner": call.aligner}


def _list_request(project: str, call: Call, view: str = "FULL") -> Any:
    """Google's intervals include their end and not their start, so a bucket ``[start, end)`` is requested as it is."""
    request = monitoring_v3.ListTimeSeriesRequest(name=project, filter=call.filter, view=view)
    raw = monitoring_v3.ListTimeSeriesRequest.pb(request)
    raw.interval.start_time.seconds = call.interval.start
    raw.interval.end_time.seconds = call.interval.end
    if call.aligner != RAW:
        aggregation = monitoring_v3.Aggregation
        raw.aggregation.alignment_period.seconds = call.interval.step_seconds
        raw.aggregation.per_series_aligner = getattr(aggregation.Aligner, call.aligner).value
        raw.aggregation.cross_series_reducer = getattr(aggregation.Reducer, call.reducer).value
        raw.aggregation.group_by_fields.extend(call.group_by)
    return request
