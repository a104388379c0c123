"""Brings a database to the tables of this version of the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from tomoni.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0011"  # the newest migration; a test holds it against the folder
_MIGRATION_LOCK = 0x746F6D6F6E69  # "tomoni": any number, the same in every process


def revision_of(connection: Connection) -> str | None:
    """The migration that a database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def migrate(connection: Connection) -> None:
    """Runs the missing migrations inside the connection's write transaction.

    Two processes that open a new database together take turns; the second finds nothing to do.
    Raises StoreError (`database_newer`) when a newer version of the code made the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    found = revision_of(connection)
    if found == HEAD:
        return
    # Alembic is imported only here: it takes longer than everything else that opening does.
    from alembic import command  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError("database_newer", facts={"found": found, "expected": HEAD})
    command.upgrade(config, HEAD)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations, on a connection where one is given."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
