"""The register of risks: the app's file with what teams write over it, what it costs, and what really happened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.review.shop import DAY as SHOP_DAY
from tests.review.shop import START, STEP, Shop
from tests.use_cases.teams import NOW, app_of
from tomoni.catalog.for_reviews import KnownRisk
from tomoni.catalog.local_text import LocalText
from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Incident, RiskEntry
from tomoni.meetings.records import Records
from tomoni.review.model import Period
from tomoni.slo.model import DAY, Objective
from tomoni.use_cases import risks
from tomoni.use_cases.risks import Written, register

TITLE = LocalText({"en": "The gateway is down", "ja": "ゲートウェイの停止"})
GATEWAY = KnownRisk("gateway", TITLE, None, ("pay",), 5, 55, 1.0, 36.525, True)
REGION = KnownRisk("region", LocalText({"": "The region fails"}), None, (), 2, 358, 1.0, 3652.5)
APP = replace(app_of(), risks=(GATEWAY, REGION))
ON_PAGE = {"title": "A queue fills", "detect_minutes": 10, "repair_minutes": 20, "share_of_users": 0.5}
ON_PAGE |= {"days_between": 36.525}


def refs(records: Records) -> list[tuple[str, Written]]:
    return [(each.ref, each.written) for each in register(records, APP)]


def test_the_file_comes_first_and_then_what_was_added_on_the_page(records: Records):
    made = risks.add_risk(records, APP, ON_PAGE)
    assert refs(records) == [("gateway", Written.FILE), ("region", Written.FILE), (made.id, Written.PAGE)]
    assert register(records, APP)[2].risk.bad_minutes_a_year == pytest.approx(150)


def test_a_change_on_the_page_lies_over_the_file_and_can_be_taken_back(records: Records):
    risks.change_risk(records, APP, "gateway", {"repair_minutes": 25.0}, "ja")
    (changed, _) = register(records, APP)
    assert (changed.written, changed.risk.repair_minutes, changed.risk.detect_minutes) == (Written.CHANGED, 25, 5)
    assert changed.title == TITLE  # every language of it stays
    assert (changed.known, changed.accepted) == (GATEWAY, True)
    risks.as_in_file(records, APP, "gateway")
    assert refs(records)[0] == ("gateway", Written.FILE)
    risks.change_risk(records, APP, "gateway", {"accepted": False})
    (again, _) = register(records, APP)
    assert (again.accepted, again.risk.repair_minutes) == (False, 55)


def test_a_title_that_was_changed_is_the_new_one_in_every_language(records: Records):
    risks.change_risk(records, APP, "gateway", {"title": "Payments fail"})
    assert register(records, APP)[0].title("ja") == "Payments fail"


def test_a_risk_of_the_file_that_was_taken_off_can_be_put_back(records: Records):
    risks.remove_risk(records, APP, "region")
    assert [ref for ref, _ in refs(records)] == ["gateway"]
    assert [each.ref for each in risks.taken_off(records, APP)] == ["region"]
    risks.as_in_file(records, APP, "region")
    assert [ref for ref, _ in refs(records)] == ["gateway", "region"]


def test_a_risk_of_the_page_is_removed_for_good(records: Records):
    made = risks.add_risk(records, APP, ON_PAGE)
    risks.remove_risk(records, APP, made.id)
    assert made.id not in [ref for ref, _ in refs(records)]
    assert risks.taken_off(records, APP) == ()
    assert len(records.history(RiskEntry, made.id)) == 2


def test_what_lay_over_a_risk_stays_when_the_file_drops_it(records: Records):
    risks.change_risk(records, APP, "gateway", {"detect_minutes": 1.0})
    left = register(records, replace(APP, risks=(REGION,)))
    assert [(each.ref, each.written) for each in left] == [("region", Written.FILE), ("gateway", Written.PAGE)]


@pytest.mark.parametrize(
    "changes",
    [{"share_of_users": 1.5}, {"days_between": 0}, {"detect_minutes": -1}, {"title": ""}, {"days_between": None}],
)
def test_what_cannot_be_is_refused(records: Records, changes: dict[str, object]):
    with pytest.raises(MeetingError, match="record_invalid"):
        risks.change_risk(records, APP, "gateway", changes)
    with pytest.raises(MeetingError, match="record_invalid"):
        risks.add_risk(records, APP, {**ON_PAGE, **changes})
    assert refs(records) == [("gateway", Written.FILE), ("region", Written.FILE)]


def test_a_risk_that_is_not_there_is_told(records: Records):
    with pytest.raises(MeetingError, match="record_unknown"):
        risks.change_risk(records, APP, "nowhere", {"accepted": True})


def test_risks_are_costed_against_an_objective(records: Records):
    risks.add_risk(records, APP, ON_PAGE)
    found = risks.costs(register(records, APP), Objective(Decimal("99.9")))
    assert [round(each.minutes, 6) for each in found] == [600, 150, 36]
    assert [each.large for each in found] == [True, True, False]
    assert found[1].share == pytest.approx(150 / 525.96)


def test_candidates_show_what_the_accepted_risks_leave(records: Records):
    own = Objective(Decimal("99.8"))
    found = risks.candidates(register(records, APP), [own, Objective(Decimal("99.90"))])
    shown = [(str(each.objective.percent), round(each.unallocated, 2), each.own, each.large) for each in found]
    assert shown == [
        ("99", round(5259.6 - 600, 2), False, 0),
        ("99.5", round(2629.8 - 600, 2), False, 0),
        ("99.8", round(1051.92 - 600, 2), True, 1),
        ("99.90", round(525.96 - 600, 2), True, 1),
        ("99.95", round(262.98 - 600, 2), False, 1),
        ("99.99", round(52.596 - 600, 2), False, 2),
    ]


def test_a_hundred_percent_allows_no_risk(records: Records):
    (first, _) = risks.costs(register(records, APP), Objective(Decimal(100)))
    assert (first.share, first.large) == (None, True)


def incident(start: int, end: int, risk: str = "") -> Incident:
    return Incident(app="checkout", title="Orders failed", start=start, end=end, risk=risk)


def test_incidents_of_twelve_months_count_by_the_risk_that_came_true(records: Records):
    for start, end, risk in [(NOW - 400 * DAY, NOW - 399 * DAY, "gateway"), (NOW - 9, NOW, "gateway"), (9, 10, "")]:
        records.add(incident(start, end, risk))
    records.add(incident(NOW - 366 * DAY, NOW - 365 * DAY, "region"))  # its second half is within the year
    records.add(incident(NOW - 9, NOW, "gone"))
    found = risks.incidents_of_a_year(records, APP, NOW, {"gateway", "region"})
    assert {ref: len(each) for ref, each in found.items()} == {"gateway": 1, "region": 1, "": 1}


def test_overlapping_incidents_of_a_risk_count_each_bucket_once():
    first = NOW - NOW % 300
    found = risks.spans_of([incident(first + 10, first + 400), incident(first + 500, first + 700)], NOW + DAY, 300)
    assert found == ((first, first + 900),)


def test_what_an_incident_cost_is_told_in_minutes_of_a_full_outage(tmp_path: Path):
    """Ten buckets of five minutes with half of their orders failed: 25 minutes, by even traffic."""
    shop = Shop(tmp_path)
    bad = range(1500, 1510)
    shop.write_orders((START + n * STEP, 100.0, 50.0 if n in bad else 0.0) for n in range(6 * 288))
    now = START + 6 * SHOP_DAY
    product = shop.open(now)
    product.sync(days=6)
    review = product.review(product.apps()[0], Period(now, 1))
    happened = incident(START + 1500 * STEP + 7, START + 1510 * STEP - 7)
    other = incident(START + 1500 * STEP, START + 1501 * STEP)  # within it: of the same risk it costs nothing more
    incidents = {"a": [happened, other], "": [other]}
    found = risks.happened(incidents, now, STEP, lambda spans: product.prices(review, spans)[0])
    assert {ref: each.incidents for ref, each in found.items()} == {"a": 2, "": 1}
    assert found["a"].minutes == pytest.approx(25)
    assert found[""].minutes == pytest.approx(2.5)
    product.close()
