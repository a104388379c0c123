"""What two reviews of an app agreed on differently: actions and decisions that came, ended or changed, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from tomoni.meetings.model import Action, ActionState, Conclusion, Decision
from tomoni.snapshots.document.sections.edition import name_of
from tomoni.snapshots.record.comparing import Comparison
from tomoni.snapshots.record.meeting import MeetingRecord
from tomoni.words import choices
from tomoni.words.text import Text

T = TypeVar("T")
Pair = tuple[T | None, T | None]


def agreed(compared: Comparison, text: Text) -> list[str]:
    """What was agreed on otherwise in the later one of two snapshots; nothing where one of them closed no review."""
    was, now = compared.before.beside.meeting, compared.after.beside.meeting
    if was is None or now is None:
        return []
    return [*_decisions(was, now, text), *_conclusions(compared, was, now, text), *_actions(was, now, text)]


def _both(was: Mapping[str, T], now: Mapping[str, T]) -> Iterator[Pair[T]]:
    """What each id names in both, those of the earlier one first."""
    yield from ((was.get(id_), now.get(id_)) for id_ in {**was, **now})


def _decisions(was: MeetingRecord, now: MeetingRecord, text: Text) -> Iterator[str]:
    before, after = ({each.id: each.value for each in found.decisions} for found in (was, now))
    for old, new in _both(before, after):
        yield from _decision(old, new, text)


def _decision(was: Decision | None, now: Decision | None, text: Text) -> Iterator[str]:
    if now is None:
        yield text._("No longer in force: %(what)s") % {"what": text.quote(was.text if was else "")}
    elif was is None:
        yield text._("New decision: %(what)s") % {"what": text.quote(now.text)}
    elif (was.text, was.until) != (now.text, now.until):
        facts = {"what": text.quote(was.text), "now": text.quote(now.text)}
        if was.text != now.text:
            yield text._("The decision %(what)s is now %(now)s.") % facts
        if was.until != now.until:
            facts = {"what": text.quote(now.text), "day": _day(now.until, text)}
            yield text._("The decision %(what)s now holds until %(day)s.") % facts


def _conclusions(compared: Comparison, was: MeetingRecord, now: MeetingRecord, text: Text) -> Iterator[str]:
    names = {track.status.path: name_of(track.status, text) for track in compared.after.review.tracks}
    before, after = ({each.value.slo: each.value for each in found.conclusions} for found in (was, now))
    for old, new in _both(before, after):
        if old is not None and new is not None and old.choice is not new.choice:
            yield _conclusion(names.get(new.slo, new.slo), old, new, text)


def _conclusion(name: str, was: Conclusion, now: Conclusion, text: Text) -> str:
    said = (text.quote(choices.choice(each.choice, text)) for each in (was, now))
    facts = dict(zip(("was", "now"), said, strict=True)) | {"slo": text.quote(name)}
    return text._("Concluded of %(slo)s: %(now)s; before: %(was)s.") % facts


def _actions(was: MeetingRecord, now: MeetingRecord, text: Text) -> Iterator[str]:
    before, after = ({each.id: each.value for each in found.actions} for found in (was, now))
    for old, new in _both(before, after):
        if new is not None and (said := _action(old, new, text)):
            yield said


def _action(was: Action | None, now: Action, text: Text) -> str:
    """What became of an action; nothing where it is as it was."""
    facts = {"what": text.quote(now.text), "day": _day(now.due, text)}
    if was is not None and was.state is now.state:
        if was.due != now.due and now.state is ActionState.OPEN:
            return text._("The action %(what)s is now due on %(day)s.") % facts
        return ""
    if now.state is ActionState.DONE:
        return text._("Done: %(what)s") % facts
    if now.state is ActionState.DROPPED:
        return text._("Dropped: %(what)s") % facts
    return text._("Open again: %(what)s") % facts if was else text._("New action: %(what)s") % facts


def _day(day: date | None, text: Text) -> str:
    """A day, without time or zone."""
    noon = datetime.combine(day, time(12), ZoneInfo(text.zone)) if day else None
    return text.day(noon.timestamp() if noon else None)
