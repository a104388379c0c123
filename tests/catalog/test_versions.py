"""The content of a definition: the same for the same, another for whatever moves the figures, and readable again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.catalog.golden import HERE
from tomoni.catalog.load import load
from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import Slo
from tomoni.catalog.versions import as_defined, version_of
from tomoni.slo.model import Objective, RollingWindow

CONFIG = HERE.parents[1] / "config"


@pytest.fixture(scope="module")
def slos(tmp_path_factory: pytest.TempPathFactory) -> list[Slo]:
    """One SLO of every form: those of the example."""
    folder: Path = tmp_path_factory.mktemp("config")
    (folder / "apps").mkdir()
    shutil.copy(CONFIG / "apps" / "_example.yaml", folder / "apps" / "example.yaml")
    kinds = {"prometheus": "{kind: prometheus, url: 'http://127.0.0.1:9090'}", "exports": "{kind: files, path: .}"}
    kinds["gcp"] = "{kind: cloud_monitoring, project: p}"
    sources = "".join(f"  {name}: {kind}\n" for name, kind in kinds.items())
    (folder / "sources.yaml").write_text(f"sources:\n{sources}", encoding="utf-8")
    (app,) = load(folder, {}).apps
    return [slo for journey in app.journeys for slo in journey.slos]


def test_every_form_can_be_read_again_after_it_was_stored(slos: list[Slo]) -> None:
    assert len({type(slo.sli) for slo in slos}) == 6
    for slo in slos:
        version = version_of(slo, 100)
        stored = replace(version, body=json.loads(json.dumps(version.body)))
        other = replace(slos[0], id=slo.id, title=slo.title, description=slo.description)
        other = replace(other, native_defaults=slo.native_defaults)
        other = replace(other, definition=replace(slo.definition, objective=Objective(Decimal(1)), slices=None))
        assert as_defined(other, stored) == replace(slo, native_defaults=frozenset())  # a version is always told
        assert version.series_key == slo.series.key


def test_what_moves_no_figure_is_no_part_of_it(slos: list[Slo]) -> None:
    slo = slos[0]
    told = replace(slo, title=LocalText({"": "Another"}), description=None)
    told = replace(told, definition=replace(slo.definition, at_risk_below=0.5, rules=()))
    assert version_of(told, 5).hash == version_of(slo, 9).hash


def test_whatever_moves_the_figures_is_another_version(slos: list[Slo]) -> None:
    slo = slos[0]
    others = [
        replace(slo, source="elsewhere"),
        replace(slo, bucket_seconds=60),
        replace(slo, sli=slos[2].sli),
        replace(slo, definition=replace(slo.definition, objective=Objective(Decimal("99.95")))),
        replace(slo, definition=replace(slo.definition, window=RollingWindow(86_400))),
        replace(slo, definition=replace(slo.definition, min_events=7)),
        replace(slo, definition=replace(slo.definition, slices=slos[4].definition.slices)),
    ]
    assert len({version_of(other, 1).hash for other in [slo, *others]}) == len(others) + 1
