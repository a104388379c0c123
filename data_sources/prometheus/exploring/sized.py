"""How often a histogram observed something, and how large it was, where some targets expose it as a native histogram
and others as a classic one. What one target exposes in both forms counts once, as a native one.

All texts are rates of each series; ``native`` is the rate of native histograms (empty: there are none), ``classic``
that of the counters of a classic one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_sources.prometheus.selectors import quoted, same_edge, usual_spellings


@dataclass(frozen=True, slots=True)
class Forms:
    """In which forms a server has a histogram: the edges of a classic one as they are spelt, and whether there is a
    native one. Nothing is known of neither."""

    edges: tuple[str, ...] = ()
    native: bool = False

    @property
    def both(self) -> bool:
        """Whether some of its series are classic, others native."""
        return self.native and bool(self.edges)

    @property
    def native_alone(self) -> bool:
        """Whether all of its series are native."""
        return self.native and not self.edges

    def spelt(self, edge: float) -> tuple[str, ...]:
        """How an edge may be spelt."""
        return tuple(dict.fromkeys([*(each for each in self.edges if same_edge(each, edge)), *usual_spellings(edge)]))


NO_FORMS = Forms()


def counts(native: str, classic: str) -> str:
    """How many were observed."""
    return f"(histogram_count({native}) or {classic})" if native else classic


def below(native: str, classic: str, edge: float) -> str:
    """How many were at or under an edge, which is that of ``classic``."""
    if not native:
        return classic
    under = np.format_float_positional(edge, trim="-")
    count = f"histogram_count({native})"
    share = f"histogram_fraction(-Inf, {under}, {native})"
    own = f"(({share} * {count} >= 0) or {count} == 0)"  # of none the share is no number
    return f"({own} or ignoring (le) {classic})" if classic else own


def by_edges(native: str, classic: str, edges: Sequence[str]) -> str:
    """How many were at or under each edge, with the label ``le``."""
    if not native:
        return classic
    rows = [_labelled(below(native, "", float(edge)), edge) for edge in edges if edge != "+Inf"]
    return f"({' or '.join([*rows, _labelled(f'histogram_count({native})', '+Inf'), classic])})"


def _labelled(text: str, edge: str) -> str:
    return f'label_replace({text}, "le", {quoted(edge)}, "", "")'
