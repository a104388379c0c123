"""Process settings, read from the environment (TOMONI_*). Secrets are masked in every repr."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, SecretStr, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

_PREFIX = "TOMONI_"
_FROM_FILE = "_FILE"


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: ``TOMONI_COOKIE_SECRET_FILE`` names the file with what ``TOMONI_COOKIE_SECRET`` would say.

    Raises OSError for a file that cannot be read.
    """

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the file of a secret, without the end of its last line; None without one."""
        place = os.environ.get(f"{_PREFIX}{field_name.upper()}{_FROM_FILE}") if is_secret(field) else None
        value = Path(place).read_text(encoding="utf-8").rstrip("\r\n") if place else None
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All secrets that are in files."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value is not None}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting is one that nothing ever shows."""
    return "SecretStr" in str(field.annotation)


class ProcessSettings(BaseSettings):
    """What the one who runs Tomoni sets from outside; each is documented in docs/operating.md."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    config: Path = Field(default=Path("config"), description="The folder of the configuration files.")
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///data/tomoni.db"),
        description="Where everything is remembered: any SQLAlchemy URL.",
    )
    refresh_seconds: int = Field(
        default=60, ge=5, description="How often an open page asks the sources for the newest buckets, in seconds."
    )
    collect: Literal["auto", "never"] = Field(
        default="auto",
        description="Whether the app asks the sources itself where nobody else does (auto), or leaves it to the "
        "command collect (never).",
    )
    log: Literal["text", "json"] = Field(
        default="text",
        description="The form of the log: warnings and errors as lines (text), or all that happens as JSON (json).",
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
    trusted_proxies: str | None = Field(
        default=None,
        description="The proxies whose X-Forwarded-For says who asks, by addresses or networks with commas between "
        "them: 10.0.0.0/8.",
    )
    framed_by: str | None = Field(
        default=None,
        pattern=r"^(\s*https?://[A-Za-z0-9.:*-]+\s*(,|$))*$",
        description="The origins that may show Tomoni within a page of their own, with commas between them: "
        "https://wiki.example.com.",
    )
    drain_seconds: float = Field(
        default=0,
        ge=0,
        le=60,
        description="For how many seconds an app that is told to end (SIGTERM) goes on while its /readyz answers 503 "
        "already, so that a balancer has led everybody elsewhere before it stops listening.",
    )
    sign_in: Literal["none", "oidc", "proxy"] = Field(
        default="none",
        description="How readers sign in: at a provider of OpenID Connect (oidc), at a proxy that hands on a signed "
        "token (proxy), or not at all, for readers on this machine (none).",
    )
    open: bool = Field(
        default=False, description="Whether anybody who reaches Tomoni may use it without signing in; pages say so."
    )
    metrics: Literal["open", "token", "local"] | None = Field(
        default=None,
        description="Who may read /metrics: whoever reaches it, who has a token, or who is on this machine.  "
        "[default: open without sign-in, else token]",
    )
    session_hours: float = Field(default=12, gt=0, le=720, description="How long a sign-in lasts, in hours.")
    cookie_secret: SecretStr | None = Field(
        default=None, min_length=32, description="What sessions are signed with: 32 random characters or more."
    )
    oidc_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s/]\S*$",
        description="The provider's address that ends in /.well-known/openid-configuration.",
    )
    oidc_client_id: str | None = Field(default=None, description="Tomoni's id at the provider.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Tomoni's secret at the provider.")
    oidc_scope: str = Field(default="openid email profile", description="What the provider is asked for.")
    oidc_prompt: Literal["login", "consent", "select_account"] | None = Field(
        default=None, description="What the provider is to ask each time, if it can.  [default: what it asks by itself]"
    )
    groups_claim: str = Field(default="groups", description="The claim with the groups; dots lead into objects.")
    proxy_header: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9-]+$", description="The header with the signed token of the proxy."
    )
    proxy_keys: str | None = Field(default=None, description="The keys of the proxy: the address or file of a JWKS.")
    proxy_issuer: str | None = Field(default=None, description="The issuer (iss) of the token.")
    proxy_audience: str | None = Field(default=None, description="The audience (aud) of the token.")
    proxy_algorithms: str = Field(
        default="ES256,RS256", description="The algorithms that the token may be signed with, with commas between."
    )
    proxy_sign_out: str | None = Field(
        default=None, pattern=r"^(/|https://)\S*$", description="The address at which the proxy signs a reader out."
    )
    webhook_slack: SecretStr | None = Field(default=None, description="The webhook of Slack that reminders go to.")
    webhook_google_chat: SecretStr | None = Field(default=None, description="The webhook of Google Chat, likewise.")
    webhook_teams: SecretStr | None = Field(default=None, description="The webhook of Teams, likewise.")
    webhook_plain: SecretStr | None = Field(default=None, description="A webhook of your own that notifications go to.")
    token: SecretStr | None = Field(default=None, description="The token of assistants over stdio (mcp).")
    smtp_url: SecretStr | None = Field(
        default=None,
        description="The mail server of notifications: smtp://user:password@mail.example.com:587, or smtps://.",
    )
    mail_from: str | None = Field(
        default=None, pattern=r"^[^@\s<>,]+@[^@\s<>,]+$", description="The address that notifications come from."
    )
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

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, written: str | None) -> str | None:
        for part in filter(None, map(str.strip, (written or "").split(","))):
            ip_network(part)  # raises ValueError
        return written

    def secrets(self) -> tuple[str, ...]:
        """The values that nothing may ever show."""
        named = (getattr(self, name) for name, field in type(self).model_fields.items() if is_secret(field))
        return tuple(value.get_secret_value() for value in named if value is not None)

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """The names of all variables of the environment that set something, that for debugging included."""
        names = {f"{_PREFIX}{name.upper()}": field for name, field in cls.model_fields.items()}
        files = (f"{name}{_FROM_FILE}" for name, field in names.items() if is_secret(field))
        return (*names, *files, "TOMONI_DEBUG")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code, then the environment, then files of secrets that the environment names."""
        return init_settings, env_settings, SecretFiles(settings_cls)
