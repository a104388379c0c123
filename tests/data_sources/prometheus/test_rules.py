"""What recording rules made a ratio or rate of, by the server's answer about its rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from data_sources.errors import BadAnswer, NotFound, Unreachable
from data_sources.exploring import Matcher, Operator
from data_sources.prometheus.rules import underlying
from data_sources.queries import Ratio, RecordedRate, RecordedRatio
from tomoni.exploring.splitting import splitting_of

BAD, ALL = 'sum(rate(http_total{code=~"5.."}[5m]))', "sum(rate(http_total[5m]))"
SHOP = Matcher("job", Operator.EQUAL, "shop")


def rules(*written: Mapping[str, Any]) -> dict[str, Any]:
    return {"groups": [{"name": "a", "rules": [{"type": "recording", "labels": {}, **each} for each in written]}]}


def ratio(**written: str) -> RecordedRatio:
    return RecordedRatio.model_validate({"ratio": written})


@pytest.mark.parametrize(
    ("query", "rule", "parts", "where"),
    [
        (ratio(error="e:ratio"), {"name": "e:ratio", "query": f"{BAD} / {ALL}"}, {"total": ALL, "bad": BAD}, ()),
        (ratio(error="e:ratio"), {"name": "e:ratio", "query": f"({BAD})\n/\n({ALL})"}, {"total": ALL, "bad": BAD}, ()),
        (ratio(error="e:ratio"), {"name": "e:ratio", "query": f"1 - ({BAD} / {ALL})"}, {"total": ALL, "good": BAD}, ()),
        (ratio(success="s:ratio"), {"name": "s:ratio", "query": f"{BAD} / {ALL}"}, {"total": ALL, "good": BAD}, ()),
        (ratio(success="s:ratio"), {"name": "s:ratio", "query": f"1 - {BAD} / {ALL}"}, {"total": ALL, "bad": BAD}, ()),
        (
            ratio(error='slo:e{sloth_id="a",job="shop"}'),
            {"name": "slo:e", "labels": {"sloth_id": "a"}, "query": f"{BAD} / {ALL}"},
            {"total": ALL, "bad": BAD},
            (SHOP,),
        ),
        (ratio(error='slo:e{sloth_id="b"}'), {"name": "slo:e", "labels": {"sloth_id": "a"}, "query": BAD}, None, ()),
        (ratio(error="e:ratio"), {"name": "e:ratio", "query": f"sum_over_time({ALL}[1h:])"}, None, ()),
        (ratio(error="e:ratio"), {"name": "e:ratio", "type": "alerting", "query": f"{BAD} / {ALL}"}, None, ()),
        (ratio(error="avg(e:ratio)"), {"name": "e:ratio", "query": f"{BAD} / {ALL}"}, None, ()),
        (ratio(error="e:ratio"), {"name": "other", "query": f"{BAD} / {ALL}"}, None, ()),
    ],
)
def test_a_ratio_is_made_of_what_its_rule_divides(
    query: RecordedRatio, rule: Mapping[str, Any], parts: Mapping[str, str] | None, where: tuple[Matcher, ...]
) -> None:
    found = underlying(query, lambda path: rules(rule) if path == "/api/v1/rules" else None)
    if parts is None:
        assert found is None
        return
    assert found is not None
    assert found.where == where
    assert found.form == Ratio.model_validate({role: {"expr": text} for role, text in parts.items()})
    split = splitting_of(found.form)
    assert split is not None
    asked = split.where(found.where).first
    assert (asked.metric, asked.matchers) == ("http_total", where)


def test_rates_are_made_of_what_both_rules_add_up_and_a_ratio_of_rates_of_rates() -> None:
    known = rules({"name": "job:all", "query": f"{ALL[:3]} by (job) {ALL[3:]}"}, {"name": "job:bad", "query": BAD})
    query = RecordedRate.model_validate({"rate": {"total": 'job:all{job="shop"}', "bad": 'job:bad{job="shop"}'}})
    found = underlying(query, lambda _: known)
    assert found is not None
    assert found.where == (SHOP,)
    assert splitting_of(found.form) is not None
    divided = rules({"name": "e:ratio", "query": "sum(route:bad:rate5m) / sum(route:all:rate5m)"})
    found = underlying(ratio(error="e:ratio"), lambda _: divided)
    assert found is not None
    split = splitting_of(found.form)
    assert split is not None
    assert (split.per_second, split.first.metric) == (True, "route:all:rate5m")


@pytest.mark.parametrize("answer", [None, [], {}, {"groups": 3}, {"groups": [3, {"rules": [4, {"labels": "a"}]}]}])
def test_whatever_a_server_answers_is_no_rule(answer: object) -> None:
    assert underlying(ratio(error="e:ratio"), lambda _: answer) is None


def test_rules_that_differ_say_nothing_and_a_server_without_rules_neither() -> None:
    both = rules({"name": "e", "query": f"{BAD} / {ALL}"}, {"name": "e", "query": f"{ALL} / {ALL}"})
    assert underlying(ratio(error="e"), lambda _: both) is None
    for error in (NotFound("p"), BadAnswer("p")):

        def refuse(_: str, error: Exception = error) -> object:
            raise error

        assert underlying(ratio(error="e"), refuse) is None

    def silent(_: str) -> object:
        raise Unreachable("p")

    with pytest.raises(Unreachable):
        underlying(ratio(error="e"), silent)
    assert underlying(Ratio(total="a", bad="b"), silent) is None
