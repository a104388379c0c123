"""`/api/status`: what the command `status --format json` prints, from what is remembered."""

from __future__ import annotations

import json

from tomoni.api.call import Call
from tomoni.api.endpoint import Answer
from tomoni.api.problems import ApiProblem
from tomoni.commands import status_json
from tomoni.words.text import text_for


def show(call: Call) -> Answer:
    """The SLOs as of ``?at=`` (default: now), of ``?app=`` or of all apps that the token may see."""
    call.takes("app", "at")
    at = call.moment("at")
    if at is not None and at > call.now:
        raise ApiProblem(422, "time_ahead", {"field": "at"})
    if at is not None and at < 0:
        raise ApiProblem(422, "time_absurd", {"field": "at"})
    overview = call.tomoni.overview(at, call.chosen_app(), with_trends=False)
    catalog = call.tomoni.catalog
    text = text_for(call.text.language, catalog.settings.timezone)
    return Answer(json.loads(status_json.render(overview, text, None, catalog)))
