"""The gRPC server: methods, refusals, pages, faults on demand.

Known: method names, messages, ``(start, end]``, newest first, at most 100,000 points a page, a series
that goes on in the next page, statuses with ErrorInfo, a start that must lie within the retention.
Assumed: the words of most refusals.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.cloud import monitoring_v3
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status  # type: ignore[import-untyped]  # comes with google-api-core, without types

from tests.google_stand_in import aligning, filters, messages
from tests.google_stand_in.aligning import Line, Window
from tests.google_stand_in.slos import selected
from tests.google_stand_in.world import RESOURCES, MetricSpec, Stream, World

PAGE_POINTS = 100_000
_METRICS, _SERVICES = "google.monitoring.v3.MetricService", "google.monitoring.v3.ServiceMonitoringService"


class Fault(Exception):
    """An error status to answer with; ``info`` is the ErrorInfo's reason and metadata."""

    def __init__(self, code: str, message: str, reason: str = "", **metadata: str) -> None:
        super().__init__(message)
        self.code, self.message, self.reason, self.metadata = code, message, reason, metadata


@dataclass
class Trouble:
    """What goes wrong next, first come first served: an error, a delay, a partial answer, odd bytes."""

    method: str
    fault: Fault | None = None
    delay_seconds: float = 0.0
    partial: str = ""
    body: bytes | None = None


@dataclass
class StandIn:
    """A running stand-in. ``seen`` lists every request; ``troubles`` come before the true answers."""

    world: World
    endpoint: str = ""
    page_points: int = PAGE_POINTS
    seen: list[tuple[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    remembers_answers: bool = False
    changes: Callable[[Any], bytes] | None = None  # from an answer to what is sent in its place
    _answers: dict[bytes, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def calls(self, method: str = "") -> int:
        """How many requests came, of one method or of all."""
        return sum(1 for name, _ in list(self.seen) if not method or name == method)

    def fail(self, *faults: Fault, method: str = "ListTimeSeries") -> None:
        """Lets the next calls of a method fail."""
        self.troubles += [Trouble(method, fault) for fault in faults]

    def handle(self, method: str, request: Any, answer: Callable[[StandIn, Any], Any]) -> bytes:
        trouble = self._note(method, request)
        if trouble.delay_seconds:
            time.sleep(trouble.delay_seconds)
        if trouble.fault:
            raise trouble.fault
        if trouble.body is not None:
            return trouble.body
        key = method.encode() + request.SerializeToString(deterministic=True)
        if self.remembers_answers and key in self._answers:
            return self._answers[key]
        made = answer(self, request)
        if trouble.partial:
            made.execution_errors.add(code=code_pb2.DEADLINE_EXCEEDED, message=trouble.partial)
        body = bytes(made.SerializeToString()) if self.changes is None else self.changes(made)
        if self.remembers_answers:
            self._answers[key] = body
        return body

    def _note(self, method: str, request: Any) -> Trouble:
        with self._lock:
            self.seen.append((method, request))
            found = next((t for t in self.troubles if t.method == method), Trouble(method))
            if found in self.troubles:
                self.troubles.remove(found)
            return found


@contextmanager
def running(world: World, page_points: int = PAGE_POINTS) -> Iterator[StandIn]:
    """A stand-in on a free port of the loopback address."""
    stand_in = StandIn(world, page_points=page_points)
    server = grpc.server(ThreadPoolExecutor(8), options=(("grpc.max_send_message_length", -1),))
    for service, methods in _METHODS.items():
        handlers = {name: _handler(stand_in, name, *parts) for name, parts in methods.items()}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    stand_in.endpoint = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield stand_in
    finally:
        server.stop(grace=0).wait()


def _handler(stand_in: StandIn, method: str, request_type: Any, answer: Callable[[StandIn, Any], Any]) -> Any:
    def run(request: Any, context: Any) -> bytes:
        try:
            return stand_in.handle(method, request, answer)
        except Fault as fault:
            context.abort_with_status(rpc_status.to_status(_status(fault)))
        except (filters.Refused, aligning.Refused) as refusal:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refusal))
        except aligning.NotBuilt as lack:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(lack))
        return b""

    return grpc.unary_unary_rpc_method_handler(
        run, request_deserializer=request_type.FromString, response_serializer=lambda body: body
    )


def _status(fault: Fault) -> status_pb2.Status:
    status = status_pb2.Status(code=code_pb2.Code.Value(fault.code), message=fault.message)
    if fault.reason:
        info = error_details_pb2.ErrorInfo(reason=fault.reason, domain="googleapis.com", metadata=fault.metadata)
        status.details.add().Pack(info)
    return status


