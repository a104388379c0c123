"""Likely SLIs, journeys and signals in words: what each is, why it is proposed, and how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tomoni.exploring.likely import Confidence, LikelyJourney, LikelySignal, LikelySli, Quality
from tomoni.slo.model import DAY, WORKBOOK_RULES, AlertRule, Definition, Objective, RollingWindow
from tomoni.words.reach import out_of_reach
from tomoni.words.text import Text, mark

_TITLES: Mapping[Quality, str] = {
    Quality.AVAILABILITY: mark("Requests that succeed"),
    Quality.LATENCY: mark("Requests that are fast"),
    Quality.UPTIME: mark("Time in which it can be reached"),
    Quality.DELIVERY: mark("Jobs that succeed"),
    Quality.BACKLOG: mark("Time in which little work waits"),
    Quality.FRESHNESS: mark("What is shown is fresh"),
    Quality.THROUGHPUT: mark("Time in which something happens"),
    Quality.SATURATION: mark("Time in which there is room left"),
    Quality.FAULTLESS: mark("Time without a failure"),
}
_TITLES_BY_DETECTOR: Mapping[str, str] = {"pubsub:delivery": mark("Messages that are handled")}
_REASONS: Mapping[Quality, str] = {
    Quality.AVAILABILITY: mark("%(metric)s counts requests, and its label %(label)s says which of them failed."),
    Quality.LATENCY: mark("%(metric)s says how long requests took; choose the limit that users would notice."),
    Quality.UPTIME: mark("%(metric)s says whether a check passed; each bucket of time counts once."),
    Quality.DELIVERY: mark("%(metric)s counts jobs, and those that failed are counted beside it."),
    Quality.BACKLOG: mark("%(metric)s says how much work waits; choose the limit that users would notice."),
    Quality.FRESHNESS: mark("%(metric)s says how old something is; choose the limit that users would notice."),
    Quality.THROUGHPUT: mark("%(metric)s counts what happens; each bucket of time counts once."),
    Quality.SATURATION: mark("%(metric)s says how full something is; choose the limit at which users would notice."),
    Quality.FAULTLESS: mark("%(metric)s counts what goes wrong; each bucket of time counts once."),
}
_BY_DETECTOR: Mapping[str, str] = {
    "native": mark("The source keeps this SLO already, with its objective and window."),
    "counted": mark("%(metric)s counts what happened, and what of it was good or bad."),
    "tomcat": mark("%(metric)s counts requests, and those that failed are counted beside it."),
    "aws": mark("%(metric)s counts requests, and those that failed are counted beside it."),
    "outcomes": mark("%(metric)s counts what happened, and what of it was good or bad."),
    "google_services:delivery": mark("%(metric)s counts attempts, and its label %(label)s says which succeeded."),
    "pubsub:delivery": mark("%(metric)s counts messages, and those that failed can be told from the others."),
    "databases:uptime": mark("%(metric)s says whether the database is up; each bucket of time counts once."),
    "columns:availability": mark(
        "The columns %(metric)s and %(label)s look like events and those that went well or not."
    ),
    "columns:latency": mark("The columns %(metric)s and %(label)s look like events and those that were fast enough."),
    "recorded": mark("Rules record this SLO already, in %(metric)s."),
}
_SIGNALS: Mapping[str, str] = {
    "cpu": mark("CPU in use"),
    "memory": mark("Memory in use"),
    "disk": mark("Disk in use"),
    "network": mark("Data received each second"),
    "container-cpu": mark("CPU of the containers"),
    "container-memory": mark("Memory of the containers"),
    "restarts": mark("Restarts of containers"),
    "db-connections": mark("Database connections in use"),
    "db-threads": mark("Database threads in use"),
    "cache-memory": mark("Memory of the cache"),
    "run-cpu": mark("CPU of the fullest container (Cloud Run)"),
    "run-memory": mark("Memory of the fullest container (Cloud Run)"),
    "gke-cpu": mark("CPU of the fullest container, of its limit"),
    "gke-memory": mark("Memory of the fullest container, of its limit"),
    "gke-restarts": mark("Restarts of containers"),
    "spanner-cpu": mark("CPU of Spanner"),
    "undelivered": mark("Messages that wait"),
    "db-cpu": mark("CPU of the database"),
    "db-memory": mark("Memory of the database"),
}


def sli_title(sli: LikelySli, text: Text) -> str:
    """What an SLI is called: by its source, else by what users would notice."""
    return sli.title or text._(_TITLES_BY_DETECTOR.get(_key(sli), _TITLES[sli.quality]))


def sli_titles(slis: Sequence[LikelySli], text: Text) -> list[str]:
    """What several SLIs are called beside each other: those of one title by their metrics too, and by numbers
    where even those are the same."""
    titles = [sli_title(sli, text) for sli in slis]
    shared = Counter(titles)
    named = [
        text._("%(title)s (%(metric)s)") % {"title": title, "metric": sli.metric} if shared[title] > 1 else title
        for title, sli in zip(titles, slis, strict=True)
    ]
    met: Counter[str] = Counter()
    told = []
    for each in named:
        met[each] += 1
        told.append(f"{each} {met[each]}" if met[each] > 1 else each)
    return told


def drafted_title(quality: Quality, metric: str, limit: str, text: Text) -> str:
    """What an SLI is called that is drafted on a metric: by what it measures, and its threshold where it has one."""
    title = text._("%(title)s (%(metric)s)") % {"title": text._(_TITLES[quality]), "metric": metric}
    return text._("%(title)s, limit %(limit)s") % {"title": title, "limit": limit} if limit else title


def _key(sli: LikelySli) -> str:
    return f"{sli.detector}:{sli.quality}"


def reason(sli: LikelySli, text: Text) -> str:
    """Why an SLI is proposed."""
    phrase = _BY_DETECTOR.get(sli.detector) or _BY_DETECTOR.get(_key(sli), _REASONS[sli.quality])
    said = text._(phrase) % {"metric": sli.metric, "label": sli.label}
    if sli.confidence is Confidence.OWN:
        return text.sentences(said, text._("A monitoring server counts this of itself: good for a first try."))
    if sli.confidence is Confidence.POSSIBLE:
        return text.sentences(said, text._("It is a guess by its name: check that it is meant so."))
    return said


def journey_title(journey: LikelyJourney, text: Text) -> str:
    """What a journey is called until the app team names it."""
    return text._("Use %(what)s") % {"what": journey.subject} if journey.subject else text._("First journey")


def signal_title(signal: LikelySignal, text: Text) -> str:
    """What a signal is called."""
    return text._(_SIGNALS[signal.id]) if signal.id in _SIGNALS else signal.title or signal.id


def meant(sli: float | None, seconds: float, objective: str, spent: float | None, text: Text) -> str:
    """What an objective would have meant over the seconds that were observed."""
    if sli is None:
        return text._("Nothing was counted in the last days; the preview is empty until something happens.")
    kept = text._("Over %(length)s %(sli)s were good.") % {"length": text.duration(seconds), "sli": text.percent(sli)}
    if spent is None:
        return kept
    if spent > 1:
        phrase = text._("An objective of %(objective)s would have been missed: %(spent)s of its budget spent.")
    else:
        phrase = text._("An objective of %(objective)s would have spent %(spent)s of its budget.")
    facts = {"objective": text.percent(float(objective) / 100), "spent": text.percent(spent, 0)}
    return text.sentences(kept, phrase % facts)


def without_pages(sli: LikelySli, objective: str, text: Text, rules: Sequence[AlertRule] = WORKBOOK_RULES) -> str:
    """That an objective (percent) is so low that a page of the alert ``rules`` can never come over the window of 28
    days that is proposed; empty where all can, and of an SLO that has the window of its source."""
    if "slo" in sli.keys:
        return ""
    return out_of_reach(Definition(Objective(Decimal(objective)), RollingWindow(28 * DAY), rules=tuple(rules)), text)
