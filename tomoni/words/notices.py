"""Notes on the data, in words: the notices on a figure, and the findings of checking a query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from data_sources.base import Finding, Notice
from tomoni.words import errors
from tomoni.words.falling import FALLS
from tomoni.words.phrases import Facts, Phrase, look_up
from tomoni.words.text import Text, mark

TABLE: Mapping[str, Phrase] = {
    **FALLS,
    "numerator_absent": Phrase(
        mark("The good or bad events did not exist in %(buckets)s buckets and were counted as 0."),
        mark("For bad events that is usual while nothing fails; otherwise check the spelling of the query."),
        one=mark("The good or bad events did not exist in %(buckets)s bucket and were counted as 0."),
    ),
    "good_above_total": Phrase(
        mark("In %(buckets)s buckets there were more good events than events; they count as all good."),
        mark("Late or differently sampled data can cause this; check that both queries select the same events."),
        one=mark("In %(buckets)s bucket there were more good events than events; they count as all good."),
    ),
    "bad_above_total": Phrase(
        mark("At some times there were more bad events than events; they count as all bad."),
        mark("Late or differently sampled data can cause this; check that both queries select the same events."),
    ),
    "bad_above_total.at_times": Phrase(
        mark(
            "From %(since)s to %(until)s there were at times more bad events than events (by %(events)s, most "
            "recently); they count as all bad."
        ),
        mark("Late or differently sampled data can cause this; check that both queries select the same events."),
    ),
    "negative_count": Phrase(
        mark("The query of %(role)s returned negative counts in %(buckets)s buckets, which are left out."),
        mark("Subtract only what is certainly smaller, or count directly."),
        one=mark("The query of %(role)s returned negative counts in %(buckets)s bucket, which is left out."),
    ),
    "out_of_range": Phrase(
        mark("The source returned impossible numbers in %(buckets)s buckets, which are left out."),
        mark("They are negative counts, or too large to be true: run the query on the source itself."),
        one=mark("The source returned impossible numbers in %(buckets)s bucket, which is left out."),
    ),
    "not_a_share": Phrase(
        mark("The %(role)s ratio was outside of 0 to 1 in %(buckets)s buckets (%(worst)s), which are left out."),
        mark("Write a ratio from 0 to 1; divide a percentage by 100."),
        one=mark("The %(role)s ratio was outside of 0 to 1 in %(buckets)s bucket (%(worst)s), which is left out."),
    ),
    "not_finite": Phrase(
        mark("The query of %(role)s returned values that are not numbers in %(buckets)s buckets, which are left out."),
        mark("A division by zero can cause this; count events instead of dividing."),
        one=mark(
            "The query of %(role)s returned values that are not numbers in %(buckets)s bucket, which is left out."
        ),
    ),
    "first_events_unknown": Phrase(
        mark("The first events of new series are not counted: the source could not answer the query for them."),
        mark("The counts may be low by one event for each new series; a narrower selector makes the query smaller."),
    ),
    "split_label_nowhere": Phrase(
        mark("No series has %(labels)s: all events are in one part."),
        mark("Write the labels of split_by as the source has them."),
    ),
    "split_unknown": Phrase(
        mark("The parts by %(labels)s are not known: the source has not answered for them."),
        mark("`check` says what is wrong with split_by; with the next sync they may come."),
    ),
    "matches_nothing": Phrase(
        mark("The query matches nothing."), mark("Check its names and labels in the source's own UI.")
    ),
    "several_series": Phrase(
        mark("%(count)s series came back and were combined (%(combined)s)."), mark("Name a reducer to choose how.")
    ),
    "threshold_between_edges": Phrase(
        mark("The threshold %(threshold)s is between two edges (%(below)s and %(above)s %(unit)s)."),
        mark("The good events are an estimate; a threshold at an edge makes them exact."),
    ),
    "threshold_between_edges.above_all_edges": Phrase(
        mark("The threshold %(threshold)s is above the last edge (%(below)s %(unit)s)."),
        mark("The good events are an estimate; choose a threshold within the edges."),
    ),
    "threshold_between_edges.below_all_edges": Phrase(
        mark("The threshold %(threshold)s is below the first edge (%(above)s %(unit)s)."),
        mark("The good events are an estimate; choose a threshold within the edges."),
    ),
    "compacted": Phrase(
        mark("Up to %(until)s only sums of full hours are stored: lines, episodes and prices are of full hours."),
        mark("Alerts of windows below an hour are not looked at there, and other methods are not shown."),
    ),
    "compacted_window": Phrase(
        mark(
            "The window ends with a full hour (%(at)s): else it would begin or end within one that is stored as a sum."
        ),
        mark("Choose a moment at a full hour."),
    ),
    "days_deleted": Phrase(
        mark("The buckets up to %(until)s were deleted, as the configuration says; the figures are without them."),
        mark("A snapshot of that time has all of its figures."),
    ),
    "estimated": Phrase(
        mark("The good events are an estimate: the SLI is between %(low)s and %(high)s."),
        mark("A threshold at an edge of the distribution makes it exact."),
    ),
    "native_definition_unknown": Phrase(
        mark("The objective and the window of this SLO are kept by its source, which has not been queried yet."),
        mark("Sync, or write them here."),
    ),
    "native_definition_unknown.failed": Phrase(
        mark("The source did not report the objective and the window of this SLO: %(error)s"),
        mark("Until then nothing can be judged; or write them here."),
    ),
    "native_definition_unknown.period": Phrase(
        mark("The period that the source keeps for this SLO (%(period)s) has no counterpart here."),
        mark("Write a window of your own, such as window: 28d."),
    ),
    "native_definition_unknown.window": Phrase(
        mark("The window that the source keeps for this SLO (%(period)s) is not a multiple of the bucket."),
        mark("Write a shorter bucket, or a window of your own."),
    ),
    "edge_absent": Phrase(
        mark("The histogram had no such edge in %(buckets)s buckets, which are left out."),
        mark("Choose an edge that the app always exposes."),
        one=mark("The histogram had no such edge in %(buckets)s bucket, which is left out."),
    ),
    "bad_rows": Phrase(
        mark("%(rows)s rows of %(file)s cannot be read and are skipped; the first is on line %(first_line)s."),
        mark("Write a time (ISO 8601 or Unix seconds) and numbers of at least 0."),
        one=mark("%(rows)s row of %(file)s cannot be read and is skipped; it is on line %(first_line)s."),
    ),
    "repeated_times": Phrase(
        mark(
            "%(rows)s rows of %(file)s have the same time as another row; they are added up. The first is "
            "on line %(first_line)s."
        ),
        mark("Check that the job does not write twice."),
        one=mark(
            "%(rows)s row of %(file)s has the same time as another row; they are added up. It is on line "
            "%(first_line)s."
        ),
    ),
    "partial_answer": Phrase(
        mark("The source returned a partial answer: %(detail)s"),
        mark("Missing data is requested again."),
    ),
    "beyond_retention": Phrase(
        mark("The source keeps nothing before %(until)s at this resolution."),
        mark("Sync at least daily, so that the ledger remembers it."),
    ),
    "server_warning": Phrase(mark("The source warns: %(text)s")),
    "server_info": Phrase(mark("The source notes: %(text)s")),
    "partly_observed": Phrase(
        mark("%(coverage)s of the window was observed."),
        mark("What was not observed counts neither as good nor as bad."),
    ),
    "unobserved_is_good": Phrase(
        mark("%(coverage)s of the window was observed."),
        mark("From the first data on, a slice of time without any data counts as good, as agreed for this SLO."),
    ),
    "unobserved_is_bad": Phrase(
        mark("%(coverage)s of the window was observed."),
        mark("From the first data on, a slice of time without any data counts as bad, as agreed for this SLO."),
    ),
    "collecting": Phrase(
        mark("The history begins on %(since)s; that is too short for a verdict."),
        mark("It is judged from %(until)s on; until then the numbers cover the data so far."),
    ),
    "source_changed": Phrase(
        mark(
            "The source changed its data of %(start)s to %(end)s after it was first fetched (events there: "
            "%(events_before)s before, %(events_after)s now; found on %(at)s)."
        ),
        mark("The figures contain the newer data; older snapshots show what was known at the time."),
    ),
    "silent": Phrase(
        mark("Nothing has been observed since %(since)s, although the source answers."),
        mark("Check whether the metric still exists under this name and with these labels."),
    ),
    "only_a_rate": Phrase(
        mark("The query of %(role)s gives events per second, where the events of a bucket are needed."),
        mark("Write sum(increase(…[$window])), or give recorded rates as rate: {…}."),
    ),
    "only_a_ratio": Phrase(
        mark("The query of %(role)s gives a share, where the events of a bucket are needed."),
        mark("Write the counters of which it is the share, or a recorded ratio as ratio: {…}."),
    ),
    "not_a_rate": Phrase(
        mark("The query of %(role)s gives no events per second."),
        mark("Write sum(rate(…)); counts of a bucket are written without rate:."),
    ),
    "not_a_ratio": Phrase(
        mark("The query of %(role)s gives no share from 0 to 1."),
        mark("Divide by all events, or write counters as total and bad."),
    ),
    "counts_recorded": Phrase(
        mark(
            "The query counts how fast a recorded series grows; what a recording rule made is a number, not a counter."
        ),
        mark("Show it as it is, or take rate(…) of the counter that the rule reads."),
    ),
    "sum_before_increase": Phrase(
        mark("The query of %(role)s takes the increase of a sum, which falls with each series that ends."),
        mark("Add up afterwards: sum(increase(…[$window]))."),
    ),
    "parts_alike": Phrase(
        mark("%(role)s and %(other)s select the same events."), mark("Restrict one of them by its labels.")
    ),
    "not_nested": Phrase(
        mark("%(role)s is not restricted by %(label)s as total is: it also selects events of others."),
        mark("Give it every label that total has."),
    ),
    "not_nested.disjoint": Phrase(
        mark("%(role)s selects %(label)s %(value)s, which total (%(other)s) does not contain."),
        mark("Give both the same labels."),
    ),
    "numerator_not_part": Phrase(
        mark(
            "In %(buckets)s of %(busy)s buckets with events there were more good events than events "
            "(by %(excess_ratio)s)."
        ),
        mark("The good events are not part of the total: compare the names and labels of both queries."),
    ),
    "total_frozen": Phrase(
        mark("From %(since)s to %(until)s every bucket has exactly %(events)s events."),
        mark("Real traffic varies: check whether the exporter or the recording rule is stuck."),
    ),
    "traffic_stopped": Phrase(
        mark("There has been no event since %(since)s, where about %(expected)s were to be expected."),
        mark("If the traffic did not stop, check the exporter and whether its labels changed."),
    ),
    "burn_constant": Phrase(
        mark(
            "From %(since)s to %(until)s every bucket has the same number or share of bad events "
            "(%(bad_ratio)s of all)."
        ),
        mark("A probe that always fails does that; otherwise check the query of the bad or good events."),
    ),
    "no_burn": Phrase(
        mark("Of %(events)s events not one was bad; the objective allows %(allowed)s."),
        mark("That is rare: check that the query can see failures, on a day with a known incident."),
    ),
    "traffic_step": Phrase(
        mark(
            "The definition changed on %(at)s; at the same times it counts %(after)s events where the former "
            "one counted %(before)s."
        ),
        mark("Check that the new query selects what was agreed; figures of both are not comparable."),
    ),
    "time_excluded": Phrase(
        mark("%(excluded_seconds)s of the window is excluded by agreement."),
        mark("Excluded times count neither as good nor as bad."),
    ),
    "definition_held": Phrase(
        mark("The definition in %(file)s:%(line)s cannot be read; the last good one stays in force."),
        mark("Correct the file; the check command lists every problem."),
    ),
    "definition_changed": Phrase(
        mark("The definition changed on %(at)s (%(changed)s)."),
        mark("The figures are for the definition in force, over the whole window."),
    ),
    "not_up_to_date": Phrase(
        mark("The newest data is from %(until)s; it should reach %(wanted)s."),
        mark("The figures are those of the last known moment."),
    ),
}


# Data that cannot be right: figures made of it are not to be trusted. (`no_burn` is for information.)
DOUBTFUL = frozenset({"numerator_not_part", "total_frozen", "traffic_stopped", "burn_constant", "traffic_step"})
DOUBTFUL |= {"only_a_rate", "only_a_ratio", "not_a_rate", "not_a_ratio", "sum_before_increase", "counter_falls"}
DOUBTFUL |= {"parts_alike", "not_nested", "not_a_share"}


def doubts(found: Iterable[Notice]) -> list[Notice]:
    """Those of the notices that say that the data cannot be right."""
    return [notice for notice in found if notice.code in DOUBTFUL]


_UNKNOWN_METRIC = Phrase(
    mark("The source has no metric %(metric)s."),
    mark("No name there is like it. Check its name, and that something exposes it."),
    near=mark("Did you mean %(nearest)s?"),
)
_UNKNOWN_LABEL = Phrase(
    mark("The metric %(metric)s has no label %(label)s."),
    mark("Use one of: %(known)s."),
    near=mark("Did you mean %(nearest)s? Labels: %(known)s."),
)
NOTHING: Mapping[str, Phrase] = {
    "matches_nothing.unknown_metric": _UNKNOWN_METRIC,
    "numerator_matches_nothing.unknown_metric": Phrase(
        mark("The source has no metric %(metric)s, so the %(role)s events count as 0."),
        mark("Did you mean %(nearest)s?"),
    ),
    "matches_nothing.unknown_label": _UNKNOWN_LABEL,
    "numerator_matches_nothing.unknown_label": Phrase(
        mark("The metric %(metric)s has no label %(label)s, so the %(role)s events count as 0."),
        mark("Did you mean %(nearest)s? Labels: %(known)s."),
    ),
    "matches_nothing.unknown_value": Phrase(
        mark("No series of %(metric)s has %(label)s = %(value)s."),
        mark("Values that it has: %(known)s."),
        near=mark("Did you mean %(nearest)s? Values: %(known)s."),
    ),
    "matches_nothing.not_together": Phrase(
        mark("Each label matcher of %(metric)s finds series, but no series matches all of them."),
        mark("Remove matchers one by one in the source's own UI to see which exclude each other."),
    ),
    "matches_nothing.no_metrics": Phrase(
        mark("The source has no metrics at all yet."),
        mark("If it has just started, wait for its first scrapes; otherwise check its scrape configuration."),
    ),
    "matches_nothing.no_samples_yet": Phrase(
        mark("The metric %(metric)s exists, but has no whole bucket yet: its first sample is from %(since_at)s."),
        mark("Wait until a bucket has passed, then sync."),
    ),
    "matches_nothing.gone": Phrase(
        mark("The metric %(metric)s was there before, but not now; it was last seen on %(last_seen_at)s."),
        mark("Check what exposed it: a renamed or removed metric needs a new query."),
    ),
    "matches_nothing.too_rare": Phrase(
        mark("The metric %(metric)s has a sample every %(scrape_seconds)s, too few for buckets of %(bucket_seconds)s."),
        mark("Use a bucket of at least three samples, or scrape more often."),
    ),
}


def describe(notice: Notice, text: Text) -> str:
    """A notice in one or two sentences."""
    facts = dict(notice.facts)
    if notice.code == "native_definition_unknown" and facts.get("error"):
        # The reason is an error of the source, and is worded like one.
        facts["error"] = errors.describe(str(facts["error"]), {}, str(facts.get("detail", "")), text)[0]
    what, hint = look_up(TABLE, notice.code, facts, text)
    return text.sentences(what, hint)


FINDINGS: Mapping[str, Phrase] = {
    **TABLE,
    **NOTHING,
    "matches_nothing": Phrase(
        mark("The query matches nothing."), mark("Check its names and labels in the source's own UI.")
    ),
    "numerator_matches_nothing": Phrase(
        mark("The query of %(role)s events matches nothing, so they count as 0."),
        mark("That is fine if none have occurred yet; otherwise check its labels."),
    ),
    "scrape_interval": Phrase(
        mark("The source takes a sample every %(scrape_seconds)s; a bucket of %(bucket_seconds)s has too few of them."),
        mark("Use a bucket of at least three samples, or scrape more often."),
    ),
    "retention_short": Phrase(
        mark("The source keeps %(retention_seconds)s, less than the %(interval_seconds)s that are needed."),
        mark("Sync at least daily, so that the ledger remembers the rest; the first weeks stay incomplete."),
    ),
    "not_a_counter": Phrase(
        mark("%(metric)s is a %(type)s, but %(role)s needs a counter."),
        mark("Use a counter, or gauge with good_when."),
    ),
    "unknown_label": Phrase(
        mark("The filter of %(role)s names the label %(label)s, which the metric does not have."),
        mark("Use one of: %(known)s."),
    ),
    "increase_bridges": Phrase(
        mark("After an outage, increase() of VictoriaMetrics counts all of its events for %(role)s in one bucket."),
        mark("Write the selector of the counter instead; Tomoni then counts each bucket by itself."),
    ),
    "no_window": Phrase(
        mark("The expression of %(role)s does not use $window, so it does not follow the bucket."),
        mark("Write increase(…[$window]) for the counts of one bucket."),
    ),
    "unknown_placeholder": Phrase(
        mark("The placeholder %(placeholder)s is unknown."), mark("Only $window is substituted.")
    ),
}


def describe_finding(finding: Finding, text: Text) -> tuple[str, str]:
    """The finding, and what to do about it."""
    return describe_code(finding.code, finding.facts, text)


def describe_code(code: str, facts: Facts, text: Text) -> tuple[str, str]:
    """The same for a code with its facts; a finding may also be a source's error with its own text as ``detail``."""
    if code in errors.CODES:
        return errors.describe(code, facts, str(facts.get("detail", "")), text)
    return look_up(FINDINGS, code, facts, text)
