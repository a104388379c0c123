"""Alerts that sources remember: the same events whenever they are read, and however often."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from data_sources.base import Interval
from data_sources.events import Seen, firing_alerts
from tests.real_prometheus import free_port, program, wait_until_ready
from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.meetings.model import Event, EventKind
from tomoni.review.alerting import quality_of
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.snapshots.record.alert_quality import quality_json
from tomoni.use_cases.event_feeds import EventFeeds
from tomoni.use_cases.fired_alerts import alert_fields, read_fired
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

PROMETHEUS = "p: {kind: prometheus, lag_seconds: 0, url: 'http://127.0.0.1:%s'}"
LABELS = {"alertname": "Burn", "severity": "page", "app": "shop", "journey": "buy", "slo": "availability"}


class Remembers:
    """A source that remembers when alerts fired, and that a reader may look at later and later."""

    id, kind, lag_seconds = "p", "prometheus", 0

    def __init__(self, *spans: tuple[int, int], labels: dict[str, str] = LABELS) -> None:
        self.spans, self.labels = spans, labels

    def seen(self, query: str, interval: Interval) -> Sequence[Seen]:
        assert query == firing_alerts('app="shop"')
        assert len(interval) <= 11_000
        step = interval.step_seconds
        moments = range(interval.start + step, interval.end + 1, step)
        times = tuple(each for each in moments if any(a <= each < b for a, b in self.spans))
        return [Seen(self.labels, times)] if times else []


@pytest.fixture
def tomoni(tmp_path: Path) -> Tomoni:
    shop = Shop(tmp_path)
    sources = tmp_path / "config" / "sources.yaml"
    sources.write_text(sources.read_text().replace("sources: {", f"sources: {{{PROMETHEUS % 9}, "))
    file = tmp_path / "config" / "apps" / "shop.yaml"
    file.write_text(APP + "events: [{source: p, alerts: 'app=\"shop\"'}]\n")
    rows = [(START + n * STEP, 100.0, 50.0 if n in range(600, 606) else 0.0) for n in range(288 * 6)]
    shop.write_orders(rows)
    return shop.open(START + 6 * DAY)


def read(tomoni: Tomoni, source: Remembers, *moments: int) -> list[Event]:
    """What is stored once a source was read at some moments, by one process that starts anew before the last."""
    feeds = EventFeeds(tomoni.meetings.records)
    (feed,) = tomoni.apps()[0].events
    for moment in moments[:-1]:
        feeds._fetch("shop", feed, source, moment)  # type: ignore[arg-type]
    EventFeeds(tomoni.meetings.records)._fetch("shop", feed, source, moments[-1])  # type: ignore[arg-type]
    return sorted((each.value for each in tomoni.meetings.records.listed(Event, "shop")), key=lambda each: each.at)


FIRST, SECOND = (START + 4 * DAY + 123, START + 4 * DAY + 4000), (START + 5 * DAY, START + 5 * DAY + 7 * 3600)


@pytest.mark.parametrize(
    "moments",
    [
        [START + 6 * DAY],
        [START + 4 * DAY + 600, START + 4 * DAY + 1200, START + 6 * DAY],
        [START + 5 * DAY + 60, START + 5 * DAY + 6 * 3600 + 300, START + 5 * DAY + 6 * 3600 + 660, START + 6 * DAY],
        [*range(START + 4 * DAY, START + 6 * DAY, 5 * 3600 + 17), START + 6 * DAY],
    ],
)
def test_the_events_are_the_same_whenever_they_are_read(tomoni: Tomoni, moments: list[int]) -> None:
    found = read(tomoni, Remembers(FIRST, SECOND), *moments)
    assert [(each.at, each.until, each.before) for each in found] == [
        (START + 4 * DAY + 180, START + 4 * DAY + 4020, False),
        (START + 5 * DAY, START + 5 * DAY + 7 * 3600, False),
    ]
    assert {(each.what, each.name, each.severity, each.slo) for each in found} == {
        (EventKind.ALERT, "Burn", "page", "shop/buy/availability")
    }


def test_an_alert_that_fires_has_no_end_and_one_that_always_did_says_so(tomoni: Tomoni) -> None:
    (found,) = read(tomoni, Remembers((0, 2 * START)), START + 6 * DAY)
    assert (found.at, found.until, found.before) == (START + (6 - 28 - 91) * DAY + 60, None, True)
    (same,) = read(tomoni, Remembers((0, 2 * START)), START + 7 * DAY, START + 8 * DAY)
    assert same == found


@pytest.mark.parametrize("began", [23, 30, 60, 112])
def test_the_beginning_of_an_alert_that_fired_already_is_looked_for_further_back(tomoni: Tomoni, began: int) -> None:
    start = START - began * DAY
    source = Remembers((start - DAY, start - 3600), (start, START + 5 * DAY), labels=LABELS)
    found = read(tomoni, source, START + 6 * DAY)
    assert [(each.at, each.until, each.before) for each in found][-1] == (start, START + 5 * DAY, False)
    assert read(tomoni, source, START + 6 * DAY + 3600, START + 6 * DAY + 7200) == found


def test_a_server_that_is_restarted_ends_no_alert(tomoni: Tomoni) -> None:
    start = START + 4 * DAY
    found = read(tomoni, Remembers((start, start + 1200), (start + 1440, start + 3000)), START + 6 * DAY)
    assert [(each.at, each.until) for each in found] == [(start, start + 3000)]


def test_labels_say_what_an_alert_is_about() -> None:
    assert alert_fields({"alertname": "Down", "slo": "kept"}) == {"name": "Down", "severity": "", "slo": "kept"}
    assert alert_fields({"sloth_slo": "kept", "severity": "x" * 99})["severity"] == "x" * 40


def test_a_piece_after_the_other_is_asked_for(tomoni: Tomoni) -> None:
    source, end = Remembers((START, START + 20 * DAY)), START + 28 * DAY
    (found,) = read_fired(source, "prometheus", 'app="shop"', Interval(START - DAY, end, 60))
    assert (found.start, found.end) == (START, START + 20 * DAY)


def test_a_review_holds_alerts_against_episodes(tomoni: Tomoni) -> None:
    burned = START + 600 * STEP
    read(tomoni, Remembers((burned + 300, burned + 2400), (START + 5 * DAY, START + 5 * DAY + 600)), START + 6 * DAY)
    tomoni.sync_review(Period(START + 6 * DAY, 5), "shop")
    review = tomoni.review(tomoni.apps()[0], Period(START + 6 * DAY, 5))
    found = quality_of(review)
    assert (len(found.alerts), len(found.episodes)) == (2, 1)
    assert (found.precision, found.recall, found.detection, found.reset) == (0.5, 1.0, (300.0, 300), (600.0, 600))
    assert quality_json(review, found)["recall"] == 1.0
    # Where no alert is known, whether there were any is known only of a server that is asked.
    for feeds, recall, alerted in ((review.app.events, 0.0, False), ((), None, None)):
        silent = replace(review, app=replace(review.app, events=feeds))
        made = quality_json(silent, quality_of(silent, []))
        assert (made["recall"], [each["alerted"] for each in made["episodes"]]) == (recall, [alerted])
    tomoni.close()


RULES = """\
groups:
  - name: shop
    interval: 1s
    rules:
      - {alert: Burn, expr: "vector(1) > 0", labels: {severity: page, app: shop, journey: buy, slo: availability}}
      - {alert: Never, expr: "vector(1) > 2", labels: {severity: page, app: shop}}
      - {alert: Elsewhere, expr: "vector(1) > 0", labels: {severity: page, app: other}}
