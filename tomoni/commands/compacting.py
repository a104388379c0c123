"""`compact`: keeps the ledger as the rules of the configuration say, at once instead of by and by."""

from __future__ import annotations

from tomoni.commands.session import Session
from tomoni.ledger import Compacted
from tomoni.use_cases.keeping import Plan, Stays, carry_out, plan
from tomoni.words.text import Text, mark

_REASONS = {
    Stays.SLICES: mark("%(slo)s stays as it is: its slices of time need their own buckets."),
    Stays.ZONE: mark("%(slo)s stays as it is: its days begin within an hour."),
    Stays.WINDOW: mark("%(slo)s stays as it is: its window does not have full hours."),
}


def run(session: Session, app: str | None, dry_run: bool) -> int:
    """Compacts and deletes what the rules name, or says what that would free; the exit code. Raises StoreError,
    NotAllowedError, Refusal."""
    text = session.text
    session.require_admin()
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, app)
    code = session.report_errors(tomoni.catalog)
    wanted = plan(tomoni, app)
    stays = [(path, why) for path, why in sorted(wanted.stays.items()) if app in (None, path.partition("/")[0])]
    for path, why in stays:
        session.done.say(text._(_REASONS[why]) % {"slo": path})
    if tomoni.catalog.settings.ledger.compact_after_seconds is None:
        session.done.say(text._("Nothing is compacted: settings.yaml has no ledger.compact_after."))
    session.done.facts = {"dry_run": dry_run, "stays": [{"slo": path, "reason": why.value} for path, why in stays]}
    if dry_run:
        return _would(session, wanted) or code
    done, deleted = carry_out(tomoni, wanted)
    session.done.say(_compacted(done, text, mark("%(hours)s in %(days)s compacted: %(before)s became %(after)s.")))
    session.done.say(_deleted(deleted, text))
    session.done.facts |= _facts(done, deleted)
    if done.hours or deleted:
        session.done.say(text._("SQLite keeps the room in its file for later; VACUUM gives it back to the disk."))
    return code


def _would(session: Session, wanted: Plan) -> int:
    """Says what a run would do; nothing is written."""
    text, ledger = session.text, session.tomoni.ledger
    done = ledger.compact(ledger.to_compact(wanted.compacting), dry_run=True)
    sizes = ledger.forgettable(wanted.forget)
    phrase = mark("%(hours)s in %(days)s would be compacted: %(before)s would become %(after)s.")
    session.done.say(_compacted(done, text, phrase))
    session.done.facts |= {**_facts(done), "deleted_series": len(sizes), "deleted_bytes": sum(sizes.values())}
    series = text.n_("%(n)s series", "%(n)s series", len(sizes)) % {"n": text.count(len(sizes))}
    said = text._("Days of %(series)s would be deleted: %(size)s.")
    session.done.say(said % {"series": series, "size": text.quantity(sum(sizes.values()), "bytes")})
    return 0


def _facts(done: Compacted, deleted: int | None = None) -> dict[str, object]:
    """What was compacted and deleted, for programs; names are part of the contract."""
    days = {} if deleted is None else {"deleted_days": deleted}
    sizes = {"bytes_before": done.bytes_before, "bytes_after": done.bytes_after}
    return {"hours": done.hours, "days": done.days, **sizes, **days}


def _compacted(done: Compacted, text: Text, phrase: str) -> str:
    hours = text.n_("%(n)s hour", "%(n)s hours", done.hours) % {"n": text.count(done.hours)}
    days = text.n_("%(n)s day of a series", "%(n)s days of series", done.days) % {"n": text.count(done.days)}
    sizes = {"before": text.quantity(done.bytes_before, "bytes"), "after": text.quantity(done.bytes_after, "bytes")}
    return text._(phrase) % {"hours": hours, "days": days, **sizes}


def _deleted(count: int, text: Text) -> str:
    days = text.n_("%(n)s day of a series", "%(n)s days of series", count) % {"n": text.count(count)}
    return text._("%(days)s deleted.") % {"days": days}
