"""What several processes write at the same time is all there, and so is what one wrote before it was killed."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.meetings.clients import lines, start, texts
from tests.meetings.conftest import NOW
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Meeting
from tomoni.store.engine import open_engine, reading
from tomoni.store.tables import notes, record_revisions, records

pytestmark = pytest.mark.slow
CLIENTS, EDITS = 8, 25  # 200 in all
KILLS = int(os.environ.get("KILLS", "2"))  # by hand: KILLS=50


@pytest.fixture
def meetings(database_url: str) -> Iterator[Meetings]:
    opened = open_engine(database_url)
    yield Meetings(opened, lambda: float(NOW))
    opened.dispose()


@pytest.fixture
def meeting(meetings: Meetings) -> str:
    value = Meeting(app="checkout", planned_at=NOW, start=NOW - 86_400, as_of=NOW)
    return meetings.records.add(value).id


def assert_whole(engine: Engine) -> None:
    """No record and no text is half there: each has its newest revision, and all before it."""
    with reading(engine) as connection:
        newest = select(record_revisions.c.record, func.max(record_revisions.c.revision), func.count())
        found = {row[0]: (row[1], row[2]) for row in connection.execute(newest.group_by(record_revisions.c.record))}
        there = {row.id: (row.revision, row.revision) for row in connection.execute(select(records))}
        texts_of = connection.execute(select(notes.c.revision).order_by(notes.c.revision)).scalars().all()
    assert found == there
    assert list(texts_of) == list(range(1, len(texts_of) + 1))


def test_edits_of_eight_processes_at_once_are_all_there(
    meetings: Meetings, meeting: str, database_url: str, tmp_path: Path
):
    logs = [tmp_path / f"{n}.log" for n in range(CLIENTS)]
    clients = [start(database_url, meeting, f"client-{n}", EDITS, log) for n, log in enumerate(logs)]
    assert [client.wait(300) for client in clients] == [0] * CLIENTS
    acknowledged = [each for log in logs for each in lines(log, "ack")]
    assert len(acknowledged) == CLIENTS * EDITS
    assert set(acknowledged) <= set(texts(meetings, meeting))
    written = {text for kind, text in acknowledged if kind == "note"}
    assert sorted(meetings.notes.read(meeting, "since").text.split("\n")) == sorted(written)
    assert len(meetings.records.listed(Action)) == sum(kind == "action" for kind, _ in acknowledged)
    assert_whole(meetings.records._engine)


def test_a_process_that_is_killed_while_it_writes_loses_nothing_acknowledged_and_what_is_sent_again_counts_once(
    meetings: Meetings, meeting: str, database_url: str, tmp_path: Path
):
    chance = random.Random(11)
    for n in range(KILLS):
        log = tmp_path / f"{n}.log"
        client = start(database_url, meeting, f"killed-{n}", 0, log)
        until = time.monotonic() + 300
        while len(lines(log, "ack")) < 8 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        client.kill()
        client.wait()
    logs = [tmp_path / f"{n}.log" for n in range(KILLS)]
    found = set(texts(meetings, meeting))
    assert all(len(lines(log, "ack")) >= 8 for log in logs)
    assert {each for log in logs for each in lines(log, "ack")} <= found
    assert found <= {each for log in logs for each in lines(log, "try")}
    tried = {text for log in logs for kind, text in lines(log, "try") if kind == "action"}
    for text in tried:  # as a sender who got no answer sends it again
        sent = meetings.records.add(Action(app="checkout", text=text), text)
        assert meetings.records.history(Action, sent.id)[0].value.text == text
    assert sorted(record.key or "" for record in meetings.records.listed(Action, "checkout")) == sorted(tried)
    assert_whole(meetings.records._engine)
