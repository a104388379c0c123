"""Every secret of the settings comes from the environment or from a file, and is shown by neither."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from tomoni.settings import ProcessSettings, is_secret

SECRET = "hush-0123456789abcdef0123456789abcdef"
NAMES = [name for name, field in ProcessSettings.model_fields.items() if is_secret(field)]
# A setting that is called so and is none says which thing it names.
NO_SECRETS = {"oidc_client_id", "proxy_keys"}


def variable(name: str, end: str = "") -> str:
    return f"TOMONI_{name.upper()}{end}"


def test_everything_that_sounds_like_a_secret_is_one():
    words = ("secret", "password", "token", "key", "webhook", "database_url")
    sounding = {name for name in ProcessSettings.model_fields if any(word in name for word in words)}
    assert sounding - NO_SECRETS <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_read_from_its_file_and_shown_nowhere(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.setenv(variable(name, "_FILE"), str(file))
    settings = ProcessSettings()
    assert getattr(settings, name).get_secret_value() == SECRET
    shown = (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json(), caplog.text)
    assert not any(SECRET in each for each in shown)
    assert {variable(name), variable(name, "_FILE")} <= set(ProcessSettings.variables())
    monkeypatch.setenv(variable(name), SECRET[::-1])
    assert getattr(ProcessSettings(), name).get_secret_value() == SECRET[::-1]  # the environment is the nearer one


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_read_is_an_error_and_no_empty_secret(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for place in (tmp_path / "none", tmp_path):
        monkeypatch.setenv(variable(name, "_FILE"), str(place))
        with pytest.raises(OSError, match=str(place)):
            ProcessSettings()


def test_a_secret_that_is_not_valid_is_not_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "short").write_text("too-short-hush")
    for name, value in (("COOKIE_SECRET", "too-short-hush"), ("COOKIE_SECRET_FILE", str(tmp_path / "short"))):
        monkeypatch.setenv(f"TOMONI_{name}", value)
        with pytest.raises(ValidationError) as refused:
            ProcessSettings()
        assert "hush" not in "".join(traceback.format_exception(refused.value))
        assert "cookie_secret" in str(refused.value)
        monkeypatch.delenv(f"TOMONI_{name}")
