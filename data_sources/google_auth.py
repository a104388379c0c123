"""Google credentials for reading metrics: found when they are first needed, never at import or start.

Looking for credentials may query the metadata server and take seconds (12 s where its address does
not answer), so these functions are called in a worker thread, never while a page is drawn. The Google
libraries are imported inside the functions, so that only users of a Google source pay for them.
"""

# google-auth is imported where it is used (see above), and its functions carry no types.
# ruff: noqa: PLC0415, ANN401
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data_sources.config import GoogleAuth
from data_sources.errors import AccessDenied, SourceError, Unreachable

if TYPE_CHECKING:
    from google.auth.transport.requests import AuthorizedSession

# The narrowest scope that reads metrics; roles/monitoring.viewer decides what may be read.
READ_SCOPES = ("https://www.googleapis.com/auth/monitoring.read",)
# Impersonation goes through the IAM Credentials API, which takes this scope only.
_IMPERSONATING_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_AWS_SUBJECT = "urn:ietf:params:aws:token-type:aws4_request"


def credentials(auth: GoogleAuth | None) -> Any:
    """The credentials of a source: from its file or the application default ones, impersonating if configured.

    None means the application default credentials, which include workload identity. Raises
    google.auth.exceptions.GoogleAuthError; `auth_error` turns it into a `SourceError`.
    """
    chosen = auth or GoogleAuth()
    scopes = _IMPERSONATING_SCOPES if chosen.impersonate else READ_SCOPES
    found = _from_file(Path(chosen.credentials_file), scopes) if chosen.credentials_file else _default(scopes)
    return _impersonating(found, chosen.impersonate) if chosen.impersonate else found


def authorized_session(auth: GoogleAuth | None, timeout_seconds: float = 30) -> AuthorizedSession:
    """A requests session that sends a token and renews it before it expires and after a 401.

    ``timeout_seconds`` bounds each renewal; the caller passes a time-out with each request, because
    the session's own default is two minutes. Raises as `credentials` does.
    """
    from google.auth.transport.requests import AuthorizedSession

    return AuthorizedSession(credentials(auth), refresh_timeout=timeout_seconds)


def version_of(auth: object) -> int:
    """Another number when the file of the credentials has changed: a rotated key needs a new session."""
    if not isinstance(auth, GoogleAuth) or not auth.credentials_file:
        return 0
    try:
        return Path(auth.credentials_file).stat().st_mtime_ns
    except OSError:
        return 0


def auth_error(source: str, error: Exception) -> SourceError:
    """The source error of a google.auth error; facts["reason"] is no_credentials, bad_credentials_file
    or credentials_expired, and an unreachable token server is `Unreachable`."""
    from google.auth import exceptions

    if isinstance(error, exceptions.TransportError | exceptions.TimeoutError):
        return Unreachable(source, str(error), {"reason": "token_server"})
    if isinstance(error, exceptions.MalformedError | exceptions.InvalidValue):
        return AccessDenied(source, str(error), {"reason": "bad_credentials_file"})
    if isinstance(error, exceptions.DefaultCredentialsError):
        return AccessDenied(source, str(error), {"reason": "no_credentials"})
    return AccessDenied(source, str(error), {"reason": "credentials_expired"})


def _default(scopes: tuple[str, ...]) -> Any:
    import google.auth

    found, _project = google.auth.default(scopes=scopes)
    return found


def _from_file(path: Path, scopes: tuple[str, ...]) -> Any:
    """Reads a file by the type it states: google.auth has deprecated its loader of any type."""
    from google.auth.exceptions import MalformedError

    info = _read(path)
    stated = str(info.get("type", ""))
    load = _LOADERS.get(stated)
    if load is None:
        raise MalformedError(f"{path.name} holds credentials of an unknown type {stated!r}")
    try:
        return load(info, scopes)
    except (ValueError, KeyError, TypeError) as error:
        # The library's text may quote the key: only the type of the error is kept.
        raise MalformedError(f"{path.name} is no valid {stated} file ({type(error).__name__})") from None


def _read(path: Path) -> Mapping[str, Any]:
    from google.auth.exceptions import MalformedError

    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise MalformedError(f"{path.name} cannot be read as JSON ({type(error).__name__})") from None
    if not isinstance(info, dict):
        raise MalformedError(f"{path.name} holds no JSON object")
    return info


def _service_account(info: Mapping[str, Any], scopes: tuple[str, ...]) -> Any:
    from google.oauth2 import service_account

    return service_account.Credentials.from_service_account_info(info, scopes=scopes)


def _authorized_user(info: Mapping[str, Any], scopes: tuple[str, ...]) -> Any:
    from google.oauth2 import credentials as user

    # A refresh token cannot be narrowed after consent: the user's own scopes are kept.
    return user.Credentials.from_authorized_user_info(info)


def _external_account(info: Mapping[str, Any], scopes: tuple[str, ...]) -> Any:
    """Workload identity federation: another cloud's or an OIDC provider's token."""
    if info.get("subject_token_type") == _AWS_SUBJECT:
        from google.auth import aws

        return aws.Credentials.from_info(info, scopes=scopes)
    from google.auth import identity_pool

    return identity_pool.Credentials.from_info(info, scopes=scopes)


def _impersonated(info: Mapping[str, Any], scopes: tuple[str, ...]) -> Any:
    from google.auth import impersonated_credentials

    return impersonated_credentials.Credentials.from_impersonated_service_account_info(info, scopes=scopes)


_LOADERS = {
    "service_account": _service_account,
    "authorized_user": _authorized_user,
    "external_account": _external_account,
    "impersonated_service_account": _impersonated,
}


def _impersonating(found: Any, principal: str) -> Any:
    from google.auth import impersonated_credentials

    return impersonated_credentials.Credentials(
        source_credentials=found, target_principal=principal, target_scopes=list(READ_SCOPES)
    )
