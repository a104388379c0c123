"""What meets a snapshot that is being deleted: the portal, a comparison, files that are being written, the refresh."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.review.shop import DAY
from tests.snapshots.rows import row, save
from tests.snapshots.test_portal import portal_of
from tests.snapshots.world import DAYS, NOW, frozen, hostile_shop
from tomoni.review.model import Period
from tomoni.snapshots.portal import write_portal
from tomoni.snapshots.portal_pages import address_of
from tomoni.snapshots.record.listing import Selection
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import open_engine

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path):
    opened = hostile_shop(tmp_path).open(NOW)
    opened.sync(days=6)
    yield opened
    opened.close()


def test_the_portal_replaces_the_page_of_a_deleted_snapshot_and_of_no_other(shop, tmp_path):
    for days_ago in (2, 1, 0):
        shop.snapshots.keep(shop.freeze(shop.apps()[0], Period(NOW - days_ago * DAY, DAYS)))
    site = tmp_path / "site"
    write_portal(portal_of(shop), site)
    gone, kept = shop.snapshots.listed()[1:]
    shop.snapshots.delete(gone.hash, NOW)
    write_portal(portal_of(shop), site)
    for home in (site, site / "ja"):
        assert gone.hash[7:23] in (home / address_of(gone)).read_text()
        assert "tomoni.portal.deleted" in (home / address_of(gone)).read_text()
        assert "tomoni.portal.deleted" not in (home / address_of(kept)).read_text()
        assert address_of(gone) not in (home / "apps" / "shop.html").read_text()
    assert "was deleted on" in (site / address_of(gone)).read_text()
    again = write_portal(portal_of(shop), site).files
    assert not [file for file in again if "snapshots" in file.parts]
    shop.snapshots.keep(shop.freeze(shop.apps()[0], Period(NOW - DAY, DAYS)))
    write_portal(portal_of(shop), site)
    assert "tomoni.portal.deleted" not in (site / address_of(gone)).read_text()


def test_a_list_of_many_has_pages_and_no_page_is_left_when_it_gets_shorter(shop, tmp_path, monkeypatch):
    monkeypatch.setattr("tomoni.snapshots.portal.ON_A_PAGE", 2)
    for days_ago in (4, 3, 2, 1, 0):
        shop.snapshots.keep(shop.freeze(shop.apps()[0], Period(NOW - days_ago * DAY, 1)))
    site = tmp_path / "site"
    write_portal(portal_of(shop), site)
    assert sorted(path.name for path in (site / "apps" / "shop").iterdir()) == ["2.html", "3.html"]
    assert "../../snapshots/shop-" in (site / "apps" / "shop" / "3.html").read_text()
    for each in shop.snapshots.listed()[2:]:
        shop.snapshots.delete(each.hash, NOW)
    write_portal(portal_of(shop), site)
    assert list((site / "apps" / "shop").iterdir()) == []


_EXPORT = """
import sys
from pathlib import Path
from tomoni.snapshots.exporters.formats import EditionOptions, export
from tomoni.snapshots.record.store import SnapshotStore
from tomoni.store.engine import open_engine
store = SnapshotStore(open_engine(sys.argv[1]))
snapshot = store.read(sys.argv[2])
print("read", flush=True)
sys.stdin.readline()
export(snapshot, ["html", "json"], Path(sys.argv[3]), EditionOptions())
"""


def test_a_process_that_reads_one_finishes_its_files_while_another_deletes_it(shop, tmp_path):
    snapshot = frozen(shop)
    shop.snapshots.keep(snapshot)
    command = [
        sys.executable,
        "-c",
        _EXPORT,
        f"sqlite:///{tmp_path / 'tomoni.db'}",
        snapshot.hash,
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "read\n"
        shop.snapshots.delete(snapshot.hash, NOW)
        process.communicate("\n", timeout=300)
    assert process.returncode == 0
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".html", ".json"]


def test_the_refresh_applies_the_rule(tmp_path):
    world = hostile_shop(tmp_path)
    (tmp_path / "config" / "settings.yaml").write_text("snapshots: {keep: 1d}\n")
    shop = world.open(NOW)
    engine = open_engine(f"sqlite:///{tmp_path / 'tomoni.db'}")
    try:
        save(engine, *(row(n, made_at=NOW - (9 - n) * DAY) for n in range(9)))
        shop.refresh_in_background()
        deadline = time.monotonic() + 300
        while len(shop.snapshots.listed()) > 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [each.reason for each in shop.snapshots.deleted()] == ["expired"] * 8
    finally:
        shop.close()
        engine.dispose()


def test_a_page_of_a_thousand_is_listed_at_once(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'many.db'}")
    save(engine, *({**row(n, app=f"app-{n % 20}"), "payload": b"x" * 20_000} for n in range(1000)))
    store, begun = SnapshotStore(engine), time.monotonic()
    page = store.page(Selection(), 7, 50)
    before = [store.before(each) for each in page.entries]
    took = time.monotonic() - begun
    engine.dispose()
    assert (len(page.entries), page.pages, len(before)) == (50, 20, 50)
    assert took < 10  # some hundredths of a second on a quiet machine
