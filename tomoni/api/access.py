"""Who asks: the token of a request. Its secret is never stored, answered or logged."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from tomoni.api.problems import ApiProblem
from tomoni.meetings.tokens import Token, Tokens
from tomoni.use_cases.product import Tomoni

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tomoni"'}


def secret_of(request: Request) -> str:
    """The secret that a request came with: `Authorization: Bearer` or, from senders that have no such header, the
    password of `Basic`, GitLab's own header, or `?token=`, which is taken out of what a server may log.

    Raises ApiProblem: 401.
    """
    in_address = _taken_from_address(request)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    found = {"bearer": given.strip, "basic": lambda: _password(given)}.get(scheme.lower(), str)()
    secret = found or request.headers.get("x-gitlab-token", "") or in_address
    if not secret:
        raise ApiProblem(401, "token_missing", headers=_CHALLENGE)
    return secret


def _taken_from_address(request: Request) -> str:
    """`?token=`, removed from the address before anything is answered: servers log the address with the answer."""
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    request.scope["query_string"] = urlencode([pair for pair in pairs if pair[0] != "token"]).encode()
    return next((value for name, value in pairs if name == "token"), "")


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def token_in(request: Request, tomoni: Tomoni) -> Token:
    """The token that a request came with. Raises ApiProblem: 401; StoreError."""
    return token_of(tomoni.meetings.tokens, secret_of(request))


def token_of(tokens: Tokens, secret: str) -> Token:
    """The token of a secret. Raises ApiProblem: 401; StoreError."""
    token = tokens.find(secret)
    if token is None:
        raise ApiProblem(401, "token_wrong", headers=_CHALLENGE)
    if token.revoked_at is not None:
        raise ApiProblem(401, "token_revoked", {"name": token.name}, _CHALLENGE)
    return token
