"""How patient the connection to a Prometheus server is, and how it shows a token.

Imported with the connection, when the first question is asked: it needs requests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from requests.auth import AuthBase
from requests.models import PreparedRequest
from urllib3.exceptions import InvalidHeader, MaxRetryError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

RETRIED_STATUSES = (429, 502, 503, 504)
LONGEST_WAIT_SECONDS = 20.0
_FIRST_WAIT_SECONDS = 0.5

Auth = AuthBase | tuple[str, str]


class BearerToken(AuthBase):
    """A token in the Authorization header. As an auth it also keeps a .netrc file from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds the header."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class AsItIs(AuthBase):
    """No further credentials. Without any auth, requests would take those of a .netrc file."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds nothing."""
        return request


class PatientRetry(Retry):
    """Asks again after 429, 502, 503, 504 and broken connections: 0.5, 1 and 2 s later.

    A query changes nothing on the server, so POST is asked again too. What the server says in
    Retry-After is kept up to 20 s; longer ones end the retries. A time-out is not asked again: the
    same question would only take as long again.
    """

    pause: Callable[[float], None] = staticmethod(time.sleep)

    @classmethod
    def paused_by(cls, pause: Callable[[float], None]) -> PatientRetry:
        """The policy, with the function that waits."""
        made = cls(
            total=3,
            connect=1,
            read=1,
            other=1,
            redirect=0,
            status_forcelist=RETRIED_STATUSES,
            allowed_methods=None,
            raise_on_status=False,
        )
        made.pause = pause
        return made

    def new(self, **changes: Any) -> PatientRetry:  # noqa: ANN401
        """A copy with other counters, which waits in the same way."""
        made = super().new(**changes)
        made.pause = self.pause
        return made

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """What the server asks for, in seconds; None when it says nothing that can be read."""
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def increment(self, *args: Any, **kwargs: Any) -> PatientRetry:  # noqa: ANN401
        """Counts one more attempt; raises when there is to be none."""
        error, response = kwargs.get("error"), kwargs.get("response")
        if isinstance(error, ReadTimeoutError):
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT_SECONDS:
            raise MaxRetryError(kwargs["_pool"], "", None)
        return super().increment(*args, **kwargs)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits as long as the server asks, or twice as long as the last time."""
        asked = self.get_retry_after(response) if response is not None else None
        self.pause(asked or _FIRST_WAIT_SECONDS * 2 ** (len(self.history) - 1))
