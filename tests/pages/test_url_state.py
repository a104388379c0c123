"""The URL holds the view, as codes; what it cannot mean falls back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tables import table
from tomoni.ui.url_state import DEFAULT_DAYS, View, complete_params, params, parse, write_moment

FULL = View(
    app="checkout",
    journey="place-order",
    slo="availability",
    at=1_795_514_400,
    days=14,
    episode=1_795_064_700,
    lanes=("success", "cpu"),
    lang="ja",
    present=True,
    team="支払い",
    state="at_risk",
    find="cart",
    snapshot="0123456789abcdef",
    other="fedcba9876543210",
    large="cpu",
    range="2026-11-03--2026-11-09",
    zoom=(1_795_064_700, 1_795_151_100),
    source="prometheus",
    metric="http_requests_total",
    where='code=~"5..",pod!="a\\"b"',
    how="rate",
    by=("pod", "code"),
    query="sum(rate(x[5m]))",
    beside="week",
    log=True,
    stacked=True,
    mark=(1_795_064_700, 1_795_151_100),
    tab="workshop",
    browse="node_cpu_",
)


def test_a_view_survives_the_url():
    assert parse(params(FULL)) == FULL


def test_what_is_as_by_default_is_left_out():
    assert params(View()) == {}
    assert parse({}) == View()


def test_a_link_that_is_passed_on_names_its_period():
    assert complete_params(View())["days"] == str(DEFAULT_DAYS)


def test_moments_are_absolute_and_short():
    assert params(FULL)["at"] == "2026-11-24T10:00Z"
    assert write_moment(1_795_514_401) == "2026-11-24T10:00:01Z"
    assert parse({"at": "2026-11-24T19:00+09:00"}).at == 1_795_514_400


@table(
    ("name", "value"),
    [
        ("app", "Check Out"),
        ("app", "<script>"),
        ("journey", ""),
        ("at", "yesterday"),
        ("at", "2026-11-24T10:00"),
        ("at", "9999-12-31T23:59Z"),
        ("days", "3"),
        ("episode", "A"),
        ("days", "28.0"),
        ("lanes", ",;"),
        ("lang", "xx"),
        ("present", "yes"),
        ("state", "broken"),
        ("where", 'code="5'),
        ("where", ""),
        ("by", "a b"),
        ("query", "x" * 4_001),
        ("metric", "up{"),
        ("how", "median"),
        ("tab", "else"),
        ("find", "  "),
        ("range", "2026-11-09--2026-11-03"),
        ("range", "2026-11-03"),
        ("range", "9999-12-30--9999-12-31"),
        ("zoom", "2026-11-18T10:00Z"),
        ("zoom", "2026-11-19T10:00Z--2026-11-18T10:00Z"),
        ("zoom", "2026-11-18T10:00--2026-11-19T10:00"),
    ],
)
def test_a_value_that_means_nothing_takes_its_default(name: str, value: str):
    assert parse({name: value}) == View()


@given(st.dictionaries(st.sampled_from(list(View.__slots__)), st.text(max_size=200)))
def test_no_url_can_break_a_view_and_every_view_can_be_written(written: dict[str, str]):
    view = parse(written)
    assert parse(params(view)) == view
