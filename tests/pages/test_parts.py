"""The parts of a split SLO as pages show them: under the cards of the app, and in a snapshot that is opened again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.conftest import Open, html_of
from tests.pages.test_snapshots import frames
from tomoni.review.model import Period
from tomoni.settings import ProcessSettings
from tomoni.wiring import open_tomoni

pytestmark = pytest.mark.slow


def test_the_parts_of_an_slo_are_shown_by_the_app_and_by_its_snapshots(open_page: Open, world: Path) -> None:
    file = world / "config" / "apps" / "checkout.yaml"
    text = file.read_text(encoding="utf-8")
    whole = "sli: {source: demo, counts: checkout-availability}"
    assert text.count(whole) == 1
    file.write_text(text.replace(whole, f"split_by: [zone]\n        {whole}"), encoding="utf-8")
    tomoni = open_tomoni(ProcessSettings(), {})
    tomoni.sync()
    snapshot = tomoni.freeze(tomoni.apps("checkout")[0], Period(tomoni.now(), 7))
    tomoni.snapshots.keep(snapshot)
    (found,) = [each for track in snapshot.review.tracks if (each := track.status.split) is not None]
    tomoni.close()
    zones = [part.values[0] for part in found.parts]
    assert len(zones) > 1
    shown = html_of(open_page("app_view", app="checkout", journey="place-order"))
    (panel,) = re.findall(r"<details class='tm-more tm-parts'>.*?</details>", shown, re.DOTALL)
    assert "Parts by zone" in panel
    first_cells = re.findall(r"<tr[^>]*>\s*<t[hd][^>]*>(\w+)<", panel)
    assert [each for each in first_cells if each in zones] == zones  # the worst first
    opened = "\n".join(frames(open_page("snapshots", app="checkout", snapshot=snapshot.hash[7:23])))
    assert "Parts by zone" in opened
    assert all(f"&gt;{zone}&lt;" in opened or f">{zone}<" in opened for zone in zones)
