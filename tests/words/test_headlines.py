"""The headline: made from the numbers, neutral, the story of the figure, and silent about what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from data_sources.base import Notice
from tests.charts.reviews import END, START, app_of, overview_of, track_of
from tests.tables import table
from tomoni.catalog.local_text import LocalText
from tomoni.review.model import (
    Burn,
    LetteredEpisode,
    NamedPeriod,
    Overview,
    PeriodStage,
    PeriodStanding,
    Review,
    SloTrack,
    SourceProblem,
)
from tomoni.slo.episodes import BurnLedger, Episode
from tomoni.slo.lines import Forecast, burn_down
from tomoni.slo.model import DAY, HOUR, Buckets, Line, State
from tomoni.words import headlines, stories
from tomoni.words.long_names import glanced
from tomoni.words.text import text_for

EN, JA = text_for("en", "Asia/Tokyo"), text_for("ja", "Asia/Tokyo")
DOWN = SourceProblem("demo", "unreachable", "", {}, END - 600, END, END - 700)
OCTOBER = NamedPeriod("2026-10", START - 26 * DAY, END)
TIMES = np.arange(START, END + 1, 300)
ENGLISH = ("Orders that go through", "Orders in time", "Refunds", "Receipts")
JAPANESE = ("注文の成功", "注文の速さ", "返金", "領収書")


def falling(*losses: tuple[float, float, float]) -> Line:
    """A line from 1 that loses a share evenly from one day (since the start) to another, for each of the losses."""
    values = np.ones(len(TIMES))
    for first, last, share in losses:
        values -= share * np.clip(((TIMES - START) / DAY - first) / (last - first), 0, 1)
    return Line(TIMES, values)


def begun(day: float, line: Line) -> Line:
    """A line without what was before a day."""
    return Line(line.times, np.where(line.times < START + day * DAY, np.nan, line.values))


def episodes(*found: tuple[float, float]) -> Burn:
    """Episodes of an hour: when each began (days since the start) and its share of the budget."""
    each = tuple(
        Episode(START + round(day * DAY), START + round(day * DAY) + HOUR, 1.0, 1.0, share, 0.1, 50.0)
        for day, share in found
    )
    shown = tuple(LetteredEpisode(letter, episode) for letter, episode in zip("ABCDEFGH", each, strict=False))
    return Burn(BurnLedger(START, END, 1.0, 1.0, each, 0.0, 0.0, 0.0), shown, 0, 0.0, None, None)


EVEN, NO_EPISODES = falling((0, 28, 0.1)), episodes()


@dataclass(frozen=True)
class Slo:
    """One SLO of a case: its state, what is left, when it runs out (days from the end), what burned it."""

    state: State = State.HEALTHY
    left: float | None = 0.8
    runs_out: float | None = None
    burned: Line = EVEN
    rolling: Line = EVEN
    burn: Burn | None = NO_EPISODES
    silent: bool = False
    excluded: int = 0
    observed_since: int | None = None


def track_from(slo: Slo, number: int) -> SloTrack:
    track = track_of(app_of())
    status = track.status
    title = LocalText({"en": ENGLISH[number], "ja": JAPANESE[number]})
    notices = (Notice("silent", {"since": END - 3 * DAY}),) if slo.silent else ()
    forecast = None if slo.runs_out is None else Forecast(track.rolling, 0.1, END + round(slo.runs_out * DAY), None)
    shown = replace(
        status,
        slo=replace(status.slo, title=title),
        figures=replace(
            status.figures,
            state=slo.state,
            remaining=slo.left,
            excluded_seconds=slo.excluded,
            observed_since=slo.observed_since,
        ),
        notices=notices,
    )
    made = replace(track, status=shown, forecast=forecast, burn=slo.burn)
    return replace(made, burn_down=slo.burned, rolling=slo.rolling)


def review_of(slos: Sequence[Slo], stage: PeriodStage | None = None) -> Review:
    app = app_of()
    journey = replace(app.journeys[0], title=LocalText({"en": "Place an order", "ja": "注文する"}))
    tracks = tuple(track_from(slo, number) for number, slo in enumerate(slos))
    review = Review(replace(app, journeys=(journey,)), END, START, END, tracks, (), ())
    return review if stage is None else replace(review, period=OCTOBER, standing=PeriodStanding(stage, END))


CALM = Slo()
LEAK = Slo(burned=falling((0, 28, 0.05), (16, 28, 1.1)), rolling=falling((16, 27, 1.0), (27, 28, 0.15)))
INCIDENT = Slo(burned=falling((0, 28, 0.1), (22, 22.04, 0.53)), burn=episodes((9, 0.04), (22, 0.53)))
SPENT_LONG_AGO = falling((-2, -1, 1.2))
GONE = replace(LEAK, state=State.EXHAUSTED, left=-0.15)
CASES: list[tuple[str, list[Slo], PeriodStage | None, str, str]] = [
    ("nothing yet", [], None, "“Place an order” has no objectives yet.", "「注文する」にはまだ目標がありません。"),
    (
        "kept, calm",
        [CALM],
        None,
        "“Place an order” met its objective. No noticeable burn since 27 Oct.",
        "「注文する」は目標を達成しました (全1件)。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "both kept",
        [CALM, CALM],
        None,
        "“Place an order” met both objectives. No noticeable burn since 27 Oct.",
        "「注文する」は2件の目標をどちらも達成しました。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "kept after an incident",
        [replace(INCIDENT, left=0.4), CALM, CALM],
        None,
        "“Place an order” met all 3 objectives. 53% of the budget of “Orders that go through” was spent in episode B "
        "(18 Nov, 19:00–20:00).",
        "「注文する」は目標を達成しました (全3件)。エピソード B (11月18日 19:00～20:00) で「注文の成功」の"
        "バジェットの53%が消費されました。",
    ),
    (
        "at risk after an incident",
        [CALM, replace(INCIDENT, state=State.AT_RISK, left=0.23)],
        None,
        "“Place an order” met both objectives. “Orders in time” has 23% of its budget left. 53% of its budget was "
        "spent in episode B (18 Nov, 19:00–20:00).",
        "「注文する」は2件の目標をどちらも達成しました。「注文の速さ」のバジェットは残り23%です。"
        "エピソード B (11月18日 19:00～20:00) でそのバジェットの53%が消費されました。",
    ),
    (
        "several incidents",
        [Slo(State.AT_RISK, 0.1, burn=episodes((2, 0.2), (9, 0.3), (22, 0.25)))],
        None,
        "“Place an order” met its objective. “Orders that go through” has 10% of its budget left. 75% of its budget "
        "was spent in 3 episodes; the largest was B (5 Nov, 19:00–20:00, 30%).",
        "「注文する」は目標を達成しました (全1件)。「注文の成功」のバジェットは残り10%です。3件のエピソードで"
        "そのバジェットの75%が消費され、最大は B (11月5日 19:00～20:00、30%) でした。",
    ),
    (
        "a leak that will spend the budget",
        [replace(LEAK, state=State.AT_RISK, left=0.22, runs_out=2), CALM],
        None,
        "“Place an order” met both objectives. At this pace, “Orders that go through” runs out of budget on 26 Nov. "
        "112% of its budget leaked slowly since 12 Nov.",
        "「注文する」は2件の目標をどちらも達成しました。このペースでは、「注文の成功」は11月26日にバジェットが"
        "枯渇します。11月12日から、そのバジェットの112%が少しずつ失われました。",
    ),
    (
        "an outage of days is no slow leak",
        [Slo(State.EXHAUSTED, -7.0, burned=falling((0, 26, 0.0), (26, 28, 8.0)))],
        None,
        "“Place an order” missed its objective. “Orders that go through” has no budget left. 800% of its budget "
        "was spent evenly since 22 Nov.",
        "「注文する」は目標を達成していません (全1件)。「注文の成功」にはバジェッ"
        "トが残っていません。11月22日から、そのバジェットの800%が一定のペースで消費されました。",
    ),
    (
        "a leak that was mended",
        [Slo(left=0.3, burned=falling((0, 28, 0.1), (5, 12, 0.6)))],
        None,
        "“Place an order” met its objective. 62% of the budget of “Orders that go through” leaked slowly from 1 Nov "
        "to 8 Nov.",
        "「注文する」は目標を達成しました (全1件)。11月1日から11月8日にかけて、「注文の成功」のバジェットの62%が"
        "少しずつ失われました。",
    ),
    (
        "much spent evenly",
        [Slo(left=0.2, burned=falling((0, 28, 0.8)))],
        None,
        "“Place an order” met its objective. 80% of the budget of “Orders that go through” was spent evenly since "
        "27 Oct.",
        "「注文する」は目標を達成しました (全1件)。10月27日から、「注文の成功」のバジェットの80%が一定のペースで"
        "消費されました。",
    ),
    (
        "begun within what is shown",
        [Slo(left=0.2, burned=begun(18, falling((18, 28, 0.8))), observed_since=START + 18 * DAY)],
        None,
        "“Place an order” met its objective. 80% of the budget of “Orders that go through” was spent evenly since "
        "14 Nov.",
        "「注文する」は目標を達成しました (全1件)。11月14日から、「注文の成功」のバジェットの80%が一定のペースで"
        "消費されました。",
    ),
    (
        "healthy, and will be spent",
        [Slo(left=0.6, runs_out=9), Slo(State.AT_RISK, 0.2, 2)],
        None,
        "“Place an order” met both objectives. At this pace, “Orders in time” (26 Nov) and “Orders that go through” "
        "(3 Dec) run out of budget. No noticeable burn since 27 Oct.",
        "「注文する」は2件の目標をどちらも達成しました。このペースでは、「注文の速さ」(11月26日)、「注文の成功」"
        "(12月3日)のバジェットが枯渇します。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "two low",
        [Slo(State.AT_RISK, 0.2), Slo(State.AT_RISK, 0.1)],
        None,
        "“Place an order” met both objectives. Little budget is left of “Orders that go through” (20%) and “Orders in "
        "time” (10%). No noticeable burn since 27 Oct.",
        "「注文する」は2件の目標をどちらも達成しました。「注文の成功」(20%)、「注文の速さ」(10%)はバジェットが"
        "残りわずかです。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "more low than are named",
        [Slo(State.AT_RISK, 0.2), Slo(State.AT_RISK, 0.1), Slo(State.AT_RISK, 0.05), Slo(State.AT_RISK, 0.15)],
        None,
        "“Place an order” met all 4 objectives. Little budget is left of “Refunds” (5%), “Orders in time” (10%) and "
        "2 more. No noticeable burn since 27 Oct.",
        "「注文する」は目標を達成しました (全4件)。「返金」(5%)、「注文の速さ」(10%)、ほか2件はバジェットが"
        "残りわずかです。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "one missed by a leak",
        [CALM, GONE],
        None,
        "“Place an order” missed 1 of 2 objectives. “Orders in time” ran out of budget on 23 Nov. 112% of its budget "
        "leaked slowly since 12 Nov.",
        "「注文する」は2件の目標のうち1件を達成していません。「注文の速さ」は11月23日にバジェットが枯渇しました。"
        "11月12日から、そのバジェットの112%が少しずつ失われました。",
    ),
    (
        "the only one missed, for longer than is shown",
        [Slo(State.EXHAUSTED, -0.2, rolling=SPENT_LONG_AGO)],
        None,
        "“Place an order” missed its objective. “Orders that go through” ran out of budget on 27 Oct or earlier. No "
        "noticeable burn since 27 Oct.",
        "「注文する」は目標を達成していません (全1件)。「注文の成功」は10月27日までにバジェットが枯渇しました。"
        "10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "an objective that allows nothing",
        [Slo(State.EXHAUSTED, None, rolling=Line(TIMES, np.full(len(TIMES), np.nan)))],
        None,
        "“Place an order” missed its objective. “Orders that go through” has no budget left. No noticeable burn since "
        "27 Oct.",
        "「注文する」は目標を達成していません (全1件)。「注文の成功」にはバジェットが残っていません。10月27日以降、"
        "目立ったバジェットの消費はありません。",
    ),
    (
        "all missed, one of them not known since when",
        [GONE, Slo(State.EXHAUSTED, -1.0, rolling=Line(TIMES, np.full(len(TIMES), np.nan)))],
        None,
        "“Place an order” missed both objectives. “Orders that go through” (23 Nov) and “Orders in time” ran out of "
        "budget. 112% of the budget of “Orders that go through” leaked slowly since 12 Nov.",
        "「注文する」は2件の目標のどちらも達成していません。「注文の成功」(11月23日)、「注文の速さ」はバジェットが"
        "枯渇しました。11月12日から、「注文の成功」のバジェットの112%が少しずつ失われました。",
    ),
    (
        "missed, running out and low at once",
        [CALM, GONE, Slo(State.AT_RISK, 0.2, 3), Slo(State.AT_RISK, 0.1)],
        None,
        "“Place an order” missed 1 of 4 objectives. “Orders in time” ran out of budget on 23 Nov. At this pace, "
        "“Refunds” runs out of budget on 27 Nov. “Receipts” has 10% of its budget left. 112% of the budget of “Orders "
        "in time” leaked slowly since 12 Nov.",
        "「注文する」は4件の目標のうち1件を達成していません。「注文の速さ」は11月23日にバジェットが枯渇しました。"
        "このペースでは、「返金」は11月27日にバジェットが枯渇します。「領収書」のバジェットは残り10%です。"
        "11月12日から、「注文の速さ」のバジェットの112%が少しずつ失われました。",
    ),
    (
        "collecting",
        [Slo(State.COLLECTING, 0.9, burn=None)],
        None,
        "There is too little history yet to judge “Place an order”.",
        "「注文する」は、まだ履歴が短いため判断できません。",
    ),
    (
        "no data",
        [Slo(State.NO_DATA, None), Slo(State.NO_TRAFFIC, 1.0)],
        None,
        "“Place an order” cannot be judged: there was no data or no traffic.",
        "「注文する」は、データまたはトラフィックがないため判断できません。",
    ),
    (
        "excluded",
        [Slo(State.NO_DATA, None, excluded=28 * DAY)],
        None,
        "“Place an order” cannot be judged: its whole window is excluded by agreement.",
        "「注文する」は、期間のすべてが合意により除外されているため判断できません。",
    ),
    (
        "some not judged",
        [CALM, Slo(State.COLLECTING, 0.9, burn=None), Slo(State.NO_DATA, None)],
        None,
        "“Place an order” met its objective. 1 more cannot be judged yet: too little history. 1 more cannot be "
        "judged: no data or no traffic. No noticeable burn since 27 Oct.",
        "「注文する」は目標を達成しました (全1件)。ほか1件は履歴がまだ足りず、判定できません。ほか1件は、"
        "データまたはトラフィックがないため判断できません。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "a silent source",
        [Slo(silent=True)],
        None,
        "“Place an order” met its objective. No noticeable burn since 27 Oct. “Orders that go through” has had no data "
        "since 21 Nov, 19:00 JST.",
        "「注文する」は目標を達成しました (全1件)。10月27日以降、目立ったバジェットの消費はありません。"
        "「注文の成功」は11月21日 19:00 JSTからデータがありません。",
    ),
    (
        "a month that is over",
        [CALM, replace(LEAK, state=State.EXHAUSTED, left=-0.15, runs_out=2)],
        PeriodStage.COMPLETE,
        "At the end of October 2026, “Place an order” missed 1 of 2 objectives. “Orders in time” ran out of budget on "
        "23 Nov. 112% of its budget leaked slowly since 12 Nov.",
        "2026年10月の終了時点で、「注文する」は2件の目標のうち1件を達成していません。「注文の速さ」は11月23日に"
        "バジェットが枯渇しました。11月12日から、そのバジェットの112%が少しずつ失われました。",
    ),
    (
        "a forecast is none once the month is over",
        [Slo(left=0.6, runs_out=9)],
        PeriodStage.COMPLETE,
        "At the end of October 2026, “Place an order” met its objective. No noticeable burn since 27 Oct.",
        "2026年10月の終了時点で、「注文する」は目標を達成しました (全1件)。10月27日以降、目立ったバジェットの消費は"
        "ありません。",
    ),
    (
        "a month under way",
        [CALM],
        PeriodStage.UNDER_WAY,
        "“Place an order” met its objective. No noticeable burn since 27 Oct.",
        "「注文する」は目標を達成しました (全1件)。10月27日以降、目立ったバジェットの消費はありません。",
    ),
    (
        "nobody observed it",
        [Slo(burned=Line(TIMES, np.full(len(TIMES), np.nan)))],
        None,
        "“Place an order” met its objective.",
        "「注文する」は目標を達成しました (全1件)。",
    ),
    (
        "a record without episodes",
        [Slo(burn=None, burned=falling((22, 22.04, 0.46)))],
        None,
        "“Place an order” met its objective. 46% of the budget of “Orders that go through” was spent within an hour "
        "on 18 Nov.",
        "「注文する」は目標を達成しました (全1件)。11月18日の1時間で「注文の成功」のバジェットの46%が消費されました。",
    ),
]


@table(("slos", "stage", "english", "japanese"), [c[1:] for c in CASES])
def test_the_headline_tells_the_story_of_each_case(
    slos: list[Slo], stage: PeriodStage | None, english: str, japanese: str
) -> None:
    review = review_of(slos, stage)
    assert headlines.journey(review, "place-order", EN) == english
    assert headlines.journey(review, "place-order", JA) == japanese


def test_an_episode_before_the_shown_period_is_not_told() -> None:
    review = replace(review_of([replace(INCIDENT, state=State.AT_RISK, left=0.23)]), start=END - 2 * DAY)
    assert headlines.journey(review, "place-order", EN).endswith("No noticeable burn since 22 Nov.")


def test_within_an_app_an_slo_is_named_with_its_journey() -> None:
    assert "“Place an order / Orders that go through” ran out" in headlines.app(review_of([GONE]), EN)
    assert headlines.app(review_of([GONE]), EN).startswith("“Checkout” missed its objective.")


def test_an_overview_counts_the_states_and_leaves_out_those_that_do_not_occur() -> None:
    value = overview_of(2)
    states = (State.HEALTHY, State.HEALTHY, State.AT_RISK, State.NO_DATA)
    statuses = tuple(
        replace(status, figures=replace(status.figures, state=state))
        for status, state in zip(value.statuses, states, strict=True)
    )
    shown = Overview(END, statuses, ())
    assert headlines.overview(shown, EN) == "4 SLOs of 2 apps: 2 healthy, 1 at risk, 1 without data."
    assert headlines.overview(shown, JA) == "アプリ2件、SLO 4件のうち、正常2件、要注意1件、データなし1件。"


def test_one_is_not_told_as_many() -> None:
    one = overview_of(1).statuses[:1]
    assert headlines.overview(Overview(END, one, ()), EN).startswith("1 SLO of 1 app: 1 ")


def test_nothing_to_say_is_said() -> None:
    assert headlines.overview(Overview(END, (), ()), EN) == "There are no SLOs yet."


def test_sources_that_fail_are_named_once() -> None:
    shown = replace(overview_of(1), problems=(DOWN, replace(DOWN, code="timed_out"), replace(DOWN, source="gcp")))
    told = headlines.overview(shown, EN)
    assert told.endswith("Not everything could be fetched from “demo” and “gcp”; stored data is shown.")
    assert headlines.overview(shown, JA).endswith(
        "「demo」、「gcp」から取得できなかったデータがあるため、記憶した値を表示しています。"
    )


def test_the_steepest_hour_is_found_across_gaps_and_uneven_steps() -> None:
    times = np.array([0, 1800, 3600, 7200, 10_800])
    values = np.array([1.0, 0.9, np.nan, 0.85, 0.3])
    loss = stories.steepest_loss(Line(times, values))
    assert loss is not None
    assert loss[0] == pytest.approx(0.55)
    assert loss[1] == 10_800
    assert stories.steepest_loss(Line(times[:1], values[:1])) is None


def test_an_unknown_journey_is_an_error() -> None:
    with pytest.raises(KeyError):
        headlines.journey(review_of([CALM]), "nope", EN)


def test_a_name_too_long_for_a_glance_keeps_the_beginning_and_the_end_that_tell_it_apart():
    assert glanced("Orders that go\tthrough") == "Orders that go through"
    assert glanced("x" * 76) == "x" * 76
    long = "Orders that customers confirm on their phones and that receive an order number (2)"
    assert glanced(long) == "Orders that customers confirm on their phones and that…an order number (2)"
    assert glanced("注文" * 30 + "(2)") == "注文" * 13 + "注…注文注文注文注文(2)"


@pytest.mark.parametrize(
    ("window_days", "told"),
    [
        (28, "80% of the budget of “Orders that go through” was spent evenly since 27 Oct."),
        (7, "80% of the budget of “Orders that go through” was spent evenly since 17 Nov."),
        (56, "No noticeable burn since 27 Oct."),  # 40 % of its budget since then
    ],
)
def test_what_was_spent_evenly_is_a_share_of_the_budget_of_the_own_window(window_days: int, told: str) -> None:
    track = track_from(Slo(left=0.2), 0)
    step, counted = 300, 56 * DAY // 300
    total = np.full(counted, 10_000.0)
    allowance = float(track.status.slo.definition.objective.allowance)
    buckets = Buckets(END - 56 * DAY, step, total * (1 - 0.8 * allowance), total, np.zeros(counted, bool))
    figures = replace(track.status.figures, start=END - window_days * DAY, end=END, observed_since=END - 56 * DAY)
    definition = track.status.slo.definition
    track = replace(
        track,
        buckets=buckets,
        burn_down=burn_down(buckets, definition, START, END),
        status=replace(track.status, figures=figures),
    )
    review = replace(review_of([Slo()]), tracks=(track,))
    assert headlines.journey(review, review.app.journeys[0].id, EN).endswith(told)
