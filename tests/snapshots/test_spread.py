"""What the static site has beside its apps: a search of everything, feeds, pages of teams, postmortems and minutes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser

from tests.snapshots.met import ID, met
from tests.snapshots.world import NOW, SCRIPT, frozen, hostile_shop
from tomoni.meetings.model import Action, Decision, DecisionKind, Incident, Meeting, MeetingState, Postmortem
from tomoni.meetings.published import Told, ToldKind
from tomoni.snapshots.portal import write_portal
from tomoni.snapshots.portal_pages import Portal
from tomoni.snapshots.spread.feeds import ATOM, Feed, FeedEntry, atom
from tomoni.snapshots.spread.finding import CHUNK, Entry, folded, grams, packed, search_files, shard_of
from tomoni.snapshots.spread.pages import minutes_address, team_address
from tomoni.use_cases.monthly import monthly_report
from tomoni.use_cases.practices import practices
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.published import open_actions, told_to_all

_LINK = re.compile(r"(?:href|src)='([^'#]+)'")
_SHORT = {"words": "w"}


def loaded(files: dict[str, bytes]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the scripts of a search hand over: the head, and each part by its name."""
    meta = json.loads(files["meta.js"].decode().removeprefix("window.tomoniSearch=").rstrip(";\n"))
    found = [re.fullmatch(r'tomoniSearch\.take\("(\w+)",(.*)\);\n', each.decode(), re.S) for each in files.values()]
    return meta, {each[1]: json.loads(each[2]) for each in found if each}


def unpacked(text: str) -> list[int]:
    signs, out, place = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", [], -1
    for step in re.findall(r",(\d+),|(.)", text):
        place += int(step[0]) if step[0] else signs.index(step[1])
        out.append(place)
    return out


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ＣＨＥＣＫｏｕｔ", "Checkout"),
        ("ﾌﾟｰﾙ", "プール"),
        ("STRASSE", "Straße"),
        ("ΟΔΟΣ", "οδος"),
        ("a\u3000b", "A  b"),
    ],
)
def test_texts_are_compared_without_width_and_case(typed, written):
    assert folded(typed) == folded(written)


def test_neighbouring_letters_stay_within_a_word_and_only_other_scripts_have_single_ones():
    assert grams("ab cde 税率") == {"ab", "cd", "de", "cde", "税", "率", "税率"}


@pytest.mark.parametrize("places", [[0], [0, 1, 2], [5, 66, 128, 5000], [61, 62, 200_000]])
def test_places_are_packed_and_unpacked(places):
    assert unpacked(packed(places)) == places


def test_every_entry_is_in_the_index_at_each_of_its_letters_and_parts_are_bounded():
    entries = [Entry("App", f"名前{n} title", "shop", f"apps/{n}.html", f"words number {n} 障害") for n in range(60)]
    meta, parts = loaded(dict(search_files(entries, _SHORT)))
    assert meta["entries"][59] == ["App", "名前59 title", "shop", "apps/59.html"]
    for number, entry in enumerate(entries):
        text = parts[f"t{number // CHUNK}"][number % CHUNK]
        assert folded(entry.words) in text
        for gram in grams(text):
            assert number in unpacked(parts[f"g{shard_of(gram, meta['shards'])}"][gram])
    assert meta["left"] == 0


def entry(key: str, updated: int, title: str = "t") -> FeedEntry:
    return FeedEntry(key, title, f"apps/{key}.html", updated - 5, updated, "review", "payments", "said\x0b & <b>")


def checked(content: bytes) -> ET.Element:
    """A feed that holds what RFC 4287 asks of each."""
    root = ET.fromstring(content)
    assert root.tag == f"{{{ATOM}}}feed"
    ids = []
    for each in (root, *root.iter(f"{{{ATOM}}}entry")):
        for name in ("id", "title", "updated", "author"):
            assert len(each.findall(f"{{{ATOM}}}{name}")) == 1, name
        ids.append(each.findtext(f"{{{ATOM}}}id"))
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", ids[-1] or "")
        assert datetime.fromisoformat(each.findtext(f"{{{ATOM}}}updated") or "")
        relations = [link.get("rel") or "" for link in each.findall(f"{{{ATOM}}}link")]
        assert relations.count("alternate") == 1
        assert relations == sorted(set(relations), reverse=True)
    assert len(set(ids)) == len(ids)
    return root


