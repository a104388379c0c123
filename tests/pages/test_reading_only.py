"""What a viewer finds on every page and at every step of a review: nothing that writes, and one line that says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, html_of
from tomoni.catalog.for_reviews import Step
from tomoni.meetings.model import Action, Event, EventKind, Incident, Meeting, MeetingState, Postmortem, Question
from tomoni.review.model import Period
from tomoni.ui.navigation import PLACES
from tomoni.use_cases.product import Tomoni

pytestmark = pytest.mark.slow
APP = "checkout"
# All that a viewer may find, by its key. Whoever adds a widget that writes draws it where `context.may_write` says so;
# one that writes nothing is added here.
READS = re.compile(
    r"""scheme|figures|copy-link|present|lang|print|anchors|narrow-window|team-memory|close|open|find  # on many pages
    |example|app-en|journey|slo|team|state|days|tab|page
    |period-.*|freeze|moment|live|refresh.*  # the moment and the period
    |slos-en|paper-table|daily-table  # the overview
    |row-larger|lanes?-.*|linear|zoom|points|joint|episode-choice|key-.*|None  # a figure and its files
    |events-(kinds|words)
    |(find|write|browse)-(demo|first)  # Explore asks, and keeps nothing
    |actions-(app|state)|list-(app|during)-en|all-reviews
    |map-(svg|png|keys)-.*|w[sj]-.*|paper-.*  # the catalog's maps and worksheets, which are downloaded
    |meeting-(step|left|right|hints)|follow-(leave|rejoin)|follow-memory|next-review|minutes-copy  # a review goes on
    |saving-.*|conclude-.*-choice|risk-budget|explain-.*  # shown, and not to be changed: see below
    |postmortem-(part|version)|as-(md|html)|file-.*
    """,
    re.VERBOSE,
)
DISABLED = re.compile(r"conclude-.*")


@dataclass(frozen=True)
class Widget:
    key: str
    proto: Any


def widgets(test: AppTest) -> Iterator[Widget]:
    """Everything on a page that can be used, with what its popovers and expanders hold."""
    nodes = [test._tree]
    while nodes:
        node: Any = nodes.pop()
        nodes += getattr(node, "children", {}).values()
        proto = getattr(node, "proto", None)
        kind = proto.WhichOneof("type") if proto is not None and "type" in proto.DESCRIPTOR.oneofs_by_name else None
        known: Any = getattr(proto, kind) if kind else proto
        if getattr(known, "id", ""):
            yield Widget(known.id.split("-", 2)[-1], known)


def written(tomoni: Tomoni) -> dict[str, str]:
    """Something of each kind that teams write; what the address of a page names of it."""
    app, now, records = tomoni.catalog.app(APP), tomoni.now(), tomoni.meetings.records
    assert app is not None
    records.add(Action(app=APP, text="raise the limit", team="payments"))
    records.add(Question(app=APP, text="why?"))
    records.add(Event(app=APP, at=now - 9_000, title="2.41", what=EventKind.DEPLOY))
    incident = records.add(Incident(app=APP, title="slow", start=now - 80_000, end=now - 70_000))
    snapshot = tomoni.freeze(app, Period(now, 28))
    tomoni.snapshots.keep(snapshot)
    start, as_of = now - 28 * 86_400, now - 600
    held = Meeting(app=APP, planned_at=now, start=start, as_of=as_of, state=MeetingState.OPEN)
    return {
        "meeting": records.add(held).id,
        "postmortem": records.add(Postmortem(app=APP, title="learned", body="text", incident=incident.id)).id,
        "snapshot": snapshot.hash[7:23],
    }


def shown(test: AppTest) -> str:
    """Asserts that nothing on a page writes; returns its HTML."""
    assert not test.exception
    for widget in widgets(test):
        assert READS.fullmatch(widget.key), f"{widget.key} writes, or is not in the table of what does not"
        assert not DISABLED.fullmatch(widget.key) or widget.proto.disabled
    return html_of(test)


def test_nothing_that_a_viewer_finds_on_a_page_writes(
    open_page: Open, world: Path, tomoni: Tomoni, monkeypatch: pytest.MonkeyPatch
):
    found = written(tomoni)
    (world / "config" / "access.yaml").write_text("without_sign_in: viewer\n")
    for name, place in PLACES.items():
        monkeypatch.setattr("tomoni.ui.frame.place_name", lambda name=name: name)
        page = shown(open_page(Path(place.file).stem, app=APP, lang="en"))
        says = "ask its teams" in page
        assert says is (name not in ("overview", "catalog", "guide")), name
    for step in Step:
        page = shown(open_page("review", app=APP, meeting=found["meeting"], step=step.value, lang="en"))
    for page, named in (("postmortems", "postmortem"), ("snapshots", "snapshot")):
        shown(open_page(page, lang="en", **{named: found[named]}))


def test_a_member_of_another_app_writes_there_alone(
    open_page: Open, world: Path, tomoni: Tomoni, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tomoni.ui.frame.place_name", lambda: "app")
    monkeypatch.setattr("tomoni.access.policy.Grants.may", lambda _self, _needed, app="": app == "store-search")
    for app, writes in (("checkout", False), ("store-search", True)):
        test = open_page("app_view", app=app, lang="ja")
        test.session_state["event-add"] = True  # as somebody opens it
        keys = {widget.key for widget in widgets(test.run())}
        assert ("snapshot-now" in keys) is writes
        assert any(key.startswith("FormSubmitter:") for key in keys) is writes
        assert ("書き込みはできません" in html_of(test)) is not writes
