"""Probes, figures and headers of the application as it is served."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.serving.conftest import HERE
from tomoni.serving.around import Served, _named, around
from tomoni.serving.metrics import PAGE_SECONDS
from tomoni.serving.policy import hashes_of, headers
from tomoni.serving.probes import probes, readers_of
from tomoni.settings import ProcessSettings
from tomoni.store.errors import StoreError
from tomoni.use_cases.product import Tomoni
from tomoni.wiring import open_tomoni

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Tomoni:
    database = tmp_path_factory.mktemp("serving") / "tomoni.db"
    told = {"config": ROOT / "config", "database_url": f"sqlite:///{database}", "now": "2026-11-24T00:55:00Z"}
    return open_tomoni(ProcessSettings.model_validate(told))


def client_of(tomoni: Callable[[], Tomoni], tmp_path: Path, framed_by: str | None = None) -> TestClient:
    index = tmp_path / "index.html"
    index.write_text("<html><script>one()</script><script type='module' src='x'></script></html>")
    beside = around(Served(["", "app"], "", index), ProcessSettings(framed_by=framed_by), tomoni)
    return TestClient(
        Starlette(routes=beside.routes, middleware=beside.middleware), base_url="http://127.0.0.1", client=HERE
    )


def failing() -> Tomoni:
    raise StoreError("database_unreachable", "cannot open", {"database": "postgresql://db/tomoni"})


def test_a_process_is_alive_whatever_its_database_does_and_ready_only_with_it(product: Tomoni, tmp_path: Path):
    whole, broken = client_of(lambda: product, tmp_path), client_of(failing, tmp_path)
    assert [each.get("/healthz").status_code for each in (whole, broken)] == [200, 200]
    assert [each.get("/readyz").status_code for each in (whole, broken)] == [200, 503]
    assert whole.get("/readyz").json()["apps"] == 4
    assert broken.get("/readyz").json() == {"status": "not_ready", "database": "database_unreachable"}


def test_the_groups_that_count_at_a_sign_in_are_those_of_the_rules_and_none_while_the_database_is_away(product: Tomoni):
    assert _named(lambda: product) == set()  # no access.yaml
    assert _named(failing) == set()


def test_the_figures_are_those_of_the_product_in_the_format_of_prometheus(product: Tomoni, tmp_path: Path):
    PAGE_SECONDS.labels("app").observe(0.2)
    text = client_of(lambda: product, tmp_path).get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    states = {sample.labels["state"]: sample.value for sample in families["tomoni_slos"].samples}
    assert sum(states.values()) == len(product.live().overview.statuses)
    assert families["tomoni_apps"].samples[0].value == 4
    assert families["tomoni_database_up"].samples[0].value == 1
    assert families["tomoni_page_seconds"].type == "histogram"
    assert all(family.documentation for name, family in families.items() if name.startswith("tomoni"))


def test_the_figures_say_that_the_database_does_not_answer_and_nothing_of_its_address(tmp_path: Path):
    answer = client_of(failing, tmp_path).get("/metrics")
    assert answer.status_code == 200
    assert "tomoni_database_up 0.0" in answer.text
    assert "postgresql" not in answer.text


def test_the_scripts_of_the_first_page_run_by_their_hashes():
    first, second = hashes_of(
        "<script>\n  window.ready = false\n</script><script>two()</script><script src='a'></script>"
    )
    policy = headers((first, second))["Content-Security-Policy"]
    assert re.search(rf"script-src 'self' blob: {re.escape(first)} {re.escape(second)};", policy)


def test_the_origins_of_the_settings_may_frame_the_pages(product: Tomoni, tmp_path: Path):
    client = client_of(lambda: product, tmp_path, framed_by="https://wiki.example.com, https://*.example.org")
    found = client.get("/healthz").headers
    assert found["content-security-policy"].endswith(
        "frame-ancestors 'self' https://wiki.example.com https://*.example.org"
    )
    assert "x-frame-options" not in found


@pytest.mark.parametrize("wrong", ["javascript:x", "https://a.example; script-src *", "wiki.example.com", "'none'"])
def test_what_is_no_origin_may_not_frame_the_pages(wrong: str):
    with pytest.raises(ValueError, match="framed_by"):
        ProcessSettings(framed_by=wrong)


def test_every_answer_has_an_id_which_is_in_the_log_of_all_that_happened_for_it(
    product: Tomoni, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    client = client_of(lambda: product, tmp_path)
    caplog.set_level("INFO", "tomoni.requests")
    given = client.get("/api/status?token=secret", headers={"X-Request-Id": "abc-12345"})
    own = [client.get("/healthz", headers={"X-Request-Id": odd}).headers["X-Request-Id"] for odd in ("a b", "<x>" * 9)]
    assert given.headers["X-Request-Id"] == "abc-12345"
    assert all(re.fullmatch(r"[0-9a-f]{16}", id_) for id_ in own)
    (record,) = (each for each in caplog.records if each.name == "tomoni.requests")
    assert (record.__dict__["path"], record.__dict__["status"]) == ("/api/status", given.status_code)
    assert "secret" not in str(record.__dict__)


@pytest.mark.parametrize(("readers", "status"), [("open", 200), ("token", 401), ("local", 200), (None, 200)])
def test_the_figures_are_shown_as_it_is_set(product: Tomoni, readers: str | None, status: int):
    settings = ProcessSettings.model_validate({"metrics": readers})
    client = TestClient(Starlette(routes=probes(lambda: product, lambda: 0, readers_of(settings))), client=HERE)
    client.base_url = "http://127.0.0.1"
    assert client.get("/metrics").status_code == status
    elsewhere = TestClient(client.app, base_url="http://127.0.0.1", client=("10.0.0.7", 1))
    assert elsewhere.get("/metrics").status_code == {"open": 200, "token": 401, "local": 403, None: 200}[readers]
