"""Who asks the sources: of all processes on one database one at a time, by a lease (`store/leases.py`).

A process tries for it while somebody looks at its pages, or for as long as it runs (the command `collect`). It knows
by its own clock, which never goes back, until when it holds the lease, and stops asking by then, whatever became of the
database; what it has by then is stored only if nobody else has held the lease since (`storing`). The others follow:
they show what is stored, and what the holder reports of itself.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from tomoni.store.errors import StoreError
from tomoni.store.leases import HOLD_SECONDS, Candidate, Lease, LeaseLostError, Leases

log = logging.getLogger("tomoni")
EVERY_SECONDS = 2.0  # between two looks at the lease: with HOLD_SECONDS, a dead holder is replaced within 8 s
_LINGER_SECONDS = 20.0  # a page asks again every few seconds; so long after the last one nobody looks any more


@dataclass(frozen=True, slots=True)
class Duties:
    """What a process does by turns: ``collect`` starts what is due as the holder, and at once where somebody asked for
    it; ``follow`` shows what the holder stored. ``report`` is what the holder tells the others; ``is_busy`` is
    whether it must not give the lease back yet. None of them takes long."""

    collect: Callable[[bool], None]
    follow: Callable[[], None]
    report: Callable[[], Mapping[str, Any]]
    is_busy: Callable[[], bool]


class Collecting:
    """Whether this process is the one that asks the sources. Safe to use from several threads.

    With ``never`` it only looks who does.
    """

    def __init__(
        self, leases: Leases, duties: Duties, monotonic: Callable[[], float], candidate: Candidate, never: bool = False
    ) -> None:
        self._leases, self._duties, self._monotonic = leases, duties, monotonic
        self.candidate, self._never = candidate, never
        self._lock = threading.Lock()  # guards the three values below
        self._keeper: threading.Thread | None = None
        self._wanted_until = 0.0
        self._closed = False
        self._turn = threading.Lock()  # held while the lease is taken, renewed or given back
        self._wake = threading.Event()
        self._holds_until = 0.0
        self._since: float | None = None  # when this process took the lease, by the database's clock
        self.was_cut_short = False  # whether asking ended before everything was fetched, since this was last set
        self.lease: Lease | None = None  # as it was last seen
        self.failure: StoreError | None = None  # why it could not be seen or taken
        self._lacking_since: float | None = None

    @property
    def holds(self) -> bool:
        """Whether this process may ask the sources now."""
        return self._monotonic() < self._holds_until

    def has_to_end(self) -> bool:
        """Whether asking the sources has to end before everything is fetched; what asked so is then cut short."""
        if self.holds:
            return False
        self.was_cut_short = True
        return True

    @contextmanager
    def storing(self) -> Iterator[None]:
        """What the holder writes within, in this thread; it ends early, and nothing more is stored, once somebody else
        has held the lease since it was taken here: a process that was paused must not write what is old by now."""
        try:
            with self._leases.writing(self.candidate, self._since):
                yield
        except LeaseLostError:
            self._holds_until, self.was_cut_short = 0.0, True
            log.warning("another process asks the sources by now; what this one still had is not stored")

    @property
    def lacking_seconds(self) -> float:
        """For how long nobody has been there to ask the sources, as far as this process has looked; 0: somebody is."""
        since = self._lacking_since
        return 0.0 if since is None or self.holds else self._monotonic() - since

    @property
    def left_at(self) -> float | None:
        """When the last holder stopped (Unix seconds, by the database's clock); None where one is there or none was."""
        lease = self.lease
        return None if lease is None or lease.is_held or self.holds or not lease.until else lease.until

    def wanted(self, seconds: float = _LINGER_SECONDS) -> None:
        """Notes that somebody needs fresh data, now and for some time; returns at once."""
        with self._lock:
            self._wanted_until = max(self._wanted_until, self._monotonic() + seconds)
            if self._closed or (self._keeper is not None and self._keeper.is_alive()):
                return
            self._keeper = threading.Thread(target=self._keep, name="tomoni-collecting", daemon=True)
            self._keeper.start()

    def ask(self) -> None:
        """Asks whoever asks the sources to do so at once. Raises StoreError."""
        self._leases.ask()
        self.wanted()
        self._wake.set()

    def close(self) -> None:
        """Gives the lease back, and ends what runs here."""
        with self._lock:
            self._closed, keeper = True, self._keeper
        self._wake.set()
        if keeper is not None and keeper is not threading.current_thread():
            keeper.join(EVERY_SECONDS)

    def _keep(self) -> None:
        while not self._is_over():
            self._step()
            self._wake.wait(EVERY_SECONDS)
            self._wake.clear()
        with self._turn:
            if self._keeper is None:  # no page came since, whose thread would hold it
                self._give_back()

    def _is_over(self) -> bool:
        """Whether the thread ends; a page that comes later starts another."""
        with self._lock:
            over = self._closed or (self._monotonic() >= self._wanted_until and not self._duties.is_busy())
            if over:
                self._keeper = None
            return over

    def _step(self) -> None:
        began = self._monotonic()
        try:
            with self._turn:
                self.lease = self._look(began)
            self.failure = None
        except StoreError as error:
            self._failed(error)
        except Exception:  # a thread has only the log to report to, and has to go on
            log.exception("looking who asks the sources failed")
        self._note_lack(began)
        self._do()

    def _look(self, began: float) -> Lease:
        """The lease after this process tried to hold it; gives it back to one of a higher rank."""
        if self._never:
            return self._leases.look()
        lease = self._leases.take(self.candidate, self._duties.report() if self.holds else None)
        if lease.holder != self.candidate.id or not lease.is_held:
            self._holds_until = 0.0
        elif lease.is_wanted:
            self._give_back()
            return replace(lease, until=0.0)
        else:
            self._holds_until, self._since = began + HOLD_SECONDS, lease.since
        return lease

    def _failed(self, error: StoreError) -> None:
        """Says it once, in the log and on pages; the lease runs out by itself."""
        if self.failure is None or self.failure.code != error.code:
            log.warning("nobody can be found to ask the sources: %s", error)
        self.failure = error
        if error.code == "database_newer":
            self._holds_until = 0.0

    def _note_lack(self, began: float) -> None:
        is_held = self.failure is None and self.lease is not None and self.lease.is_held
        if is_held or self.holds:
            self._lacking_since = None
        elif self._lacking_since is None:
            self._lacking_since = began

    def _do(self) -> None:
        try:
            if not self.holds:
                self._duties.follow()
                return
            lease = self.lease
            asked = lease is not None and lease.asked > lease.answered
            self._duties.collect(asked)
            if asked and lease is not None:
                self._leases.answer(lease.asked)
        except Exception:
            log.exception("what follows from the lease ended early")

    def _give_back(self) -> None:
        """Lets the next one begin at once; without that it would wait until the lease runs out."""
        held, self._holds_until = self.holds, 0.0
        if held:
            try:
                self._leases.release(self.candidate)
            except StoreError as error:
                log.warning("the lease could not be given back; it runs out by itself: %s", error)
