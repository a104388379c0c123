"""A new kind of source touches its package and one line of `data_sources.kinds`, and nothing else.

The package is `tests.data_sources.toy`, with a form of SLI, a form of signal and a key of its own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from data_sources.kinds import KINDS
from tests.cli.conftest import Run, environ, run  # noqa: F401 - fixtures
from tests.data_sources.toy.config import TOY, Spinning, ToyConfig, Wobble
from tomoni.catalog.document import meaning
from tomoni.catalog.jsonschema import schemas
from tomoni.catalog.load import load
from tomoni.catalog.versions import as_defined, version_of
from tomoni.catalog.yaml_file import read_document
from tomoni.ui.team.gaps import Gap, missing

ROOT = Path(__file__).parents[2]
SOURCES = "sources:\n  shelf: {kind: toy, per_bucket: 1000}\n"
APP = """\
app: toys
journeys:
  - id: play
    slos:
      - {id: spin, objective: 99, window: 7d, sli: {source: shelf, tops: red, fallen: 5}}
infra:
  - {id: wobble, source: shelf, query: {wobble: red}}
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(KINDS, "toy", TOY)
    folder = tmp_path / "config"
    (folder / "apps").mkdir(parents=True)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "apps" / "toys.yaml").write_text(APP)
    return folder


def problems(config: Path, sources: str = SOURCES, app: str = APP) -> list[tuple[str, int, str, dict[str, object]]]:
    """File, line, code and facts of everything that is wrong with the files."""
    (config / "sources.yaml").write_text(sources)
    (config / "apps" / "toys.yaml").write_text(app)
    found = load(config, {}).problems
    return [(Path(p.spot.file).name, p.spot.line, p.code, dict(p.facts)) for p in found]


def test_its_files_load(config: Path) -> None:
    catalog = load(config, {})
    assert catalog.problems == ()
    assert catalog.sources == {"shelf": ToyConfig(kind="toy", per_bucket=1000, box=config / "box")}
    (app,) = catalog.apps
    assert app.journeys[0].slos[0].sli == Spinning(tops="red", fallen=5)
    assert app.infra[0].query == Wobble(wobble="red")


def test_its_own_keys_are_known_and_no_others(config: Path) -> None:
    sources = SOURCES.replace("per_bucket", "per_buckets")
    assert ("sources.yaml", 2, "unknown_key") in [found[:3] for found in problems(config, sources)]
    (found,) = problems(config, app=APP.replace("fallen", "falen"))
    assert found[:3] == ("toys.yaml", 5, "unknown_key")
    assert found[3] == {"key": "falen", "nearest": "fallen", "known": "fallen, source, tops"}


def test_its_form_is_named_among_the_forms_that_there_are(config: Path) -> None:
    (found,) = problems(config, app=APP.replace("tops: red, fallen: 5", "tips: red"))
    assert found[2:] == ("unknown_key", {"key": "tips", "nearest": "tops", "known": found[3]["known"]})
    assert "tops" in str(found[3]["known"]).split(", ")
    (found,) = problems(config, app=APP.replace(", tops: red, fallen: 5", ""))
    assert found[2] == "no_sli_form"
    assert "tops" in str(found[3]["known"]).split(", ")
    (found,) = problems(config, app=APP.replace("tops: red, fallen: 5", "counts: red"))
    assert found[2:] == ("form_not_answered", {"form": "counts", "source": "shelf", "kind": "toy", "known": "tops"})
    (found,) = problems(config, app=APP.replace("{wobble: red}", "red"))
    assert found[2:] == ("form_not_answered", {"form": "text", "source": "shelf", "kind": "toy", "known": "wobble"})


@pytest.mark.parametrize(
    ("written", "instead", "code"),
    [
        ("per_bucket: 1000", "per_bucket: 0", "out_of_range"),
        ("per_bucket: 1000", "per_bucket: 2000000", "out_of_range"),
        ("fallen: 5", "fallen: -1", "out_of_range"),
        ("tops: red", "tops: none", "out_of_range"),
        ("tops: red", "tops: $red", "unknown_placeholder"),
    ],
)
def test_what_it_finds_wrong_is_a_problem_at_its_line(config: Path, written: str, instead: str, code: str) -> None:
    found = problems(config, SOURCES.replace(written, instead), APP.replace(written, instead))
    assert (2 if "per_bucket" in written else 5, code) in [(line, found_code) for _, line, found_code, _ in found]


def test_editors_know_it(config: Path) -> None:
    made = schemas()
    for name, file in (("sources", config / "sources.yaml"), ("app", config / "apps" / "toys.yaml")):
        data = meaning(read_document(file).data)
        assert list(Draft202012Validator(made[name]).iter_errors(data)) == []
    assert made["sources"]["$defs"]["toy"]["properties"]["per_bucket"]["description"]
    assert made["app"]["$defs"]["Spinning"]["properties"]["tops"]["description"] == "The colour of the tops."


def test_it_is_checked_synced_reviewed_and_explained(config: Path, run: Run) -> None:  # noqa: F811
    assert run("check").exit_code == 0
    assert run("sync").exit_code == 0
    (status,) = json.loads(run("status", "--format", "json").stdout)["slos"]
    assert (status["sli"], status["app"], status["slo"]) == (0.995, "toys", "spin")
    explained = run("explain", "--app", "toys", "--slo", "spin")
    assert explained.exit_code == 0
    assert "red" in explained.stdout


def test_its_review_is_frozen_and_read_back(config: Path, run: Run, tmp_path: Path) -> None:  # noqa: F811
    made = run("snapshot", "--out", str(tmp_path), "--format", "json")
    assert made.exit_code == 0, made.output
    (record,) = tmp_path.glob("**/*.json")
    assert '"is": "Spinning"' in json.dumps(json.loads(record.read_text()))
    assert run("verify", str(record)).exit_code == 0


def test_its_slo_can_be_kept_as_a_version_and_measures_speed(config: Path) -> None:
    app = load(config, {}).apps[0]
    slo = app.journeys[0].slos[0]
    assert as_defined(slo, version_of(slo, 0)) == slo
    assert Gap.NO_LATENCY not in [gap.gap for gap in missing(app)]


ABOUT_SOME_KINDS = (
    "importing.py",
    "importing_files.py",
    "exporting.py",
    "describing.py",
    "portal.py",
    "lake.py",
    "initializing.py",
    "first_files.py",
    "first_of_source.py",
    "demo_story.py",
)
OTHER_TOOLS = ROOT / "tomoni" / "dialects"  # each speaks of the servers that its tool knows


def test_no_module_beside_the_adapters_names_a_kind() -> None:
    """One that does would have to be changed for a new kind; `import gcp` is about Google alone, and `init` offers
    the kinds that it can start a configuration with, and the demo's story is told for the demo alone; the dialects of
    other tools are of certain servers, and commands that write files have a key of the name "files"."""
    names = re.compile(rf"""["']({"|".join(KINDS)})["']""")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("tomoni", "pages")
        for path in (ROOT / room).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if names.search(line) and path.name not in ABOUT_SOME_KINDS and OTHER_TOOLS not in path.parents
    ]
    assert found == []
