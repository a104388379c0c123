"""Detectors find the SLI that is meant, in worlds of well-known exporters, and nothing where there is nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources import kinds
from data_sources.base import NativeDefinition
from data_sources.demo.config import DemoConfig
from data_sources.demo.source import DemoSource
from data_sources.files.config import FilesConfig
from data_sources.files.source import FilesSource
from tests.exploring.exporters import EXPORTERS, MACHINERY
from tests.exploring.worlds import DAY, EDGES, NOTHING, PROMETHEUS, USUAL, WORLDS, World, source_of, stock
from tests.tables import table
from tomoni.exploring.detectors.table import DETECTORS, found_in
from tomoni.exploring.likely import Confidence, Found, Keys, LikelySli, Quality
from tomoni.exploring.stock import stock_of
from tomoni.slo.model import Objective
from tomoni.words.detected import sli_titles
from tomoni.words.text import text_for


def slis(found: Found) -> list[LikelySli]:
    return [sli for journey in found.journeys for sli in journey.slis]


def problems(keys: Keys) -> list[str]:
    """What the form of an SLI says against it."""
    forms = kinds.sli_forms()
    form = next((forms[key] for key in forms if key in keys), forms["total"])
    return [fault.code for fault in form.model_validate(dict(keys)).faults()]


@table("world", (*WORLDS, *EXPORTERS))
def test_the_sli_that_is_meant_comes_first(world: World) -> None:
    found = found_in(stock(world.metrics + "\n" + USUAL + PROMETHEUS))
    first, *_ = slis(found)
    assert (first.detector, dict(first.keys)) == (world.detector, world.first)
    assert {str(sli.quality) for sli in found.journeys[0].first_choice} == {str(first.quality), *world.also}


@table("world", (*WORLDS, *EXPORTERS))
def test_each_proposal_is_a_form_of_the_configuration(world: World) -> None:
    for sli in slis(found_in(stock(world.metrics))):
        assert problems(sli.keys) == []


@table("nothing", {**NOTHING, **MACHINERY})
def test_nothing_is_proposed_where_there_is_nothing(nothing: str) -> None:
    assert found_in(stock({**NOTHING, **MACHINERY}[nothing])).journeys == ()


def test_every_detector_has_a_world() -> None:
    assert {world.detector for world in (*WORLDS, *EXPORTERS)} | {"native", "counted", "columns"} == set(DETECTORS)


def test_slos_that_a_source_keeps_come_before_all_others() -> None:
    name = "projects/p/services/shop/serviceLevelObjectives/fast"
    kept = NativeDefinition(name, "Shop latency", Objective(Decimal("99.5")), None, "", "request_based")
    first, *_ = slis(found_in(stock(WORLDS[0].metrics, [kept])))
    assert (first.detector, dict(first.keys), first.objective, first.subject) == (
        "native",
        {"slo": name},
        "99.5",
        "shop",
    )


def test_what_a_monitoring_server_counts_of_itself_comes_last() -> None:
    found = slis(found_in(stock(WORLDS[0].metrics + PROMETHEUS)))
    assert [sli.confidence for sli in found[-2:]] == [Confidence.OWN] * 2
    assert found[-1].metric.startswith("prometheus_")


def test_failures_and_durations_of_one_subject_are_one_journey() -> None:
    text = (
        "http_requests_total counter app=cart|search code=200|500\n"
        f"http_request_duration_seconds histogram app=cart|search {EDGES}"
    )
    found = found_in(stock(text))
    assert [(each.subject, len(each.first_choice)) for each in found.journeys] == [("cart", 2), ("search", 2)]


def test_slis_of_one_title_are_told_apart_by_their_metrics_and_numbers() -> None:
    made = [LikelySli(Quality.LATENCY, {}, metric) for metric in ("a_seconds", "b_seconds", "b_seconds")]
    titles = sli_titles([*made, LikelySli(Quality.UPTIME, {}, "up")], text_for("en"))
    first = "Requests that are fast"
    assert titles[:3] == [f"{first} (a_seconds)", f"{first} (b_seconds)", f"{first} (b_seconds) 2"]
    assert titles[3] == "Time in which it can be reached"


def test_signals_are_found_by_all_the_metrics_that_they_need() -> None:
    assert [signal.id for signal in found_in(stock(USUAL)).signals] == ["cpu", "memory", "disk", "network"]
    assert not found_in(stock("node_memory_MemTotal_bytes gauge job=node")).signals
    cloud = "cloudsql.googleapis.com/database/cpu/utilization gauge"
    assert [each.id for each in found_in(stock(f"{cloud} resource.type=cloudsql_database")).signals] == ["db-cpu"]
    assert not found_in(stock(cloud)).signals  # listed by the project, and written by nobody


def test_few_questions_are_sent_to_a_source_with_many_metrics() -> None:
    text = "\n".join(f"app_{n}_http_requests_total counter code=200|500 job=a" for n in range(20_000))
    source = source_of(text)
    assert slis(found_in(stock_of(source, DAY)))
    assert len(source.asked) < 100


@given(st.lists(st.from_regex(r"[a-z]{1,8}(_[a-z]{1,8}){0,4}(_total|_seconds|_bytes)?", fullmatch=True), max_size=20))
def test_whatever_metrics_are_called_only_codes_and_edges_make_an_sli(names: list[str]) -> None:
    text = "\n".join(f"x_{name} counter job=a colour=red|blue" for name in names)
    assert found_in(stock(text)).journeys == ()


def test_what_files_and_the_demo_count_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("time,total,bad\n2026-01-01T00:00Z,10,1\n")
    (tmp_path / "infra.csv").write_text("time,cpu\n2026-01-01T00:00Z,0.5\n")
    exports = FilesSource("exports", FilesConfig(kind="files", path=tmp_path))
    found = slis(found_in(stock_of(exports, DAY)))
    assert [(each.detector, dict(each.keys), each.subject) for each in found] == [
        ("counted", {"counts": "orders.csv"}, "orders")
    ]
    demo = found_in(stock_of(DemoSource("demo", DemoConfig(kind="demo")), DAY))
    checkout = next(each for each in demo.journeys if each.subject == "checkout")
    assert {str(each.quality): each.keys["counts"] for each in checkout.first_choice} == {
        "availability": "checkout-availability",
        "latency": "checkout-latency",
    }
    assert all(problems(each.keys) == [] for each in slis(demo))


# The columns of a file, and what is proposed: the quality, and the columns by role.
COLUMNS = {
    "requests,errors": {"availability": {"total": "requests", "bad": "errors"}},
    "num_orders,orders_failed,cpu": {"availability": {"total": "num_orders", "bad": "orders_failed"}},
    "success,failure": {"availability": {"bad": "failure", "good": "success"}},
    "Calls,5xx": {"availability": {"total": "Calls", "bad": "5xx"}},
    "requests_total,success_count": {"availability": {"total": "requests_total", "good": "success_count"}},
    "total,errors": {"availability": {"total": "total", "bad": "errors"}},
    "le_0.1,le_0.25,le_1,le_inf": {"latency": {"total": "le_inf", "good": "le_0.25"}},
    "le_100,le_250,le_1000,count": {"latency": {"total": "count", "good": "le_250"}},
    "requests,under_300ms,under_1s": {"latency": {"total": "requests", "good": "under_300ms"}},
    "total,good,cpu": {"availability": {}},
    "requests": {},
    "cpu,memory,total_memory,error_rate": {},
    "under_300ms": {},
    "price,amount,name": {},
}


@pytest.mark.parametrize(
    ("header", "ending"), [*((header, "csv") for header in COLUMNS), ("requests,errors", "parquet")]
)
def test_columns_that_count_are_found_by_their_words_and_edges(header: str, ending: str, tmp_path: Path) -> None:
    names = ["time", *header.split(",")]
    frame = pd.DataFrame({name: [1_790_000_000 if name == "time" else 1] for name in names})
    frame.to_csv(tmp_path / "shop.csv", index=False) if ending == "csv" else frame.to_parquet(tmp_path / "shop.parquet")
    found = slis(found_in(stock_of(FilesSource("exports", FilesConfig(kind="files", path=tmp_path)), DAY)))
    assert all(problems(each.keys) == [] and each.subject == "shop" for each in found)
    told = {str(each.quality): {k: v for k, v in each.keys.items() if k != "counts"} for each in found}
    assert told == COLUMNS[header]


def test_one_file_may_count_for_several_and_hold_signals(tmp_path: Path) -> None:
    names = "time,cart_requests,cart_errors,search_requests,search_errors,cpu_percent,queue_length,price"
    (tmp_path / "all.csv").write_text(names + "\n1790000000,1,1,1,1,1,1,1\n")
    found = found_in(stock_of(FilesSource("exports", FilesConfig(kind="files", path=tmp_path)), DAY))
    assert [each.subject for each in found.journeys] == ["cart", "search"]
    assert [(each.id, each.query, each.unit, each.title) for each in found.signals] == [
        ("all-cpu-percent", {"file": "all.csv", "value": "cpu_percent"}, "percent", "cpu_percent (all.csv)"),
        ("all-queue-length", {"file": "all.csv", "value": "queue_length"}, "count", "queue_length (all.csv)"),
    ]
