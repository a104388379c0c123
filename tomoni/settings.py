"""Process settings, read from the environment (TOMONI_*). Secrets are masked in every repr."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ProcessSettings(BaseSettings):
    """What the one who runs Tomoni sets from outside; each is documented in docs/operating.md."""

    model_config = SettingsConfigDict(env_prefix="TOMONI_", frozen=True, extra="ignore")

    config: Path = Field(default=Path("config"), description="The folder of the configuration files.")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///data/tomoni.db"),
        description="Where everything is remembered: any SQLAlchemy URL.",
    )
    refresh_seconds: int = Field(
        default=60, ge=5, description="How often an open page asks the sources for the newest buckets, in seconds."
    )
    chromium: str | None = Field(
        default=None, description="The Chromium that prints PDF and PNG: a path or a name.  [default: the one on PATH]"
    )
    template: Path | None = Field(
        default=None, description="The template for slides, a .pptx or .potx file.  [default: Tomoni's own]"
    )
    url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]\S*$",
        description="The address that people open, such as https://slo.example.com; links in reminders begin with it.",
    )
    hosts: str | None = Field(
        default=None,
        description="Further names that Tomoni answers to, with commas between them: slo.example.com, "
        "*.example.com; * is any name.",
    )
    framed_by: str | None = Field(
        default=None,
        pattern=r"^(\s*https?://[A-Za-z0-9.:*-]+\s*(,|$))*$",
        description="The origins that may show Tomoni within a page of their own, with commas between them: "
        "https://wiki.example.com.",
    )
    webhook_slack: SecretStr | None = Field(default=None, description="The webhook of Slack that reminders go to.")
    webhook_google_chat: SecretStr | None = Field(default=None, description="The webhook of Google Chat, likewise.")
    webhook_teams: SecretStr | None = Field(default=None, description="The webhook of Teams, likewise.")
    demo_story: bool = Field(
        default=False, description="Whether apps that read the demo source alone come with reviews that were held."
    )
    write_config: bool | None = Field(
        default=None,
        description="Whether pages may write new files of the configuration.  [default: for a reader on the machine]",
    )
    now: AwareDatetime | None = Field(
        default=None,
        ge=datetime(1971, 1, 1, tzinfo=UTC),
        description="A fixed clock (RFC 3339, with its zone), for demonstrations, pictures and tests.",
    )

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """The names of all variables of the environment that set something, that for debugging included."""
        return (*(f"TOMONI_{name.upper()}" for name in cls.model_fields), "TOMONI_DEBUG")
