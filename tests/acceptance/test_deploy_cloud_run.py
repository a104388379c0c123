"""The Terraform files for Cloud Run are HCL whose every reference leads somewhere, and they fit the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hcl2
import pytest

from cli import cli
from tomoni.settings import ProcessSettings

FOLDER = Path(__file__).parents[2] / "deploy" / "cloud-run"
FILES = sorted(FOLDER.glob("*.tf"))
TEXT = "\n".join(re.sub(r"(?m)(^|\s)#.*$", "", path.read_text()) for path in FILES)


def blocks(kind: str) -> list[dict[str, Any]]:
    return [each for path in FILES for each in hcl2.loads(path.read_text()).get(kind, [])]


def declared(kind: str) -> set[str]:
    """The addresses of blocks of a kind, such as google_sql_user.tomoni of a resource."""
    names = [
        [name.strip('"') for name in re.findall(r'"[^"]+"', line)] for line in re.findall(rf"(?m)^{kind} .*$", TEXT)
    ]
    return {".".join(name) for name in names}


def test_every_file_is_hcl_and_declares_something() -> None:
    assert len(FILES) >= 7
    for path in FILES:
        assert hcl2.loads(path.read_text()), path


def test_every_variable_is_explained_used_and_declared() -> None:
    variables = declared("variable")
    assert set(re.findall(r"\bvar\.(\w+)", TEXT)) == variables
    for block in blocks("variable"):
        ((name, body),) = block.items()
        assert {"description", "type"} <= set(body), name
    example = set(re.findall(r"(?m)^(\w+) *=", (FOLDER / "terraform.tfvars.example").read_text()))
    required = {
        name.strip('"') for block in blocks("variable") for name, body in block.items() if "default" not in body
    }
    assert required <= example <= variables


def test_every_reference_leads_to_something_that_is_declared() -> None:
    within = "|".join(("google", "random"))
    resources = {
        f"{kind}{name}"
        for kind, prefix in (("", "resource"), ("data.", "data"), ("ephemeral.", "ephemeral"))
        for name in declared(prefix)
    }
    named = set(re.findall(rf"(?<![\w.\"/-])((?:data\.|ephemeral\.)?(?:{within})_\w+\.\w+)", TEXT))
    assert named <= resources, named - resources
    local = {key for block in blocks("locals") for key in block if not key.startswith("__")}
    assert set(re.findall(r"\blocal\.(\w+)", TEXT)) <= local


def test_every_setting_is_one_and_every_secret_comes_from_the_secret_manager() -> None:
    settings = set(re.findall(r"\bTOMONI_[A-Z_]+\b", TEXT))
    assert settings <= set(ProcessSettings.variables())
    secrets = {name.removesuffix("_FILE") for name in ProcessSettings.variables() if name.endswith("_FILE")}
    for name in settings & secrets:
        assert len(re.findall(rf"\b{name}\b", TEXT)) == len(
            re.findall(rf'name = "{name}"\n\s+value_source {{\n\s+secret_key_ref', TEXT)
        )


def test_the_job_runs_a_command_that_exists() -> None:
    (command,) = re.findall(r"\bargs\s+= \[(.*)\]", TEXT)
    words = [word.strip(' "') for word in command.split(",")]
    assert words[:3] == ["python", "cli.py", "collect"]
    assert set(words[3:]) <= {option for parameter in cli.commands["collect"].params for option in parameter.opts}


def test_the_probes_are_those_of_the_product() -> None:
    assert re.findall(r"_probe {[^}]*path = \"([^\"]+)\"", TEXT) == ["/readyz", "/healthz"]


@pytest.mark.parametrize("left_out", ["*.tfstate*", "terraform.tfvars", ".terraform/"])
def test_what_terraform_keeps_is_not_committed(left_out: str) -> None:
    assert left_out in (FOLDER / ".gitignore").read_text().splitlines()
