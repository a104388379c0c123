"""Why something that teams wrote could not be stored, in words: where, what, and what to do.

A key with a dot is more specific: the code and the fact ``reason``, which is a code of pydantic or of a rule of
`meetings.model`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import KINDS
from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

THINGS: Mapping[str, str] = {
    "meeting": mark("Review"),
    "action": mark("Action"),
    "incident": mark("Incident"),
    "episode_reason": mark("Reason of an episode"),
    "postmortem": mark("Postmortem"),
    "question": mark("Question"),
    "conclusion": mark("Conclusion"),
    "decision": mark("Decision"),
    "event": mark("Event"),
    "risk": mark("Risk"),
    "saved_view": mark("Saved view"),
}
FIELDS: Mapping[str, str] = {
    "accepted": mark("Accepted"),
    "action": mark("Action"),
    "address": mark("Address"),
    "answer": mark("Answer"),
    "app": mark("App"),
    "as_of": mark("End of the period"),
    "at": mark("Time"),
    "before": mark("Began before"),
    "begun_at": mark("Begun"),
    "body": mark("Text"),
    "choice": mark("Conclusion"),
    "closed_at": mark("Closed"),
    "corrects": mark("Corrected review"),
    "days": mark("Days"),
    "days_between": mark("Days between"),
    "detect_minutes": mark("Minutes to detect"),
    "due": mark("Due"),
    "end": mark("End"),
    "ended_at": mark("Ended"),
    "factors": mark("Contributing factors"),
    "facts": mark("Facts"),
    "incident": mark("Incident"),
    "journeys": mark("Journeys"),
    "language": mark("Language"),
    "level": mark("Level of the policy"),
    "links": mark("Links"),
    "meeting": mark("Review"),
    "name": mark("Name"),
    "off_register": mark("Off the register"),
    "origin": mark("Where it came up"),
    "planned_at": mark("Planned for"),
    "policy": mark("Policy"),
    "previous": mark("Review before"),
    "query": mark("Query"),
    "reason": mark("Reason"),
    "ref": mark("What it refers to"),
    "repair_minutes": mark("Minutes to repair"),
    "risk": mark("Risk"),
    "row": mark("A row of the joint view"),
    "sender": mark("Sender"),
    "severity": mark("Severity"),
    "share_of_users": mark("Share of users"),
    "slo": mark("SLO"),
    "snapshot": mark("Snapshot"),
    "source": mark("Source"),
    "start": mark("Start"),
    "state": mark("State"),
    "step": mark("Step"),
    "summary": mark("Summary"),
    "superseded_by": mark("Superseded by"),
    "team": mark("Team"),
    "text": mark("Text"),
    "ticket": mark("Ticket"),
    "title": mark("Title"),
    "unit": mark("Unit"),
    "until": mark("Until"),
    "url": mark("Link"),
    "what": mark("Kind"),
}
_EMPTY = Phrase(mark("%(field)s is empty."), mark("Fill it in."))
_LONG = Phrase(mark("%(field)s is too long."), mark("Shorten it to at most %(limit)s characters."))
_MANY = Phrase(mark("%(field)s has too many entries."), mark("Keep at most %(limit)s."))
_FORM = Phrase(mark("%(field)s has a form that is not allowed."), mark("Use letters, digits and hyphens."))
_ADDRESS = Phrase(
    mark("%(field)s is not an address that a browser may open."),
    mark("Write one that begins with https:// or http://."),
)
_DAY = Phrase(mark("%(field)s is not a day."), mark("Write it as year, month and day, such as 2026-12-08."))
_CHOICE = Phrase(mark("%(field)s is none of what can be chosen."), mark("Choose one of: %(limit)s."))
_NUMBER = Phrase(mark("%(field)s is not a number."), mark("Write it in digits, such as 15."))
_RANGE = Phrase(mark("%(field)s is out of range."), mark("The limit is %(limit)s."))
_WRONG = Phrase(mark("%(field)s has a wrong form."), mark("Correct it and try again."))
_BY_REASON: Mapping[str, Phrase] = {
    "missing": _EMPTY,
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
    "string_too_long": _LONG,
    "too_long": _MANY,
    "string_pattern_mismatch": _FORM,
    "url_parsing": _ADDRESS,
    "url_scheme": _ADDRESS,
    "url_syntax_violation": _ADDRESS,
    "url_too_long": _ADDRESS,
    "url_type": _ADDRESS,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "enum": _CHOICE,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": _RANGE,
    "greater_than_equal": _RANGE,
    "less_than": _RANGE,
    "less_than_equal": _RANGE,
}
TABLE: Mapping[str, Phrase] = {
    "record_unknown": Phrase(mark("There is no such record."), mark("Reload the page: it shows what there is.")),
    "record_removed": Phrase(
        mark("It was removed in the meantime."), mark("Reload the page; what it said can still be put back.")
    ),
    "record_changed": Phrase(
        mark("Somebody changed it in the meantime."),
        mark("Look at what it says now, then change it again; both versions are kept."),
    ),
    "meeting_closed": Phrase(
        mark("This review is closed and is not changed any more."), mark("Write a correction: it names the closed one.")
    ),
    "meeting_not_open": Phrase(mark("This review has not begun."), mark("Begin it first; then it can be closed.")),
    "meeting_not_closed": Phrase(
        mark("Only a closed review can be corrected."), mark("Change this one directly: it is not closed.")
    ),
    "app_unknown": Phrase(mark("There is no app %(app)s."), mark("Check its id in the catalog.")),
    "token_exists": Phrase(
        mark("A token called %(name)s is in use."), mark("Choose another name, or revoke that one first.")
    ),
    "token_unknown": Phrase(
        mark("No token called %(name)s is in use."), mark("The command token list names those that are.")
    ),
    "record_invalid": _WRONG,
    **{f"record_invalid.{reason}": phrase for reason, phrase in _BY_REASON.items()},
    "record_invalid.secret_in_link": Phrase(
        mark("The link has a secret in it, and every reader would see it."),
        mark("Leave the password or token out; whoever opens the link signs in."),
    ),
    "record_invalid.reason_missing": Phrase(mark("The reason is missing."), mark("Say why, in a sentence.")),
    "record_invalid.until_missing": Phrase(
        mark("An exception needs a day on which it ends."), mark("Choose until when it holds.")
    ),
    "record_invalid.start_after_end": Phrase(
        mark("The start is not before the end."), mark("Choose a start that comes before the end.")
    ),
}


def describe(error: MeetingError, text: Text) -> tuple[str, str]:
    """What is wrong and where, and what to do about it."""
    facts: Facts = error.facts
    if error.code == "record_invalid":
        path = str(facts.get("field", ""))
        limit = facts.get("limit", _limit(facts, path))
        counted = text.number(limit, 0) if isinstance(limit, int) else limit
        facts = {**facts, "field": text.quote(_label(path, text)), "limit": counted}
    what, hint = look_up(TABLE, error.code, facts, text)
    kind = THINGS.get(str(error.facts.get("kind", "")))
    return (text._("%(thing)s: %(what)s") % {"thing": text._(kind), "what": what} if kind else what), hint


def line(error: MeetingError, text: Text) -> str:
    """The same on one line."""
    return text.sentences(*describe(error, text))


def _label(path: str, text: Text) -> str:
    """What a field is called, by its path in the record (``links.0.url``)."""
    parts = [part for part in path.split(".") if part in FIELDS]
    return text._(FIELDS[parts[-1]]) if parts else path


def _limit(facts: Facts, path: str) -> str | int | float:
    """The limit that a field has for the reason why it was refused; "?" where it has none."""
    model = KINDS.get(str(facts.get("kind")))
    return next(_limits(model, path.split("."), str(facts.get("reason"))), "?") if model else "?"


def _limits(model: type[BaseModel], path: list[str], reason: str) -> Iterator[str | int | float]:
    """The limits for a reason in the JSON Schema of the field at a path."""
    schema = model.model_json_schema()
    place: Any = schema
    for part in path:
        place = place.get("items", {}) if part.isdigit() else place.get("properties", {}).get(part, {})
        place = _followed(place, schema)
    choices = [place, *(_followed(each, schema) for each in place.get("anyOf", ()))]
    for each in choices:
        for key in _KEYS.get(reason, ()):
            if key in each:
                found = each[key]
                yield ", ".join(map(str, found)) if isinstance(found, list) else found


_KEYS: Mapping[str, tuple[str, ...]] = {
    "string_too_long": ("maxLength",),
    "too_long": ("maxItems",),
    "enum": ("enum",),
    "greater_than": ("exclusiveMinimum",),
    "greater_than_equal": ("minimum",),
    "less_than": ("exclusiveMaximum",),
    "less_than_equal": ("maximum",),
}


def _followed(place: Any, schema: Any) -> Any:  # noqa: ANN401 - parts of a JSON Schema
    """A part of a schema, or the definition that it refers to."""
    named = place.get("$ref", "").rpartition("/")[2]
    return schema["$defs"][named] if named else place
