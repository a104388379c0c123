"""The journey map: whole words, few crossings, every gap named, readable with many journeys."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomoni.charts.journey_map import (
    JourneyMap,
    MapCell,
    MapJourney,
    MapRow,
    MapSignal,
    beside,
    fitting,
    lines_of,
    map_svg,
)
from tomoni.charts.theme import DARK, LIGHT, Theme

HEADS = ("Owner", "Journey", "How it is measured", "SLO", "Infra signals", "Owner")
TEAMS = (MapCell("payments", "app team"), MapCell("platform", "infrastructure team"))


def world(journeys: int, signals: tuple[MapSignal, ...] = ()) -> JourneyMap:
    row = MapRow(MapCell("http_requests_total", "prometheus"), MapCell("Orders & co", "99.9%"))
    made = tuple(MapJourney(f"j{n}", MapCell(f"Journey {n} 注文する", f"j{n}"), (row, row)) for n in range(journeys))
    return JourneyMap("Map", HEADS, TEAMS, made, signals)


def places(shown: JourneyMap) -> dict[str, range]:
    return {journey.id: range(2 * n, 2 * n + 2) for n, journey in enumerate(shown.journeys)}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("journeys", [0, 1, 30])
def test_it_is_a_picture_whose_boxes_do_not_overlap(theme: Theme, journeys: int) -> None:
    signals = (*tuple(MapSignal(MapCell(f"s{n}"), (f"j{n}",)) for n in range(journeys)), MapSignal(MapCell("CPU")))
    root = ElementTree.fromstring(map_svg(world(journeys, signals), theme))
    boxes = [each.attrib for each in root.iter() if each.tag.endswith("rect")][1:]
    spots = sorted((float(each["x"]), float(each["y"]), float(each["height"])) for each in boxes)
    for (x, y, height), (x2, y2, _) in itertools.pairwise(spots):
        assert x != x2 or y + height <= y2
    assert len(boxes) == journeys * 5 + len(signals) + len(TEAMS)


def test_signals_stand_where_what_they_carry_stands_and_lines_do_not_cross() -> None:
    signals = tuple(MapSignal(MapCell(f"s{n}"), (f"j{n}",)) for n in (3, 0, 2, 1))
    shown = world(4, (MapSignal(MapCell("all")), *signals))
    stand = {row: each.cell.words for row, each in beside(shown, places(shown), 8).items()}
    assert [word for word in stand.values() if word != "all"] == ["s0", "s1", "s2", "s3"]
    assert all(abs(row - 2 * int(word[1:])) <= 1 for row, word in stand.items() if word != "all")


def test_more_signals_than_rows_all_find_a_place() -> None:
    signals = tuple(MapSignal(MapCell(f"s{n}"), ("j1",)) for n in range(9))
    shown = world(2, (*signals, MapSignal(MapCell("all"))))
    assert sorted(beside(shown, places(shown), 10)) == list(range(10))


def test_a_signal_of_all_journeys_draws_no_line_to_each() -> None:
    picture = map_svg(world(30, (MapSignal(MapCell("CPU")),)), LIGHT)
    assert "<path" not in picture


def test_what_is_missing_is_dashed_and_says_the_next_step() -> None:
    gap = MapRow(MapCell("No SLI yet", "Answer its worksheet", gap=True), MapCell("No SLO", gap=True))
    shown = JourneyMap("Map", HEADS, TEAMS, (MapJourney("j", MapCell("J"), (gap,)),), ())
    picture = map_svg(shown, LIGHT)
    assert picture.count("stroke-dasharray") == 2
    assert "Answer its worksheet" in picture


def test_each_team_stands_once_beside_all_that_it_owns() -> None:
    signals = (*(MapSignal(MapCell(f"s{n}"), (f"j{n}",)) for n in range(30)), MapSignal(MapCell("CPU")))
    root = ElementTree.fromstring(map_svg(world(30, signals), LIGHT))
    words = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert (words.count("payments"), words.count("platform"), words.count("Owner")) == (1, 1, 2)
    boxes = [each.attrib for each in root.iter() if each.tag.endswith("rect")][1:]
    left, right = (find(boxes, end) for end in (min, max))
    others = [each for each in boxes if each not in (left, right)]
    for team in (left, right):
        x = min((float(each["x"]) for each in others), key=lambda each: abs(each - float(team["x"])))
        theirs = [each for each in others if float(each["x"]) == x]
        assert all(spans(team, each) for each in theirs)


def find(boxes: list[dict[str, str]], end: Callable[..., dict[str, str]]) -> dict[str, str]:
    return end(boxes, key=lambda each: float(each["x"]))


def spans(team: dict[str, str], box: dict[str, str]) -> bool:
    top, bottom = float(team["y"]), float(team["y"]) + float(team["height"])
    return top <= float(box["y"]) and float(box["y"]) + float(box["height"]) <= bottom


def test_boxes_lead_on_in_the_page_and_a_file_of_it_has_no_links() -> None:
    linked = MapCell("Orders <a href='x'>", "99%", link="./app?app=shop&slo=a")
    row = MapRow(linked, MapCell("No SLO", gap=True))
    shown = JourneyMap("Map", HEADS, TEAMS, (MapJourney("j", linked, (row,)),), ())
    root = ElementTree.fromstring(map_svg(shown, LIGHT, linked=True))
    found = [each for each in root.iter() if each.tag.endswith("}a")]
    links = [each.attrib for each in found]
    assert [(each["data-column"], each["data-row"], each["href"]) for each in links] == [
        ("1", "0", "./app?app=shop&slo=a"),
        ("2", "0", "./app?app=shop&slo=a"),
    ]
    assert "".join(found[0].itertext()) == "Orders <a href='x'> 99%", "its words are its name"
    taken = map_svg(shown, LIGHT)
    assert "<a" not in taken
    assert [*ElementTree.fromstring(taken).itertext()].count("Orders <a href='x'>") == 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=80))
def test_whatever_a_name_holds_the_picture_stays_whole(name: str) -> None:
    shown = world(1, (MapSignal(MapCell(name, name), ("j0",)),))
    picture = map_svg(shown, LIGHT)
    if not re.search("[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", name):
        ElementTree.fromstring(picture)
    assert fitting(name, 5).removesuffix("…") in name


LONG = "Order on account for a business with several delivery addresses and a person who has to approve it first"
JAPANESE = "複数の配送先と事前承認者を持つ法人のお客様が請求書払いで注文を確定できること"


def texts_in(picture: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(picture).iter() if each.tag.endswith("}text")]


@pytest.mark.parametrize("title", [LONG, JAPANESE, "checkout_requests_by_route_and_region_total" * 3])
def test_a_long_title_has_two_lines_on_the_page_and_is_whole_where_one_points_and_in_the_file(title: str) -> None:
    cell = MapCell(title, "a note that is longer than its box is wide, so that it has lines too", link="./app?app=a")
    shown = JourneyMap("Map", HEADS, TEAMS, (MapJourney("j", cell, (MapRow(cell, cell),)),), (MapSignal(cell),))
    page, file = map_svg(shown, LIGHT, linked=True), map_svg(shown, LIGHT)
    titles = [each.text for each in ElementTree.fromstring(page).iter() if each.tag.endswith("}title")][1:]
    assert titles == [f"{title} {cell.note}"] * 4
    boxes = [each for each in ElementTree.fromstring(page).iter() if each.tag.endswith("}g")]
    lines = [[t for t in each.iter() if t.tag.endswith("}text") and t.attrib["font-size"] == "13"] for each in boxes]
    assert max(map(len, lines)) == 2, "two lines, not one, and not more"
    assert "…" not in "".join(texts_in(file))
    large = [
        each.text or ""
        for each in ElementTree.fromstring(file).iter()
        if each.tag.endswith("}text") and each.attrib["font-size"] == "13"
    ]
    words = "".join("".join(large).split()).replace("payments", "").replace("platform", "")
    assert words == "".join(title.split()) * 4


def test_short_titles_make_no_row_higher() -> None:
    root = ElementTree.fromstring(map_svg(world(3), LIGHT))
    boxes = [each.attrib for each in root.iter() if each.tag.endswith("rect")][1:]
    assert min(float(each["height"]) for each in boxes) == 38


@given(st.text(max_size=120), st.integers(1, 12))
def test_lines_hold_all_words_or_say_that_some_are_left_out(words: str, most: int) -> None:
    made = lines_of(words, 12.0, most)
    assert len(made) <= most
    joined = "".join("".join(made).split())
    whole = "".join(words.split())
    assert joined == whole or (joined.endswith("…") and whole.startswith(joined[:-1]))
