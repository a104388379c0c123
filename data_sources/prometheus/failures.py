"""The `SourceError` of what requests and urllib3 raise: where a connection or an answer broke, and why.

The texts of these exceptions are not kept as they are: they may quote headers or addresses with
credentials in them.
"""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from data_sources.errors import AccessDenied, BadAnswer, Facts, SourceError, TimedOut, Unreachable
from data_sources.prometheus.config import PrometheusConfig
from data_sources.secrets import SecretFileError, Secrets

# https://docs.openssl.org/master/man1/openssl-verification-options/: X509_V_ERR_…
_CERTIFICATES = {
    9: "tls_not_yet_valid",
    10: "tls_expired",
    18: "tls_self_signed",
    19: "tls_unknown_authority",
    20: "tls_unknown_authority",
    21: "tls_unknown_authority",
    62: "tls_other_host",
    64: "tls_other_host",
}
# The reasons of OpenSSL (ssl.SSLError.reason), in the order in which they are looked for.
_HANDSHAKES = (
    (
        re.compile("WRONG_VERSION_NUMBER|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_LAYER_FAILURE|PACKET_LENGTH"),
        "no_tls",
    ),
    (re.compile("CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA"), "tls_client_certificate"),
    (re.compile("PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE"), "tls_version"),
)
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
# The first bytes of a TLS alert, read as the status line of HTTP.
_ALERT = re.compile(r"\\x15\\x03|\x15\x03")


class Failures:
    """Translates what a client raises for one source."""

    def __init__(self, source_id: str, config: PrometheusConfig, secrets: Secrets) -> None:
        self._source, self._config, self._secrets = source_id, config, secrets

    def error(self, error: Exception) -> SourceError:
        """The error of an exception; facts["reason"] names the cause."""
        if isinstance(error, SecretFileError):
            return AccessDenied(self._source, "", {"reason": error.reason, "file": error.file})
        layers = list(_layers(error))
        return self._of_whole(layers) or self._of_inner(layers) or self._of_file(str(error))

    def _of_whole(self, layers: Sequence[BaseException]) -> SourceError | None:
        """What an outer layer knows, and the cause below it does not: the proxy, and that there was no connection."""
        import urllib3.exceptions as urllib3  # noqa: PLC0415

        late = (layer for layer in layers if isinstance(layer, urllib3.ConnectTimeoutError))
        if any(not isinstance(layer, urllib3.NewConnectionError) for layer in late):
            return self._at(Unreachable, "no_connection_in_time")
        if any(isinstance(layer, urllib3.ProxyError) for layer in layers):
            found = next(filter(None, map(self._of_tunnel, layers)), None)
            return found or self._because("proxy")
        return None

    def _of_inner(self, layers: Sequence[BaseException]) -> SourceError | None:
        return next(filter(None, map(self._of_layer, reversed(layers))), None)

    def _of_file(self, text: str) -> SourceError:
        """The certificate files that requests does not find are named in its text alone."""
        if "TLS certificate file" in text or "TLS key file" in text:
            return self._because("client_cert_file")
        return self._because("ca_file" if "CA certificate" in text else "connection")

    def _of_layer(self, error: BaseException) -> SourceError | None:
        if isinstance(error, ssl.SSLError):
            return self._of_tls(error)
        if isinstance(error, http.client.BadStatusLine) and not isinstance(error, http.client.RemoteDisconnected):
            return self._because("https_wanted" if _ALERT.search(repr(error)) else "not_http")
        if isinstance(error, OSError) and error.errno in _NO_ROUTE:
            return self._at(Unreachable, "no_route")
        found = next(((kind, reason) for types, kind, reason in _kinds() if isinstance(error, types)), None)
        return found[0](self._source, "", {"reason": found[1]} if found[1] else {}) if found else None

    def _of_tunnel(self, error: BaseException) -> SourceError | None:
        found = _TUNNEL.search(str(error)) if isinstance(error, OSError) else None
        if not found:
            return None
        status = int(found[1])
        if status == 407:
            return AccessDenied(self._source, "", {"reason": "proxy_credentials", "status": status})
        if 400 <= status < 500:
            return AccessDenied(self._source, "", {"reason": "proxy_refused", "status": status, "host": self._host})
        return Unreachable(self._source, "", {"reason": "proxy_target", "status": status, "host": self._host})

    def _of_tls(self, error: ssl.SSLError) -> SourceError:
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = _CERTIFICATES.get(error.verify_code, "tls")
            return Unreachable(self._source, self._secrets.mask(str(error)), {"reason": reason, "host": self._host})
        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return self._because("tls_ended")
        stated = f"{error.reason or ''} {error}".upper().replace(" ", "_")
        found = next((reason for pattern, reason in _HANDSHAKES if pattern.search(stated)), "")
        if found:
            return self._at(Unreachable, found)
        files = self._config.tls and self._config.tls.cert_file and ("PEM" in stated or "KEY" in stated)
        if files:
            return self._because("client_cert_file")
        return Unreachable(self._source, self._secrets.mask(str(error)), {"reason": "tls_handshake"})

    def _because(self, reason: str) -> Unreachable:
        return Unreachable(self._source, "", {"reason": reason})

    def _at(self, kind: type[SourceError], reason: str) -> SourceError:
        facts: Facts = {"reason": reason, "host": self._host, "port": self._config.url.port or 0}
        return kind(self._source, "", facts)

    @property
    def _host(self) -> str:
        return urlsplit(str(self._config.url)).hostname or ""


_Kind = tuple[tuple[type[BaseException], ...], type[SourceError], str]


def _kinds() -> tuple[_Kind, ...]:
    """The error of each exception, special ones before general ones (a refused connection is a kind of time-out)."""
    import requests.exceptions as requests  # noqa: PLC0415
    import urllib3.exceptions as urllib3  # noqa: PLC0415

    return (
        ((ConnectionRefusedError,), Unreachable, "refused"),
        ((urllib3.NameResolutionError, socket.gaierror), Unreachable, "name"),
        ((urllib3.NewConnectionError,), Unreachable, "connection"),
        ((urllib3.TimeoutError, requests.Timeout, TimeoutError), TimedOut, ""),
        ((urllib3.SSLError, requests.SSLError), Unreachable, "tls"),
        ((requests.InvalidHeader, UnicodeError), AccessDenied, "header"),
        ((urllib3.DecodeError, requests.ContentDecodingError), BadAnswer, "compression"),
        ((urllib3.IncompleteRead, http.client.IncompleteRead), BadAnswer, "truncated"),
    )


def _layers(error: BaseException) -> Iterator[BaseException]:
    """The layers of a wrapped error from the outside in: requests' error, MaxRetryError, ProtocolError, the cause."""
    seen: list[BaseException] = []
    inner: object = error
    while isinstance(inner, BaseException) and inner not in seen:
        seen.append(inner)
        yield inner
        wrapped = [getattr(inner, "original_error", None), getattr(inner, "reason", None), *inner.args, inner.__cause__]
        inner = next((each for each in wrapped if isinstance(each, BaseException)), None)
