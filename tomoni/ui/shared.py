"""What was made for one reader and is shown to the next, while pages show what it was made from.

With every refresh pages go on to newer figures, and nobody comes back to what was made of the former ones: it is
forgotten then, instead of filling the memory until there are too many entries.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")
_FIGURES_AT_ONCE = 3  # live pages, frozen ones between two refreshes, and pages that are on their way


class Shared:
    """At most ``most`` results, of the figures that were last asked for. Safe among threads: who asks for what
    another one is making waits for it."""

    def __init__(self, most: int, figures_at_once: int = _FIGURES_AT_ONCE) -> None:
        self._most, self._at_once, self._lock = most, figures_at_once, threading.Lock()
        self._results: OrderedDict[tuple[Hashable, Hashable], _Result] = OrderedDict()  # longest unused first
        self._figures: OrderedDict[Hashable, None] = OrderedDict()  # likewise

    def value(self, figures: Hashable, about: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, or returned before, for some figures; ``about`` names the rest of what it depends on.
        What it raises is raised, and not remembered."""
        with self._lock:
            result = self._results.setdefault((figures, about), _Result())
            self._results.move_to_end((figures, about))
            self._figures[figures] = None
            self._figures.move_to_end(figures)
            self._forget()
        found: T = result.value(make)
        return found

    def _forget(self) -> None:
        if len(self._figures) > self._at_once:
            former, _ = self._figures.popitem(last=False)
            for name in [each for each in self._results if each[0] == former]:
                del self._results[name]
        while len(self._results) > self._most:
            self._results.popitem(last=False)

    def __len__(self) -> int:
        return len(self._results)


class _Result:
    """Made by the first who asks."""

    def __init__(self) -> None:
        self._lock, self._made, self._found = threading.Lock(), False, None

    def value(self, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever is made
        with self._lock:
            if not self._made:
                self._found = make()
                self._made = True
            return self._found


@st.cache_resource(show_spinner=False)
def shared(of: str, most: int) -> Shared:
    """The results of one kind in this process. They hold whatever the key of a value says: who may see what too."""
    return Shared(most)
