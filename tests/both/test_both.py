"""The joint view takes any SLI and any infra signal from either source, and one's failure leaves the other alone."""

from __future__ import annotations

import json

import numpy as np
import pytest
import streamlit as st
from click.testing import CliRunner, Result
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from cli import cli
from tests.both.conftest import DAY, EXAMPLE, Both
from tests.google_stand_in.server import Fault, Trouble
from tests.pages.conftest import ROOT, _without_pages_directory, html_of
from tomoni.catalog.load import load
from tomoni.review.model import Period, Review
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.prometheus
HOUR = 3600
READING = "ListTimeSeries"


def run(both: Both, *args: str) -> Result:
    return CliRunner().invoke(cli, args, env={**both.environ, "LANG": "C.UTF-8", "LC_ALL": ""}, prog_name="cli.py")


def review_of(tomoni: Tomoni, at: int) -> Review:
    return tomoni.review(tomoni.apps()[0], Period(at, 7))


def test_the_example_has_no_problem() -> None:
    catalog = load(EXAMPLE, {"TOMONI_PROMETHEUS_URL": "http://127.0.0.1:9090", "TOMONI_GCP_PROJECT": "demo"})
    assert catalog.problems == ()
    assert {config.kind for config in catalog.sources.values()} == {"prometheus", "cloud_monitoring"}


def test_both_sources_find_every_query_of_the_example(both: Both) -> None:
    result = run(both, "check")
    assert (result.exit_code, result.stderr) == (0, "")


def test_the_status_shows_both_with_their_true_counts(both: Both) -> None:
    result = run(both, "status", "--format", "json", "--no-sync")
    body = json.loads(result.stdout)
    slos = {slo["slo"]: slo for slo in body["slos"]}
    assert (result.exit_code, body["problems"]) == (0, [])
    assert {name: slo["source"] for name, slo in slos.items()} == {"reached": "gcp", "served": "prometheus"}
    last = slice(-28 * 1440, None)
    cloud, world = both.cloud, both.prometheus.world
    assert slos["reached"]["bad"] == cloud.bad[last].sum()
    assert slos["reached"]["total"] == (cloud.good + cloud.bad)[last].sum()
    assert slos["served"]["total"] == pytest.approx(world.total["checkout"][last].sum(), rel=1e-5)
    assert slos["served"]["bad"] == pytest.approx(world.bad["checkout"][last].sum(), rel=1e-3)
    assert {slo["window"]["end"] for slo in slos.values()} == {slos["reached"]["window"]["end"]}
    assert all(slo["coverage"] == 1 for slo in slos.values())


def test_the_lanes_of_both_stand_on_one_axis(both: Both) -> None:
    tomoni = both.opened()
    lanes = {lane.signal.id: lane for lane in review_of(tomoni, both.now).lanes}
    tomoni.close()
    np.testing.assert_array_equal(lanes["vm-cpu"].values.times, lanes["load"].values.times)
    cpu = both.cloud.cpu[-7 * 1440 :].reshape(-1, 5).mean(axis=1)
    np.testing.assert_allclose(lanes["vm-cpu"].values.values[-len(cpu) + 1 :], cpu[1:], rtol=1e-9)
    loads = both.prometheus.world.loads(both.prometheus.world.end - 7 * DAY, both.prometheus.world.end)
    # Looks at values that may be up to a minute old.
    np.testing.assert_allclose(lanes["load"].values.values[-len(loads) + 1 :], loads[1:], atol=0.06)


