"""The demo's story in the database: closed reviews with all that was written, so that a newcomer sees the loop.

It is told for apps that read the demo source alone, and only where the process was asked to tell it
(`ProcessSettings.demo_story`). Everything has a key of its own: told again, nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import App
from tomoni.meetings.closing import Keep
from tomoni.meetings.held import Held
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import (
    Action,
    ActionState,
    Choice,
    Decision,
    DecisionKind,
    EpisodeReason,
    Event,
    EventKind,
    Incident,
    Link,
    Meeting,
    MeetingState,
    Origin,
    Postmortem,
    Question,
    QuestionState,
)
from tomoni.meetings.records import Record
from tomoni.review.agreements import next_review
from tomoni.review.model import SloTrack
from tomoni.slo.model import DAY, HOUR, MINUTE
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.use_cases.closing import reach_of, sealed
from tomoni.use_cases.decisions import conclude
from tomoni.use_cases.demo_script import Burn, Doubt, Story, T, Talk, Todo
from tomoni.use_cases.demo_stories import STORIES
from tomoni.use_cases.meeting import period_of

if TYPE_CHECKING:
    from tomoni.use_cases.product import Tomoni

_TOKYO = ZoneInfo("Asia/Tokyo")
_SATURDAY = 5
_LASTED = 45 * MINUTE
_KIND = "demo"
KEY = "demo-"  # of everything that is told
FIRST_REVIEW = f"{KEY}review-0"


def tell_demo_story(tomoni: Tomoni) -> int:
    """Writes what is missing of the story; returns of how many apps. Raises StoreError."""
    apps = [app for app in tomoni.catalog.apps if app.id in STORIES and is_demo(tomoni, app)]
    return sum(_Telling(tomoni, app, STORIES[app.id]).tell() for app in apps)


def lacks_story(tomoni: Tomoni, app: App) -> bool:
    """Whether an app has a story of which not everything is written yet."""
    return app.id in STORIES and is_demo(tomoni, app) and _Telling(tomoni, app, STORIES[app.id]).is_due


def is_demo(tomoni: Tomoni, app: App | None) -> bool:
    """Whether all that an app shows comes from the demo source; False for one that is not configured."""
    if app is None:
        return False
    used = {slo.source for journey in app.journeys for slo in journey.slos} | {each.source for each in app.infra}
    kinds = {tomoni.sources[source].kind if source in tomoni.sources else "" for source in used}
    return kinds == {_KIND}


@dataclass(frozen=True, slots=True)
class _Telling:
    """The story of one app."""

    tomoni: Tomoni
    app: App
    story: Story

    def tell(self) -> bool:
        """Writes the story up to now; False when it was written already, or the app has no rhythm."""
        moments = self._moments()
        if moments is None or not self.is_due:
            return False
        self._around()
        before = moments[0] - self._every
        for n, (at, talk) in enumerate(zip(moments, self.story.talks, strict=True)):
            self._hold(n, before, at, talk)
            self._finish(talk.todos, at)
            before = at
        for doubt in self.story.waiting:
            self._ask(self.tomoni.meetings, doubt)
        return True

    @property
    def _every(self) -> int:
        return self.app.review.every_days * DAY if self.app.review else 0

    def _moments(self) -> tuple[int, int] | None:
        """When the last two reviews of the rhythm were."""
        following = next_review(self.app, self.tomoni.now())
        last = int(following.timestamp()) - self._every if following else 0
        return (last - self._every, last) if following else None

    @property
    def is_due(self) -> bool:
        """Whether the app has a rhythm, and the last review of the story is not closed."""
        last = self.tomoni.meetings.records.keyed(Meeting, self.app.id, "demo-review-1")
        return self._moments() is not None and (last is None or last.value.state is not MeetingState.CLOSED)

    def _at(self, moment: int) -> Meetings:
        """The records, written as of a moment."""
        return self.tomoni.meetings.as_of(moment)

    def _say(self, text: T) -> str:
        languages = self.tomoni.catalog.settings.languages
        language = self.app.agenda.language or (languages[0] if languages else "en")
        return text[1] if language == "ja" else text[0]

    def _moment(self, days: int, clock: str) -> int:
        """As the demo source counts: some days before today, on the Friday before where that is a weekend."""
        today = datetime.fromtimestamp(self.tomoni.now() // DAY * DAY, UTC).astimezone(_TOKYO).date()
        day = today - timedelta(days=days)
        day -= timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
        hour, minute = (int(part) for part in clock.split(":"))
        return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=_TOKYO).timestamp())

    def _around(self) -> None:
        """Events, incidents and what was learned from them."""
        for n, release in enumerate(self.story.releases):
            at = self._moment(release.days, release.clock)
            event = Event(app=self.app.id, at=at, what=release.what, title=self._say(release.title), sender="demo")
            self._at(at).records.add(event, f"demo-event-{n}")
        for burn in self.story.burns:
            start, end = self._span(burn)
            links = (Link(title=burn.ticket, url=f"https://tickets.example.com/{burn.ticket}"),)
            title, risk = self._say(burn.title), self._risk(burn)
            incident = Incident(app=self.app.id, title=title, start=start, end=end, links=links, risk=risk)
            self._alert(burn, start, end)
            made = self._at(end + HOUR).records.add(incident, f"demo-{burn.key}")
            self._learn(burn, made, end + DAY)

    def _alert(self, burn: Burn, start: int, end: int) -> None:
        """The alert of a burn, as its rule would have fired."""
        if burn.alerted is None:
            return
        slo = f"{self.app.id}/{burn.slo}"
        own = {"name": "ErrorBudgetBurnPage", "severity": "page", "slo": slo, "sender": "demo"}
        at, until = start + burn.alerted * MINUTE, end + 12 * MINUTE
        fired = {"app": self.app.id, "at": at, "until": until, "what": EventKind.ALERT, "title": own["name"], **own}
        self._at(start).records.add(Event.model_validate(fired), f"demo-alert-{burn.key}")

    def _risk(self, burn: Burn) -> str:
        """The risk that came true, where the app's file has it."""
        return burn.risk if burn.risk in {risk.id for risk in self.app.risks} else ""

    def _span(self, burn: Burn) -> tuple[int, int]:
        start = self._moment(burn.days, burn.clock)
        return start, start + burn.minutes * MINUTE

    def _learn(self, burn: Burn, incident: Record[Incident], at: int) -> None:
        if burn.learned is None:
            return
        language = "ja" if self._say(("en", "ja")) == "ja" else "en"
        factors = tuple(self._say(factor) for factor in burn.factors)
        said = {"title": self._say(burn.title), "body": self._say(burn.learned), "language": language}
        learned = Postmortem.model_validate({"app": self.app.id, "incident": incident.id, "factors": factors, **said})
        self._at(min(at, self.tomoni.now())).records.add(learned, f"demo-{burn.key}")

    def _hold(self, n: int, start: int, at: int, talk: Talk) -> None:
        """One review from its beginning to its end."""
        then, records = self._at(at), self._at(at).records
        previous = records.keyed(Meeting, self.app.id, f"demo-review-{n - 1}")
        value = Meeting(
            app=self.app.id,
            state=MeetingState.OPEN,
            planned_at=at,
            start=start,
            as_of=at,
            begun_at=at,
            previous=previous.id if previous else None,
        )
        meeting = records.add(value, f"demo-review-{n}")
        if meeting.value.state is MeetingState.CLOSED:
            return
        period = period_of(value)
        self.tomoni.sync_review(period, self.app.id)
        figures = self.tomoni.freeze(self.app, period)
        self._write(then, meeting, talk, figures)
        self._close(meeting, figures, at + _LASTED)

    def _write(self, then: Meetings, meeting: Record[Meeting], talk: Talk, figures: Snapshot) -> None:
        """What was said and agreed on."""
        for step, text in talk.notes.items():
            then.notes.save(meeting.id, step, "", self._say(text))
        for track in figures.review.tracks:
            self._conclude(then, meeting, talk, track)
        for burn in self.story.burns:
            start, end = self._span(burn)
            if meeting.value.start <= start < meeting.value.as_of:
                self._reason(then, meeting, burn, (start, end), figures)
        for todo in talk.todos:
            self._promise(then, meeting, todo, Origin(place="step", ref="decide"))
        for doubt in talk.doubts:
            self._ask(then, doubt, meeting)
        if talk.decision:
            self._decide(then, meeting, talk.decision)

    def _conclude(self, then: Meetings, meeting: Record[Meeting], talk: Talk, track: SloTrack) -> None:
        slo = f"{track.status.journey.id}/{track.status.slo.id}"
        choice, text = talk.choices.get(slo, (Choice.KEPT, ("", "")))
        conclude(then.records, meeting.id, track, choice, self._say(text))

    def _reason(
        self, then: Meetings, meeting: Record[Meeting], burn: Burn, span: tuple[int, int], figures: Snapshot
    ) -> None:
        """What the episodes within an incident go with, and the actions that follow from it."""
        incident = then.records.keyed(Incident, self.app.id, f"demo-{burn.key}")
        if incident is None:
            return
        for track in figures.review.tracks:
            for shown in track.burn.shown if track.burn else ():
                episode = shown.episode
                if episode.start < span[1] and span[0] < episode.end:
                    value = EpisodeReason(
                        app=self.app.id,
                        slo=track.status.path,
                        start=episode.start,
                        end=episode.end,
                        reason=burn.reason,
                        ref=incident.id,
                        text=self._say(burn.title),
                    )
                    then.records.add(value, f"demo-{burn.key}-{track.status.path}")
        for todo in burn.todos:
            self._promise(then, meeting, todo, Origin(place="incident", ref=incident.id))

    def _promise(self, then: Meetings, meeting: Record[Meeting], todo: Todo, origin: Origin) -> None:
        """An action of a team, due some days later."""
        at = meeting.value.planned_at
        value = Action(
            app=self.app.id,
            text=self._say(todo.text),
            team=self.app.teams.get(todo.role, ""),
            due=self._day(at + todo.days * DAY),
            ticket=f"https://tickets.example.com/{todo.key}",
            meeting=meeting.id,
            origin=origin,
        )
        then.records.add(value, f"demo-{todo.key}")

    def _finish(self, todos: Sequence[Todo], at: int) -> None:
        """What was done by the next review."""
        for todo in (each for each in todos if each.done):
            action = self.tomoni.meetings.records.keyed(Action, self.app.id, f"demo-{todo.key}")
            done_at = at + todo.days * DAY - 2 * HOUR
            if action and action.value.state is ActionState.OPEN and done_at < self.tomoni.now():
                self._at(done_at).records.change(Action, action.id, {"state": ActionState.DONE, "ended_at": done_at})

    def _day(self, moment: int) -> date:
        return datetime.fromtimestamp(moment, ZoneInfo(self.app.timezone)).date()

    def _ask(self, then: Meetings, doubt: Doubt, meeting: Record[Meeting] | None = None) -> None:
        """A question; questions have no key, so one with the same text counts as asked."""
        text = self._say(doubt.text)
        if any(each.value.text == text for each in then.records.listed(Question, self.app.id)):
            return
        value = Question(app=self.app.id, text=text, step=doubt.step)
        if doubt.answer and meeting:
            ended = {"state": QuestionState.ANSWERED, "answer": self._say(doubt.answer), "meeting": meeting.id}
            value = value.model_copy(update=ended)
        then.records.add(value)

    def _decide(self, then: Meetings, meeting: Record[Meeting], said: tuple[T, T]) -> None:
        value = Decision(
            app=self.app.id,
            meeting=meeting.id,
            what=DecisionKind.CONFIRMED,  # the policy proposed nothing then: the teams decided by themselves
            text=self._say(said[0]),
            reason=self._say(said[1]),
            until=self._day(meeting.value.planned_at + 2 * self._every),
        )
        then.records.add(value, f"demo-decision-{meeting.value.planned_at}")

    def _close(self, meeting: Record[Meeting], figures: Snapshot, at: int) -> None:
        def seal(held: Held) -> Keep:
            return self.tomoni.snapshots.prepared(sealed(self.tomoni, figures, held, at), meeting.id)

        self._at(at).closing.close(meeting.id, self.app.timezone, seal, reach_of(figures.review))
