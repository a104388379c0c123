"""Events that sources tell of: versions that appear, and lines of a file."""

from __future__ import annotations

from pathlib import Path

from data_sources.base import Interval
from data_sources.events import Seen
from data_sources.files.events import read_events
from tomoni.meetings.model import Event
from tomoni.settings import ProcessSettings
from tomoni.use_cases.event_feeds import EventFeeds, appeared
from tomoni.wiring import open_tomoni

STEP = 300
DAY = Interval(0, 86_400, STEP)


def seen(version: str, *spans: tuple[int, int], pod: str = "a") -> Seen:
    return Seen({"version": version, "pod": pod}, tuple(t for a, b in spans for t in range(a, b, STEP)))


def names(*series: Seen, title: str = "{{version}}") -> list[tuple[str, int]]:
    return appeared(series, title, DAY)


def test_a_version_that_appears_is_an_event_and_one_that_was_there_is_none() -> None:
    assert names(seen("2.40", (STEP, 40_200)), seen("2.41", (39_900, 86_400))) == [("2.41", 39_900)]


def test_pods_of_one_version_are_one_event() -> None:
    pods = [seen("2.41", (30_000 + n * STEP, 86_400), pod=str(n)) for n in range(5)]
    assert names(*pods) == [("2.41", 30_000)]


def test_a_version_that_comes_back_is_an_event_and_a_short_gap_is_none() -> None:
    assert names(seen("2.40", (STEP, 20_100), (40_200, 86_400))) == [("2.40", 40_200)]
    assert names(seen("2.40", (STEP, 20_100), (21_600, 86_400))) == []


def test_series_without_the_label_of_the_title_are_left_out() -> None:
    assert names(Seen({"pod": "a"}, (40_200,))) == []
    assert names(seen("2.41", (30_000, 86_400)), title="api {{ version }}") == [("api 2.41", 30_000)]


CSV = """time,title,kind,until,url,id
2026-11-24T09:00:00Z,2.41,deploy,,https://example.com/2.41,b7
1795510800,dark mode,flag,1795514400,,
yesterday,2.42,,,,
2026-11-24T09:00:00+09:00,,deploy,,,
2026-11-24 10:00:00,データベースの更新,party,,,
"""


def test_the_lines_of_a_file_that_can_be_read_are_events(tmp_path: Path) -> None:
    (tmp_path / "deploys.csv").write_text(CSV, encoding="utf-8")
    found = read_events("exports", tmp_path / "deploys.csv")
    assert [(each.title, each.kind, each.at) for each in found] == [
        ("2.41", "deploy", 1_795_510_800),
        ("dark mode", "flag", 1_795_510_800),
        ("データベースの更新", "party", 1_795_514_400),
    ]


def test_a_file_is_remembered_once_for_its_app(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "apps").mkdir(parents=True)
    (tmp_path / "deploys.csv").write_text(CSV, encoding="utf-8")
    (config / "sources.yaml").write_text("sources:\n  exports: {kind: files, path: ..}\n")
    (config / "apps" / "shop.yaml").write_text(
        "app: shop\nevents: [{source: exports, file: deploys.csv}, {source: exports, file: gone.csv}]\n"
        "journeys:\n  - id: buy\n    slos:\n"
        "      - {id: kept, objective: 99, window: 7d, sli: {source: exports, counts: orders.csv}}\n"
    )
    url = f"sqlite:///{tmp_path / 'tomoni.db'}"
    tomoni = open_tomoni(ProcessSettings.model_validate({"config": config, "database_url": url}), {})
    records = tomoni.meetings.records
    for _ in range(2):
        feeds = EventFeeds(records)
        feeds.fetch(tomoni.setup, "exports", tomoni.now())
    shown = [(each.value.title, each.value.what.value) for each in records.listed(Event, "shop")]
    assert shown == [("2.41", "deploy"), ("dark mode", "flag"), ("データベースの更新", "deploy")]
    (failing,) = feeds.failing(tomoni.apps())
    first = failing.problem.since
    assert (failing.app, failing.feed.file, failing.problem.answered) == ("shop", "gone.csv", None)
    feeds.fetch(tomoni.setup, "exports", tomoni.now() + 60)
    assert feeds.failing(tomoni.apps())[0].problem.since == first
    (tmp_path / "gone.csv").write_text("time,title\n", encoding="utf-8")
    feeds.fetch(tomoni.setup, "exports", tomoni.now() + 120)
    assert feeds.failing(tomoni.apps()) == ()
    tomoni.close()
