"""Why a source rejects a query or does not find something, in words: by error code and reason."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.words.phrases import Phrase
from tomoni.words.text import mark

_ONE_FORM = mark("docs/configuration.md shows the forms that each kind of source supports.")

PROMETHEUS: Mapping[str, Phrase] = {
    "not_found.histogram_edge": Phrase(
        mark("The histogram has no edge at %(under)s s."),
        mark("Choose one of the existing edges: %(edges)s."),
        near=mark("The nearest edges are %(nearest)s. All of them: %(edges)s."),
    ),
    "query_refused.histogram_name": Phrase(
        mark("A histogram needs its name: %(query)s."), mark("Write the base name without _bucket, then the labels.")
    ),
    "query_refused.histogram_le": Phrase(
        mark("The selector of a histogram must not match on le: %(query)s."), mark("Remove it; under sets the edge.")
    ),
    "query_refused.selector_has_range": Phrase(
        mark("A selector has no range: %(query)s."), mark("Remove the square brackets.")
    ),
    "query_refused.selector_is_expression": Phrase(
        mark("This is an expression, not a selector: %(query)s."), mark("Write a full expression as {expr: …}.")
    ),
    "query_refused.selector_malformed": Phrase(
        mark("This selector cannot be read: %(query)s."), mark('Write name{label="value"}.')
    ),
    "query_refused.server_limit": Phrase(
        mark("The query is over a limit of the server, even for a short time."),
        mark("Select fewer series (a recording rule helps), or raise the limit on the server."),
    ),
    "query_refused.cannot_split": Phrase(
        mark("The %(role)s cannot be split by labels: it is not one sum of events as a whole."),
        mark("Write it as sum(…), use a counter selector, or remove split_by."),
    ),
    "query_refused.split_label": Phrase(
        mark("%(label)s is no name of a label."), mark("Write the labels of split_by as the metric has them.")
    ),
    "query_refused.several_series": Phrase(
        mark("The query returns %(count)s series for %(role)s, which differ in: %(labels)s."),
        mark("Aggregate to one series, such as with sum(…) or max(…)."),
    ),
    "query_refused.native_histogram": Phrase(
        mark("The query returns native histograms, not numbers."),
        mark("Write histogram: NAME with under: …, or histogram_count(increase(NAME[$window])) in an expression."),
    ),
    "query_refused.one_ratio": Phrase(
        mark("A recorded ratio needs either error or success."), mark("Write exactly one of them.")
    ),
    "query_refused.good_or_bad": Phrase(
        mark("total needs either good or bad with it."), mark("Write exactly one of them.")
    ),
    "query_refused.form_not_answered": Phrase(mark("This source does not answer the form %(form)s."), _ONE_FORM),
    "query_refused.too_many_series": Phrase(
        mark("This would read %(series)s series; the limit is %(most)s."),
        mark("Filter by a label, or add the series up on the server: sum by (…)."),
    ),
    "query_refused.too_many_points": Phrase(
        mark("This would read %(points)s points of each of %(series)s series: too much for one question."),
        mark("Choose a shorter time, or filter by a label."),
    ),
}
CLOUD: Mapping[str, Phrase] = {
    "not_found.metric": Phrase(
        mark("The project %(project)s has no metric %(name)s."),
        mark("Check its name in the Metrics Explorer, and that something has written to it."),
        near=mark("Did you mean %(nearest)s?"),
    ),
    "not_found.resource": Phrase(
        mark("There is no kind of resource %(name)s."), mark("Check resource.type in the filter.")
    ),
    "not_found.service": Phrase(
        mark("The project %(project)s has no service %(name)s."),
        mark("Check the name of the service in Cloud Monitoring."),
    ),
    "not_found.slo": Phrase(
        mark("Cloud Monitoring has no SLO %(name)s."),
        mark("Copy its name from Cloud Monitoring: projects/…/services/…/…"),
    ),
    "not_found.project": Phrase(
        mark("There is no project %(project)s, or access to it is denied."), mark("Check project in sources.yaml.")
    ),
    "query_refused.aligner": Phrase(
        mark("The aligner %(aligner)s does not fit a metric of kind %(metric_kind)s and type %(value_type)s."),
        mark("Use ALIGN_DELTA or ALIGN_RATE for counters, ALIGN_MEAN for gauges."),
    ),
    "query_refused.filter": Phrase(
        mark("Cloud Monitoring cannot read the filter."),
        mark("Try it in the Metrics Explorer, then copy it from there."),
    ),
    "query_refused.interval": Phrase(
        mark("Cloud Monitoring refused the interval."), mark("Check the clock of the machine that runs Tomoni.")
    ),
    "query_refused.aggregation": Phrase(
        mark("Cloud Monitoring refused the aggregation."), mark("Check aligner, reducer and group_by.")
    ),
    "query_refused.other": Phrase(
        mark("Cloud Monitoring refused the query."),
        mark("Try it in the Metrics Explorer, then copy it from there."),
    ),
    "bad_answer.unreadable_points": Phrase(
        mark("The points of the metric cannot be added up (%(filter)s)."),
        mark("Use a metric of whole numbers, decimals or distributions."),
    ),
    "query_refused.form": Phrase(mark("This source does not answer the form %(form)s."), _ONE_FORM),
    "query_refused.expression": Phrase(
        mark("The %(role)s is an expression; Cloud Monitoring needs filters."),
        mark('Write metric.type="…" resource.type="…".'),
    ),
    "query_refused.filter_unreadable": Phrase(
        mark("The filter of %(role)s cannot be read: %(detail)s."), mark("Check its brackets and quotes: %(filter)s.")
    ),
    "query_refused.no_metric": Phrase(
        mark("The filter of %(role)s names no metric: %(filter)s."), mark('Add metric.type="…".')
    ),
    "query_refused.not_a_distribution": Phrase(
        mark("%(metric)s is not a distribution (%(metric_kind)s, %(value_type)s)."),
        mark("Use a distribution metric such as …/total_latencies, or counts: total with good or bad."),
    ),
    "query_refused.not_a_gauge": Phrase(
        mark("%(metric)s is not a gauge (%(metric_kind)s, %(value_type)s)."),
        mark("Use total with good or bad for counts."),
    ),
    "query_refused.not_a_count": Phrase(
        mark("%(metric)s does not count events (%(metric_kind)s, %(value_type)s)."),
        mark("Use a DELTA or CUMULATIVE metric, or gauge with good_when."),
    ),
    "query_refused.unknown_aligner": Phrase(
        mark("There is no aligner %(aligner)s."), mark("Use one such as ALIGN_MEAN, ALIGN_RATE or ALIGN_DELTA.")
    ),
    "query_refused.unknown_reducer": Phrase(
        mark("There is no reducer %(reducer)s."), mark("Use one such as REDUCE_MEAN, REDUCE_SUM or REDUCE_MAX.")
    ),
    "query_refused.one_threshold": Phrase(
        mark("A distribution needs either under or range."), mark("Write exactly one of them.")
    ),
    "query_refused.threshold_unreadable": Phrase(
        mark("The threshold %(threshold)s cannot be read."),
        mark("Write it as 300ms, or as a number in the metric's unit."),
    ),
    "query_refused.threshold_unit": Phrase(
        mark("The threshold %(threshold)s is a duration, but %(metric)s is measured in %(unit)s."),
        mark("Write the threshold as a number in the metric's unit."),
    ),
}
FILES: Mapping[str, Phrase] = {
    "access_denied.folder": Phrase(
        mark("The folder %(folder)s is not readable."), mark("Make it readable for the user that runs Tomoni.")
    ),
    "access_denied.file": Phrase(
        mark("The file %(file)s is not readable."), mark("Make it readable for the user that runs Tomoni.")
    ),
    "not_found.no_folder": Phrase(
        mark("The folder %(folder)s does not exist."), mark("Check path in sources.yaml; it begins at that file.")
    ),
    "not_found.no_file": Phrase(
        mark("The file %(file)s does not exist."), mark("Check its name and the job that writes it.")
    ),
    "not_found.no_column": Phrase(mark("The file %(file)s has no column %(column)s."), mark("Use one of: %(known)s.")),
    "not_found.no_column_near": Phrase(
        mark("The file %(file)s has no column %(column)s."), mark("Did you mean %(nearest)s? Columns: %(known)s.")
    ),
    "query_refused.column_twice": Phrase(
        mark("The file %(file)s has two columns %(column)s."), mark("Rename one of them.")
    ),
    "query_refused.outside_folder": Phrase(
        mark("The file %(file)s is outside the folder of its source."), mark("Name a file inside the folder.")
    ),
    "query_refused.rows_too_coarse": Phrase(
        mark("The rows of %(file)s are %(spacing_seconds)s apart, longer than the bucket of %(step_seconds)s."),
        mark("Set bucket: to at least the spacing of the rows."),
    ),
    "query_refused.unknown_format": Phrase(
        mark("The file %(file)s has a format that is not supported."), mark("Write one of: %(known)s.")
    ),
    "bad_answer.not_utf8": Phrase(mark("The file %(file)s is not UTF-8 text."), mark("Save it as UTF-8.")),
    "bad_answer.unreadable_file": Phrase(
        mark("The file %(file)s cannot be read."),
        mark("Check that the job that writes it has finished, and its format."),
    ),
    "bad_answer.empty_file": Phrase(
        mark("The file %(file)s is empty."), mark("Check the job that writes it; the first line names the columns.")
    ),
    "bad_answer.too_many_rows": Phrase(
        mark("The file %(file)s has more than %(most)s rows."),
        mark("Split it into several files, or write only the days that are reviewed."),
    ),
    "bad_answer.no_good_row": Phrase(
        mark("No row of %(file)s can be read; the first is line %(first_line)s."),
        mark("Write a time (ISO 8601 or Unix seconds) and numbers of at least 0."),
    ),
}
DEMO: Mapping[str, Phrase] = {
    "query_refused.no_columns": Phrase(
        mark("Series of the demo such as %(name)s have no columns."), mark("Leave out total, good and bad.")
    ),
    "not_found.no_series": Phrase(mark("The demo has no series %(name)s."), mark("Use one of: %(known)s.")),
    "not_found.no_series_near": Phrase(
        mark("The demo has no series %(name)s."), mark("Did you mean %(nearest)s? Series: %(known)s.")
    ),
    "query_refused.step": Phrase(
        mark("The demo does not support buckets of %(step_seconds)s."), mark("Use a bucket of whole minutes.")
    ),
}
TABLE: Mapping[str, Phrase] = {**PROMETHEUS, **CLOUD, **FILES, **DEMO}
