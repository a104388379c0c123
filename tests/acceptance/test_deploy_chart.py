"""The Helm chart makes valid, hardened resources of whatever its values allow, and refuses the rest by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest
import yaml
from helm_python import Chart

from tests.tables import table
from tomoni.settings import ProcessSettings

DEPLOY = Path(__file__).parents[2] / "deploy"
CHART = DEPLOY / "kubernetes" / "chart"
BASE = DEPLOY / "kubernetes" / "base"
CHECKOUT = 'app: checkout # with: colons, {braces} and "quotes"\ntitle: お会計\n'
VALUES: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "with an ingress": {"ingress": {"enabled": True, "host": "slo.example.com", "tlsSecret": "slo-tls"}},
    "with an ingress without TLS": {"ingress": {"enabled": True, "host": "slo.example.com", "annotations": {}}},
    "with files": {"config": {"files": {"apps/checkout.yaml": CHECKOUT, "sources.yaml": "sources: {}\n"}}},
    "with a sign-in": {
        "settings": {"TOMONI_OPEN": None, "TOMONI_SIGN_IN": "oidc", "TOMONI_URL": "https://slo.example.com"}
    },
    "without network policies": {"networkPolicy": {"enabled": False}},
    "reached by nobody but the ingress": {"networkPolicy": {"monitoringNamespaces": []}},
    "on nodes of its own": {
        "nodeSelector": {"pool": "tools"},
        "tolerations": [{"key": "tools", "operator": "Exists"}],
        "podAnnotations": {"example.com/owner": "platform: yes"},
        "image": {"tag": "2026-11", "pullSecrets": ["registry"]},
        "affinity": {"nodeAffinity": {}},
    },
}


def rendered(values: dict[str, Any], release: str = "tomoni") -> list[dict[str, Any]]:
    with Chart.load(str(CHART)) as chart:
        files = chart.render(values, name=release, namespace="reviews")
    texts = [text for path, text in files.items() if path.endswith(".yaml")]
    return [each for text in texts for each in yaml.safe_load_all(text) if each]


def one(resources: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in resources if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_whatever_the_values_each_resource_is_one_of_kubernetes_and_each_pod_has_no_rights(
    values: dict[str, Any],
) -> None:
    resources = rendered(values)
    for each in resources:
        kubernetes_validate.validate(each, "1.31", strict=True)
    for name in ("tomoni", "tomoni-collector"):
        workload = one(resources, "Deployment", name)
        labels, pod = workload["spec"]["template"]["metadata"]["labels"], workload["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        selectors = [workload["spec"]["selector"], one(resources, "PodDisruptionBudget", name)["spec"]["selector"]]
        selectors += [
            each["spec"]["podSelector"]
            for each in resources
            if each["kind"] == "NetworkPolicy" and each["metadata"]["name"] == name
        ]
        assert all(selector["matchLabels"].items() <= labels.items() for selector in selectors)
        assert len(selectors) == (3 if values.get("networkPolicy", {}).get("enabled", True) else 2)


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_the_pods_see_the_files_of_the_chart_and_of_the_values_to_the_letter(values: dict[str, Any]) -> None:
    resources = rendered(values)
    data = one(resources, "ConfigMap", "tomoni-config")["data"]
    expected = {
        str(path.relative_to(CHART / "config")): path.read_text() for path in (CHART / "config").rglob("*.yaml")
    }
    expected |= values.get("config", {}).get("files", {})
    for name in ("tomoni", "tomoni-collector"):
        pod = one(resources, "Deployment", name)["spec"]["template"]["spec"]
        (volume,) = [each for each in pod["volumes"] if each["name"] == "config"]
        assert volume["configMap"]["name"] == "tomoni-config"
        assert {item["path"]: data[item["key"]] for item in volume["configMap"]["items"]} == expected


def test_the_chart_comes_with_the_configuration_of_the_other_files() -> None:
    for path in (BASE / "config").rglob("*.yaml"):
        assert (CHART / path.relative_to(BASE)).read_text() == path.read_text()


def test_settings_are_those_of_the_other_files_and_of_the_values() -> None:
    base = yaml.safe_load((BASE / "settings.yaml").read_text())["data"]
    ours = one(rendered({}), "ConfigMap", "tomoni-settings")["data"]
    assert ours == {**base, "TOMONI_COOKIE_SECRET_FILE": "/run/tomoni/cookie-secret"}
    for written, grace in ((None, 45), ("0", 40), ("12.5", 53)):
        pods = rendered({"settings": {"TOMONI_DRAIN_SECONDS": written}} if written else {})
        spec = one(pods, "Deployment", "tomoni")["spec"]["template"]["spec"]
        assert spec["terminationGracePeriodSeconds"] == grace
    signed = one(rendered(VALUES["with a sign-in"]), "ConfigMap", "tomoni-settings")["data"]
    assert "TOMONI_OPEN" not in signed
    assert signed["TOMONI_SIGN_IN"] == "oidc"
    assert (
        one(rendered(VALUES["with an ingress"]), "ConfigMap", "tomoni-settings")["data"]["TOMONI_URL"]
        == "https://slo.example.com"
    )
    assert (
        one(rendered(VALUES["without network policies"]), "ConfigMap", "tomoni-settings")["data"]["TOMONI_METRICS"]
        == "token"
    )


def test_a_change_of_files_or_settings_replaces_the_pods() -> None:
    def annotations(values: dict[str, Any]) -> dict[str, str]:
        found = one(rendered(values), "Deployment", "tomoni")["spec"]["template"]["metadata"]["annotations"]
        return {key: text for key, text in found.items() if key.startswith("checksum/")}

    before = annotations({})
    assert annotations({}) == before
    assert (
        annotations({"config": {"files": {"apps/a.yaml": "app: a\n"}}})["checksum/config"] != before["checksum/config"]
    )
    assert annotations({"settings": {"TOMONI_LOG": "text"}})["checksum/settings"] != before["checksum/settings"]


@pytest.mark.parametrize("release", ["tomoni", "reviews", "r" * 53])
def test_two_releases_have_names_of_their_own_that_kubernetes_allows(release: str) -> None:
    names = [(each["kind"], each["metadata"]["name"]) for each in rendered(VALUES["with an ingress"], release)]
    assert len(set(names)) == len(names) == 10
    assert all(len(name) <= 63 and not name.endswith("-") for _, name in names)


SECRETS = [name.removesuffix("_FILE") for name in ProcessSettings.variables() if name.endswith("_FILE")]
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a value that is not there": ({"replicas": 2}, "replicas"),
    "one below that is not there": ({"app": {"replica": 2}}, "replica"),
    "no replica": ({"app": {"replicas": 0}}, "replicas"),
    "a setting that is none of ours": ({"settings": {"PATH": "/"}}, "PATH"),
    "a setting with a slip": ({"settings": {"TOMONI_SIGNIN": "oidc"}}, "TOMONI_SIGNIN"),
    "a number as a setting": ({"settings": {"TOMONI_OPEN": 1}}, "TOMONI_OPEN"),
    "a file outside of the folder": ({"config": {"files": {"../x.yaml": ""}}}, "x.yaml"),
    **{f"{name} as a setting": ({"settings": {name: "secret"}}, name) for name in SECRETS},
}


@pytest.mark.parametrize(("values", "named"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_ignored_or_told_is_refused_by_name(values: dict[str, Any], named: str) -> None:
    with pytest.raises(helm_python.HelmError, match=named), Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)


ODD = ("0", "3", "2.5", "60", "61", "-1", "", "5s", "0x10", "NaN", "inf", "٥", "abc", "no", "yes", "open", "720", "721")
CHECKED = ("DRAIN_SECONDS", "REFRESH_SECONDS", "SESSION_HOURS", "OPEN", "LOG", "METRICS", "SIGN_IN", "COLLECT")


def test_the_chart_knows_every_setting_that_is_no_secret() -> None:
    named = json.loads((CHART / "values.schema.json").read_text())["properties"]["settings"]["propertyNames"]["enum"]
    assert sorted(named) == sorted(set(ProcessSettings.variables()) - set(SECRETS))


@table("name", CHECKED)
@table("written", ODD)
def test_what_the_app_would_not_start_with_is_refused_by_the_chart(name: str, written: str) -> None:
    try:
        ProcessSettings.model_validate({name.lower(): written})
        starts = True
    except ValueError:
        starts = False
    try:
        with Chart.load(str(CHART)) as chart:
            chart.validate_schema({"settings": {f"TOMONI_{name}": written}})
        is_taken = True
    except helm_python.HelmError:
        is_taken = False
    spelled_otherwise = name == "OPEN" and written in ("no", "yes")  # which YAML is too easily wrong about
    assert starts == is_taken or spelled_otherwise


def test_helm_finds_nothing_wrong_with_the_chart() -> None:
    found = helm_python.lint(str(CHART))
    assert not found["errors"]
    assert all(each["severity"] < 2 for each in found["messages"]), found
