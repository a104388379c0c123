"""What a Prometheus source is configured with, its own form, and what the kind can do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, HttpUrl, WithJsonSchema

from data_sources.config import AUTH_DESCRIPTION, KIND_DESCRIPTION, GoogleAuth, Kind, SourceConfig
from data_sources.durations import DURATION_PATTERN, parse_duration
from data_sources.prometheus.mistakes import (
    address_faults,
    basic_faults,
    header_faults,
    proxy_faults,
    secret_faults,
    token_faults,
    within,
)
from data_sources.prometheus.texts import faults_of_shared, histogram_faults
from data_sources.queries import Form, Gauge, Ratio, RecordedRate, RecordedRatio, SliForm, Text, TextSignal
from data_sources.secrets import FromFile, ProxyAddress, Secret
from data_sources.written import KeyFault, Written, named

_TEN_YEARS = 3650 * 86_400
# YAML 1.1 took these for true and false.
_OLD_BOOLEANS = frozenset({"yes", "no", "on", "off"})


class BasicAuth(Written):
    """User name and password."""

    kind: Literal["basic"] = Field(description=AUTH_DESCRIPTION)
    username: FromFile = Field(description="The user's name.")
    password: Secret = Field(description="The password; better ${NAME} or ${file:PATH} than written out.")


class BearerAuth(Written):
    """A token that is sent as it is."""

    kind: Literal["bearer"] = Field(description=AUTH_DESCRIPTION)
    token: Secret = Field(description="The token; better ${NAME} or ${file:PATH} than written out.")
    scheme: str = Field(default="Bearer", description="The word before the token in the Authorization header.")


class OAuth2Auth(Written):
    """A token that a token server issues for client credentials (OAuth 2.0); renewed before it expires."""

    kind: Literal["oauth2"] = Field(description=AUTH_DESCRIPTION)
    client_id: FromFile = Field(description="The client's name.")
    client_secret: Secret = Field(description="The client's secret; better ${NAME} or ${file:PATH} than written out.")
    token_url: HttpUrl = Field(description="The address of the token server.")
    scopes: list[str] = Field(default=[], description="What the token is requested for.")
    params: dict[str, Secret] = Field(default={}, description="Further parameters of the request for a token.")
    client_auth: Literal["header", "body"] = Field(
        default="header", description="Where the client's name and secret are sent: header or body."
    )


class Tls(Written):
    """How a TLS connection is made, beyond verify_tls."""

    cert_file: str | None = Field(
        default=None,
        description="The client's certificate (PEM), for servers that want one. Read anew when it changes.",
    )
    key_file: str | None = Field(default=None, description="Its private key, where that is in a file of its own.")
    server_name: str | None = Field(
        default=None, description="The name in the server's certificate, where it differs from that in url."
    )
    min_version: Literal["TLS12", "TLS13"] = Field(default="TLS12", description="The oldest version that is accepted.")

    def faults(self) -> Iterator[KeyFault]:
        """A key without its certificate says nothing."""
        if self.key_file and not self.cert_file:
            yield KeyFault(("cert_file",), "missing_key", {"key": "cert_file"}, at_key=True)

    def relative_to(self, folder: Path) -> Self:
        """The settings with their files beginning at a folder."""
        files = {"cert_file": self.cert_file, "key_file": self.key_file}
        return self.model_copy(update={name: str((folder / file).resolve()) for name, file in files.items() if file})


class Proxy(Written):
    """The way to the server. Without a url the environment's proxies are used, unless that is switched off."""

    url: ProxyAddress | None = Field(
        default=None, description="The address of the proxy, with its user and password if any."
    )
    no_proxy: str | None = Field(default=None, description="Hosts that are reached directly, separated by commas.")
    headers: dict[str, Secret] = Field(default={}, description="HTTP headers for the proxy itself.")
    from_environment: bool = Field(default=True, description="Whether HTTPS_PROXY, HTTP_PROXY and NO_PROXY count.")


class Grafana(Written):
    """A Grafana that reads the same server; links lead into its Explore."""

    url: HttpUrl = Field(description="The address of Grafana.")
    datasource: str = Field(min_length=1, description="The uid of its data source for this server.")
    organization: Annotated[int, Field(ge=1)] = Field(default=1, description="The id of the organization.")


