"""What a step of a meeting knows: the meeting, and the review that it looks at, fixed for everybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from tomoni.catalog.for_reviews import Agenda
from tomoni.catalog.schema import App
from tomoni.meetings.model import Meeting, MeetingState
from tomoni.meetings.records import Record, Records
from tomoni.review.model import Review
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.ui.context import Context
from tomoni.use_cases.closing import held_figures
from tomoni.use_cases.meeting import as_seen, period_of
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class MeetingView:
    """One run of a meeting's page. ``meeting`` has the period that is shown, and ``context`` shows the review of
    that period wherever it is asked for one. ``version`` is that of what was written of the app before anything of it
    was read. ``snapshot`` is what a closed meeting was frozen as."""

    context: Context
    app: App
    meeting: Record[Meeting]
    review: Review
    text: Text
    version: int
    snapshot: Snapshot | None = None

    @property
    def records(self) -> Records:
        """Where the teams' words are kept."""
        return self.context.tomoni.meetings.records

    @property
    def goes_on(self) -> bool:
        """Whether the meeting is prepared or held, so that what belongs to it can still change."""
        return self.meeting.value.state in (MeetingState.DRAFT, MeetingState.OPEN)

    @property
    def writable(self) -> bool:
        """Whether the reader may write of the app at all, also of a meeting that is over."""
        return self.context.may_write(self.app.id)

    @property
    def editable(self) -> bool:
        """Whether the reader can change what belongs to the meeting."""
        return self.goes_on and self.writable

    @property
    def step(self) -> str:
        """The code of the step that is shown."""
        return self.context.view.step or self.agenda.steps[0].step.value

    @property
    def agenda(self) -> Agenda:
        """How the app's reviews go, as it is written now."""
        app = self.context.tomoni.catalog.app(self.app.id)
        return app.agenda if app else Agenda()


def view_of(context: Context, app: App, meeting: Record[Meeting], version: int) -> MeetingView:
    """The view of a meeting, with the version of its app's records. Raises SnapshotError where what was frozen cannot
    be read."""
    seen = replace(meeting, value=as_seen(meeting.value, settled(context, app)))
    snapshot = _snapshot(context.tomoni, seen.value.snapshot) if seen.value.snapshot else None
    review = snapshot.review if snapshot else _review(context, app, seen)
    view = replace(context.view, app=app.id, at=review.as_of, period=None, range=None)
    text = context.text_of(app)
    held = replace(context, view=view, held=review, text=text)
    held = replace(held, held_figures=held.figures)
    return MeetingView(held, review.app, seen, review, text, version, snapshot)


def snapshot_of(context: Context, digest: str) -> Snapshot:
    """What a meeting was frozen as. Raises SnapshotError where it cannot be read."""
    return _snapshot(context.tomoni, digest)


def _review(context: Context, app: App, meeting: Record[Meeting]) -> Review:
    """The figures of a meeting that is not closed, with the events that are known now."""
    value, review = meeting.value, None
    if value.state is MeetingState.OPEN:
        of = (meeting.id, value.start, value.as_of, context.tomoni.generation)
        review = _held_review(context.tomoni, of, meeting)
    if review is None:
        period = period_of(value)
        of_period = partial(context.tomoni.review, app, period)
        review = context.shared(
            "reviews of meetings", 16, (app.id, period), of_period, value.state is MeetingState.OPEN
        )
    return context.tomoni.events.newest(review)


def settled(context: Context, app: App) -> int:
    """The newest moment up to which the app's sources are trusted, a whole minute: figures of it do not change
    only because time goes by."""
    used = {slo.source for journey in app.journeys for slo in journey.slos} | {each.source for each in app.infra}
    lags = [source.lag_seconds for id_, source in context.tomoni.sources.items() if id_ in used]
    return (context.live.as_of - max(lags, default=0)) // 60 * 60


@st.cache_resource(show_spinner=False, max_entries=8)
def _held_review(_product: Tomoni, figures: object, _meeting: Record[Meeting]) -> Review | None:
    """The review that was frozen when a meeting began."""
    found = held_figures(_product, _meeting)
    return found.review if found else None


@st.cache_resource(show_spinner=False, max_entries=8)
def _snapshot(_product: Tomoni, digest: str) -> Snapshot:
    return _product.snapshots.read(digest)
