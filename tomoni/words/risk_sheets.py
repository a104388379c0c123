"""What is wrong with a sheet of risks (`ui.meeting.risk_sheet`), in words: what, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.meetings.errors import MeetingError
from tomoni.words import meeting_errors
from tomoni.words.phrases import Fact, Phrase
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    "sheet_too_large": Phrase(
        mark("The file has more than %(at_most)s bytes."), mark("Save only the sheet of the risks.")
    ),
    "sheet_unreadable": Phrase(
        mark("The file is no CSV file."), mark("Save the sheet as CSV, in UTF-8 where you can choose.")
    ),
    "sheet_without_header": Phrase(
        mark("No line of the file names its columns."), mark("Begin it with a line of names: %(known)s.")
    ),
    "sheet_column_missing": Phrase(mark("These columns are missing: %(column)s."), mark("Add them with these names.")),
    "sheet_too_long": Phrase(mark("The file has more than %(at_most)s risks."), mark("Keep those that matter most.")),
    "sheet_id_twice": Phrase(
        mark("The id %(id)s is on line %(first_line)s already."), mark("Give one of them another id, or none.")
    ),
    "sheet_not_a_number": Phrase(
        mark("%(column)s: %(written)s is no number."), mark("Write a number without its unit, such as 45.")
    ),
    "sheet_share": Phrase(
        mark("%(column)s: %(written)s is more than all users."),
        mark("Write a share of at most 1, such as 0.3, or a percentage."),
    ),
    "sheet_yes_or_no": Phrase(mark("%(column)s: %(written)s is neither yes nor no."), mark("Write yes or no.")),
    "sheet_unknown_journey": Phrase(
        mark("This app has no journey %(written)s."), mark("Write the ids of its journeys, with ; between them.")
    ),
}


def describe(code: str, facts: Mapping[str, Fact], text: Text) -> tuple[str, str]:
    """What is wrong, and what to do about it."""
    if code == "sheet_refused":
        known = {"kind": "risk", "field": str(facts["field"]), "reason": str(facts["reason"])}
        return meeting_errors.describe(MeetingError("record_invalid", known), text)
    return TABLE[code].describe(facts, text)
