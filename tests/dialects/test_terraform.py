"""What is written for Terraform has only blocks and arguments that the providers document, and all that they need.

The tables are those of the pages `grafana_slo` (provider grafana) and `google_monitoring_slo`,
`google_monitoring_custom_service` (provider google).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.dialects.promtool import exported, shop, slo_of
from tests.dialects.test_hostile_exports import hostile

GOLDEN = Path(__file__).parent / "golden" / "exports" / "terraform"
_PAIR = "key! value!"
_MARKS = {"annotation": {"": _PAIR}, "label": {"": _PAIR}}
Schema = Mapping[str, object]
# By block its inner blocks, and under "" its arguments; what ends in "!" has to be there.
GRAFANA: Schema = {
    "": "name! description! folder_uid uuid search_expression query! objectives! destination_datasource!",
    "query": {"": "type!", "freeform": {"": "query!"}, "ratio": {"": "success_metric! total_metric! group_by_labels"}},
    "objectives": {"": "value! window!"},
    "destination_datasource": {"": "uid!"},
    "label": {"": _PAIR},
    "alerting": {"": "", **_MARKS, "fastburn": {"": "", **_MARKS}, "slowburn": {"": "", **_MARKS}},
}
_PERFORMANCE: Schema = {
    "": "",
    "good_total_ratio": {"": "good_service_filter bad_service_filter total_service_filter"},
    "distribution_cut": {"": "distribution_filter! range!", "range": {"": "min max"}},
}
GOOGLE: Schema = {
    "": "service! goal! slo_id display_name rolling_period_days calendar_period",
    "request_based_sli": _PERFORMANCE,
    "windows_based_sli": {
        "": "window_period",
        "good_total_ratio_threshold": {"": "threshold performance", "performance": _PERFORMANCE},
    },
}
SERVICE: Schema = {"": "service_id! display_name"}
SCHEMAS = {"grafana_slo": GRAFANA, "google_monitoring_slo": GOOGLE, "google_monitoring_custom_service": SERVICE}
_HEAD = re.compile(r'resource "(\w+)" "\w+" \{')


@dataclass
class Block:
    """A block of HCL as it is written here: a line for each argument."""

    arguments: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[str, Block]] = field(default_factory=list)


def read(lines: Iterator[str]) -> Block:
    """What stands up to the end of a block."""
    found = Block()
    for line in map(str.strip, lines):
        if line == "}":
            return found
        name, equals, value = line.partition("=")
        if equals and not line.endswith("{"):
            found.arguments[name.strip()] = value.strip()
        elif line:
            found.blocks.append((line.removesuffix("{").strip(), read(lines)))
    raise AssertionError("a block has no end")


def resources(text: str) -> Iterator[tuple[str, Block]]:
    """The resources of a file by their types."""
    lines = iter(text.splitlines())
    for line in lines:
        if head := _HEAD.fullmatch(line):
            yield head[1], read(lines)


def faults(block: Block, schema: Schema, path: str) -> Iterator[str]:
    """What is written and not known, and what has to be there and is not."""
    words = str(schema[""]).split()
    there = {*block.arguments, *(name for name, _ in block.blocks)}
    known = {word.rstrip("!") for word in words} | set(schema)
    yield from (f"{path}: {name} is not known" for name in there - known)
    yield from (f"{path}: {word} is missing" for word in words if word.endswith("!") and word[:-1] not in there)
    for name, inner in block.blocks:
        under = schema.get(name)
        if isinstance(under, Mapping):
            yield from faults(inner, under, f"{path}.{name}")


def checked(text: str) -> list[tuple[str, Block]]:
    found = list(resources(text))
    assert found
    assert [fault for type_, block in found for fault in faults(block, SCHEMAS[type_], type_)] == []
    return found


@pytest.mark.parametrize("name", ["shop.google.tf", "shop.grafana.tf"])
def test_files_have_what_the_providers_know_and_need(name: str) -> None:
    checked((GOLDEN / name).read_text(encoding="utf-8"))


def test_labels_of_any_name_are_written_under_names_that_grafana_takes() -> None:
    ((_, block),) = checked(exported("terraform", hostile()).files["shop.grafana.tf"])
    keys = [inner.arguments["key"].strip('"') for name, inner in block.blocks if name == "label"]
    assert keys
    assert all(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", key) for key in keys)


COUNTS = {"source": "gcp", "total": 'metric.type="a"', "good": 'metric.type="a" metric.labels.ok=true'}


@pytest.mark.parametrize(
    ("keys", "written", "told"),
    [
        ({"objective": 99.99}, "goal = 0.9999", set()),
        ({"objective": 99.995}, "", {"writes_goal"}),
        ({"window": "30d"}, "rolling_period_days = 30", set()),
        ({"window": "31d"}, "", {"google_window"}),
        ({"window": "12h"}, "", {"google_window"}),
        ({"window": {"calendar": "month"}}, 'calendar_period = "MONTH"', {"google_zone"}),
        ({"window": {"calendar": "quarter"}}, "", {"google_window"}),
    ],
)
def test_the_limits_of_googles_slos_are_told_in_the_file(
    keys: Mapping[str, object], written: str, told: set[str]
) -> None:
    odd = slo_of("odd", COUNTS, alerts=[], **keys)
    found = exported("terraform", shop(slo_of("usual", COUNTS, alerts=[]), odd))
    text = found.files["shop.google.tf"]
    blocks = [block for type_, block in checked(text) if type_ == "google_monitoring_slo"]
    assert len(blocks) == (2 if written else 1)
    name, _, value = written.partition(" = ")
    assert not written or blocks[1].arguments[name] == value
    of_odd = [line for line in found.lines if line.what == "shop/order/odd"]
    assert {line.reason for line in of_odd if line.reason and line.reason != "writes_keys"} == told
    assert ("# shop/order/odd: " in text) == bool(told)
