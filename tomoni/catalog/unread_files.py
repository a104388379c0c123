"""Files of the configuration folder that look as if they were meant for Tomoni and are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from os.path import isdir
from pathlib import Path

from tomoni.catalog.codes import Code, listed, nearest, severity_of
from tomoni.catalog.schema import Problem, Spot

ENDINGS = (".yaml", ".yml")
FILES = ("sources", "settings", "policies", "access", "notifications")
BESIDE_APPS = ("exclusions", "agendas", "risks")
FOLDERS = ("apps", *BESIDE_APPS)
# Names of people's notes and editors' own files; anything else beside the files of apps was meant to be read.
_IGNORED = re.compile(
    r"[_.].*|.*~|#.*#|.*\.(swp|swo|md|rst)|readme|license|thumbs\.db|desktop\.ini", re.IGNORECASE | re.DOTALL
)
_KEYS = re.compile(r'(?:^|[{,]\s*)"?([a-z]+)"?[ \t]*:', re.MULTILINE)
_STRUCTURED = (*ENDINGS, ".json")
# The folder of a file that has one of these keys and no other that tells.
_FOLDER_OF = {"exclusions": "exclusions", "steps": "agendas", "risks": "risks"}
# How deep below the folder files are looked for.
_LEVELS = 4
# Enough of a file to see its first keys.
_BEGINNING = 65_536


def unread(folder: Path, read: Set[Path]) -> list[Problem]:
    """A warning for each file that was probably meant to be read, with the name that it would be read under."""
    known = listed([*(f"{name}.yaml" for name in FILES), *(f"{name}/*.yaml" for name in FOLDERS)])
    problems = []
    for path in sorted(set(files_below(folder)) - read):
        name = path.relative_to(folder).as_posix()
        if meant := _meant(path, name.split("/")):
            facts: dict[str, str | int | float] = {"file": name, "nearest": meant, "known": known}
            problems.append(Problem(Spot(str(path)), severity_of(Code.FILE_NOT_READ), Code.FILE_NOT_READ, facts))
    return problems


def is_ignored(path: Path) -> bool:
    """Whether a file or folder is left alone because of its name."""
    return _IGNORED.fullmatch(path.name) is not None


def files_below(folder: Path, levels: int = _LEVELS) -> Iterator[Path]:
    """All that is no folder in a folder and those below it, through links too; what is ignored is left out."""
    try:
        found = [path for path in folder.iterdir() if not is_ignored(path)]
    except OSError:  # a folder that cannot be listed is reported elsewhere
        return
    for path in found:
        if not isdir(path):
            yield path
        elif levels > 1:
            yield from files_below(path, levels - 1)


def _meant(path: Path, parts: list[str]) -> str:
    """The name under which a file would be read; nothing where it is not for Tomoni."""
    own = path.name if path.suffix in ENDINGS else path.name.partition(".")[0] + ENDINGS[0]
    if len(parts) > 1 and (near := nearest(parts[0], FOLDERS)):
        return f"{near}/{own}"
    stem = path.name.partition(".")[0].lower()
    structured = path.suffix.lower() in _STRUCTURED
    near = (nearest(stem, FILES) if structured else stem if stem in FILES else "") if len(parts) == 1 else ""
    return f"{near}.yaml" if near else _meant_by_content(path, own) if structured else ""


def _meant_by_content(path: Path, own: str) -> str:
    """The name for a file in a wrong place, by its keys."""
    try:
        with path.open("rb") as file:
            text = file.read(_BEGINNING).decode(errors="replace")
    except OSError:
        return ""
    keys = set(_KEYS.findall(text))
    if "app" in keys and (of := keys & {"journeys", "infra", "exclusions", "steps", "risks"}):
        return f"{_FOLDER_OF.get(min(of), 'apps') if len(of) == 1 else 'apps'}/{own}"
    return next((f"{name}.yaml" for name in ("sources", "policies") if name in keys), "")