def _refuse(message: str) -> Fault:
    return Fault("INVALID_ARGUMENT", message)


def _require_project(stand_in: StandIn, name: str) -> None:
    if name.split("/")[:2] != ["projects", stand_in.world.project]:
        raise Fault("PERMISSION_DENIED", "Permission monitoring.timeSeries.list denied (or it may not exist).")


def list_time_series(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.name)
    if request.order_by:
        raise _refuse("Field order_by must be blank.")
    if request.HasField("secondary_aggregation"):
        raise aligning.NotBuilt("the stand-in has no secondary_aggregation")
    window = _window(request, stand_in.world)
    streams, parsed = _streams(stand_in.world, request, window)
    if request.view == messages.HEADERS:
        return _headers(streams, request, window)
    lines = _aggregated(streams, request, window)
    _require_labels(stand_in.world, parsed, request)
    return _page(stand_in, lines, request)


def _window(request: Any, world: World) -> Window:
    start, end = request.interval.start_time, request.interval.end_time
    if not end.seconds or not start.seconds:
        raise _refuse("Field interval.end_time and interval.start_time are required.")
    if (start.seconds, start.nanos) >= (end.seconds, end.nanos):
        raise _refuse("Field interval.startTime had an invalid value: The start time must be before the end time.")
    if end.nanos or start.nanos:
        raise aligning.NotBuilt("the stand-in counts whole seconds only")
    return Window(start.seconds, end.seconds, request.aggregation.alignment_period.seconds or 1, world.now)


def _streams(world: World, request: Any, window: Window) -> tuple[list[Stream], filters.Parsed]:
    parsed = filters.Parser(request.filter).parse()
    named = [name for name, _ in parsed.selectors]
    if len(parsed.metrics) + len(named) != 1:
        raise filters.Refused(request.filter, "The filter must name exactly one metric type or one SLO selector")
    if named:
        try:
            return selected(world, named[0], parsed.selectors[0][1], window.start, window.end), parsed
        except KeyError as missing:
            raise Fault("NOT_FOUND", f"Cannot find the service level objective {missing}.") from None
    metric = world.metrics.get(parsed.metrics[0])
    if metric is None:
        raise Fault("NOT_FOUND", f'Cannot find metric(s) that match type = "{parsed.metrics[0]}".')
    if window.start < world.now - metric.retention_seconds:
        raise _refuse("Field interval.startTime had an invalid value: The start time is before the data retention.")
    return [stream for stream in world.streams[metric.type] if parsed.test(stream)], parsed


def _require_labels(world: World, parsed: filters.Parsed, request: Any) -> None:
    if parsed.metrics:
        metric = world.metrics[parsed.metrics[0]]
        filters.check_labels(parsed, metric, "", tuple(request.aggregation.group_by_fields))
        aggregation = request.aggregation
        if aggregation.per_series_aligner:
            aligning.require(_aligner(aggregation), metric.kind, metric.value_type)


def _aligner(aggregation: Any) -> str:
    return str(monitoring_v3.Aggregation.Aligner(aggregation.per_series_aligner).name)


def _aggregated(streams: Sequence[Stream], request: Any, window: Window) -> list[Line]:
    aggregation = request.aggregation
    aligner = _aligner(aggregation)
    reducer = str(monitoring_v3.Aggregation.Reducer(aggregation.cross_series_reducer).name)
    if aligner == "ALIGN_NONE":
        if reducer != "REDUCE_NONE":
            raise _refuse("Field aggregation.crossSeriesReducer needs an aligner.")
        return [_raw(stream, window) for stream in streams]
    if aggregation.alignment_period.seconds < 60:
        raise _refuse("Field aggregation.alignmentPeriod had an invalid value: The period must be at least 60s.")
    lines = [aligning.align(stream, aligner, window) for stream in streams]
    return aligning.reduce(lines, reducer, aggregation.group_by_fields)


def _raw(stream: Stream, window: Window) -> Line:
    shown = aligning.visible(stream, window.now)
    inside = (shown.ends > window.start) & (shown.ends <= window.end)
    return Line(
        stream.labels,
        stream.resource,
        stream.resource_labels,
        stream.metric.kind,
        stream.metric.value_type,
        shown.ends[inside],
        shown.values[inside],
        stream.bounds,
        stream.metric.unit,
    )


