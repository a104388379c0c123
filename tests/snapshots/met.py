"""A review meeting about the hostile shop, in which everything that people type is hostile too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.snapshots.world import FORMULA, LONG, NOW, PIPES, SCRIPT
from tomoni.meetings.model import (
    Action,
    ActionState,
    Choice,
    Conclusion,
    Decision,
    DecisionKind,
    EpisodeReason,
    Event,
    EventKind,
    Incident,
    Link,
    Meeting,
    MeetingState,
    Postmortem,
    Question,
    QuestionState,
    Reason,
    RiskEntry,
)
from tomoni.snapshots.record import meeting as frozen
from tomoni.snapshots.record.snapshot import Snapshot, freeze

NOTES = f"""# What we saw

The pool was **exhausted** at [noon](https://wiki.example.com/a_(b)?q=<x>), see `SELECT *`.

- first {SCRIPT}
- second
  - [nested](javascript:alert)

1. one

| a | b |
|---|---|
| 1 | {FORMULA.replace("|", "!")} |

```
<!-- tomoni {{}} -->
```
日本語のメモ ![picture](https://tracker.example.com/p.png)
"""
ID = "0123456789abcdef01234567"
_SLO = "shop/buy/strict"


def meeting_record() -> frozen.MeetingRecord:
    """Everything that a meeting can write."""
    value = Meeting(
        app="shop", state=MeetingState.CLOSED, planned_at=NOW, start=NOW - 345_600, as_of=NOW, closed_at=NOW + 60
    )
    incident = Incident(
        app="shop",
        title=f"Pool {SCRIPT}",
        start=NOW - 86_400,
        end=NOW - 80_000,
        links=(Link(title="INC-1", url="https://x.example.com/1"),),
    )
    prices = (frozen.Price(_SLO, 120.0, 0.46), frozen.Price("shop/buy/availability", 0.0, None))
    return frozen.MeetingRecord(
        id=ID,
        value=value,
        next_at=NOW + 14 * 86_400,
        notes=(frozen.StepNotes("since", NOTES, 4), frozen.StepNotes("own-step", "plain", 1)),
        actions=(
            frozen.FrozenAction(ID, 1, Action(app="shop", text=FORMULA, team=PIPES, due=date(2026, 9, 1))),
            frozen.FrozenAction(ID, 2, Action(app="shop", text=f"Alert {SCRIPT}", ticket="https://t.example.com/7")),
            frozen.FrozenAction(
                ID, 2, Action(app="shop", text="Gone", state=ActionState.DROPPED, reason="No longer needed")
            ),
        ),
        incidents=(frozen.FrozenIncident(ID, 1, incident, prices),),
        reasons=(
            frozen.FrozenReason(
                ID,
                1,
                EpisodeReason(
                    app="shop", slo=_SLO, start=NOW - 86_400, end=NOW - 80_000, reason=Reason.INCIDENT, ref=ID
                ),
            ),
        ),
        postmortems=(
            frozen.FrozenPostmortem(
                ID, 1, Postmortem(app="shop", title="What we learned", factors=("connection pool",))
            ),
        ),
        questions=(
            frozen.FrozenQuestion(ID, 1, Question(app="shop", text=f"Why {PIPES}?")),
            frozen.FrozenQuestion(
                ID, 2, Question(app="shop", text="What is p95?", state=QuestionState.ANSWERED, answer="See the guide")
            ),
        ),
        conclusions=(
            frozen.FrozenConclusion(
                ID, 1, Conclusion(app="shop", meeting=ID, slo=_SLO, choice=Choice.OBJECTIVE, text="99.5")
            ),
            frozen.FrozenConclusion(
                ID, 1, Conclusion(app="shop", meeting=ID, slo="shop/buy/availability", choice=Choice.KEPT)
            ),
        ),
        decisions=(
            frozen.FrozenDecision(
                ID,
                1,
                Decision(
                    app="shop",
                    meeting=ID,
                    what=DecisionKind.EXCEPTION,
                    text="Rollouts go on",
                    reason="The sale",
                    until=date(2026, 10, 1),
                ),
            ),
        ),
        risks=(
            frozen.FrozenRisk(
                ID,
                1,
                RiskEntry(
                    app="shop",
                    title="Zone lost",
                    detect_minutes=5,
                    repair_minutes=30,
                    share_of_users=0.3,
                    days_between=90,
                ),
            ),
        ),
        events=(
            frozen.FrozenEvent(
                ID, 1, Event(app="shop", at=NOW - 3600, what=EventKind.DEPLOY, title=f"2.41 {LONG[:250]}")
            ),
        ),
    )


def met(snapshot: Snapshot) -> Snapshot:
    """A snapshot as the meeting closed with it."""
    return freeze(
        snapshot.review, snapshot.origin, snapshot.made_at, replace(snapshot.beside, notes="", meeting=meeting_record())
    )
