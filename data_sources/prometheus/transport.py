"""The way to a server: TLS with a client's certificate, and proxies."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import Session
from requests.utils import should_bypass_proxies
from urllib3.util.retry import Retry

from data_sources.prometheus.config import PrometheusConfig, Proxy
from data_sources.prometheus.credentials import basic
from data_sources.prometheus.session import BoundedAdapter

_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}


class SourceAdapter(BoundedAdapter):
    """Connections with the TLS settings of a source, through its proxy."""

    def __init__(self, source_id: str, retry: Retry, config: PrometheusConfig) -> None:
        self._tls, self._proxy = _tls_keywords(config), config.proxy or Proxy()
        super().__init__(source_id, retry, config.max_parallel)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Makes the pools of connections; called by requests."""
        super().init_poolmanager(*args, **kwargs, **self._tls)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """The pools of connections through a proxy; called by requests."""
        return super().proxy_manager_for(proxy, **kwargs, **self._tls)

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """The headers for the proxy itself, with its user and password in UTF-8; called by requests."""
        parts = urlsplit(proxy)
        # UTF-8, as texts: http.client takes no bytes for a tunnel.
        headers = {
            name: value.get_secret_value().strip().encode().decode("latin-1")
            for name, value in self._proxy.headers.items()
        }
        if parts.username:
            headers["Proxy-Authorization"] = basic(unquote(parts.username), unquote(parts.password or ""))
        return headers


def prepare(session: Session, config: PrometheusConfig) -> None:
    """Sets the certificates and the proxy of a session. Called before each request: files may have
    been rotated. Raises `SecretFileError`."""
    tls = config.tls
    session.verify = config.verify_tls
    if tls and tls.cert_file:
        session.cert = (tls.cert_file, tls.key_file) if tls.key_file else tls.cert_file
    session.proxies, session.trust_env = _proxies(config)


def _proxies(config: PrometheusConfig) -> tuple[dict[str, str], bool]:
    """The proxies of a source, and whether those of the environment count."""
    proxy = config.proxy
    if proxy is None:
        return {}, True
    if proxy.no_proxy and should_bypass_proxies(str(config.url), proxy.no_proxy):
        return {}, False
    if proxy.url is None:
        return {}, proxy.from_environment
    address = proxy.url.get_secret_value()
    return {"http": address, "https": address}, False


def _tls_keywords(config: PrometheusConfig) -> Mapping[str, Any]:
    """The settings of urllib3's connections; those without TLS do not know them."""
    if config.tls is None or config.url.scheme != "https":
        return {}
    keywords: dict[str, Any] = {"ssl_minimum_version": _VERSIONS[config.tls.min_version]}
    if config.tls.server_name:
        keywords |= {"server_hostname": config.tls.server_name, "assert_hostname": config.tls.server_name}
    return keywords
