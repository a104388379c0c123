"""That a counter falls as none does, in words: what it seems to be instead, and how to write it."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

FALLS: Mapping[str, Phrase] = {
    "counter_falls": Phrase(
        mark("%(metric)s (%(role)s) fell %(falls)s times within %(over_seconds)s in a way that no counter does."),
        mark(
            "Use the counters themselves. A recorded rate goes into rate: {…}; of a recorded sum, record its rate "
            "instead; processes behind one address are scraped one by one."
        ),
        one=mark("%(metric)s (%(role)s) fell once within %(over_seconds)s in a way that no counter does."),
    ),
    "counter_falls.rate": Phrase(
        mark(
            "%(metric)s (%(role)s) is no counter but a recorded rate: it fell %(falls)s times within %(over_seconds)s."
        ),
        mark("Use the counters themselves, or write it as rate: {%(role)s: …}."),
        one=mark("%(metric)s (%(role)s) is no counter but a recorded rate: it fell once within %(over_seconds)s."),
    ),
    "counter_falls.ratio": Phrase(
        mark(
            "%(metric)s (%(role)s) is no counter but a recorded ratio: it fell %(falls)s times within %(over_seconds)s."
        ),
        mark("Use the counters themselves, or write it as ratio: {error: …}."),
        one=mark("%(metric)s (%(role)s) is no counter but a recorded ratio: it fell once within %(over_seconds)s."),
    ),
    "counter_falls.increase": Phrase(
        mark(
            "%(metric)s (%(role)s) is no counter but a recorded increase: it fell %(falls)s times within "
            "%(over_seconds)s."
        ),
        mark("Use the counters themselves, or write it as rate: {%(role)s: …}, divided by the seconds of its range."),
        one=mark("%(metric)s (%(role)s) is no counter but a recorded increase: it fell once within %(over_seconds)s."),
    ),
}
