"""Who asks the sources, and since when nobody does, in words."""

from __future__ import annotations

from tomoni.words.text import Text


def who(host: str, process: int, since: float, text: Text) -> str:
    """Which process asks the sources for all that share the database."""
    phrase = text._("Process %(process)s on %(host)s has asked the sources since %(moment)s, for all on this database.")
    return phrase % {"process": process, "host": text.quote(host), "moment": text.near_moment(since)}


def nobody(since: float, newest: int | None, text: Text) -> str:
    """Since when no process asks the sources, and how old what is shown therefore is (``newest`` None: nothing is)."""
    phrase = text._("No process has asked the sources since %(moment)s.")
    said = phrase % {"moment": text.near_moment(since)}
    if newest is None:
        return said
    return text.sentences(said, text._("The newest data is of %(moment)s.") % {"moment": text.near_moment(newest)})


def what_to_do(reason: str | None, text: Text) -> str:
    """What brings fresh data back; ``reason`` is the code of why this process cannot ask (`store.errors`), None where
    it may not."""
    if reason == "database_read_only":
        return text._("The database cannot be written to, so nothing new is fetched; all that is stored is shown.")
    if reason == "database_full":
        return text._("There is no room for new data in the database; all that is stored is shown.")
    if reason == "database_newer":
        return text._("This version of Tomoni has become too old for the database; start the new one.")
    if reason is not None:
        return text._("The database does not let a process begin; the log of Tomoni has the reason.")
    return text._("Start the command collect, or unset TOMONI_COLLECT.")
