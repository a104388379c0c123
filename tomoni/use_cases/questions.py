"""Questions and observations that anybody puts on the list without a name.

Nothing here knows who asks or when: the store keeps the day alone, and neither ids nor their order tell more.
"""

from __future__ import annotations

from tomoni.meetings.model import Action, Origin, Question, QuestionState
from tomoni.meetings.records import Record, Records, validated
from tomoni.slo.model import DAY


def ask(records: Records, app: str, text: str, step: str = "") -> Record[Question]:
    """Puts a question on the list of an app, for a step if one is named. Raises StoreError and MeetingError:
    `record_invalid`."""
    return records.add(validated(Question, {"app": app, "text": text, "step": step}))


def questions_of(
    records: Records, app: str, state: QuestionState = QuestionState.OPEN, step: str | None = None
) -> tuple[Record[Question], ...]:
    """The questions of an app in a state; with ``step`` only those for this step. By the day, and within a day in
    no order that means anything. Raises StoreError."""
    found = (record for record in records.listed(Question, app) if record.value.state is state)
    wanted = (record for record in found if step is None or record.value.step == step)
    return tuple(sorted(wanted, key=lambda record: (record.created_at, record.id)))


def answered_since(records: Records, app: str, meeting: str, moment: int) -> tuple[Record[Question], ...]:
    """The questions that were answered or became an action at a meeting, or since the day of a moment (Unix seconds);
    in the order of `questions_of`. Raises StoreError."""
    day = moment - moment % DAY
    return tuple(
        record
        for state in (QuestionState.ANSWERED, QuestionState.ACTION)
        for record in questions_of(records, app, state)
        if record.value.meeting == meeting or record.changed_at >= day
    )


def answer(records: Records, id_: str, text: str, meeting: str | None = None) -> Record[Question]:
    """Closes a question with what was answered (may be empty: it was answered aloud). Raises MeetingError."""
    return records.change(Question, id_, {"state": "answered", "answer": text, "meeting": meeting})


def park(records: Records, id_: str) -> Record[Question]:
    """Keeps a question for a later review. Raises MeetingError."""
    return records.change(Question, id_, {"state": "parked"})


def reopen(records: Records, id_: str) -> Record[Question]:
    """Puts a question back among the open ones. Raises MeetingError."""
    return records.change(Question, id_, {"state": "open", "action": None, "meeting": None})


def turn_into_action(records: Records, id_: str, action: Action) -> Record[Action]:
    """Makes an action of a question, each naming the other. Raises MeetingError."""
    records.read(Question, id_)
    origin = Origin(place="question", ref=id_)
    made = records.add(action.model_copy(update={"origin": origin}))
    records.change(Question, id_, {"state": "action", "action": made.id, "meeting": action.meeting})
    return made
