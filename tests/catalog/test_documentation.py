"""docs/configuration.md tells every key of every file, with its default, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.tables import table
from tomoni.catalog.jsonschema import schemas
from tomoni.catalog.load import load

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
SCHEMAS = schemas()
APP, SOURCES, SETTINGS = (SCHEMAS[name] for name in ("app", "sources", "settings"))
POLICIES, EXCLUSIONS, AGENDA, RISKS = (SCHEMAS[name] for name in ("policies", "exclusions", "agenda", "risks"))
ACCESS, NOTIFICATIONS = SCHEMAS["access"], SCHEMAS["notifications"]
QUERIES = APP["$defs"]["SignalQuery"]["anyOf"]
# The heading under which each mapping is explained.
SECTIONS: dict[str, dict[str, Any]] = {
    "sources.yaml": SOURCES,
    "settings.yaml": SETTINGS,
    "App": APP,
    "Cloud Monitoring query": QUERIES[1],
    "File query": QUERIES[2],
    "policies.yaml": POLICIES,
    "access.yaml": ACCESS,
    "notifications.yaml": NOTIFICATIONS,
    "exclusions/&lt;app&gt;.yaml": EXCLUSIONS,
    "agendas/&lt;app&gt;.yaml": AGENDA,
    "risks/&lt;app&gt;.yaml": RISKS,
} | {
    heading: definitions[name]
    for definitions, names in (
        (
            SOURCES["$defs"],
            {
                "prometheus": "Source of kind prometheus",
                "cloud_monitoring": "Source of kind cloud_monitoring",
                "files": "Source of kind files",
                "demo": "Source of kind demo",
                "BasicAuth": "Signing in: basic",
                "BearerAuth": "Signing in: bearer",
                "OAuth2Auth": "Signing in: oauth2",
                "GoogleAuth": "Signing in: google",
                "Tls": "TLS",
                "Grafana": "Grafana",
                "Proxy": "Proxy",
            },
        ),
        (
            APP["$defs"],
            {
                "TeamsEntry": "Teams",
                "LinkEntry": "Link",
                "ReviewEntry": "Review",
                "JourneyEntry": "Journey",
                "PeakEntry": "Peak",
                "SloEntry": "SLO",
                "CalendarEntry": "Calendar window",
                "SplitEntry": "Split",
                "SliceEntry": "Slice",
                "AlertEntry": "Burn alerts",
                "AlertingEntry": "Alerting",
                "MarksEntry": "Marks of one severity",
                "SilenceEntry": "Silence",
                "TicketsEntry": "Tickets",
                "EventFeedEntry": "Events",
                "AppLedgerEntry": "Ledger of an app",
                "GroupEntry": "Group of signals",
                "SignalEntry": "Infra signal",
                "Ratio": "Counts of events",
                "Expression": "Expression",
                "Rates": "Recorded rates",
                "RecordedRate": "Recorded rate",
                "Shares": "Recorded shares",
                "Weight": "Weight",
                "RecordedRatio": "Recorded ratio",
                "Histogram": "Histogram",
                "Gauge": "Gauge",
                "Distribution": "Distribution",
                "NativeSlo": "Native SLO",
                "Counts": "Ready counts",
            },
        ),
        (POLICIES["$defs"], {"PolicyEntry": "Policy", "LevelEntry": "Level"}),
        (ACCESS["$defs"], {"RuleEntry": "Rule"}),
        (NOTIFICATIONS["$defs"], {"AudienceEntry": "Team that is told", "QuietEntry": "Quiet hours"}),
        (SETTINGS["$defs"], {"RetentionEntry": "Snapshots", "LedgerEntry": "Ledger"}),
        (AGENDA["$defs"], {"StepsEntry": "Steps of an agenda", "StepEntry": "Step of an agenda"}),
        (RISKS["$defs"], {"RiskFileEntry": "Risk"}),
        (EXCLUSIONS["$defs"], {"ExclusionEntry": "Exclusion", "HoursEntry": "Business hours"}),
    )
    for name, heading in names.items()
}


def rows(heading: str) -> dict[str, list[str]]:
    """The table of a section by key: type, default, meaning, example."""
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section, f"docs/configuration.md has no section {heading!r}"
    found = re.findall(r"^\| `(\w+)` \| (.*) \|$", section[1], re.MULTILINE)
    return {key: rest.split(" | ") for key, rest in found}


@table("heading", SECTIONS)
def test_every_key_is_documented_and_no_other(heading: str):
    assert set(rows(heading)) == set(SECTIONS[heading]["properties"])


@table("heading", SECTIONS)
def test_each_key_has_type_default_meaning_and_example(heading: str):
    for key, cells in rows(heading).items():
        assert len(cells) == 4, key
        assert all(cells), key


@table("heading", SECTIONS)
def test_what_is_required_is_said_so(heading: str):
    required = set(SECTIONS[heading].get("required", ()))
    told = {key for key, cells in rows(heading).items() if cells[1] == "required"}
    # The two with a footnote are required but for native SLOs.
    assert told == required


@table("heading", SECTIONS)
def test_numbers_and_words_that_are_defaults_are_told(heading: str):
    table = rows(heading)
    for key, schema in SECTIONS[heading]["properties"].items():
        for part in (schema, *schema.get("anyOf", ())):
            default = part.get("default")
            if isinstance(default, int | float | str) and key != "bucket":
                assert table[key][1] == str(default).replace("True", "true").replace("False", "false")


def test_every_definition_of_the_schemas_has_a_section():
    explained = {id(schema) for schema in SECTIONS.values()}
    files = (SOURCES, SETTINGS, APP, POLICIES, ACCESS, EXCLUSIONS, AGENDA, RISKS)
    definitions = {name: part for file in files for name, part in file["$defs"].items()}
    left = {name for name, schema in definitions.items() if "properties" in schema and id(schema) not in explained}
    assert left == set()


def example_of(schema: str) -> str:
    (found,) = re.findall(rf"```yaml\n(# yaml-language-server: \S+/{schema}\.schema.*?)```", PAGE, re.DOTALL)
    return str(found)


def test_the_examples_of_policies_and_exclusions_load(tmp_path: Path):
    for name in ("apps", "exclusions"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n", encoding="utf-8")
    slo = "slos: [{id: availability, objective: 99, window: 28d, sli: {source: demo, counts: a}}]"
    journeys = "".join(f"  - {{id: {name}, {slo}}}\n" for name in ("place-order", "handle-return"))
    (tmp_path / "apps" / "checkout.yaml").write_text(f"app: checkout\njourneys:\n{journeys}", encoding="utf-8")
    (tmp_path / "policies.yaml").write_text(example_of("policies"), encoding="utf-8")
    (tmp_path / "exclusions" / "checkout.yaml").write_text(example_of("exclusions"), encoding="utf-8")
    catalog = load(tmp_path, {})
    assert catalog.problems == ()
    assert catalog.apps[0].policy is not None
    assert [level.below for level in catalog.apps[0].policy.levels] == [0.5, 0]
    assert len(catalog.apps[0].exclusions) == 4


def test_the_examples_of_an_agenda_and_of_risks_load(tmp_path: Path):
    for name in ("apps", "agendas", "risks"):
        (tmp_path / name).mkdir()
    (tmp_path / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n", encoding="utf-8")
    slo = "slos: [{id: up, objective: 99, window: 28d, sli: {source: demo, counts: a}}]"
    (tmp_path / "apps" / "checkout.yaml").write_text(f"app: checkout\njourneys: [{{id: buy, {slo}}}]\n")
    (tmp_path / "agendas" / "checkout.yaml").write_text(example_of("agenda"), encoding="utf-8")
    (tmp_path / "risks" / "checkout.yaml").write_text(example_of("risks"), encoding="utf-8")
    catalog = load(tmp_path, {})
    assert catalog.problems == ()
    agenda = catalog.apps[0].agenda
    assert [step.step.value for step in agenda.steps] == [
        "since",
        "follow_ups",
        "journeys",
        "burned",
        "decide",
        "close",
    ]
    assert (agenda.minutes, agenda.language, agenda.hints) == (45, "ja", False)
    (risk,) = catalog.apps[0].risks
    assert (risk.detect_minutes, risk.repair_minutes, risk.share_of_users, risk.days_between) == (5, 90, 0.3, 90)


def test_the_example_of_sources_loads(tmp_path: Path):
    (tmp_path / "sources.yaml").write_text(example_of("sources"), encoding="utf-8")
    catalog = load(tmp_path, {"USER": "reader", "PASSWORD": "x"})
    assert set(catalog.sources) == {"prometheus", "gcp"}
    assert [problem.code for problem in catalog.problems] == ["folder_missing"]


def test_examples_of_lists_and_mappings_are_yaml():
    for heading in SECTIONS:
        for _, _, _, example in rows(heading).values():
            if example.startswith("`") and "${" not in example:
                yaml.safe_load(example.strip("`"))