def test_a_feed_is_valid_the_newest_first_and_the_same_whenever_it_is_written():
    feed = Feed("all", "All", "teams/x.xml", "teams/x.html", "en", "", [entry("a", 100), entry("b", 900)])
    root = checked(atom(feed))
    assert root.findtext(f"{{{ATOM}}}updated") == "1970-01-01T00:15:00Z"
    assert [each.get("href") for each in root.iter(f"{{{ATOM}}}link")] == [
        "../teams/x.xml", "../teams/x.html", "../apps/b.html", "../apps/a.html",
    ]  # fmt: skip
    assert atom(feed) == atom(replace(feed, entries=feed.entries[::-1]))
    absolute = checked(atom(replace(feed, base="https://slo.example.com/ja/")))
    assert "https://slo.example.com/ja/apps/b.html" in [each.get("href") for each in absolute.iter()]
    assert checked(atom(replace(feed, entries=[]))).findtext(f"{{{ATOM}}}updated") == "1970-01-01T00:00:00Z"


def test_an_entry_keeps_its_id_when_its_words_change_and_languages_have_their_own():
    def ids(feed: Feed) -> list[str | None]:
        return [each.text for each in checked(atom(feed)).iter(f"{{{ATOM}}}id")]

    feed = Feed("all", "All", "feed.xml", "index.html", "en", "", [entry("a", 100)])
    assert ids(feed) == ids(replace(feed, entries=[entry("a", 500, "other")]))
    assert not set(ids(feed)) & set(ids(replace(feed, language="ja")))


def test_each_team_has_a_page_of_its_own_however_alike_their_names_are():
    names = ["A team", "a-team", "a team", "決済チーム", "基盤", "../../etc", ""]
    found = [team_address(name) for name in names]
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"teams/[a-z0-9-]+\.html", each) for each in found)


@dataclass(frozen=True)
class Site:
    """A written site, and what it was written from."""

    folder: Path
    portal: Portal
    tomoni: Tomoni


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    tomoni = hostile_shop(tmp_path_factory.mktemp("shop")).open(NOW)
    tomoni.sync(days=6)
    snapshot = met(frozen(tomoni))
    tomoni.snapshots.keep(snapshot)
    records = tomoni.meetings.as_of(NOW - 3600).records
    held = Meeting(app="shop", planned_at=NOW, start=NOW - 86_400, as_of=NOW, closed_at=NOW - 600)
    meeting = records.add(held.model_copy(update={"state": MeetingState.CLOSED, "snapshot": snapshot.hash}))
    records.add(Action(app="shop", text="Raise the pool", team="platform", due=date(2026, 9, 1), meeting=meeting.id))
    records.add(Decision(app="shop", meeting=meeting.id, what=DecisionKind.CONFIRMED, text="Freeze rollouts"))
    incident = records.add(Incident(app="shop", title="Pool exhausted", start=NOW - 9000, end=NOW - 7000))
    body = f"接続プールが枯渇した。\n\n{SCRIPT}"
    records.add(Postmortem(app="shop", title="枯渇", incident=incident.id, body=body, factors=("connection pool",)))
    listed = {"shop": tomoni.snapshots.listed("shop")}
    portal = Portal(
        tomoni.overview(NOW),
        tomoni.apps(),
        listed,
        tomoni.snapshots.read_all,
        "Asia/Tokyo",
        "0",
        told=told_to_all(tomoni.meetings.records, tomoni.catalog),
        actions=open_actions(tomoni.meetings.records, tomoni.catalog, NOW),
        address="https://slo.example.com/site",
        report=monthly_report(tomoni, "2026-08"),
        practices=practices(tomoni.meetings.records, tomoni.apps()),
    )
    folder = tmp_path_factory.mktemp("site")
    write_portal(portal, folder)
    yield Site(folder, portal, tomoni)
    tomoni.close()


