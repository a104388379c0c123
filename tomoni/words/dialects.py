"""The report of an import or an export in words: what became of each thing, and why."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.catalog.codes import Code, severity_of
from tomoni.catalog.schema import Problem, Spot
from tomoni.dialects.report import Fact, Fate, Line
from tomoni.words import problems
from tomoni.words.phrases import Phrase, plain
from tomoni.words.text import Text, mark

FATES: Mapping[Fate, str] = {
    Fate.EXACT: mark("exact"),
    Fate.APPROXIMATED: mark("approximated"),
    Fate.NOT_EXPRESSIBLE: mark("not expressible"),
    Fate.IGNORED: mark("ignored"),
}
_LEFT_OUT = mark("left out")
_CHECK = "check:"
REASONS: Mapping[str, Phrase] = {
    # Reading a file
    "unknown_key": Phrase(mark("the key %(key)s has no counterpart here")),
    "missing_key": Phrase(mark("the key %(key)s is missing")),
    "wrong_type": Phrase(mark("the key %(key)s has to be %(expected)s")),
    "other_kind": Phrase(mark("it is no spec of %(dialect)s (%(found)s)")),
    "empty": Phrase(mark("%(key)s says nothing")),
    "half_a_pair": Phrase(mark("a key and a value belong together")),
    "bookkeeping": Phrase(mark("%(key)s is bookkeeping of the tool that keeps the file")),
    "renamed": Phrase(mark("another SLO there is called %(name)s: this one becomes %(id)s")),
    "one_app": Phrase(mark("a journey has no %(key)s")),
    "no_spec": Phrase(mark("it is a text, and no spec")),
    "no_slos": Phrase(mark("it has no SLOs")),
    # What is counted
    "objective": Phrase(mark("an objective of %(value)s is not above 0 and at most 100 percent")),
    "irate": Phrase(
        mark("irate looks at the last two samples only; the increase of the whole bucket is counted instead")
    ),
    "fixed_range": Phrase(
        mark("the query looks back %(length)s whatever the window; a bucket takes that value, times its length")
    ),
    "grouped": Phrase(mark("one SLO over all groups of the query stands for one of each group")),
    "not_a_rate": Phrase(
        mark(
            "the query is no rate: its value in each bucket is counted as events, so the share is right, "
            "and the number of events is that of the query"
        )
    ),
    "no_sli": Phrase(mark("it does not say what is counted")),
    "no_selector": Phrase(mark("it is not the selector of one metric")),
    "grouping": Phrase(
        mark(
            "each value of %(labels)s is a part of one SLO; its budget and its alerts are those of all values together"
        )
    ),
    "grouping_many": Phrase(mark("one SLO over all values of %(labels)s stands for one of each value")),
    "rules_of_tool": Phrase(mark("%(key)s is about the rules that the tool generates")),
    "absent_alert": Phrase(mark("a metric that vanished is told by every page; there is no alert on it to keep")),
    "alerts_dynamic": Phrase(
        mark(
            "the tool moves the limits of its alerts with the traffic; those here stay, and need min_events for low "
            "traffic"
        )
    ),
    "alerts_wait": Phrase(mark("the tool's alerts wait %(first)s to %(last)s before they fire, those here do not")),
    "fine_bucket": Phrase(
        mark(
            "its shortest alerts need buckets of %(length)s, which hold no two samples where scrapes are as far apart: "
            "write bucket: 5m there, which these alerts cannot use"
        )
    ),
    "one_severity": Phrase(mark("alerts of one severity have one label here: %(value)s")),
    "query_refused": Phrase(mark("%(source)s refuses the query: %(detail)s")),
    "query_unreadable": Phrase(mark("a Prometheus would refuse the query: %(detail)s")),
    # Objects, sources and thresholds
    "other_version": Phrase(mark("it is %(found)s, and %(known)s is read")),
    "unused": Phrase(mark("%(key)s is not used by any SLO of these files")),
    "not_found": Phrase(mark("there is no %(kind)s %(name)s in these files")),
    "words_of_objects": Phrase(mark("%(key)s only names or describes an object that SLOs refer to")),
    "words_of_alerts": Phrase(mark("%(key)s only names or describes an alert")),
    "connection": Phrase(mark("how a source is reached is said in sources.yaml")),
    "source_type": Phrase(mark("no source here reads %(name)s; if one does, name it with --map")),
    "operator": Phrase(mark("%(written)s is not known here")),
    "two_parts": Phrase(mark("two of total, good and bad are needed, of one source")),
    "threshold_only": Phrase(mark("%(key)s belongs to indicators with a threshold")),
    "slices_only": Phrase(mark("%(key)s belongs to another budgeting method")),
    "buckets_not_points": Phrase(
        mark("each bucket's mean is one event here, and not each data point: short dips within a bucket level out")
    ),
    "sampled": Phrase(mark("the query is no counter: the values of its samples are added up as events")),
    "range_is_bucket": Phrase(mark("the range %(length)s of the query becomes the bucket")),
    # Windows, slices and weights
    "calendar_length": Phrase(mark("%(written)s rolling is taken as %(length)s")),
    "no_window": Phrase(mark("it names no window: %(window)s is assumed; name it with --window if it is another one")),
    "no_calendar": Phrase(mark("without a calendar the window is taken as rolling")),
    "rolling_calendar": Phrase(mark("a rolling window has no calendar")),
    "minutes_or_months": Phrase(mark("%(written)s is minutes; months are written with a capital M")),
    "calendar_period": Phrase(mark("a calendar window of %(written)s is none of day, week, month, quarter and year")),
    "moment": Phrase(mark("%(written)s is no date and time")),
    "off_the_period": Phrase(
        mark("not every %(unit)s begins at %(written)s: here with a whole minute, and on the 28th at the latest")
    ),
    "slice_length": Phrase(mark("a slice of %(written)s is not made of whole buckets")),
    "slice_as_buckets": Phrase(mark("the mean is taken over buckets of %(length)s")),
    "weight": Phrase(mark("the SLOs of a journey have no weights: the worst one counts")),
    "one_title": Phrase(mark("an SLO with one objective has one title here, which is “%(title)s”")),
    "calendar_as_rolling": Phrase(
        mark(
            "no calendar window here has several periods: “%(written)s” is taken as the last %(length)s, at every "
            "moment"
        )
    ),
    "other_spelling": Phrase(mark("it is called “%(key)s” in this form of the file, where “%(written)s” is not read")),
    "label_list": Phrase(mark("a label has one value here: %(value)s")),
    # Backends and methods
    "mql": Phrase(mark("MQL has no counterpart here; PromQL reads the same metrics")),
    "method": Phrase(mark("the method %(written)s of %(backend)s has no counterpart here")),
    "results_of_tool": Phrase(mark("%(key)s is about where and when the tool sends its results")),
    "words_of_policy": Phrase(mark("what a team does about a budget is written in policies.yaml")),
    "only_reported": Phrase(mark("the step is reported, and does not alert")),
    "no_policy": Phrase(mark("its error budget policy is in none of the files: a window of %(window)s is assumed")),
    "bad_before_valid": Phrase(mark("beside filter_bad the tool does not use it")),
    "averaged": Phrase(
        mark("the window takes the mean of the buckets' shares: quiet buckets weigh as much as busy ones")
    ),
    "first_series": Phrase(mark("the tool takes the first series of an answer; all of them are added up here")),
    "project_of_source": Phrase(mark("the project is that of the source")),
    "bucket_index": Phrase(
        mark("the edge of a bucket by its number is known to the server only: write range with the edge of %(metric)s")
    ),
    "above_threshold": Phrase(mark("good events above a threshold have no counterpart here")),
    "bounds_assumed": Phrase(
        mark("bucket %(written)s is taken to end at %(edge)s, as in Google's metrics of this kind")
    ),
    "range_without_end": Phrase(mark("the range has no %(key)s: it is taken to have no end")),
    "other_sources": Phrase(mark("queries of several sources have no counterpart here")),
    "percentile_of_events": Phrase(
        mark("no percentile is needed: the objective says how many events are within the threshold")
    ),
    "min_failures": Phrase(mark("alerts here need a number of events, and not of failures")),
    "only_native": Phrase(mark("only Google counts this: create the SLO there, then import it with its full name")),
    # Alerts of policies
    "no_burn_rate": Phrase(mark("%(written)s is no burn rate")),
    "upside_down": Phrase(
        mark("with %(written)s it would fire while nothing burns; above the threshold is taken as meant")
    ),
    "alert_waits": Phrase(mark("the alert fires at once here, and not after %(length)s")),
    "never_alerts": Phrase(mark("it never alerts")),
    "notifications": Phrase(mark("who is told is not part of an app's file")),
    "duration": Phrase(mark("%(written)s is no length of time here")),
    "plugin": Phrase(mark("what the plugin %(id)s asks for is in its code, not in the file")),
    "rule_plugins": Phrase(mark("plugins change the rules that the tool generates; %(key)s is not used")),
    "window_in_file": Phrase(
        mark("it says its window, %(window)s; the %(length)s that were asked for are for SLOs without one")
    ),
    "window_answered": Phrase(mark("its window is the %(window)s that were asked for")),
    "window_assumed": Phrase(
        mark(
            "the window is an option of the tool, not of the file: %(window)s is assumed; "
            "name it with --window if it is another one"
        )
    ),
    # Writing files for another tool
    "rules_head": Phrase(
        mark("Written by python cli.py export rules from the app's file; changes here are lost with the next export.")
    ),
    "rules_recording": Phrase(
        mark(
            "Counts are those of whole buckets, as in the ledger. The first event of a new series and agreed "
            "exclusions are not part of them."
        )
    ),
    "rules_query": Phrase(mark("its query is none that Prometheus can be asked")),
    "rules_histogram": Phrase(
        mark(
            "the edge %(under)s of a classic histogram is looked for in the usual spellings; a native one counts "
            "first, which needs Prometheus 2.40, or --classic-histograms where the server knows none"
        )
    ),
    "rules_classic": Phrase(
        mark(
            "the edge %(under)s is looked for in the usual spellings, of a classic histogram; a native one "
            "alone is not counted"
        )
    ),
    "rules_refused": Phrase(
        mark(
            "a Prometheus would load no rule of a file with its query (%(detail)s); mend the query in the app's file, "
            "and export again"
        )
    ),
    "rules_unknown": Phrase(mark("only a server that knows the function loads the file: %(detail)s")),
    "rules_calendar": Phrase(
        mark("the alerts take the longest %(calendar)s, of %(days)s days, so in shorter ones they fire later than here")
    ),
    "rules_clocks": Phrase(
        mark(
            "the alerts take a %(calendar)s of 24 hours a day, also where the clocks change and a day is "
            "shorter or longer"
        )
    ),
    "rules_budget": Phrase(mark("the budget that is left of a calendar window cannot be recorded")),
    "rules_exclusions": Phrase(
        mark("agreed exclusions are not known to the rules; mute the alerts meanwhile where they are routed")
    ),
    "rules_no_allowance": Phrase(mark("an objective of 100%% has no burn rate, so there are no alerts")),
    "rules_unreachable": Phrase(mark("the alert (%(severity)s, %(long)s) can never fire, and is not written")),
    "writes_no_source": Phrase(mark("its source %(source)s is not in sources.yaml")),
    "writes_source": Phrase(mark("its source %(source)s is of kind %(kind)s, which %(tool)s cannot ask")),
    "writes_calendar": Phrase(mark("%(tool)s knows no calendar windows (%(period)s)")),
    "writes_slices": Phrase(mark("%(tool)s counts events, not slices of time")),
    "writes_form": Phrase(mark("%(tool)s has no form for what it counts")),
    "writes_goal": Phrase(mark("%(tool)s takes objectives of at most %(highest)s percent")),
    "writes_histogram": Phrase(
        mark(
            "the edge %(under)s is written as le in its usual spelling; write it as the server has it. A native "
            "histogram alone is not counted"
        )
    ),
    "writes_subquery": Phrase(
        mark("its buckets are added up by a subquery, so that the share is right; %(tool)s has no simpler form for it")
    ),
    "writes_share": Phrase(
        mark("%(tool)s takes the mean of the share over its window, as here; an import has it as an expression")
    ),
    "writes_other_form": Phrase(
        mark("%(tool)s has its expression as a rate; an import takes it for the counter, or the count, behind it")
    ),
    "writes_split": Phrase(mark("%(tool)s counts all values of %(labels)s together: parts of an SLO are not written")),
    "writes_parts": Phrase(mark("%(tool)s judges each value of %(labels)s by itself, with its own budget and alerts")),
    "writes_at_most": Phrase(mark("%(tool)s has no greatest number of parts")),
    "writes_keys": Phrase(mark("%(tool)s has no key for what the app's file says under %(keys)s")),
    "words_unread": Phrase(mark("it is no note of an export of Tomoni that can be read")),
    "writes_exclusions": Phrase(mark("%(tool)s knows no exclusions")),
    "writes_min_events": Phrase(mark("%(tool)s has no least number of events for an alert")),
    "writes_alerts": Phrase(mark("%(tool)s has alert windows of its own; those of this SLO are others")),
    "sloth_head": Phrase(
        mark("Written by python cli.py export sloth. Run Sloth with the window of these SLOs: %(length)s.")
    ),
    "pyrra_head": Phrase(mark("Written by python cli.py export pyrra.")),
    "pyrra_good": Phrase(mark("good events are in Pyrra those of a latency; the numbers are the same")),
    "openslo_head": Phrase(mark("Written by python cli.py export openslo.")),
    "openslo_threshold": Phrase(
        mark("the condition is met by the mean of a bucket here, in OpenSLO by each point of the metric")
    ),
    "openslo_no_data": Phrase(mark("what a slice without data counts as (%(written)s) has no counterpart")),
    "openslo_alerts": Phrase(mark("its own alerts are not written: a condition of OpenSLO has one window only")),
    "terraform_head": Phrase(mark("Written by python cli.py export terraform.")),
    "google_window": Phrase(mark("Google takes windows of 1 to 30 whole days, and the calendar's day, week and month")),
    "google_zone": Phrase(mark("Google's calendar may begin at another hour than that of the zone %(zone)s")),
    "google_unit": Phrase(mark("the threshold %(under)s is written in milliseconds; the metric may have another unit")),
    "google_alerts": Phrase(mark("burn alerts are alert policies of their own at Google, and not written")),
    "grafana_alerts": Phrase(mark("Grafana alerts at the burn rates of 30 days, whatever the window is")),
    "backstage_head": Phrase(
        mark("Written by python cli.py export backstage; take the annotations into your own catalog-info.yaml.")
    ),
    "dashboard_head": Phrase(
        mark("Written by python cli.py export grafana; it shows the series of python cli.py export rules.")
    ),
    "dashboard_bad": Phrase(mark("Share of bad events")),
    "dashboard_burn": Phrase(mark("Burn rate")),
    "dashboard_budget": Phrase(mark("Budget left")),
    "dashboard_events": Phrase(mark("Events of the last hour")),
    "alert_page": Phrase(mark("%(title)s: the error budget burns fast")),
    "alert_ticket": Phrase(mark("%(title)s: the error budget burns steadily")),
    "alert_absent": Phrase(mark("%(title)s: the metric of the SLI is gone")),
    "alert_page_why": Phrase(mark("At this rate a large share of the error budget is gone within hours. Act now.")),
    "alert_ticket_why": Phrase(mark("At this rate the error budget is gone before its window ends. Act within days.")),
    "alert_absent_why": Phrase(mark("Nothing was observed, so no alert of this SLO can fire.")),
    "alert_share": Phrase(mark("Share of bad events:")),
}


def reason_text(code: str, facts: Mapping[str, Fact], text: Text) -> str:
    """A code of this module with its facts in words."""
    return REASONS[code].describe(facts, text)[0]


def why(line: Line, text: Text) -> str:
    """The reason of a line as a sentence without its end."""
    if line.reason.startswith(_CHECK):
        code = line.reason.removeprefix(_CHECK)
        found = Problem(Spot(line.file, line.line), severity_of(Code(code)), code, line.facts)
        return problems.describe(found, text)[0].rstrip(".。")
    phrase = REASONS.get(line.reason)
    return phrase.describe(line.facts, text)[0] if phrase else line.reason


def line_text(line: Line, text: Text) -> str:
    """One line of a report: ``file:line: what: fate: why``."""
    fate = text._(_LEFT_OUT) if line.left_out else text._(FATES[line.fate])
    head = f"{line.file}:{max(line.line, 1)}: {line.what}: {fate}" if line.what else f"{line.file}:{line.line}: {fate}"
    return plain(f"{head}: {why(line, text)}" if line.reason else head, longest=1200)
