"""The banner names what is wrong with files, sources and data: once, on every page, with the way to it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from data_sources.base import Notice
from tests.pages.conftest import Open, html_of
from tomoni.review.model import Overview
from tomoni.ui import context
from tomoni.ui.attention import Finding, banner
from tomoni.use_cases.collecting import Collecting
from tomoni.use_cases.product import Tomoni
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow

PAGES = ("overview", "app_view", "snapshots", "catalog", "guide")
BROKEN = "app: broken\njourneys:\n  - id: a\n    slos: 7\n"


def banners(shown: str) -> list[str]:
    return re.findall(r"<details class='tm-notice tm-attention'.*?</details>", shown, re.DOTALL)


def found(count: int) -> list[Finding]:
    return [Finding(f"{n}.yaml", f"<a href='./catalog'>{n}.yaml:1</a>", f"Reason {n}.") for n in range(count)]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_all_broken_files_with_the_way_to_them(open_page: Open, world: Path, page: str) -> None:
    for name in "abcde":
        (world / "config" / "apps" / f"{name}.yaml").write_text(BROKEN.replace("broken", name))
    shown = html_of(open_page(page, lang="en"))
    (one,) = banners(shown)
    links = re.findall(r"href='\./catalog\?lang=en#(file-[a-z0-9-]+)'", one)
    assert [link[-6:] for link in links] == [f"{name}-yaml" for name in "abcde"]
    assert "5 things need attention: a.yaml, b.yaml, c.yaml and 2 more" in one
    assert ("Until the files are corrected" in one) == (page != "catalog")
    if page == "catalog":
        assert all(f" id='{link}'" in shown for link in links)


def test_a_file_that_is_corrected_leaves_the_banner(open_page: Open, world: Path) -> None:
    file = world / "config" / "apps" / "broken.yaml"
    file.write_text(BROKEN)
    test = open_page("guide", lang="ja")
    assert "要対応1件: broken.yaml" in html_of(test)
    assert banners(html_of(test.run()))
    file.unlink()
    context.tomoni()._configuration.reload_changed_files()
    assert banners(html_of(test.run())) == []


def test_data_that_cannot_be_right_is_named_with_all_its_reasons(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubts = (Notice("total_frozen", {"seconds": 7200, "days": 2}), Notice("burn_constant", {"days": 3}))
    drawn = Tomoni.live

    def doubtful(self: Tomoni) -> object:
        live = drawn(self)
        statuses = tuple(replace(status, notices=doubts) for status in live.overview.statuses[:2])
        return replace(live, overview=Overview(live.as_of, statuses, ()))

    monkeypatch.setattr(Tomoni, "live", doubtful)
    (one,) = banners(html_of(open_page("guide", lang="en")))
    assert one.count("<li>") == 2
    assert "2 things need attention: data of “Back office / " in unescape(one)
    assert one.count("href='./app?app=back-office") == 2


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 thing needs attention: 0.yaml<"),
        (4, "4 things need attention: 0.yaml, 1.yaml, 2.yaml and 3.yaml<"),
        (5, "5 things need attention: 0.yaml, 1.yaml, 2.yaml and 2 more<"),
    ],
)
def test_the_line_names_the_first_and_the_list_has_all(count: int, said: str) -> None:
    shown = banner(found(count), text_for("en"))
    assert said in shown.replace(", and ", " and ")
    assert all(f"Reason {n}." in shown for n in range(count))


def test_what_is_found_more_than_once_is_named_once_with_its_number() -> None:
    shown = banner([*found(1), *found(1), *found(1)], text_for("en"))
    assert "3 things need attention: 0.yaml (3)<" in shown
    assert shown.count("<li>") == 3


def test_names_are_shown_as_they_are() -> None:
    shown = banner([Finding("<b>%(x)s</b>", "", "<i>")], text_for("en"))
    assert "&lt;b&gt;%(x)s&lt;/b&gt;" in shown
    assert "<i>" not in shown


def test_a_page_says_since_when_nobody_asks_the_sources_and_how_old_its_data_is(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Collecting, "lacking_seconds", 600.0)
    (said,) = banners(unescape(html_of(open_page("overview"))))
    assert "1 thing needs attention: collection<" in said
    assert "No process has asked the sources since 24 Nov, 09:45 JST. The newest data is of 24 Nov, " in said
    assert "Start the command collect, or unset TOMONI_COLLECT." in said
    monkeypatch.setattr(Collecting, "lacking_seconds", 9.0)  # as long as it takes to replace one
    assert not banners(html_of(open_page("overview")))


def test_an_app_whose_objectives_are_all_refused_says_what_keeps_them_and_not_that_there_are_none(
    open_page: Open, world: Path
) -> None:
    file = world / "config" / "apps" / "store-search.yaml"
    file.write_text(file.read_text().replace("objective: 9", "objective: many9"))
    shown = html_of(open_page("app_view", app="store-search"))
    assert "<h1 class='tm-headline'>No objective of “Store search” can be used as it is written.</h1>" in shown
    assert "store-search.yaml:19:" in shown
    assert "has no objectives yet" not in shown
