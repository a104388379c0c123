"""The demo comes with reviews that were held; no other configuration ever does."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.review.shop import START, Shop, steady
from tomoni.meetings.model import KINDS, Action, ActionState, Event, Incident, Meeting, Question
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.use_cases.demo_stories import STORIES
from tomoni.use_cases.demo_story import tell_demo_story
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
NOW = "2026-11-24T00:55:00Z"


def versions(product: Tomoni) -> list[int]:
    return [product.meetings.records.version(app.id) for app in product.apps()]


def opened(config: Path, database: Path) -> Tomoni:
    told = {"config": config, "database_url": f"sqlite:///{database}", "now": NOW}
    return open_tomoni(ProcessSettings.model_validate(told), {})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Tomoni:
    product = opened(ROOT / "config", tmp_path_factory.mktemp("told") / "demo.db")
    product.sync()
    assert tell_demo_story(product) == len(STORIES) == len(product.catalog.apps)
    return product


def test_every_app_has_two_closed_reviews_with_their_snapshots_and_open_actions(demo):
    records = demo.meetings.records
    for app in STORIES:
        closed = records.listed(Meeting, app)
        assert [meeting.value.state for meeting in closed] == ["closed", "closed"]
        assert closed[1].value.previous == closed[0].id
        for meeting in closed:
            assert demo.snapshots.entry(meeting.value.snapshot).meeting == meeting.id
            assert meeting.value.closed_at < demo.now()
        states = [action.value.state for action in records.listed(Action, app)]
        assert ActionState.OPEN in states
        assert records.listed(Event, app)
        assert [question.value.state for question in records.listed(Question, app)].count("open") >= 1


def test_incidents_fit_the_numbers_of_the_demo(demo):
    for app, story in STORIES.items():
        review = demo.review(demo.catalog.app(app), Period(demo.now(), 28))
        incidents = demo.meetings.records.listed(Incident, app)
        prices = demo.prices(review, [(each.value.start, each.value.end) for each in incidents]) if incidents else ()
        for n, burn in enumerate(story.burns):
            (paid,) = [each.whole[n] for each in prices if each.track.status.path == f"{app}/{burn.slo}"]
            assert paid > 0, (app, burn.key)
            (written,) = [each.value for each in incidents if each.key == f"demo-{burn.key}"]
            assert written.risk == burn.risk


def test_told_again_nothing_is_told_twice(demo):
    before = versions(demo)
    assert tell_demo_story(demo) == 0
    assert versions(demo) == before


def test_an_app_that_reads_any_other_source_has_no_story(tmp_path):
    shop = Shop(tmp_path)
    shop.write_orders(steady(2))
    for app in STORIES:  # the names alone do not make it the demo
        text = (tmp_path / "config" / "apps" / "shop.yaml").read_text().replace("app: shop", f"app: {app}")
        rhythm = "review: {every: 2 weeks, starting: 2026-09-22T10:00}\n"
        (tmp_path / "config" / "apps" / f"{app}.yaml").write_text(text + rhythm)
    product = shop.open(START)
    assert len(product.catalog.apps) == 1 + len(STORIES)
    assert tell_demo_story(product) == 0
    assert set(versions(product)) == {0}


def test_the_story_is_gone_once_an_app_of_its_name_reads_another_source(tmp_path):
    shop = Shop(tmp_path)
    config, database = tmp_path / "demo-config", tmp_path / "tomoni.db"
    shutil.copytree(ROOT / "config", config)
    for app in ("back-office", "checkout", "order-mail"):
        (config / "apps" / f"{app}.yaml").unlink()
    product = opened(config, database)
    assert tell_demo_story(product) == 1
    own = product.meetings.records.add(Action(app="store-search", text="Written by a team"))
    product.close()
    text = (tmp_path / "config" / "apps" / "shop.yaml").read_text().replace("app: shop", "app: store-search")
    (tmp_path / "config" / "apps" / "store-search.yaml").write_text(text)
    real = shop.open(START)
    for kind in KINDS.values():
        expected = [own.id] if kind is Action else []
        assert [record.id for record in real.meetings.records.listed(kind, "store-search")] == expected
    assert real.snapshots.listed() == ()
    real.close()


def test_nothing_is_told_unless_the_process_was_asked_to():
    assert ProcessSettings.model_validate({}).demo_story is False


def test_who_started_the_demo_a_moment_ago_is_told_that_its_reviews_are_coming(tmp_path):
    told = {"config": ROOT / "config", "database_url": f"sqlite:///{tmp_path}/demo.db", "now": NOW, "demo_story": True}
    with closing(open_tomoni(ProcessSettings.model_validate(told), {})) as product:
        coming = [app.id for app in product.catalog.apps if product.tells_story_of(app)]
        assert coming == sorted(STORIES)
        product._told.set()  # told, or not possible: nobody waits for ever
        assert not any(product.tells_story_of(app) for app in product.catalog.apps)


def test_a_story_that_was_cut_short_is_told_to_its_end(demo):
    records, last = demo.meetings.records, STORIES["order-mail"].waiting[0]
    asked = next(each for each in records.listed(Question, "order-mail") if each.value.text == last.text[0])
    records.remove(Question, asked.id)
    meeting = records.keyed(Meeting, "order-mail", "demo-review-1")
    records.change(Meeting, meeting.id, {"state": "open", "snapshot": "", "closed_at": None})
    assert tell_demo_story(demo) == 1
    assert records.read(Meeting, meeting.id).value.state == "closed"
    assert [each.value.text for each in records.listed(Question, "order-mail")].count(last.text[0]) == 1
