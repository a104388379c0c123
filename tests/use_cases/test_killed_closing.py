"""A process that is killed while it closes a review leaves it open, or closed with all that was frozen."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.review.shop import START, STEP, Shop
from tests.store.databases import database_url
from tests.store.postgres import postgres_server
from tests.use_cases.test_closing import AS_OF, NOW, begun, product
from tomoni.meetings.model import Meeting
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.closing import close_meeting

pytestmark = pytest.mark.slow
__all__ = ["database_url", "postgres_server", "product"]
KILLS = int(os.environ.get("KILLS", "2"))  # by hand: KILLS=50
AT_ONCE = 30  # reviews for each process, more than it gets through


@pytest.fixture
def shop(tmp_path: Path, database_url: str) -> Shop:
    shop = Shop(tmp_path, database_url)
    shop.write_orders((START + place * STEP, 500.0, 7.0 * (place % 50 == 0)) for place in range(6 * 288))
    return shop


def killed(shop: Shop, log: Path, ids: list[str], after: float) -> None:
    """Lets a process close reviews, and kills it a moment after the first one."""
    said = [str(shop.folder / "config"), shop.database_url, rfc3339(NOW), str(log)]
    command = [sys.executable, "-m", "tests.use_cases.closer", *said]
    process = subprocess.Popen([*command, *ids], cwd=Path(__file__).parents[2])
    until = time.monotonic() + 120
    while "+" not in (log.read_text() if log.exists() else "") and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(after)
    process.kill()
    process.wait()


def test_what_was_closed_has_its_snapshot_and_nothing_is_in_between(shop, product, tmp_path: Path):
    chance, acknowledged, all_ids = random.Random(11), set[str](), []
    for n in range(KILLS):
        ids = [begun(product).id for _ in range(AT_ONCE)]
        killed(shop, tmp_path / f"{n}.log", ids, chance.random() * 0.3)
        acknowledged |= {line[:-1] for line in (tmp_path / f"{n}.log").read_text().split() if line.endswith("+")}
        all_ids += ids
    meetings = [product.meetings.records.read(Meeting, id_) for id_ in all_ids]
    closed = {each.id: each.value.snapshot for each in meetings if each.value.state == "closed"}
    assert len(acknowledged) >= KILLS
    assert acknowledged <= set(closed)
    assert sorted(closed.values()) == sorted(entry.hash for entry in product.snapshots.listed("shop"))
    for id_, digest in closed.items():
        record = product.snapshots.read(digest).beside.meeting
        assert record is not None
        assert record.id == id_
    left = next((each for each in meetings if each.id not in closed), None)
    assert left is None or close_meeting(product, left.id).review.as_of == AS_OF
