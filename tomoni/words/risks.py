"""What the register of risks says, in words: bad minutes of a year, shares of a budget, and where a risk is written.

Minutes are those of a full outage.
"""

from __future__ import annotations

from decimal import Decimal

from tomoni.words.text import Text, mark

_WITHIN = mark("The accepted risks cost %(accepted)s of the %(budget)s min a year that %(objective)s allows.")
_MORE = mark("The accepted risks cost %(accepted)s min a year, more than the %(budget)s min that %(objective)s allows.")


def minutes(value: float | None, text: Text) -> str:
    """Bad minutes, always in minutes, so that they can be compared; a dash where they are unknown."""
    return text.number(value, 0) if value is None or abs(value) >= 10 else text.number(round(value, 1))


def lasting(detect: float, repair: float, text: Text) -> str:
    """How long a failure lasts: "5 + 40 min"."""
    facts = {"detect": minutes(detect, text), "repair": minutes(repair, text)}
    return text._("%(detect)s + %(repair)s min") % facts


def every(days: float, text: Text) -> str:
    """How often something happens: "every 30 days", "every 5 years"."""
    years = days / 365.25
    if years >= 2:
        return text._("every %(n)s years") % {"n": text.number(round(years, 1))}
    return text.n_("every %(n)s day", "every %(n)s days", days) % {
        "n": text.number(round(days, 0 if days >= 10 else 1))
    }


def sentence(accepted: float, budget: float, objective: Decimal, text: Text) -> str:
    """What the accepted risks take of the yearly budget of an objective."""
    facts = {
        "accepted": minutes(accepted, text),
        "budget": minutes(budget, text),
        "objective": text.objective(objective),
    }
    return text._(_MORE if accepted > budget else _WITHIN) % facts
