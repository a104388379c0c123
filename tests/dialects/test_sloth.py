"""Sloth's specs as app files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from data_sources.queries import Expression, Ratio, RecordedRate, RecordedRatio
from tests.dialects.corpus import SLOTH
from tests.dialects.importing import brought
from tests.dialects.promtool import Replay, exported, shop, slo_of
from tomoni.dialects.found import DAY, Wanted

PLAIN = """\
version: prometheus/v1
service: checkout
labels: {owner: payments}
slos:
  - name: requests-availability
    objective: 99.9
    description: Orders that go through.
    labels: {tier: "2"}
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="shop",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="shop"}[{{ .window }}]))
    alerting:
      name: CheckoutErrors
      labels: {category: availability}
      annotations: {summary: Orders fail}
      page_alert: {labels: {severity: critical}}
      ticket_alert: {disable: true}
"""
KUBERNETES = """\
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: shop, namespace: monitoring}
spec:
  service: checkout
  slos:
    - name: latency
      objective: 99
      sli: {raw: {errorRatioQuery: 'job:slow:ratio_rate5m'}}
      alerting: {pageAlert: {disable: true}, ticketAlert: {disable: true}}
"""


def test_a_plain_spec_comes_over_with_everything_it_says(tmp_path: Path) -> None:
    found = brought("sloth", tmp_path, PLAIN, wanted=Wanted(lambda kind, name: "prometheus", window_seconds=30 * DAY))
    slo = found.slos["requests-availability"]
    assert slo.sli == Ratio(total='http_requests_total{job="shop"}', bad='http_requests_total{job="shop",code=~"5.."}')
    assert slo.definition.objective.percent == Decimal("99.9")
    assert [(rule.severity.value, rule.long_seconds) for rule in slo.definition.rules] == [
        ("page", 3600),
        ("page", 21_600),
    ]
    assert slo.kept.marks.labels == {"owner": "payments", "tier": "2"}
    assert (slo.kept.alerting.name, slo.kept.alerting.page.labels) == ("CheckoutErrors", {"severity": "critical"})
    assert found.told() == []
    assert "# From " + str(tmp_path / "0000.yaml") + ":5." in found.texts["checkout"]


def test_the_form_of_kubernetes_comes_over_too(tmp_path: Path) -> None:
    found = brought("sloth", tmp_path, KUBERNETES)
    slo = found.slos["latency"]
    assert isinstance(slo.sli, RecordedRatio)
    assert slo.definition.rules == ()
    assert found.told() == ["3 metadata ignored bookkeeping", "7 spec.slos[0] approximated window_assumed"]


def test_what_is_no_plain_counter_keeps_its_share_and_its_number_of_events(tmp_path: Path) -> None:
    def of(error: str, total: str) -> object:
        spec = PLAIN.replace(PLAIN.split("error_query: ")[1].split("\n", maxsplit=1)[0], f"'{error}'")
        spec = spec.replace(spec.split("total_query: ")[1].split("\n")[0], f"'{total}'")
        return brought("sloth", tmp_path, spec).slos["requests-availability"].sli

    both = of("sum(rate(a[{{.window}}])) + sum(rate(b[{{.window}}]))", "sum(rate(c[{{.window}}]))")
    assert both == Ratio(total="c", bad=Expression(expr="sum(increase(a[$window])) + sum(increase(b[$window]))"))
    odd = of("sum(rate(a[{{.window}}])) / 2", "sum(rate(c[{{.window}}]))")
    assert isinstance(odd, RecordedRate)
    assert odd.rate.bad == "sum(rate(a[$window])) / 2"


@pytest.mark.prometheus
def test_what_never_failed_or_never_worked_has_a_share_in_written_specs(tmp_path: Path) -> None:
    app = shop(
        slo_of("flawless", {"total": "all_total", "bad": "none_total"}),
        slo_of("failing", {"total": "all_total", "good": "none_total"}),
        slo_of("only-good", {"good": "all_total", "bad": "none_total"}),
        slo_of("only-bad", {"good": "none_total", "bad": "all_total"}),
        slo_of("gone", {"total": "none_total", "bad": "none_either_total"}),
        slo_of("edge", {"histogram": "x_seconds", "under": "300ms"}),  # spelt otherwise at the server
    )
    series = {"all_total": [float(n) for n in range(31)], "x_seconds_count": [float(n) for n in range(31)]}
    (text,) = exported("sloth", app).files.values()
    shares = {}
    for slo in yaml.safe_load(text)["slos"]:
        events = {key: query.replace("{{.window}}", "5m") for key, query in slo["sli"]["events"].items()}
        shares[slo["name"]] = f"({events['error_query']}) / ({events['total_query']})"
    right = {"flawless": 0, "failing": 1, "only-good": 0, "only-bad": 1}
    asked = [(20, f"({shares[name]}) == bool {share}") for name, share in right.items()]
    asked += [(20, f"absent({shares[name]})") for name in ("gone", "edge")]
    Replay("groups: []\n", series, asked).run(tmp_path)


def test_a_part_that_is_zero_without_its_series_is_a_counter_and_a_total_is_not(tmp_path: Path) -> None:
    counter = 'sum(rate(http_requests_total{job="shop",code=~"5.."}[{{.window}}]))'
    found = brought("sloth", tmp_path, PLAIN.replace(counter, f"{counter} or vector(0)"))
    assert found.slos["requests-availability"].sli == Ratio(
        total='http_requests_total{job="shop"}', bad='http_requests_total{job="shop",code=~"5.."}'
    )
    total = 'sum(rate(http_requests_total{job="shop"}[{{ .window }}]))'
    sli = brought("sloth", tmp_path, PLAIN.replace(total, f"{total} or vector(0)")).slos["requests-availability"].sli
    assert isinstance(sli, Ratio)
    assert isinstance(sli.total, Expression)


def test_services_whose_names_have_no_letter_of_an_id_stay_apart(tmp_path: Path) -> None:
    names = ("注文", "API 注文", "支払い", "api", "Café", "注文", "cafe")
    found = brought("sloth", tmp_path, *(SLOTH.replace("service: shop", f"service: {name}") for name in names))
    apps = {id_: (app.title("en"), len(app.journeys[0].slos)) for id_, app in found.apps.items()}
    assert apps == {
        "imported": ("注文", 2),
        "api-2": ("API 注文", 1),
        "imported-2": ("支払い", 1),
        "api": ("api", 1),
        "cafe": ("Café", 2),
    }
