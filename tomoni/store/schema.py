"""Brings a database to the tables of this version of the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from tomoni.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0015"  # the newest migration; a test holds it against the folder
_MIGRATION_LOCK = 0x746F6D6F6E69  # "tomoni": any number, the same in every process


def revision_of(connection: Connection) -> str | None:
    """The migration that a database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def is_usable(connection: Connection) -> bool:
    """Whether this code can work on the tables as they are: those of its own revision, or of a newer one that says so.

    So the old version goes on, and can be started again, while a newer one takes its place. Raises StoreError
    (`database_newer`) for tables that a newer version made and that this one can no longer use.
    """
    found = revision_of(connection)
    if found is None or found <= HEAD:
        return found == HEAD
    # Revisions are numbers: of any other nothing is known.
    reach = text("SELECT oldest FROM schema_reach")
    oldest = connection.execute(reach).scalar() if found.isdecimal() else None
    if oldest is None or oldest > HEAD:
        raise StoreError("database_newer", facts={"found": found, "expected": HEAD})
    return True


def require_revision(connection: Connection, oldest: str) -> None:
    """From now on only code of a revision and newer may work on the tables: what it stores there, older code would
    take for something else."""
    here = {"oldest": oldest}
    connection.execute(text("UPDATE schema_reach SET oldest = :oldest WHERE oldest < :oldest"), here)


def refuse_other(connection: Connection) -> None:
    """Raises StoreError (`database_newer`) for tables of another revision than this code's."""
    found = revision_of(connection)
    if found != HEAD:
        raise StoreError("database_newer", facts={"found": str(found), "expected": HEAD})


def migrate(connection: Connection) -> None:
    """Runs the missing migrations inside the connection's write transaction.

    Two processes that open a new database together take turns; the second finds nothing to do.
    Raises StoreError (`database_newer`) when a newer version of the code made the database and this one cannot use it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    if is_usable(connection):
        return
    # Alembic is imported only here: it takes longer than everything else that opening does.
    from alembic import command  # noqa: PLC0415

    command.upgrade(alembic_config(connection), HEAD)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for our migrations, on a connection where one is given."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
