"""What live pages show is drawn from what was drawn before, and is what a new evaluation would say."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.review.shop import DAY, START, STEP, Shop, steady
from tests.store.databases import KINDS
from tests.store.postgres import PostgresServer, postgres_server
from tomoni.ledger import Compacting
from tomoni.review.inputs import ReviewInputs, SloPlace
from tomoni.review.model import SloStatus
from tomoni.review.status import statuses_of
from tomoni.snapshots.record.codec import encode
from tomoni.store.engine import write
from tomoni.store.tables import drawn, ledger_version
from tomoni.use_cases import last_drawn
from tomoni.use_cases.background import Live
from tomoni.use_cases.product import Tomoni

__all__ = ["postgres_server"]
NOW = START + 5 * DAY + 3 * 3600 + 137
APP = """\
app: shop
title: Shop
timezone: Asia/Tokyo
journeys:
  - id: buy
    title: Buy
    slos:
      - {id: availability, objective: 99, window: 2d, sli: {source: exports, counts: orders.csv}}
      - {id: monthly, objective: 99, window: {calendar: month}, sli: {source: exports, counts: orders.csv}}
      - {id: slices, objective: 95, window: 3d, method: timeslices, slice: {length: 10m, target: 99},
         sli: {source: exports, counts: orders.csv}}
      - {id: hosts, objective: 99, window: 2d, sli: {source: exports, counts: other.csv}}
"""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the SLOs that were evaluated, in the order in which they were."""
    found: list[str] = []

    def counting(inputs: ReviewInputs, places: Sequence[SloPlace], as_of: int) -> Iterator[SloStatus]:
        found.extend(place.slo.id for place in places)
        return statuses_of(inputs, places, as_of)

    monkeypatch.setattr("tomoni.review.again.statuses_of", counting)
    monkeypatch.setattr(last_drawn, "_FEW", 0)
    return found


