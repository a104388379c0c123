"""Why the data base could not do what it was asked for: the codes of `store.errors` in words."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, look_up, quoted
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    "database_url_invalid": Phrase(
        mark("TOMONI_DATABASE_URL is not the address of a data base that Tomoni can use."),
        mark("Write it as sqlite:///data/tomoni.db or postgresql+psycopg://user:password@host/name."),
    ),
    "database_newer": Phrase(
        mark("A newer Tomoni made the tables of this data base (%(found)s; this one knows %(expected)s)."),
        mark("Start that newer version, or use another data base."),
    ),
    "database_unreachable": Phrase(
        mark("The data base %(database)s cannot be opened."),
        mark("Check that it runs, its address in TOMONI_DATABASE_URL, and that its folder may be written."),
    ),
    "database_locked": Phrase(
        mark("Another process kept the data base for too long."), mark("Try again; nothing was lost.")
    ),
    "database_damaged": Phrase(
        mark("What is stored in the data base cannot be read."),
        mark("Restore a backup, or remove the data base and sync again as far back as the sources remember."),
    ),
    "database_failed": Phrase(
        mark("The data base refused what it was asked for."),
        mark("Look at what it says, at its free space, and at who may write to it."),
    ),
}


def say(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened (with the data base's own text, on one line) and what to do."""
    what, hint = look_up(TABLE, code, facts, text)
    told = quoted(detail)
    return (text._("%(what)s It says: %(detail)s") % {"what": what, "detail": told} if told else what), hint
