"""A threshold between the edges of a distribution: the SLI is shown with the range that it may lie in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data_sources.base import Notice
from tests.google_stand_in.server import StandIn, running
from tests.google_stand_in.shop import DAY, END, configured, opened
from tests.google_stand_in.world import Bounds, MetricSpec, World, histogram
from tomoni.languages import LANGUAGES
from tomoni.review.model import Period, SloStatus
from tomoni.words import notices
from tomoni.words.text import text_for

LATENCY = MetricSpec("run/latency", "DELTA", "DISTRIBUTION", {}, ("cloud_run_revision",), unit="ms")
ROWS = np.random.default_rng(5).integers(1, 30, (3 * 1440, 5)).astype(np.float64)
APP = """\
app: shop
journeys:
  - id: buy
    slos:
      - {id: it, objective: 90, window: 2d, sli: {source: gcp, distribution: 'metric.type="run/latency"', under: UNDER}}
"""


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    world = World("demo", END + 240)
    world.add(histogram(LATENCY, {}, ROWS, END - 3 * DAY, Bounds("explicit", (100, 200, 300, 400))))
    with running(world) as server:
        yield server


def status_of(folder: Path, stand_in: StandIn, under: str) -> SloStatus:
    (configured(folder, stand_in) / "apps" / "shop.yaml").write_text(APP.replace("UNDER", under))
    tomoni = opened(folder, stand_in)
    tomoni.sync_status()
    (status,) = tomoni.overview().statuses
    review = tomoni.review(tomoni.apps()[0], Period(tomoni.now(), 1))
    tomoni.close()
    assert ranges(review.tracks[0].status) == ranges(status)
    return status


def ranges(status: SloStatus) -> list[Notice]:
    return [notice for notice in status.notices if notice.code == "estimated"]


def test_the_range_is_that_of_the_whole_buckets(tmp_path: Path, stand_in: StandIn) -> None:
    status = status_of(tmp_path, stand_in, "250ms")
    (notice,) = ranges(status)
    window = ROWS[-2 * 1440 :]
    assert notice.facts["low"] == pytest.approx(window[:, :2].sum() / window.sum(), abs=1e-12)
    assert notice.facts["high"] == pytest.approx(window[:, :3].sum() / window.sum(), abs=1e-12)
    assert status.figures.sli is not None
    assert status.figures.sli == pytest.approx((window[:, :2].sum() + window[:, 2].sum() / 2) / window.sum(), abs=1e-12)
    for language in LANGUAGES:
        told = notices.describe(notice, text_for(language))
        for bound in ("low", "high"):
            assert text_for(language).percent(float(notice.facts[bound])) in told


def test_an_edge_has_no_range(tmp_path: Path, stand_in: StandIn) -> None:
    assert ranges(status_of(tmp_path, stand_in, "300ms")) == []
