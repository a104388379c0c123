"""A hidden app is named in nothing that others get: a planted name is looked for in all that is answered or written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cli import cli
from tests.cli.world import NOW, build
from tests.serving.conftest import HERE
from tomoni.access.policy import Grants, NotAllowedError
from tomoni.catalog.load import load_files
from tomoni.catalog.schema import GoodFiles
from tomoni.catalog.who_may import Role
from tomoni.meetings.model import (
    KINDS,
    Action,
    Event,
    EventKind,
    Incident,
    Meeting,
    MeetingState,
    Postmortem,
    Question,
    SavedView,
)
from tomoni.review.model import Period
from tomoni.serving.around import Served, around
from tomoni.settings import ProcessSettings
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import Selection
from tomoni.use_cases.actions import listed_actions
from tomoni.use_cases.meeting import standings
from tomoni.use_cases.postmortems import library, recurring
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.seen import catalog_of
from tomoni.wiring import open_tomoni
from tomoni.words import problems
from tomoni.words.text import text_for

pytestmark = pytest.mark.slow
ID, TITLE, TEAM, SOURCE, WRITTEN = "zephyrquokka", "Zephyr Quokkas", "quokka-keepers", "quokka-exports", "quokkaword"
NAMES = ("quokka",)  # in each of them
APP = f"""app: {ID}
title: {{en: {TITLE}, ja: "ゼファーquokka"}}
teams: {{app: {TEAM}}}
depends_on: [shop]
review: {{every: 1 week, starting: 2026-11-18T14:00}}
journeys:
  - id: quokka-feeding
    title: Quokka feeding
    slos: [{{id: quokka-up, objective: 99, window: 7d, sli: {{source: {SOURCE}, counts: rows.csv}}}}]
