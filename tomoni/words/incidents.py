"""What burned and what it goes with, in words: the lead sentence, reasons, prices of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tomoni.meetings.model import EpisodeReason, Link, Reason
from tomoni.slo.episodes import BurnLedger, Episode
from tomoni.slo.pricing import ByReason, Price
from tomoni.words import choices
from tomoni.words.text import Text, mark

LINKS: Mapping[str, str] = {
    "postmortem": mark("Postmortem"),
    "ticket": mark("Ticket"),
    "chat": mark("Chat"),
}


@dataclass(frozen=True, slots=True)
class Spending:
    """An SLO by its title, and the ledger of what it spent."""

    title: str
    ledger: BurnLedger

    @property
    def share(self) -> float:
        """What it spent of its budget; 0 where it has none."""
        return self.ledger.bad / self.ledger.allowed_bad if self.ledger.allowed_bad else 0.0


def lead(spendings: list[Spending], since: int, without: int, text: Text) -> str:
    """What spent the most, and how many episodes have no reason yet. A window reaches further back than the period of
    a review, which begins at ``since`` (Unix seconds): an episode that is older is told to be."""
    most = max((each for each in spendings if each.ledger.episodes), key=lambda each: each.share, default=None)
    if most is None:
        return text._("No budget burned noticeably: there is no episode to talk about.")
    return text.sentences(_most(most, text), _older(_largest(most.ledger), since, text), _open(without, text))


def _largest(ledger: BurnLedger) -> Episode:
    return max(ledger.episodes, key=lambda episode: episode.bad)


def _older(episode: Episode, since: int, text: Text) -> str:
    """Where an episode is not of the period that begins at a moment; empty where it is."""
    if episode.end <= since:
        return text._("That was before the period of this review.")
    return text._("That began before the period of this review.") if episode.start < since else ""


def _most(spending: Spending, text: Text) -> str:
    ledger, share = spending.ledger, spending.share
    largest = _largest(ledger)
    facts = {
        "slo": text.quote(spending.title),
        "share": text.budget(share),
        "part": text.budget(largest.share_of_bad),
        "when": text.near_span(largest.start, largest.end),
    }
    if not ledger.allowed_bad:
        return text._("%(slo)s had its largest episode %(when)s.") % facts
    if len(ledger.episodes) == 1:
        return text._("%(slo)s spent %(share)s of its budget, %(part)s of that in one episode: %(when)s.") % facts
    return text._("%(slo)s spent %(share)s of its budget, %(part)s of that in the largest episode: %(when)s.") % facts


def _open(without: int, text: Text) -> str:
    if not without:
        return text._("Every episode has its reason.")
    counted = {"n": text.number(without, 0)}
    return text.n_("%(n)s episode has no reason yet.", "%(n)s episodes have no reason yet.", without) % counted


def reason(value: EpisodeReason, name: str, text: Text) -> str:
    """What an episode goes with: "Incident: pool exhausted", "Deploy: 2.41", "Dependency". ``name`` is the title of
    the incident or event that it refers to, empty without one."""
    return named_reason(value.reason, name, text)


def beside(value: EpisodeReason, name: str) -> str:
    """What was written beside a reason that `reason` does not say already."""
    return value.text if value.text != name else ""


def named_reason(value: Reason, name: str, text: Text) -> str:
    """A reason, with what it refers to."""
    word = choices.reason(value, text)
    return text._("%(reason)s: %(name)s") % {"reason": word, "name": name} if name else word


def by_reason(summed: ByReason[Reason], text: Text) -> list[tuple[str, float]]:
    """The parts of what a window spent in words, the largest first; what has no reason yet and the background
    come last."""
    chosen = sorted(((r, bad) for r, bad in summed.parts.items() if r is not None), key=lambda part: -part[1])
    rows = [(choices.reason(each, text), bad) for each, bad in chosen]
    if None in summed.parts:
        rows.append((text._("no reason yet"), summed.parts[None]))
    return [*rows, (text._("background"), summed.background)]


def price(bad: float, found: Price, text: Text) -> str:
    """What an incident cost one SLO: "1,412 bad events, 46% of the budget"; only the count where there is no
    budget, or none of it lies in the window."""
    facts = {"bad": text.count(bad), "share": text.budget(found.share_of_budget)}
    if not bad:
        return text._("nothing")
    if not found.bad or found.share_of_budget is None:
        return text._("%(bad)s bad events") % facts
    return text._("%(bad)s bad events, %(share)s of the budget") % facts


def link(each: Link, text: Text) -> str:
    """What a link is called: the words for a postmortem, a ticket and a chat, else its own title."""
    return text._(LINKS[each.title]) if each.title in LINKS else each.title


def edges(text: Text) -> str:
    """How an interval is charged."""
    return text._(
        "An incident is charged with every bucket that it touches, because the events of a bucket cannot be separated."
        " Excluded time costs nothing, and time that several incidents share counts once in the sums."
    )
