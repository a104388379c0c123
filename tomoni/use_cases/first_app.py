"""Writing the first files of a configuration from a page: only new ones, only whole ones, only where it is allowed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tomoni.access.policy import Grants
from tomoni.catalog.load import load
from tomoni.catalog.schema import Problem
from tomoni.catalog.who_may import Role
from tomoni.settings import ProcessSettings

_BESIDE = ("sources.yaml", "settings.yaml", "policies.yaml")


def may_write(settings: ProcessSettings, local: bool, grants: Grants) -> bool:
    """Whether a page may write files of the configuration: as the setting says; without it only for a reader on the
    machine itself (``local``); for whom the role lets, and where the folder can be written."""
    if not grants.may(Role.EDITOR):
        return False
    allowed = local if settings.write_config is None else settings.write_config
    folder = settings.config
    return allowed and os.access(folder if folder.is_dir() else folder.parent, os.W_OK)


def faults(folder: Path, name: str, content: str) -> Sequence[Problem]:
    """The errors that a new file of the configuration would have."""
    with TemporaryDirectory() as place:
        tried = Path(place)
        for file in _BESIDE:
            if file != name and (folder / file).is_file():
                shutil.copy(folder / file, tried / file)
        (tried / name).parent.mkdir(exist_ok=True)
        (tried / name).write_text(content, encoding="utf-8")
        return [problem for problem in load(tried, os.environ).errors if problem.spot.file.endswith(name)]


def write_new(folder: Path, name: str, content: str) -> None:
    """Writes a file that is not there yet. Raises FileExistsError, or another OSError where it cannot be written."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(content, encoding="utf-8")
        _put(part, target)
    finally:
        part.unlink(missing_ok=True)


def _put(part: Path, target: Path) -> None:
    """Gives a whole file its name, unless somebody was faster; where the disk knows no links, not quite at once."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        with target.open("x", encoding="utf-8") as file:
            file.write(part.read_text(encoding="utf-8"))
