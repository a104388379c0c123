"""Closing a review freezes all that was seen and written, and its figures stay those of their moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import cli
from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, Choice, Decision, DecisionKind, Incident, Meeting, Question, QuestionState
from tomoni.meetings.records import Record
from tomoni.review.model import Period
from tomoni.slo.model import State
from tomoni.snapshots.document.sections.agreed import agreed
from tomoni.snapshots.document.sections.changes import comparison
from tomoni.snapshots.record.codec import encode
from tomoni.snapshots.record.comparing import compare
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339, slo_json
from tomoni.use_cases.closing import begin_meeting, close_meeting, correct_meeting, figures_of, preview
from tomoni.use_cases.decisions import conclude
from tomoni.use_cases.meeting import begin, last_closed, period_of
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.rereading import Scope
from tomoni.use_cases.risks import change_risk, remove_risk
from tomoni.words.text import text_for

NOW = START + 6 * DAY
AS_OF = NOW - 600
OUTAGE = range(1500, 1506)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    bad = dict.fromkeys(OUTAGE, 7.0)
    shop.write_orders((START + place * STEP, 500.0 + place % 7, bad.get(place, 0.0)) for place in range(6 * 288))
    return shop


@pytest.fixture
def product(shop: Shop) -> Iterator[Tomoni]:
    with closing(shop.open(NOW - DAY)) as before:
        before.sync(days=1)  # definitions count from when they were first seen
    with closing(shop.open(NOW)) as product:
        product.sync(days=6)
        yield product


def begun(product: Tomoni) -> Record[Meeting]:
    records = product.meetings.records
    meeting = records.add(Meeting(app="shop", planned_at=NOW, start=AS_OF - 2 * DAY, as_of=AS_OF))
    return begin(records, meeting.id, AS_OF, NOW)


def status_at(shop: Shop, moment: int, now: int) -> Any:
    """What `status --at` says."""
    environ = {
        "TOMONI_CONFIG": str(shop.folder / "config"),
        "TOMONI_DATABASE_URL": f"sqlite:///{shop.folder / 'tomoni.db'}",
        "TOMONI_NOW": rfc3339(now),
        "LC_ALL": "C.UTF-8",
    }
    asked = ["status", "--at", rfc3339(moment), "--format", "json", "--no-sync"]
    answer = CliRunner().invoke(cli, asked, env=environ, prog_name="cli.py")
    assert answer.exit_code == 0, answer.output
    (slo,) = json.loads(answer.stdout)["slos"]
    slo.pop("problems")
    return slo


def said(snapshot: Snapshot) -> Any:
    (track,) = snapshot.review.tracks
    return json.loads(json.dumps(slo_json(track.status, text_for("en"))))


def test_figures_of_a_closed_review_are_those_of_status_also_when_the_source_forgot_and_the_objective_changed(
    shop, product
):
    snapshot = close_meeting(product, begun(product).id)
    assert said(snapshot) == status_at(shop, AS_OF, NOW)
    assert said(snapshot)["bad"] == 42.0
    product.close()
    (shop.folder / "data" / "orders.csv").write_text("time,total,bad\n")
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(APP.replace("objective: 99,", "objective: 90,"))
    later = shop.open(NOW + 3 * DAY)
    later.sync(days=1)
    again = later.snapshots.read(snapshot.hash)
    assert said(again) == said(snapshot) == status_at(shop, AS_OF, NOW + 3 * DAY)
    assert encode(again.review, type(again.review)) == encode(snapshot.review, type(snapshot.review))


@pytest.mark.parametrize("source", ["gone", "hangs"])
def test_a_review_closes_with_its_figures_while_the_source_is_dead(
    shop: Shop, product: Tomoni, monkeypatch: pytest.MonkeyPatch, source: str
):
    draft = product.meetings.records.add(Meeting(app="shop", planned_at=NOW, start=AS_OF - 2 * DAY, as_of=AS_OF))
    before = said(figures_of(product, begin_meeting(product, draft.id, AS_OF)))
    if source == "gone":
        (shop.folder / "data" / "orders.csv").unlink()
    else:  # whoever asked it would wait forever; here it fails
        for each in product.sources.values():
            monkeypatch.setattr(type(each), "fetch", lambda *_: pytest.fail("closing asks no source"))
    snapshot = close_meeting(product, draft.id)
    assert said(snapshot) == before
    assert product.meetings.records.read(Meeting, draft.id).value.snapshot == snapshot.hash


def test_a_review_that_is_closed_after_a_definition_changed_has_the_figures_it_began_with(shop, product):
    meeting = begun(product)
    before = product.review(product.apps()[0], Period(AS_OF, 2)).tracks[0].status.figures
    product.close()
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(APP.replace("objective: 99,", "objective: 90,"))
    later = shop.open(NOW + DAY)
    later.sync(days=1)
    after = close_meeting(later, meeting.id).review.tracks[0].status.figures
    assert (after.remaining, after.bad, after.state) == (before.remaining, before.bad, State.HEALTHY)


def test_the_figures_of_a_review_stay_those_of_its_beginning_when_a_source_corrects_itself(shop, product):
    records = product.meetings.records
    draft = records.add(Meeting(app="shop", planned_at=NOW, start=AS_OF - 2 * DAY, as_of=AS_OF))
    meeting = begin_meeting(product, draft.id, AS_OF)
    assert begin_meeting(product, draft.id, AS_OF + 60) == meeting
    shop.write_orders((START + place * STEP, 900.0, 90.0) for place in range(6 * 288))
    product.read_again(Scope(AS_OF - DAY, AS_OF))
    (now,) = product.review(product.apps()[0], period_of(meeting.value)).tracks
    held = figures_of(product, meeting)
    assert held.review.tracks[0].status.figures.bad == 42.0 != now.status.figures.bad
    closed = close_meeting(product, meeting.id)
    assert said(closed) == said(held)
    assert product.snapshots.figures.read(meeting.id, meeting.value) is None
    correction = correct_meeting(product, meeting.id)
    assert said(figures_of(product, correction)) == said(held)


def test_agenda_and_tracker_of_a_review_that_was_begun_are_those_of_the_files(shop: Shop) -> None:
    (shop.folder / "config" / "agendas").mkdir()
    (shop.folder / "config" / "agendas" / "shop.yaml").write_text("app: shop\nsteps: {ahead: {leave_out: true}}\n")
    tracker = "tickets: {kind: github, url: https://github.com/shop/api}\njourneys:"
    (shop.folder / "config" / "apps" / "shop.yaml").write_text(APP.replace("journeys:", tracker, 1))
    product = shop.open(NOW)
    product.sync(days=6)
    draft = product.meetings.records.add(Meeting(app="shop", planned_at=NOW, start=AS_OF - DAY, as_of=AS_OF))
    meeting = begin_meeting(product, draft.id, AS_OF)
    seen = [(meeting, figures_of(product, meeting))]
    correction = correct_meeting(product, _closed(product, meeting.id))
    seen.append((correction, figures_of(product, correction)))
    for each, figures in seen:
        (app,), shown = product.apps(), figures.review.app
        assert (shown.tickets, shown.agenda) == (app.tickets, app.agenda)
        assert shown.tickets is not None
        frozen = preview(product, each.id, figures.review).beside.meeting
        assert frozen is not None
        assert "ahead" not in frozen.agenda


def _closed(product: Tomoni, id_: str) -> str:
    close_meeting(product, id_)
    return id_


def test_closing_twice_gives_the_same_snapshot_and_one_row(product):
    meeting = begun(product)
    first, second = close_meeting(product, meeting.id), close_meeting(product, meeting.id)
    assert first.hash == second.hash
    (entry,) = product.snapshots.listed("shop")
    assert (entry.hash, entry.meeting, entry.pinned) == (first.hash, meeting.id, True)


def test_everything_that_was_written_is_frozen(product):
    meeting, records = begun(product), product.meetings.records
    first = START + OUTAGE[0] * STEP
    action = records.add(Action(app="shop", text="Add an alert", team="platform", meeting=meeting.id))
    incident = records.add(Incident(app="shop", title="Pool exhausted", start=first, end=first + 2 * STEP))
    records.add(Question(app="shop", text="What is a bucket?"))
    records.add(Action(app="other", text="of another app"))
    (track,) = product.review(product.apps()[0], Period(AS_OF, 2)).tracks
    conclude(records, meeting.id, track, Choice.KEPT, "fits")
    shown = preview(product, meeting.id, product.review(product.apps()[0], Period(AS_OF, 2))).beside.meeting
    found = close_meeting(product, meeting.id).beside.meeting
    assert found is not None
    assert shown is not None
    assert [(each.id, each.revision) for each in found.actions] == [(action.id, 1)]
    assert [(each.id, [(price.slo, price.bad) for price in each.prices]) for each in found.incidents] == [
        (incident.id, [("shop/buy/availability", 14.0)])
    ]
    assert [each.value.state for each in found.questions] == [QuestionState.OPEN]
    assert [each.value.facts["bad"] for each in found.conclusions] == [42.0]
    assert (found.value.state, found.value.closed_at, found.value.snapshot) == ("closed", NOW, "")
    assert shown.actions == found.actions
    assert shown.conclusions == found.conclusions


def test_what_is_written_later_changes_nothing_of_it(product):
    meeting, records = begun(product), product.meetings.records
    action = records.add(Action(app="shop", text="Add an alert"))
    snapshot = close_meeting(product, meeting.id)
    records.change(Action, action.id, {"state": "done", "ended_at": NOW})
    found = product.snapshots.read(snapshot.hash).beside.meeting
    assert found is not None
    assert found.actions[0].value.state == "open"


@pytest.mark.parametrize("place", ["keep_within", "read"])
def test_a_failure_while_closing_leaves_an_open_meeting_or_a_closed_one_with_its_snapshot(product, monkeypatch, place):
    meeting = begun(product)

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(product.snapshots, place, killed)
        with pytest.raises(RuntimeError):
            close_meeting(product, meeting.id)
    left = product.meetings.records.read(Meeting, meeting.id).value
    hashes = [entry.hash for entry in product.snapshots.listed("shop")]
    assert hashes == ([left.snapshot] if left.state == "closed" else [])
    assert close_meeting(product, meeting.id).beside.meeting is not None


def test_a_correction_has_the_same_figures_names_the_old_one_and_is_what_comes_next_starts_from(product):
    first = close_meeting(product, begun(product).id)
    assert first.beside.meeting is not None
    correction = correct_meeting(product, first.beside.meeting.id)
    product.meetings.records.add(Action(app="shop", text="Forgotten"))
    second = close_meeting(product, correction.id)
    assert second.beside.meeting is not None
    assert second.beside.meeting.value.corrects == first.beside.meeting.id
    assert said(second) == said(first)
    assert second.hash != first.hash
    assert len(product.snapshots.listed("shop")) == 2
    newest = last_closed(product.meetings.records.listed(Meeting, "shop"))
    assert newest is not None
    assert newest.id == correction.id


def test_a_comparison_says_which_decisions_conclusions_and_actions_differ(product):
    records, meeting = product.meetings.records, begun(product)
    (track,) = product.review(product.apps()[0], Period(AS_OF, 2)).tracks
    conclude(records, meeting.id, track, Choice.KEPT, "")
    late, dropped = (records.add(Action(app="shop", text=text, due=date(2026, 9, 30))) for text in ("Later", "Never"))
    held = records.add(Decision(app="shop", what=DecisionKind.CONFIRMED, text="Rollouts wait"))
    first = close_meeting(product, meeting.id)
    following = records.add(
        Meeting(app="shop", planned_at=NOW, start=AS_OF - DAY, as_of=AS_OF + 60, previous=meeting.id)
    )
    begin(records, following.id, AS_OF + 60, NOW)
    conclude(records, following.id, track, Choice.OBJECTIVE, "")
    records.change(Action, late.id, {"due": date(2026, 10, 7)})
    records.change(Action, dropped.id, {"state": "dropped", "reason": "no longer needed", "ended_at": NOW})
    records.add(Action(app="shop", text="<b>New</b>"))
    made = records.add(Decision(app="shop", what=DecisionKind.CONFIRMED, text="Rollouts go on"))
    records.change(Decision, held.id, {"superseded_by": made.id})
    compared = compare(first, close_meeting(product, following.id))
    assert agreed(compared, text_for("en", "Asia/Tokyo")) == [
        "No longer in force: “Rollouts wait”",
        "New decision: “Rollouts go on”",
        "Concluded of “Buy / availability”: “Adjust the objective”; before: “Kept as it is”.",
        "The action “Later” is now due on 7 Oct 2026.",
        "Dropped: “Never”",
        "New action: “<b>New</b>”",
    ]
    sections = comparison(compared, "ja").sections
    assert [section.key for section in sections] == ["changes", "agreed", "both"]


def test_a_draft_is_not_closed_and_an_unknown_app_is_said(product):
    records = product.meetings.records
    for app, code in (("shop", "meeting_not_open"), ("gone", "app_unknown")):
        meeting = records.add(Meeting(app=app, planned_at=NOW, start=AS_OF - DAY, as_of=AS_OF))
        with pytest.raises(MeetingError) as caught:
            close_meeting(product, meeting.id)
        assert caught.value.code == code


def test_the_register_is_frozen_as_the_file_and_the_page_have_it_together(shop: Shop) -> None:
    (shop.folder / "config" / "risks").mkdir()
    (shop.folder / "config" / "risks" / "shop.yaml").write_text(
        "app: shop\nrisks:\n"
        "  - {id: kept, title: {en: Kept, ja: そのまま}, detect: 5m, repair: 1h, every: 90d}\n"
        "  - {id: changed, title: Changed, detect: 5m, repair: 1h, every: 90d}\n"
        "  - {id: gone, title: Gone, detect: 5m, repair: 1h, every: 90d}\n"
    )
    product = shop.open(NOW)
    product.sync(days=6)
    (app,) = product.apps()
    records = product.meetings.records
    change_risk(records, app, "changed", {"repair_minutes": 30.0, "accepted": True})
    remove_risk(records, app, "gone")
    frozen = close_meeting(product, begun(product).id).beside.meeting
    assert frozen is not None
    assert [(each.id, each.value.title, each.value.repair_minutes, each.value.accepted) for each in frozen.risks] == [
        ("kept", "Kept", 60, False),
        ("changed", "Changed", 30, True),
    ]
