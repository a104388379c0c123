"""What it is that answered in place of the Prometheus HTTP API, and where the API is instead.

A better address is named only where the API has just answered below it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit, urlunsplit

from data_sources.config import GoogleAuth
from data_sources.errors import AccessDenied, BadAnswer, Facts, ServerFailed, SourceError, Unreachable
from data_sources.prometheus.config import BasicAuth, BearerAuth, PrometheusConfig
from data_sources.prometheus.errors import HttpReply, bare

_REMEMBERED_SECONDS, _NOTHING_SECONDS = 600.0, 60.0
_MOST_CANDIDATES = 8
_TENANT = "x-scope-orgid"
_NO_ORG = re.compile(r"\bno org id\b", re.IGNORECASE)
# How web servers answer plain HTTP on a port of TLS: Go, nginx, Apache, HAProxy and Envoy's neighbors.
_WANTS_TLS = re.compile(
    r"sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port"
    r"|speaking plain HTTP to an SSL-enabled server port|requires TLS",
    re.IGNORECASE,
)
_GATEWAY = (502, 504)  # what a proxy says of a server behind it that it does not reach
_WANTS_CERTIFICATE = re.compile(r"No required SSL certificate was sent|The SSL certificate error", re.IGNORECASE)
_SIGN_IN = re.compile(
    r"log-?in|sign-?in|/sso\b|saml|oauth2?/|openid|authorize|/auth\b|/idp\b|accounts\.google\.com", re.I
)
_CHALLENGE = re.compile(r"(?:^|,\s*)([A-Za-z]+)(?=\s|$)")
# The title of a page, or a text that only this server sends.
_STRANGERS = (
    ("Grafana", re.compile(r"<title>\s*Grafana|grafanaBootData", re.IGNORECASE)),
    ("Alertmanager", re.compile(r"<title>\s*Alertmanager|The Alertmanager v1 API", re.IGNORECASE)),
    ("Pushgateway", re.compile(r"<title>\s*(?:Prometheus )?Pushgateway", re.IGNORECASE)),
    ("node_exporter", re.compile(r"<title>\s*Node Exporter", re.IGNORECASE)),
    ("Kibana", re.compile(r"<title>\s*(?:Kibana|Elastic)\b", re.IGNORECASE)),
    ("Jenkins", re.compile(r"<title>[^<]*Jenkins", re.IGNORECASE)),
)
_EXPORTER = re.compile(r"<title>\s*([\w .-]{1,40}exporter)\b", re.IGNORECASE)

Look = Callable[[str], HttpReply]


class Diagnosis:
    """Explains the failures of one server. ``look`` gets an address with the source's credentials;
    it is given none but addresses of the same host and port. Safe to use from several threads."""

    def __init__(self, source_id: str, config: PrometheusConfig, look: Look) -> None:
        self._source, self._config, self._look = source_id, config, look
        self._base = bare(str(config.url)).rstrip("/")
        self._looking = threading.Lock()
        self._found: tuple[float, Facts] = float("-inf"), {}  # until when it holds

    def of(self, error: SourceError, reply: HttpReply) -> SourceError:
        """The error, with a more specific reason where the reply or another look shows one."""
        if reply.status == 400 and (reason := _refused_by_web_server(reply.text)):
            return Unreachable(self._source, "", {"reason": reason})
        if isinstance(error, ServerFailed) and reply.status in _GATEWAY and reply.body is None:
            return ServerFailed(self._source, error.detail, {**error.facts, "reason": "gateway"})
        if isinstance(error, AccessDenied):
            return AccessDenied(self._source, error.detail, {**error.facts, **self._denied(reply)})
        if not isinstance(error, BadAnswer):
            return error
        if error.facts.get("reason") == "redirected":
            return BadAnswer(self._source, "", {**error.facts, **self._redirected(str(error.facts["location"]))})
        return BadAnswer(self._source, error.detail, {**error.facts, **self._stranger(reply)})

    def _denied(self, reply: HttpReply) -> Facts:
        """Why access was denied: no tenant, no credentials, others than the server takes, or not enough."""
        if _NO_ORG.search(reply.text):
            return {"reason": "tenant_missing"}
        if reply.status == 407:
            return {"reason": "proxy_credentials"}
        if reply.status == 403:
            return {"reason": "forbidden"}
        sent = _scheme_sent(self._config)
        wanted = _CHALLENGE.findall(reply.headers.get("WWW-Authenticate", ""))
        if not sent and not {name.lower() for name in self._config.headers} - {_TENANT}:
            return {"reason": "credentials_missing"}
        if wanted and sent and sent.lower() not in {word.lower() for word in wanted}:
            return {"reason": "auth_scheme", "wanted": wanted[0][:20], "sent": sent}
        return {"reason": "credentials_refused"}

    def _redirected(self, location: str) -> Facts:
        """Whether a redirect leads to a page for people, or to the same path below another address."""
        if _SIGN_IN.search(location):
            return {"reason": "redirected_to_sign_in"}
        found = re.fullmatch(r"(https?://.+?)/api/v1/[\w/]+", urljoin(f"{self._base}/", location))
        meant = found[1] if found else ""
        if meant and meant != self._base:
            return {"reason": "redirected_elsewhere", "meant": meant}
        return {}

    def _stranger(self, reply: HttpReply) -> Facts:
        if not reply.text.strip() and reply.status == 200:
            return {"reason": "empty"}
        if found := named(reply.text):
            return self._elsewhere() or {"reason": "other_server", "server": found}
        return self._elsewhere()

    def _elsewhere(self) -> Facts:
        """Where the API answers instead, or what the server is; remembered for a while."""
        with self._looking:
            until, found = self._found
            if time.monotonic() > until:
                # Where the address is right, it is this one answer that is not.
                found = {} if self._is_api(self._base) else self._looked()
                self._found = time.monotonic() + (_REMEMBERED_SECONDS if found else _NOTHING_SECONDS), found
            return found

    def _looked(self) -> Facts:
        for address in _candidates(self._base):
            if self._is_api(address):
                return {"reason": "wrong_path", "meant": address}
        parts = urlsplit(self._base)
        try:
            root = self._look(urlunsplit((parts.scheme, parts.netloc, "/", "", "")))
        except SourceError:
            return {}
        found = named(root.text) or named(root.headers.get("Location", ""))
        return {"reason": "other_server", "server": found} if found else {}

    def _is_api(self, address: str) -> bool:
        try:
            reply = self._look(f"{address}/api/v1/query?query=vector(1)")
        except SourceError:
            return False
        return reply.status == 200 and isinstance(reply.body, dict) and reply.body.get("status") == "success"


def _refused_by_web_server(text: str) -> str:
    """Why a web server did not let a request through: it came without TLS, or without a client's certificate."""
    if _WANTS_TLS.search(text):
        return "https_wanted"
    return "tls_client_certificate" if _WANTS_CERTIFICATE.search(text) else ""


