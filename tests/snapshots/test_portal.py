"""The portal is a site of plain files: every link leads somewhere, and what is frozen is written once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.snapshots.world import DAYS, NOW, SCRIPT, frozen, hostile_shop
from tomoni.review.model import Period
from tomoni.slo.model import DAY
from tomoni.snapshots.portal import write_portal
from tomoni.snapshots.portal_pages import Portal
from tomoni.snapshots.record.snapshot import freeze
from tomoni.use_cases.product import Tomoni
from tomoni.words import headlines
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

_LINK = re.compile(r"(?:href|src)='([^'#]+)'")


def portal_of(tomoni: Tomoni) -> Portal:
    listed = {app.id: tomoni.snapshots.listed(app.id) for app in tomoni.apps()}
    saved, deleted = tomoni.snapshots, tomoni.snapshots.deleted()
    return Portal(tomoni.overview(NOW), tomoni.apps(), listed, saved.read_all, "Asia/Tokyo", "0", deleted=deleted)


@pytest.fixture(scope="module")
def tomoni(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tomoni]:
    """A shop of its own: other tests save snapshots too."""
    opened = hostile_shop(tmp_path_factory.mktemp("shop")).open(NOW)
    opened.sync(days=6)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site(tomoni: Tomoni, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tomoni.snapshots.keep(frozen(tomoni))
    tomoni.snapshots.keep(tomoni.freeze(tomoni.apps()[0], Period(NOW - DAY, DAYS)))
    folder = tmp_path_factory.mktemp("site")
    write_portal(portal_of(tomoni), folder)
    return folder


def test_every_link_of_every_page_leads_to_a_file(site):
    pages = list(site.rglob("*.html"))
    of_all, snapshots, teams = ["start", "guide", "search", "app"], ["one", "another"], ["=1+1", "platform"]
    assert len(pages) == 2 * len([*of_all, *snapshots, *teams])
    for page in pages:
        found = _LINK.findall(page.read_text())
        assert found
        for link in found:
            assert (page.parent / link).resolve().is_file(), f"{page}: {link}"


def test_the_start_leads_to_each_app_and_its_newest_snapshot_in_both_languages(site, tomoni):
    statuses = tomoni.overview(NOW).statuses
    for home, language in ((site, "en"), (site / "ja", "ja")):
        word = headlines.states(statuses, text_for(language))
        start = (home / "index.html").read_text()
        assert "apps/shop.html" in start
        assert "snapshots/shop-2026-09-28T000000Z-" in start
        assert word in start


def test_plotly_is_there_once_and_no_page_carries_it(site):
    assert (site / "assets" / "plotly.js").stat().st_size > 3_000_000
    for page in (site / "snapshots").iterdir():
        assert page.stat().st_size < 400_000
        assert "src='../assets/plotly.js'" in page.read_text()
    for page in (site / "ja" / "snapshots").iterdir():
        assert "src='../../assets/plotly.js'" in page.read_text()


def test_hostile_titles_stay_text(site):
    for page in site.rglob("*.html"):
        assert SCRIPT not in page.read_text()


def test_what_changed_since_the_snapshot_before_is_told(site):
    told = (site / "apps" / "shop.html").read_text()
    assert "What changed" in told
    assert "of its budget, from" in told


def test_a_second_run_writes_no_snapshot_again(site, tomoni):
    before = {file: file.stat().st_mtime_ns for file in site.rglob("snapshots/*.html")}
    written = write_portal(portal_of(tomoni), site).files
    assert {file: file.stat().st_mtime_ns for file in site.rglob("snapshots/*.html")} == before
    assert not [file for file in written if "snapshots" in file.parts or file.name == "plotly.js"]


def test_the_guide_has_every_term(site):
    from tomoni.words.terms import TERMS

    told = (site / "guide.html").read_text()
    assert told.count("<tr><th") >= len(TERMS)


def test_a_snapshot_of_a_moment_made_twice_is_listed_twice_and_compared_once(tomoni, site, tmp_path):
    kept = frozen(tomoni)
    other = freeze(kept.review, kept.origin, kept.made_at)
    tomoni.snapshots.keep(other)
    write_portal(portal_of(tomoni), tmp_path)
    assert len(list((tmp_path / "snapshots").iterdir())) == 3
    assert "of its budget, from" in (tmp_path / "apps" / "shop.html").read_text()
