"""Which buckets are missing, fetching them once, and reading them back as arrays."""

from tomoni.ledger.ledger import Ledger
from tomoni.ledger.model import Remembered, RequiredSeries, SeriesState, SourceReport, SyncReport
from tomoni.ledger.native import FetchedFigures, NativeRecord

__all__ = [
    "FetchedFigures",
    "Ledger",
    "NativeRecord",
    "Remembered",
    "RequiredSeries",
    "SeriesState",
    "SourceReport",
    "SyncReport",
]
