"""Many specs of each dialect: all come over or are told, every key has its line, what is told stays as it is, and what
came over comes back from an export.

``WRITE_GOLDEN=1`` writes the reports again after a change that is meant.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from tests.dialects.corpus import VARIANTS, corpus
from tests.dialects.importing import Import, brought, paths_of
from tests.dialects.promtool import exported
from tests.dialects.test_round_trips import differing, told
from tests.dialects.whole_apps import facts_of_slo
from tomoni.catalog.schema import App

pytestmark = pytest.mark.slow
WRITTEN = {"pyrra": "pyrra", "openslo": "openslo"}
GOLDEN = Path(__file__).parent / "golden"


def described(found: Import) -> list[str]:
    """The SLIs that came over, and what is told."""
    slis = [f"{id_}: {slo.sli.model_dump(mode='json', exclude_none=True)}" for id_, slo in found.slos.items()]
    return [*slis, *(f"! {line}" for line in found.told())]


@pytest.mark.parametrize("dialect", sorted(VARIANTS))
def test_a_corpus_comes_over_and_its_reports_stay_as_they_are(tmp_path: Path, dialect: str) -> None:
    variants = dict(corpus(dialect))
    assert len(variants) >= 30
    lines = []
    for number, (name, spec) in enumerate(variants.items()):
        found = brought(dialect, tmp_path / str(number), spec)
        lines += [f"# {name}", *described(found), ""]
        assert not untold(spec, found), name
        for app in found.apps.values():
            assert not lost(
                app, dialect if dialect in ("pyrra", "openslo") else "sloth", tmp_path / f"{number}-back"
            ), name
    golden = GOLDEN / f"{dialect}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text("\n".join(lines), encoding="utf-8")
    assert "\n".join(lines) == golden.read_text(encoding="utf-8")


def untold(spec: str, found: Import) -> list[str]:
    """The values of a spec that no line of the report tells anything about, nor of what they are in."""
    told = {line.scope if line.left_out else line.what for line in found.lines}
    return [path for path in paths_of(yaml.safe_load(spec)) if not told & set(around(path))]


def lost(app: App, dialect: str, folder: Path) -> dict[str, set[str]]:
    """The keys of the SLOs of an app that an export and an import change without a word."""
    written = exported(dialect, app)
    if not written.files:
        return {}
    said, left = told(written.lines), {line.what for line in written.lines if line.left_out}
    (back,) = brought(dialect, folder, *written.files.values()).apps.values()
    slos, there = ({f"{app.id}/{j.id}/{s.id}": s for j in each.journeys for s in j.slos} for each in (app, back))
    assert set(there) == set(slos) - left
    changed = {path: differing(facts_of_slo(slos[path]), facts_of_slo(slo)) for path, slo in there.items()}
    return {path: keys - said.get(path, set()) for path, keys in changed.items() if keys - said.get(path, set())}


def around(path: str) -> list[str]:
    """A path and all that it is in."""
    cuts = [at for at, sign in enumerate(path) if sign in ".["]
    return [path, *(path[:at] for at in cuts), ""]
