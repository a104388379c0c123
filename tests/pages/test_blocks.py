"""The parts of pages, each by itself."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any, cast

import numpy as np
import pytest

from data_sources.base import Health, Notice
from data_sources.errors import Unreachable
from data_sources.prometheus.config import Histogram
from data_sources.queries import SliForm
from tests.charts.reviews import END, app_of, overview_of, review_of, slo_of
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Journey, Problem, Severity, Spot
from tomoni.charts.theme import DARK, LIGHT
from tomoni.review.model import SloStatus, SourceProblem
from tomoni.slo.model import Line, Objective, State
from tomoni.ui import downloads, style, worked_example
from tomoni.ui.blocks import term
from tomoni.ui.catalog import sources
from tomoni.ui.escape import flowing, html
from tomoni.ui.joint import cards
from tomoni.ui.joint.row_chooser import MOST_ROWS, chosen_rows
from tomoni.ui.joint.tiles import tiles
from tomoni.ui.notices import definition_lines
from tomoni.ui.overview import slo_table
from tomoni.ui.team import gaps
from tomoni.ui.url_state import View
from tomoni.words import budgets
from tomoni.words.text import text_for

TEXT = text_for("en", "Asia/Tokyo")
STATUS = review_of().tracks[0].status


def in_state(state: State, remaining: float | None) -> SloStatus:
    return replace(STATUS, figures=replace(STATUS.figures, state=state, remaining=remaining))


def test_the_worst_comes_first_and_what_cannot_be_judged_before_what_is_well():
    given = [
        in_state(State.HEALTHY, 0.9),
        in_state(State.NO_TRAFFIC, None),
        in_state(State.EXHAUSTED, -0.1),
        in_state(State.HEALTHY, 0.3),
        in_state(State.EXHAUSTED, -2.0),
    ]
    left = [status.figures.remaining for status in slo_table.worst_first(given)]
    assert left == [-2.0, -0.1, None, 0.3, 0.9]


def test_the_table_has_numbers_for_sorting_and_words_for_reading():
    row = slo_table.data_frame([in_state(State.AT_RISK, 0.125)], TEXT).iloc[0]
    assert (row["state"], row["left"], row["objective"]) == ("▲ At risk", 12, 99.9)
    assert len(row["budget"]) == 28


def test_the_table_shows_no_number_as_all_or_nothing_that_is_not():
    def shown(sli: float, objective: str, left: float, burn: float) -> list[str]:
        status = in_state(State.AT_RISK, left)
        slo = replace(status.slo, definition=replace(status.slo.definition, objective=Objective(Decimal(objective))))
        figures = replace(status.figures, sli=sli, burn={420: burn, 5_184_000: 1.0})
        given = [replace(status, slo=slo, figures=figures)]
        data = slo_table.data_frame(given, TEXT)
        drawn = slo_table.coloured(data, given, LIGHT, TEXT).to_string(delimiter="|").splitlines()
        cells = dict(zip(["", *data.columns], drawn[1].split("|"), strict=True))
        return [f"{data['left'].iloc[0]:g}", *(cells[name] for name in ("sli", "objective", "burn_420"))]

    assert shown(0.9999999893, "99.99999", 0.996, 0.003) == ["99", "99.9999989%", "99.99999%", "<0.01×"]
    assert shown(0.99946, "99.9", -0.0004, 13.44) == ["-0.04", "99.946%", "99.9%", "13.4×"]
    assert shown(1.0, "100", 0.0004, 0.0) == ["0.04", "100.00%", "100%", "0×"]


@pytest.mark.parametrize(
    ("change", "said"), [(-0.0004, "0"), (0.0, "0"), (-0.001, "-0.1"), (0.037, "+3.7"), (-0.44, "-44"), (None, "—")]
)
def test_a_change_has_the_digits_that_it_has_in_every_list(change: float | None, said: str):
    given = [replace(STATUS, change_7d=change)]
    data = slo_table.data_frame(given, TEXT)
    drawn = slo_table.coloured(data, given, LIGHT, TEXT).to_string(delimiter="|").splitlines()
    cells = dict(zip(["", *data.columns], drawn[1].split("|"), strict=True))
    assert cells["change"] == said == TEXT.points(change)


def test_a_card_says_state_budget_sli_and_objective():
    shown = cards.body(in_state(State.EXHAUSTED, -0.4), TEXT)
    for part in ("■ Exhausted", "-40%", "objective 99.9%", "▼ 12 points in 7 days", "width:0.0%", "28 d"):
        assert part in shown


@pytest.mark.parametrize(
    ("healthy", "spent", "seen", "said"),
    [(9, 0, 9, ""), (11, 1, 8, "4 more, all healthy"), (3, 26, 8, "21 more: 3 healthy, 18 exhausted")],
)
def test_many_slos_are_tiles_the_worst_first_and_those_without_a_place_are_counted(healthy, spent, seen, said):
    states = [State.HEALTHY] * healthy + [State.EXHAUSTED] * spent
    shown, _, folded = tiles([in_state(state, n / 50) for n, state in enumerate(states)], TEXT).partition("<details")
    assert (shown.count("class='tm-tile'"), folded.count("class='tm-tile'")) == (seen, healthy + spent - seen)
    assert said in folded
    assert "Exhausted" in shown or not spent


def test_a_card_without_numbers_has_no_nan():
    empty = replace(STATUS.figures, sli=None, remaining=None, state=State.NO_DATA)
    shown = cards.body(replace(STATUS, figures=empty, change_7d=None), TEXT)
    assert "nan" not in shown.lower()
    assert "? No data" in shown


def test_no_data_is_no_number_on_card_and_in_table():
    silent = replace(in_state(State.NO_DATA, 1.0), daily=replace(STATUS.daily, values=STATUS.daily.values * np.nan))
    assert "<div class='tm-big'>—</div>" in cards.body(silent, TEXT)
    row = slo_table.data_frame([silent], TEXT).iloc[0]
    assert row[["left", "budget"]].isna().all()


def test_a_card_tells_that_its_source_is_silent():
    problem = SourceProblem("demo", "unreachable", "", {}, END, END, None)
    never = replace(STATUS.figures, observed_until=None)
    shown = cards.body(replace(STATUS, problem=problem, known_until=None, figures=never), TEXT)
    assert "last data: never" in shown


def test_a_card_of_a_short_history_gives_no_verdict_and_says_of_how_much_its_numbers_are():
    early = replace(
        in_state(State.COLLECTING, -7.36),
        figures=replace(
            STATUS.figures, state=State.COLLECTING, remaining=-7.36, observed_since=STATUS.figures.end - 10_800
        ),
    )
    shown = cards.body(early, TEXT)
    assert "\u25d0 Collecting data" in shown
    assert "of the first 3 h" in shown
    assert "<div class='tm-big'>\u2014</div>" in shown
    assert "736" not in shown
    row = slo_table.data_frame([early], TEXT).iloc[0]
    assert row[["left", "budget"]].isna().all()


def test_a_card_and_a_tile_say_since_when_a_source_has_had_nothing():
    silent = replace(STATUS, notices=(Notice("silent", {"since": END - 5 * 86_400}),))
    assert "nothing since 19 Nov" in cards.body(silent, TEXT)
    assert "▲</span>" not in tiles([STATUS], TEXT)
    few = replace(silent, figures=replace(STATUS.figures, too_few_events=True))
    assert "title='too few events to judge, nothing since 19 Nov" in tiles([few], TEXT)
    said = tiles([*[STATUS] * 11, few], TEXT).partition("<summary>")[2].partition("</summary>")[0]
    assert "title='too few events to judge, nothing since 19 Nov" in said
    assert "\u4ee5\u964d\u30c7\u30fc\u30bf\u306a\u3057" in cards.body(silent, text_for("ja", "Asia/Tokyo"))


def test_a_tile_tells_what_is_wrong_with_a_definition_as_a_card_does_also_where_it_is_folded():
    wrong = "config/apps/shop.yaml:12: <objective>"
    said = "<span class='tm-at_risk' title='config/apps/shop.yaml:12: &lt;objective&gt;'>▲</span>"
    shown = tiles([STATUS, STATUS], TEXT, lambda status: [wrong] if status is STATUS else [])
    assert shown.count(said) == 2
    many = tiles([STATUS] * 12, TEXT, lambda _: [wrong])
    assert said in many.partition("<summary>")[2].partition("</summary>")[0]


def test_a_change_is_told_with_an_arrow_and_nothing_is_no_change():
    assert budgets.change_in_a_week(0.0, TEXT) == "no change in 7 days"
    assert budgets.change_in_a_week(-0.001, TEXT) == "▼ 0.1 points in 7 days"
    assert budgets.change_in_a_week(0.25, TEXT) == "▲ 25 points in 7 days"
    assert budgets.change_in_a_week(-0.01, TEXT) == "▼ 1 point in 7 days"


def test_the_file_has_one_row_for_each_moment_and_names_its_columns_by_code():
    review = review_of()
    rows = list(csv.reader(io.StringIO(downloads.as_csv(review.tracks[0], review.lanes[:1]).decode())))
    assert rows[0] == [
        "time", "success", "events_per_second", "budget_left_period", "budget_left_window", "signal_cpu",
    ]  # fmt: skip
    assert rows[1][0] == "2026-10-27T10:00:00Z"
    assert len(rows) == 28 * 288 + 2
    assert rows[16 * 288 + 2][1] == ""


def test_gaps_of_an_app_are_named():
    bare = replace(app_of(), teams={"app": "payments"}, journeys=(Journey("a", LocalText({"": "A"}), None, ()),))
    found = [one.gap for one in gaps.missing(bare)]
    assert found == [gaps.Gap.NO_INFRA_TEAM, gaps.Gap.NO_SLOS, gaps.Gap.NO_SIGNALS]
    assert gaps.missing(replace(bare, journeys=()))[0].gap is gaps.Gap.NO_JOURNEYS


def _with(slo_id: str, sli: SliForm) -> App:
    slo = replace(slo_of(slo_id), sli=sli)
    return replace(app_of(), journeys=(Journey("a", LocalText({"": "A"}), None, (slo,)),))


def test_a_latency_objective_is_known_by_its_form_or_its_id():
    plain = slo_of().sli
    assert gaps.Gap.NO_LATENCY in [one.gap for one in gaps.missing(_with("availability", plain))]
    assert gaps.Gap.NO_LATENCY not in [one.gap for one in gaps.missing(_with("latency", plain))]
    form = Histogram(histogram="h", under=0.3)
    assert gaps.Gap.NO_LATENCY not in [one.gap for one in gaps.missing(_with("x", form))]


class SlowSource:
    """Answers only when it is let."""

    def __init__(self) -> None:
        self.asked, self.let = 0, threading.Event()

    def health(self) -> Health:
        self.asked += 1
        self.let.wait(60)
        return Health(False, 0.1, error=Unreachable("x"))


def wait_until(met) -> None:
    for _ in range(6000):
        if met():
            return
        time.sleep(0.01)
    raise AssertionError("not met in time")


def test_a_slow_source_keeps_nobody_waiting_and_is_asked_once():
    board, slow = sources.HealthBoard(), SlowSource()
    source = cast(Any, slow)
    board.refresh({"x": source}, 1000)
    board.refresh({"x": source}, 1000)
    assert board.latest("x") is None
    source.let.set()
    wait_until(lambda: board.latest("x") is not None)
    wait_until(lambda: not board.pending())
    board.refresh({"x": source}, 1030)
    answer = board.latest("x")
    assert answer is not None
    assert (source.asked, answer.health.answered) == (1, False)
    board.refresh({"x": source}, 1061)
    wait_until(lambda: source.asked == 2)


def test_rows_that_do_not_exist_are_left_out_and_none_means_all():
    signals = review_of().app.infra
    assert chosen_rows(View(lanes=("cpu", "nothing", "success")), signals) == ("cpu", "success")
    assert chosen_rows(View(lanes=("nothing",)), signals) == chosen_rows(View(), signals)


def test_there_are_never_more_rows_than_a_screen_can_hold():
    signals = [replace(review_of().app.infra[0], id=f"s{n}") for n in range(20)]
    assert len(chosen_rows(View(), signals)) == MOST_ROWS


def test_a_term_tells_its_meaning_on_hover_and_to_a_screen_reader():
    shown = term("coverage", "Coverage", TEXT)
    assert "data-tip='Observed buckets" in shown
    assert "tabindex='0'" in shown


def test_the_sheet_has_both_grounds_and_large_type_only_when_presented():
    usual, large = style._sheet(False, "dark"), style._sheet(True, "dark")
    assert f"--tm-panel: light-dark({LIGHT.panel}, {DARK.panel})" in usual
    assert "font-size: clamp(" in large
    assert "font-size: clamp(" not in usual


def test_the_numbers_of_the_guide_come_from_the_maths():
    shown = worked_example.example()
    figures = shown.track.status.figures
    assert figures.total == 28 * 24 * 150
    assert figures.allowed_bad == pytest.approx(figures.total / 1000)
    assert figures.remaining == pytest.approx(1 - figures.bad / figures.allowed_bad)
    assert shown.worst_hour == pytest.approx(40 / 150 / 0.001)


def test_an_overview_of_hundreds_is_one_table():
    statuses = overview_of(3).statuses * 42
    assert len(slo_table.data_frame(statuses, TEXT)) == 252


def test_a_notice_is_told_in_words():
    from tomoni.ui.notices import notice_lines

    assert "7" in notice_lines([Notice("numerator_absent", {"buckets": 7})], TEXT)


def test_a_card_says_what_is_wrong_with_its_definition_above_its_changes() -> None:
    problem = Problem(Spot("apps/<b>.yaml", 7), Severity.ERROR, "not_a_number", {"written": "9,9", "meant": "9.9"})
    shown = cards.body(in_state(State.EXHAUSTED, -0.4), TEXT, wrong=definition_lines([problem], TEXT))
    assert "apps/&lt;b&gt;.yaml:7: “9,9” is not a number" in shown
    assert shown.index("yaml:7") < shown.index("tm-changes", shown.index("tm-bar"))
    assert definition_lines([], TEXT, "Up") == ""
    assert "▲ Up: apps/" in definition_lines([problem], TEXT, "Up")


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([np.nan] * 6 + [1.0], None),
        ([np.nan] * 3 + [1.0, 0.9, 0.5], [100.0, 90.0, 50.0]),
        ([1.0, np.nan, np.nan, 0.4], [100.0, 80.0, 60.0, 40.0]),
        ([0.8, 0.6, np.nan], [80.0, 60.0]),
        ([np.nan, np.nan], None),
        ([], None),
    ],
)
def test_a_small_chart_of_a_table_never_has_a_number_missing(values: list[float], shown: list[float] | None) -> None:
    line = Line(np.arange(len(values)) * 86_400, np.array(values, dtype=float))
    row = slo_table.data_frame([replace(in_state(State.HEALTHY, 0.5), daily=line)], TEXT).iloc[0]
    assert row["budget"] == shown


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("2026年12月13日 04:00 JSTまで対象外", ["2026年12月13日", "04:00 JST"]),
        ("11月2日 14:35〜11月30日 14:35", ["11月2日", "11月30日"]),
        ("あと7日19時間、1時間30分のうち28日", ["7日19時間", "1時間30分"]),
        ("as of 13 Dec 2026, 04:00 JST; since 2 Nov, 3 points", ["13 Dec 2026", "04:00 JST", "2 Nov"]),
        ("3 Novels & <b>2 Nov</b>", ["2 Nov"]),
        ("checkout-2026-11-19T05:05Z", []),
    ],
)
def test_a_sentence_keeps_its_days_and_lengths_on_one_line_each_and_says_what_it_said(sentence: str, whole: list[str]):
    shown = flowing(sentence)
    assert re.findall("<span class='tm-whole'>(.*?)</span>", shown) == whole
    assert unescape(re.sub("</?span.*?>", "", shown)) == sentence
    assert html(sentence) == re.sub("</?span.*?>", "", shown)
