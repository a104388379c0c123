"""The options of every command, accepted before and after its name: `--config` and `--lang`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from tomoni.languages import LANGUAGES

CONFIG: Mapping[str, Any] = {
    "type": click.Path(path_type=Path),
    "metavar": "DIR",
    "help": "The folder of the configuration files.  [default: config, or TOMONI_CONFIG]",
}
LANG: Mapping[str, Any] = {
    "type": click.Choice(list(LANGUAGES)),
    "help": "The language.  [default: the terminal's]",
}


def output_option(for_people: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option ``--format`` of a command that prints data, given as ``form``: for people (the default), or JSON."""
    return click.option(
        "--format",
        "form",
        type=click.Choice([for_people, "json"]),
        default=for_people,
        show_default=True,
        help="Output for people or for programs.",
    )


def deed_option(command: Callable[..., None]) -> Callable[..., None]:
    """The option ``--format`` of a command that does something: how it says what it did."""
    return click.option(
        "--format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        expose_value=False,
        callback=_say_as,
        help="What was done, for people or for programs.",
    )(command)


def _say_as(ctx: click.Context, param: click.Parameter, value: str) -> None:
    ctx.obj.done.as_json = value == "json"


class SharedOptionsCommand(click.Command):
    """A command that also takes the options of the whole program; those after its name take precedence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as click declares it
        super().__init__(*args, **kwargs)
        own = {param.name for param in self.params}
        for name, settings in (("config", CONFIG), ("lang", LANG)):
            if name not in own:
                self.params.append(_option(name, settings))


def _option(name: str, settings: Mapping[str, Any]) -> click.Option:
    # Eager, so that errors in other options are reported in the chosen language.
    return click.Option([f"--{name}"], expose_value=False, is_eager=True, callback=_keep, **settings)


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value is not None:
        setattr(ctx.obj, "language" if param.name == "lang" else "config", value)
