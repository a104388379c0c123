"""`access.yaml`: its rules, its errors by line, and that nothing opens by an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tomoni.access.identity import identity_of
from tomoni.catalog.load import LoadedFiles, load_files
from tomoni.catalog.who_may import AS_EVER, NOBODY, AccessRules, Role, RoleRule

SLO = "{id: up, objective: 99, window: 28d, sli: {source: demo, counts: a}}"


def loaded(folder: Path, access: str | None, before: LoadedFiles | None = None) -> LoadedFiles:
    (folder / "apps").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text("sources: {demo: {kind: demo}}\n")
    for app in ("shop", "payroll"):
        (folder / "apps" / f"{app}.yaml").write_text(
            f"app: {app}\nteams: {{infra: infra}}\njourneys: [{{id: buy, slos: [{SLO}]}}]\n"
        )
    if access is not None:
        (folder / "access.yaml").write_text(access)
    return load_files(folder, {}, before.good if before else {})


def test_without_a_file_it_is_as_ever_and_each_key_says_what_it_says(tmp_path: Path):
    assert loaded(tmp_path, None).access == AS_EVER
    text = """signed_in: none
without_sign_in: viewer
commands: editor
rules:
  - {role: admin, emails: [A@Example.com], domains: ["@Example.COM"]}
  - {role: member, groups: [ops], accounts: [ci], teams: [infra], apps: [shop]}
hidden: [payroll]
"""
    found = loaded(tmp_path, text)
    assert found.catalog.problems == ()
    admins = RoleRule(Role.ADMIN, emails=frozenset({"a@example.com"}), domains=frozenset({"example.com"}))
    some = {"teams": frozenset({"infra"}), "apps": frozenset({"shop"}), "accounts": frozenset({"ci"})}
    members = RoleRule(Role.MEMBER, groups=frozenset({"ops"}), **some)
    hidden = frozenset({"payroll"})
    assert found.access == AccessRules(Role.NONE, Role.VIEWER, (admins, members), hidden, Role.EDITOR)


BROKEN = [
    ("signed_in: everybody\n", 1),
    ("signed_in: viewer\nhiden: [payroll]\n", 2),
    ("hidden: payroll\n", 1),
    ("rules:\n  - {role: king, groups: [a]}\n", 2),
    ("rules:\n  - {groups: [a]}\n", 2),
    ("rules:\n  - {role: viewer, group: [a]}\n", 2),
    ("rules:\n  - {role: viewer, groups: a}\n", 2),
    ("rules: {role: viewer}\n", 1),
    ("rules:\n  - viewer\n", 2),
    ("signed_in: [\n", 2),
    ("- a\n", 1),
    ("signed_in:\n", 1),
    ("rules: []\nwithout_sign_in: null\n", 2),
    ("commands: ~\n", 1),
    ("rules:\n  - {role: viewer, groups: [a], teams: []}\n", 2),
    ("rules:\n  - role: viewer\n    groups: [a]\n    apps:\n", 4),
    ("rules:\n  - {role: viewer, groups: [a], teams: [], apps: []}\n", 2),
    (" \n", 0),
]


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_an_error_is_told_with_its_line_and_opens_nothing(text: str, line: int, tmp_path: Path):
    found = loaded(tmp_path, text)
    assert found.access == NOBODY
    assert line in {problem.spot.line for problem in found.catalog.errors if problem.spot.file.endswith("access.yaml")}


@pytest.mark.parametrize(("text", "line"), BROKEN)
def test_a_broken_file_leaves_the_last_good_one_in_force(text: str, line: int, tmp_path: Path):
    good = loaded(tmp_path, "hidden: [payroll]\n")
    assert loaded(tmp_path, text, good).access == good.access == AccessRules(Role.VIEWER, hidden=frozenset({"payroll"}))


def test_what_is_empty_opens_nothing_more_and_is_no_error(tmp_path: Path):
    found = loaded(tmp_path, "rules: [{role: member, groups: [a], teams: [], apps: [shop]}]\nhidden:\n")
    assert found.catalog.problems == ()
    assert found.access.rules == (RoleRule(Role.MEMBER, groups=frozenset({"a"}), apps=frozenset({"shop"})),)


@pytest.mark.parametrize("address", ["Ä@example.com", "\u212a@example.com", "a/b@EXAMPLE.com", "例@例え.jp"])
def test_an_address_is_compared_as_it_is_read_of_who_signs_in(address: str, tmp_path: Path):
    rules = loaded(tmp_path, f'signed_in: none\nrules: [{{role: viewer, emails: ["{address}"]}}]\n')
    assert rules.catalog.problems == ()
    (rule,) = rules.access.rules
    reader = identity_of({"sub": "1", "email": address}, "groups", emails_are_checked=True)
    assert reader is not None
    assert {reader.email} == rule.emails


def test_a_hidden_app_that_is_not_there_is_an_error_and_the_others_stay_hidden(tmp_path: Path):
    found = loaded(tmp_path, "hidden: [payrol, payroll]\n")
    assert [(problem.code, problem.facts["nearest"]) for problem in found.catalog.errors] == [
        ("unknown_app", "payroll")
    ]
    assert found.access.hidden == {"payrol", "payroll"}


def test_a_folder_that_is_gone_opens_nothing(tmp_path: Path):
    good = loaded(tmp_path, "hidden: [payroll]\n")
    tmp_path.joinpath("access.yaml").unlink()
    assert load_files(tmp_path, {}, good.good).access == AS_EVER
    assert load_files(tmp_path / "gone", {}, good.good).access == NOBODY
    assert load_files(tmp_path / "gone", {}, {}).access == AS_EVER
