"""Postmortems: the template with blameless prompts, filled with the facts known, and the names around it.

What is made here is Markdown in the words of one language, for people to write on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tomoni.meetings.model import Event, Incident
from tomoni.review.model import Moved
from tomoni.slo.alert_quality import FiredAlert
from tomoni.slo.alerts import Firing
from tomoni.slo.model import Definition
from tomoni.slo.pricing import Price
from tomoni.words import alert_quality, budgets, choices, incidents
from tomoni.words.text import Text, mark

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Cost:
    """What an incident cost one SLO, by the SLO's name: all that was bad in it, and the price within the window."""

    name: str
    bad: float
    price: Price


@dataclass(frozen=True, slots=True)
class Alerted:
    """A burn alert of an SLO, by the SLO's name, whose rule held during an incident."""

    name: str
    firing: Firing
    definition: Definition


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that somebody was told of during an incident, by its name."""

    name: str
    alert: FiredAlert


@dataclass(frozen=True, slots=True)
class Known:
    """The facts that are known of an incident."""

    incident: Incident
    costs: Sequence[Cost] = ()
    moved: Sequence[Moved] = ()
    fired: Sequence[Fired] = ()
    alerts: Sequence[Alerted] = ()
    events: Sequence[Event] = ()


# The sections that people write, each with what may be asked there: about systems, never about people.
PROMPTS: tuple[tuple[str, str], ...] = (
    (mark("What happened"), mark("Times and facts, in the order in which the system showed them.")),
    (mark("What users noticed"), mark("Which journeys, for how long, how many?")),
    (mark("What helped"), mark("What in the system, the tools or the way of working made it shorter or smaller?")),
    (mark("Where we were lucky"), mark("What could have made it worse, and happened not to?")),
    (
        mark("What in the system made it possible"),
        mark("Contributing factors, named as systems. There is rarely only one, and never a person."),
    ),
    (mark("How each team saw it"), mark("Where do the teams see it differently? Write both down.")),
    (mark("Actions"), mark("What makes it less likely, shorter or smaller next time? Team, date, ticket.")),
)


def template(known: Known, text: Text) -> str:
    """The Markdown that a postmortem begins with."""
    heading = text._("Facts")
    facts = [f"## {heading}", "", *_facts(known, text)]
    asked = [line for head, ask in PROMPTS for line in (f"## {text._(head)}", "", f"*{text._(ask)}*", "", "")]
    return "\n".join([*facts, "", *asked]).rstrip() + "\n"


def _facts(known: Known, text: Text) -> Iterator[str]:
    incident = known.incident
    yield _item(text._("When"), text.span(incident.start, incident.end), text)
    yield _item(text._("Length"), text.duration(incident.end - incident.start), text)
    for cost in known.costs:
        if cost.bad:
            yield _item(
                text._("Price for %(slo)s") % {"slo": cost.name}, incidents.price(cost.bad, cost.price, text), text
            )
    for each in known.fired:
        told = text.listed([each.name, alert_quality.fired(each.alert, text)])
        yield _item(text._("Alert that fired"), told, text)
    for alerted in known.alerts:
        rule = budgets.rule(alerted.firing.rule, alerted.definition, text)
        fired = text.listed([alerted.name, rule, budgets.fired(alerted.firing, text)])
        yield _item(text._("Burn alert that would have fired"), fired, text)
    for moved in known.moved:
        name = moved.signal.title(text.language)
        how = text.listed([name, budgets.shift(moved.movement, text), budgets.began(moved.movement, text)])
        yield _item(text._("Signal that moved with it"), how, text)
    for event in known.events:
        what = f"{choices.event(event.what, text)} {event.title}"
        yield _item(text._("Near it"), text.listed([what, text.near_moment(event.at)]), text)
    for link in incident.links:
        yield f"- {_plain(incidents.link(link, text))}: <{link.url}>"


def _item(name: str, value: str, text: Text) -> str:
    return "- " + text._("%(name)s: %(value)s") % {"name": _plain(name), "value": _plain(value)}


def _plain(words: str) -> str:
    """Words in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))


def headline(total: int, found: int | None, text: Text) -> str:
    """How many there are, or how many of them were found."""
    if not total:
        return text._("There are no postmortems yet. A review writes them from its incidents.")
    counted = {"n": text.number(total, 0)}
    if found is None:
        return text.n_("%(n)s postmortem to learn from.", "%(n)s postmortems to learn from.", total) % counted
    some = {"n": text.number(found, 0), "all": counted["n"]}
    return (
        text.n_(
            "%(n)s of %(all)s postmortems has these words.", "%(n)s of %(all)s postmortems have these words.", found
        )
        % some
    )
