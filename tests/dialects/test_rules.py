"""Prometheus rules: they are valid, and fire when and only when the product's alerts do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.dialects.promtool import Replay, check_rules, exported, shop, slo_of
from tomoni.catalog.schema import App, Slo
from tomoni.slo.alerts import alert_history
from tomoni.slo.model import Buckets, FloatArray, Severity

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]

MINUTES = 300
EVERY = 3
ALERTS = [
    {"severity": "page", "long": "30m", "short": "5m", "factor": 10},
    {"severity": "page", "long": "1h", "short": "15m", "factor": 4, "min_events": 1000},
    {"severity": "ticket", "long": "2h", "short": "30m", "factor": 2},
]
Samples = dict[str, list[float | None]]


def world(seed: int) -> tuple[Samples, FloatArray, FloatArray, FloatArray]:
    """Counters of five hours with three incidents and an outage of the probe, and the events of each minute: all, bad,
    and what the probe saw (NaN in its outage)."""
    rng = np.random.default_rng(seed)
    total = rng.poisson(20, MINUTES).astype(np.float64)
    total[200:215] = 0
    share = np.full(MINUTES, 0.002)
    for start, length, much in ((40, 8, 0.9), (100, 30, 0.15), (225, 50, 0.06)):
        share[start : start + length] = much
    bad = rng.binomial(total.astype(np.int64), share).astype(np.float64)
    probe = np.where(rng.random(MINUTES) < share, 0.0, 1.0)
    probe[150:175] = np.nan

    def counter(events: FloatArray) -> list[float | None]:
        return [0.0, *np.cumsum(events).tolist()]

    # The samples of a gauge in a bucket are those of both its ends in Prometheus 2: nothing is sampled at its end.
    gauge = [None if np.isnan(v) or minute % 5 == 0 else v for minute, v in enumerate([1.0, *probe.tolist()])]
    samples = {'a_total{app="shop"}': counter(total), 'a_total{app="shop",code="500"}': counter(bad), "probe": gauge}
    samples["good_total"] = counter(total - bad)
    samples["bad_total"] = counter(bad)
    samples["all_total"] = counter(total)
    del samples['a_total{app="shop"}'], samples['a_total{app="shop",code="500"}']
    return samples, total, bad, np.array([np.nan if v is None else v for v in gauge])


def bucketed(events: FloatArray) -> FloatArray:
    return np.asarray(events.reshape(-1, 5).sum(axis=1))


def ledger(slo: Slo, total: FloatArray, bad: FloatArray, probe: FloatArray) -> Buckets:
    """The buckets as the ledger has them."""
    if slo.id == "probe":
        whole = probe[1:].reshape(-1, 5)
        seen = ~np.isnan(whole[:, :4]).all(axis=1)
        means = np.full(len(whole), np.nan)
        means[seen] = np.nanmean(whole[seen, :4], axis=1)
        good = np.where(seen, (means >= 0.5).astype(np.float64), np.nan)
        return Buckets(0, 300, good, np.where(seen, 1.0, np.nan), np.zeros(len(good), dtype=np.bool_))
    all_, wrong = bucketed(total), bucketed(bad)
    return Buckets(0, 300, all_ - wrong, all_, np.zeros(len(all_), dtype=np.bool_))


def asked(slo: Slo, held: Buckets) -> list[tuple[int, str]]:
    """At minutes between the ends of buckets too: whether each alert fires, as the product says."""
    history = alert_history(held, slo.definition, 0, held.end)
    questions = []
    for severity, alert in ((Severity.PAGE, "ErrorBudgetBurnPage"), (Severity.TICKET, "ErrorBudgetBurnTicket")):
        spans = [(each.start, each.end or held.end + 300) for each in history if each.rule.severity is severity]
        series = f'ALERTS{{alertname="{alert}",alertstate="firing",slo="{slo.id}",severity="{severity.value}"}}'
        for minute in range(30, MINUTES, EVERY):  # in the middle of buckets too
            at = minute * 60 // 300 * 300
            wanted = any(start <= at < end for start, end in spans)
            questions.append((minute, f"count({series}) == bool 1" if wanted else f"absent(count({series}))"))
        assert spans or slo.id == "probe", (slo.id, severity)
    return questions


def _replay(app: App, seed: int) -> tuple[Mapping[str, Sequence[float | None]], list[tuple[int, str]]]:
    samples, *truth = world(seed)
    slos = [slo for journey in app.journeys for slo in journey.slos]
    return samples, [question for slo in slos for question in asked(slo, ledger(slo, *truth))]


def test_alerts_fire_in_the_same_evaluation_as_the_products_and_never_else(tmp_path: Path) -> None:
    slices = {"method": "timeslices", "slice": {"length": "5m", "target": 95}}
    texts = {
        "total": {"expr": "sum(increase(all_total[$window]))"},
        "bad": {"expr": "sum(increase(bad_total[$window]))"},
    }
    app = shop(
        slo_of("bad", {"total": "all_total", "bad": "bad_total"}),
        slo_of("good", {"total": "all_total", "good": "good_total"}),
        slo_of("both", {"good": "good_total", "bad": "bad_total"}),
        slo_of("texts", texts),
        slo_of("probe", {"gauge": "probe", "good_when": ">= 0.5"}, alerts=[ALERTS[0], ALERTS[2]]),
        slo_of("slices", {"total": "all_total", "good": "good_total"}, **slices, alerts=[ALERTS[0], ALERTS[2]]),
        slo_of(
            "long-slices",
            texts,
            **{**slices, "slice": {"length": "10m", "target": 95}},
            bucket="5m",
            alerts=[{**ALERTS[0], "short": "10m"}, ALERTS[2]],
        ),
        alerts=ALERTS,
    )
    samples, questions = _replay(app, 20261128)
    written = exported("rules", app, every=f"{EVERY}m")
    rules = written.files["shop.rules.yaml"]
    check_rules(rules, folder=tmp_path)
    Replay(rules, samples, questions).run(tmp_path)


def test_a_query_that_no_prometheus_loads_keeps_no_other_rule_from_being_loaded(tmp_path: Path) -> None:
    fine = slo_of("fine", {"total": "a", "bad": "b"})
    broken = slo_of("broken", {"total": {"expr": "vector(1)[$window]"}, "bad": {"expr": "sum(increase(b[$window]))"}})
    elsewhere = slo_of("elsewhere", {"ratio": {"error": "histogram_share(0.2, sum(rate(b[$window])))"}})
    told = {line.what: (line.reason, line.left_out) for line in exported("rules", shop(broken, elsewhere)).lines}
    assert told["shop/order/broken"] == ("rules_refused", True)
    assert told["shop/order/elsewhere"] == ("rules_unknown", False)
    written = exported("rules", shop(fine, broken)).files["shop.rules.yaml"]
    check_rules(written, folder=tmp_path)
    assert "slo: 'fine'" in written
