"""What two teams agreed on, as the command line tells it: the same numbers everywhere, and only numbers."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tests.acceptance.command import Place, rfc3339
from tomoni.slo.alerts import alert_history
from tomoni.slo.episodes import burn_ledger
from tomoni.slo.model import Buckets, Definition, Objective, RollingWindow

pytestmark = pytest.mark.slow

NOW, STEP, DAY = 1_795_000_200, 300, 86_400
SLIPPERY = [0, 1, 1e-300, 1e-12, 1e22, 1e99, 1e308, -1, -1e-9, 0.1, "", "nan", "inf", "-0", 999_999]
WINDOWS = ["1h", "28d", "{calendar: day}", "{calendar: quarter}"]
OBJECTIVES = ["99.9", "100", "50", "99.9999999"]
NO_NUMBER = re.compile(r"(?<![A-Za-z])(nan|inf|infinity|none)(?![A-Za-z])|[-−]0(\.0+)? ?%", re.IGNORECASE)
SLO = "      - {{id: s{0}, objective: {1}, window: {2}, sli: {{source: files, counts: s{0}.csv}}}}\n"


def written(place: Place, counts: dict[str, str], slos: str) -> Place:
    """A place whose counts are files."""
    place.write(
        sources="sources:\n  files: {kind: files, path: ../data}\n",
        app_shop=f"app: shop\ntimezone: Europe/Berlin\njourneys:\n  - id: buy\n    slos:\n{slos}",
    )
    (place.folder / "data").mkdir()
    for name, rows in counts.items():
        (place.folder / "data" / name).write_text("time,total,good\n" + rows)
    return replace(place, environ={"TOMONI_NOW": rfc3339(NOW)})


def slippery_rows(random_: random.Random, count: int) -> str:
    """Counts that nobody would believe, with gaps between them."""
    places = [place for place in range(1, count + 1) if random_.random() > 0.1]
    return "".join(f"{NOW - STEP * p},{random_.choice(SLIPPERY)},{random_.choice(SLIPPERY)}\n" for p in places)


def numbers(body: object) -> Iterator[float]:
    """All numbers of a JSON value."""
    if isinstance(body, dict | list):
        for part in body.values() if isinstance(body, dict) else body:
            yield from numbers(part)
    elif isinstance(body, float):
        yield body


@pytest.fixture
def slippery(place: Place) -> Place:
    """Four SLOs with counts that nobody would believe."""
    random_ = random.Random(4)
    counts = {f"s{index}.csv": slippery_rows(random_, (1, 60, 300, 40)[index]) for index in range(4)}
    slos = "".join(SLO.format(index, OBJECTIVES[index], WINDOWS[index]) for index in range(4))
    return written(place, counts, slos)


def test_whatever_is_counted_every_answer_is_a_number_and_explain_tells_those_of_status(slippery: Place):
    status = slippery.status()
    assert (status.code, len(status.body["slos"])) == (0, 4)
    for index in range(4):
        asked = ["explain", "--app", "shop", "--slo", f"s{index}", "--no-sync", "--format", "json"]
        told, own = slippery.run(*asked).body, status.slo(f"s{index}")
        assert {name: told[name] for name in own} == own
        assert all(math.isfinite(x) and math.copysign(1, x) * (x == 0) >= 0 for x in numbers(told))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_whatever_is_counted_no_sentence_has_something_that_is_no_number(slippery: Place, language: str):
    slippery.run("sync")
    table = slippery.run("--lang", language, "status", "--no-sync")
    text = slippery.run("--lang", language, "explain", "--app", "shop", "--slo", "s1", "--no-sync")
    assert (table.code, text.code) == (0, 0)
    assert not NO_NUMBER.search(table.out + text.out.partition("\n")[2].replace("none", ""))


def test_a_changed_objective_begins_a_new_version_and_an_old_moment_keeps_its_numbers(place: Place):
    rows = "".join(f"{NOW - STEP * p},1000,{1000 - 15 * (p == 5)}\n" for p in range(1, 200))
    before = written(place, {"s0.csv": rows}, SLO.format(0, "99", "1d"))
    first = before.status().slo("s0")
    place.write(app_shop=(place.config / "apps" / "shop.yaml").read_text().replace("99", "99.9"))
    after = replace(before, environ={"TOMONI_NOW": rfc3339(NOW + 2 * STEP)})
    asked = ["explain", "--app", "shop", "--slo", "s0", "--format", "json"]
    new = after.run(*asked).body
    old = after.run(*asked, "--no-sync", "--at", rfc3339(NOW)).body
    assert (first["objective"], new["objective"], old["objective"]) == (0.99, 0.999, 0.99)
    assert old["budget"] == first["budget"]
    assert new["definition"]["hash"] != old["definition"]["hash"]
    assert [change["changed"] for change in new["changes"]] == [["objective"]]


def test_nothing_burns_faster_than_when_all_is_bad():
    random_ = np.random.default_rng(3)
    total = random_.random(2000) * 300
    good = np.where(random_.random(2000) < 0.6, total * 0.999, 0.0)
    buckets = Buckets(NOW // STEP * STEP, STEP, good, total, np.zeros(2000, np.bool_))
    half = Definition(Objective(Decimal(50)), RollingWindow(DAY))
    assert burn_ledger(buckets, half, buckets.start, buckets.end).episodes == ()
    strict = replace(half, objective=Objective(Decimal("99.95")))
    ledger = burn_ledger(buckets, strict, buckets.start, buckets.end)
    assert ledger.episodes
    assert all(each.bad <= each.total and (each.worst_burn or 0) <= 2000 for each in ledger.episodes)
    assert all(each.worst_burn <= 2000 for each in alert_history(buckets, strict, buckets.start, buckets.end))
