"""What the product would refuse is left out, as little of it as can be, and told."""

from __future__ import annotations

from pathlib import Path

from tests.dialects.corpus import OPENSLO, SLOTH
from tests.dialects.importing import brought
from tomoni.dialects.found import Wanted

SECRET = "https://x.example.com/runbook?token=abcdefgh"


def test_annotations_with_a_secret_go_and_the_slo_stays(tmp_path: Path) -> None:
    spec = SLOTH.replace("summary: Orders fail", f"summary: {SECRET}").replace(
        "labels: {owner: a}", f"labels: {{a: {SECRET}}}"
    )
    found = brought("sloth", tmp_path, spec)
    slo = found.slos["availability"]
    assert (slo.kept.alerting.name, slo.kept.marks.labels) == (None, {})
    assert [line for line in found.told() if "window" not in line] == [
        "5 slos[0] not_expressible check:secret_in_link",
        "5 slos[0] not_expressible check:secret_in_link",
    ]


def test_a_second_slo_of_a_name_gets_a_number_and_that_is_told(tmp_path: Path) -> None:
    found = brought("sloth", tmp_path, SLOTH, SLOTH)
    assert list(found.slos) == ["availability", "availability-2"]
    assert [line.split()[-1] for line in found.told()] == ["window_assumed", "window_assumed", "renamed"]


def test_a_time_zone_that_is_none_and_a_description_that_is_too_long_are_told(tmp_path: Path) -> None:
    calendar = "timeWindow: [{duration: 1M, calendar: {timeZone: Mars/Base, startTime: 2026-01-01}}]"
    spec = OPENSLO.replace("timeWindow: [{duration: 28d, isRolling: true}]", calendar)
    found = brought("openslo", tmp_path, spec.replace("description: They do.", f"description: {'long ' * 1000}"))
    assert found.slos["orders"].description is None
    assert [line.split(" ", 1)[1] for line in found.told() if "words_of" not in line] == [
        "spec.timeWindow[0].calendar.timeZone not_expressible operator",
        "spec.objectives[0].displayName not_expressible one_title",
        "spec.objectives[0] not_expressible check:too_long",
    ]


def test_services_become_journeys_of_one_app_and_those_without_slos_are_told(tmp_path: Path) -> None:
    service = (
        "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: %s, displayName: The %s, labels: {a: b}}\nspec: {}\n"
    )
    specs = (OPENSLO, service % ("shop", "shop"), service % ("unused", "unused"))
    found = brought("openslo", tmp_path / "one", *specs, wanted=Wanted(lambda kind, name: kind, app="all"))
    journey = found.apps["all"].journeys[0]
    assert (journey.id, journey.title("en")) == ("shop", "The shop")
    assert [line.split(" ", 1)[1] for line in found.told() if "words_of" not in line] == [
        "spec.objectives[0].displayName not_expressible one_title",
        "metadata.labels not_expressible one_app",
        "ignored unused",
    ]
    apart = brought("openslo", tmp_path / "apart", *specs)
    assert (list(apart.apps), apart.apps["shop"].kept.marks.labels) == (["shop"], {"a": "b"})
