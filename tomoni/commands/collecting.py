"""`collect`: asks the sources for all processes on one database, without pages."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

import click

from tomoni.commands.failures import INTERRUPTED, Refusal, report_lines
from tomoni.commands.listening import listening
from tomoni.commands.session import Session
from tomoni.commands.syncing import failing, problem_facts
from tomoni.store.leases import Candidate
from tomoni.words import collecting as collected
from tomoni.words import errors

if TYPE_CHECKING:
    from tomoni.use_cases.product import Tomoni

_LOOK_SECONDS = 0.2
_END_SECONDS = 10.0  # so long a fetch that was told to stop may take to store what it has
_DEDICATED = 1  # before the apps, which ask the sources where nobody else does


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """Whether to end after one round, and where to answer probes (``port`` None: nowhere)."""

    once: bool
    address: str
    port: int | None


def run(session: Session, options: CollectOptions) -> int:
    """Collects until it is stopped, or once; the exit code. Raises StoreError, Refusal."""
    from tomoni.wiring import open_tomoni, set_up_logs

    set_up_logs(session.settings)
    with _signals() as stopped:
        tomoni = open_tomoni(session.settings, candidate=Candidate(_DEDICATED))
        try:
            session.refuse_unusable(tomoni.catalog)
            session.report_errors(tomoni.catalog)
            with _probes(session, tomoni, options):
                tomoni.collecting.wanted(math.inf)
                code = _once(session, tomoni, stopped) if options.once else _for_good(session, tomoni, stopped)
        finally:
            _end(tomoni)
    return INTERRUPTED if stopped.by == signal.SIGINT else code


@dataclass
class Stopped:
    """Whether the process was told to stop, and by which signal."""

    by: int | None = None

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Takes a signal."""
        self.by = number


@contextmanager
def _signals() -> Iterator[Stopped]:
    """Takes the signals that stop a process until the work is put away."""
    stopped = Stopped()
    before = {number: signal.signal(number, stopped) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _for_good(session: Session, tomoni: Tomoni, stopped: Stopped) -> int:
    """Says who collects whenever that changes. Raises StoreError when this version has become too old."""
    said = ""
    while stopped.by is None:
        failure = tomoni.collecting.failure
        if failure is not None and failure.code == "database_newer":
            raise failure
        line = _who(session, tomoni)
        if line != said:
            click.echo(line)
            said = line
        time.sleep(_LOOK_SECONDS)
    return 0


def _who(session: Session, tomoni: Tomoni) -> str:
    text, lease = session.text, tomoni.collecting.lease
    if tomoni.collecting.holds:
        facts = {"sources": text.join(sorted(tomoni.sources)), "seconds": tomoni.settings.refresh_seconds}
        return text._("This process asks %(sources)s every %(seconds)s s.") % facts
    if lease is None or not lease.is_held:
        return text._("Waiting for the database to say who asks the sources.")
    said = collected.who(lease.host, lease.process, lease.since, text)
    return text.sentences(said, text._("This one takes over when it is gone."))


def _once(session: Session, tomoni: Tomoni, stopped: Stopped) -> int:
    """One round of every source, waited for to its end; 1 where one failed."""
    text, collecting = session.text, tomoni.collecting
    _wait(lambda: stopped.by is not None or collecting.holds or collecting.failure is not None or _other(tomoni))
    if collecting.failure is not None:
        raise collecting.failure
    if _other(tomoni):
        session.done.say(text._("Another process collects already; nothing was left to do."))
        session.done.facts = {"collected": False, "problems": []}
        return 0
    # A lease that ran out because this process was too slow is taken again, and the next round has the rest.
    _wait(lambda: stopped.by is not None or _other(tomoni) or tomoni.has_collected)
    if stopped.by is None and not tomoni.has_collected:
        raise Refusal([text._("Another process took over before the end; what was fetched is kept.")])
    problems = failing(tomoni.catalog, tomoni.ledger)
    report_lines([errors.source_line(problem, text) for problem in problems])
    session.done.say(text._("Collected once."))
    session.done.facts = {"collected": True, "problems": problem_facts(problems, text)}
    return 1 if problems else 0


def _other(tomoni: Tomoni) -> bool:
    """Whether another process that is there for nothing else collects."""
    collecting = tomoni.collecting
    lease = collecting.lease
    if lease is None or lease.holder == collecting.candidate.id:  # ours, which may have run out meanwhile
        return False
    return lease.is_held and not collecting.holds and lease.rank >= _DEDICATED


def _wait(until: Callable[[], bool]) -> None:
    while not until():
        time.sleep(_LOOK_SECONDS)


def _end(tomoni: Tomoni) -> None:
    """Gives the lease back, and lets what is being fetched be stored."""
    tomoni.collecting.close()
    limit = time.monotonic() + _END_SECONDS
    while tomoni.is_collecting and time.monotonic() < limit:
        time.sleep(_LOOK_SECONDS)
    tomoni.close()


@contextmanager
def _probes(session: Session, tomoni: Tomoni, options: CollectOptions) -> Iterator[None]:
    """Answers probes and shows the figures, as the app does. Raises Refusal where the port is taken."""
    if options.port is None:
        yield
        return
    from tomoni.serving.alone import probes_alone

    with listening(options.address, options.port, session.text) as door, probes_alone(tomoni, door):
        yield
