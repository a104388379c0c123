"""Answers that are no protocol: what a field holds cannot be what it should, and is no fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from data_sources.errors import BadAnswer

# What reading a message with impossible fields raises.
FAULTS = (ArithmeticError, LookupError, ValueError, TypeError, AttributeError)


@contextmanager
def answers_read(source: str) -> Iterator[None]:
    """Raises BadAnswer (reason unreadable) for whatever reading an answer raises besides a `SourceError`."""
    try:
        with np.errstate(all="ignore"):
            yield
    except FAULTS as error:
        raise BadAnswer(source, type(error).__name__, {"reason": "unreadable"}) from None
