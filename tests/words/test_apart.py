"""What equal titles are called where they stand side by side."""

from __future__ import annotations

from dataclasses import replace

from tests.charts.reviews import overview_of
from tomoni.catalog.local_text import LocalText
from tomoni.commands.status_table import Screen, render
from tomoni.review.model import Overview, SloStatus
from tomoni.ui.overview.slo_table import data_frame
from tomoni.words.apart import names_of
from tomoni.words.text import text_for

EN = text_for("en", "Asia/Tokyo")


def called(status: SloStatus, app: str, journey: str, slo: str) -> SloStatus:
    """A status of other ids and the same titles."""
    return replace(
        status,
        app=replace(status.app, id=app),
        journey=replace(status.journey, id=journey),
        slo=replace(status.slo, id=slo),
    )


def test_equal_titles_are_told_apart_by_ids_where_they_stand_side_by_side_alone() -> None:
    one, *_ = overview_of(1).statuses
    title, journey, slo = (thing.title("en") for thing in (one.app, one.journey, one.slo))
    shown = [
        called(one, "shop", "order", "works"),
        called(one, "shop", "order", "works-2"),
        called(one, "shop", "pay", "works"),
        called(one, "shop-2", "order", "works"),
    ]
    names = names_of(shown, "en")
    assert names["shop/order/works"] == (f"{title} (shop)", f"{journey} (order)", f"{slo} (works)")
    assert names["shop/pay/works"] == (f"{title} (shop)", f"{journey} (pay)", slo)
    assert names["shop-2/order/works"] == (f"{title} (shop-2)", journey, slo)
    # Whoever does not see the other app is not told of it.
    assert names_of(shown[3:], "en")["shop-2/order/works"] == (title, journey, slo)
    assert names_of(shown[2:3], "en")["shop/pay/works"] == (title, journey, slo)

    table = render(Overview(one.as_of, tuple(shown), ()), EN, Screen(None, colors=False))
    assert all(f"{title} ({id_})" in table for id_ in ("shop", "shop-2"))
    assert data_frame(shown, EN)["app"].tolist() == [*[f"{title} (shop)"] * 3, f"{title} (shop-2)"]
    taken = called(replace(one, slo=replace(one.slo, title=LocalText({"": f"{slo} (works)"}))), "shop", "order", "odd")
    assert names_of([*shown, taken], "en")["shop/order/odd"][2] == f"{slo} (works) (odd)"
    other = [shown[0], replace(shown[3], app=replace(shown[3].app, title=LocalText({"": "Other"})))]
    assert [app for app, _, _ in names_of(other, "en").values()] == [title, "Other"]
