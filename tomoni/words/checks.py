"""What checking a file again found (`snapshots.verifying`), in words."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    "no_seal": Phrase(mark("CSV has no seal; its rows are compared.")),
    "seal_fits": Phrase(mark("The seal fits: what the file says of itself is as it was written.")),
    "seal_broken": Phrase(
        mark("The seal is broken: what the file says of itself was altered."), mark("Do not rely on this file.")
    ),
    "record_inside": Phrase(mark("The record is inside, and its content has the hash that it names (%(hash)s).")),
    "record_on_shelf": Phrase(mark("The record is in the data base, and its content has the hash %(hash)s.")),
    "record_missing": Phrase(mark("The record %(hash)s is not in this data base.")),
    "says_as_record": Phrase(mark("The file says what its record says (SLOs: %(slos)s).")),
    "says_otherwise": Phrase(
        mark("%(slo)s: the file says %(number)s = %(said)s, its record %(found)s."), mark("Do not rely on this file.")
    ),
    "ledger_agrees": Phrase(mark("%(slo)s: the ledger gives the same numbers today.")),
    "ledger_differs": Phrase(
        mark("%(slo)s: %(number)s was %(said)s, the ledger gives %(found)s today."),
        mark("Data that came late does this; the snapshot shows what was known then."),
    ),
    "ledger_cannot": Phrase(mark("%(slo)s: it is not defined any more as it was, so it cannot be computed again.")),
}


def say(finding: str, facts: Facts, text: Text) -> str:
    """One finding in one or two sentences."""
    return text.sentences(*look_up(TABLE, finding, facts, text))