@pytest.fixture
def page(both: Both, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The joint page of the example, without a browser."""
    monkeypatch.setattr(PagesManager, "__init__", _without_pages_directory)
    for name, value in both.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Tomoni, "refresh_in_background", lambda self: None)
    st.cache_resource.clear()
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    test.context = {"locale": "en-GB", "timezone": "UTC"}
    return test


def test_the_joint_page_shows_both_together(page: AppTest) -> None:
    shown = page.run().switch_page("pages/app_view.py").run()
    assert not shown.exception
    text = html_of(shown)
    assert "Requests that the load balancer answers" in text
    assert "Requests that the app serves" in text
    (chart,) = shown.get("plotly_chart")
    assert "CPU of the machines" in chart.proto.spec
    assert "Load of the app" in chart.proto.spec
    st.cache_resource.clear()


def test_the_catalog_page_shows_the_calls_of_both(page: AppTest) -> None:
    shown = page.run().switch_page("pages/catalog.py").run()
    assert not shown.exception
    text = html_of(shown)
    assert text.count("in the last minute") == 2
    st.cache_resource.clear()


# Every refusal and fault of Cloud Monitoring, and a part of what is said about it.
FAULTS = [
    (Fault("UNAUTHENTICATED", "token?"), "The Google credentials are no longer valid."),
    (Fault("PERMISSION_DENIED", "denied"), "Give them the role “roles/monitoring.viewer”"),
    (
        Fault("PERMISSION_DENIED", "off", "SERVICE_DISABLED", service="monitoring.googleapis.com"),
        "The API “monitoring.googleapis.com” is not enabled in the project “demo”.",
    ),
    (Fault("PERMISSION_DENIED", "who pays", "USER_PROJECT_DENIED"), "set-quota-project"),
    (
        Fault("NOT_FOUND", "Cannot find metric(s)"),
        "has no metric “loadbalancing.googleapis.com/https/request_count”",
    ),
    (Fault("INVALID_ARGUMENT", 'Field filter had an invalid value of "x": no.'), "cannot read the filter"),
    (
        Fault(
            "INVALID_ARGUMENT",
            'Field aggregation.perSeriesAligner had an invalid value of "ALIGN_DELTA": The aligner cannot be applied '
            "to metrics with kind GAUGE and value type INT64.",
        ),
        "does not fit a metric of kind GAUGE and type INT64",
    ),
    (Fault("INVALID_ARGUMENT", "Field interval.startTime had an invalid value: no."), "refused the interval"),
    (
        Fault("RESOURCE_EXHAUSTED", "Quota exceeded", "RATE_LIMIT_EXCEEDED", quota_metric="query_requests"),
        "A quota of the project “demo” is used up (query_requests)",
    ),
    (Fault("RESOURCE_EXHAUSTED", "Received message larger than max"), "The answer is too large to read."),
    (Fault("DEADLINE_EXCEEDED", "slow"), "did not answer within 30 s"),
    (Fault("UNAVAILABLE", "later"), "had an internal error"),
    (Fault("INTERNAL", "oops"), "had an internal error"),
    (Fault("UNIMPLEMENTED", "?"), "it is not Cloud Monitoring"),
]


@pytest.mark.parametrize(("fault", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_a_fault_of_google_is_told_and_touches_nothing_else(both: Both, fault: Fault, told: str) -> None:
    before = json.loads(run(both, "status", "--format", "json", "--no-sync").stdout)["slos"]
    stand_in = both.cloud.stand_in
    stand_in.world.now += HOUR
    stand_in.troubles += [Trouble(READING, fault)] * 40
    result = run(both.later(HOUR), "status", "--format", "json")
    body = json.loads(result.stdout)
    after = {slo["slo"]: slo for slo in body["slos"]}
    assert [problem["source"] for problem in body["problems"]] == ["gcp"]
    assert told in body["problems"][0]["text"]
    assert told in result.stderr
    for name in ("good", "total", "bad", "sli", "state"):
        assert after["reached"][name] == before[0][name]
    assert after["reached"]["window"]["end"] == before[0]["window"]["end"]
    assert after["served"]["window"]["end"] > before[1]["window"]["end"]


def test_a_partial_answer_of_google_is_shown_and_marked(both: Both) -> None:
    stand_in = both.cloud.stand_in
    stand_in.world.now += HOUR
    stand_in.troubles += [Trouble(READING, partial="a zone did not answer")] * 4
    tomoni = both.later(HOUR).opened()
    tomoni.sync_status()
    reached, served = tomoni.overview().statuses
    tomoni.close()
    assert "partial_answer" in [notice.code for notice in reached.notices]
    assert "partial_answer" not in [notice.code for notice in served.notices]


def test_a_silent_prometheus_leaves_googles_lanes_as_they_are(both: Both) -> None:
    both.cloud.stand_in.world.now += HOUR
    sources = both.folder / "config" / "sources.yaml"
    sources.write_text(sources.read_text().replace("${TOMONI_PROMETHEUS_URL}", "http://127.0.0.1:9"))
    tomoni = both.later(HOUR).opened()
    tomoni.sync(days=7)
    review = review_of(tomoni, both.now + HOUR)
    tomoni.close()
    lanes = {lane.signal.id: lane for lane in review.lanes}
    assert lanes["vm-cpu"].problem is None
    assert lanes["load"].problem is not None
    assert lanes["load"].problem.code == "unreachable"
    assert [problem.source for problem in review.problems] == ["prometheus"]
    reached, served = review.tracks
    assert (reached.status.problem, served.status.figures.total > 0) == (None, True)
