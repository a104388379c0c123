"""How well alerts found what burned, as JSON data: for programs, and beside the record of a snapshot."""

from __future__ import annotations

from typing import Any

from tomoni.review.alerting import is_told
from tomoni.review.model import Review
from tomoni.slo.alert_quality import AlertQuality, FiredAlert, JudgedEpisode
from tomoni.snapshots.record.status import rfc3339

Json = dict[str, Any]


def quality_json(review: Review, quality: AlertQuality) -> Json:
    """The figures of an app and a period, its alerts and its episodes; absent values are null, times in seconds. Where
    nothing tells of alerts it is not known whether episodes had one."""
    told = is_told(review, quality)
    detection, reset = quality.detection or (None, None), quality.reset or (None, None)
    return {
        "app": review.app.id,
        "from": rfc3339(quality.start),
        "until": rfc3339(quality.end),
        "precision": quality.precision,
        "recall": quality.recall if told else None,
        "detection_seconds": {"median": detection[0], "longest": detection[1]},
        "reset_seconds": {"median": reset[0], "longest": reset[1]},
        "alerts": [{**_alert(each.alert), "episodes": each.episodes} for each in quality.alerts],
        "episodes": [_episode(each, told) for each in quality.episodes],
        "slos_without_budget": list(quality.without_budget),
    }


def _alert(alert: FiredAlert) -> Json:
    return {
        "events": list(alert.ids),
        "title": alert.title,
        "name": alert.name,
        "severity": alert.severity,
        "slo": alert.slo or None,
        "at": rfc3339(alert.start),
        "until": _moment(alert.end),
        "began_before": alert.before,
        "url": alert.url,
    }


def _episode(each: JudgedEpisode, told: bool) -> Json:
    return {
        "slo": each.slo,
        "start": rfc3339(each.episode.start),
        "end": rfc3339(each.episode.end),
        "share_of_budget": each.episode.share_of_budget,
        "alerted": each.first is not None if told else None,
        "detected_seconds": each.detected,
        "reset_seconds": each.reset,
        "would_have_fired": _moment(each.would_fire),
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)
