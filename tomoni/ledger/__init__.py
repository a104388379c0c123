"""Which buckets are missing, fetching them once, and reading them back as arrays."""

from tomoni.ledger.changes import Change
from tomoni.ledger.horizons import Compacted, Compacting, Horizon
from tomoni.ledger.ledger import Ledger
from tomoni.ledger.model import Kept, Remembered, RequiredSeries, SeriesState, SourceReport, SyncReport
from tomoni.ledger.native import FetchedFigures, NativeRecord

__all__ = [
    "Change",
    "Compacted",
    "Compacting",
    "FetchedFigures",
    "Horizon",
    "Kept",
    "Ledger",
    "NativeRecord",
    "Remembered",
    "RequiredSeries",
    "SeriesState",
    "SourceReport",
    "SyncReport",
]
