"""The migrations make the tables, alone, together and one after the other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from tomoni.meetings.model import Action
from tomoni.meetings.records import Records, validated
from tomoni.store import backup
from tomoni.store.engine import open_engine, reading, write
from tomoni.store.errors import StoreError
from tomoni.store.schema import HEAD, alembic_config, revision_of
from tomoni.store.tables import metadata

_OPEN = "import sys; from tomoni.store.engine import open_engine; open_engine(sys.argv[1]).dispose()"


def is_of_search_index(name):
    """Whether a table is SQLite's full-text index, or one of those in which it keeps itself."""
    return name is not None and name.startswith("postmortem_trigrams")


def migrated_further(engine, oldest):
    """As a newer version leaves the tables, which code of a revision and newer may use."""

    def work(connection):
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE schema_reach SET oldest = :oldest"), {"oldest": oldest})
        connection.execute(text("ALTER TABLE records ADD COLUMN later INTEGER DEFAULT 0 NOT NULL"))

    write(engine, work)


def test_the_migrations_make_exactly_the_tables_of_the_code(engine):
    with reading(engine) as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: not is_of_search_index(name)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_opening_expects():
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [HEAD]


def test_opening_again_changes_nothing(database_url):
    for _ in range(2):
        engine = open_engine(database_url)
        with reading(engine) as connection:
            assert revision_of(connection) == HEAD
            assert connection.execute(text("SELECT version FROM ledger_version")).scalars().all() == [0]
        engine.dispose()


def test_every_migration_can_be_taken_back(engine):
    write(engine, lambda connection: command.downgrade(alembic_config(connection), "base"))
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    write(engine, lambda connection: command.upgrade(alembic_config(connection), "head"))
    with reading(engine) as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_several_processes_may_open_a_new_data_base_at_once(database_url):
    openings = [subprocess.Popen([sys.executable, "-c", _OPEN, database_url]) for _ in range(4)]
    assert [opening.wait(60) for opening in openings] == [0, 0, 0, 0]
    engine = open_engine(database_url)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT id, version FROM ledger_version")).all() == [(1, 0)]
    engine.dispose()


def test_a_data_base_of_a_newer_version_is_left_alone(engine, database_url):
    migrated_further(engine, oldest="9999")
    with pytest.raises(StoreError) as caught:
        open_engine(database_url)
    assert (caught.value.code, caught.value.facts) == ("database_newer", {"found": "9999", "expected": HEAD})
    with reading(engine) as connection:
        assert revision_of(connection) == "9999"


def test_the_old_version_goes_on_while_a_newer_one_has_only_added(engine, database_url, tmp_path):
    migrated_further(engine, oldest=HEAD)
    again = open_engine(database_url)
    for each in (engine, again):
        write(each, lambda connection: connection.execute(text("UPDATE ledger_version SET version = version + 1")))
    records = Records(again, lambda: 1.0)
    stored = records.add(validated(Action, {"app": "a", "text": "t"}))
    assert records.read(Action, stored.id) == stored
    with pytest.raises(StoreError, match="database_newer"):
        backup.back_up(again, tmp_path / "b.zip", 1)
    again.dispose()


def test_a_migration_that_takes_something_away_says_how_old_the_code_may_be():
    """Expand and contract: docs/scale.md."""
    shrinking = re.compile(r"op\.(drop|alter|rename)|DROP (TABLE|COLUMN)|RENAME|ALTER COLUMN", re.I)
    for script in ScriptDirectory.from_config(alembic_config()).walk_revisions("0012", "heads"):
        upgrade = Path(script.path).read_text().partition("def upgrade")[2].partition("def downgrade")[0]
        assert script.revision == "0012" or not shrinking.search(upgrade) or "schema_reach" in upgrade, script.path


def test_a_migration_that_fails_leaves_nothing_behind(database_url, monkeypatch):
    def upgrade_and_fail(config, _revision):
        config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)
    with pytest.raises(RuntimeError):
        open_engine(database_url)
    monkeypatch.undo()
    engine = open_engine(database_url)
    with reading(engine) as connection:
        assert "half" not in inspect(connection).get_table_names()
    engine.dispose()
