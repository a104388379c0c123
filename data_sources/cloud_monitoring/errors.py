"""What Google's refusals and failures mean, as `data_sources.errors` with codes and facts.

Every error carries the fact ``project``, and where a resource was requested ``what`` (metric, slo,
service, resource) with its ``name``, and of a query its ``filter``. ``reason`` is more specific:

    access_denied     no_credentials, bad_credentials_file, credentials_expired,
                      service_disabled (service), quota_project, permission_denied (role)
    not_found         metric, resource, slo, service (as ``what``) or project
    query_refused     aligner (aligner, metric_kind, value_type), filter, interval, other
                      (field where Google names one), and what the adapter itself refuses
    rate_limited      quota (quota, limit, limit_value)
    timed_out         deadline (timeout_seconds)
    bad_answer        message_too_large, unreadable, not_cloud_monitoring
    unreachable       connection, token_server
    server_failed     status (Google's status name)

Imported with the client library, when a source is first queried.
"""

# google-api-core is typed, but its exceptions' details are not.
# ruff: noqa: ANN401

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from data_sources.errors import (
    AccessDenied,
    BadAnswer,
    NotFound,
    QueryRefused,
    RateLimited,
    ServerFailed,
    SourceError,
    TimedOut,
    Unreachable,
)
from data_sources.google_auth import auth_error

VIEWER_ROLE = "roles/monitoring.viewer"
_ALIGNER = re.compile(r"[Aa]ligner cannot be applied to metrics with kind (\w+) and value type (\w+)")
_FIELD = re.compile(r'Field (\S+) had an invalid value(?: of "((?:[^"\\]|\\.)*)")?')
_NO_CONNECTION = ("failed to connect", "dns resolution failed", "handshake", "connection refused", "socket closed")
_CREDENTIALS_IN_CALL = "getting metadata from plugin failed"
_TOKEN_SERVER = ("transporterror", "max retries", "failed to retrieve", "timed out", "connection")

Facts = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of which source, project and subject an error speaks; all of it goes into the facts."""

    source: str
    project: str
    timeout_seconds: float
    subject: Facts

    def error(self, kind: type[SourceError], error: BaseException, **facts: str | int | float) -> SourceError:
        """An error value with these facts and Google's own words."""
        detail = getattr(error, "message", None) or str(error)
        return kind(self.source, str(detail), {"project": self.project, **self.subject, **facts})


def translated(error: Exception, at: Circumstances) -> SourceError:
    """The error value for what the client library raised."""
    if isinstance(error, exceptions.RetryError):
        cause = error.cause
        return translated(cause, at) if isinstance(cause, Exception) else at.error(TimedOut, error)
    if isinstance(error, GoogleAuthError):
        found = auth_error(at.source, error)
        return type(found)(at.source, found.detail, {"project": at.project, **found.facts})
    for kinds, translate in _BY_TYPE:
        if isinstance(error, kinds):
            return translate(error, at)
    return at.error(ServerFailed, error, status=type(error).__name__)


def _permission(error: Any, at: Circumstances) -> SourceError:
    text = str(error.message)
    if error.reason == "SERVICE_DISABLED" or "has not been used in project" in text:
        service = (error.metadata or {}).get("service", "monitoring.googleapis.com")
        return at.error(AccessDenied, error, reason="service_disabled", service=service)
    if error.reason in ("USER_PROJECT_DENIED", "CONSUMER_INVALID") or "quota project" in text:
        return at.error(AccessDenied, error, reason="quota_project")
    return at.error(AccessDenied, error, reason="permission_denied", role=VIEWER_ROLE)


def _not_found(error: Any, at: Circumstances) -> SourceError:
    return at.error(NotFound, error, reason=at.subject.get("what", "project"))


def _refused(error: Any, at: Circumstances) -> SourceError:
    text = str(error.message)
    named = _FIELD.search(text)
    field = named.group(1) if named else _violated_field(error)
    mismatch = _ALIGNER.search(text)
    if mismatch:
        kind, value_type = mismatch.groups()
        aligner = (named.group(2) if named else "") or str(at.subject.get("aligner", ""))
        return at.error(
            QueryRefused, error, reason="aligner", aligner=aligner, metric_kind=kind, value_type=value_type, field=field
        )
    reason = next((part for part in ("filter", "interval", "aggregation") if field.startswith(part)), "other")
    return at.error(QueryRefused, error, reason=reason, **({"field": field} if field else {}))


def _violated_field(error: Any) -> str:
    for detail in error.details:
        for violation in getattr(detail, "field_violations", ()):
            return str(violation.field)
    return ""


def _exhausted(error: Any, at: Circumstances) -> SourceError:
    if "received message larger than max" in str(error.message).lower():
        # gRPC reports an answer that is too long with the status of a used-up quota.
        return at.error(BadAnswer, error, reason="message_too_large")
    about = error.metadata or {}
    names = {"quota": "quota_metric", "limit": "quota_limit", "limit_value": "quota_limit_value"}
    return at.error(RateLimited, error, reason="quota", **{k: str(about[v]) for k, v in names.items() if v in about})


def _late(error: Any, at: Circumstances) -> SourceError:
    return at.error(TimedOut, error, reason="deadline", timeout_seconds=at.timeout_seconds)


def _unavailable(error: Any, at: Circumstances) -> SourceError:
    text = str(error.message).lower()
    if _CREDENTIALS_IN_CALL in text:
        # gRPC fetches tokens itself and gives every failure of that this status.
        if any(sign in text for sign in _TOKEN_SERVER) and "invalid_grant" not in text:
            return at.error(Unreachable, error, reason="token_server")
        return at.error(AccessDenied, error, reason="credentials_expired")
    if "parsing http/2" in text:
        return at.error(BadAnswer, error, reason="not_cloud_monitoring")
    if any(sign in text for sign in _NO_CONNECTION):
        return at.error(Unreachable, error, reason="connection")
    return at.error(ServerFailed, error, status="UNAVAILABLE")


def _internal(error: Any, at: Circumstances) -> SourceError:
    if "deserializing" in str(error.message).lower():
        return at.error(BadAnswer, error, reason="unreadable")
    return at.error(ServerFailed, error, status="INTERNAL")


def _unauthenticated(error: Any, at: Circumstances) -> SourceError:
    return at.error(AccessDenied, error, reason="credentials_expired")


def _unimplemented(error: Any, at: Circumstances) -> SourceError:
    return at.error(BadAnswer, error, reason="not_cloud_monitoring")


_BY_TYPE: tuple[tuple[Any, Callable[[Any, Circumstances], SourceError]], ...] = (
    (exceptions.Unauthenticated, _unauthenticated),
    (exceptions.Unauthorized, _unauthenticated),
    (exceptions.Forbidden, _permission),
    (exceptions.NotFound, _not_found),
    (exceptions.BadRequest, _refused),  # InvalidArgument, OutOfRange, FailedPrecondition
    (exceptions.TooManyRequests, _exhausted),
    (exceptions.GatewayTimeout, _late),
    (exceptions.ServiceUnavailable, _unavailable),
    (exceptions.MethodNotImplemented, _unimplemented),
    (exceptions.InternalServerError, _internal),
)
