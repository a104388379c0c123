"""Many specs of each dialect: all come over or are told, every key has its line, and what is told stays as it is.

``WRITE_GOLDEN=1`` writes the reports again after a change that is meant.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from tests.dialects.corpus import VARIANTS, corpus
from tests.dialects.importing import Import, brought, paths_of

pytestmark = pytest.mark.slow
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
    golden = GOLDEN / f"{dialect}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text("\n".join(lines), encoding="utf-8")
    assert "\n".join(lines) == golden.read_text(encoding="utf-8")


def untold(spec: str, found: Import) -> list[str]:
    """The values of a spec that no line of the report tells anything about, nor of what they are in."""
    told = {line.scope if line.left_out else line.what for line in found.lines}
    return [path for path in paths_of(yaml.safe_load(spec)) if not told & set(around(path))]


def around(path: str) -> list[str]:
    """A path and all that it is in."""
    cuts = [at for at, sign in enumerate(path) if sign in ".["]
    return [path, *(path[:at] for at in cuts), ""]