def named(text: str) -> str:
    """The name of a server that shows itself in a page; "" for an unknown one."""
    for name, pattern in _STRANGERS:
        if pattern.search(text):
            return name
    found = _EXPORTER.search(text)
    return found[1] if found else ""


def _candidates(base: str) -> Iterator[str]:
    """Addresses of the same server: with less of the path, and with the prefixes that servers use."""
    parts = urlsplit(base)
    steps = [step for step in parts.path.split("/") if step]
    paths = ["/".join(steps[:count]) for count in range(len(steps) - 1, -1, -1)]
    own = "/".join(steps)
    tried = dict.fromkeys([*paths, *(f"{path}/prometheus".strip("/") for path in (own, *paths))])
    for path in list(tried)[:_MOST_CANDIDATES]:
        if path != own:
            yield urlunsplit((parts.scheme, parts.netloc, f"/{path}" if path else "", "", ""))


def _scheme_sent(config: PrometheusConfig) -> str:
    """The scheme of the credentials that are sent."""
    match config.auth:
        case BasicAuth():
            return "Basic"
        case BearerAuth(scheme=scheme):
            return scheme
        case None:
            headers = {name.lower(): value.written for name, value in config.headers.items()}
            own = headers.get("authorization", "").partition(" ")[0]
            return "Basic" if config.url.username else own
        case GoogleAuth() | _:
            return "Bearer"
