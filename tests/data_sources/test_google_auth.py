"""Google credentials are found in every stated way, lazily, and what is wrong with them is said without secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from google.auth import exceptions, identity_pool, impersonated_credentials
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials as user
from google.oauth2 import service_account

from data_sources.config import GoogleAuth
from data_sources.google_auth import READ_SCOPES, auth_error, authorized_session, credentials
from tests.google_stand_in.keys import service_account_in


@pytest.fixture
def service_account_file(tmp_path: Path) -> GoogleAuth:
    return service_account_in(tmp_path)


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)


def written(folder: Path, info: Any) -> GoogleAuth:
    path = folder / "credentials.json"
    path.write_text(info if isinstance(info, str) else json.dumps(info), encoding="utf-8")
    return GoogleAuth(credentials_file=str(path))


def test_a_service_accounts_file_reads_metrics_only(service_account_file: GoogleAuth) -> None:
    found = credentials(service_account_file)
    assert isinstance(found, service_account.Credentials)
    assert found.scopes == READ_SCOPES


def test_a_users_own_login_is_taken_as_it_is(tmp_path: Path) -> None:
    info = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}
    assert isinstance(credentials(written(tmp_path, info)), user.Credentials)


def test_workload_identity_federation_is_a_file_too(tmp_path: Path) -> None:
    info = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": str(tmp_path / "token")},
    }
    assert isinstance(credentials(written(tmp_path, info)), identity_pool.Credentials)


def test_impersonation_reads_as_the_other_account(service_account_file: GoogleAuth) -> None:
    chosen = service_account_file.model_copy(update={"impersonate": "reader@demo.iam.gserviceaccount.com"})
    found = credentials(chosen)
    assert isinstance(found, impersonated_credentials.Credentials)
    assert found.service_account_email == "reader@demo.iam.gserviceaccount.com"


def test_the_environments_own_credentials_are_the_default(
    monkeypatch: pytest.MonkeyPatch, service_account_file: GoogleAuth
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_account_file.credentials_file))
    assert isinstance(credentials(None), service_account.Credentials)


def test_a_session_carries_the_credentials(service_account_file: GoogleAuth) -> None:
    with authorized_session(service_account_file) as session:
        assert isinstance(session.credentials, service_account.Credentials)


def error_of(auth: GoogleAuth | None) -> Any:
    with pytest.raises(GoogleAuthError) as raised:
        credentials(auth)
    return auth_error("gcp", raised.value)


def test_missing_credentials_are_reported() -> None:
    error = error_of(None)
    assert (error.code, error.facts["reason"], error.source) == ("access_denied", "no_credentials", "gcp")


@pytest.mark.parametrize(
    "content",
    [
        "not json",
        "[]",
        {"type": "mystery"},
        {},
        {"type": "service_account", "private_key": "SECRET-KEY", "client_email": "a", "token_uri": "b"},
        {"type": "authorized_user", "refresh_token": "SECRET-KEY"},
    ],
)
def test_a_bad_file_is_reported_without_its_contents(tmp_path: Path, content: Any) -> None:
    error = error_of(written(tmp_path, content))
    assert (error.code, error.facts["reason"]) == ("access_denied", "bad_credentials_file")
    assert "SECRET" not in str(error)
    assert "credentials.json" in error.detail


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert error_of(GoogleAuth(credentials_file=str(tmp_path / "gone.json"))).facts["reason"] == "bad_credentials_file"


@pytest.mark.parametrize(
    ("raised", "code", "reason"),
    [
        (exceptions.RefreshError("invalid_grant"), "access_denied", "credentials_expired"),
        (exceptions.TransportError("no route"), "unreachable", "token_server"),
        (exceptions.TimeoutError("slow"), "unreachable", "token_server"),
    ],
)
def test_failures_of_renewing_a_token_have_distinct_errors(raised: Exception, code: str, reason: str) -> None:
    error = auth_error("gcp", raised)
    assert (error.code, error.facts["reason"]) == (code, reason)
