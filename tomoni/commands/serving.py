"""Starts the app from the command line: `serve` with your configuration, `demo` with demo data."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from tomoni.commands.failures import Refusal
from tomoni.commands.listening import refuse_taken
from tomoni.commands.session import Session

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where the app listens."""

    address: str
    port: int

    @property
    def url(self) -> str:
        """The address that a browser opens on this machine."""
        host = "127.0.0.1" if self.address in ("0.0.0.0", "::") else self.address  # noqa: S104 - compared only
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def site() -> Path:
    """The folder of `app.py`, `pages/` and the demo's `config/`: the checkout, or inside the installed package."""
    installed = _PACKAGE / "site"
    return installed if (installed / "app.py").is_file() else _PACKAGE.parent


def serve(session: Session, options: ServeOptions) -> int:
    """Runs the app in place of this process. Refuses a configuration folder that does not exist."""
    config = session.settings.config
    if not config.is_dir():
        text = session.text
        hint = text._("name another folder with --config or TOMONI_CONFIG, or look at the demo with `tomoni demo`.")
        facts = {"folder": text.quote(config)}
        raise Refusal([text._("There is no configuration folder %(folder)s") % facts + "; " + hint])
    return _run(session, options, {"TOMONI_CONFIG": str(config.resolve())})


def demo(session: Session, options: ServeOptions, data: Path | None) -> int:
    """Runs the app on the demo's configuration; needs no account and no configuration."""
    folder = data or _data_folder(os.environ)
    folder.mkdir(parents=True, exist_ok=True)
    database = f"sqlite:///{folder.resolve() / 'demo.db'}"
    told = {"TOMONI_CONFIG": str(site() / "config"), "TOMONI_DATABASE_URL": database, "TOMONI_DEMO_STORY": "true"}
    return _run(session, options, told)


def _data_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the demo's database: the user's data folder, or a temporary one if there is no home."""
    home = environ.get("XDG_DATA_HOME") or (f"{environ['HOME']}/.local/share" if environ.get("HOME") else "")
    return Path(home or tempfile.gettempdir()) / "tomoni"


def _run(session: Session, options: ServeOptions, environ: Mapping[str, str]) -> int:
    refuse_taken(options.address, options.port, session.text)
    click.echo(session.text._("Tomoni starts on %(url)s (press Ctrl-C to stop it).") % {"url": options.url})
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(site() / "app.py")]
    command += ["--server.address", options.address, "--server.port", str(options.port)]
    os.execve(sys.executable, command, {**os.environ, **environ})  # noqa: S606 - our own interpreter and options
