"""What the teams agreed on and what became of it, in words: the policy now, and alerts that fired."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tomoni.catalog.schema import Policy
from tomoni.review.model import PolicyStanding
from tomoni.slo.alerts import Firing, factor
from tomoni.slo.model import Alert, AlertRule, Definition, RollingWindow
from tomoni.words import states
from tomoni.words.phrases import plain
from tomoni.words.text import Text


def level(standing: PolicyStanding, text: Text) -> str:
    """The level that is reached and since when: "With care, below 25%, since 18 Nov"."""
    reached = standing.level
    if standing.since is None:
        return text._("The state of this budget is unknown at the moment.")
    since = {"day": text.day(standing.since, year=False)}
    after = text._("since %(day)s or longer") % since if standing.or_longer else text._("since %(day)s") % since
    if reached is None:
        return text._("Nothing is required, %(since)s.") % {"since": after}
    return text.listed([below(reached.below, text), after])


def below(share: float, text: Text) -> str:
    """Where a level begins: "below 25%", or once all is spent."""
    return text._("below %(share)s") % {"share": text.budget(share)} if share > 0 else text._("budget exhausted")


def ahead(standing: PolicyStanding, text: Text) -> str:
    """The next level down: "Next: Reliability first, budget exhausted"; empty after the last."""
    here = standing.level.below if standing.level else 2.0
    lower = [each for each in standing.policy.levels if each.below < here]
    if not lower:
        return ""
    facts = {"level": plain(lower[0].title(text.language)), "below": below(lower[0].below, text)}
    return text._("Next: %(level)s (%(below)s)") % facts


def agreed_on(policy: Policy, text: Text) -> str:
    """When the teams agreed on a policy; empty where nobody wrote it down."""
    if policy.agreed is None:
        return ""
    day = datetime(policy.agreed.year, policy.agreed.month, policy.agreed.day, tzinfo=ZoneInfo(text.zone))
    return text._("Agreed on %(day)s") % {"day": text.day(day.timestamp())}


def alert(each: Alert, text: Text) -> str:
    """A burn alert as it stands: "page, 1 h / 5 min above 13.4×"."""
    facts = {**_windows(each, text), "factor": text.burn(each.factor)}
    return text._("%(severity)s, %(long)s / %(short)s above %(factor)s") % facts


def rule(each: AlertRule, definition: Definition, text: Text) -> str:
    """A burn alert by its urgency and windows; its factor, too, where all windows are of one length."""
    window, facts = definition.window, _windows(each, text)
    if not isinstance(window, RollingWindow):
        return text._("%(severity)s, %(long)s / %(short)s") % facts
    facts["factor"] = text.burn(float(factor(each, window.seconds)))
    return text._("%(severity)s, %(long)s / %(short)s above %(factor)s") % facts


def _windows(each: Alert | AlertRule, text: Text) -> dict[str, str]:
    return {
        "severity": text._(states.SEVERITIES[each.severity]),
        "long": text.duration(each.long_seconds),
        "short": text.duration(each.short_seconds),
    }


def fired(firing: Firing, text: Text) -> str:
    """When a rule fired: "18 Nov, 14:10–15:05"."""
    if firing.end is None:
        return text._("since %(moment)s") % {"moment": text.near_moment(firing.start)}
    return text.near_span(firing.start, firing.end)
