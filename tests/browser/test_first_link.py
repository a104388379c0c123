"""A deep link, first in a fresh process, on an empty database."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import patient, serving, settle

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("entry", ["app.py", "asgi.py"])
def test_the_first_deep_link_goes_through_the_entry_and_fills_in_by_itself(
    browser: Browser, tmp_path: Path, entry: str
):
    with serving(tmp_path, entry=entry) as address:
        page = patient(browser.new_context(locale="en-GB", timezone_id="Asia/Tokyo")).new_page()
        page.add_init_script(
            "window.__seen = new Set(); new MutationObserver(() => document.querySelectorAll("
            "'[data-testid=stSidebarNavLink]').forEach(a => window.__seen.add(a.textContent)))"
            ".observe(document, {childList: true, subtree: true});"
        )
        page.goto(f"{address}/app?app=checkout&lang=en")
        expect(page.locator(".js-plotly-plot .scatterlayer").first).to_be_attached()
        settle(page)
        assert page.evaluate("[...window.__seen]") == []
        assert page.title() == "App · Tomoni"
        expect(page.locator(".st-key-bar")).to_be_visible()
        page.context.close()
    assert "Traceback" not in (tmp_path / "server.log").read_text()
