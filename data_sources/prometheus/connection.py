"""The HTTP connection to a Prometheus server.

`PrometheusConnect` of prometheus-api-client works over our own session, so that its calls are bounded and
retried like ours. It is not used for queries: in 0.7.2 it puts the parameters of a POST into the
address and drops the server's warnings.

Imported with the first query: it needs requests and prometheus-api-client.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from google.auth.exceptions import GoogleAuthError
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException
from requests import JSONDecodeError, RequestException, Response, Session, TooManyRedirects
from urllib3.exceptions import HTTPError

from data_sources.errors import BadAnswer
from data_sources.masking import mask_logs
from data_sources.prometheus.config import OAuth2Auth, PrometheusConfig
from data_sources.prometheus.credentials import SourceAuth, Tokens
from data_sources.prometheus.decode import Room, decoded
from data_sources.prometheus.errors import HttpReply, origin_of
from data_sources.prometheus.session import BoundedAdapter, PatientRetry, in_time, new_session, parts_of, timeouts
from data_sources.prometheus.transport import SourceAdapter, prepare
from data_sources.secrets import SecretFileError, Secrets
from data_sources.server_clock import ServerClock

# What a call may raise besides `SourceError`.
CLIENT_ERRORS = (GoogleAuthError, RequestException, HTTPError, OSError, UnicodeError, SecretFileError)
_UNAUTHORIZED = 401
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
T = TypeVar("T")


class Connection:
    """The HTTP connections to one server. Raises `SourceError` and ``CLIENT_ERRORS``."""

    def __init__(
        self,
        source_id: str,
        base_url: str,
        config: PrometheusConfig,
        pause: Callable[[float], None],
        clock: ServerClock,
        secrets: Secrets,
    ) -> None:
        self._source, self._config = source_id, config
        mask_logs(secrets)
        self._session = new_session(config)
        retry = PatientRetry.paused_by(pause)
        self._tokens = _tokens(source_id, config, secrets, retry)
        # Called when the headers are here, before the body, which may take its time.
        self._session.hooks["response"].append(lambda response, **_: clock.note(response.headers))
        self._api = PrometheusConnect(
            base_url,
            auth=SourceAuth(config, secrets, self._tokens),
            session=self._session,
            retry=retry,
            timeout=timeouts(config.timeout_seconds),
        )
        # Mounted over the library's own adapter, which bounds neither size nor time.
        adapter = SourceAdapter(source_id, retry, config)
        for address in (base_url, origin_of(base_url)):
            self._session.mount(address, adapter)

    def exchange(self, method: str, path: str, params: Params, timeout: float, room: Room | None = None) -> HttpReply:
        """Sends one request, with the parameters as a form at POST, and reads as much of the reply as has room."""
        with in_time(self._source, timeout), self._response(method, f"{self._api.url}{path}", params, timeout) as found:
            return self._reply(found, room)

    def look(self, address: str, timeout: float) -> HttpReply:
        """Gets another address of the same server."""
        with in_time(self._source, timeout), self._sent("GET", address, {}, timeout) as found:
            return self._reply(found)

    def _response(self, method: str, address: str, params: Params, timeout: float) -> Response:
        """The response; where a token was revoked, that of a second request with a new one."""
        response = self._sent(method, address, params, timeout)
        if response.status_code == _UNAUTHORIZED and self._tokens is not None:
            self._tokens.forget()
            response = self._sent(method, address, params, timeout)
        return response

    def _sent(self, method: str, address: str, params: Params, timeout: float) -> Response:
        prepare(self._session, self._config)
        try:
            return self._session.request(
                method,
                address,
                params=params if method == "GET" and params else None,
                data=params if method == "POST" else None,
                auth=self._api.auth,
                # Given here too, because a variable of the environment would override that of the session.
                verify=self._session.verify,
                timeout=timeouts(timeout),
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

    def _reply(self, response: Response, room: Room | None = None) -> HttpReply:
        body, head = decoded(self._source, parts_of(response), room)
        text = head[:_SHOWN_TEXT].decode("utf-8", "replace")
        return HttpReply(response.status_code, response.headers, body, text, response.url)

    def _readable(self, call: Callable[[], T]) -> T:
        """What the library returns; it raises one kind of exception for every reply but a success."""
        prepare(self._session, self._config)
        try:
            return call()
        except _UNREADABLE:
            raise BadAnswer(self._source, "", {"reason": "no_api"}) from None


def _tokens(source_id: str, config: PrometheusConfig, secrets: Secrets, retry: PatientRetry) -> Tokens | None:
    """The tokens of a client; its token server is reached through the same proxy and trusted alike."""
    if not isinstance(config.auth, OAuth2Auth):
        return None
    session = Session()
    prepare(session, config.model_copy(update={"tls": None, "url": config.auth.token_url}))
    for scheme in ("http://", "https://"):
        session.mount(scheme, BoundedAdapter(source_id, retry, 1))
    return Tokens(source_id, config.auth, secrets, session, timeouts(config.timeout_seconds))


def _texts(values: object) -> list[str]:
    if not isinstance(values, list):
        raise TypeError
    return [str(value) for value in values]
