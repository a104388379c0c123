"""What the API answers where it does not do what was asked: by code, a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

_DOCS = mark("docs/api.md describes what the API takes.")
TABLE: Mapping[str, Phrase] = {
    "token_missing": Phrase(
        mark("The request has no token."), mark("Send it with the header Authorization: Bearer TOKEN.")
    ),
    "token_wrong": Phrase(mark("There is no such token."), mark("Make one: python cli.py token create NAME.")),
    "token_revoked": Phrase(
        mark("The token %(name)s was revoked."), mark("Make another: python cli.py token create NAME.")
    ),
    "token_of_another_app": Phrase(
        mark("The token is not one of the app %(app)s."), mark("Use a token of this app, or one of all apps.")
    ),
    "token_may_not": Phrase(
        mark("A token may not do this."), mark("Whoever runs Tomoni gives roles in access.yaml (docs/access.md).")
    ),
    "token_of_one_app": Phrase(mark("The token is one of a single app."), mark("Use a token of all apps.")),
    "not_found": Phrase(mark("There is nothing at this address."), mark("/api/openapi.json names all addresses.")),
    "method_not_allowed": Phrase(mark("This address does not take %(method)s."), mark("Use: %(allowed)s.")),
    "not_json": Phrase(
        mark("The body is not JSON, but: %(kind)s."), mark("Send it with Content-Type: application/json.")
    ),
    "body_too_large": Phrase(mark("The body is larger than %(limit)s bytes."), mark("Send less at once.")),
    "json_invalid": Phrase(mark("The body cannot be read as JSON."), mark("Check it with a JSON tool.")),
    "json_too_deep": Phrase(mark("The body is nested deeper than %(limit)s levels."), _DOCS),
    "body_unknown": Phrase(mark("The body has none of the forms that are known here."), _DOCS),
    "too_many_requests": Phrase(mark("Too many requests."), mark("Try again after %(seconds)s s.")),
    "app_missing": Phrase(
        mark("Nothing says which app this belongs to."),
        mark("Add ?app=ID to the address, or a field or label app to what is sent."),
    ),
    "app_unknown": Phrase(mark("There is no app %(app)s."), mark("Check its id in the catalog.")),
    "field_missing": Phrase(mark("The field is missing: %(field)s."), _DOCS),
    "field_wrong": Phrase(mark("The field %(field)s has a value that it may not have (%(reason)s)."), _DOCS),
    "field_unknown": Phrase(mark("The field is not known: %(field)s."), mark("Leave it out, or check its name.")),
    "parameter_twice": Phrase(
        mark("The address has a parameter more than once: %(field)s."), mark("Give it once, with one value.")
    ),
    "parameter_unknown": Phrase(
        mark("The address has a parameter that is not known here: %(field)s."), mark("Known here: %(known)s.")
    ),
    "time_ahead": Phrase(mark("The time is in the future: %(field)s."), mark("Choose a moment up to now.")),
    "time_wrong": Phrase(
        mark("The time cannot be read: %(field)s."), mark("Write it as 2026-11-18T10:00:00Z, or in Unix seconds.")
    ),
    "zone_missing": Phrase(mark("The time has no zone: %(field)s."), mark("Write it as 2026-11-18T10:00:00Z.")),
    "time_absurd": Phrase(
        mark("The time is too far away: %(field)s."), mark("Check the clock of the sender and the unit of its times.")
    ),
    "interval_wrong": Phrase(
        mark("The interval ends before it begins: from, until."), mark("Give a moment of from before that of until.")
    ),
    "key_reused": Phrase(
        mark("This Idempotency-Key was used for something else."), mark("Send another request with another key.")
    ),
    "action_not_found": Phrase(mark("There is no such action."), mark("GET /api/actions lists them.")),
    "ticket_unknown": Phrase(mark("No action has this ticket."), mark("Check the link of the ticket in the action.")),
    "only_from_here": Phrase(
        mark("This is answered only to the machine that Tomoni runs on."), mark("TOMONI_METRICS sets who may read it.")
    ),
    "unexpected": Phrase(mark("Something went wrong here."), mark("Try again later; the log of the app says more.")),
}


def describe(code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    return look_up(TABLE, code, facts, text)
