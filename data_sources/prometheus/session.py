"""How the HTTP session of a Prometheus source behaves: credentials, retries, and bounds on size and time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import BadStatusLine, RemoteDisconnected
from io import BytesIO
from typing import Any

from google.auth.exceptions import GoogleAuthError
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, ProtocolError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from data_sources.config import GoogleAuth
from data_sources.errors import SourceError, TimedOut
from data_sources.google_auth import authorized_session
from data_sources.prometheus.config import PrometheusConfig
from data_sources.prometheus.decode import too_large
from data_sources.prometheus.exchange import Exchange, bounded_pools, current_exchange
from data_sources.prometheus.waits import seconds_to_wait

# What is not decoded as a stream: lists of names, and the texts of errors.
LARGEST_WHOLE_BYTES = 8 * 2**20
RETRIED_STATUSES = (429, 502, 503, 504)
LONGEST_WAIT_SECONDS = 20.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_CONNECT_SECONDS = 10.0
# Where no network lies between, compressing costs both sides more than it saves (measured: a third more time).
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_CHUNK = 2**18


class BoundedAdapter(HTTPAdapter):
    """Reads answers within the time-out and ``LARGEST_WHOLE_BYTES``.

    requests itself bounds only the time between two bytes; here the time-out of reading is that of the
    whole exchange. ``raw`` of the response is a BytesIO of the decoded body.
    """

    def __init__(self, source_id: str, retry: Retry, max_parallel: int) -> None:
        # The default size of a pool, 10, would drop connections above it.
        super().__init__(max_retries=retry, pool_maxsize=max_parallel)
        self._source = source_id

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Makes the pools of connections; called by requests."""
        super().init_poolmanager(*args, **kwargs)
        bounded_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """The pools of connections through a proxy; called by requests."""
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            bounded_pools(manager)
        return manager

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        """Sends a request and reads the answer. Raises `SourceError` besides what requests raises.

        Within an exchange (`in_time`) that wants the answer as a stream, a success is left to be read.
        """
        if current_exchange() and kwargs.get("stream"):
            response = self._sent(request, *args, **kwargs)
            return response if response.ok else self._read(response, whole=False)
        with in_time(self._source, kwargs["timeout"][1]):
            return self._read(self._sent(request, *args, **kwargs | {"stream": True}), whole=True)

    def _sent(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        return super().send(request, *args, **kwargs)

    def _read(self, response: Response, whole: bool) -> Response:
        """The response with its body; of an error without the rest of a long one."""
        body = bytearray()
        with response:
            for part in parts_of(response):
                body += part
                if len(body) > LARGEST_WHOLE_BYTES:
                    if whole:
                        raise too_large(self._source)
                    break
        response.raw = BytesIO(body)
        return response


@contextmanager
def in_time(source_id: str, seconds: float) -> Iterator[None]:
    """An exchange within so many seconds. Raises TimedOut for whatever breaks when its connection is cut."""
    with Exchange(seconds) as exchange:
        try:
            yield
        except (SourceError, GoogleAuthError):  # such as that of a token server, which is the cause
            raise
        except Exception:
            if exchange.over:
                raise TimedOut(source_id) from None
            raise
        if exchange.over:
            raise TimedOut(source_id)


def parts_of(response: Response) -> Iterator[bytes]:
    """The decoded body of a response, as it comes."""
    raw = response.raw
    if isinstance(raw, BytesIO):
        yield raw.getvalue()
        return
    while part := raw.read1(_CHUNK, decode_content=True):
        yield part


def new_session(config: PrometheusConfig) -> Session:
    """A session with the Google credentials of a source, if any. Raises GoogleAuthError."""
    google = config.auth if isinstance(config.auth, GoogleAuth) else None
    session = authorized_session(google, config.timeout_seconds) if google else Session()
    # A redirect would turn POST into GET, and carry headers with secrets to another host. Not even looked at:
    # where it leads may be no address.
    session.get_redirect_target = _no_target  # type: ignore[method-assign]
    session.headers["User-Agent"] = "tomoni"
    if config.url.host in _LOOPBACK:
        session.headers["Accept-Encoding"] = "identity"

    def keep_cookies(response: Response, **_: Any) -> None:  # noqa: ANN401
        # The session itself looks for them in the socket, which the adapter has closed by then.
        session.cookies.update(response.cookies)

    session.hooks["response"] = [keep_cookies]
    return session


def _no_target(resp: Response) -> None:
    """Where a response redirects to; requests follows nothing."""


def timeouts(seconds: float) -> tuple[float, float]:
    """The time-outs of connecting and of the whole exchange; the first is shorter, so that it shows which it was."""
    return min(0.8 * seconds, _LONGEST_CONNECT_SECONDS), seconds


def _is_final(error: Exception) -> bool:
    cause = error.args[1] if isinstance(error, ProtocolError) and len(error.args) > 1 else None
    no_http = isinstance(cause, BadStatusLine) and not isinstance(cause, RemoteDisconnected)
    return no_http or isinstance(error, ReadTimeoutError | ConnectTimeoutError)


class PatientRetry(Retry):
    """Retries after 429, 502, 503, 504 and broken connections: 0.5, 1 and 2 s later.

    A query changes nothing on the server, so POST is retried too. The server's Retry-After is
    honored up to 20 s; a longer one ends the retries. A time-out is not retried: the same query
    would only take as long again; nor is an answer that is not HTTP, which the next one, cut short,
    might hide.
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
        """The seconds in the server's Retry-After; None when there is none that can be read."""
        return seconds_to_wait(response.headers.get("Retry-After"))

    def increment(self, *args: Any, **kwargs: Any) -> PatientRetry:  # noqa: ANN401
        """Counts one more attempt; raises when there must not be one."""
        error, response = kwargs.get("error"), kwargs.get("response")
        exchange = current_exchange()
        if error is not None and (_is_final(error) or (exchange and exchange.over)):
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT_SECONDS:
            raise MaxRetryError(kwargs["_pool"], "", None)
        return super().increment(*args, **kwargs)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits as long as the server asks for, or twice as long as the last time."""
        requested = self.get_retry_after(response) if response is not None else None
        seconds = requested or _FIRST_WAIT_SECONDS * 2 ** (len(self.history) - 1)
        exchange = current_exchange()
        if exchange is None:
            self.pause(seconds)
        else:
            exchange.pause(self.pause, seconds)
