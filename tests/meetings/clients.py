"""Processes that write as people do who meet: `python -m tests.meetings.clients URL MEETING NAME COUNT LOG`.

Each line of the log is written before an edit is sent (``try``) or after it was acknowledged (``ack``), as JSON:
the kind of the edit and its text.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Question
from tomoni.store.engine import open_engine


def start(url: str, meeting: str, name: str, edits: int, log: Path) -> subprocess.Popen[bytes]:
    """Starts a client that makes some edits; 0 for one that goes on until it is killed."""
    command = [sys.executable, "-m", "tests.meetings.clients", url, meeting, name, str(edits), str(log)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[2])


def lines(log: Path, what: str) -> list[tuple[str, str]]:
    """The kind and text of all edits that were tried, or acknowledged; a line cut short was never written."""
    whole = log.read_text().split("\n")[:-1] if log.exists() else []
    return [(line["kind"], line["text"]) for line in map(json.loads, whole) if line["what"] == what]


def run(url: str, meeting: str, name: str, edits: int, log: Path) -> None:
    """Makes edits of notes, actions and questions in turn."""
    meetings = Meetings(open_engine(url), lambda: 1_795_860_000.0)
    base, action = "", None
    with log.open("a") as out:

        def write(what: str, kind: str, text: str) -> None:
            out.write(json.dumps({"what": what, "kind": kind, "text": text}) + "\n")
            out.flush()

        for n in range(edits) if edits else count():
            kind, text = ("note", "action", "question", "change")[n % 4], f"{name} {n}"
            write("try", kind, text)
            if kind == "note":
                base = meetings.notes.save(meeting, "since", base, f"{base}\n{text}".strip("\n")).text
            elif kind == "action":
                action = meetings.records.add(Action(app="checkout", text=text), text).id  # its key, as a sender has it
            elif kind == "question":
                meetings.records.add(Question(app="checkout", text=text, step="since"))
            elif action is not None:
                meetings.records.change(Action, action, {"text": text})
            write("ack", kind, text)


def texts(meetings: Meetings, meeting: str) -> Iterator[tuple[str, str]]:
    """Everything that is found of the edits, also in what was changed since."""
    for note in meetings.notes.history(meeting, "since"):
        yield from (("note", line) for line in note.text.split("\n"))
    for action in meetings.records.listed(Action, "checkout"):
        for revision in meetings.records.history(Action, action.id):
            yield "action" if revision.number == 1 else "change", revision.value.text
    for question in meetings.records.listed(Question, "checkout"):
        yield "question", question.value.text


if __name__ == "__main__":
    url, meeting, name, edits, log = sys.argv[1:]
    run(url, meeting, name, int(edits), Path(log))
