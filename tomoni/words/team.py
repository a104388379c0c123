"""The home of a team in words: what changed within a week, what is due, and what needs a look."""

from __future__ import annotations

from collections.abc import Sequence

from tomoni.catalog.schema import PolicyLevel
from tomoni.review.model import SloStatus
from tomoni.slo.model import State
from tomoni.words import budgets, headlines, notices, states
from tomoni.words.text import Text


def names(statuses: Sequence[SloStatus], text: Text) -> dict[str, str]:
    """What the SLOs of several apps are called where their apps are not seen, by path: the title alone where no
    other SLO has it, else with the journey's, else with the app's as well."""
    forms = [[form(status, text) for status in statuses] for form in (_title, _with_journey, _in_full)]
    found = {}
    for n, status in enumerate(statuses):
        alone = (each[n] for each in forms if each.count(each[n]) == 1)
        found[status.path] = next(alone, forms[-1][n])
    return found


def _title(status: SloStatus, text: Text) -> str:
    return status.slo.title(text.language)


def _with_journey(status: SloStatus, text: Text) -> str:
    return f"{status.journey.title(text.language)} / {_title(status, text)}"


def _in_full(status: SloStatus, text: Text) -> str:
    return text.listed([status.app.title(text.language), _with_journey(status, text)])


def headline(team: str, apps: int, statuses: Sequence[SloStatus], text: Text) -> str:
    """The team's apps in one sentence: "“payments” has 1 app with 4 SLOs: 3 healthy, 1 at risk." """
    facts = {"team": text.quote(team), "apps": text.n_("%(n)s app", "%(n)s apps", apps) % {"n": text.number(apps, 0)}}
    if not statuses:
        return text._("%(team)s has %(apps)s and no SLOs yet.") % facts
    facts["slos"] = text.n_("%(n)s SLO", "%(n)s SLOs", len(statuses)) % {"n": text.number(len(statuses), 0)}
    facts["states"] = headlines.states(statuses, text)
    return text._("%(team)s has %(apps)s with %(slos)s: %(states)s.") % facts


def went(before: SloStatus, after: SloStatus, slo: str, text: Text) -> str:
    """A change of state with what it did to the budget."""
    facts = {
        "slo": text.quote(slo),
        "was": states.word(before.figures.state, text),
        "now": states.word(after.figures.state, text),
        "left": text.budget(after.budget_left),
        "before": text.budget(before.budget_left),
    }
    if before.budget_left is None or after.budget_left is None:
        return text._("%(slo)s went from %(was)s to %(now)s.") % facts
    return text._("%(slo)s went from %(was)s to %(now)s, its budget from %(before)s to %(left)s.") % facts


def reasons(status: SloStatus, level: PolicyLevel | None, text: Text) -> list[str]:
    """Why an SLO needs a look, the most pressing first; empty if nothing does."""
    return [*_state(status, level, text), *_alerts(status, text), *_data(status, text)]


def _state(status: SloStatus, level: PolicyLevel | None, text: Text) -> list[str]:
    """What the state says, unless the SLO is healthy or too young to judge."""
    state = status.figures.state
    if state in (State.HEALTHY, State.COLLECTING):
        return []
    said = states.word(state, text)
    if status.budget_left is not None:
        said = text._("%(state)s, %(left)s of the budget left") % {
            "state": said,
            "left": text.budget(status.budget_left),
        }
    agreed = text._("agreed now: %(level)s") % {"level": level.title(text.language)} if level else ""
    return [said, agreed] if agreed else [said]


def _alerts(status: SloStatus, text: Text) -> list[str]:
    firing = [budgets.alert(alert, text) for alert in status.figures.alerts if alert.firing]
    return [text._("firing: %(alert)s") % {"alert": alert} for alert in firing]


def _data(status: SloStatus, text: Text) -> list[str]:
    found = []
    if status.problem is not None:
        until = text.near_moment(status.newest_data) if status.newest_data else text._("never")
        found.append(text._("last data: %(moment)s") % {"moment": until})
    elif silent := budgets.silence(status, text):
        found.append(silent)
    if notices.doubts(status.notices):
        found.append(text._("implausible data; see the notes"))
    if any(notice.code == "definition_held" for notice in status.notices):
        found.append(text._("its definition has errors"))
    return found


def strip(burns: Sequence[float], days: int, text: Text) -> str:
    """A strip of daily burn rates for who does not see it: how many days burned, and how fast at most."""
    known = [burn for burn in burns if burn == burn]  # noqa: PLR0124 - NaN has no data
    fast = [burn for burn in known if burn > 1]
    if not known:
        return text._("no data in %(days)s days") % {"days": days}
    facts = {"days": days, "fast": len(fast), "burn": text.burn(max(known))}
    phrase = text.n_(
        "%(days)s days; on %(fast)s of them the budget burned faster than its pace, at most %(burn)s",
        "%(days)s days; on %(fast)s of them the budget burned faster than its pace, at most %(burn)s",
        len(fast),
    )
    return phrase % facts
