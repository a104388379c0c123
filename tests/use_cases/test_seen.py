"""What each role sees and does of the product, below pages, commands and the API: as a table."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tables import table
from tomoni.access.policy import Grants, NotAllowedError
from tomoni.catalog.who_may import Role
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Action, Meeting, Postmortem, Question
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import Selection
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
NOW = "2026-11-24T00:55:00Z"
HIDDEN, OPEN = "order-mail", "checkout"
NOBODY = Grants(Role.NONE, (), frozenset({HIDDEN}))
VIEWER = Grants(Role.VIEWER, (), frozenset({HIDDEN}))
MEMBER = Grants(Role.VIEWER, ((OPEN, Role.MEMBER),), frozenset({HIDDEN}))
MEMBER_OF_HIDDEN = Grants(Role.NONE, ((HIDDEN, Role.MEMBER),), frozenset({HIDDEN}))
EDITOR = Grants(Role.EDITOR, (), frozenset({HIDDEN}))
ADMIN = Grants(Role.ADMIN, (), frozenset({HIDDEN}))
# Who writes of the open app, of the hidden one, and makes tokens.
ROLES = {
    "nobody": (NOBODY, False, False, False),
    "viewer": (VIEWER, False, False, False),
    "member": (MEMBER, True, False, False),
    "member of the hidden one": (MEMBER_OF_HIDDEN, False, True, False),
    "editor": (EDITOR, True, False, False),
    "admin": (ADMIN, True, True, True),
}


class World:
    """A product with something written of two apps, one of which is hidden."""

    def __init__(self, product: Tomoni) -> None:
        self.product = product
        self.snapshots: dict[str, str] = {}
        self.actions: dict[str, str] = {}
        self.meetings: dict[str, str] = {}
        records = product.meetings.records
        for name in (OPEN, HIDDEN):
            app = product.catalog.app(name)
            assert app is not None
            snapshot = product.freeze(app, Period(product.now(), 28))
            product.snapshots.keep(snapshot)
            self.snapshots[name] = snapshot.hash
            self.actions[name] = records.add(Action(app=name, text=f"Text of {name}")).id
            meeting = Meeting(
                app=name, planned_at=product.now(), start=product.now() - 86_400, as_of=product.now(), days=1
            )
            self.meetings[name] = records.add(meeting).id
            records.add(Postmortem(app=name, title=f"lessons of {name}"))
            product.meetings.notes.save(self.meetings[name], "since", "", f"Note of {name}")
            product.meetings.steps.go(self.meetings[name], "since")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("seen")
    shutil.copytree(ROOT / "config", folder / "config")
    told = {"config": folder / "config", "database_url": f"sqlite:///{folder / 'tomoni.db'}", "now": NOW}
    product = open_tomoni(ProcessSettings.model_validate(told), {})
    yield World(product)
    product.close()


def _removed_and_restored(product: Tomoni, action: str) -> None:
    product.meetings.records.remove(Action, action)
    product.meetings.records.restore(Action, action)


WRITES: dict[str, Callable[[Tomoni, World, str], object]] = {
    "add": lambda p, w, app: p.meetings.records.add(Action(app=app, text="new")),
    "ask": lambda p, w, app: p.meetings.records.add(Question(app=app, text="why?")),
    "change": lambda p, w, app: p.meetings.records.change(Action, w.actions[app], {"text": "changed"}),
    "remove and restore": lambda p, w, app: _removed_and_restored(p, w.actions[app]),
    "note": lambda p, w, app: p.meetings.notes.save(w.meetings[app], "since", f"Note of {app}", f"Note of {app}"),
    "step": lambda p, w, app: p.meetings.steps.go(w.meetings[app], "since"),
    "keep": lambda p, w, app: p.snapshots.keep(w.product.snapshots.read(w.snapshots[app])),
    "pin": lambda p, w, app: (p.snapshots.pin(w.snapshots[app], 1), p.snapshots.pin(w.snapshots[app], None)),
}


@table("role", ROLES)
@table("write", WRITES)
@table("app", [OPEN, HIDDEN])
def test_each_role_writes_where_it_may_and_nowhere_else(world: World, role: str, write: str, app: str):
    grants, writes_open, writes_hidden, _ = ROLES[role]
    product = world.product.seen_by(grants)
    if writes_open if app == OPEN else writes_hidden:
        WRITES[write](product, world, app)
        return
    with pytest.raises((NotAllowedError, MeetingError, SnapshotError)):
        WRITES[write](product, world, app)


@table("role", ROLES)
def test_tokens_and_expiry_are_for_admins(world: World, role: str):
    grants, *_, administers = ROLES[role]
    tokens = world.product.seen_by(grants).meetings.tokens
    acts: list[Callable[[], object]] = [
        lambda: tokens.create(f"of {role}", None),
        tokens.listed,
        lambda: tokens.revoke(f"of {role}"),
        world.product.seen_by(grants).expire_snapshots,
    ]
    for act in acts:
        if administers:
            act()
        else:
            with pytest.raises(NotAllowedError):
                act()


def seen(product: Tomoni, world: World) -> dict[str, set[str]]:
    """The apps that each way of reading shows."""
    records, snapshots = product.meetings.records, product.snapshots
    found = {
        "catalog": {app.id for app in product.catalog.apps},
        "written": {app.id for app in product.setup.written.apps},
        "apps": {app.id for app in product.apps()},
        "live": {status.app.id for status in product.live().overview.statuses},
        "overview": {status.app.id for status in product.overview().statuses},
        "journeys": {each.app.id for each in product.live().overview.journeys},
        "spots": {place.partition("/")[0] for place in product.catalog.spots if ":" not in place},
        "actions": {each.value.app for each in records.listed(Action)},
        "one app": {name for name in (OPEN, HIDDEN) if records.listed(Action, name)},
        "version": {name for name in (OPEN, HIDDEN) if records.version(name)},
        "history": {name for name in (OPEN, HIDDEN) if records.history(Action, world.actions[name])},
        "notes": {name for name in (OPEN, HIDDEN) if product.meetings.notes.read(world.meetings[name], "since").text},
        "revisions": {
            name for name in (OPEN, HIDDEN) if product.meetings.notes.revision(world.meetings[name], "since")
        },
        "old notes": {name for name in (OPEN, HIDDEN) if product.meetings.notes.history(world.meetings[name], "since")},
        "steps": {name for name in (OPEN, HIDDEN) if product.meetings.steps.current(world.meetings[name])},
        "snapshots": {each.app for each in snapshots.listed()},
        "page of them": {each.app for each in snapshots.page(Selection(), 1, 50).entries},
        "moments": {app for app, _ in snapshots.moments()},
        "several": {each.review.app.id for each in _read_all(product, world)},
    }
    found["search"] = {_app_of(world, id_) for id_ in product.meetings.search.matching("lessons") or ()}
    found["record"] = {name for name in (OPEN, HIDDEN) if _reads(records.read, Action, world.actions[name])}
    found["snapshot"] = {name for name in (OPEN, HIDDEN) if _reads(snapshots.read, world.snapshots[name])}
    found["entry"] = {name for name in (OPEN, HIDDEN) if _reads(snapshots.entry, world.snapshots[name])}
    return {way: apps & {OPEN, HIDDEN} for way, apps in found.items()}


def _read_all(product: Tomoni, world: World) -> list[Snapshot]:
    try:
        return list(product.snapshots.read_all(world.snapshots.values()).found)
    except SnapshotError:
        return []


def _app_of(world: World, id_: str) -> str:
    return world.product.meetings.records.read(Postmortem, id_).value.app


def _reads(read: Callable[..., object], *asked: object) -> bool:
    try:
        read(*asked)
    except (MeetingError, SnapshotError):
        return False
    return True


@table(
    ("grants", "apps"),
    [
        (NOBODY, set()),
        (VIEWER, {OPEN}),
        (MEMBER, {OPEN}),
        (MEMBER_OF_HIDDEN, {HIDDEN}),
        (EDITOR, {OPEN}),
        (ADMIN, {OPEN, HIDDEN}),
    ],
)
def test_what_is_hidden_is_in_nothing_that_a_reader_gets(world: World, grants: Grants, apps: set[str]):
    for way, found in seen(world.product.seen_by(grants), world).items():
        assert found == apps, way


def test_what_is_published_leaves_out_hidden_apps_for_everybody(world: World):
    (world.product.settings.config / "access.yaml").write_text(f"hidden: [{HIDDEN}]\n")
    world.product.reload()
    assert {app.id for app in world.product.published().apps()} == {"back-office", "checkout", "store-search"}
    assert len(world.product.apps()) == 4


def test_a_reader_sees_a_changed_configuration_and_one_value_of_each_drawing(world: World):
    product = world.product.seen_by(VIEWER)
    assert product is world.product.seen_by(Grants(Role.VIEWER, (), frozenset({HIDDEN})))
    assert product.live() is product.live()
    assert product.meetings.as_of(1).records.listed(Action, HIDDEN) == ()
