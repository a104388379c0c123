"""What happened to an app, on its figures: dashed lines that stay few, and what burned right after."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import combinations

import plotly.graph_objects as go
import pytest

from tests.charts.reviews import DAY, DIP_AT, END, SIGNALS, START, app_of, buckets_of, review_of, track_of
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.profile import Peak, Profile
from tomoni.charts.annotations import Annotations, Event
from tomoni.charts.folding import folded
from tomoni.charts.frame import Frame
from tomoni.charts.joint import Joint, joint_figure
from tomoni.charts.lanes import row_keys
from tomoni.charts.marks import annotations_of, shares_after
from tomoni.charts.theme import LIGHT
from tomoni.charts.wrapping import shortened
from tomoni.meetings.model import EventKind
from tomoni.review.events import ReviewEvent
from tomoni.review.joint import burn_of
from tomoni.review.model import SloTrack
from tomoni.words.text import text_for

REVIEW = review_of()
FRAME = Frame(START, END, text_for("en", "Asia/Tokyo"), LIGHT)


def event(at: int, title: str = "2.41", what: EventKind = EventKind.DEPLOY) -> ReviewEvent:
    return ReviewEvent("0" * 24, at, what, title)


def judged() -> SloTrack:
    track, buckets = track_of(app_of()), buckets_of()
    burn = burn_of(buckets, track.status.slo.definition, track.status.figures)
    return replace(track, burn=burn, buckets=buckets)


def figure_of(events: list[ReviewEvent]) -> go.Figure:
    drawn = annotations_of(judged(), FRAME.text, events=events)
    return joint_figure(Joint(judged(), REVIEW.lanes, row_keys(SIGNALS), FRAME, drawn))


def dashed(figure: go.Figure) -> list[str]:
    return [shape.x0 for shape in figure.layout.shapes if shape.yref == "paper" and shape.type == "line"]


def test_an_event_is_a_dashed_line_with_a_label_that_says_more_when_pointed_at():
    figure = figure_of([event(DIP_AT - 300, "checkout <2.41>")])
    assert dashed(figure) == ["2026-11-18T18:55"]
    note = next(note for note in figure.layout.annotations if note.text == "checkout &lt;2.41&gt;")
    assert note.hovertext.startswith("Deploy checkout &lt;2.41&gt; · 18 Nov")
    assert "burned within 30 minutes after: " in note.hovertext


@pytest.mark.parametrize(("narrow", "scale", "axis_px", "letter_px"), [(True, 1.0, 250, 6.5), (False, 1.375, 700, 8.7)])
def test_on_a_phone_and_when_presented_labels_neither_touch_each_other_nor_leave_the_figure(
    narrow: bool, scale: float, axis_px: int, letter_px: float
):
    happened = [event(DIP_AT + n * DAY // 2, "Many slow queries", EventKind.ALERT) for n in range(-6, 6)]
    happened += [event(DIP_AT + n * DAY, f"2.{n}") for n in range(40, 44)]
    marks = annotations_of(judged(), FRAME.text, events=[event(DIP_AT, "2.39"), *happened])
    view = Joint(judged(), REVIEW.lanes, row_keys(SIGNALS), FRAME, marks, scale, narrow=narrow)
    layout = joint_figure(view).layout
    labels = [note for note in layout.annotations if note.yref == "paper" and note.xref == "x" and note.y == 1]
    pixels = [datetime.fromisoformat(note.x).timestamp() * axis_px / (END - START) for note in labels]
    halves = [letter_px * len(re.sub("<.*?>", "", note.text)) / 2 for note in labels]
    assert len(labels) > 1
    assert all(
        abs(pixels[a] - pixels[b]) >= halves[a] + halves[b]
        for a, b in combinations(range(len(labels)), 2)
        if labels[a].yshift == labels[b].yshift
    )
    assert max(note.yshift for note in labels) + 17 * scale <= layout.margin.t


def test_on_a_phone_lines_of_events_do_not_run_through_the_words_above_rows():
    marks = annotations_of(judged(), FRAME.text, events=[event(DIP_AT, "2.39")])
    for narrow in (True, False):
        figure = joint_figure(Joint(judged(), REVIEW.lanes, row_keys(SIGNALS), FRAME, marks, narrow=narrow))
        words = [note for note in figure.layout.annotations if str(note.yref).endswith("domain") and note.x == 0]
        grounds = {note.bgcolor for note in words}
        assert words
        assert grounds == {FRAME.theme.panel if narrow else None}


@pytest.mark.parametrize(("before_end", "anchor"), [(600, "right"), (14 * DAY, None)])
def test_on_a_phone_a_label_near_the_edge_ends_at_its_line(before_end: int, anchor: str | None):
    marks = annotations_of(judged(), FRAME.text, events=[event(END - before_end, "the newest one")])
    view = Joint(judged(), REVIEW.lanes, row_keys(SIGNALS), FRAME, marks, narrow=True)
    label = next(note for note in joint_figure(view).layout.annotations if note.text == "the newest one")
    assert label.xanchor == anchor


def test_what_burned_after_an_event_is_what_the_ledger_has_of_those_minutes():
    track = judged()
    assert track.burn is not None
    buckets = track.buckets
    assert buckets is not None
    at = DIP_AT + 60  # the bucket that it began in counts
    first = (DIP_AT - buckets.start) // buckets.step_seconds
    bad = (buckets.total - buckets.good)[first : first + 7].sum()
    early, shown = shares_after(track, [event(START - 60 * DAY), event(at)])
    assert early is None
    assert shown == pytest.approx(bad / track.burn.ledger.allowed_bad, rel=1e-12)


def test_nothing_is_said_of_what_burned_where_the_budget_is_not_judged():
    assert shares_after(replace(judged(), burn=None), [event(DIP_AT)]) == (None,)


def test_a_line_a_day_or_a_deploy_every_ten_minutes_is_at_most_ten_lines():
    for step in (DAY, 600):
        drawn = [Event(at, str(at), EventKind.DEPLOY) for at in range(START, END, step)]
        kept = folded(drawn, FRAME)
        assert len(kept) <= 10
        assert all(found.label.endswith(" deploys") for found in kept)
        assert sum(int(found.label.split()[0].replace(",", "")) for found in kept) == len(drawn)


def test_different_things_fold_into_events_and_name_each_other():
    near = [
        Event(DIP_AT, "2.41", EventKind.DEPLOY, ("Deploy 2.41",)),
        Event(DIP_AT + 60, "dark", EventKind.FLAG, ("Flag dark",)),
    ]
    assert folded(near, FRAME) == [Event(DIP_AT, "2 events", EventKind.DEPLOY, ("Deploy 2.41", "Flag dark"))]


def test_looking_closer_unfolds_them():
    drawn = [Event(DIP_AT + n * 600, str(n), EventKind.DEPLOY) for n in range(3)]
    near = replace(FRAME, shown=(DIP_AT, DIP_AT + 7200))
    assert (len(folded(drawn, FRAME)), len(folded(drawn, near))) == (1, 3)


def test_marks_of_definitions_are_not_folded_into_deploys():
    drawn = (Event(DIP_AT, "definition changed"), Event(DIP_AT + 1, "2.41", EventKind.DEPLOY))
    assert folded(drawn, FRAME) == list(drawn)


def test_labels_that_have_no_room_are_left_out_and_their_lines_stay():
    drawn = Annotations(events=tuple(Event(DIP_AT + n, f"a rather long label {n}") for n in range(5)))
    figure = joint_figure(Joint(judged(), [], row_keys([]), FRAME, drawn))
    assert len(dashed(figure)) == 5
    assert sum("rather long" in note.text for note in figure.layout.annotations) == 2


def test_an_alert_is_marked_by_how_urgent_it_is_where_it_is_about_the_slo_or_about_none():
    others = [track.status.path for track in REVIEW.tracks if track.status.path != judged().status.path]
    alerts = [
        replace(event(DIP_AT + n * 86_400, "HighErrorRate", EventKind.ALERT), id=str(n), severity="page", slo=slo)
        for n, slo in enumerate(["", judged().status.path, "unknown", others[0]])
    ]
    figure = figure_of(alerts)
    assert [shape.line.dash for shape in figure.layout.shapes if shape.type == "line"].count("dot") == 3
    assert [note.text for note in figure.layout.annotations].count("page") == 3


def test_a_letter_has_its_room_before_an_alert():
    burn = judged().burn
    assert burn is not None
    letter = burn.shown[0]
    near = [event(letter.episode.start + n * 60, f"2.{n}", kind) for n, kind in enumerate(EventKind)]
    notes = [note.text for note in figure_of(near).layout.annotations]
    assert f"<b>{letter.letter}</b>" in notes


def test_alerts_do_not_fold_into_deploys():
    near = [Event(DIP_AT, "2.41", EventKind.DEPLOY), Event(DIP_AT + 60, "page", EventKind.ALERT)]
    assert folded(near, FRAME) == near


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("2.41", "2.41"),
        ("checkout-service-2.41.0", "checkout-servic…"),
        ("決済サービスの更新作業", "決済サービスの…"),
        ("x" * 1_000_000, "xxxxxxxxxxxxxxx…"),  # sign by sign it would take hours
    ],
    ids=["whole", "cut", "wide", "endless"],
)
def test_labels_are_short(title: str, label: str):
    assert shortened(title, 16) == label


def shaded(repeats: str, seconds: int = 9 * 3600) -> list[str]:
    """The beginnings of the shades that a peak draws on the figure of four weeks."""
    peak = Peak(LocalText({"": "Closing day"}), datetime.fromisoformat("2026-10-31T09:00"), seconds, repeats)
    app = replace(app_of(), profile=Profile(peaks=(peak,)))
    drawn = annotations_of(track_of(app), FRAME.text)
    figure = joint_figure(Joint(track_of(app), REVIEW.lanes, row_keys(SIGNALS), FRAME, drawn))
    return [shape.x0 for shape in figure.layout.shapes if shape.type == "rect" and shape.yref == "paper"]


def test_peaks_are_shaded_at_their_times_by_the_clocks_of_the_app_and_only_where_they_stay_few():
    assert shaded("") == ["2026-10-31T09:00"]
    assert shaded("FREQ=WEEKLY") == [f"2026-{day}T09:00" for day in ("10-31", "11-07", "11-14", "11-21")]
    assert shaded("FREQ=DAILY") == []
