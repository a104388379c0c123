"""The tables. Times are whole Unix seconds (UTC); a day is its number since 1970-01-01 UTC.

The migrations make them; a test compares both.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# One row, id 1. Whoever writes to the ledger adds 1 first, which also keeps writers in line:
# SQLite has one writer anyway, and PostgreSQL holds the row's lock until the transaction ends.
ledger_version = Table(
    "ledger_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    # How many of these times were by code that notes in ``series_revisions`` what it changes.
    Column("noted", BigInteger, nullable=False, server_default="0"),
)

series = Table(
    "series",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("source", String(200), nullable=False),
    Column("form", String(64), nullable=False),
    Column("query", JSON, nullable=False),
    Column("step_seconds", Integer, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
)

# The buckets of one series and UTC day. ``payload`` holds them (ledger.payload); the columns
# before it say what planning needs, so that a settled day is never unpacked to find nothing missing.
series_days = Table(
    "series_days",
    metadata,
    Column("series", String(64), ForeignKey("series.key"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("missing", Integer, nullable=False),  # buckets that were never fetched
    Column("margin", BigInteger, nullable=False),  # the least seconds from a bucket's end to its last question
    Column("gap_due", BigInteger),  # when a gap of the day is worth the next question; null: no gap
    Column("newest_fetch", BigInteger),  # when a bucket of the day was last fetched; null: not recorded
    Column("payload", LargeBinary, nullable=False),
)

# What a source said otherwise of buckets that were settled: a row for each day of a series and each time
# that it changed. ``start`` and ``until`` are the hull of the buckets that changed, ``before`` and ``after``
# their sums by column, ``payload`` is the whole day as it was before.
series_changes = Table(
    "series_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", String(64), ForeignKey("series.key"), nullable=False),
    Column("day", Integer, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("buckets", Integer, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("series_changes_by_day", "series", "day"),
)

# How far back a series is stored, and how: nothing is there of the days before ``kept_from``, and days before
# ``compacted_until`` were compacted to hours (null: none were).
series_horizons = Table(
    "series_horizons",
    metadata,
    Column("series", String(64), ForeignKey("series.key"), primary_key=True),
    Column("kept_from", Integer),
    Column("compacted_until", Integer),
)

# The version of the ledger at which the days of a series were last written or deleted. Code from before this table
# does not say so; ``ledger_version`` tells when there was any (ledger.revisions).
series_revisions = Table(
    "series_revisions",
    metadata,
    Column("series", String(64), ForeignKey("series.key"), primary_key=True),
    Column("version", BigInteger, nullable=False),
)

series_states = Table(
    "series_states",
    metadata,
    Column("series", String(64), ForeignKey("series.key"), primary_key=True),
    Column("tried", BigInteger, nullable=False),
    Column("answered", BigInteger),
    Column("failing_since", BigInteger),
    Column("error_code", String(64)),
    Column("detail", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("notices", JSON, nullable=False),
)

# Frozen reviews. What is frozen never changes: a row's key is the hash of its content. ``numbers`` is the hash
# of what its SLOs say alone, ``summary`` what a list shows of it without unpacking ``payload``. Only
# ``pinned_at`` (null: not pinned) is written later.
snapshots = Table(
    "snapshots",
    metadata,
    Column("hash", String(80), primary_key=True),
    Column("app", String(100), nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("numbers", String(80), nullable=False),
    Column("summary", JSON, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("pinned_at", BigInteger),
    Index("snapshots_by_app", "app", "as_of"),
    Index("snapshots_by_moment", "as_of"),
)

# The traces of snapshots that were deleted, so that a link to one explains where it went. ``reason`` is
# ``deleted`` or ``expired``.
deleted_snapshots = Table(
    "deleted_snapshots",
    metadata,
    Column("hash", String(80), primary_key=True),
    Column("app", String(100), nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("summary", JSON, nullable=False),
    Column("deleted_at", BigInteger, nullable=False),
    Column("reason", String(20), nullable=False),
)

# What each SLO (``app/journey/slo``) was defined as: a row begins when its content changes, and stays.
# ``series`` is the key of what was counted; it stays in the ledger when the next version counts otherwise.
definitions = Table(
    "definitions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String(200), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    Column("series", String(64), nullable=False),
    Column("step_seconds", Integer, nullable=False),
    Index("definitions_by_path", "path"),
)

# What sources keep of SLOs of their own. ``body`` is the last answer (null: none yet); an error stands
# beside it until the next answer.
native_slos = Table(
    "native_slos",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("name", String(500), primary_key=True),
    Column("tried", BigInteger, nullable=False),
    Column("answered", BigInteger),
    Column("body", JSON(none_as_null=True)),
    Column("error_code", String(64)),
    Column("detail", Text, nullable=False),
    Column("facts", JSON, nullable=False),
)

# The sources' own figures of these SLOs, fetched for full hours: of each day those of the last one.
# ``at`` is the moment of the figures themselves (null: there were none).
native_figures = Table(
    "native_figures",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("name", String(500), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("asked", BigInteger, nullable=False),
    Column("at", BigInteger),
    Column("compliance", Float(53)),
    Column("budget_fraction", Float(53)),
)

# The last good text of every configuration file, by the folder and the file's name in it: what it defined
# stays in force while the file is broken. ``elements`` has the hash of the text of each element.
good_files = Table(
    "good_files",
    metadata,
    Column("folder", String(500), primary_key=True),
    Column("file", String(300), primary_key=True),
    Column("elements", JSON, nullable=False),
    Column("texts", JSON, nullable=False),
)

# What teams write (meetings.model): one row a record, with its newest revision. ``key`` is the name that a
# sender gave it: the same one counts once. ``sequence`` is the order in which they were made.
records = Table(
    "records",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("id", String(24), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("app", String(100), nullable=False),
    Column("key", String(200)),
    Column("revision", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    Column("body", JSON, nullable=False),
    Index("records_by_key", "kind", "app", "key", unique=True),
    Index("records_by_app", "app", "revision"),
)

# Every revision of every record; ``sequence`` grows with all that is written.
record_revisions = Table(
    "record_revisions",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("record", String(24), ForeignKey("records.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", JSON, nullable=False),
    Index("record_revisions_in_order", "record", "revision", unique=True),
)

# The notes of a meeting, a text a step, with every revision of it.
notes = Table(
    "notes",
    metadata,
    Column("meeting", String(24), ForeignKey("records.id"), primary_key=True),
    Column("step", String(40), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
)

# Where the facilitator of a meeting is: those who follow along are taken there.
meeting_steps = Table(
    "meeting_steps",
    metadata,
    Column("meeting", String(24), ForeignKey("records.id"), primary_key=True),
    Column("step", String(200), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# The figures of a meeting that is held, for its period: what was read when it began, until it is closed.
meeting_figures = Table(
    "meeting_figures",
    metadata,
    Column("meeting", String(24), ForeignKey("records.id"), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("as_of", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", LargeBinary, nullable=False),
)

# Who may write through the API: only the hash of a token is stored. ``app`` is null for one of all apps.
tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("app", String(100)),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

# What was sent by webhook (reminders), so that it is never sent twice.
sent_messages = Table(
    "sent_messages",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("sent_at", BigInteger, nullable=False),
)

# The text of each postmortem that is not removed, as it is searched: without differences of case and width. It
# can be made again from ``records``. SQLite keeps an index of its trigrams (postmortem_trigrams) by triggers.
postmortem_texts = Table(
    "postmortem_texts",
    metadata,
    Column("sequence", Integer, primary_key=True),
    Column("record", String(24), ForeignKey("records.id"), nullable=False, unique=True),
    Column("text", Text, nullable=False),
)

# Who did what, when and from where (`access/audit.py`): rows are only added, each with the hash of the one before it.
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("way", String(20), nullable=False),
    Column("who", String(400), nullable=False),
    Column("place", String(100), nullable=False),
    Column("what", String(100), nullable=False),
    Column("app", String(100), nullable=False),
    Column("about", String(300), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# Who does what one process at a time may do (`store/leases.py`); moments are by the database's own clock, in seconds.
# ``rank`` is of the holder; one of a higher rank that wants it says so in ``wanted_until``. ``asked`` and ``answered``
# count requests of others to the holder, ``report`` is what it tells them.
leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("host", String(200), nullable=False),
    Column("process", BigInteger, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("since", Float(53), nullable=False),
    Column("until", Float(53), nullable=False),
    Column("wanted_until", Float(53), nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("report", JSON, nullable=False),
)

# One row, id 1: the oldest revision whose code may work on these tables. A migration that only adds leaves it alone;
# one that removes or changes what older code uses moves it on (docs/scale.md).
schema_reach = Table(
    "schema_reach",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("oldest", String(32), nullable=False),
)

# How each budget stood when it was last looked at for notifications: ``generation`` counts the changes, so that of
# several processes one tells of each.
budget_standings = Table(
    "budget_standings",
    metadata,
    Column("path", String(300), primary_key=True),
    Column("as_of", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("burning_at", BigInteger),
    Column("generation", BigInteger, nullable=False),
)

# What there was to tell and what became of it, a row for each team and channel: pending, sending, sent, passed (it was
# no longer so when the quiet hours ended), failed, unknown (nobody knows whether it arrived).
notifications = Table(
    "notifications",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("path", String(300), nullable=False),
    Column("what", String(20), nullable=False),
    Column("team", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("tries", Integer, nullable=False),
    Index("notifications_by_outcome", "outcome", "number"),
)

# What live pages showed last of each app, for processes that have just been started: ``payload`` has its SLOs as they
# were evaluated as of a moment, at a version of the ledger. It can be made again from the ledger.
drawn = Table(
    "drawn",
    metadata,
    Column("app", String(100), primary_key=True),
    Column("as_of", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

_PASSING = frozenset({leases.name, schema_reach.name, drawn.name})


def kept_tables() -> list[Table]:
    """The tables of what has to be kept, those that others refer to first: what a backup holds."""
    return [table for table in metadata.sorted_tables if table.name not in _PASSING]
