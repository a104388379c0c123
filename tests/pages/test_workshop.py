"""The workshop on SLOs of every kind, also strange ones: numbers, or a sentence that says why there are none."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
import yaml
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from tests.data_sources.fault_server import Call, Reply, fault_server, healthy, json_reply, success
from tests.google_stand_in.server import running
from tests.google_stand_in.shop import END, name_of, project
from tests.pages.conftest import JOB_WAIT, ROOT, _without_pages_directory, html_of
from tomoni.settings import ProcessSettings
from tomoni.slo.model import DAY
from tomoni.use_cases.jobs import Job
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow

# By the name of a file: how many days it has, the seconds of a bucket, events in each, and the share that was bad.
FILES: dict[str, tuple[int, int, float, float]] = {
    "none": (0, 300, 1, 0),
    "perfect": (1, 300, 10, 0),
    "usual": (30, 300, 101, 0.002),
    "minutes": (3, 60, 9, 0),
    "few": (10, 300, 0.01, 0),
    "bad": (10, 300, 9, 1),
}
EDGES = ("0.1", "0.3", "1", "+Inf")
WEEK = "objective: 99, window: 7d"
# An SLO by its id, and what stands in the workshop.
SLOS = {
    "none": ("objective: 99.9, window: 28d, sli: {source: exports, counts: none.csv}", "Nothing was counted"),
    "perfect": ("objective: 99.9, window: 28d, sli: {source: exports, counts: perfect.csv}", "Stricter steps are left"),
    "hundred": ("objective: 100, window: 7d, sli: {source: exports, counts: usual.csv}", "leaves no budget"),
    "up": (f"{WEEK}, sli: {{source: p, gauge: min(up), good_when: '>= 1'}}", "100% until"),
    "deep": (f"{WEEK}, sli: {{source: p, gauge: max(depth), good_when: '< 0.5'}}", "No usual step would have held"),
    "fast": (
        f"{WEEK}, sli: {{source: p, histogram: latency_seconds, under: 300ms}}",
        "of all events of the history were as fast",
    ),
    "month": (
        "objective: 99.5, window: {calendar: month}, sli: {source: exports, counts: usual.csv}",
        "calendar month",
    ),
    "slices": (
        f"{WEEK}, method: timeslices, slice: {{length: 5m, target: 99}}, sli: {{source: exports, counts: usual.csv}}",
        "99% over 7 d, slices",
    ),
    "minutes": (
        f"{WEEK}, bucket: 1m, method: timeslices, slice: {{length: 10m, target: 99}}, "
        "sli: {source: exports, counts: minutes.csv}",
        "The history of 3 d is shorter than one window",
    ),
    "split": (f"{WEEK}, split_by: [route], sli: {{source: p, total: a, bad: 'a{{code=~\"5..\"}}'}}", "-9,900% until"),
    "sums": (
        f"{WEEK}, sli: {{source: p, total: {{expr: 'sum(increase(a[$window])) + sum(increase(b[$window]))'}}, "
        "good: {expr: 'sum(increase(a[$window]))'}}",
        "100% until",
    ),
    "recorded": (f"{WEEK}, sli: {{source: p, gauge: 'job:ratio:rate5m', good_when: '< 0.01'}}", "0.00%"),
    "kept": (f"sli: {{source: gcp, slo: {name_of('ratio')}}}", "99.5% over 7 d, events"),
    "weekly": (f"sli: {{source: gcp, slo: {name_of('weekly')}}}", "99.5% over calendar week"),
    "few": (f"{WEEK}, min_events: 1000, sli: {{source: exports, counts: few.csv}}", "Too little happened to suggest"),
    "bad": (f"{WEEK}, sli: {{source: exports, counts: bad.csv}}", "the worst window had 0.00%"),
}
# An SLI that no file has, and what the workshop says of it.
DRAFTED = {
    "{source: exports, counts: gone.csv}": "does not exist",
    "{source: exports, counts: ../config/sources.yaml}": "outside the folder of its source",
    "{source: nope, counts: a.csv}": "There is no source “nope”",
    "{source: p, total: 'a{', bad: a}": "This selector cannot be read",
    "{source: p, total: hanging, bad: hanging_bad}": "Reading histories from the source",
    f"{{source: gcp, slo: {name_of('none')}}}": "has no SLO",
    f"{{source: gcp, slo: {name_of('ratio')}}}": "99% over 28 d, events",
    "{source: p, gauge: up, good_when: '>= 1'}": "100% until",
    "{source: exports, counts: none.csv}": "Nothing was counted",
}


def answered(call: Call) -> Reply:
    """A server on which everything is 1, also each count of a histogram, and some never answer."""
    text = call.form.get("query", "")
    if "hanging" in text:
        return Reply(b" ", length=1_000, slowly=30)
    if call.path.endswith("/label/le/values"):
        return json_reply({"status": "success", "data": list(EDGES)})
    if "count by (le)" in text:
        return success([{"metric": {"le": edge}, "value": [0, "1"]} for edge in EDGES], "vector")
    return healthy(call)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppTest]:
    """The page Explore on all of them, fetched once, of 30 days."""
    folder: Path = tmp_path_factory.mktemp("strange")
    (folder / "data").mkdir()
    for name, (days, step, total, bad) in FILES.items():
        times = range(END // step * step - days * DAY, END // step * step, step)
        counts = [f"{at},{total + at // step % 3},{(total + at // step % 3) * bad}" for at in times]
        counts = [f"{at},{total},0" for at in times] if name == "few" else counts
        (folder / "data" / f"{name}.csv").write_text("\n".join(["time,total,bad", *counts, ""]))
    with fault_server() as server, running(project()) as google, pytest.MonkeyPatch.context() as patched:
        server.answer = answered
        config = _config(folder, server.url, google.endpoint)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(END + 240))
        told = {"CONFIG": str(config), "DATABASE_URL": f"sqlite:///{folder}/strange.db", "NOW": now}
        for name, value in told.items():
            patched.setenv(f"TOMONI_{name}", value)
        patched.setattr(Tomoni, "refresh_in_background", lambda self: None)
        patched.setattr(PagesManager, "__init__", _without_pages_directory)
        st.cache_resource.clear()
        product = open_tomoni(ProcessSettings(), {})
        assert product.catalog.problems == ()
        product.sync(days=30)
        product.close()
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
        test.context = {"locale": "en-GB", "timezone": "Asia/Tokyo"}
        yield test.run().switch_page("pages/explore.py")
        st.cache_resource.clear()


def _config(folder: Path, prometheus: str, google: str) -> Path:
    (config := folder / "config").mkdir()
    (config / "apps").mkdir()
    sources = {
        "exports": {"kind": "files", "path": "../data"},
        "p": {"kind": "prometheus", "url": prometheus, "timeout_seconds": 10},
        "gcp": {"kind": "cloud_monitoring", "project": "demo", "api_endpoint": google, "insecure": True},
    }
    (config / "sources.yaml").write_text(yaml.safe_dump({"sources": sources}))
    slos = "\n".join(f"      - {{id: {id_}, {keys}}}" for id_, (keys, _) in SLOS.items())
    head = "app: odd\ntitle: Odd\ntimezone: Asia/Tokyo\njourneys:\n  - id: all\n    title: All\n    slos:\n"
    (config / "apps" / "odd.yaml").write_text(head + slos + "\n")
    return config


def shown(page: AppTest, **params: str) -> str:
    """The words of the workshop at an address."""
    for name in list(page.query_params):
        del page.query_params[name]
    for name, value in {"app": "odd", "tab": "workshop", "lang": "en", **params}.items():
        page.query_params[name] = value
    page.run()
    while "Reading histories" in html_of(page) and "hanging" not in params.get("sli", ""):
        page.run()
    assert not page.exception
    body = html_of(page)
    assert "This page could not be drawn" not in body
    return re.sub(r"<[^>]+>|\s+", " ", body).replace("&#x27;", "'")


@pytest.mark.parametrize("slo", SLOS)
def test_a_strange_slo_shows_numbers_or_says_why_there_are_none(page: AppTest, slo: str):
    words = shown(page, slo=slo, journey="all")
    assert "What would another objective have meant" in words
    assert SLOS[slo][1] in words, words[words.find("Where to begin") : words.find("Take it to")]
    if slo == "none":
        assert not page.get("plotly_chart"), "there is nothing to draw"
        assert "Pages in the history" in words
        assert not re.search(r"Budget left now [^—]*\d%[^—]*Bad events", words.replace("99.9%", ""))
    if slo == "month":
        assert "window: {calendar: month}" in page.code[0].value
        assert page.select_slider(key="try-days-0").value == 0


@pytest.mark.parametrize("sli", DRAFTED)
def test_an_sli_that_no_file_has_shows_numbers_or_says_what_to_do(
    page: AppTest, sli: str, monkeypatch: pytest.MonkeyPatch
):
    if "hanging" in sli:
        monkeypatch.setattr(Job, "wait", JOB_WAIT)
    words = shown(page, sli=sli)
    assert DRAFTED[sli] in words, words[-600:]
    if "hanging" in sli:
        page.button("cancel-workshop").click().run()
        assert not page.exception
        assert "The question was cancelled." in html_of(page)


def test_the_candidate_of_another_slos_calendar_takes_a_window_of_days(page: AppTest):
    assert "95% over 28 d, events" in shown(page, slo="up", journey="all", tries="95-calendar")
    assert "95% over calendar month, events" in shown(page, slo="month", journey="all", tries="95-calendar")
