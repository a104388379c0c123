"""What a source sends with each request besides its query: headers, parameters, and how it signs in.

Secrets are read when a request is made, so that a rotated file is used at once. Texts go out as UTF-8.
"""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Mapping
from urllib.parse import unquote

from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests import PreparedRequest, RequestException, Response, Session
from requests.auth import AuthBase
from requests.exceptions import InvalidHeader
from urllib3.exceptions import HTTPError

from data_sources.errors import AccessDenied, SourceError, Unreachable
from data_sources.prometheus.config import BasicAuth, BearerAuth, OAuth2Auth, PrometheusConfig
from data_sources.secrets import Secrets

# A token is renewed this long before it ends.
_EARLY_SECONDS = 10.0
_WITHOUT_END_SECONDS = 3600.0
# RFC 6749, section 5.2.
_REFUSALS = {
    "invalid_client": "oauth2_client",
    "unauthorized_client": "oauth2_client",
    "invalid_scope": "oauth2_scope",
}
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class SourceAuth(AuthBase):
    """Adds the headers, parameters and credentials of a source to a request.

    As an auth it also keeps a .netrc file from adding others. Raises `SecretFileError` and, where a
    token server is asked, `SourceError`.
    """

    def __init__(self, config: PrometheusConfig, secrets: Secrets, tokens: Tokens | None = None) -> None:
        self._config, self._secrets, self._tokens = config, secrets, tokens

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds everything to one request."""
        for name, value in self._config.headers.items():
            request.headers[name] = _sendable(value.get_secret_value())  # type: ignore[assignment]
        if self._config.params:
            params = {name: value.get_secret_value() for name, value in self._config.params.items()}
            request.prepare_url(request.url, params)
        if authorization := self._authorization():
            self._secrets.note(authorization.partition(" ")[2])
            request.headers["Authorization"] = _sendable(authorization)  # type: ignore[assignment]
        return request

    def _authorization(self) -> str:
        match self._config.auth:
            case BasicAuth(username=name, password=password):
                return basic(name.get_secret_value(), password.get_secret_value())
            case BearerAuth(token=token, scheme=scheme):
                return f"{scheme} {token.get_secret_value()}"
            case OAuth2Auth():
                return f"Bearer {self._tokens.current()}" if self._tokens else ""
            case None if self._config.url.username:
                return basic(unquote(self._config.url.username), unquote(self._config.url.password or ""))
        return ""


def _sendable(value: str) -> bytes:
    """The value of a header as it is sent: blanks around it are no part of it. Raises InvalidHeader."""
    if _UNSENDABLE.search(value.strip()):
        raise InvalidHeader
    return value.strip().encode()


def basic(username: str, password: str) -> str:
    """The Authorization of a user, in UTF-8 (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


class Tokens:
    """The access token of a client, requested from its token server and kept until shortly before it ends.

    Safe to use from several threads: one of them requests, the others wait.
    """

    def __init__(
        self, source_id: str, auth: OAuth2Auth, secrets: Secrets, session: Session, timeout: tuple[float, float]
    ) -> None:
        self._source, self._auth, self._secrets = source_id, auth, secrets
        self._session, self._timeout = session, timeout
        self._lock = threading.Lock()
        self._token, self._until, self._secret = "", 0.0, ""

    def current(self) -> str:
        """A token that is still valid. Raises `SourceError` and `SecretFileError`."""
        with self._lock:
            secret = self._auth.client_secret.get_secret_value()
            if time.monotonic() >= self._until or secret != self._secret:
                self._request(secret)
            return self._token

    def forget(self) -> None:
        """Drops the token, which the server did not accept."""
        with self._lock:
            self._until = 0.0

    def _request(self, secret: str) -> None:
        client = BackendApplicationClient(self._auth.client_id.get_secret_value())
        response = self._post(client, secret)
        try:
            found = client.parse_request_body_response(response.text)
        except (OAuth2Error, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise self._refused(response, error) from None
        self._token, self._secret = str(found["access_token"]), secret
        self._secrets.note(self._token)
        self._until = time.monotonic() + float(found.get("expires_in") or _WITHOUT_END_SECONDS) - _EARLY_SECONDS

    def _post(self, client: BackendApplicationClient, secret: str) -> Response:
        name, in_header = self._auth.client_id.get_secret_value(), self._auth.client_auth == "header"
        extra: Mapping[str, str] = {key: value.get_secret_value() for key, value in self._auth.params.items()}
        body = client.prepare_request_body(
            scope=[*self._auth.scopes] or None,
            include_client_id=not in_header,
            **({} if in_header else {"client_secret": secret}),
            **extra,
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        try:
            return self._session.post(
                str(self._auth.token_url),
                data=body,
                headers=headers,
                auth=_Once(basic(name, secret) if in_header else ""),
                verify=self._session.verify,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except (RequestException, HTTPError, OSError):
            facts = {"reason": "oauth2_server", "host": str(self._auth.token_url.host)}
            raise Unreachable(self._source, "", facts) from None

    def _refused(self, response: Response, error: Exception) -> SourceError:
        code = str(getattr(error, "error", "") or "")
        description = str(getattr(error, "description", "") or "")
        facts: dict[str, str | int | float] = {"host": str(self._auth.token_url.host), "status": response.status_code}
        facts["reason"] = _REFUSALS.get(code, "oauth2_refused")
        return AccessDenied(self._source, self._secrets.mask(description or code or response.text), facts)


class _Once(AuthBase):
    """One Authorization, or none; keeps a .netrc file from adding another."""

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Adds the header."""
        if self._authorization:
            request.headers["Authorization"] = self._authorization
        return request
