"""The same objectives by ours, by slo-generator, and by the rules of Sloth and Pyrra, on one real Prometheus.

The table in ``docs/parity.md`` is what this test measures; ``WRITE_GOLDEN=1`` writes it again.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.dialects.parity import specs, tools, world
from tests.dialects.parity.tools import Found

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

PAGE = Path(__file__).parent.parent.parent / "docs" / "parity.md"
TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.DOTALL)
COUNTED = ("sloth", "pyrra", "openslo", "slo-generator")
# Pyrra's shortest window makes buckets of a minute: their edges are other ones.
OTHER_BUCKETS = {("offset", "pyrra")}
HEAD = """\
| service | true | Tomoni | slo-generator | Sloth's rules | Pyrra's rules | bad events: true | Tomoni | slo-generator |
|---|---|---|---|---|---|---|---|---|
"""


def percent(share: float | None) -> str:
    if share is None:
        return "none"
    return "NaN" if math.isnan(share) else f"{100 * share:.4f}"


def count(found: float | None) -> str:
    return "" if found is None else f"{found:.1f}".removesuffix(".0")


def row(name: str, told: Mapping[str, Mapping[str, Found]], by_rules: Mapping[str, float | None]) -> str:
    total, bad = world.truth()[name]
    mine, theirs = told["sloth"][name], told["generator"][name]
    shares = [1 - bad / total, mine.sli, theirs.sli, by_rules["sloth"], by_rules["pyrra"]]
    cells = [name, *map(percent, shares), str(bad), count(mine.bad), count(theirs.bad)]
    return f"| {' | '.join(cells)} |"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Mapping[str, Mapping[str, Found]]]:
    """The table, and what each tool says of each service."""
    folder = tmp_path_factory.mktemp("parity")
    generator = yaml.safe_dump_all([*specs.slo_generator(), specs.slo_generator_config("http://localhost")])
    texts = {"sloth": specs.sloth(), "pyrra": specs.pyrra(), "openslo": specs.openslo(), "slo-generator": generator}
    with tools.prometheus(folder) as url:
        told = {dialect: tools.ours(folder, url, dialect, text) for dialect, text in texts.items()}
        told["generator"] = tools.slo_generator(folder, url)
        rows = []
        for service in specs.SERVICES:
            sloth = tools.asked(url, f"1 - {specs.sloth_period(service)}")
            by_rules = {"sloth": sloth, "pyrra": tools.asked(url, specs.pyrra_period(service))}
            rows.append(row(service.name, told, by_rules))
    return HEAD + "\n".join(rows) + "\n", told


def test_the_table_of_the_documentation_is_what_is_measured(
    measured: tuple[str, Mapping[str, Mapping[str, Found]]],
) -> None:
    table, _ = measured
    if os.environ.get("WRITE_GOLDEN"):
        PAGE.write_text(TABLE.sub(lambda _: table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    assert TABLE.findall(PAGE.read_text(encoding="utf-8")) == [table]


def test_whichever_dialect_an_objective_came_from_its_sli_is_the_same(
    measured: tuple[str, Mapping[str, Mapping[str, Found]]],
) -> None:
    _, told = measured
    for service in specs.SERVICES:
        said = {
            dialect: told[dialect][service.name].sli
            for dialect in COUNTED
            if service.name in told[dialect] and (service.name, dialect) not in OTHER_BUCKETS
        }
        assert len(said) >= 3
        assert max(said.values()) - min(said.values()) < 1e-12, (service.name, said)


def test_where_every_event_was_seen_the_true_counts_come_out(
    measured: tuple[str, Mapping[str, Mapping[str, Found]]],
) -> None:
    _, told = measured
    for name in ("steady", "nights", "idle", "pods", "flawless", "failing", "latency"):
        for dialect in COUNTED:
            found, (total, bad) = told[dialect][name], world.truth()[name]
            assert found.total == pytest.approx(total, abs=1e-3)
            assert found.bad == pytest.approx(bad, abs=1e-3)


def test_what_was_not_seen_is_said_as_coverage(measured: tuple[str, Mapping[str, Mapping[str, Found]]]) -> None:
    _, told = measured
    start, end = world.UNSCRAPED
    seen = 1 - (end - start) / (world.MINUTES - world.FIRST)
    assert told["sloth"]["unscraped"].coverage == pytest.approx(seen, abs=0.003)
    assert told["sloth"]["steady"].coverage == 1
