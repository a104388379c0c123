"""`backup` and `restore`: everything that the database holds, as one file and back."""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path

from tomoni.access import audit
from tomoni.commands.failures import Refusal
from tomoni.commands.session import Session
from tomoni.snapshots.record.status import rfc3339
from tomoni.store import backup as backups
from tomoni.store.engine import open_engine
from tomoni.store.errors import StoreError
from tomoni.store.tables import ledger_version
from tomoni.words.said_by_others import reason_of
from tomoni.words.text import Text


def back_up(session: Session, file: Path, force: bool) -> int:
    """Writes a backup and reads it again; the exit code. Raises StoreError, Refusal."""
    text = session.text
    session.require_admin()
    if file.exists() and not force:
        raise Refusal([text._("%(file)s is there already; name another file, or add --force.") % {"file": file}])
    engine = open_engine(session.settings.database_url.get_secret_value())
    aside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        aside.touch(mode=0o600, exist_ok=False)  # it has everything in it: for its owner alone
        made = backups.back_up(engine, aside, int(time.time()))
        backups.verify(aside)
        if _is_empty(made):
            shown = engine.url.set(query={}).render_as_string(hide_password=True)
            raise Refusal([text._("%(database)s is empty; check TOMONI_DATABASE_URL.") % {"database": shown}])
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
        aside.replace(file)
        with suppress(StoreError):  # a database that cannot be written is backed up all the same
            audit.remember_alone(engine, session.actor, "database.backed_up", file.name)
    except OSError as error:
        raise _unreadable(file if error.errno == errno.ENOSPC else aside.parent, error, text) from None
    finally:
        engine.dispose()
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    phrase = text.n_("%(file)s: %(n)s row, verified.", "%(file)s: %(n)s rows, verified.", _rows(made))
    session.done.say(phrase % {"file": file, "n": text.count(_rows(made))})
    session.done.facts = {"file": str(file), **_facts(made)}
    return 0


def restore(session: Session, file: Path, into: str | None, replace: bool) -> int:
    """Restores a backup and says what it did; the exit code. Raises StoreError, Refusal."""
    text = session.text
    session.require_admin()
    try:
        backups.verify(file)  # before a database is made for it
        engine = open_engine(into or session.settings.database_url.get_secret_value())
        try:
            before = audit.end_of(engine)
            done = backups.restore(file, engine, replace)
            audit.remember_alone(engine, session.actor, "database.restored", f"{file.name}{before}")
        finally:
            engine.dispose()
    except OSError as error:
        raise _unreadable(file, error, text) from None
    for table, count in done.rows.items():
        if count:
            session.done.say(f"{table:<20}{text.count(count):>12}")
    shown = engine.url.set(query={}).render_as_string(hide_password=True)
    phrase = text._("Restored into %(database)s as of %(moment)s; the hashes of all tables are those of the backup.")
    session.done.say(phrase % {"database": shown, "moment": text.moment(done.made_at)})
    session.done.facts = {"database": shown, **_facts(done)}
    return 0


def _facts(backup: backups.Backup) -> dict[str, object]:
    """When a backup was made and how many rows of each table are in it, for programs."""
    return {"made_at": rfc3339(backup.made_at), "rows": dict(backup.rows)}


def _is_empty(made: backups.Backup) -> bool:
    """Whether nothing but the version of the ledger is in it: most likely the address names another place."""
    return not any(count for table, count in made.rows.items() if table != ledger_version.name)


def _rows(made: backups.Backup) -> int:
    return sum(made.rows.values())


def _unreadable(place: Path, error: OSError, text: Text) -> Exception:
    """What is said of a file or folder; a full disk is told where all commands tell it."""
    if error.errno == errno.ENOSPC:
        return OSError(error.errno, error.strerror, str(place))
    phrase = text._("%(file)s cannot be used: %(reason)s.")
    return Refusal([phrase % {"file": place, "reason": reason_of(error, text)}])
