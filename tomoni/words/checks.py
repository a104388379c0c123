"""What checking a file again found (`snapshots.verifying`), in words."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    "no_seal": Phrase(mark("CSV files have no seal; the rows are compared instead.")),
    "seal_fits": Phrase(mark("The seal is intact: what the file states about itself is unchanged.")),
    "seal_broken": Phrase(
        mark("The seal is broken: what the file states about itself was altered."), mark("Do not rely on this file.")
    ),
    "record_inside": Phrase(mark("The record is included, and its content matches the hash that it names (%(hash)s).")),
    "record_on_shelf": Phrase(mark("The record is in the database, and its content matches the hash %(hash)s.")),
    "record_missing": Phrase(mark("The record %(hash)s is not in this database.")),
    "says_as_record": Phrase(mark("The file matches its record (SLOs: %(slos)s).")),
    "says_otherwise": Phrase(
        mark("%(slo)s: the file states %(number)s = %(said)s, its record %(found)s."), mark("Do not rely on this file.")
    ),
    "ledger_agrees": Phrase(mark("%(slo)s: the ledger gives the same numbers today.")),
    "ledger_differs": Phrase(
        mark("%(slo)s: %(number)s was %(said)s; the ledger gives %(found)s today."),
        mark("Late data can cause this; the snapshot shows what was known at the time."),
    ),
    "ledger_cannot": Phrase(mark("%(slo)s: its definition has changed since, so it cannot be recalculated.")),
}


def say(finding: str, facts: Facts, text: Text) -> str:
    """One finding in one or two sentences."""
    return text.sentences(*look_up(TABLE, finding, facts, text))
