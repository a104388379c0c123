"""Which buckets are missing, fetching them once, and reading them back as arrays."""

from ledger.ledger import Ledger
from ledger.model import Remembered, SeriesState, SourceReport, SyncReport, Want

__all__ = ["Ledger", "Remembered", "SeriesState", "SourceReport", "SyncReport", "Want"]
