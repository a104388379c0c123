"""An SLI that no file has yet, as a text of an address: ``{source: prometheus, bad: …, total: …}``."""

from __future__ import annotations

import yaml
from pydantic import ValidationError

from data_sources.queries import SliForm
from tomoni.catalog.drafts import sli_form

MOST_CHARACTERS = 4_000


def read_sli(text: str) -> tuple[str, SliForm]:
    """The id of the source, and the SLI. Raises ValueError for what is none; `check` finds more."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"an SLI has at most {MOST_CHARACTERS} characters")
    try:
        keys = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    if isinstance(keys, dict) and set(keys) == {"sli"}:
        keys = keys["sli"]
    if not isinstance(keys, dict) or not isinstance(keys.get("source"), str):
        raise ValueError("an SLI has keys, among them source")
    rest = {str(key): value for key, value in keys.items() if key != "source"}
    try:
        form = sli_form(rest)
    except (ValidationError, TypeError) as error:
        raise ValueError(str(error)) from None
    if fault := next(iter(form.faults()), None):
        raise ValueError(fault.code)
    return keys["source"], form


def file_with(lines: str) -> str:
    """A whole file of an app with the lines of one SLO, as `check` reads it."""
    slo = "\n".join(f"      {line}" for line in lines.splitlines())
    return f"app: drafted\njourneys:\n  - id: drafted\n    slos:\n{slo}\n"
