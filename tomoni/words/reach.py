"""Alerts that an objective puts out of reach: even when everything fails, its budget does not burn fast enough."""

from __future__ import annotations

from fractions import Fraction

from tomoni.slo.alerts import factor, fast_enough
from tomoni.slo.model import Definition, Severity
from tomoni.slo.periods import shortest_seconds
from tomoni.words.text import Text


def out_of_reach(definition: Definition, text: Text) -> str:
    """That a page of a definition can never come, a sentence for each; empty where all can."""
    allowance, seconds = definition.objective.allowance, shortest_seconds(definition.window)
    if allowance == 0:  # no burn rate is worked out of no budget: that is said elsewhere
        return ""
    phrase = text._(
        "At %(objective)s the page over %(long)s can never come: when everything fails the budget burns at %(most)s, "
        "and this alert waits for more than %(factor)s."
    )
    pages = [rule for rule in definition.rules if rule.severity is Severity.PAGE]
    return text.sentences(
        *(
            phrase
            % {
                "objective": text.objective(definition.objective.percent),
                "long": text.length(rule.long_seconds),
                "most": text.burn(float(Fraction(1) / allowance)),
                "factor": text.burn(float(factor(rule, seconds))),
            }
            for rule in pages
            if not fast_enough(rule, seconds, allowance)
        )
    )
