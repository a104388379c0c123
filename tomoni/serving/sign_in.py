"""How readers sign in, made of the settings: at a provider, at a proxy, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from tomoni.access.assertions import Assertions, Trust
from tomoni.access.identity import Identity
from tomoni.access.keys import Keys
from tomoni.access.sessions import Session, Sessions
from tomoni.settings import ProcessSettings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
CALLBACK = "oauth2callback"
Proof = Callable[[Headers], Identity | None]
Secrets = dict[str, Any]


class SignInIncompleteError(Exception):
    """Settings without which nobody could sign in, by the names of their variables."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How readers sign in. ``prove`` finds who asks, None where nobody has to; ``secrets`` is what Streamlit needs to
    lead them to the provider; ``keep`` makes the cookies that are kept of those that a sign-in sets, by the groups
    that rules name."""

    kind: str
    prove: Proof | None = None
    secrets: Secrets | None = None
    leave: str = ""
    keep: Callable[[Mapping[str, str], Callable[[], Collection[str]]], Mapping[str, str]] = lambda set_, _: set_

    @property
    def is_needed(self) -> bool:
        """Whether nobody comes in without."""
        return self.prove is not None


def sign_in_of(settings: ProcessSettings, clock: Callable[[], float]) -> SignIn:
    """The sign-in of the settings. Raises SignInIncompleteError."""
    if settings.sign_in == "oidc":
        return _at_provider(settings, clock)
    if settings.sign_in == "proxy":
        return _at_proxy(settings, clock)
    return SignIn("none")


def _at_provider(settings: ProcessSettings, clock: Callable[[], float]) -> SignIn:
    _need(settings, "url", "oidc_url", "oidc_client_id", "oidc_client_secret", "cookie_secret")
    url = urlsplit(settings.url or "")
    secret = _shown(settings.cookie_secret)
    session = Session(secret, f"{url.scheme}://{url.netloc}", int(settings.session_hours * 3600), settings.groups_claim)
    sessions = Sessions(session, clock)
    auth = {
        "redirect_uri": f"{(settings.url or '').rstrip('/')}/{CALLBACK}",
        "cookie_secret": secret,
        "client_id": settings.oidc_client_id,
        "client_secret": _shown(settings.oidc_client_secret),
        "server_metadata_url": settings.oidc_url,
        # Without the key Streamlit asks for select_account, which some refuse; an empty one is as none (RFC 6749).
        "client_kwargs": {"scope": settings.oidc_scope, "prompt": settings.oidc_prompt or ""},
    }

    def prove(headers: Headers) -> Identity | None:
        return sessions.identity(_cookies(headers))

    return SignIn("oidc", prove, {"auth": auth}, "/auth/logout", sessions.kept)


def _at_proxy(settings: ProcessSettings, clock: Callable[[], float]) -> SignIn:
    _need(settings, "proxy_header", "proxy_keys", "proxy_issuer", "proxy_audience")
    algorithms = frozenset(filter(None, map(str.strip, settings.proxy_algorithms.split(","))))
    header, seconds = settings.proxy_header or "", int(settings.session_hours * 3600)
    try:
        trust = Trust(settings.proxy_issuer or "", settings.proxy_audience or "", algorithms, settings.groups_claim)
    except ValueError:
        raise SignInIncompleteError("TOMONI_PROXY_ALGORITHMS") from None
    try:
        keys = Keys(settings.proxy_keys or "", clock)
    except ValueError:
        raise SignInIncompleteError("TOMONI_PROXY_KEYS") from None
    assertions = Assertions(trust, keys, clock)

    def prove(headers: Headers) -> Identity | None:
        found = assertions.identity(headers.getlist(header))
        return found and found.ending(int(clock()) + seconds)  # the token itself is made anew for every request

    return SignIn("proxy", prove, None, settings.proxy_sign_out or "")


def _need(settings: ProcessSettings, *names: str) -> None:
    """Raises SignInIncompleteError with what is missing of some settings."""
    if missing := [f"TOMONI_{name.upper()}" for name in names if not getattr(settings, name)]:
        raise SignInIncompleteError(*missing)


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _cookies(headers: Headers) -> Mapping[str, str]:
    return cookie_parser("; ".join(headers.getlist("cookie")))


def is_exposed(settings: ProcessSettings, address: str | None) -> bool:
    """Whether a server that Streamlit starts at an address would let everybody in, and nobody has said that it may.

    None is an address on all networks. What another server starts is asked by the guard at each request.
    """
    return settings.sign_in == "none" and not settings.open and address not in _LOOPBACK
