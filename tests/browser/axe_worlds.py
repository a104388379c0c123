"""The worlds that pages are looked at in: the demo, one with trouble and snapshots, and an empty one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.browser.server import NOW, ROOT, serving
from tomoni.meetings.model import Action, ActionState, Incident, Postmortem, Question
from tomoni.meetings.records import Records
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.slo.model import DAY
from tomoni.use_cases.meeting import prepared
from tomoni.wiring import open_tomoni

_DEAD_SOURCE = "\n  dead: {kind: prometheus, url: 'http://127.0.0.1:9'}\n"
_UNREACHABLE = """\
app: unreachable
title: {en: Unreachable, ja: 到達できないアプリ}
teams: {app: payments}
timezone: Asia/Tokyo
journeys:
  - id: wait
    title: {en: Wait for an answer, ja: 応答を待つ}
    slos:
      - id: availability
        title: {en: Answers, ja: 応答}
        objective: 99.9
        window: 28d
        sli: {source: dead, good: good, total: all}
"""
# A journey with more SLOs than cards find place for.
_SLO = """\
      - id: within-{n}
        title: {{en: Orders confirmed within {n} ms, ja: {n} ミリ秒以内に確定した注文の割合}}
        objective: {objective}
        window: 28d
        min_events: 100
        sli: {{source: demo, counts: {counts}}}
"""
_MANY = """\
app: many
title: {en: Many objectives, ja: 目標の多いアプリ}
teams: {app: payments, infra: platform}
timezone: Asia/Tokyo
journeys:
  - id: many
    title: {en: Order, ja: 注文する}
    slos:
"""
MANY = 12


@dataclass(frozen=True, slots=True)
class World:
    """A server's address, and what is named in paths: snapshots as ``{newest}`` and ``{oldest}`` by their hashes, a
    review as ``{meeting}`` and a postmortem as ``{postmortem}`` by their ids."""

    address: str
    newest: str = ""
    oldest: str = ""
    meeting: str = ""
    postmortem: str = ""

    def filled(self, path: str) -> str:
        """A path with the names of this world."""
        return path.format(newest=self.newest, oldest=self.oldest, meeting=self.meeting, postmortem=self.postmortem)


@contextmanager
def demo(folder: Path) -> Iterator[World]:
    """The demo as it is."""
    _prepared(folder, ROOT / "config")
    with serving(folder) as address:
        yield World(address)


@contextmanager
def troubled(folder: Path, demo_database: Path | None = None) -> Iterator[World]:
    """The demo with two snapshots, a source that does not answer, a file nobody can read, and a journey of many SLOs;
    what the demo fetches is fetched unless a database has it already."""
    config = folder / "config"
    if demo_database:
        shutil.copy(demo_database, folder / "ui.db")
    shutil.copytree(ROOT / "config", config)
    frozen = _prepared(folder, config, moments=(0, 7 * DAY))
    sources = config / "sources.yaml"
    sources.write_text(sources.read_text() + _DEAD_SOURCE)
    (config / "apps" / "unreachable.yaml").write_text(_UNREACHABLE)
    (config / "apps" / "many.yaml").write_text(_many((config / "apps" / "checkout.yaml").read_text()))
    search = config / "apps" / "store-search.yaml"
    search.write_text(search.read_text().replace("objective: 9", "objective: many"))
    with serving(folder, config) as address:
        yield World(address, *frozen)


@contextmanager
def empty(folder: Path) -> Iterator[World]:
    """Nothing is configured."""
    config = folder / "config"
    (config / "apps").mkdir(parents=True)
    with serving(folder, config) as address:
        yield World(address)


def _many(checkout: str) -> str:
    """An app with many SLOs and the infrastructure of checkout."""
    counts, objectives = ("checkout-availability", "checkout-latency", "cart-availability"), (99.9, 99, 99.5, 97)
    slos = (_SLO.format(n=100 * n, objective=objectives[n % 4], counts=counts[n % 3]) for n in range(1, MANY + 1))
    infra = re.sub(r"journeys: \[[^]]*\]", "journeys: [many]", checkout[checkout.index("groups:") :])
    return f"{_MANY}{''.join(slos)}{infra}"


def _prepared(folder: Path, config: Path, moments: tuple[int, ...] = ()) -> list[str]:
    """Fills the database of a folder, and returns the hashes of snapshots made so many seconds before now, and where
    there are some the ids of a review that is prepared and of a postmortem."""
    database = f"sqlite:///{folder / 'ui.db'}"
    product = open_tomoni(ProcessSettings.model_validate({"config": config, "database_url": database, "now": NOW}), {})
    product.sync()
    app, now = product.apps("checkout")[0], product.now()
    made = [product.freeze(app, Period(now - before, 28)) for before in moments]
    for each in made:
        product.snapshots.keep(each)
    meetings = [prepared(product.meetings.records, app, now, now).current] if moments else []
    written = [_written(product.meetings.records, now)] if moments else []
    product.close()
    ids = [*(each.id for each in meetings if each), *written]
    return [*(each.hash.removeprefix("sha256:")[:16] for each in made), *ids]


def _written(records: Records, now: int) -> str:
    """Writes one record of each kind that pages list; the id of the postmortem."""
    records.add(Action(app="checkout", text="Give the pool more room", team="payments", due=date(2026, 11, 20)))
    records.add(Action(app="checkout", text="Try a fail-over", state=ActionState.DROPPED, reason="Done elsewhere"))
    records.add(Question(app="checkout", text="How much room has the pool?"))
    incident = records.add(Incident(app="checkout", title="The pool was full", start=now - 5 * DAY, end=now - 4 * DAY))
    learned = "## What happened\n\nThe pool was full.\n\n| Moment | What |\n|---|---|\n| 14:00 | Errors |\n"
    made = Postmortem(app="checkout", title="The pool was full", incident=incident.id, body=learned, factors=("Pool",))
    return records.add(made).id
