"""Errors of the database (`store.errors`) in words."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, as_sentence, look_up
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    "database_url_invalid": Phrase(
        mark("TOMONI_DATABASE_URL is not the address of a database that Tomoni can use."),
        mark("Write it as sqlite:///data/tomoni.db or postgresql+psycopg://user:password@host/name."),
    ),
    "database_newer": Phrase(
        mark(
            "The tables of this database were created by a newer version of Tomoni (%(found)s; this one "
            "supports %(expected)s)."
        ),
        mark("Start that newer version, or use another database. Nothing in this one was changed."),
    ),
    "database_unreachable": Phrase(
        mark("The database %(database)s cannot be opened."),
        mark("Check that it is running, its address in TOMONI_DATABASE_URL, and that its folder is writable."),
    ),
    "database_locked": Phrase(
        mark("The database was in use by others for too long."), mark("Try again; nothing was lost.")
    ),
    "database_read_only": Phrase(
        mark("The database cannot be written to."),
        mark("Allow Tomoni to write to it; status --no-sync shows what is stored all the same."),
    ),
    "database_full": Phrase(
        mark("There is no room on the disk of the database %(database)s; nothing of this was stored."),
        mark("Free some space there, then try again; status --no-sync shows what is stored."),
    ),
    "database_damaged": Phrase(
        mark("The data stored in the database cannot be read."),
        mark(
            "Check that TOMONI_DATABASE_URL names the right file. If it does, restore a backup, or move the file away "
            "and sync again as far back as the sources keep data. Files of snapshots and the configuration can still "
            "be read."
        ),
    ),
    "database_incomplete": Phrase(
        mark("The tables of this database are not those that this version of Tomoni needs."),
        mark("If another version is being started, use that one; else restore a backup. Nothing here was changed."),
    ),
    "database_not_empty": Phrase(
        mark("The database %(database)s is not empty (its table %(table)s has rows)."),
        mark("Restore into an empty one, or add --replace: then everything that it holds is gone."),
    ),
    "backup_unknown": Phrase(
        mark("%(file)s is not a backup of Tomoni."), mark("Name a file that the command backup wrote.")
    ),
    "backup_damaged": Phrase(
        mark("The backup %(file)s is truncated or was altered: %(part)s is not as it was written."),
        mark("Nothing was restored; take another copy of it, or an older backup."),
    ),
    "backup_other_schema": Phrase(
        mark("The backup %(file)s was made by another version of Tomoni (%(found)s; this one has %(expected)s)."),
        mark("Restore it with the version that made it, then start this one: it brings the tables up to date."),
    ),
    "database_failed": Phrase(
        mark("The database refused the operation."),
        mark("Read what it reports, and check its free space and who may write to it."),
    ),
}


_IN_THE_LOG = mark("Reload the page in a minute. Whoever runs Tomoni finds the reason in its log.")
VISITORS: Mapping[str, Phrase] = {
    "database_unreachable": Phrase(
        mark("The database cannot be opened at the moment; nothing is lost."),
        _IN_THE_LOG,
    ),
    "database_newer": Phrase(
        mark("A newer version of Tomoni has taken this database over; this one can no longer use it."),
        _IN_THE_LOG,
    ),
    "database_incomplete": Phrase(
        mark("The tables of this database are not those that this version of Tomoni needs."), _IN_THE_LOG
    ),
    "database_full": Phrase(
        mark("There is no room for this in the database; nothing of it was stored."),
        mark("All that is stored can still be read. Keep what you wrote elsewhere, and tell whoever runs Tomoni."),
    ),
    "database_read_only": Phrase(
        mark("The database cannot be written to; nothing of this was stored."),
        mark("All that is stored can still be read. Keep what you wrote elsewhere, and tell whoever runs Tomoni."),
    ),
    "database_damaged": Phrase(
        mark("The data stored in the database cannot be read."),
        mark(
            "Files of snapshots can still be read. Whoever runs Tomoni finds the reason in its log and restores a "
            "backup."
        ),
    ),
}


def for_visitors(code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """The same for visitors of a page: without the address and the text of the database, which are in the log, and
    without what only those can do who run Tomoni."""
    return look_up(VISITORS, code, facts, text) if code in VISITORS else describe(code, facts, "", text)


def describe(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened (with the database's own message, on one line) and what to do."""
    what, hint = look_up(TABLE, code, facts, text)
    message = as_sentence(detail)
    return (text._("%(what)s It reported: %(detail)s") % {"what": what, "detail": message} if message else what), hint
