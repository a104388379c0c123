"""Why a source did not deliver what was requested.

    SourceError                 any of the below; code and facts, no words
    +-- Unreachable             no connection, name not found, TLS refused
    +-- TimedOut                no answer within the source's time-out
    +-- AccessDenied            401, 403, missing or expired credentials
    +-- RateLimited             429, quota
    +-- ServerFailed            5xx that did not pass
    +-- QueryRefused            the source understood and refused the query (its own text is kept)
    +-- BadAnswer               not the protocol: HTML, broken JSON, truncated, wrong shape
    +-- NotFound                the metric, SLO, file or series does not exist
    +-- Unusable                the configuration of the source has errors: it is not queried

Errors are values: `words` turns them into sentences in the reader's language. ``detail`` is the
source's own text, shortened, with secrets removed; it is untrusted.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import Self

Facts = Mapping[str, str | int | float]
_LOG = logging.getLogger(__name__)


class SourceError(Exception):
    """A source did not deliver what was requested; ``transient`` is true where a retry may help."""

    code = "source_error"
    transient = False

    def __init__(self, source: str, detail: str = "", facts: Facts | None = None) -> None:
        super().__init__(source, detail)
        self.source = source
        self.detail = detail[:2000]
        self.facts = dict(facts or {})

    def detached(self) -> Self:
        """The error as a value: without the frames that it came through, and all that they hold."""
        self.__context__ = self.__cause__ = None
        return self.with_traceback(None)

    def __str__(self) -> str:
        return f"{self.source}: {self.code}" + (f": {self.detail}" if self.detail else "")


class Unreachable(SourceError):
    """No connection: nothing listens, the name is unknown, or TLS was refused."""

    code = "unreachable"
    transient = True


class TimedOut(SourceError):
    """No answer within the time-out."""

    code = "timed_out"
    transient = True


class AccessDenied(SourceError):
    """The credentials are missing, expired or insufficient."""

    code = "access_denied"


class RateLimited(SourceError):
    """The source received too many requests."""

    code = "rate_limited"
    transient = True


class ServerFailed(SourceError):
    """The source failed on its side and did not recover in time."""

    code = "server_failed"
    transient = True


class QueryRefused(SourceError):
    """The source understood the query and refused it."""

    code = "query_refused"


class BadAnswer(SourceError):
    """The answer does not follow the protocol."""

    code = "bad_answer"
    transient = True


class NotFound(SourceError):
    """What was requested does not exist."""

    code = "not_found"


class Unusable(SourceError):
    """The configuration of the source has errors, so it is not queried."""

    code = "source_unusable"


_TREE = (
    SourceError,
    Unreachable,
    TimedOut,
    AccessDenied,
    RateLimited,
    ServerFailed,
    QueryRefused,
    BadAnswer,
    NotFound,
    Unusable,
)
ERRORS: dict[str, type[SourceError]] = {kind.code: kind for kind in _TREE}


def log_unexpected(source_id: str, error: Exception) -> None:
    """Logs where an error that is a fault of our own happened. Not the message: it may hold a URL with a password."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("source %s raised %s\n%s", source_id, type(error).__name__, place)
