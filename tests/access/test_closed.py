"""Where nothing is open to an account, every command says so, and what keeps the rules from being read."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import cli
from tests.access.test_table import COMMANDS
from tests.cli.world import NOW, build
from tomoni.catalog.who_may import Role

pytestmark = pytest.mark.slow
NO_ROLE = {"init", "import", "schema"}  # they read and write files alone, whoever has the account
BROKEN, LINKED = "rules: [\n", ""
RULES = {
    "no role": ("commands: none\n", "No app is open to the account “", "アカウント「"),
    "every app hidden": ("commands: viewer\nhidden: [shop]\n", "No app is open to the account “", "アカウント「"),
    "broken": (BROKEN, "access.yaml:2: This is not valid YAML", "access.yaml:2: YAML として読み取れません"),
    "a link to nothing": (LINKED, "access.yaml:1: ", "access.yaml:1: "),
}


def _named(words: tuple[str, ...], needed: Role | None, rules: str) -> bool:
    """Whether a command has something to say of the apps that it does not see: lists of what is stored are just empty
    for those who may look and to whom no app is open."""
    if words[0] in NO_ROLE:
        return False
    empty = {"actions", "snapshots", "compare", "verify", "alerts"}
    return rules != "every app hidden" or (needed is None and words[0] not in {*empty, "check"})


@pytest.mark.parametrize("rules", RULES)
def test_every_command_says_that_nothing_is_open(rules: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = build(tmp_path)
    monkeypatch.setenv("TOMONI_CONFIG", str(config))
    monkeypatch.setenv("TOMONI_DATABASE_URL", f"sqlite:///{tmp_path / 'tomoni.db'}")
    monkeypatch.setenv("TOMONI_NOW", NOW.isoformat())
    written, *said = RULES[rules]
    if rules == "a link to nothing":
        (config / "access.yaml").symlink_to(tmp_path / "nothing")
    else:
        (config / "access.yaml").write_text(written)
    for words, needed in COMMANDS.items():
        if not _named(words, needed, rules):
            continue
        args = [word.format(folder=tmp_path, kept="0" * 64) for word in words]
        for language, sentence in zip(("en", "ja"), said, strict=True):
            result = CliRunner().invoke(cli, ["--lang", language, *args], prog_name="cli.py")
            assert result.exit_code == 1, (words, result.output)
            assert sentence in result.stderr, (words, result.output)
            assert result.stderr.count("\n") == 1, (words, result.output)
