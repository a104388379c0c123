"""What is said of alerts that fired, beside what burned."""

from __future__ import annotations

from collections.abc import Mapping

from tomoni.review.model import SloTrack
from tomoni.slo.alert_quality import AlertQuality, FiredAlert, JudgedEpisode
from tomoni.words.apart import within_its_app
from tomoni.words.text import Text


def lead(quality: AlertQuality, text: Text, told: bool = True) -> str:
    """The figures in sentences; ``told`` is whether anything tells of alerts."""
    if not quality.alerts:
        none = text._("No alert that fired in this period is known.")
        return text.sentences(none, _recall(quality, text), *_without_budget(quality, text)) if told else none
    n, share = len(quality.alerts), text.percent(quality.precision, 0)
    precise = text.n_(
        "%(good)s of %(n)s alert belongs to an episode (precision %(share)s).",
        "%(good)s of %(n)s alerts belong to an episode (precision %(share)s).",
        n,
    ) % {"good": text.count(quality.precise), "n": text.count(n), "share": share}
    times = [_times(each, quality, text) for each in ("detection", "reset")]
    return text.sentences(
        precise, _recall(quality, text), *(each for each in times if each), *_without_budget(quality, text)
    )


def _without_budget(quality: AlertQuality, text: Text) -> list[str]:
    n = len(quality.without_budget)
    if not n:
        return []
    sentence = text.n_(
        "%(n)s SLO has an objective of 100 %% and so no budget: what was bad there is no episode here.",
        "%(n)s SLOs have an objective of 100 %% and so no budget: what was bad there is no episode here.",
        n,
    )
    return [sentence % {"n": text.count(n)}]


def _recall(quality: AlertQuality, text: Text) -> str:
    n = len(quality.episodes)
    if not n:
        return text._("Nothing burned noticeably.")
    facts = {"found": text.count(quality.found), "n": text.count(n), "share": text.percent(quality.recall, 0)}
    return (
        text.n_(
            "%(found)s of %(n)s episode had an alert (recall %(share)s).",
            "%(found)s of %(n)s episodes had an alert (recall %(share)s).",
            n,
        )
        % facts
    )


def _times(which: str, quality: AlertQuality, text: Text) -> str:
    found = quality.detection if which == "detection" else quality.reset
    if found is None:
        return ""
    facts = {"median": text.duration(round(found[0])), "longest": text.duration(found[1])}
    if which == "detection":
        return text._("Detection time: %(median)s (median), %(longest)s at most.") % facts
    return text._("Reset time: %(median)s (median), %(longest)s at most.") % facts


def how_to(text: Text) -> str:
    """How alerts come in."""
    return text._(
        "Point a webhook of Alertmanager or Grafana at /api/events, or name the ALERTS of a Prometheus under events in "
        "the app's file."
    )


def fired(alert: FiredAlert, text: Text) -> str:
    """When an alert fired, and what is not known of it."""
    if alert.end is not None:
        when = text.near_span(alert.start, alert.end)
    else:
        when = text._("from %(moment)s, its end is not known") % {"moment": text.near_moment(alert.start)}
    earlier = text._("or earlier")
    return f"{when} ({earlier})" if alert.before else when


def named(alert: FiredAlert, tracks: Mapping[str, SloTrack], text: Text) -> str:
    """An alert by its severity, its title and the SLO that it is about."""
    parts = [alert.severity, alert.title, slo_name(alert.slo, tracks, text) if alert.slo else ""]
    return " · ".join(part for part in parts if part)


def slo_name(path: str, tracks: Mapping[str, SloTrack], text: Text) -> str:
    """An SLO with its journey."""
    track = tracks.get(path)
    if track is None:
        return path
    return " / ".join(within_its_app(track.status, text.language))


def missed(each: JudgedEpisode, text: Text) -> str:
    """Of an episode without an alert whether a rule of its SLO would have fired."""
    if each.would_fire is None:
        return text._("no rule of the SLO would have fired")
    return text._("a rule of the SLO would have fired at %(moment)s") % {"moment": text.near_moment(each.would_fire)}
