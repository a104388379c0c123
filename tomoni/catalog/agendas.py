"""`agendas/<app>.yaml`: how a team goes through its review; the keys first, then the reading.

What an app's own file does not say is as in `agendas/default.yaml`, and then as usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, PlainValidator

from tomoni.catalog.codes import Code, facts_of_unknown, listed
from tomoni.catalog.document import Document, Place
from tomoni.catalog.flags import Flag
from tomoni.catalog.for_reviews import USUAL_MINUTES, Agenda, AgendaStep, Step
from tomoni.catalog.mapping import DISPENSABLE, ONE_BY_ONE, Entry, elements, read_entry
from tomoni.catalog.schema import App, Spot
from tomoni.catalog.values import Id, PageLanguage, Title, choice, choice_schema, whole_number, whole_schema

DEFAULT = "default"
LONGEST_MINUTES = 240
T = TypeVar("T")


StepName = Annotated[Step, PlainValidator(choice(Step)), choice_schema(Step)]
Minutes = Annotated[int, PlainValidator(whole_number(1, LONGEST_MINUTES)), whole_schema(1, LONGEST_MINUTES)]


class StepEntry(Entry):
    """One step of the review."""

    leave_out: Annotated[Flag | None, DISPENSABLE] = Field(
        default=None, description="true: the review goes without this step."
    )
    minutes: Annotated[Minutes | None, DISPENSABLE] = Field(
        default=None, description="The time box of the step, whole minutes."
    )
    questions: Annotated[list[Title] | None, DISPENSABLE] = Field(
        default=None, description="What the team asks itself at this step, a sentence each."
    )
    checks: Annotated[list[Title] | None, DISPENSABLE] = Field(
        default=None, description="What the team makes sure of at this step, a sentence each."
    )


class StepsEntry(Entry):
    """The steps that differ from the usual."""

    follow_ups: StepEntry | None = Field(default=None, description="Follow-ups: open actions and last decisions.")
    since: StepEntry | None = Field(default=None, description="What changed since last time.")
    journeys: StepEntry | None = Field(default=None, description="The joint view of each journey.")
    burned: StepEntry | None = Field(default=None, description="What burned the budget.")
    ahead: StepEntry | None = Field(default=None, description="The forecast, planned exclusions and risks.")
    decide: StepEntry | None = Field(default=None, description="Conclusions, decisions and actions.")
    close: StepEntry | None = Field(default=None, description="What is frozen and sent around.")


class AgendaEntry(Entry):
    """`config/agendas/<app>.yaml`."""

    app: Id | None = Field(
        default=None, description="The app whose agenda this is: an id of apps/. Only default.yaml goes without."
    )
    language: Annotated[PageLanguage | None, DISPENSABLE] = Field(
        default=None, description="The language of its review, minutes and reminders; else each reader's own."
    )
    hints: Annotated[Flag | None, DISPENSABLE] = Field(
        default=None, description="false: no hints of what a facilitator may ask."
    )
    order: Annotated[list[StepName] | None, DISPENSABLE] = Field(
        default=None, description="The steps that come first, in this order; the others follow as usual, close last."
    )
    steps: Annotated[StepsEntry | None, ONE_BY_ONE] = Field(
        default=None, description="The steps that differ from the usual, each under its name."
    )


@dataclass(frozen=True, slots=True)
class WrittenAgenda:
    """What one file says: of which app (None: of all that have no file of their own), and of which steps."""

    app: str | None
    entry: AgendaEntry
    steps: Mapping[Step, StepEntry]


def read_agenda(document: Document, apps: Sequence[App], taken: Mapping[str | None, Spot]) -> WrittenAgenda | None:
    """The agenda of a file, or None; faults are noted in it. ``taken`` are the apps that have one already."""
    if document.data is None:  # all of it may be commented out
        return None
    entry = read_entry(document, (), AgendaEntry)
    steps = dict(_steps(document))
    if entry is None or not _is_of_an_app(document, entry.app, [app.id for app in apps]):
        return None
    order = _sound_order(document, entry.order)
    if first := taken.get(entry.app):
        where: dict[str, str | int] = {"first_file": first.file, "first_line": first.line}
        document.note(("app",), Code.DUPLICATE_ID, what="agenda", id=entry.app or DEFAULT, **where)
        return None
    return WrittenAgenda(entry.app, entry.model_copy(update={"order": order}), steps)


def _is_of_an_app(document: Document, app: str | None, known: list[str]) -> bool:
    if app is None:
        if Path(document.file).stem == DEFAULT:
            return True
        document.note_key(("app",), Code.MISSING_KEY, key="app")
    elif app not in known:
        document.note(("app",), Code.UNKNOWN_APP, app=app, **facts_of_unknown(app, known))
    return app in known


def _steps(document: Document) -> Iterator[tuple[Step, StepEntry]]:
    place: Place = ("steps",)
    written = document.at(place)
    if written is None:
        return
    if not isinstance(written, dict):
        document.note(place, Code.WRONG_TYPE, expected="mapping")
        return
    known = [step.value for step in Step]
    for name in written:
        step = (*place, name)
        if name not in known:
            facts = {"key": str(name) or '""', **facts_of_unknown(str(name), known)}
            document.note_key(step, Code.UNKNOWN_KEY, **facts)
        elif written[name] is not None and (entry := read_entry(document, step, StepEntry)) is not None:
            yield Step(name), entry
            said = [key for key in ("minutes", "questions", "checks") if getattr(entry, key)]
            if entry.leave_out and said and name != Step.CLOSE:
                document.note((*step, "leave_out"), Code.STEP_LEFT_OUT, step=name, keys=listed(said))
            if name == Step.CLOSE and entry.leave_out:
                document.note((*step, "leave_out"), Code.CLOSE_STAYS)


def _sound_order(document: Document, order: list[Step] | None) -> list[Step] | None:
    """The order without steps that are named twice, or that cannot be where they are."""
    found: list[Step] = []
    for n, place in enumerate(elements(document, ("order",)) if order else ()):
        step = order[n] if order else Step.CLOSE
        if step in found:
            document.note(place, Code.STEP_TWICE, step=step.value)
        elif step is Step.CLOSE and order and n < len(order) - 1:
            document.note(place, Code.CLOSE_STAYS)
        else:
            found.append(step)
    return found or None


def with_agendas(apps: Sequence[App], written: Sequence[WrittenAgenda]) -> tuple[App, ...]:
    """The apps with their agendas."""
    by_app = {each.app: each for each in written}
    return tuple(
        replace(app, agenda=_agenda([by_app[name] for name in (app.id, None) if name in by_app])) for app in apps
    )


def _agenda(written: list[WrittenAgenda]) -> Agenda:
    """An agenda by some files: of each key the first that says something."""
    entries = [each.entry for each in written]
    first = _first([entry.order for entry in entries]) or []
    order = [*first, *(step for step in Step if step not in first)]
    steps = [_step(step, [each.steps[step] for each in written if step in each.steps]) for step in order]
    closing = [step for step in steps if step and step.step is Step.CLOSE]
    others = [step for step in steps if step and step.step is not Step.CLOSE]
    hints = _first([entry.hints for entry in entries])
    return Agenda((*others, *closing), _first([entry.language for entry in entries]), hints is not False)


def _step(step: Step, entries: list[StepEntry]) -> AgendaStep | None:
    """A step, or None where it is left out; the last step, which closes the review, never is."""
    if _first([entry.leave_out for entry in entries]) and step is not Step.CLOSE:
        return None
    minutes = _first([entry.minutes for entry in entries])
    questions = _first([entry.questions for entry in entries]) or []
    checks = _first([entry.checks for entry in entries]) or []
    return AgendaStep(step, minutes or USUAL_MINUTES[step], tuple(questions), tuple(checks))


def _first(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
