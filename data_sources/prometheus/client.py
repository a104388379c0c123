"""Talks to the Prometheus HTTP API over the connection of prometheus-api-client.

`PrometheusConnect` brings the session, the mounted retries, the auth and the TLS settings. Its own
query methods are not used: in 0.7.2 they put POST parameters into the address, drop the server's
warnings, know no time-out unless given one, and turn every error into one exception.
"""

# prometheus_api_client and requests are imported when the first question is asked, not at start.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from data_sources.calls import CallLog
from data_sources.config import GoogleAuth
from data_sources.errors import BadAnswer, TimedOut
from data_sources.prometheus.config import BasicAuth, BearerAuth, PrometheusConfig
from data_sources.prometheus.errors import HttpReply, Secrets, bare, client_error, reply_error

if TYPE_CHECKING:
    import requests
    from prometheus_api_client import PrometheusConnect

    from data_sources.prometheus.retry import Auth

LARGEST_ANSWER_BYTES = 256 * 2**20
_LONGEST_CONNECT_SECONDS = 10.0
# Where no network lies between, compressing costs both sides more than it saves (measured: a third more time).
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_CHUNK = 2**18
_SHOWN_TEXT = 2000
# Other clients of Prometheus fall back to GET on the same statuses (client_golang, api/prometheus/v1).
_NO_POST = (405, 501)
_ERROR_STATUS = 400

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """The data of a successful reply, and what the server said beside it."""

    data: Any
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()


class PrometheusHttp:
    """One server. Safe to use from several threads; at most ``max_parallel`` questions at once."""

    def __init__(
        self,
        source_id: str,
        config: PrometheusConfig,
        pause: Callable[[float], None] = time.sleep,
        log: CallLog | None = None,
    ) -> None:
        self._source, self._config, self._pause = source_id, config, pause
        self._log = log or CallLog(time.time)
        self.secrets = Secrets.of(config)
        self.base_url = bare(str(config.url)).rstrip("/")
        self.uses_post = True
        self._connection: PrometheusConnect | None = None
        self._opening = threading.Lock()
        self._turns = threading.BoundedSemaphore(config.max_parallel)

    def query(self, path: str, params: Params, within_seconds: float | None = None) -> Reply:
        """Asks by POST with the parameters as a form, so that long queries fit; by GET where the
        server takes no POST. ``within_seconds`` shortens the time-out. Raises a `SourceError`."""
        timeout = min(self._config.timeout_seconds, within_seconds or float("inf"))
        # The server stops work for which nobody waits any more; just after the client's own time-out.
        params = {**params, "timeout": f"{timeout + 1:g}s"}
        if self.uses_post:
            reply = self._exchange("POST", path, params, timeout)
            if reply.status not in _NO_POST:
                return self._unpacked(reply)
            self.uses_post = False
        return self._unpacked(self._exchange("GET", path, params, timeout))

    def get(self, path: str, params: Params | None = None) -> Reply:
        """Asks for something that is not a query. Raises a `SourceError`."""
        return self._unpacked(self._exchange("GET", path, params or {}, self._config.timeout_seconds))

    def close(self) -> None:
        """Lets go of the connections; another question opens new ones."""
        with self._opening:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, method: str, path: str, params: Params, timeout: float) -> HttpReply:
        from google.auth.exceptions import GoogleAuthError
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        from data_sources.google_auth import auth_error

        with self._turns:
            started, failed = time.monotonic(), True
            try:
                reply = self._send(method, path, params, timeout)
                failed = reply.status >= _ERROR_STATUS
                return reply
            except GoogleAuthError as error:
                told = auth_error(self._source, error)
                raise type(told)(self._source, self.secrets.mask(told.detail), told.facts) from None
            except (RequestException, HTTPError, OSError, UnicodeError) as error:
                raise client_error(self._source, error, self.secrets) from None
            finally:
                self._log.add(path, time.monotonic() - started, failed)

    def _send(self, method: str, path: str, params: Params, timeout: float) -> HttpReply:
        connection = self._connected()
        response = connection._session.request(
            method,
            f"{connection.url}{path}",
            params=params if method == "GET" else None,
            data=params if method == "POST" else None,
            headers=connection.headers,
            auth=connection.auth,
            verify=connection._session.verify,
            timeout=(min(timeout, _LONGEST_CONNECT_SECONDS), timeout),
            # A redirect would turn POST into GET, and carry headers with secrets to another host.
            allow_redirects=False,
            stream=True,
        )
        with response:
            return self._received(response, time.monotonic() + timeout)

    def _received(self, response: requests.Response, deadline: float) -> HttpReply:
        """Reads the body until a deadline: requests bounds only the time between two bytes."""
        parts, size = [], 0
        while part := response.raw.read1(_CHUNK, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > LARGEST_ANSWER_BYTES:
                raise BadAnswer(self._source, "", {"reason": "too_large", "bytes": LARGEST_ANSWER_BYTES})
            if time.monotonic() > deadline:
                raise TimedOut(self._source)
        raw = b"".join(parts)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        text = raw[:_SHOWN_TEXT].decode("utf-8", "replace")
        return HttpReply(response.status_code, response.headers, body, text)

    def _unpacked(self, reply: HttpReply) -> Reply:
        body = reply.body
        if not (200 <= reply.status < 300 and isinstance(body, dict) and body.get("status") == "success"):
            raise reply_error(self._source, reply, self.secrets)
        if "data" not in body:
            raise BadAnswer(self._source, "", {"status": reply.status, "reason": "wrong_shape"})
        # VictoriaMetrics in a cluster says so in a field of its own.
        partial = ("isPartial: true",) if body.get("isPartial") is True else ()
        return Reply(body["data"], (*self._texts(body.get("warnings")), *partial), self._texts(body.get("infos")))

    def _texts(self, found: object) -> tuple[str, ...]:
        return tuple(self.secrets.mask(str(text)) for text in found) if isinstance(found, list) else ()

    def _connected(self) -> PrometheusConnect:
        with self._opening:
            if self._connection is None:
                self._connection = self._connect()
            return self._connection

    def _connect(self) -> PrometheusConnect:
        from prometheus_api_client import PrometheusConnect
        from requests import Session
        from requests.adapters import HTTPAdapter

        from data_sources.google_auth import authorized_session
        from data_sources.prometheus.retry import PatientRetry

        config = self._config
        google = config.auth if isinstance(config.auth, GoogleAuth) else None
        session = authorized_session(google, config.timeout_seconds) if google else Session()
        session.verify = config.verify_tls
        session.headers["User-Agent"] = "tomoni"
        if config.url.host in _LOOPBACK:
            session.headers["Accept-Encoding"] = "identity"
        retry = PatientRetry.paused_by(self._pause)
        connection = PrometheusConnect(
            self.base_url,
            headers={name: value.get_secret_value() for name, value in config.headers.items()},
            auth=self._auth(),
            session=session,
            retry=retry,
            timeout=config.timeout_seconds,
        )
        # Mounted again with a pool of its own size: the default one drops connections above 10.
        session.mount(self.base_url, HTTPAdapter(max_retries=retry, pool_maxsize=config.max_parallel))
        return connection

    def _auth(self) -> Auth:
        from data_sources.prometheus.retry import AsItIs, BearerToken

        config = self._config
        if isinstance(config.auth, BasicAuth):
            return config.auth.username, config.auth.password.get_secret_value()
        if isinstance(config.auth, BearerAuth):
            return BearerToken(config.auth.token.get_secret_value())
        if config.auth is None and config.url.username:
            return unquote(config.url.username), unquote(config.url.password or "")
        return AsItIs()
