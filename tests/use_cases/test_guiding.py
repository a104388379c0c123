"""The guided start: what an objective would have meant, the file that is drafted, and where a page may write it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data_sources.base import Answer, Interval, NativeDefinition, Request, Series
from data_sources.errors import BadAnswer
from tests.exploring.worlds import WORLDS, stock
from tests.google_stand_in.asking import source_at
from tests.google_stand_in.estate import estate
from tests.google_stand_in.server import running
from tomoni.access.policy import EVERYTHING, Grants
from tomoni.catalog.who_may import Role
from tomoni.exploring.detectors.table import found_in
from tomoni.exploring.draft import Draft, journey_of, slug
from tomoni.exploring.likely import LikelySli, Quality
from tomoni.settings import ProcessSettings
from tomoni.slo.alerts import reachable
from tomoni.slo.model import DAY, HOUR, WORKBOOK_RULES, AlertRule, Objective, Severity
from tomoni.use_cases.background import BackgroundRefresh
from tomoni.use_cases.first_app import faults, may_write, write_new
from tomoni.use_cases.guiding import Preview, find_likely, preview
from tomoni.words import detected
from tomoni.words.app_file import app_lines, scalar
from tomoni.words.text import text_for

SOURCES = (
    "sources:\n  prometheus: {kind: prometheus, url: http://127.0.0.1:9090}\n"
    "  gcp: {kind: cloud_monitoring, project: p}\n"
)


def seen(bad: float, days: int = 28, per_bucket: float = 100) -> Preview:
    interval = Interval(0, days * DAY, 300)
    total = np.full(len(interval), per_bucket)
    return Preview(interval, total * (1 - bad), total)


@pytest.mark.parametrize(
    ("bad", "objective"), [(0.0, "99.99"), (0.0002, "99.95"), (0.0015, "99.5"), (0.02, "95"), (0.3, "90")]
)
def test_an_objective_to_begin_with_leaves_some_budget_and_is_never_the_current_value(
    bad: float, objective: str
) -> None:
    assert seen(bad).objective == objective


def test_little_history_speaks_for_no_high_objective() -> None:
    assert seen(0.0, days=1).objective == "99"
    assert seen(0.0, per_bucket=0.1).objective == "99"


def test_what_an_objective_would_have_meant_is_said_in_both_languages() -> None:
    one = seen(0.0015)
    said = [
        detected.meant(one.sli, one.observed_seconds, "99.9", one.spent("99.9"), text_for(each))
        for each in ("en", "ja")
    ]
    assert said[0] == (
        "Over 28 d 99.85% were good. An objective of 99.9% would have been missed: 150% of its budget spent."
    )
    assert "150%" in said[1]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    ("objective", "factor", "comes"), [("90", None, False), ("95", None, True), ("95", 25.0, False), ("50", 1.5, True)]
)
def test_an_objective_at_which_a_page_can_never_come_says_so(
    objective: str, factor: float | None, comes: bool, language: str
) -> None:
    rules = WORKBOOK_RULES if factor is None else (AlertRule(Severity.PAGE, HOUR, 300, given_factor=factor),)
    sli = LikelySli(Quality.AVAILABILITY, {"total": "a", "bad": "b"}, "a")
    said = detected.without_pages(sli, objective, text_for(language), rules)
    assert (said == "") is comes
    allowance = Objective(Decimal(objective)).allowance
    assert all(reachable(rule, 28 * DAY, allowance, 300) for rule in rules if rule.severity is Severity.PAGE) is comes
    of_google = replace(sli, keys={"slo": "projects/p/services/s/serviceLevelObjectives/o"})
    assert detected.without_pages(of_google, objective, text_for(language), rules) == "", "its window is its source's"


def test_nothing_counted_is_said_and_spends_nothing() -> None:
    nothing = seen(0.0, per_bucket=0)
    assert (nothing.sli, nothing.spent("99"), len(nothing.by_hour())) == (None, None, 0)
    assert "Nothing was counted" in detected.meant(None, 0, "99", None, text_for("en"))


@dataclass
class _Answering:
    id: str = "prometheus"
    kind: str = "prometheus"
    lag_seconds: int = 60

    def fetch(self, requests: Sequence[Request]) -> Iterator[Answer]:
        for request in requests:
            size = len(request.interval)
            columns = {"good": np.full(size, 9.0), "total": np.full(size, 10.0), "absent": np.zeros(size)}
            yield Answer(request, Series(request.interval, columns))


def test_a_preview_reads_the_last_days_as_far_as_the_source_can_be_trusted() -> None:
    (journey, *_) = found_in(stock(WORLDS[0].metrics)).journeys
    one = preview(_Answering(), journey.slis[0], now=100 * DAY + 7)  # type: ignore[arg-type]
    assert one.interval == Interval(72 * DAY - 300, 100 * DAY - 300, 300)
    assert one.sli == pytest.approx(0.9)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_file_of_what_was_found_has_no_errors(world: object, language: str, tmp_path: Path) -> None:
    text = text_for(language)
    metrics = world.metrics  # type: ignore[attr-defined]
    found = found_in(stock(metrics))
    if not found.journeys:
        return
    source = "gcp" if "googleapis" in metrics or "istio.io" in metrics else "prometheus"
    journey = journey_of(found.journeys[0], detected.journey_title(found.journeys[0], text))
    draft = Draft("shop", "My: shop # 1", source, (journey,), found.signals, {"app": "it's us", "infra": "{a}"})
    (tmp_path / "sources.yaml").write_text(SOURCES)
    content = "\n".join(app_lines(draft, text)) + "\n"
    assert faults(tmp_path, "apps/shop.yaml", content) == []
    assert yaml.safe_load(content)["teams"] == {"app": "it's us", "infra": "{a}"}


@given(st.text(max_size=60))
def test_whatever_is_typed_stays_the_same_text(written: str) -> None:
    try:
        again = yaml.safe_load(f"a: {scalar(written)}")
    except yaml.reader.ReaderError:  # what no YAML file may hold at all
        return
    assert again == {"a": written}


@given(st.text(max_size=60))
def test_every_name_becomes_an_id(words: str) -> None:
    assert slug(words, "my-app").replace("-", "").isalnum()


@pytest.mark.parametrize(
    ("setting", "local", "allowed"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_a_page_writes_only_where_it_is_allowed(
    setting: bool | None, local: bool, allowed: bool, tmp_path: Path
) -> None:
    settings = ProcessSettings.model_validate({"config": tmp_path, "write_config": setting})
    assert may_write(settings, local, EVERYTHING) is allowed
    assert not may_write(settings, local, Grants(Role.MEMBER))


def test_nothing_is_overwritten_and_no_part_is_left_behind(tmp_path: Path) -> None:
    write_new(tmp_path, "apps/shop.yaml", "first")
    with pytest.raises(FileExistsError):
        write_new(tmp_path, "apps/shop.yaml", "second")
    assert [(path.name, path.read_text()) for path in (tmp_path / "apps").iterdir()] == [("shop.yaml", "first")]


def test_a_refresh_that_is_wanted_soon_follows_the_one_that_runs() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def once() -> None:
        begun.set()
        go_on.wait(60)
        done.append(1)

    refresh = BackgroundRefresh(once, 3600, lambda: 0.0)
    refresh.start_if_due()
    assert begun.wait(60)
    refresh.start_soon()
    go_on.set()
    for _ in range(6000):
        if len(done) == 2:
            break
        threading.Event().wait(0.01)
    assert len(done) == 2


@dataclass
class _KeepingSlos(_Answering):
    refused: bool = False

    def native_definitions(self) -> Sequence[NativeDefinition]:
        if self.refused:
            raise BadAnswer("gcp")
        name = "projects/p/services/shop/serviceLevelObjectives/fast"
        return [NativeDefinition(name, "Fast", Objective(Decimal("99.5")), None, "", "request_based")]


def test_the_slos_that_a_source_keeps_are_found_where_it_has_nothing_else_to_tell() -> None:
    found = find_likely(_KeepingSlos(), now=100 * DAY)  # type: ignore[arg-type]
    assert [sli.detector for journey in found.journeys for sli in journey.slis] == ["native"]
    with pytest.raises(BadAnswer):
        find_likely(_KeepingSlos(refused=True), now=100 * DAY)  # type: ignore[arg-type]


# Of which detector and quality, and of whom; the share of good events in the stand-in's two days.
IN_THE_ESTATE = {
    ("load_balancer", "availability", "shop"): 0.99,
    ("load_balancer", "latency", "shop"): 0.99,
    ("cloud_run", "availability", "shop"): 0.99,
    ("cloud_run", "latency", "shop"): 0.99,
    ("mesh", "availability", "shop"): 0.99,
    ("google_services", "availability", "shop"): 0.99,  # of Storage and of Apigee
    ("google_services", "delivery", "shop"): 0.99,
    ("pubsub", "delivery", "shop"): 0.99,
    ("pubsub", "delivery", "pulled"): 0.99,
    ("pubsub", "backlog", "pulled"): 1 - 30 / 2880,
    ("databases", "availability", "shop"): 0.99,
    ("uptime", "uptime", "shop.example.com"): 1 - 30 / 2880,
}


def test_what_a_project_of_google_uses_is_found_and_previewed_and_what_it_only_lists_is_not() -> None:
    with running(estate()) as server:
        source = source_at(server)
        found = find_likely(source, server.world.now)
        slis = [sli for journey in found.journeys for sli in journey.slis]
        seen = [(sli, preview(source, sli, server.world.now, days=3)) for sli in slis]
        source.close()
    assert [one.error for _, one in seen if one.error is not None] == []
    shares = {(sli.detector, str(sli.quality), sli.subject): one.sli for sli, one in seen}
    assert shares == {key: pytest.approx(share, abs=1e-4) for key, share in IN_THE_ESTATE.items()}
    served = {sli.metric.partition("/")[0] for sli in slis if sli.detector == "cloud_run"}
    assert served == {"run.googleapis.com", "appengine.googleapis.com", "cloudfunctions.googleapis.com"}
    assert [signal.id for signal in found.signals] == ["gke-cpu"]
