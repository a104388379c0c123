"""How commands are written, and how they end when something is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli import cli
from tests.cli.conftest import Run
from tests.tables import table
from tomoni.languages import language_from
from tomoni.version import VERSION
from tomoni.words.text import text_for
from tomoni.words.usage import in_words

USAGE = 2
DOCS = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-18T10:00:00",
        "2026-11-18",
        "yesterday",
        "1795000000",
        "2026-13-01T00:00:00Z",
        "20261118T100000Z",
        "",
        "1900-01-01T00:00Z",
    ],
)
def test_a_moment_that_cannot_be_read_is_a_usage_error_that_says_how_to_write_it(run: Run, written: str) -> None:
    for command in (["status", "--at", written], ["sync", "--until", written]):
        result = run(*command)
        assert result.exit_code == 2
        assert "Write it as 2026-11-18T10:00:00Z or 2026-11-18T19:00:00+09:00." in result.stderr


@table(
    ("written", "told"),
    [
        ("status --at 2026-11-18T10:00:00", "'--at' の値を使えません: "),
        ("status --at 2026-11-18T10:00:00", "のように書いてください。"),
        ("staus", "コマンド 'staus' はありません。'status' ではありませんか。"),
        ("status --formt json", "オプション '--formt' はありません。'--format' ではありませんか。"),
        ("status --format csv", "'csv' は選択肢にありません。使える値: 'table', 'json'"),
        ("sync --days 0", "'--days' の値を使えません: 0 は範囲 1<=x<=3660 に入っていません。"),
        ("sync --days x", "'x' は整数ではありません。"),
        ("status --at", "オプション '--at' には値が必要です。"),
        ("status --no-sync=1", "オプション '--no-sync' に値は付けられません。"),
        ("status more", "余分な引数があります: more"),
        ("verify", "'FILE' を指定してください。"),
        ("import", "'FROM' を指定してください。使える値: gcp, grafana, openslo,"),
        ("snapshot --out cli.py", "'cli.py' はファイルです。フォルダーを指定してください。"),
    ],
)
def test_a_usage_error_is_told_in_the_chosen_language(run: Run, written: str, told: str) -> None:
    result = run("--lang", "ja", *written.split())
    assert result.exit_code == USAGE
    assert told in result.stderr
    assert not re.search(r"Usage|Error|Invalid|No such", result.stderr)


_ANY = click.Command(
    "any",
    params=[
        click.Option(["--pair"], nargs=2),
        click.Option(["--typed"], type=(int, str)),
        click.Option(["--flag"], type=click.BOOL),
        click.Option(["--id"], type=click.UUID),
        click.Option(["--day"], type=click.DateTime(["%Y", "%d"])),
        click.Option(["--share"], type=click.FLOAT),
        click.Option(["--one"], type=click.Choice(["a"])),
        click.Option(["--tool"], type=click.Path(exists=True, executable=True)),
        click.Argument(["two"], nargs=2, required=False),
    ],
)


@table(
    "written",
    [
        "--pair 1",
        "--typed x y",
        "--flag maybe",
        "--id 1",
        "--day today",
        "--share much",
        "--one b",
        "--tool /nowhere",
        "1",
        "1 2 3",
        "--par 1 2",
        "--nothing",
    ],
)
def test_whatever_click_says_has_words_in_japanese(written: str) -> None:
    with pytest.raises(click.UsageError) as raised:
        _ANY.main(written.split(), standalone_mode=False)
    said = in_words(raised.value.format_message(), text_for("ja"))
    assert re.sub(r"'[^']*'|/\S+|%\w|[A-Z]{2,}", "", said).isascii() is False, said
    assert not re.search(r"(?<!['/\-])\b(?:is|not|takes|values?|requires|valid|open)\b", said), said


@pytest.mark.parametrize(
    "written",
    ["2026-11-18T09:00:00Z", "2026-11-18T18:00:00+09:00", "2026-11-18t09:00z", "2026-11-18 09:00:00.75+00:00"],
)
def test_a_moment_may_be_written_in_every_way_of_rfc_3339(run: Run, written: str) -> None:
    assert json.loads(run("status", "--at", written, "--format", "json").stdout)["as_of"] == "2026-11-18T09:00:00Z"


@pytest.mark.parametrize("command", [["status", "--at"], ["sync", "--until"]])
def test_a_moment_in_the_future_is_refused(run: Run, command: list[str]) -> None:
    result = run(*command, "2030-01-01T00:00:00Z")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "1 Jan 2030, 00:00 UTC is in the future; choose a moment up to now (18 Nov 2026, 10:00"
    )


@pytest.mark.parametrize(
    "args",
    [
        ["nope"],
        ["status", "--format", "xml"],
        ["sync", "--days", "0"],
        ["sync", "--days", "x"],
        ["--lang", "fr", "check"],
    ],
)
def test_wrong_usage_ends_with_2(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_setting_that_cannot_be_read_is_named_without_its_value(run: Run) -> None:
    result = run("status", TOMONI_NOW="not a moment")
    assert result.exit_code == 1
    assert result.stderr == "“TOMONI_NOW” is not valid; docs/operating.md describes its format.\n"


def test_a_data_base_that_cannot_be_opened_is_told_without_its_password(run: Run) -> None:
    result = run("status", TOMONI_DATABASE_URL="postgresql+psycopg://tomoni:s3cr3t@127.0.0.1:1/x")
    assert result.exit_code == 1
    assert "cannot be opened" in result.stderr
    assert "s3cr3t" not in result.output


def test_a_data_base_that_is_none_is_told_with_how_to_write_it(run: Run) -> None:
    result = run("sync", TOMONI_DATABASE_URL="nonsense")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "sqlite:///data/tomoni.db" in result.stderr


def test_what_was_not_foreseen_is_one_line_without_its_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("password=s3cr3t")

    monkeypatch.setattr("tomoni.wiring.open_tomoni", broken)
    result = run("status")
    assert result.exit_code == 1
    assert result.stderr == "An unexpected error occurred (RuntimeError); set TOMONI_DEBUG=1 to see the details.\n"
    detailed = run("status", TOMONI_DEBUG="1")
    assert "Traceback" in detailed.stderr
    assert detailed.exit_code == 1

    def unset(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy")

    monkeypatch.setattr("tomoni.wiring.open_tomoni", unset)
    assert run("status").stderr.startswith("The package “sqlalchemy” is missing for ")


def test_without_any_usable_app_the_problems_are_told(run: Run, config: Path) -> None:
    (config / "apps" / "shop.yaml").write_text("app: [")
    result = run("status")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert re.search(r"shop\.yaml:\d+: This is not valid YAML", result.stderr)


def test_schemas_are_written_where_they_are_wanted(run: Run, tmp_path: Path) -> None:
    result = run("schema", "--out", str(tmp_path / "schemas"))
    assert result.exit_code == 0
    names = {file.name for file in (tmp_path / "schemas").iterdir()}
    assert {"app.schema.json", "settings.schema.json", "sources.schema.json"} <= names
    (tmp_path / "file").write_text("")
    refused = run("schema", "--out", str(tmp_path / "file"))
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ja_JP"}, "ja"),
    ],
)
def test_the_language_is_the_terminals(environ: dict[str, str], language: str) -> None:
    assert language_from(environ) == language


def commands() -> dict[str, click.Command]:
    return dict(cli.commands)


def within(command: click.Command) -> list[click.Command]:
    """The commands of a group, else the command itself."""
    return list(command.commands.values()) if isinstance(command, click.Group) else [command]


def run_commands() -> list[click.Command]:
    """All commands that do something themselves: those of a group in its place."""
    return [each for command in commands().values() for each in within(command)]


@table("name", sorted(commands()))
def test_every_command_is_documented_with_all_its_options(name: str) -> None:
    section = DOCS.split(f"## `{name}`")[1].split("\n## ")[0]
    shared = {param.name for param in cli.params}
    of_group = [p for each in within(commands()[name]) for p in each.params if isinstance(p, click.Option)]
    for parameter in [*commands()[name].params, *of_group]:
        assert parameter.name in shared or any(f"`{option}" in section for option in parameter.opts), parameter.opts


def test_config_and_language_may_stand_before_or_behind_the_name_of_a_command(run: Run, tmp_path: Path) -> None:
    for command in run_commands():
        assert {"config", "lang"} <= {param.name for param in command.params}
    assert "のように書いてください。" in run("status", "--at", "2026-11-18T10:00:00", "--lang", "ja").stderr
    behind, before = run("status", "--config", str(tmp_path)), run("--config", str(tmp_path), "status")
    assert (behind.exit_code, behind.stderr) == (before.exit_code, before.stderr) == (1, before.stderr)
    assert str(tmp_path) in behind.stderr


def test_what_stands_behind_the_name_of_a_command_counts(run: Run, tmp_path: Path) -> None:
    assert str(tmp_path) in run("--config", "nowhere", "status", "--config", str(tmp_path)).stderr


def test_the_version_is_said() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert (result.exit_code, result.output) == (0, f"Tomoni {VERSION}\n")


def test_what_all_commands_share_is_documented() -> None:
    section = DOCS.split("## What all commands share")[1].split("\n## ")[0]
    for parameter in cli.params:
        assert all(f"`{option}" in section for option in parameter.opts)


def test_nothing_is_documented_that_does_not_exist() -> None:
    options = {option for command in run_commands() for p in command.params for option in p.opts}
    options |= {option for p in cli.params for option in p.opts} | {"--help"}
    options = {option for option in options if option.startswith("--")}  # neither arguments nor short names
    assert set(re.findall(r"`(--[a-z-]+)", DOCS)) == options
    assert set(re.findall(r"^## `([a-z]+)`", DOCS, re.MULTILINE)) == set(commands())


@table("name", sorted(commands()))
def test_every_command_says_what_it_does_and_what_its_options_mean(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert commands()[name].help
    assert all(option.help for option in commands()[name].params if isinstance(option, click.Option))


# How each command ends where it has no configuration, and nothing of what it is asked for is there.
OUT = ["--out", "{out}"]
ENDS: dict[str, tuple[int, list[str]]] = {
    **{name: (1, []) for name in ("check", "sync", "status", "alerts", "notify", "remind", "compact")},
    **{f"export {to}": (1, []) for to in ("backstage", "grafana", "openslo", "pyrra", "rules", "sloth", "terraform")},
    **dict.fromkeys(("snapshot", "portal", "calendar", "report", "export parquet"), (1, OUT)),
    "year": (1, ["--year", "2026", *OUT]),
    "minutes": (1, ["--app", "shop", *OUT]),
    "compare": (1, ["--app", "shop"]),
    "explain": (1, ["--app", "shop", "--slo", "x"]),
    "import": (1, ["sloth", "{here}"]),
    "verify": (1, ["{out}"]),
    "restore": (1, ["{out}"]),
    "backup": (1, ["{out}/file"]),
    "schema": (1, ["--out", "/proc/none"]),
    "init": (1, ["/proc/none"]),
    "mcp": (1, []),  # without a token
    "collect": (1, ["--once"]),
    "token create": (1, ["ci", "--app", "shop"]),
    "token revoke": (1, ["ci"]),
    # What is remembered needs no configuration, and nothing is an answer.
    **{name: (0, []) for name in ("snapshots", "actions", "audit", "token list")},
}
SERVING = {"serve", "demo"}  # they run until they are stopped


def paths(command: click.Command, name: str = "") -> Iterator[str]:
    """The commands as they are called."""
    if not isinstance(command, click.Group):
        yield name
        return
    for key, each in command.commands.items():
        yield from paths(each, f"{name} {key}".strip())


def test_every_command_ends_as_is_documented_where_nothing_is_there(tmp_path: Path) -> None:
    assert set(paths(cli)) == set(ENDS) | SERVING
    here = tmp_path / "here"
    here.mkdir()
    environ = {"TOMONI_CONFIG": str(tmp_path / "nowhere"), "TOMONI_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    for name, (code, arguments) in ENDS.items():
        given = [each.format(here=here, out=tmp_path / "none") for each in arguments]
        ended = CliRunner().invoke(cli, ["--lang", "en", *name.split(), *given], env=environ, prog_name="cli.py")
        assert ended.exit_code == code, (name, ended.output)
        assert bool(ended.stderr) == bool(code), (name, ended.output)
        assert "Traceback" not in ended.output
        assert "use one of: ." not in ended.output
        assert "unexpected" not in ended.output, (name, ended.output)
    for name in [*ENDS, *SERVING]:
        assert CliRunner().invoke(cli, [*name.split(), "--no-such"], env=environ).exit_code == USAGE, name


@table("command", ["snapshot --app shop --out o", "minutes --app shop --out o", "report --out o", "compare --app shop"])
@table("formats", [",", "", "html,", "xyz,html"])
def test_a_list_of_formats_without_one_that_there_is_is_refused_by_the_name_of_its_option(
    run: Run, command: str, formats: str
) -> None:
    result = run(*command.split(), "--format", formats)
    if formats == "html,":
        assert result.exit_code != USAGE
    else:
        assert (result.exit_code, result.stdout) == (USAGE, "")
        assert "Invalid value for '--format': " in result.stderr


def test_a_list_of_conditions_without_any_is_refused(run: Run) -> None:
    assert run("status", "--no-sync", "--fail-on", ",").exit_code == USAGE
    assert run("status", "--no-sync", "--fail-on", "").exit_code != USAGE


def test_a_folder_that_takes_nothing_is_told_once_for_all_formats(run: Run) -> None:
    result = run("snapshot", "--app", "shop", "--out", "/proc/none", "--format", "html,md,csv,json", "--no-sync")
    assert (result.exit_code, result.stderr.count("/proc/none")) == (1, 1)


@table(
    "written",
    [
        "compare aaaaaa",
        "compare aaaaaa bbbbbb cccccc",
        "compare --app shop aaaaaa",
        "compare --app shop aaaaaa bbbbbb",
        "compare --app shop --period 2026-10 --period 2026-10",
    ],
)
def test_snapshots_and_periods_that_would_be_left_out_of_account_are_refused(run: Run, written: str) -> None:
    assert run(*written.split()).exit_code == USAGE


@table(
    ("written", "left_out", "because"),
    [
        ("audit --export --app shop", "--app", "--export"),
        ("audit --export words", "WORDS", "--export"),
        ("audit --export --since 2026-11-01T00:00Z", "--since", "--export"),
        ("audit --verify --export", "--export", "--verify"),
        ("audit --verify --app shop words", "WORDS", "--verify"),
        ("notify --sent --dry-run", "--dry-run", "--sent"),
        ("notify --sent --no-sync", "--no-sync", "--sent"),
        ("mcp --port 8700", "--port", "--http"),
        ("mcp --address 127.0.0.1", "--address", "--http"),
        ("collect --once --address 127.0.0.1", "--address", "--port"),
    ],
)
def test_an_option_that_would_be_left_out_of_account_is_refused(
    run: Run, written: str, left_out: str, because: str
) -> None:
    for language, dot in (("en", "."), ("ja", "。")):
        result = run("--lang", language, *written.split())
        assert result.exit_code == USAGE
        said = result.stderr.splitlines()[-1]
        assert left_out in said
        assert because in said
        assert said.endswith(dot)
