"""Google's native SLOs, from files, as app files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data_sources.cloud_monitoring.config import Distribution, NativeSlo
from data_sources.queries import Ratio, SliForm
from tests.dialects.importing import brought
from tomoni.slo.model import DAY, CalendarUnit, CalendarWindow, RollingWindow

NAME = "projects/p/services/shop/serviceLevelObjectives/orders"
RATIO = {"requestBased": {"goodTotalRatio": {"goodServiceFilter": "g", "totalServiceFilter": "t"}}}


def cut(**ends: object) -> dict[str, Any]:
    return {"requestBased": {"distributionCut": {"distributionFilter": "d", "range": ends}}}


CUT = cut(max=300)
WINDOWS = {"windowsBased": {"windowPeriod": "60s", "goodBadMetricFilter": "f"}}


def slo(indicator: dict[str, Any], **more: Any) -> dict[str, Any]:
    keys = {"displayName": "Orders", "goal": 0.9995, "rollingPeriod": "2419200s", "serviceLevelIndicator": indicator}
    return {**keys, **more}


@pytest.mark.parametrize(
    ("written", "sli", "bucket"),
    [
        (slo(RATIO, name=NAME), NativeSlo(slo=NAME), 300),
        (slo(WINDOWS, name=NAME), NativeSlo(slo=NAME), 60),
        (slo({"basicSli": {"availability": {}}}, name=NAME), NativeSlo(slo=NAME), 300),
        (slo(RATIO), Ratio(total="t", good="g"), 300),
        (slo(CUT), Distribution(distribution="d", range=(0, 300)), 300),
        (slo(cut(min="-Infinity", max=300)), Distribution(distribution="d", under=300.0), 300),
        (slo(cut(min=5, max="Infinity")), Distribution(distribution="d", range=(5, float("inf"))), 300),
    ],
)
def test_what_google_keeps_is_counted_by_google_and_the_rest_by_its_filters(
    tmp_path: Path, written: dict[str, Any], sli: SliForm, bucket: int
) -> None:
    found = brought("gcp", tmp_path, json.dumps([written]))
    assert [(each.sli, each.bucket_seconds) for each in found.slos.values()] == [(sli, bucket)]
    assert [each.definition.window for each in found.slos.values()] == [RollingWindow(28 * DAY)]
    assert [line for line in found.told() if "bookkeeping" not in line] == []


def test_a_range_without_a_highest_value_has_no_end_and_one_without_ends_is_none(tmp_path: Path) -> None:
    found = brought("gcp", tmp_path, json.dumps(slo(cut(min=5))))
    assert found.slos["orders"].sli == Distribution(distribution="d", range=(5, float("inf")))
    assert [line.split()[-2:] for line in found.told()] == [["approximated", "range_without_end"]]
    for ends in ({}, {"min": -5}):
        found = brought("gcp", tmp_path, json.dumps(slo(cut(**ends))))
        assert found.slos == {}, ends


def test_a_bound_is_written_as_people_write_it(tmp_path: Path) -> None:
    for ends, written in (
        ({"min": "-Infinity", "max": 300}, "under: 300\n"),
        ({"min": 0.5, "max": 300.0}, "range: [0.5, 300]\n"),
    ):
        found = brought("gcp", tmp_path, json.dumps(slo(cut(**ends))))
        assert written in found.texts["google"], found.texts


def test_json_may_escape_any_sign_and_indent_by_tabs(tmp_path: Path) -> None:
    written = json.dumps(slo(RATIO, name=NAME, displayName="Orders 😀 / é"), indent="\t").replace("/ ", "\\/ ")
    found = brought("gcp", tmp_path, written)
    assert [each.title("en") for each in found.slos.values()] == ["Orders 😀 / é"]


def test_a_fortnight_of_the_calendar_is_taken_as_two_weeks_and_told(tmp_path: Path) -> None:
    found = brought("gcp", tmp_path, json.dumps(slo(RATIO, name=NAME, calendarPeriod="FORTNIGHT")))
    assert found.slos["orders"].definition.window == RollingWindow(14 * DAY)
    assert "1 calendarPeriod approximated calendar_as_rolling" in found.told()


def test_calendar_periods_are_those_of_utc(tmp_path: Path) -> None:
    monthly = slo(RATIO, name=NAME, calendarPeriod="MONTH", userLabels={"team": "a"})
    del monthly["rollingPeriod"]
    found = brought("gcp", tmp_path, json.dumps({"serviceLevelObjectives": [monthly], "nextPageToken": "x"}))
    assert found.slos["orders"].definition.window == CalendarWindow(CalendarUnit.MONTH, "UTC")
    assert found.slos["orders"].kept.marks.labels == {"team": "a"}


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (slo(RATIO, name=NAME, calendarPeriod="DECADE"), "calendar_period"),
        (slo({"windowsBased": {"windowPeriod": "90s"}}, name=NAME), "slice_length"),
        (slo(WINDOWS), "only_native"),
        (slo(RATIO, rollingPeriod="soon"), "duration"),
        (slo(RATIO, goal=1.5), "objective"),
        ({"name": NAME}, "other_kind"),
    ],
)
def test_what_has_no_counterpart_is_told(tmp_path: Path, written: dict[str, Any], reason: str) -> None:
    found = brought("gcp", tmp_path, json.dumps(written))
    assert found.slos == {}
    assert [line.split()[-1] for line in found.told()] == [reason]
