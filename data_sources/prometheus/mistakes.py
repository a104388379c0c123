"""Mistakes in the settings of a connection that are certain to fail, found without asking a server.

No fact holds a value that was written: it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import HttpUrl

from data_sources.secrets import Secret
from data_sources.written import KeyFault

# Paths below the address of a server: nothing else could ever be served below them.
# Addresses of the API, and of the pages that a browser shows of a server.
_BELOW_THE_ADDRESS = re.compile(
    r"(/api/v1(?:/[\w/]*)?|/-/(?:ready|healthy|reload|quit)|/(?:classic/)?graph|/targets)/?$"
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What the HTTP library itself writes: another value would break the request.
_RESERVED_HEADERS = frozenset(
    {"content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "accept-encoding"}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|\n")
_SECRET_FOLDERS = re.compile(r"(?:/(?:var/)?run/secrets/|/etc/|/secrets?/|/vault/|/mnt/)\S+")


def within(key: str, faults: Iterable[KeyFault]) -> Iterator[KeyFault]:
    """The faults of what a key holds."""
    for fault in faults:
        yield replace(fault, path=(key, *fault.path))


def address_faults(key: str, url: HttpUrl, allow_query: bool = False) -> Iterator[KeyFault]:
    """An address is shown to people, in errors and as a link: it holds no password."""
    if url.password:
        yield KeyFault((key,), "secret_in_url")
    elif url.fragment or (url.query is not None and not allow_query):
        yield KeyFault((key,), "url_has_query")
    elif found := _BELOW_THE_ADDRESS.search(url.path or ""):
        yield KeyFault((key,), "url_has_api_path", {"part": found[1]})


def header_faults(key: str, headers: Mapping[str, Secret]) -> Iterator[KeyFault]:
    """Names that no header can have, and values that cannot be sent."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) and "${" not in name:
            yield KeyFault((key, name), "bad_header_name", at_key=True)
        elif name.lower() in _RESERVED_HEADERS:
            yield KeyFault((key, name), "header_reserved", {"header": name}, at_key=True)
        elif name.lower() != "authorization":
            yield from within(key, secret_faults(name, value))
        else:
            yield from within(key, _line_faults(name, value.written))


def secret_faults(key: str, secret: Secret) -> Iterator[KeyFault]:
    """What a password, token or header cannot hold; and the path of a file in place of its content."""
    found = list(_line_faults(key, secret.written))
    if not found and _is_path(secret.written):
        found = [KeyFault((key,), "secret_is_a_path")]
    yield from found


def basic_faults(username: Secret, password: Secret) -> Iterator[KeyFault]:
    """RFC 7617: the name has no colon, for it ends there; neither holds control characters."""
    if ":" in username.written:
        yield KeyFault(("username",), "username_has_colon")
    yield from secret_faults("username", username)
    yield from secret_faults("password", password)


def token_faults(token: Secret, scheme: str) -> Iterator[KeyFault]:
    """RFC 6750: a token is one word, and the scheme before it is not a part of it."""
    found = list(secret_faults("token", token))
    if not _HEADER_NAME.fullmatch(scheme):
        yield KeyFault(("scheme",), "bad_auth_scheme")
    if not token.written and not token.from_file:
        found = [KeyFault(("token",), "empty_text")]
    elif not found and token.written.lower().startswith((f"{scheme.lower()} ", "bearer ", "basic ")):
        found = [KeyFault(("token",), "token_has_scheme", {"scheme": token.written.split()[0]})]
    elif not found and token.written != token.written.strip():
        found = [KeyFault(("token",), "secret_has_blanks")]
    yield from found


def proxy_faults(url: Secret | None) -> Iterator[KeyFault]:
    """A proxy is reached by HTTP."""
    if url is None or not url.written:
        return
    try:
        parts = urlsplit(url.written)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        usable = False
    if not usable:
        yield KeyFault(("proxy", "url"), "bad_url")


def _line_faults(key: str, value: str) -> Iterator[KeyFault]:
    if _CONTROL.search(value):
        ends = not _CONTROL.search(value.strip())
        yield KeyFault((key,), "secret_ends_line" if ends else "secret_has_control")


def _is_path(value: str) -> bool:
    if not value.startswith(("/", "./", "../")) or any(letter.isspace() for letter in value):
        return False
    try:
        return bool(_SECRET_FOLDERS.fullmatch(value)) or Path(value).is_file()
    except (OSError, ValueError):
        return False