def _headers(streams: Sequence[Stream], request: Any, window: Window) -> Any:
    """The series without their points, as many as a page holds."""
    found = [line for line in (_raw(stream, window) for stream in streams) if len(line.ends)]
    skip, size = int(request.page_token or 0), request.page_size or PAGE_POINTS
    response = messages.ListTimeSeriesResponse()
    for line in found[skip : skip + size]:
        messages.write(response.time_series.add(), line, request, slice(0, 0))
    if skip + size < len(found):
        response.next_page_token = str(skip + size)
    return response


def _page(stand_in: StandIn, lines: Sequence[Line], request: Any) -> Any:
    """Cuts the points, not the series, into pages: a series may go on in the next one."""
    size = min(request.page_size or stand_in.page_points, stand_in.page_points)
    skip = int(request.page_token or 0)
    response = messages.ListTimeSeriesResponse()
    left, seen = size, 0
    for line in lines:
        begin, stop = max(0, skip - seen), min(len(line.ends), max(0, skip - seen) + left)
        if stop > begin:
            messages.write(response.time_series.add(), line, request, slice(begin, stop))
            left -= stop - begin
        seen += len(line.ends)
    if skip + size < seen:
        response.next_page_token = str(skip + size)
    return response


def get_metric_descriptor(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.name)
    wanted = request.name.split("/metricDescriptors/")[1]
    metric = stand_in.world.metrics.get(wanted)
    if metric is None:
        raise Fault("NOT_FOUND", f"Could not find descriptor for metric '{wanted}'.")
    return messages.descriptor(stand_in.world.project, metric)


def list_metric_descriptors(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.name)
    metrics: list[MetricSpec] = list(stand_in.world.metrics.values())[: request.page_size or None]
    if request.active_only:
        metrics = [metric for metric in metrics if _is_active(stand_in.world, metric)]
    response = messages.ListMetricDescriptorsResponse()
    response.metric_descriptors.extend(messages.descriptor(stand_in.world.project, metric) for metric in metrics)
    return response


def _is_active(world: World, metric: MetricSpec) -> bool:
    """Whether it has points of the last 25 hours."""
    return any(len(stream.ends) and stream.ends[-1] > world.now - 90_000 for stream in world.streams[metric.type])


def get_resource_descriptor(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.name)
    wanted = request.name.split("/monitoredResourceDescriptors/")[1]
    if wanted not in RESOURCES:
        raise Fault("NOT_FOUND", f"Could not find resource type {wanted}.")
    return messages.resource(wanted, RESOURCES[wanted])


def list_services(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.parent)
    response = messages.ListServicesResponse()
    for name, title in stand_in.world.services.items():
        response.services.add(name=name, display_name=title)
    return response


def list_slos(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.parent)
    if request.parent not in stand_in.world.services:
        raise Fault("NOT_FOUND", f"Service {request.parent} does not exist.")
    response = messages.ListSlosResponse()
    for slo in stand_in.world.slos.values():
        made = messages.slo(slo, explicit=request.view == messages.EXPLICIT)
        if made.name.startswith(request.parent + "/"):
            response.service_level_objectives.append(made)
    return response


def get_slo(stand_in: StandIn, request: Any) -> Any:
    _require_project(stand_in, request.name)
    if request.name not in stand_in.world.slos:
        raise Fault("NOT_FOUND", f"The SLO {request.name} does not exist.")
    return messages.slo(stand_in.world.slos[request.name], explicit=request.view == messages.EXPLICIT)


_METHODS: dict[str, dict[str, tuple[Any, Callable[[StandIn, Any], Any]]]] = {
    _METRICS: {
        "ListTimeSeries": (messages.raw("ListTimeSeriesRequest"), list_time_series),
        "GetMetricDescriptor": (messages.raw("GetMetricDescriptorRequest"), get_metric_descriptor),
        "ListMetricDescriptors": (messages.raw("ListMetricDescriptorsRequest"), list_metric_descriptors),
        "GetMonitoredResourceDescriptor": (
            messages.raw("GetMonitoredResourceDescriptorRequest"),
            get_resource_descriptor,
        ),
    },
    _SERVICES: {
        "ListServices": (messages.raw("ListServicesRequest"), list_services),
        "ListServiceLevelObjectives": (messages.raw("ListServiceLevelObjectivesRequest"), list_slos),
        "GetServiceLevelObjective": (messages.raw("GetServiceLevelObjectiveRequest"), get_slo),
    },
}
