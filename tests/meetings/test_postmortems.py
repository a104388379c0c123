"""The text of a postmortem: what several people save at the same time stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Postmortem
from tomoni.meetings.postmortems import save_body
from tomoni.meetings.records import Records


@pytest.fixture
def id_(records: Records) -> str:
    return records.add(Postmortem(app="shop", title="Pool", body="What happened\n\nWhat helped\n")).id


def test_a_text_is_merged_with_what_others_saved(records: Records, id_: str) -> None:
    base = records.read(Postmortem, id_).value.body
    save_body(records, id_, base, base + "\nA limit\n")
    saved = save_body(records, id_, base, "Yesterday\n" + base)
    assert saved.text == "Yesterday\n" + base + "\nA limit\n"
    again = save_body(records, id_, base, "Yesterday\n" + base)
    assert (again.text, again.revision) == (saved.text, saved.revision)


def test_what_many_save_at_the_same_time_is_all_there(records: Records, id_: str) -> None:
    base = "\n\n".join(f"Part {n}" for n in range(6))
    records.change(Postmortem, id_, {"body": base})
    with ThreadPoolExecutor(6) as people:
        texts = [base.replace(f"Part {n}", f"Part {n}: known") for n in range(6)]
        list(people.map(lambda text: save_body(records, id_, base, text), texts))
    assert records.read(Postmortem, id_).value.body == base.replace("\n\n", ": known\n\n") + ": known"


def test_a_text_that_is_too_long_is_refused(records: Records, id_: str) -> None:
    with pytest.raises(MeetingError, match="record_invalid"):
        save_body(records, id_, "", "x" * 1_000_000)
