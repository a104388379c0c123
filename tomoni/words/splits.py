"""The parts of an SLO that is split by the values of labels, in words."""

from __future__ import annotations

from collections.abc import Iterator

from tomoni.slo.model import Method
from tomoni.slo.parts import Part, SplitFigures, Values
from tomoni.words.phrases import plain
from tomoni.words.text import Text

_LONGEST = 80


def heading(split: SplitFigures, text: Text) -> str:
    """What the parts are told apart by."""
    return text._("Parts by %(labels)s") % {"labels": plain(", ".join(split.labels), longest=_LONGEST)}


def number(split: SplitFigures, text: Text) -> str:
    """How many parts are listed."""
    return text.n_("%(n)s part", "%(n)s parts", len(split.parts)) % {"n": text.count(len(split.parts))}


def name(values: Values, text: Text, longest: int = _LONGEST) -> str:
    """The values of a part, which are untrusted; a series that has no such label has no value."""
    return " · ".join(plain(value, longest=longest) if value.strip() else text._("(no value)") for value in values)


def lead(split: SplitFigures, text: Text) -> str:
    """Which part most of the bad events were in; empty where none were bad."""
    worst = split.parts[0] if split.parts else None
    if worst is None or not worst.share_of_bad:
        return text._("No bad events in any part.")
    facts = {
        "part": text.quote(name(worst.values, text)),
        "bad": text.percent(worst.share_of_bad),
        "traffic": text.percent(worst.share_of_traffic),
    }
    return text._("%(part)s had %(bad)s of the bad events with %(traffic)s of the traffic.") % facts


def others(split: SplitFigures, text: Text) -> str:
    """What all that is not listed is called."""
    if not split.others:
        return text._("all others")
    return text.n_("all others (%(n)s value)", "all others (at least %(n)s values)", split.others) % {
        "n": text.count(split.others)
    }


def notes(part: Part, text: Text) -> list[str]:
    """What is to be known of a part besides its figures."""
    found = []
    if part.since is not None:
        found.append(text._("new: since %(moment)s") % {"moment": text.near_moment(part.since)})
    if part.until is not None:
        found.append(text._("not seen since %(moment)s") % {"moment": text.near_moment(part.until)})
    if part.least:
        found.append(text._("at least: not listed all the time"))
    if part.figures.too_few_events:
        found.append(text._("too few events to judge"))
    return found


def remarks(split: SplitFigures, text: Text) -> Iterator[str]:
    """How the sum was made exact."""
    yield text._("The parts and all others add up to the whole exactly: the others are the whole less the parts.")
    if split.reduced:
        phrase = text.n_(
            "In %(n)s bucket the parts counted more than the whole; there they were cut down in proportion.",
            "In %(n)s buckets the parts counted more than the whole; there they were cut down in proportion.",
            split.reduced,
        )
        yield phrase % {"n": text.count(split.reduced)}


def rows(split: SplitFigures, text: Text) -> Iterator[tuple[str, Part]]:
    """Every part with its name, the worst first, and all others last."""
    for part in split.parts:
        yield name(part.values, text), part
    if split.other is not None:
        yield others(split, text), split.other


def line(title: str, part: Part, text: Text) -> str:
    """A part in one line."""
    facts = {
        "part": title,
        "sli": text.sli(part.figures.sli),
        "bad": text.count(part.bad),
        "total": text.count(part.total),
        "share": text.percent(part.share_of_bad),
        "traffic": text.percent(part.share_of_traffic),
    }
    if part.figures.method is Method.TIME_SLICES:  # whose share is not that of the events beside it
        said = text._(
            "%(part)s: %(sli)s of time slices good; %(bad)s of %(total)s events bad, %(share)s of all bad events, "
            "%(traffic)s of the traffic"
        )
    else:
        said = text._(
            "%(part)s: %(sli)s good; %(bad)s of %(total)s bad, %(share)s of all bad events, %(traffic)s of the traffic"
        )
    spent = [text._("%(share)s of the budget") % {"share": text.budget(part.spent)}] if part.spent is not None else []
    return text.listed([said % facts, *spent, *notes(part, text)])
