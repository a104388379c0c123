"""The glossary: every term of the screens with one or two sentences for a newcomer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tomoni.words.text import Text, mark


@dataclass(frozen=True, slots=True)
class Term:
    """A term and what it means here, as msgids."""

    name: str
    meaning: str


_SERVICE: Mapping[str, Term] = {
    "app": Term(mark("App"), mark("What an app team runs for its users. An app owns journeys.")),
    "journey": Term(
        mark("Critical user journey (CUJ)"),
        mark("Something a user wants to get done, such as placing an order. A journey owns SLOs."),
    ),
    "sli": Term(
        mark("SLI (service level indicator)"),
        mark("Good events divided by all valid events: the share of requests that went as users expect."),
    ),
    "slo": Term(
        mark("SLO (service level objective)"),
        mark("The target that both teams agreed on for an SLI over a window, such as 99.9% over 28 days."),
    ),
    "objective": Term(
        mark("Objective"),
        mark("The share of events that should be good, in percent. The remainder up to 100% is the error budget."),
    ),
    "valid_events": Term(
        mark("Valid events"), mark("All events that count for an SLI: its denominator, also called the total.")
    ),
    "good_events": Term(mark("Good events"), mark("Events that went as users expect: the numerator of an SLI.")),
    "bad_events": Term(
        mark("Bad events"), mark("Valid events that were not good. Each of them spends a little of the error budget.")
    ),
    "occurrences": Term(
        mark("Occurrences"),
        mark("The usual method: every event counts once, so that busy hours weigh more than quiet ones."),
    ),
    "timeslices": Term(
        mark("Time slices"),
        mark(
            "A method that judges short slices of time, each good or bad as a whole, so that every hour has"
            " the same weight."
        ),
    ),
    "team": Term(
        mark("Teams"),
        mark(
            "An app has an app team, which knows its journeys, and an infrastructure team, which runs what "
            "they depend on."
        ),
    ),
}
_TIME: Mapping[str, Term] = {
    "window": Term(
        mark("Window"),
        mark("The period that an objective covers: rolling (the last 28 days) or a calendar period."),
    ),
    "rolling_window": Term(
        mark("Rolling window"),
        mark("It always ends now: every day a new day is added and the oldest drops out, and bad days are forgotten."),
    ),
    "calendar_window": Term(
        mark("Calendar window"),
        mark("It starts with the day, week, month or quarter in a time zone, and starts over with the next one."),
    ),
    "bucket": Term(
        mark("Bucket"),
        mark("A fixed slice of time, usually 5 minutes, with its counts of good and valid events."),
    ),
    "ledger": Term(
        mark("Ledger"),
        mark("What Tomoni stores: the buckets of every SLI. Once fetched, they outlive the source's own retention."),
    ),
    "coverage": Term(
        mark("Coverage"),
        mark(
            "Observed buckets divided by all buckets of the window. What was not observed counts neither as"
            " good nor as bad."
        ),
    ),
    "as_of": Term(
        mark("As of"),
        mark("The moment whose numbers are shown. A link with an as-of always shows everybody the same numbers."),
    ),
    "freshness": Term(
        mark("Freshness"), mark("How old the newest number is. When a source fails, the stored data grows older.")
    ),
    "lag": Term(
        mark("Lag"),
        mark("The newest seconds of a source, which are not trusted yet because points still arrive late."),
    ),
    "gap": Term(
        mark("Gap"),
        mark("A time without observations. It stays empty on every figure: no data is not a number."),
    ),
}
_BUDGET: Mapping[str, Term] = {
    "error_budget": Term(
        mark("Error budget"),
        mark(
            "The bad events that are allowed: (100% − objective) of all valid events of a window. It is "
            "there to be spent."
        ),
    ),
    "budget_left": Term(
        mark("Budget left"),
        mark("The share of the error budget that is not spent. Below 0 when more was spent than allowed."),
    ),
    "burn_rate": Term(
        mark("Burn rate"),
        mark(
            "How fast the budget is being spent: 1 spends exactly all of it by the end of the window, 2 in "
            "half that time."
        ),
    ),
    "background": Term(
        mark("Background"),
        mark("The bad events outside of every episode: few at a time, but they add up."),
    ),
    "forecast": Term(
        mark("Forecast"),
        mark(
            "What becomes of the budget if things go on: the bad ratio of the last 24 hours, the traffic of"
            " the same hours one week before. It is not a promise."
        ),
    ),
    "projected": Term(
        mark("Budget of the whole period"),
        mark(
            "A calendar period is still running: this compares the bad events so far with what the whole "
            "period allows, if traffic stays as it is."
        ),
    ),
    "alert_quality": Term(
        mark("Alert quality"),
        mark(
            "How well the alerts that fired found what burned the budget: precision is the share of alerts that belong"
            " to an episode, recall the share of episodes that had an alert. Detection time runs from the beginning of"
            " an episode to its first alert, reset time from its end until its alerts end."
        ),
    ),
    "burn_alert": Term(
        mark("Burn alert"),
        mark(
            "Two burn rates, of a long and a short window, that are both above a factor: the budget was "
            "burning, and it still is."
        ),
    ),
    "page_alert": Term(
        mark("Page and ticket"),
        mark("How urgent a burn alert is: a page needs someone now, a ticket within the next few days."),
    ),
    "allowed_minutes": Term(
        mark("Budget in minutes"),
        mark("The error budget as minutes of full outage at average traffic: 99.9% over 28 days allows 40 minutes."),
    ),
    "burn_down": Term(
        mark("Burn-down of the period"),
        mark("The budget of the shown period from its start: it begins at 100% and only falls."),
    ),
    "even_pace": Term(
        mark("Even pace"), mark("Where the burn-down would be if the budget were spent evenly until the end.")
    ),
    "rolling_remaining": Term(
        mark("Rolling budget left"),
        mark("At every moment, the budget left of the window that ends there. It rises again when bad days leave."),
    ),
    "episode": Term(
        mark("Burn episode"),
        mark(
            "A period in which bad events occurred at more than twice the allowed rate and used at least 1%"
            " of the budget. It has a letter, which is the same in every figure and table."
        ),
    ),
    "too_few_events": Term(
        mark("Too few events"),
        mark(
            "With so little traffic, a single bad event moves the SLI a lot: look at the events, not at the percentage."
        ),
    ),
    "state": Term(
        mark("State"),
        mark(
            "● healthy, ▲ at risk (little budget left), ■ exhausted, ◐ collecting data (too early to judge), ○ no "
            "traffic, ? no data (nothing observed)."
        ),
    ),
    "policy": Term(
        mark("Error budget policy"),
        mark(
            "What both teams agreed to do at each level of the budget. It decides about work, never about "
            "people; Tomoni shows it and does not act."
        ),
    ),
}
_TOGETHER: Mapping[str, Term] = {
    "infra_signal": Term(
        mark("Infra signal"),
        mark("A metric of the infrastructure that supports a journey, such as CPU or database connections."),
    ),
    "limit": Term(
        mark("Limit"), mark("The value of an infra signal at which problems usually begin; drawn as a line.")
    ),
    "source": Term(
        mark("Source"), mark("A system that metrics are read from: Prometheus, Cloud Monitoring, files or the demo.")
    ),
    "moved_together": Term(
        mark("Moved together"),
        mark("A signal left its usual range at about the same time. It is a hint where to look, not a cause."),
    ),
    "shift": Term(
        mark("Shift (MAD)"),
        mark(
            "How far a signal was from its usual value at these hours, measured by how much it usually "
            "varies: above 3 is unusual, above 10 is obvious."
        ),
    ),
    "review": Term(
        mark("Review"),
        mark(
            "A joint meeting of both teams about one app, in a rhythm that they agreed on. The overview has its "
            "next date."
        ),
    ),
    "snapshot": Term(
        mark("Snapshot"),
        mark("What was shown of an app at a moment, frozen: numbers, figures and text, and how each was calculated."),
    ),
    "risk": Term(
        mark("Risk"),
        mark(
            "Something that may go wrong: how long it takes to notice and to repair, how many users it "
            "affects, how often."
        ),
    ),
    "action": Term(
        mark("Action"),
        mark("Something that a team agreed to do: a policy names some, and a snapshot has room for more."),
    ),
    "exclusion": Term(
        mark("Exclusion"),
        mark("An agreed time, such as maintenance, that does not count. It stays visible everywhere."),
    ),
}
_TARGETS: Mapping[str, Term] = {
    "profile": Term(
        mark("Profile"),
        mark(
            "What both teams know of an app besides figures: its users, what it is worth to them and when, its steps, "
            "and what good means in their words."
        ),
    ),
    "worksheet": Term(
        mark("Worksheet"),
        mark(
            "The questions whose answers are the profile, on the screen or on paper. What nobody knows yet is a gap "
            "with a next small step, never a score."
        ),
    ),
    "peak": Term(
        mark("Peak"),
        mark(
            "A time at which the app matters most to its users, such as a campaign or a closing day. Figures mark it."
        ),
    ),
    "journey_map": Term(
        mark("Journey map"),
        mark(
            "One picture of an app: its journeys, how each is measured, what was agreed, the signals, and "
            "who owns what."
        ),
    ),
    "saved_view": Term(
        mark("Saved view"),
        mark(
            "A question to a source that a team keeps under a name. It can be a row of the joint view, and is then "
            "remembered like a signal."
        ),
    ),
    "workshop": Term(
        mark("Workshop"),
        mark(
            "The part of Explore that shows what an objective would have meant on the history of an SLI, before "
            "anybody agrees to it."
        ),
    ),
    "candidate": Term(
        mark("Candidate"),
        mark(
            "An objective with its window and threshold that is tried in the workshop; up to three stand side by side."
        ),
    ),
}
# By topic, in the order of the guide.
GROUPS: Mapping[str, Mapping[str, Term]] = {
    mark("What users notice"): _SERVICE,
    mark("Time and data"): _TIME,
    mark("The error budget"): _BUDGET,
    mark("Looking at it together"): _TOGETHER,
    mark("Finding targets"): _TARGETS,
}
TERMS: Mapping[str, Term] = {key: term for group in GROUPS.values() for key, term in group.items()}


def name(key: str, text: Text) -> str:
    """A term's name. Raises KeyError for a term that the glossary does not have."""
    return text._(TERMS[key].name)


def meaning(key: str, text: Text) -> str:
    """A term's meaning, one or two sentences. Raises KeyError for a term that the glossary does not have."""
    return text._(TERMS[key].meaning)
