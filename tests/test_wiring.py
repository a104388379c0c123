"""One process: it refreshes in the background, takes up edited files, and never waits for a source."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.review.shop import APP, DAY, START, Shop, steady
from tomoni.use_cases.product import Tomoni


@pytest.fixture
def tomoni(tmp_path: Path) -> Iterator[Tomoni]:
    shop = Shop(tmp_path)
    shop.write_orders(steady(6))
    shop.write_hosts([])
    tomoni = shop.open(START + 5 * DAY)
    yield tomoni
    tomoni.close()


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit, "it did not happen within 60 s"
        time.sleep(0.01)


def test_a_live_page_has_something_to_show_before_the_first_refresh(tomoni: Tomoni) -> None:
    live = tomoni.live()
    assert live.as_of == START + 5 * DAY
    assert [status.figures.state for status in live.overview.statuses] == ["no_data"]


def test_a_refresh_in_the_background_fills_the_live_page(tomoni: Tomoni) -> None:
    before = tomoni.live()
    tomoni.refresh_in_background()
    wait_until(lambda: tomoni.live().version > before.version)
    (status,) = tomoni.live().overview.statuses
    assert status.figures.total > 0
    wait_until(lambda: tomoni.refreshing is None)


def test_an_edited_file_is_taken_up_by_the_next_refresh(tomoni: Tomoni) -> None:
    folder = tomoni.settings.config / "apps"
    (folder / "shop.yaml").write_text(APP.replace("objective: 99,", "objective: 98,"))
    (folder / "second.yaml").write_text(APP.replace("app: shop", "app: second"))
    tomoni.refresh_in_background()
    wait_until(lambda: len(tomoni.live().overview.statuses) == 2)
    assert {float(s.slo.definition.objective.percent) for s in tomoni.live().overview.statuses} == {98, 99}


def test_a_file_of_the_other_ending_is_taken_up_as_well(tomoni: Tomoni) -> None:
    (tomoni.settings.config / "apps" / "second.yml").write_text(APP.replace("app: shop", "app: second"))
    tomoni.refresh_in_background()
    wait_until(lambda: len(tomoni.live().overview.statuses) == 2)


def test_a_link_that_leads_nowhere_keeps_nothing_from_opening(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    (tmp_path / "config" / "apps" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    tomoni = shop.open(START)
    assert [app.id for app in tomoni.catalog.apps] == ["shop"]
    assert [(problem.spot.file, problem.code) for problem in tomoni.catalog.problems] == [
        (str(tmp_path / "config" / "apps" / "gone.yaml"), "link_to_nothing")
    ]
    tomoni.close()


def test_a_second_refresh_waits_for_its_time(tomoni: Tomoni) -> None:
    tomoni.refresh_in_background()
    wait_until(lambda: tomoni.has_collected)
    (tomoni.settings.config / "apps" / "shop.yaml").unlink()
    tomoni.refresh_in_background()
    time.sleep(0.2)
    assert tomoni.apps("shop")


def test_only_what_the_status_needs_is_fetched_for_it(tomoni: Tomoni) -> None:
    tomoni.sync_status()
    (slo,) = tomoni.catalog.apps[0].journeys[0].slos
    remembered = tomoni.ledger.read([slo.series], START, START + 5 * DAY)[slo.series.key]
    assert remembered.fetched_at[-1] > 0
    assert remembered.fetched_at[0] == 0


def test_the_data_base_password_is_in_no_repr(tmp_path: Path) -> None:
    from tomoni.settings import ProcessSettings

    settings = ProcessSettings(database_url="postgresql://user:hunter2@db/tomoni")  # type: ignore[arg-type]
    assert "hunter2" not in repr(settings) + str(settings)


def test_a_product_of_prometheus_alone_imports_no_google_library(tmp_path: Path) -> None:
    (tmp_path / "config" / "apps").mkdir(parents=True)
    (tmp_path / "config" / "sources.yaml").write_text("sources: {it: {kind: prometheus, url: 'http://127.0.0.1:9'}}\n")
    sli = "{source: it, total: a_total, bad: b_total}"
    app = f"app: a\njourneys: [{{id: j, slos: [{{id: s, objective: 99, window: 1d, sli: {sli}}}]}}]\n"
    (tmp_path / "config" / "apps" / "a.yaml").write_text(app)
    code = (
        "import sys\nfrom tomoni.settings import ProcessSettings\nfrom tomoni.wiring import open_tomoni\n"
        "tomoni = open_tomoni(ProcessSettings(config=sys.argv[1], database_url=sys.argv[2]), {})\n"
        "assert len(tomoni.overview().statuses) == 1\n"
        "print(sorted({'google', 'grpc'} & {name.split('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "config"), f"sqlite:///{tmp_path / 'a.db'}"]
    answer = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
