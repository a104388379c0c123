"""The text of a postmortem, saved while it is typed: merged where several people write, every version kept."""

from __future__ import annotations

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.merging import merge
from tomoni.meetings.model import Postmortem
from tomoni.meetings.notes import SavedNote, clean
from tomoni.meetings.records import Records

_ATTEMPTS = 20


def save_body(records: Records, id_: str, base: str, text: str) -> SavedNote:
    """Saves a text that somebody made of ``base``, merged with what others saved since; repeated, it changes nothing.

    Raises MeetingError: `record_unknown`, `record_removed`, `record_invalid`, and `record_changed` where others save
    all the time; StoreError.
    """
    mine = clean(text)
    for attempt in range(1, _ATTEMPTS + 1):
        now = records.read(Postmortem, id_)
        merged = merge(clean(base), now.value.body, mine)
        try:
            stored = records.change(Postmortem, id_, {"body": merged.text}, now.revision)
        except MeetingError as error:
            if error.code != "record_changed" or attempt == _ATTEMPTS:
                raise
        else:
            return SavedNote(stored.revision, stored.value.body, stored.value.body != mine, merged.conflict)
    raise AssertionError("the last attempt returns or raises")
