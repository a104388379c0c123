"""Google's services and SLOs become app files that the catalog reads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from data_sources.base import NativeDefinition
from data_sources.cloud_monitoring.config import NativeSlo
from data_sources.cloud_monitoring.slos import ServiceEntry
from tomoni.catalog.codes import Code
from tomoni.catalog.google_import import app_files
from tomoni.catalog.load import load
from tomoni.slo.model import CalendarUnit, CalendarWindow, Objective, RollingWindow, Window

SERVICE = ServiceEntry("projects/demo/services/shop", "Web Shop")
ROLLING = RollingWindow(28 * 86_400)


def slo(name: str, title: str = "", percent: str = "99.9", window: Window | None = ROLLING, **more) -> NativeDefinition:
    full = f"projects/demo/services/shop/serviceLevelObjectives/{name}"
    return NativeDefinition(full, title, Objective(Decimal(percent)), window, "", "request_based", **more)


def test_a_service_becomes_an_app_that_loads_and_says_which_titles_are_the_same(tmp_path: Path) -> None:
    kept = [
        slo("a1", "Availability"),
        slo("a2", "Availability", "99"),
        slo("m", "Monthly", "99.95", CalendarWindow(CalendarUnit.MONTH, "UTC")),
        slo("w", "Windows", "99.5", slice_seconds=60),
    ]
    (file,) = app_files({SERVICE: kept}, "gcp")
    assert (file.name, file.slos, file.left_out) == ("web-shop.yaml", 4, ())
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / file.name).write_text(file.text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text("sources: {gcp: {kind: cloud_monitoring, project: demo}}\n")
    catalog = load(tmp_path, {})
    assert [(each.code, each.facts["id"]) for each in catalog.problems] == [(Code.SAME_TITLE, "availability-2")]
    app = catalog.app("web-shop")
    assert app is not None
    found = {one.id: one for one in app.journeys[0].slos}
    assert list(found) == ["availability", "availability-2", "monthly", "windows"]
    for one, theirs in zip(found.values(), kept, strict=True):
        assert one.definition.objective == theirs.objective
        assert one.definition.window == theirs.window
        assert one.sli == NativeSlo(slo=theirs.name)
        assert one.source == "gcp"
    assert found["windows"].bucket_seconds == 60


def test_what_has_no_counterpart_is_left_out_and_named() -> None:
    kept = [slo("f", window=None), slo("w", slice_seconds=420), slo("ok")]
    (file,) = app_files({SERVICE: kept}, "gcp")
    assert file.slos == 1
    assert [(one.slo.rsplit("/", 1)[1], one.reason) for one in file.left_out] == [("f", "period"), ("w", "window")]
    assert file.left_out[1].value == "7m"


def test_a_service_without_slos_has_no_file() -> None:
    assert app_files({SERVICE: []}, "gcp") == ()


def test_names_in_other_scripts_keep_their_title_and_take_googles_id() -> None:
    service = ServiceEntry("projects/demo/services/Order_API", "注文")
    (file,) = app_files({service: [slo("x-1", "可用性")]}, "gcp")
    body = yaml.safe_load(file.text)
    assert (body["app"], body["title"]) == ("order-api", "注文")
    assert body["journeys"][0]["slos"][0]["title"] == "可用性"
    assert body["journeys"][0]["slos"][0]["id"] == "x-1"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_title_makes_a_readable_file(first: str, second: str) -> None:
    services = {ServiceEntry("projects/p/services/one", first): [slo("a", second), slo("b", second)]}
    (file,) = app_files(services, "gcp")
    body = yaml.safe_load(file.text)
    ids = [entry["id"] for entry in body["journeys"][0]["slos"]]
    assert len(set(ids)) == 2
    assert all(set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and len(text) <= 63 for text in ids)