@pytest.mark.slow
def test_every_page_that_is_found_or_fed_is_there(site):
    base = "https://slo.example.com/site/"
    for home, prefix in ((site.folder, base), (site.folder / "ja", f"{base}ja/")):
        meta, _ = loaded({file.name: file.read_bytes() for file in (home / "search").iterdir()})
        kinds = [each[3].split("/")[0] for each in meta["entries"]]
        assert sorted(set(kinds)) == ["apps", "minutes", "postmortems", "teams"]
        assert all((home / each[3]).is_file() for each in meta["entries"])
        feeds = list(home.glob("*.xml")) + list(home.glob("*/*.xml"))
        assert len(feeds) >= 1 + 1 + 2
        for feed in feeds:
            for each in checked(feed.read_bytes()).iter(f"{{{ATOM}}}link"):
                address = each.get("href") or ""
                assert (home / address.removeprefix(prefix)).is_file(), address
    for page in site.folder.rglob("*.html"):
        assert SCRIPT not in page.read_text()
        for link in _LINK.findall(page.read_text()):
            assert urljoin(page.as_uri(), link).startswith("http") or (page.parent / link).resolve().is_file(), link


@pytest.mark.slow
def test_what_teams_wrote_stands_on_the_pages_of_its_app_and_team(site):
    app = (site.folder / "apps" / "shop.html").read_text()
    team = (site.folder / team_address("platform")).read_text()
    for page in (app, team):
        assert "Freeze rollouts" in page
        assert "Raise the pool" in page
        assert "枯渇" in page
    assert "Raise the pool" not in (site.folder / team_address("=1+1")).read_text()
    postmortem = next((site.folder / "postmortems").iterdir()).read_text()
    assert "接続プールが枯渇した。" in postmortem
    assert "connection pool" in postmortem
    (saved,) = site.portal.saved["shop"]
    assert "Who does what by when" in (site.folder / minutes_address(saved)).read_text()


@pytest.mark.slow
def test_the_report_of_the_month_and_the_practices_are_pages_beside_those_of_other_months(site):
    for home in (site.folder, site.folder / "ja"):
        start = (home / "index.html").read_text()
        assert "reports/2026-08.html" in start
        assert "practices.html" in start
    write_portal(replace(site.portal, report=monthly_report(site.tomoni, "2026-07")), site.folder)
    assert "href='../reports/2026-08.html'" in (site.folder / "reports" / "2026-07.html").read_text()


@pytest.mark.slow
def test_writing_again_later_changes_no_feed_and_what_is_gone_goes(site):
    feeds = {file: file.read_bytes() for file in site.folder.rglob("*.xml")}
    left = site.folder / "postmortems" / f"{ID}.html"
    left.write_text("gone")
    later = replace(site.portal, overview=replace(site.portal.overview, as_of=NOW + 86_400))
    write_portal(later, site.folder)
    assert {file: file.read_bytes() for file in site.folder.rglob("*.xml")} == feeds
    assert not left.exists()


@pytest.mark.slow
def test_what_is_hidden_from_some_is_in_no_search_and_no_feed(site):
    others = replace(site.tomoni.catalog, apps=())
    assert told_to_all(site.tomoni.meetings.records, others) == ()
    assert open_actions(site.tomoni.meetings.records, others, NOW) == ()
    (review,) = [each for each in site.portal.told if each.kind is ToldKind.REVIEW]
    assert isinstance(review, Told)
    assert "platform: Raise the pool" in review.lines


@pytest.mark.slow
def test_the_search_of_a_page_of_files_finds_in_any_width_and_language_by_the_keyboard(site, browser: Browser):
    """Under the policy of its page and without a network: from a folder."""
    messages: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text) if message.type == "error" else None)
        page.goto((site.folder / "search.html").as_uri())
        for typed, found in (
            ("ＦＲＥＥＺＥ rollouts", 2),
            ("枯渇", 1),
            ("接", 1),
            ("ﾌﾟｰﾙ CONNECTION", 1),
            ("nowhere", 0),
        ):
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(typed)
            page.wait_for_function("typed => document.documentElement.dataset.searched === typed", arg=typed)
            assert page.locator(".found li").count() == found, typed
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("枯渇")
        page.wait_for_function("() => document.documentElement.dataset.searched === '枯渇'")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/postmortems/*.html")
    assert messages == []