infra: [{{id: quokka-cpu, source: {SOURCE}, unknown_key: 1}}]
"""
DEPENDS = f"depends_on: [{ID}, {{en: The service {TITLE}, ja: ゼファーquokka}}, The payment provider]\n"
# Each with an error that suggests the name or says it.
BROKEN = {
    "exclusions/zephyrquokk.yaml": "exclusions: []\n",
    f"exclusions/{ID}.yaml": "exclusions: [{from: never}]\n",
    f"risks/{ID}.yaml": "risks: 5\n",
    f"agendas/{ID}.yaml": "steps: 5\n",
    "apps/zz-twice.yaml": f"app: {ID}\njourneys: []\n",
    f"apps/{ID}.yaml.bak": APP,
}
VIEWER = Grants(Role.VIEWER, (), frozenset({ID}))
READERS = {
    "viewer": VIEWER,
    "editor": Grants(Role.EDITOR, (), frozenset({ID})),
    "member of the other app": Grants(Role.NONE, (("shop", Role.MEMBER),), frozenset({ID})),
}


class World:
    """The configuration, the product over it, and what was written of both apps."""

    def __init__(self, folder: Path) -> None:
        self.config, self.folder = build(folder), folder
        sources = self.config / "sources.yaml"
        sources.write_text(sources.read_text() + f"  {SOURCE}: {{kind: files, path: ../data}}\n")
        shop = self.config / "apps" / "shop.yaml"
        shop.write_text(shop.read_text() + DEPENDS)
        (self.config / "apps" / f"{ID}.yaml").write_text(APP)
        for name, content in BROKEN.items():
            (self.config / name).parent.mkdir(exist_ok=True)
            (self.config / name).write_text(content)
        (self.config / "access.yaml").write_text(
            f"commands: viewer\nwithout_sign_in: viewer\nhidden: [{ID}, zephyrquokk]\n"
        )
        self.environ = {
            "TOMONI_CONFIG": str(self.config),
            "TOMONI_DATABASE_URL": f"sqlite:///{folder / 'tomoni.db'}",
            "TOMONI_NOW": NOW.isoformat(),
            "TOMONI_OPEN": "1",
        }
        told = {name.removeprefix("TOMONI_").lower(): value for name, value in self.environ.items()}
        self.product = open_tomoni(ProcessSettings.model_validate(told), {})
        self.product.sync()
        self.records = {app: self._write(app, word) for app, word in (("shop", "plain"), (ID, WRITTEN))}
        self.tokens = {app: self.product.meetings.tokens.create(f"of {app}", app)[0] for app in ("shop", ID)}
        self.tokens["all"] = self.product.meetings.tokens.create("of all", None)[0]

    def _write(self, app: str, word: str) -> dict[str, str]:
        """Something of each kind of an app, with a word in it."""
        product, now = self.product, self.product.now()
        records, found = product.meetings.records, product.catalog.app(app)
        assert found is not None
        incident = records.add(Incident(app=app, title=word, start=now - 9000, end=now - 8000)).id
        held = Meeting(app=app, planned_at=now, start=now - 86_400, as_of=now, days=1, state=MeetingState.OPEN)
        meeting = records.add(held).id
        kept, gone = (product.freeze(found, Period(now, days), notes=word) for days in (7, 14))
        product.snapshots.keep(kept)
        product.snapshots.keep(gone)
        product.snapshots.delete(gone.hash, now)
        product.meetings.notes.save(meeting, "since", "", f"note {word}")
        return {
            "incident": incident,
            "action": records.add(Action(app=app, text=word, team=TEAM if app == ID else "payments")).id,
            "event": records.add(Event(app=app, at=now - 900, title=word, what=EventKind.DEPLOY)).id,
            "question": records.add(Question(app=app, text=word)).id,
            "postmortem": records.add(Postmortem(app=app, title=word, body=word, factors=(word,))).id,
            "saved_view": records.add(SavedView(app=app, title=word, address=f"app={app}")).id,
            "meeting": meeting,
            "snapshot": kept.hash,
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("unsaid"))
    yield made
    made.product.close()


def named(outputs: dict[str, Any]) -> dict[str, str]:
    """The outputs that say the name, each with what stands around it."""
    found = {}
    for output, value in outputs.items():
        text = str(value)
        at = min((text.lower().find(name) for name in NAMES if name in text.lower()), default=-1)
        if at >= 0:
            found[output] = text[max(0, at - 60) : at + 40]
    return found


def read(product: Tomoni, world: World) -> dict[str, Any]:
    """All that is read of a product, as text."""
    text, now = text_for("en"), product.now()
    shop = product.catalog.app("shop")
    assert shop is not None
    records, meetings, snapshots = product.meetings.records, product.meetings, product.snapshots
    return {
        "catalog": product.catalog,
        "written": product.setup.written,
        "sources": dict(product.setup.sources).keys(),
        "live": product.live(),
        "overview": product.overview(now),
        "overview of moments": product.overview_of({"shop": now}),
        "outlook": product.outlook({"shop": now}),
        "review": product.review(shop, Period(now, 7)),
        "frozen": product.freeze(shop, Period(now, 7)),
        "problems": [problems.describe(each, text) for each in (*product.catalog.problems, *product.check())],
        "refreshes": product.refreshes,
        "feeds": product.failing_feeds(),
        "records": [records.listed(kind) for kind in KINDS.values()],
        "keyed": records.keyed(Event, ID, "x"),
        "histories": [[*records.history(KINDS[kind], id_)] for kind, id_ in ids(world)],
        "notes": [meetings.notes.read(each["meeting"], "since") for each in world.records.values()],
        "search": [meetings.search.matching(word) for word in (WRITTEN, "plain")],
        "library": asdict(library(meetings, "")),
        "factors": recurring(library(meetings, "").shown),
        "actions": listed_actions(records, product.catalog, now),
        "standings": standings(records, product.apps(), now),
        "snapshots": snapshots.listed(),
        "page": snapshots.page(Selection(), 1, 50),
        "moments": snapshots.moments(),
        "deleted": snapshots.deleted(),
        "figures": [snapshots.read(each["snapshot"]) for app, each in world.records.items() if app == "shop"],
    }


def ids(world: World) -> Iterator[tuple[str, str]]:
    """Every record that was written, by its kind; that of the hidden app as well."""
    for written in world.records.values():
        yield from ((kind, id_) for kind, id_ in written.items() if kind in KINDS)


@pytest.mark.parametrize("reader", READERS)
def test_nothing_that_is_read_below_the_pages_names_a_hidden_app(world: World, reader: str):
    outputs = read(world.product.seen_by(READERS[reader]), world)
    assert named(outputs) == {}


def test_the_name_is_there_for_who_sees_the_app(world: World):
    whole = read(world.product, world)
    of_the_other = {"overview of moments", "outlook", "review", "frozen", "figures"}
    assert set(named(whole)) | of_the_other | {"refreshes", "feeds", "keyed", "search"} == set(whole)


def test_what_is_not_there_is_refused_as_what_never_was(world: World):
    product, hidden = world.product.seen_by(VIEWER), world.records[ID]
    errors = []
    for id_, digest in ((hidden["action"], hidden["snapshot"]), ("0" * 24, "sha256:" + "0" * 64)):
        said = []
        for act in (
            lambda id_=id_: product.meetings.records.read(Action, id_),
            lambda id_=id_: product.meetings.records.change(Action, id_, {"text": "x"}),
            lambda id_=id_: product.meetings.records.remove(Action, id_),
            lambda id_=id_: product.meetings.notes.save(id_, "since", "", "x"),
            lambda id_=id_: product.meetings.steps.go(id_, "since"),
            lambda id_=id_: product.meetings.closing.correct(id_),
            lambda digest=digest: product.snapshots.read(digest),
            lambda digest=digest: product.snapshots.pin(digest, 1),
            lambda digest=digest: product.snapshots.delete(digest, 1),
        ):
            with pytest.raises(Exception) as refused:  # noqa: PT011 - whichever: both have to be the same
                act()
            said.append((type(refused.value), getattr(refused.value, "code", "")))
        errors.append(said)
    assert errors[0] == errors[1]
    with pytest.raises((SnapshotError, NotAllowedError)) as gone:
        product.snapshots.read(world.product.snapshots.deleted()[0].hash)
    assert named({"gone": (gone.value.args, vars(gone.value))}) == {}


UNREAD = {
    "its syntax": "title: [\n",
    "its id": "app: ZephyrQuokka\n",
    "no id": "title: x\n",
    "a tag": "app: !quokka x\n",
    "two documents": f"app: {ID}\n---\n",
    "nothing": "",
}


@pytest.mark.parametrize("fault", UNREAD)
@pytest.mark.parametrize("was_read", [False, True])
def test_a_file_of_any_name_is_not_named_where_it_may_be_that_of_a_hidden_app(
    fault: str, was_read: bool, tmp_path: Path
):
    config = build(tmp_path)
    good: GoodFiles = {}
    (config / "access.yaml").write_text(f"hidden: [{ID}]\n")
    file = config / "apps" / "the-quokka.yaml"
    if was_read:
        file.write_text(APP.replace(SOURCE, "exports"))
        good = load_files(config, {}, {}).good
    file.write_text(UNREAD[fault])
    shop = config / "apps" / "shop.yaml"
    shop.write_text(shop.read_text() + "unknown: 1\n")
    catalog = load_files(config, {}, good).catalog
    assert named({"problems": catalog.problems}) != {}
    problems = catalog_of(catalog, VIEWER).problems
    assert named({"problems": problems}) == {}
    assert "unknown_key" in {problem.code for problem in problems}


PATHS = ("events", "actions", "status", "openapi.json", "calendar.ics", "calendar/shop.ics", "calendar/other.ics")
FAULTS = ("events?app=zephyrquokk", "status?app=shop1", "status?at=never", "calendar/zephyrquokk.ics", "nothing")


@pytest.mark.parametrize("token", ["all", "shop"])
def test_no_answer_of_the_api_and_no_figure_names_a_hidden_app(world: World, tmp_path: Path, token: str):
    index = tmp_path / "index.html"
    index.write_text("<html></html>")
    beside = around(Served([""], "", index), world.product.settings, lambda: world.product)
    app = Starlette(routes=beside.routes, middleware=beside.middleware)
    client = TestClient(app, base_url="http://127.0.0.1", client=HERE, raise_server_exceptions=False)
    headers = {"Authorization": f"Bearer {world.tokens[token]}"}
    asked = [f"/api/{path}" for path in (*PATHS, *FAULTS)] + ["/readyz", "/healthz", "/metrics", "/nothing"]
    outputs = {path: client.get(path, headers=headers).text for path in asked if "zephyr" not in path}
    assert named(outputs) == {}
    outputs = {path: client.get(path, headers=headers).text.replace("zephyrquokk", "") for path in asked}
    assert [path for path, answer in outputs.items() if "quokka" in answer.lower()] == []
    own = client.get("/api/status", headers={"Authorization": f"Bearer {world.tokens[ID]}"})
    assert ID in own.text


def commands(folder: Path, kept: str) -> dict[str, list[str]]:
    """Every command that answers or writes files for a viewer."""
    out = str(folder / "out")
    app = ["--app", "shop"]
    return {
        "check": ["check"],
        "check of the files": ["check", "--offline"],
        "status": ["status", "--no-sync"],
        "status as JSON": ["status", "--no-sync", "--format", "json"],
        "status of none": ["status", "--no-sync", "--app", "zephyr"],
        "explain": ["explain", *app, "--slo", "rows", "--no-sync"],
        "explain none": ["explain", "--app", "zephyr", "--slo", "rows", "--no-sync"],
        "actions": ["actions", "--state", "all"],
        "actions as JSON": ["actions", "--format", "json"],
        "snapshots": ["snapshots", "--format", "json"],
        "calendar": ["calendar", "--out", f"{out}/all.ics"],
        "minutes": ["minutes", *app, "--out", out, "--format", "md"],
        "compare": ["compare", kept, kept],
        "portal": ["portal", "--no-sync", "--out", f"{out}/site"],
        "remind": ["remind", "--dry-run", "--days-before", "30"],
        "token": ["token", "list"],
        "audit": ["audit"],
        "sync": ["sync", "--days", "1"],
        "export": ["export", "rules"],
        "export none": ["export", "rules", "--app", "zephyr"],
        "export as JSON": ["export", "openslo", "--format", "json"],
        "export files": ["export", "backstage", "--out", f"{out}/exported"],
    }


def test_no_command_of_a_viewer_and_no_file_that_it_writes_names_a_hidden_app(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in world.environ.items():
        monkeypatch.setenv(name, value)
    outputs = {}
    for name, args in commands(tmp_path, world.records["shop"]["snapshot"]).items():
        for lang in ("en", "ja"):
            outputs[f"{name} {lang}"] = CliRunner().invoke(cli, ["--lang", lang, *args], prog_name="cli.py").output
    for file in (tmp_path / "out").rglob("*"):
        if file.is_file():
            outputs[str(file.relative_to(tmp_path))] = file.read_bytes().decode(errors="replace") + file.name
    assert named(outputs) == {}
    assert "shop" in json.dumps(outputs)
    assert any("site" in name for name in outputs)
