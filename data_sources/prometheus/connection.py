"""The connection to a Prometheus server: credentials, retries, TLS, and bounds on what an answer may take.

`PrometheusConnect` of prometheus-api-client works over our own session, so that its calls are bounded
and retried like ours. What it does right is asked of it. It is not used for queries: in 0.7.2 it puts
the parameters of a POST into the address and drops the server's warnings.

Imported with the first query: it needs requests and prometheus-api-client.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import unquote

from google.auth.exceptions import GoogleAuthError
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests import JSONDecodeError, PreparedRequest, RequestException, Response, Session, TooManyRedirects
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from data_sources.config import GoogleAuth
from data_sources.errors import BadAnswer, TimedOut
from data_sources.google_auth import authorized_session
from data_sources.prometheus.config import BasicAuth, BearerAuth, PrometheusConfig
from data_sources.prometheus.errors import HttpReply

# What a call may raise besides `SourceError`.
CLIENT_ERRORS = (GoogleAuthError, RequestException, HTTPError, OSError, UnicodeError)
LARGEST_ANSWER_BYTES = 256 * 2**20
RETRIED_STATUSES = (429, 502, 503, 504)
LONGEST_WAIT_SECONDS = 20.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_CONNECT_SECONDS = 10.0
# Where no network lies between, compressing costs both sides more than it saves (measured: a third more time).
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_CHUNK = 2**18
_SHOWN_TEXT = 2000
_UNREADABLE = (
    PrometheusApiClientException,
    JSONDecodeError,
    TooManyRedirects,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
)

Params = Mapping[str, str]
Auth = AuthBase | tuple[str, str]
T = TypeVar("T")


class Connection:
    """The HTTP connections to one server. Raises `SourceError` and ``CLIENT_ERRORS``."""

    def __init__(self, source_id: str, base_url: str, config: PrometheusConfig, pause: Callable[[float], None]) -> None:
        self._source = source_id
        self._session = _session(config)
        retry = PatientRetry.paused_by(pause)
        self._api = PrometheusConnect(
            base_url,
            headers={name: value.get_secret_value() for name, value in config.headers.items()},
            auth=_auth(config),
            session=self._session,
            retry=retry,
            timeout=_timeouts(config.timeout_seconds),
        )
        # Mounted over the library's own adapter, which bounds neither size nor time.
        self._session.mount(base_url, BoundedAdapter(source_id, retry, config.max_parallel))

    def exchange(self, method: str, path: str, params: Params, timeout: float) -> HttpReply:
        """Sends one request, with the parameters as a form at POST, and reads the reply."""
        response = self._response(method, path, params, timeout)
        raw = response.raw.read()
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        return HttpReply(response.status_code, response.headers, body, raw[:_SHOWN_TEXT].decode("utf-8", "replace"))

    def _response(self, method: str, path: str, params: Params, timeout: float) -> Response:
        try:
            return self._session.request(
                method,
                f"{self._api.url}{path}",
                params=params if method == "GET" else None,
                data=params if method == "POST" else None,
                headers=self._api.headers,
                auth=self._api.auth,
                # Given here too, because a variable of the environment would override that of the session.
                verify=self._session.verify,
                timeout=_timeouts(timeout),
                stream=True,
            )
        except TooManyRedirects as redirected:
            if redirected.response is None:
                raise
            return redirected.response

    def label_values(self, label: str, params: Params) -> list[str]:
        """The values of a label, of the series and the time that the parameters name."""
        return self._readable(lambda: _texts(self._api.get_label_values(label, dict(params))))

    def metric_types(self, metric: str) -> set[str]:
        """The types that the targets of a server state for a metric; none for recorded series."""
        entries = self._readable(lambda: self._api.get_metric_metadata(metric))
        return {str(entry["type"]) for entry in entries if entry["metric_name"] == metric}

    def close(self) -> None:
        """Closes the connections."""
        self._api.close()

    def _readable(self, call: Callable[[], T]) -> T:
        """What the library returns; it raises one kind of exception for every reply but a success."""
        try:
            return call()
        except _UNREADABLE:
            raise BadAnswer(self._source, "", {"reason": "no_api"}) from None


def _texts(values: object) -> list[str]:
    if not isinstance(values, list):
        raise TypeError
    return [str(value) for value in values]


class BoundedAdapter(HTTPAdapter):
    """Reads every answer to its end, within the time-out and ``LARGEST_ANSWER_BYTES``.

    requests itself bounds only the time between two bytes. ``raw`` of the response is a BytesIO of the
    decoded body.
    """

    def __init__(self, source_id: str, retry: Retry, max_parallel: int) -> None:
        # The default size of a pool, 10, would drop connections above it.
        super().__init__(max_retries=retry, pool_maxsize=max_parallel)
        self._source = source_id

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401
        """Sends a request and reads the answer."""
        response = super().send(request, *args, **kwargs | {"stream": True})
        _connect_seconds, read_seconds = kwargs["timeout"]
        with response:
            body = self._body(response, time.monotonic() + read_seconds)
        response.raw = BytesIO(body)
        return response

    def _body(self, response: Response, deadline: float) -> bytes:
        parts, size = [], 0
        while part := response.raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER_BYTES:
                raise BadAnswer(self._source, "", {"reason": "too_large", "bytes": LARGEST_ANSWER_BYTES})
            if time.monotonic() > deadline:
                raise TimedOut(self._source)
        return b"".join(parts)


def _session(config: PrometheusConfig) -> Session:
    google = config.auth if isinstance(config.auth, GoogleAuth) else None
    session = authorized_session(google, config.timeout_seconds) if google else Session()
    session.verify = config.verify_tls
    # A redirect would turn POST into GET, and carry headers with secrets to another host.
    session.max_redirects = 0
    session.headers["User-Agent"] = "tomoni"
    if config.url.host in _LOOPBACK:
        session.headers["Accept-Encoding"] = "identity"

    def keep_cookies(response: Response, **_: Any) -> None:  # noqa: ANN401
        # The session itself looks for them in the socket, which the adapter has closed by then.
        session.cookies.update(response.cookies)

    session.hooks["response"] = [keep_cookies]
    return session


def _timeouts(seconds: float) -> tuple[float, float]:
    """The time-outs of connecting and of reading."""
    return min(seconds, _LONGEST_CONNECT_SECONDS), seconds


def _auth(config: PrometheusConfig) -> Auth:
    if isinstance(config.auth, BasicAuth):
        return config.auth.username, config.auth.password.get_secret_value()
    if isinstance(config.auth, BearerAuth):
        return BearerToken(config.auth.token.get_secret_value())
    if config.auth is None and config.url.username:
        return unquote(config.url.username), unquote(config.url.password or "")
    return NoCredentials()


class BearerToken(AuthBase):
    """A token in the Authorization header. As an auth it also keeps a .netrc file from replacing it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds the header."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoCredentials(AuthBase):
    """No further credentials. Without any auth, requests would take those of a .netrc file."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds nothing."""
        return request


class PatientRetry(Retry):
    """Retries after 429, 502, 503, 504 and broken connections: 0.5, 1 and 2 s later.

    A query changes nothing on the server, so POST is retried too. The server's Retry-After is
    honored up to 20 s; a longer one ends the retries. A time-out is not retried: the same query
    would only take as long again.
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
        try:
            return super().get_retry_after(response)
        except InvalidHeader:
            return None

    def increment(self, *args: Any, **kwargs: Any) -> PatientRetry:  # noqa: ANN401
        """Counts one more attempt; raises when there must not be one."""
        error, response = kwargs.get("error"), kwargs.get("response")
        if isinstance(error, ReadTimeoutError):
            raise error
        if response is not None and (self.get_retry_after(response) or 0) > LONGEST_WAIT_SECONDS:
            raise MaxRetryError(kwargs["_pool"], "", None)
        return super().increment(*args, **kwargs)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Waits as long as the server asks for, or twice as long as the last time."""
        requested = self.get_retry_after(response) if response is not None else None
        self.pause(requested or _FIRST_WAIT_SECONDS * 2 ** (len(self.history) - 1))
