"""Folds events that are close to each other on a figure into one line that says how many they are."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.charts.annotations import Event
from tomoni.charts.frame import Frame
from tomoni.meetings.model import EventKind
from tomoni.words.events import counted

_MOST_LINES = 10
_NEAR = 0.015  # of what is in sight: closer lines cannot be told apart
_MOST_NAMED = 8


def folded(events: Sequence[Event], frame: Frame) -> list[Event]:
    """The events within the time axis in order of time; at most ten lines for alerts, ten for the
    others that have a kind."""
    shown = [event for event in events if frame.left <= event.at < frame.right]
    alone = [event for event in shown if event.kind is None]
    happened = sorted((event for event in shown if event.kind is not None), key=lambda e: e.at)
    alerts = [event for event in happened if event.kind is EventKind.ALERT]
    others = [event for event in happened if event.kind is not EventKind.ALERT]
    groups = [*_groups(others, frame), *_groups(alerts, frame)]
    return sorted([*alone, *(_one(group, frame) for group in groups)], key=lambda event: event.at)


def _groups(events: Sequence[Event], frame: Frame) -> list[list[Event]]:
    """The events in groups that span less and less of the axis apart, until there are few enough."""
    near = max(1, round(frame.seconds_in_sight * _NEAR))
    groups = _within(events, near)
    while len(groups) > _MOST_LINES:
        near *= 2
        groups = _within(events, near)
    return groups


def _within(events: Sequence[Event], near: int) -> list[list[Event]]:
    """The events in groups that each begin less than ``near`` seconds before their last."""
    groups: list[list[Event]] = []
    for event in events:
        if groups and event.at - groups[-1][0].at < near:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _one(group: Sequence[Event], frame: Frame) -> Event:
    """A group as one event, at the first of them."""
    if len(group) == 1:
        return group[0]
    kinds = {event.kind for event in group if event.kind is not None}
    hover = [line for event in group[:_MOST_NAMED] for line in event.hover]
    if len(group) > _MOST_NAMED:
        hover.append("…")
    return Event(group[0].at, counted(len(group), kinds, frame.text), group[0].kind, tuple(hover))
