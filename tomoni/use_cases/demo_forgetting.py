"""Taking the demo's story away where it does not belong: apps of its names that read anything but the demo source.

Who tried the demo and then wrote a configuration of their own on the same database must never see it there. What
people wrote themselves stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tomoni.meetings.model import KINDS, Meeting, Question
from tomoni.meetings.records import Record
from tomoni.use_cases.demo_script import Story
from tomoni.use_cases.demo_stories import STORIES
from tomoni.use_cases.demo_story import FIRST_REVIEW, KEY, is_demo

if TYPE_CHECKING:
    from tomoni.use_cases.product import Tomoni


def forget_demo_story(tomoni: Tomoni) -> int:
    """Removes the story of every app that is not the demo's any more; returns of how many. Raises StoreError."""
    strange = [id_ for id_ in STORIES if not is_demo(tomoni, tomoni.catalog.app(id_))]
    return sum(_forget(tomoni, id_, STORIES[id_]) for id_ in strange)


def _forget(tomoni: Tomoni, app: str, story: Story) -> bool:
    records = tomoni.meetings.records
    if records.keyed(Meeting, app, FIRST_REVIEW) is None:  # the last one to be removed
        return False
    told = {each.id for each in records.listed(Meeting, app) if (each.key or "").startswith(KEY)}
    for entry in [entry for entry in tomoni.snapshots.listed(app) if entry.meeting in told]:
        tomoni.snapshots.pin(entry.hash, None)
        tomoni.snapshots.delete(entry.hash, tomoni.now())
    for kind in reversed(KINDS.values()):
        for each in reversed(records.listed(kind, app)):
            if _is_told(each, told, story):
                records.remove(kind, each.id)
    return True


def _is_told(record: Record[Any], meetings: set[str], story: Story) -> bool:
    """Whether a record is of the story: by its key, its meeting, or, of a question, its words."""
    if isinstance(record.value, Question):
        return record.value.text in set(_questions(story))
    return (record.key or "").startswith(KEY) or getattr(record.value, "meeting", None) in meetings


def _questions(story: Story) -> Iterator[str]:
    for doubt in (*story.waiting, *(doubt for talk in story.talks for doubt in talk.doubts)):
        yield from doubt.text
