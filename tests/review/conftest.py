"""The shop of the review's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.shop import DAY, START, Shop, steady


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write_orders(steady(6))
    shop.write_hosts((START + i * 300, 0.5) for i in range(6 * DAY // 300))
    return shop
