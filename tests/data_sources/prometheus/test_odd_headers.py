"""Odd ``Location`` and ``Retry-After``: the cause is stated, nothing hangs, nothing is raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from data_sources.base import Interval, Request
from data_sources.errors import SourceError
from data_sources.prometheus.source import PrometheusSource
from data_sources.prometheus.waits import FOREVER_SECONDS, seconds_to_wait
from data_sources.queries import TextSignal
from tests.data_sources.contract import answers_of
from tests.data_sources.fault_server import NOW, FaultServer, Reply, healthy
from tests.tables import table
from tomoni.words import errors
from tomoni.words.text import text_for

HOUR = Interval(NOW - 3600, NOW, 300)
LOCATIONS = {
    "relative": ("/moved", "redirected", "{url}/moved"),
    "relative to the path": ("moved", "redirected", "{url}/api/v1/moved"),
    "a query alone": ("?next=1", "redirected_to_itself", "{url}/api/v1/query_range"),
    "to itself": ("/api/v1/query_range", "redirected_to_itself", "{url}/api/v1/query_range"),
    "to itself in full": ("{url}/api/v1/query_range", "redirected_to_itself", "{url}/api/v1/query_range"),
    "another host": ("https://moved.example/there?token=abc#x", "redirected", "https://moved.example/there"),
    "without a scheme": ("//moved.example/", "redirected", "http://moved.example/"),
    "another scheme": ("ftp://files.example/x", "redirected", "ftp://files.example/x"),
    "a mail": ("mailto:admin@example.com", "redirected", "mailto:admin@example.com"),
    "a script": ("javascript:alert(1)", "redirected", "javascript:alert(1)"),
    "credentials": ("https://me:secret@moved.example/", "redirected", "https://moved.example/"),
    "none": (None, "redirected_nowhere", None),
    "empty": ("", "redirected_nowhere", None),
    "blank": ("   ", "redirected_nowhere", None),
    "half an address": ("http://[::1", "redirected_nowhere", None),
    "no port": ("http://host:port/", "redirected", "http://host:port/"),
    "a huge port": ("http://host:99999999999/", "redirected", "http://host:99999999999/"),
    "other letters": ("http://höst.example/\u00ff", "redirected", None),
    "long": ("/" + "x" * 9000, "redirected", None),
}


def refusal(source: PrometheusSource) -> SourceError:
    error = answers_of(source, [Request("it", TextSignal(query="up"), HOUR)])["it"].error
    assert error is not None
    return error


@pytest.mark.parametrize("status", [302, 304, 308])
@pytest.mark.parametrize("case", LOCATIONS)
def test_wherever_a_server_redirects_to_the_cause_is_stated(server: FaultServer, make, case, status):
    stated, reason, location = LOCATIONS[case]
    headers = {} if stated is None else {"Location": stated.format(url=server.url)}
    server.answer = lambda _: Reply(b"", status, headers)
    source = make()
    error = refusal(source)
    assert (error.code, error.facts["reason"], error.facts["status"]) == ("bad_answer", reason, status)
    if location is not None:
        assert error.facts["location"] == location.format(url=server.url)
    assert "secret" not in str(error.facts)
    for language in ("en", "ja"):
        assert "%(" not in "".join(errors.describe(error.code, error.facts, error.detail, text_for(language)))
    health = source.health()
    assert health.error is not None
    with pytest.raises(SourceError):
        source._client.label_values("le", {})
    assert len(server.calls) <= 12


WAITS = {
    "7": 7.0,
    " 7 ": 7.0,
    "0": 0.0,
    "007": 7.0,
    "-5": None,
    "1.5": None,
    "1e3": None,
    "soon": None,
    "": None,
    "²": None,
    "NaN": None,
    "inf": None,
    "9" * 9: 999_999_999.0,
    "9" * 12: FOREVER_SECONDS,
    "9" * 5000: FOREVER_SECONDS,
    "Wed, 21 Oct 2015 07:28:00 GMT": 0.0,
    "Wed, 21 Oct 9999 07:28:00 GMT": FOREVER_SECONDS,
    "Wed, 99 Oct 2015 99:28:00 GMT": None,
    "Wed, 21 Oct 99999999 07:28:00 GMT": None,
    "2015-10-21": None,
    ",,,": None,
}


@table("stated", WAITS)
def test_a_wait_is_a_number_of_seconds_or_none(stated):
    assert seconds_to_wait(stated) == WAITS[stated]
    assert seconds_to_wait(None) is None


def test_a_date_is_the_time_until_then():
    found = seconds_to_wait(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert found is not None
    assert 0 < found <= 60


@pytest.mark.parametrize("status", [413, 429, 503])
@pytest.mark.parametrize("stated", [each for each in WAITS if each.strip().isascii()])
def test_whatever_wait_is_stated_the_query_ends_with_its_cause(server, make, waits, stated, status):
    server.answer = lambda call: Reply(b"", status, {"Retry-After": stated}) if "start" in call.form else healthy(call)
    error = refusal(make())
    assert error.code == {413: "query_refused", 429: "rate_limited", 503: "server_failed"}[status]
    assert all(0 <= wait <= 20 for wait in waits)
    assert len(server.ranges) <= 4
    if status == 429:
        expected = WAITS[stated]
        assert error.facts.get("retry_after_seconds") == (None if expected is None else round(expected))
