"""Names and texts with everything that means something to YAML, PromQL, HCL, JSON or templates stay what they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.dialects.promtool import check_rules, exported, shop, slo_of
from tomoni.catalog.schema import App
from tomoni.dialects.hcl import quoted_hcl
from tomoni.dialects.rules.templates import escaped, kept_template
from tomoni.dialects.yaml_text import quoted_yaml

CHARACTERS = "a '\"\\{}[]()$%#:,&*!|>`@\n\r\t\0\x1b\x7f\x85\u2028\ufeff\u202eé日😀-?=~"
TEXTS = st.text(st.sampled_from(CHARACTERS), max_size=30)
NASTY = 'x"}} {{ $labels.app }} {{ template "a" }} ${a} %{b} \\ \' # : - `é日😀`'


def hostile() -> App:
    """An app whose words could end everything that they are written into."""
    marks = {"labels": {"own-er": NASTY}, "annotations": {"run book": NASTY}}
    slo = slo_of(
        "one",
        {"total": 'a_total{x="\\"}{,#"}', "bad": 'a_total{x="\\"}{,#",y=~"a|b\\\\."}'},
        title=NASTY,
        description=NASTY,
        alerting={"name": NASTY, **marks, "page": marks},
        **marks,
    )
    return shop(slo, title=NASTY, description=NASTY, teams={"app": NASTY, "infra": NASTY}, **marks)


@settings(max_examples=200, deadline=None, phases=[Phase.generate], derandomize=True)
@given(text=TEXTS)
def test_quoted_texts_are_read_as_they_were(text: str) -> None:
    assert yaml.safe_load(f"a: {quoted_yaml(text)}") == {"a": text}
    quoted = quoted_hcl(text)
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", quoted)
    assert "\n" not in quoted
    eight = re.sub(r"\\U([0-9a-f]{8})", lambda found: json.dumps(chr(int(found[1], 16)))[1:-1], quoted)
    assert json.loads(eight) == text.replace("${", "$${").replace("%{", "%%{")


@settings(max_examples=200, deadline=None, phases=[Phase.generate], derandomize=True)
@given(text=TEXTS)
def test_no_text_opens_a_template(text: str) -> None:
    assert "{{" not in escaped(text).replace('{{ "{{" }}', "")
    assert kept_template("{{ $labels.app }} " + text) in (
        "{{ $labels.app }} " + text,
        escaped("{{ $labels.app }} " + text),
    )


def test_templates_of_other_tools_are_kept_where_they_are_surely_valid() -> None:
    known = "{{ $labels.app }} burns {{ $value | humanizePercentage }}"
    assert kept_template(known) == known
    assert kept_template("{{ template }}") == '{{ "{{" }} template }}'


@pytest.mark.prometheus
def test_rules_of_hostile_words_are_valid(tmp_path: Path) -> None:
    rules = exported("rules", hostile()).files["shop.rules.yaml"]
    check_rules(rules, folder=tmp_path)
    alerts = [rule for rule in yaml.safe_load(rules)["groups"][0]["rules"] if "alert" in rule]
    assert {rule["labels"]["own_er"] for rule in alerts} == {escaped(NASTY)}
    assert {rule["labels"]["team"] for rule in alerts} == {escaped(NASTY)}


@pytest.mark.parametrize("dialect", ["sloth", "pyrra", "openslo", "backstage"])
def test_files_of_hostile_words_are_read_as_they_were(dialect: str) -> None:
    for text in exported(dialect, hostile()).files.values():
        documents = list(yaml.safe_load_all(text))
        assert NASTY in json.dumps(documents, ensure_ascii=False).replace('\\"', '"').replace("\\\\", "\\")


def test_dashboards_are_json_with_panels_that_do_not_overlap() -> None:
    (text,) = exported("grafana", hostile()).files.values()
    dashboard = json.loads(text)
    assert dashboard["title"] == NASTY
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    cells = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
    assert len(cells) == len(set(cells))
    assert all(p["x"] + p["w"] <= 24 for p in places)
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)
