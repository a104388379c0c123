"""Snapshots and their files, in words: what can go wrong (`snapshots.errors`), and what verifying a file found."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Facts, Phrase, look_up, plain
from tomoni.words.text import Text, mark

_SHORT = len("sha256:") + 16  # characters of a hash in a sentence

TABLE: Mapping[str, Phrase] = {
    "folder_unwritable": Phrase(
        mark("The folder %(folder)s is not writable (%(reason)s)."),
        mark("Choose another folder, or make it writable for this user."),
    ),
    "disk_full": Phrase(
        mark("There is no room for %(file)s; no partial file was left behind."),
        mark("Free some space, or choose another folder, then run it again."),
    ),
    "temporary_full": Phrase(
        mark("There is no room in the folder for temporary files, %(folder)s."),
        mark("Free some space there, or name another folder in TMPDIR."),
    ),
    "file_unreadable": Phrase(mark("%(file)s cannot be read (%(reason)s)."), mark("Check its name and its rights.")),
    "not_a_snapshot": Phrase(
        mark("%(file)s does not state which snapshot it shows."),
        mark("Only files that Tomoni created, and that were not converted since, can be verified."),
    ),
    "record_damaged": Phrase(
        mark("The record of this snapshot cannot be read (%(place)s)."), mark("Make the snapshot again.")
    ),
    "record_altered": Phrase(
        mark("The content of this snapshot does not match its hash: it was altered."),
        mark("Use the snapshot in the database, or make it again."),
    ),
    "entry_altered": Phrase(
        mark("The list said otherwise of this snapshot than it holds: the list was altered."),
        mark("What is shown is what the snapshot holds."),
    ),
    "record_newer": Phrase(
        mark(
            "This snapshot was made by a newer version of Tomoni (schema %(found)s; this one supports up to"
            " %(expected)s)."
        ),
        mark("Update Tomoni."),
    ),
    "snapshot_unknown": Phrase(
        mark("There is no snapshot %(hash)s."), mark("Give at least the first six characters of its hash.")
    ),
    "snapshot_ambiguous": Phrase(
        mark("Several snapshots begin with %(hash)s."), mark("Give more characters of the hash.")
    ),
    "snapshot_deleted": Phrase(
        mark("The snapshot %(hash)s of %(app)s (%(period)s) was deleted on %(day)s."),
        mark("Existing files still show what it said."),
    ),
    "snapshot_expired": Phrase(
        mark("The snapshot %(hash)s of %(app)s (%(period)s) expired and was deleted on %(day)s."),
        mark("settings.yaml defines how long snapshots are kept; existing files still show what it said."),
    ),
    "snapshot_pinned": Phrase(mark("The snapshot %(hash)s is pinned, so it is not deleted."), mark("Unpin it first.")),
    "template_too_large": Phrase(
        mark("The template %(file)s is too large."),
        mark("Remove its example slides, pictures and films, and save it again."),
    ),
    "template_unusable": Phrase(
        mark("%(file)s is not a PowerPoint template that can be used."),
        mark("Save it as .pptx or .potx, without macros, embedded objects and linked pictures."),
    ),
    "template_no_layout": Phrase(
        mark("No layout of the template %(file)s has a title with enough room below it."),
        mark("Add one with a title at the top and nothing below it, such as “Title Only”."),
    ),
    "chromium_missing": Phrase(
        mark("PDF and PNG need Chromium, which is not installed."),
        mark("Install the package %(package)s, or name one in TOMONI_CHROMIUM; the other formats work without it."),
    ),
    "chromium_failed": Phrase(
        mark("Chromium could not print this: %(detail)s."),
        mark("Run it again; the other formats work without Chromium."),
    ),
    "chromium_timed_out": Phrase(
        mark("Chromium did not respond within %(seconds)s and was stopped."),
        mark("Run it again when the machine is less busy; the other formats work without Chromium."),
    ),
}


def describe(code: str, facts: Facts, detail: str, text: Text) -> tuple[str, str]:
    """What happened and what to do about it."""
    return look_up(TABLE, code, {"detail": plain(detail) or "-", **facts, **_gone(facts, text)}, text)


def trouble(code: str, facts: Facts, detail: str, text: Text) -> str:
    """What is wrong with a snapshot, for its place in a list; of an altered list also what is shown there."""
    what, then = describe(code, facts, detail, text)
    return text.sentences(what, then) if code == "entry_altered" else what


def _gone(facts: Facts, text: Text) -> dict[str, str]:
    """The period of a deleted snapshot, and when it was deleted."""
    if "at" not in facts:
        return {}
    start, as_of, at = (float(facts[name]) for name in ("start", "as_of", "at"))
    return {"hash": str(facts["hash"])[:_SHORT], "period": text.span(start, as_of), "day": text.moment(at)}


CHECKS: Mapping[str, Phrase] = {
    "no_seal": Phrase(mark("CSV files have no seal; the rows are compared instead.")),
    "seal_fits": Phrase(mark("The seal is intact: what the file states about itself is unchanged.")),
    "seal_broken": Phrase(
        mark("The seal is broken: what the file states about itself was altered."), mark("Do not rely on this file.")
    ),
    "record_inside": Phrase(mark("The record is included, and its content matches the hash that it names (%(hash)s).")),
    "record_saved": Phrase(mark("The record is in the database, and its content matches the hash %(hash)s.")),
    "record_deleted": Phrase(mark("The record %(hash)s was deleted from this database on %(day)s.")),
    "record_expired": Phrase(mark("The record %(hash)s expired and was deleted from this database on %(day)s.")),
    "record_missing": Phrase(mark("The record %(hash)s is not in this database.")),
    "content_fits": Phrase(mark("Compared: %(what)s. Nothing was altered.")),
    "content_altered": Phrase(
        mark("Compared: %(what)s. Altered, missing or added: %(parts)s."), mark("Do not rely on this file.")
    ),
    "content_unchecked": Phrase(
        mark("Not compared: %(what)s. The file has no hashes of it, and there is no record to compare it with.")
    ),
    "says_as_record": Phrase(mark("The file matches its record (SLOs: %(slos)s).")),
    "says_otherwise": Phrase(
        mark("%(slo)s: the file states %(number)s = %(said)s, its record %(found)s."), mark("Do not rely on this file.")
    ),
    "ledger_agrees": Phrase(mark("%(slo)s: the ledger gives the same numbers today.")),
    "ledger_differs": Phrase(
        mark("%(slo)s: %(number)s was %(said)s; the ledger gives %(found)s today."),
        mark("Late data can cause this; the snapshot shows what was known at the time."),
    ),
    "source_changed": Phrase(
        mark(
            "%(slo)s: %(number)s was %(said)s and is %(found)s today, because the source changed its data of "
            "%(start)s to %(end)s since."
        ),
        mark("Without that change the ledger gives the numbers of the file."),
    ),
    "ledger_cannot": Phrase(
        mark(
            "%(slo)s: its definition has changed since, or its buckets were compacted or deleted; "
            "it cannot be recalculated."
        )
    ),
    "year_agrees": Phrase(mark("%(slo)s, %(name)s: the ledger gives the same numbers today.")),
    "year_differs": Phrase(
        mark("%(slo)s, %(name)s: %(number)s is %(said)s in the record, and %(found)s by the ledger of today.")
    ),
    "tried_agrees": Phrase(mark("%(slo)s, tried at %(tried)s: the ledger gives the same numbers today.")),
    "tried_differs": Phrase(
        mark("%(slo)s, tried at %(tried)s: %(number)s was %(said)s; the ledger gives %(found)s today."),
        mark("Late data can cause this; the snapshot shows what was known at the time."),
    ),
    "tried_changed": Phrase(
        mark(
            "%(slo)s, tried at %(tried)s: %(number)s was %(said)s and is %(found)s today, because the source changed "
            "its data of %(start)s to %(end)s since."
        ),
        mark("Without that change the ledger gives the numbers of the file."),
    ),
    "tried_cannot": Phrase(
        mark(
            "%(slo)s, tried at %(tried)s: cannot be recalculated, because the ledger keeps only SLIs that are agreed, "
            "as they are agreed."
        )
    ),
}


# What a file shows, by the kind of its content (`snapshots.verifying.contents`).
CONTENTS: Mapping[str, str] = {
    "text": mark("the whole text"),
    "picture": mark("the whole picture"),
    "pages": mark("all pages"),
    "slides": mark("all slides, charts and notes"),
    "columns": mark("all values of the table"),
    "record": mark("the whole record"),
    "cells": mark("all cells, except the wording of notices"),
}


def describe_check(finding: str, facts: Facts, text: Text) -> str:
    """One finding in one or two sentences."""
    what = {"what": text._(CONTENTS[str(facts["kind"])])} if "kind" in facts else {}
    return text.sentences(*look_up(CHECKS, finding, {**facts, **what, **_gone(facts, text)}, text))
