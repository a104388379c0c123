"""Which buckets are missing, fetching them once, and reading them back as arrays."""

from ledger.ledger import Ledger
from ledger.model import Remembered, SeriesState, SourceReport, SyncReport, Want
from ledger.native import AskedFigures, NativeRecord

__all__ = ["AskedFigures", "Ledger", "NativeRecord", "Remembered", "SeriesState", "SourceReport", "SyncReport", "Want"]
