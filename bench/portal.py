"""How long the static site and the monthly report of many apps take: `python -m bench.portal [APPS] [MONTHS]`.

Every app has a closed review a month with decisions, actions and conclusions, a postmortem every fourth month, and
one snapshot; times are of the processor.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tomoni.meetings.model import (
    Action,
    ActionState,
    Choice,
    Conclusion,
    Decision,
    DecisionKind,
    Incident,
    Meeting,
    MeetingState,
    Postmortem,
)
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.snapshots.portal import write_portal
from tomoni.snapshots.portal_pages import Portal
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.monthly import last_month, monthly_report
from tomoni.use_cases.practices import practices
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.published import open_actions, told_to_all
from tomoni.wiring import open_tomoni

NOW = 1_795_000_000
MONTH, DAY, HOUR = 30 * 86_400, 86_400, 3_600
APP = """\
app: {id}
title: {{en: "App {id}", ja: "アプリ {id}"}}
teams: {{app: team-{team}, infra: platform}}
journeys:
  - id: buy
    slos: [{{id: orders, objective: 99, window: 28d, bucket: 1h, sli: {{source: exports, counts: orders.csv}}}}]
"""
WORDS = ["connection", "pool", "cache", "restart", "rollout", "backup", "接続プール", "再起動", "監視", "遅延", "障害"]


def build(folder: Path, apps: int) -> Tomoni:
    """The configuration and data of some apps, synced."""
    (folder / "config" / "apps").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "config" / "sources.yaml").write_text("sources:\n  exports: {kind: files, path: ../data}\n")
    (folder / "config" / "settings.yaml").write_text("timezone: Asia/Tokyo\n")
    for n in range(apps):
        (folder / "config" / "apps" / f"app-{n:03}.yaml").write_text(APP.format(id=f"app-{n:03}", team=n % 20))
    rows = (f"{at},100,{float(at % 7 == 0)}" for at in range(NOW - 100 * DAY - NOW % HOUR, NOW, HOUR))
    (folder / "data" / "orders.csv").write_text("\n".join(["time,total,bad", *rows, ""]))
    database = f"sqlite:///{folder / 'tomoni.db'}"
    settings = {"config": folder / "config", "database_url": database, "now": rfc3339(NOW)}
    opened = open_tomoni(ProcessSettings.model_validate(settings))
    opened.sync(days=100)
    return opened


def write(tomoni: Tomoni, months: int, seed: int = 1) -> None:
    """What teams wrote in some months."""
    chance = random.Random(seed)

    def words(count: int) -> str:
        return " ".join(chance.choices(WORDS, k=count))

    for month in range(months):
        at = NOW - (months - month) * MONTH
        records = tomoni.meetings.as_of(at).records
        for app in (app.id for app in tomoni.apps()):
            held = Meeting(app=app, planned_at=at, start=at - MONTH, as_of=at, closed_at=at)
            meeting = records.add(held.model_copy(update={"state": MeetingState.CLOSED})).id
            records.add(Decision(app=app, meeting=meeting, what=DecisionKind.CONFIRMED, text=words(8)))
            done = Action(app=app, meeting=meeting, text=words(8), team="platform", ended_at=at, state=ActionState.DONE)
            records.add(done)
            slo = f"{app}/buy/orders"
            records.add(Conclusion(app=app, meeting=meeting, slo=slo, choice=Choice.KEPT, text=words(30)))
            if month % 4 == 0:
                incident = records.add(Incident(app=app, title=words(4), start=at - DAY, end=at - DAY + HOUR)).id
                body = "\n\n".join(words(60) for _ in range(5))
                records.add(Postmortem(app=app, title=words(5), incident=incident, body=body, factors=(words(2),)))


def portal_of(tomoni: Tomoni) -> Portal:
    """What the site is made of."""
    saved = {app.id: tomoni.snapshots.listed(app.id) for app in tomoni.apps()}
    return Portal(
        tomoni.overview(NOW),
        tomoni.apps(),
        saved,
        tomoni.snapshots.read_all,
        "Asia/Tokyo",
        "0",
        told=told_to_all(tomoni.meetings.records, tomoni.catalog),
        actions=open_actions(tomoni.meetings.records, tomoni.catalog, NOW),
        report=monthly_report(tomoni, last_month(tomoni, NOW)),
        practices=practices(tomoni.meetings.records, tomoni.apps()),
    )


def main(apps: int, months: int) -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        tomoni = build(folder, apps)
        write(tomoni, months)
        for app in tomoni.apps():
            tomoni.snapshots.keep(tomoni.freeze(app, Period(NOW, 28)))
        began = time.process_time()
        monthly_report(tomoni, last_month(tomoni, NOW))
        sys.stdout.write(f"monthly report of {apps} apps: {time.process_time() - began:.1f} s\n")
        for turn in ("the first time", "again"):
            began = time.process_time()
            site = write_portal(portal_of(tomoni), folder / "site")
            sys.stdout.write(f"site, {turn}: {time.process_time() - began:.1f} s, {len(site.files)} files\n")
        search = list((folder / "site" / "search").iterdir())
        sizes = sorted(file.stat().st_size for file in search)
        sys.stdout.write(f"search: {len(search)} files, {sum(sizes) / 1e6:.1f} MB, largest {sizes[-1] / 1e3:.0f} kB\n")
        tomoni.close()


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*(given + [200, 24][len(given) :]))
