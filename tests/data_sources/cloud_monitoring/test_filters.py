"""Filters are taken apart so that they can share calls, and never rewritten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.cloud_monitoring.filters import Condition, FilterError, parse_filter, quoted, separating
from tests.google_stand_in.filters import Parser
from tests.google_stand_in.world import MetricSpec, Stream, gauge

METRIC = MetricSpec("a/b", "GAUGE", "INT64", {"code": "STRING"})
TOTAL = 'metric.type="a/b" resource.type="global"'


def stream(code: str) -> Stream:
    return gauge(METRIC, {"code": code}, [1], 60)


def test_metric_and_resource_are_found_however_they_are_spaced() -> None:
    for text in (TOTAL, "metric.type = 'a/b'  AND resource.type=\"global\"", "resource.type=global metric.type=a/b"):
        found = parse_filter(text)
        assert (found.metric, found.resource) == ("a/b", "global")


def test_a_string_before_a_bracket_is_no_function() -> None:
    found = parse_filter('metric.type="a/b" (metric.labels.code="x" OR metric.labels.code="y")')
    assert found.metric == "a/b"
    assert [condition.field for condition in found.conditions] == ["metric.type", ""]


def test_or_binds_tighter_than_and() -> None:
    found = parse_filter('metric.type="a/b" metric.labels.code="x" OR metric.labels.code="y"')
    assert len(found.conditions) == 2
    assert found.conditions[1].text == 'metric.labels.code = "x" OR metric.labels.code = "y"'


def test_a_selector_of_an_slo_is_known_as_one() -> None:
    assert parse_filter('select_slo_counts("projects/p/services/s/serviceLevelObjectives/o")').selects_slo
    assert not parse_filter(TOTAL).selects_slo


def test_both_spellings_of_labels_are_one() -> None:
    spellings = ("label.code", "labels.code", 'label."code"', 'labels."code"')
    found = [parse_filter(f'{TOTAL} metric.{spelling}="5xx"') for spelling in spellings]
    assert all(one.conditions == found[0].conditions for one in found)
    assert found[0].labels() == ("metric.labels.code",)
    assert parse_filter('metadata.user_labels."a-b"="c"').conditions[0].field == 'metadata.user_labels."a-b"'


@pytest.mark.parametrize("text", ['metric.type="a', "metric.type=", "NOT", "a(", "a)", "metric.type=one_of(a"])
def test_what_cannot_be_a_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text)


@pytest.mark.parametrize(
    "condition",
    [
        'metric.labels.code="5xx"',
        'metric.labels.code!="5xx"',
        'metric.labels.code=one_of("500", "502")',
        'metric.labels.code=starts_with("5")',
        'metric.labels.code!=ends_with("0")',
        'metric.labels.code=has_substring("0")',
        'metric.labels.code=monitoring.regex.full_match("5..")',
        'metric.labels.code=monitoring.regex.full_match("[45]0\\\\d|5xx")',
        "metric.labels.code>=500",
        "metric.labels.code<500",
    ],
)
def test_conditions_are_judged_as_google_judges_them(condition: str) -> None:
    separated = separating(parse_filter(TOTAL), parse_filter(f"{TOTAL} {condition}"))
    assert separated is not None
    theirs = Parser(f"{TOTAL} {condition}").parse()
    for code in ("200", "404", "500", "502", "599"):
        assert all(one.admits(code) for one in separated) is theirs.test(stream(code)), code


@pytest.mark.parametrize(
    "part",
    [
        'metric.type="a/b" metric.labels.code="5xx"',  # does not ask for all of the total
        f'{TOTAL} NOT metric.labels.code="5xx"',
        f'{TOTAL} (metric.labels.code="5xx")',
        f'{TOTAL} metric.labels.code="5xx" OR metric.labels.code="4xx"',
        f'{TOTAL} metric.labels.code=monitoring.regex.full_match("(a+)+b")',
        f'{TOTAL} metric.labels.code=monitoring.regex.full_match("a*a*a*a*a*a*b")',
        f'{TOTAL} metadata.user_labels.tier="front"',
        f"{TOTAL} metric.labels.code>=high",
        TOTAL,
    ],
)
def test_what_only_google_can_judge_is_asked_apart(part: str) -> None:
    assert separating(parse_filter(TOTAL), parse_filter(part)) is None


def test_a_filter_may_be_long_and_negated_many_times() -> None:
    assert len(parse_filter(TOTAL + " NOT" * 50_000 + " a=b").conditions) == 3


@given(st.text(max_size=20))
def test_any_value_can_be_quoted_and_read_back(value: str) -> None:
    (condition,) = parse_filter(f"metric.labels.code = {quoted(value)}").conditions
    assert condition.values == (value,)
    assert Parser(f"metric.labels.code = {quoted(value)}").parse().test(stream(value))


@given(st.text(alphabet="ab\"'\\()=!<>,-: ORNTD", max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    try:
        found = parse_filter(text)
    except FilterError:
        return
    assert all(isinstance(condition, Condition) for condition in found.conditions)
