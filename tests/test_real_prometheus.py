"""The helper that the tests against a real Prometheus stand on."""

import pytest

from tests.prometheus_world import HOUR, World
from tests.real_prometheus import program


def test_a_missing_package_is_named():
    with pytest.raises(pytest.fail.Exception, match="apt-get install no-such-prometheus"):
        program("no-such-prometheus")


def test_the_world_is_the_same_every_time():
    end = 1_800_000_000 // HOUR * HOUR
    one, other = World(end), World(end)
    assert all((one.bad[app] == other.bad[app]).all() for app in one.total)
    assert next(iter(one.openmetrics())) == next(iter(other.openmetrics()))
    assert one.total["backoffice"].sum() < 10_000 < one.total["search"].sum()
