"""What a dialect's writing takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tomoni.catalog.schema import Settings
from tomoni.dialects.report import Fact, Line


def _unsaid(code: str, _facts: Mapping[str, Fact]) -> str:
    return code


@dataclass(frozen=True, slots=True)
class Target:
    """How files are to be written. ``kinds`` has the kind of each source by its id; ``options`` is what the
    command was asked for beyond that. ``say`` puts a code of `words.dialects` into words of the ``language``. What
    the ``settings`` say of all apps is not told of each. ``names`` are what apps are called side by side, by their
    ids."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    settings: Settings = field(default_factory=Settings)
    names: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str, Mapping[str, Fact]], str] = _unsaid

    def remark(self, line: Line) -> str:
        """Why something is not exact, as a sentence without its end."""
        return self.say(line.reason, line.facts)


@dataclass(frozen=True, slots=True)
class Exported:
    """The texts of the files by their names in the output folder, and the report: the lines of app files, each
    named by the path of its element in the catalog (``checkout/place-order/availability``)."""

    files: Mapping[str, str]
    lines: tuple[Line, ...] = ()
