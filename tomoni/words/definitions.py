"""Problems of what is defined (`catalog.codes`), in words: SLOs, queries, windows, exclusions and policies."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

AGREEMENTS: Mapping[str, Phrase] = {
    "peak_form": Phrase(
        mark("It is not clear when this peak is."), mark("Write the keys of exactly one form: %(known)s.")
    ),
    "exclusion_form": Phrase(
        mark("It is not clear when this exclusion applies."), mark("Write the keys of exactly one form: %(known)s.")
    ),
    "ends_before_start": Phrase(mark("The end is not after the start."), mark("Write the earlier moment as start.")),
    "moment_skipped": Phrase(
        mark("%(at_clock)s is on no clock in %(zone)s: they go forward over it; %(shifted)s is taken."),
        mark("Write a time that exists, or add an offset such as +09:00."),
    ),
    "moment_twice": Phrase(
        mark("%(at_clock)s is twice on that day in %(zone)s; the first one is taken (%(first)s)."),
        mark("Add %(first)s or %(second)s to say which one is meant."),
    ),
    "bad_rule": Phrase(
        mark("%(written)s is not a valid part of a repeating rule for whole days."),
        mark("Start with FREQ= and one of %(known)s, as in FREQ=MONTHLY;BYDAY=2SU."),
    ),
    "never_happens": Phrase(
        mark("%(written)s does not fall on any day."), mark("Check its days and months, and its UNTIL.")
    ),
    "out_of_years": Phrase(mark("The year is too far away."), mark("Start in a year from %(first)s to %(last)s.")),
    "bad_clock": Phrase(
        mark("%(written)s is not a time of day."),
        mark('Write hours and minutes in quotes: "09:00", at most "%(latest)s".'),
    ),
    "closes_first": Phrase(
        mark("The hours do not close after they open."), mark("Write opens before closes, both on the same day.")
    ),
    "bad_country": Phrase(
        mark("The public holidays of %(written)s are not available."),
        mark("Use the two letters of ISO 3166, such as JP."),
        near=mark("Did you mean %(nearest)s? Use the two letters of ISO 3166."),
    ),
    "level_twice": Phrase(
        mark("Another level of this policy starts at the same share of the budget."),
        mark("Merge the two, or change one."),
    ),
    "bad_slo_path": Phrase(
        mark("%(written)s does not name an SLO within its journey."), mark("Write it as journey/slo.")
    ),
    "unknown_slo": Phrase(
        mark("This app has no SLO %(slo)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? SLOs: %(known)s."),
    ),
    "unknown_team": Phrase(
        mark("No app has a team %(team)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Teams: %(known)s."),
    ),
    "mail_missing": Phrase(
        mark("E-mail needs addresses that it goes to."), mark("Write them under email: team@example.com.")
    ),
    "mail_unused": Phrase(mark("Nothing is sent to these addresses."), mark("Add email under to, or remove them.")),
    "quiet_never": Phrase(
        mark("Hours that end when they begin are never quiet."),
        mark("Write another time, or remove them; weekends: true makes whole Saturdays and Sundays quiet."),
    ),
    "rule_for_nobody": Phrase(
        mark("This rule gives the role %(role)s to nobody."),
        mark("Say to whom: groups, emails, domains or accounts."),
    ),
    "rule_of_no_app": Phrase(
        mark("No app is listed here, and a rule without a list is of all apps."),
        mark("List what it is of; for a rule of all apps leave out the key, and else the rule."),
    ),
    "rule_names_nothing": Phrase(
        mark("There is no %(what)s %(id)s that this rule could be about."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? There are: %(known)s."),
    ),
    "no_address": Phrase(
        mark("%(written)s is the address of nobody."),
        mark("Write an address as team@example.com, and a domain as example.com, each domain by itself."),
    ),
    "unknown_app": Phrase(
        mark("There is no app %(app)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Apps: %(known)s."),
    ),
    "unknown_policy": Phrase(
        mark("There is no policy %(policy)s in policies.yaml."),
        mark("Use one of: %(known)s; or add it there."),
        near=mark("Did you mean %(nearest)s? Policies: %(known)s."),
    ),
    "policy_unused": Phrase(
        mark("No app follows the policy %(policy)s."),
        mark("Name it under default, or as policy of an app; or remove it."),
    ),
    "risk_without_end": Phrase(
        mark("This risk lasts %(lasts_seconds)s and comes back every %(every_seconds)s, so that it would never end."),
        mark("Write a longer every (1m is a minute; a month is 30d), or shorter times to detect and repair."),
    ),
    "composite_mixed": Phrase(
        mark("The journey %(journey)s has SLOs of events and of time slices, which have no common sum."),
        mark("Write composite: worst_of, or give all of them one method."),
    ),
    "ledger_too_short": Phrase(
        mark("%(key)s is %(kept_seconds)s; %(app)s needs at least %(needed)s days of buckets."),
        mark("Write a longer time: its longest window, four weeks of lines and the time to its next review must fit."),
    ),
    "compacted_never": Phrase(
        mark("Buckets are deleted before compact_after, so none are ever compacted."),
        mark("Write a compact_after below keep (%(keep_seconds)s), or remove it."),
    ),
    "step_twice": Phrase(mark("The step %(step)s is in the order twice."), mark("Remove one of them.")),
    "step_left_out": Phrase(
        mark("The step %(step)s is left out, so that nobody sees its %(keys)s."),
        mark("Remove them, or leave_out."),
    ),
    "close_stays": Phrase(
        mark("The step close ends every review: it cannot be left out, nor come before another one."),
        mark("Remove this; close comes last by itself."),
    ),
}
STRUCTURE: Mapping[str, Phrase] = {
    "window_not_whole": Phrase(
        mark("A window of %(window)s is not a multiple of its %(part)s (%(length)s)."),
        mark("Choose a window that is a multiple of %(length)s."),
    ),
    "calendar_cuts": Phrase(
        mark("Days in %(zone)s begin within a %(part)s of %(length)s, which counts as a whole for the day before."),
        mark("Choose a length of %(meant)s, with which each day begins, or a rolling window."),
    ),
    "slice_not_whole": Phrase(
        mark("A slice of %(slice)s is not a multiple of the bucket (%(bucket)s)."),
        mark("Choose a slice that is a multiple of the bucket."),
    ),
    "slice_missing": Phrase(mark("The method timeslices needs a slice."), mark("Add slice: {length: 5m, target: 99}.")),
    "slice_unused": Phrase(
        mark("slice has no effect with the method occurrences."), mark("Remove it, or write method: timeslices.")
    ),
    "no_data_unused": Phrase(
        mark("no_data has no effect with the method occurrences."), mark("Remove it, or write method: timeslices.")
    ),
    "first_month_unused": Phrase(
        mark("first_month only shifts quarters and years."), mark("Remove it, or write calendar: quarter.")
    ),
    "first_day_unused": Phrase(
        mark("first_day does not shift days."), mark("Remove it; starts_at is when a day begins.")
    ),
    "duplicate_id": Phrase(
        mark("The id %(id)s is used for a second %(what)s; the first is in %(first_file)s, line %(first_line)s."),
        mark("Give one of them another id."),
    ),
    "same_title": Phrase(
        mark("The %(what)s %(id)s has the title %(name)s, as another %(what)s beside it."),
        mark("Give each its own title; readers cannot tell them apart."),
    ),
    "unknown_source": Phrase(
        mark("The source %(source)s is not in sources.yaml."),
        mark("Use one of: %(known)s; or add it there."),
        near=mark("Did you mean %(nearest)s? Sources: %(known)s."),
    ),
    "unknown_kind": Phrase(
        mark("%(kind)s is not a kind of source."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Kinds: %(known)s."),
    ),
    "source_unusable": Phrase(
        mark("The source %(source)s has errors and is not queried (SLOs: %(slos)s, signals: %(signals)s)."),
        mark("Correct it in sources.yaml."),
    ),
    "unknown_journey": Phrase(
        mark("This app has no journey %(journey)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Journeys: %(known)s."),
    ),
    "unknown_group": Phrase(
        mark("No infra signal is in the group %(group)s."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Groups: %(known)s."),
    ),
    "nothing_measured": Phrase(
        mark("The %(what)s %(id)s measures nothing."), mark("Add an SLO, so that both teams can see how it is doing.")
    ),
}
QUERIES: Mapping[str, Phrase] = {
    "no_sli_form": Phrase(
        mark("Nothing here defines what to measure."),
        mark("Write one of: %(known)s; docs/configuration.md shows each form."),
    ),
    "several_sli_forms": Phrase(
        mark("The SLI is written in several forms at once: %(forms)s."), mark("Keep exactly one of them.")
    ),
    "good_and_bad": Phrase(mark("Both good and bad are given."), mark("Keep one; the other follows from total.")),
    "same_parts": Phrase(
        mark("%(key)s and %(other)s are the same, so that all events would be good, or all bad."),
        mark("Write what tells the good events from the others."),
    ),
    "limit_looks_like_percent": Phrase(
        mark("A limit of %(written)s for a ratio means %(written)s times the whole, which is probably a mistake."),
        mark("Did you mean %(meant)s? Or write unit: percent."),
    ),
    "good_or_bad_missing": Phrase(mark("total has neither good nor bad with it."), mark("Add one of them.")),
    "error_and_success": Phrase(
        mark("Both error and success are given."), mark("Keep one; the other follows from it.")
    ),
    "percent_not_ratio": Phrase(
        mark("%(key)s looks like a percentage by its name; a ratio from 0 to 1 is needed."),
        mark("Divide it by 100: 0.5 percent would count as half of all events."),
    ),
    "weight_form": Phrase(
        mark("A weight has either an expression or a recorded rate."), mark("Write exactly one of expr and rate.")
    ),
    "under_and_range": Phrase(mark("Both under and range are given."), mark("Keep one of them.")),
    "under_or_range_missing": Phrase(
        mark("The distribution has neither under nor range."), mark("Add one of them, such as under: 300ms.")
    ),
    "form_not_answered": Phrase(
        mark("The source %(source)s (%(kind)s) does not support the form %(form)s."), mark("Use one of: %(known)s.")
    ),
    "unknown_placeholder": Phrase(mark("The placeholder %(placeholder)s is unknown."), mark("Use one of: %(known)s.")),
    "placeholder_in_selector": Phrase(
        mark("The placeholder %(placeholder)s is in a selector, where nothing is substituted."),
        mark("Remove it, or write a full expression: {expr: …}."),
    ),
    "window_not_used": Phrase(
        mark("The expression does not use $window, so it does not follow the bucket."),
        mark("Write increase(…[$window]) for the counts of one bucket."),
    ),
    "selector_has_range": Phrase(
        mark("A selector has no range in square brackets; the bucket is the range."), mark("Write %(meant)s.")
    ),
    "selector_in_function": Phrase(
        mark("%(key)s is a counter itself, without %(function)s(…): its increase in each bucket is calculated."),
        mark("Write %(meant)s."),
    ),
    "selector_unclosed": Phrase(
        mark("A %(missing)s is missing."), mark('Write name{label="value"}, with both braces and all quotes.')
    ),
    "selector_expected": Phrase(
        mark("%(key)s should be a plain selector."),
        mark('Write name{label="value"}; a full expression goes into {expr: …}.'),
    ),
    "rate_as_count": Phrase(
        mark("%(function)s(…) gives events per second, and the events of a bucket are counted here."),
        mark("Write increase(…[$window]), or multiply by the seconds of the bucket."),
    ),
    "histogram_has_edge": Phrase(
        mark("The histogram is limited to one le, so that its edges cannot be compared."),
        mark("Remove le; the threshold is written as under."),
    ),
    "histogram_named_bucket": Phrase(
        mark("A histogram is referred to by its base name."), mark("Write %(meant)s, without _bucket.")
    ),
}
ALERTS: Mapping[str, Phrase] = {
    "split_labels": Phrase(
        mark("split_by names one to %(most)s different labels."), mark("Write, for example, split_by: [route].")
    ),
    "split_form": Phrase(
        mark("An SLI of the form %(form)s cannot be split: its events belong to no values of labels."),
        mark("Remove split_by, or count events with total and good or bad."),
    ),
    "split_expression": Phrase(
        mark("This expression cannot be split by labels: it is not one sum as a whole."),
        mark("Write it as sum(…), or use a counter selector."),
    ),
    "alert_factor": Phrase(
        mark("A burn alert needs either a factor or a share of the budget."), mark("Write exactly one of them.")
    ),
    "alert_windows": Phrase(
        mark("The long window of a burn alert (%(long)s) is not longer than its short one (%(short)s)."),
        mark("Choose a longer long window, such as 1h with 5m."),
    ),
    "alert_too_fine": Phrase(
        mark(
            "The burn alert %(severity)s (%(long)s, %(short)s) covers less than one %(part)s of %(length)s,"
            " so it can never fire."
        ),
        mark("Choose longer windows for the alert, or leave it out."),
    ),
    "alert_unreachable": Phrase(
        mark(
            "The burn alert %(severity)s (%(long)s, %(short)s) can never fire: factor %(factor)s is too "
            "high for an objective of %(objective)s percent."
        ),
        mark("Lower the factor or the share, or leave this alert out."),
    ),
    "alert_beyond_window": Phrase(
        mark(
            "The burn alert %(severity)s (%(long)s, %(short)s) looks further back than the window of "
            "%(window)s: it can fire for events that no longer count."
        ),
        mark("Choose a shorter long window for the alert, or a longer window for the SLO."),
    ),
    "windows_cut": Phrase(
        mark(
            "Burn rates over %(windows)s are those of the last %(used)s,"
            " for only these are multiples of one %(part)s of %(length)s."
        ),
        mark("Write multiples of %(length)s in burn_windows and alerts."),
    ),
}
OUTSIDE: Mapping[str, Phrase] = {
    "variable_not_set": Phrase(
        mark("The environment variable %(name)s is not set."),
        mark("Set it where Tomoni is started, or remove ${%(name)s}."),
    ),
    "variable_empty": Phrase(
        mark("The environment variable %(name)s is empty."),
        mark("Set it to a value, or remove this key."),
    ),
    "variable_empty_part": Phrase(
        mark("The environment variable %(name)s is empty, and nothing stands in its place."),
        mark("Set it to a value, or remove it from this text."),
    ),
    "variable_misplaced": Phrase(
        mark("%(written)s stays as it is written here."),
        mark("Environment variables are filled in only in the values of sources.yaml."),
    ),
    "variable_lookalike": Phrase(
        mark("This value looks like an environment variable, and is used as it is written."),
        mark("Write it as ${NAME}."),
    ),
    "unknown_variable": Phrase(
        mark("The environment variable %(name)s sets nothing."),
        mark("Use one of: %(known)s."),
        near=mark("Did you mean %(nearest)s? Settings: %(known)s."),
    ),
    "bad_variable": Phrase(
        mark("%(written)s is not a reference to an environment variable or a file."),
        mark("Write ${NAME} or ${file:PATH}, or $$ for a dollar sign."),
    ),
    "file_not_read_here": Phrase(
        mark("Only passwords, tokens, headers and other secrets can be read from a file."),
        mark("Write the value, or take it from the environment as ${NAME}."),
    ),
    "retention_below_window": Phrase(
        mark(
            "The source %(source)s keeps %(retention_seconds)s, less than the window of %(window_seconds)s "
            "(affected SLOs: %(slos)s)."
        ),
        mark("Sync at least daily, so that the ledger remembers the rest; the first weeks stay incomplete."),
    ),
    "clock_differs": Phrase(
        mark("The clock of this machine is %(difference_seconds)s %(direction)s that of the source %(source)s."),
        mark("Synchronize both with a time server; nothing after the source's own time is fetched."),
    ),
}
NATIVE: Mapping[str, Phrase] = {
    "native_period": Phrase(
        mark("The period of %(slo)s (%(period)s) has no counterpart here."),
        mark("Write a window of your own, such as window: 28d."),
    ),
    "native_window": Phrase(
        mark("The window of %(slo)s (%(window)s) is not a multiple of the bucket (%(bucket)s)."),
        mark("Write a shorter bucket, or a window of your own."),
    ),
}
TABLE: Mapping[str, Phrase] = {**STRUCTURE, **QUERIES, **ALERTS, **OUTSIDE, **NATIVE, **AGREEMENTS}
