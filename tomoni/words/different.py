"""What is different in a marked interval, in words that claim no more than was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tomoni.slo.ranking import RankedSeries, Ranking
from tomoni.slo.shares import SharedOut, ValueShare
from tomoni.words.text import Text, mark

# Why what an SLI counts is not split by labels, and what to do, by the key of its form.
_UNSPLIT: Mapping[str, str] = {
    "ratio": mark(
        "This SLI is a recorded ratio, and no recording rule of its source says which counters it was made of. "
        "Write these as total and bad in the app's file to split them by labels."
    ),
    "rate": mark(
        "The recorded rates of this SLI say nothing of their series, and no recording rule of its source does. "
        "Write the counters as total and bad in the app's file to split them by labels."
    ),
    "slo": mark(
        "The source counts for this SLO windows of time, or events by itself, and these have no labels. "
        "Write its events as total and good in the app's file to split them."
    ),
    "counts": mark(
        "The columns of a file have no labels to split by. A column for each value can be an SLI of its own."
    ),
}
_UNSPLIT_OTHERS = mark(
    "What this SLI counts is more than a sum of counters, or its source does not show labels. "
    "Write total and bad as counters, or as sums of them, to split them by labels."
)


def of_shares(shares: SharedOut, text: Text) -> str:
    """The sentence about label values."""
    if not shares.tried:
        return text._("No label of what this SLI counts has more than one value here: there is nothing to compare.")
    if not shares.enough:
        return text._("Too few events were bad here to compare anything.")
    first, *others = shares.outstanding or (None,)
    if first is None:
        return text._("Nothing stands out: the bad events lie where the traffic is, or where they usually are.")
    facts = {"bad": text.percent(first.share_of_bad), "traffic": text.percent(first.share_of_traffic)}
    said = text._("%(label)s “%(value)s” stands out: %(bad)s of the bad events, %(traffic)s of the traffic.")
    also = text._("The same holds for %(names)s.") % {"names": text.listed([_named(each) for each in others if each])}
    return text.sentences(said % {"label": first.label, "value": first.value, **facts}, also if others else "")


def names_something(shares: SharedOut | None, rankings: Iterable[Ranking | None]) -> bool:
    """Whether anything is named as different, or as the first in order where too little is known to name it."""
    moved = any(each.outstanding or (each.series and not each.sure_enough) for each in rankings if each is not None)
    return moved or bool(shares is not None and shares.enough and shares.outstanding)


def unsplit(form: str, text: Text) -> str:
    """Why an SLI of a form is not split, and what to do."""
    return text._(_UNSPLIT.get(form, _UNSPLIT_OTHERS))


def tried(shares: SharedOut, text: Text) -> str:
    """How many were tried, and what chance alone gives."""
    facts = {"tried": text.count(shares.tried), "chance": text.number(shares.by_chance, 1)}
    return (
        text._(
            "%(tried)s values were compared; asked one by one, chance alone would name %(chance)s of them. "
            "That is allowed for."
        )
        % facts
    )


def share_heads(text: Text) -> list[str]:
    """The heads of the columns."""
    return [
        text._("Value"),
        text._("Of the bad"),
        text._("Of the traffic"),
        text._("Usually of the bad"),
        text._("By chance"),
    ]


def share_row(share: ValueShare, text: Text) -> list[str]:
    """One value, with its numbers."""
    numbers = (share.share_of_bad, share.share_of_traffic, share.usual_share_of_bad)
    return [_named(share), *(text.percent(each) for each in numbers), _chance(share.p, text)]


def of_signals(ranking: Ranking, titles: Mapping[str, str], text: Text) -> str:
    """The sentence about signals."""
    if not ranking.sure_enough:
        return text._(
            "There is too little history to say what these signals do anyway; they are in order of how far they moved."
        )
    names = [titles.get(each.name, each.name) for each in ranking.outstanding]
    if not names:
        return text._("Nothing stands out: in other intervals of the same length signals move as much.")
    return text._("Moved beyond what they do anyway: %(names)s.") % {"names": text.listed(names)}


def elsewhere(ranking: Ranking, text: Text) -> str:
    """How many were tried, and how often as much happens elsewhere; nothing where there is no elsewhere."""
    if not ranking.looked_at:
        return ""
    return text._(
        "Signals compared with %(looked)s other intervals of the same length: %(tried)s. In %(much)s of these "
        "intervals one of them moved as much, for itself, as the first here."
    ) % {
        "tried": text.count(ranking.tried),
        "looked": text.count(ranking.looked_at),
        "much": text.count(ranking.as_much),
    }


def signal_heads(text: Text) -> list[str]:
    """The heads of the columns."""
    return [
        text._("Signal"),
        text._("Usual"),
        text._("Here"),
        text._("Usual spreads off"),
        text._("As much in other intervals"),
    ]


def signal_row(series: RankedSeries, titles: Mapping[str, str], unit: str, text: Text) -> list[str]:
    """One signal, with its numbers in their unit."""
    much = text._("%(some)s of %(all)s") % {"some": text.count(series.as_much), "all": text.count(series.looked_at)}
    numbers = (text.quantity(series.usual, unit), text.quantity(series.during, unit), text.number(series.z, 1))
    return [titles.get(series.name, series.name), *numbers, much]


def _named(share: ValueShare) -> str:
    return f"{share.label} = {share.value}"


def _chance(p: float, text: Text) -> str:
    if p > 0.999:
        return text._("over 99.9%")
    return text._("under 0.1%") if p < 0.001 else text.percent(p)
