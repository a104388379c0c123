"""Every known slip, one folder a kind: what it must tell, at which line."""

from __future__ import annotations

from pathlib import Path

from tests.catalog.golden import BAD, HERE, SECRET, load_case, told
from tests.tables import table
from tomoni.catalog.codes import Code, severity_of

# Told by `catalog.inspect`, or shown by tests of their own.
ELSEWHERE = {
    Code.SOURCE_FAILED,
    Code.RETENTION_BELOW_WINDOW,
    Code.CLOCK_DIFFERS,
    Code.NATIVE_PERIOD,
    Code.NATIVE_WINDOW,
    Code.FILE_TOO_LARGE,
    Code.FILE_UNREADABLE,
    Code.LINK_TO_NOTHING,
    Code.BAD_VALUE,
    Code.UNKNOWN_VARIABLE,
    Code.LAST_GOOD_IN_FORCE,
}


def expected(name: str) -> list[str]:
    return (HERE / "bad" / name / "expected.txt").read_text(encoding="utf-8").splitlines()


@table("name", BAD)
def test_every_problem_of_a_case_is_told_at_its_line(name: str):
    assert told(load_case(name).problems, HERE / "bad" / name) == expected(name)


def test_every_code_has_a_case():
    seen = {line.split()[2] for name in BAD for line in expected(name)}
    assert seen == {code.value for code in Code} - {code.value for code in ELSEWHERE}


def test_titles_stay_as_they_are_written_also_those_that_another_has():
    shop, other = load_case("same-titles").apps
    assert [each.title("en") for each in (shop, other)] == ["Shop", "Shop"]
    assert [each.title("en") for each in shop.journeys] == ["Buy", "Buy"]


@table("name", BAD)
def test_no_fact_tells_a_secret(name: str):
    assert SECRET not in repr(load_case(name).problems)
    assert SECRET not in (HERE / "bad" / name / "expected.txt").read_text(encoding="utf-8")


@table("name", BAD)
def test_every_problem_has_the_severity_of_its_code_and_a_file(name: str):
    for problem in load_case(name).problems:
        assert problem.severity is severity_of(Code(problem.code))
        assert Path(problem.spot.file).is_relative_to(HERE / "bad" / name)


@table(
    ("name", "left"),
    [
        (
            "alerts",
            "default-rules coarse-bucket month hundred-has-no-alerts own short-window short-window-usual-rules"
            " cut cut-slices",
        ),
        ("app-values", "kept"),
        # A warning leaves what it warns of.
        ("by-hand", "hours whole rolling slices in-utc begins-later in-est merged"),
        ("forms", ""),
        ("ids", "same"),
        ("lengths", "april second"),
        ("objectives", "ratio one slice-target"),
        ("promql", "fixed groups-are-fine odd-selectors-are-fine bucket"),
        ("settings-values", "ok"),
        ("source-values", "ok"),
        ("sources-missing", "ok"),
        ("time-slices", "only-no-data"),
        ("unknown-keys", "kept"),
        ("variables", "two"),
        ("yaml-content", "s"),
        ("yaml-syntax", "ok"),
    ],
)
def test_what_has_errors_is_left_out_and_the_rest_stays(name: str, left: str):
    apps = load_case(name).apps
    assert [slo.id for app in apps for journey in app.journeys for slo in journey.slos] == left.split()


def test_a_source_with_errors_keeps_its_slos_and_says_what_it_means_for_them():
    catalog = load_case("variables")
    assert catalog.unusable_sources == {"prometheus", "half", "names", "kind", "two"}
    assert set(catalog.sources) == {"escaped"}
    assert [signal.source for signal in catalog.apps[0].infra] == ["half"]
