"""`settings.yaml`: what holds for all apps unless they say otherwise."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator

from tomoni.catalog.document import Document
from tomoni.catalog.ledger_keeping import LedgerEntry, note_never_compacted
from tomoni.catalog.mapping import DISPENSABLE, Entry, read_entry
from tomoni.catalog.schema import Settings, SnapshotRetention
from tomoni.catalog.slos import AlertEntry, JudgeAfterField, SilenceEntry
from tomoni.catalog.values import Band, Length, Month, PageLanguage, whole_number, whole_schema
from tomoni.catalog.zones import Zone, note_misread
from tomoni.slo.model import BURN_WINDOWS_SECONDS, WORKBOOK_RULES

Days = Annotated[int, PlainValidator(whole_number(1, 3660)), whole_schema(1, 3660)]
FewDays = Annotated[int, PlainValidator(whole_number(0, 100)), whole_schema(0, 100)]
# At least one: the last snapshot of an app never expires.
KeptCount = Annotated[int, PlainValidator(whole_number(1, 100_000)), whole_schema(1, 100_000)]


class RetentionEntry(Entry):
    """How long snapshots are kept."""

    keep: Length | None = Field(
        default=None, description="Snapshots that were made longer ago expire, except those that keep_last keeps."
    )
    keep_last: KeptCount | None = Field(
        default=None,
        description="How many of each app's last snapshots stay, however old; without keep the others expire.",
    )

    @property
    def retention(self) -> SnapshotRetention:
        """The rule."""
        return SnapshotRetention(self.keep, self.keep_last)


class SettingsEntry(Entry):
    """`config/settings.yaml`."""

    timezone: Annotated[Zone, DISPENSABLE] = Field(
        default="UTC", description="The IANA time zone of the apps that name none, and of the pages."
    )
    languages: Annotated[list[PageLanguage], DISPENSABLE] = Field(
        default=["en", "ja"], min_length=1, description="Offered languages; the first is the default."
    )
    at_risk_below: Annotated[Band, DISPENSABLE] = Field(
        default=0.25, description="Below this share of the budget the state is at risk: 0.25 is a quarter."
    )
    burn_windows: Annotated[list[Length] | None, DISPENSABLE] = Field(
        default=None, min_length=1, description="The windows whose burn rates are shown."
    )
    alerts: Annotated[list[AlertEntry] | None, DISPENSABLE] = Field(
        default=None, description="The burn alerts of every SLO that has none of its own."
    )
    first_month: Annotated[Month, DISPENSABLE] = Field(
        default=1,
        description="The month (1 to 12) in which the fiscal year begins, for windows of a quarter or a year.",
    )
    judge_after: Annotated[JudgeAfterField | None, DISPENSABLE] = Field(
        default=None,
        description="How much history an SLO needs before it is judged: a share of its window (0.1, 10%) or a length"
        " (3d); a tenth of the window where nothing is written.",
    )
    silence: Annotated[SilenceEntry | None, DISPENSABLE] = Field(
        default=None, description="What it means when a source answers and has no data any more."
    )
    history_days: Annotated[Days, DISPENSABLE] = Field(
        default=35, description="How many days back a series is fetched the first time."
    )
    recheck_days: Annotated[FewDays, DISPENSABLE] = Field(
        default=0,
        description="How many closed days each refresh fetches again, to find data that came late; 0 for none.",
    )
    snapshots: Annotated[RetentionEntry | None, DISPENSABLE] = Field(
        default=None, description="How long snapshots are kept; without it, for good."
    )
    ledger: Annotated[LedgerEntry | None, DISPENSABLE] = Field(
        default=None, description="How long buckets are kept, and when hours take their place; without it, for good."
    )


def read_settings(document: Document) -> Settings:
    """The settings of a document; faults are noted in it."""
    if document.data is None:  # empty, or all of it commented out
        return Settings()
    entry = read_entry(document, (), SettingsEntry)
    if entry is None:
        return Settings()
    if entry.ledger is not None:
        note_never_compacted(document, entry.ledger.keeping)
    note_misread(document, ("timezone",), entry.timezone)
    rules = WORKBOOK_RULES if entry.alerts is None else tuple(alert.rule for alert in entry.alerts)
    windows = BURN_WINDOWS_SECONDS if entry.burn_windows is None else tuple(sorted(set(entry.burn_windows)))
    return Settings(
        timezone=entry.timezone,
        languages=tuple(dict.fromkeys(entry.languages)),
        at_risk_below=entry.at_risk_below,
        history_days=entry.history_days,
        recheck_days=entry.recheck_days,
        burn_windows_seconds=windows,
        rules=rules,
        first_month=entry.first_month,
        judge_after=Settings().judge_after if entry.judge_after is None else entry.judge_after,
        silence=Settings().silence if entry.silence is None else entry.silence.silence,
        snapshots=Settings().snapshots if entry.snapshots is None else entry.snapshots.retention,
        ledger=Settings().ledger if entry.ledger is None else entry.ledger.keeping,
    )
