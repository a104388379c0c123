"""The progress of a sync, on standard error if it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tomoni.words.text import Text

OnProgress = Callable[[int, int, str, int], None]


@contextmanager
def watched(text: Text) -> Iterator[OnProgress | None]:
    """A function that shows the progress of a sync, or None if standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text._("Looking for missing data"), total=None)

        def show(done: int, total: int, source: str, buckets: int) -> None:
            fetched = text._("Fetching from %(source)s") % {"source": text.quote(source)}
            progress.update(task, completed=done, total=total, description=fetched)

        yield show
