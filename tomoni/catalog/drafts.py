"""Reading the query of an SLI that no file has yet."""

from __future__ import annotations

from collections.abc import Mapping

from data_sources import kinds
from data_sources.queries import SliForm


def sli_form(keys: Mapping[str, object]) -> SliForm:
    """The form that some keys of ``sli`` (without ``source``) make. Raises pydantic's ValidationError."""
    forms = kinds.sli_forms()
    form = next((forms[key] for key in forms if key in keys), forms["total"])
    return form.model_validate(dict(keys))
