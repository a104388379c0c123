"""From an empty configuration to a first SLO on the overview, on a real Prometheus, without leaving the page."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import patient, serving, settle
from tests.real_prometheus import running_prometheus
from tomoni.catalog.load import load

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.prometheus]


def test_a_newcomer_reaches_a_first_slo_without_leaving_the_page(tmp_path: Path, browser: Browser) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (tmp_path / "prometheus").mkdir()
    now = time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime())
    with (
        running_prometheus(tmp_path / "prometheus") as prometheus,
        serving(tmp_path, config, now=now) as address,
    ):
        context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
        page = patient(context).new_page()
        page.goto(address)
        page.locator(".st-key-guided-url input").fill(prometheus.url)
        page.get_by_role("button", name="Look at its metrics").click()
        expect(page.locator(".st-key-panel-guided-preview img").first).to_be_visible()
        expect(page.get_by_text("of its budget").first).to_be_visible()
        settle(page)
        page.get_by_role("button", name="Write it and show the SLO").click()
        expect(page.get_by_text("of 1 app", exact=False).first).to_be_visible()
        settle(page)
        context.close()
    catalog = load(config, {})
    assert catalog.problems == ()
    assert [len(app.journeys[0].slos) for app in catalog.apps] == [2]
