"""What is shipped for deploying is valid, hardened, and fits the code."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec.models import ComposeSpecification

from cli import cli
from tomoni.catalog.load import load_files
from tomoni.settings import ProcessSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
BALANCER = DEPLOY / "haproxy" / "haproxy.cfg"
BASE = DEPLOY / "kubernetes" / "base"
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())


def resources() -> Iterator[dict[str, Any]]:
    listed = yaml.safe_load((BASE / "kustomization.yaml").read_text())["resources"]
    for name in listed:
        yield from yaml.safe_load_all((BASE / name).read_text())


RESOURCES = list(resources())
WORKLOADS = [each for each in RESOURCES if each["kind"] == "Deployment"]


def named(each: dict[str, Any]) -> str:
    return f"{each['kind']} {each['metadata']['name']}"


@pytest.mark.parametrize("resource", RESOURCES, ids=named)
def test_a_resource_is_one_of_kubernetes(resource: dict[str, Any]) -> None:
    kubernetes_validate.validate(resource, "1.31", strict=True)


@pytest.mark.parametrize("workload", WORKLOADS, ids=named)
def test_a_workload_has_no_rights_probes_a_budget_and_a_policy(workload: dict[str, Any]) -> None:
    pod, labels = workload["spec"]["template"]["spec"], workload["spec"]["template"]["metadata"]["labels"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    probes = {container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert probes == {"/healthz", "/readyz"}
    for kind, selector in (("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")):
        assert [each for each in RESOURCES if each["kind"] == kind and each["spec"][selector]["matchLabels"] == labels]
    mounted = {each["name"] for each in container["volumeMounts"]}
    assert mounted == {each["name"] for each in pod["volumes"]}


def test_the_files_of_the_configuration_are_named_alike_everywhere() -> None:
    (made,) = yaml.safe_load((BASE / "kustomization.yaml").read_text())["configMapGenerator"]
    files = {f"config/{path.relative_to(BASE / 'config')}" for path in (BASE / "config").rglob("*.yaml")}
    assert set(made["files"]) == files
    for workload in WORKLOADS:
        (volume,) = [each for each in workload["spec"]["template"]["spec"]["volumes"] if each["name"] == "config"]
        items = volume["projected"]["sources"][0]["configMap"]["items"]
        assert {f"config/{item['path']}" for item in items} == files
        assert all(Path(item["path"]).name == item["key"] for item in items)


def test_the_composition_is_one_of_compose_and_its_files_exist() -> None:
    ComposeSpecification.model_validate(COMPOSE)
    for name, service in COMPOSE["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (DEPLOY / "compose" / source).exists(), f"{name}: {source}"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert {name for name, service in COMPOSE["services"].items() if service.get("read_only")} == {"app", "collector"}


def test_whoever_ends_a_process_waits_longer_than_it_drains() -> None:
    """Cloud Run ends an instance 10 s after SIGTERM, whatever is set."""
    settings = next(each for each in RESOURCES if each["metadata"]["name"] == "tomoni-settings")["data"]
    (pod,) = [each["spec"]["template"]["spec"] for each in WORKLOADS if named(each) == "Deployment tomoni"]
    assert pod["terminationGracePeriodSeconds"] >= float(settings["TOMONI_DRAIN_SECONDS"]) + 30 > 30
    app = COMPOSE["services"]["app"]
    assert float(app["stop_grace_period"].removesuffix("s")) >= float(app["environment"]["TOMONI_DRAIN_SECONDS"]) + 25
    (written,) = re.findall(r'TOMONI_DRAIN_SECONDS +=\s*"(\d+)"', (DEPLOY / "cloud-run" / "app.tf").read_text())
    assert 0 < int(written) <= 5


def test_every_setting_and_command_that_is_deployed_exists() -> None:
    known = set(ProcessSettings.variables()) | {"TOMONI_IMAGE", "TOMONI_CONFIG_DIR"}  # of the composition itself
    for file in [*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.yml")]:
        assert set(re.findall(r"\bTOMONI_[A-Z_]+\b", file.read_text())) <= known, file
    collect = {option for parameter in cli.commands["collect"].params for option in parameter.opts}
    ran = [COMPOSE["services"]["collector"]["command"]]
    ran += [w["spec"]["template"]["spec"]["containers"][0]["args"] for w in WORKLOADS if "collector" in named(w)]
    for command in ran:
        assert command[:3] == ["python", "cli.py", "collect"]
        assert {part for part in command if part.startswith("--")} <= collect


@pytest.mark.parametrize("folder", ["compose/config", "kubernetes/base/config"])
def test_the_configuration_that_is_deployed_has_no_problem(folder: str) -> None:
    found = load_files(DEPLOY / folder, {}, {}, (), {})
    assert found.catalog.problems == ()
    assert [app.id for app in found.catalog.apps] == ["tomoni"]
    example = (ROOT / "examples" / "self" / "apps" / "tomoni.yaml").read_text().partition("\n")[2]
    assert (DEPLOY / folder / "apps" / "tomoni.yaml").read_text().partition("\n")[2] == example


def test_the_image_sets_nothing_that_would_win_over_a_secret_from_a_file() -> None:
    secret = {name.removesuffix("_FILE") for name in ProcessSettings.variables() if name.endswith("_FILE")}
    assert not secret & set(re.findall(r"\bTOMONI_[A-Z_]+(?==)", (ROOT / "Dockerfile").read_text()))


@pytest.mark.skipif(shutil.which("haproxy") is None, reason="HAProxy is not installed: apt-get install haproxy")
def test_the_balancer_takes_its_configuration_and_warns_of_nothing() -> None:
    done = subprocess.run(["haproxy", "-c", "-f", BALANCER], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "Configuration file is valid\n")


def test_the_balancer_asks_whether_replicas_are_ready_and_keeps_a_page_at_its_own() -> None:
    written = BALANCER.read_text()
    assert "uri /readyz" in written
    assert "option redispatch" in written
    names = re.findall(r"^    server (\w+) .* cookie (\w+)$", written, re.MULTILINE)
    assert [name for name, _ in names] == [cookie for _, cookie in names] == ["a", "b", "c"]
    document = (ROOT / "docs" / "replicas.md").read_text()
    for variable in re.findall(r"\$\{(\w+)-", written):
        assert f"`{variable}`" in document