"""


@pytest.mark.slow
@pytest.mark.prometheus
def test_a_real_prometheus_tells_what_its_rules_did(tmp_path: Path) -> None:
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "prometheus.yml").write_text("rule_files: [rules.yml]\n")
    port = free_port()
    command = [
        program("prometheus"),
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/tsdb",
    ]
    began = int(time.time())
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/-/ready", process, tmp_path / "log")
            fired = _read_real(tmp_path / "shop", port)
        finally:
            process.terminate()
            process.wait(120)
    (event,) = fired
    assert (event.name, event.title, event.slo, event.until) == ("Burn", "page: Burn", "shop/buy/availability", None)
    assert began <= event.at <= began + 300


def _read_real(folder: Path, port: int) -> list[Event]:
    """What a product stores of a server's alerts, once there are any: a whole minute has to pass."""
    folder.mkdir()
    Shop(folder)
    exports = "exports: {kind: files, path: ../data}"
    (folder / "config" / "sources.yaml").write_text(f"sources: {{{exports}, {PROMETHEUS % port}}}\n")
    feed = "events: [{source: p, alerts: 'app=\"shop\"', title: '{{severity}}: {{alertname}}'}]\n"
    (folder / "config" / "apps" / "shop.yaml").write_text(APP + feed)
    url = f"sqlite:///{folder / 'tomoni.db'}"
    tomoni = open_tomoni(ProcessSettings.model_validate({"config": folder / "config", "database_url": url}), {})
    feeds, until = EventFeeds(tomoni.meetings.records), time.monotonic() + 240
    found: list[Event] = []
    while not found and time.monotonic() < until:
        feeds.fetch(tomoni.setup, "p", int(time.time()) + 60)  # the minute that is not over yet
        found = [each.value for each in tomoni.meetings.records.listed(Event, "shop")]
        time.sleep(1)
    tomoni.close()
    return found