class PrometheusConfig(SourceConfig):
    """A server with the Prometheus HTTP API. ``ui_url`` is where people open it, if elsewhere."""

    kind: Literal["prometheus"] = Field(description=KIND_DESCRIPTION)
    url: HttpUrl = Field(description="The address of the server.")
    headers: dict[str, Secret] = Field(default={}, description="HTTP headers that are sent with every request.")
    params: dict[str, Secret] = Field(default={}, description="Parameters that are added to every request's address.")
    auth: Annotated[BasicAuth | BearerAuth | OAuth2Auth | GoogleAuth, Field(discriminator="kind")] | None = Field(
        default=None, description="How to sign in."
    )
    verify_tls: bool | str = Field(default=True, description="true, false, or a file of certificates to trust.")
    tls: Tls | None = Field(default=None, description="A client certificate and other settings of TLS.")
    proxy: Proxy | None = Field(default=None, description="The proxy to the server.")
    http_method: Literal["POST", "GET"] = Field(
        default="POST", description="How queries are sent; GET where a server or proxy takes no POST."
    )
    ui_url: HttpUrl | None = Field(default=None, description="Where people open the server, if that is elsewhere.")
    trace_url: Text | None = Field(
        default=None, description="The address of a trace, with {trace_id} in its place; examples lead there."
    )
    grafana: Grafana | None = Field(
        default=None, description="A Grafana that reads the same server; queries can be opened there."
    )

    def faults(self) -> Iterator[KeyFault]:
        """What is certain to fail, without asking the server."""
        if isinstance(self.verify_tls, str) and self.verify_tls.lower() in _OLD_BOOLEANS:
            yield KeyFault(("verify_tls",), "wrong_type", {"expected": "boolean"})
        yield from within("tls", self.tls.faults() if self.tls else ())
        yield from address_faults("url", self.url)
        yield from header_faults("headers", self.headers)
        if self.grafana:
            yield from within("grafana", address_faults("url", self.grafana.url))
        if self.proxy:
            yield from within("proxy", header_faults("headers", self.proxy.headers))
            yield from proxy_faults(self.proxy.url)
        yield from within("auth", self._auth_faults())

    def _auth_faults(self) -> Iterator[KeyFault]:
        match self.auth:
            case BasicAuth():
                yield from basic_faults(self.auth.username, self.auth.password)
            case BearerAuth():
                yield from token_faults(self.auth.token, self.auth.scheme)
            case OAuth2Auth():
                yield from secret_faults("client_secret", self.auth.client_secret)
                yield from address_faults("token_url", self.auth.token_url, allow_query=True)
        if self.auth and "authorization" in {name.lower() for name in self.headers}:
            yield KeyFault((), "authorization_twice", at_key=True)

    def relative_to(self, folder: Path) -> Self:
        """The configuration with its certificates and its key file beginning at a folder."""
        changes: dict[str, Any] = {}
        if isinstance(self.verify_tls, str):
            changes["verify_tls"] = str((folder / self.verify_tls).resolve())
        if isinstance(self.auth, GoogleAuth):
            changes["auth"] = self.auth.relative_to(folder)
        if self.tls:
            changes["tls"] = self.tls.relative_to(folder)
        return self.model_copy(update=changes)


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class Histogram(SliForm):
    """Events of a Prometheus histogram, classic or native, at or under a threshold: ``under`` in seconds."""

    KEY: ClassVar[str] = "histogram"
    MEASURES_SPEED: ClassVar[bool] = True

    histogram: Text = Field(description="A histogram, classic or native: its name without _bucket, with matchers.")
    under: Annotated[
        float,
        Field(gt=0, le=_TEN_YEARS),
        BeforeValidator(_seconds),
        named("bad_duration"),
        WithJsonSchema(
            {"anyOf": [{"type": "string", "pattern": DURATION_PATTERN}, {"type": "number", "exclusiveMinimum": 0}]}
        ),
    ] = Field(description="The threshold: 300ms, or seconds as a number. It must be an edge of a classic histogram.")


def _faults_of(query: Form) -> Iterator[KeyFault]:
    """What is wrong with the texts of a query, without asking a server."""
    return histogram_faults(query.histogram) if isinstance(query, Histogram) else faults_of_shared(query)


PROMETHEUS = Kind(
    PrometheusConfig,
    (Histogram, Gauge, RecordedRatio, RecordedRate, Ratio),
    (TextSignal,),
    "data_sources.prometheus.source:PrometheusSource",
    expressions=True,
    faults_of=_faults_of,
    event_forms=("query", "alerts"),
)
