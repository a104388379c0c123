"""An action concerns the SLOs of the episode, the incident or the risk that it came up at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.review.shop import APP, DAY, START, STEP, Shop
from tomoni.meetings.model import Action, EpisodeReason, Incident, Origin, Reason, RiskEntry
from tomoni.review.model import Period
from tomoni.use_cases.concerned import concerns_of

NOW = START + 6 * DAY
OUTAGE = range(1500, 1506)
PATH = "shop/buy/availability"
MORE = """\
  - id: look
    title: Look
    slos: [{id: quiet, objective: 99, window: 2d, sli: {source: exports, counts: quiet.csv}}]"""


def test_an_action_concerns_the_slos_of_what_it_came_up_at(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.write_orders((START + n * STEP, 500.0, 200.0 if n in OUTAGE else 0.0) for n in range(6 * 288))
    (tmp_path / "data" / "quiet.csv").write_text(
        (tmp_path / "data" / "orders.csv").read_text().replace(",200.0", ",0.0")
    )
    (tmp_path / "config" / "apps" / "shop.yaml").write_text(APP.replace("\ninfra:\n", f"\n{MORE}\ninfra:\n"))
    product = shop.open(NOW)
    product.sync(days=6)
    records, (app,) = product.meetings.records, product.apps()
    review = product.review(app, Period(NOW - 600, 2))
    start, end = (START + place * STEP for place in (OUTAGE[0], OUTAGE[-1] + 1))
    burned = records.add(Incident(app="shop", title="Pool exhausted", start=start, end=end))
    named = records.add(Incident(app="shop", title="Earlier", start=start - 9 * DAY, end=start - 8 * DAY))
    records.add(
        EpisodeReason(app="shop", slo="shop/look/quiet", start=start, end=end, reason=Reason.INCIDENT, ref=named.id)
    )
    numbers: dict[str, Any] = {"detect_minutes": 5, "repair_minutes": 5, "share_of_users": 1, "days_between": 90}
    risk = records.add(RiskEntry(app="shop", title="Slow", journeys=("look",), **numbers))
    concerns = concerns_of(records, review)

    def found(place: str, ref: str) -> list[str]:
        action = Action(app="shop", text="Do it", origin=Origin(place=place, ref=ref))
        return [track.status.path for track in review.tracks if concerns(action, track.status.path)]

    assert found("episode", f"{PATH}@{start}") == [PATH]
    assert found("incident", burned.id) == [PATH]
    assert found("incident", named.id) == ["shop/look/quiet"]
    assert found("incident", "0" * 24) == []
    assert found("risk", risk.id) == ["shop/look/quiet"]
    assert found("step", "decide") == []
    product.close()