class Shops(Shop):
    """A shop whose process goes on while its clock and its files change."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        super().__init__(folder, database_url)
        self.app(APP)
        self.write_orders(steady(5.2))
        self.write_other(steady(5.2))
        self.now = NOW

    def copied(self, folder: Path) -> Shops:
        """The same shop in another folder."""
        made = copy(self)
        made.folder, made.database_url = folder, f"sqlite:///{folder / 'tomoni.db'}"
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return made

    def app(self, text: str) -> None:
        (self.folder / "config" / "apps" / "shop.yaml").write_text(text)

    def exclusions(self, text: str) -> None:
        (self.folder / "config" / "exclusions").mkdir(exist_ok=True)
        (self.folder / "config" / "exclusions" / "shop.yaml").write_text(text)

    @property
    def other(self) -> Path:
        return self.folder / "data" / "other.csv"

    def write_other(self, rows: Sequence[tuple[int, float, float]]) -> None:
        lines = [f"{time},{total},{bad}" for time, total, bad in rows]
        self.other.write_text("\n".join(["time,total,bad", *lines, ""]))

    def process(self) -> Tomoni:
        """A process on this shop, whose clock is that of the shop."""
        tomoni = self.open(self.now)
        tomoni.clock = lambda: self.now
        return tomoni


def shown(live: Live) -> object:
    """All of a drawing as data."""
    return encode(live.overview, type(live.overview))


@pytest.fixture(scope="module")
def read_shop(tmp_path_factory: pytest.TempPathFactory) -> Shops:
    """A shop whose files were read once."""
    made = Shops(tmp_path_factory.mktemp("shop"))
    tomoni = made.process()
    tomoni.sync(days=6)
    tomoni.close()
    return made


@dataclass(frozen=True)
class Happening:
    """What happens, the seconds that pass, which SLOs stand as they were, and whether the files are read."""

    does: Callable[[Shops, Tomoni], None]
    seconds: int
    stay: Collection[str]
    read: bool = False


ALL = {"availability", "monthly", "slices", "hosts"}


def _hosts(tomoni: Tomoni) -> str:
    return tomoni.catalog.apps[0].journeys[0].slos[3].series.key


def compacted(_shop: Shops, tomoni: Tomoni) -> None:
    tomoni.ledger.compact([Compacting(_hosts(tomoni), STEP, START // DAY + 4, 60)])


def deleted(_shop: Shops, tomoni: Tomoni) -> None:
    tomoni.ledger.forget({_hosts(tomoni): START // DAY + 4})


def written_by_older_code(_shop: Shops, tomoni: Tomoni) -> None:
    engine = tomoni.ledger._engine
    write(engine, lambda c: c.execute(update(ledger_version).values(version=ledger_version.c.version + 1)))


EXCLUDED = "- {id: x, reason: Planned, from: 2026-09-26T00:00, until: 2026-09-26T06:00, slos: [buy/slices]}\n"
HAPPENINGS = {
    "nothing": Happening(lambda *_: None, 0, ALL),
    "the bucket is not over yet": Happening(lambda *_: None, 60, ALL),
    "time without new data": Happening(lambda *_: None, 7200, ALL),
    "a month begins": Happening(lambda *_: None, 9 * DAY, ALL),
    "new data": Happening(lambda shop, _: shop.write_other(steady(5.3)), 3600, (), read=True),
    "a file that is gone": Happening(lambda shop, _: shop.other.unlink(), 600, {"hosts"}, read=True),
    "days that were deleted": Happening(deleted, 60, ALL - {"hosts"}),
    "days that became hours": Happening(compacted, 60, ALL - {"hosts"}),
    "writes of an older version": Happening(written_by_older_code, 60, ()),
    "another objective": Happening(lambda shop, _: shop.app(APP.replace("95,", "90,")), 60, ALL - {"slices"}),
    "another zone": Happening(lambda shop, _: shop.app(APP.replace("Asia/Tokyo", "Europe/London")), 60, ()),
    "a broken definition": Happening(lambda shop, _: shop.app(APP.replace("95,", "195,")), 60, ALL - {"slices"}),
    "an SLO that is gone": Happening(lambda shop, _: shop.app(APP.rpartition("      - ")[0]), 60, ALL - {"hosts"}),
    "an exclusion of one": Happening(lambda shop, _: shop.exclusions(EXCLUDED), 60, ALL - {"slices"}),
}


@pytest.mark.parametrize("happening", HAPPENINGS.values(), ids=HAPPENINGS)
def test_only_what_may_have_changed_is_evaluated_again_and_nothing_is_another_figure(
    read_shop: Shops, tmp_path: Path, counted: list[str], happening: Happening
) -> None:
    shop = read_shop.copied(tmp_path)
    tomoni = shop.process()
    tomoni._live.redraw()
    counted.clear()
    happening.does(shop, tomoni)
    shop.now += happening.seconds
    tomoni._configuration.reload_changed_files()
    if happening.read:
        tomoni.sync(days=6)
    live = tomoni._live.redraw()
    assert shown(live) == encode(tomoni.overview(), type(live.overview))
    assert not set(happening.stay) & set(counted)
    tomoni.close()


def drawn_before(shop: Shops) -> Live:
    """What a process drew last that has ended since."""
    tomoni = shop.process()
    if not tomoni.ledger.keys():
        tomoni.sync(days=6)
    live = tomoni._live.redraw()
    tomoni.close()
    return live


@pytest.fixture(params=KINDS)
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Shops:
    if request.param == "sqlite":
        return Shops(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return Shops(tmp_path, server.new_database())


def test_a_process_begins_with_what_another_drew_last_as_of_then(shop: Shops, counted: list[str]) -> None:
    before = drawn_before(shop)
    counted.clear()
    shop.now += 900
    tomoni = shop.process()
    first = tomoni.live()
    assert (first.as_of, first.version, counted) == (before.as_of, before.version, [])
    assert shown(first) == shown(before)
    redrawn = tomoni._live.redraw()
    assert (redrawn.as_of, counted) == (shop.now, [])
    assert shown(redrawn) == encode(tomoni.overview(), type(redrawn.overview))
    tomoni.close()


def test_a_definition_that_changed_meanwhile_is_evaluated_as_of_then(
    read_shop: Shops, tmp_path: Path, counted: list[str]
) -> None:
    shop = read_shop.copied(tmp_path)
    drawn_before(shop)
    counted.clear()
    shop.app(APP.replace("id: availability, objective: 99,", "id: availability, objective: 99.9,"))
    shop.now += 900
    tomoni = shop.process()
    first = tomoni.live()
    assert (first.as_of, counted) == (NOW, ["availability"])
    (status,) = (each for each in first.overview.statuses if each.slo.id == "availability")
    assert str(status.figures) == str(tomoni.overview(NOW).statuses[0].figures)
    assert str(status.slo.definition.objective.percent) == "99.9"
    tomoni.close()


def damaged(shop: Shops) -> None:
    tomoni = shop.process()
    write(tomoni.ledger._engine, lambda connection: connection.execute(update(drawn).values(payload=b"no such thing")))
    tomoni.close()


def set_back(shop: Shops) -> None:
    shop.now -= 2 * 3600


@pytest.mark.parametrize("happened", [damaged, set_back])
def test_what_cannot_be_used_is_drawn_anew(
    read_shop: Shops, tmp_path: Path, counted: list[str], happened: Callable[[Shops], None]
) -> None:
    shop = read_shop.copied(tmp_path)
    drawn_before(shop)
    counted.clear()
    happened(shop)
    tomoni = shop.process()
    assert tomoni.live().as_of == shop.now
    assert set(counted) == ALL
    tomoni.close()


def test_nothing_is_taken_over_from_another_version_of_the_maths(
    read_shop: Shops, tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = read_shop.copied(tmp_path)
    drawn_before(shop)
    counted.clear()
    monkeypatch.setattr(last_drawn, "maths", lambda: "another")
    tomoni = shop.process()
    tomoni.live()
    assert set(counted) == ALL
    tomoni.close()


def test_few_slos_are_evaluated_at_once(
    read_shop: Shops, tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = read_shop.copied(tmp_path)
    drawn_before(shop)
    monkeypatch.setattr(last_drawn, "_FEW", 50)
    shop.now += 900
    tomoni = shop.process()
    assert tomoni.live().as_of == shop.now
    tomoni.close()
