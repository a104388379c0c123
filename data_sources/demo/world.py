"""The demo's story: four apps of a retailer over five weeks, relative to the anchor.

- Store search is quiet and well.
- Checkout had an incident five days ago: a deploy at 14:05 left database connections open, the pool
  filled up within minutes, and half of the availability budget was gone an hour later. Two smaller
  episodes lie before it.
- Order mail has been getting slower for three weeks, as its queue grows and its disk fills.
- The back office is used by a few people in office hours; for one hour it was not observed.

All times are Tokyo's. Shares are of a minute's events; signals are in the unit that `config/apps`
gives them.
"""

from __future__ import annotations

from data_sources.demo.series import Counted, Measured, Traffic
from data_sources.demo.shapes import Effect, Episode, Gap, Profile, Sawtooth, Slope

CONSUMER = Profile(
    (14, 9, 6, 4, 4, 6, 12, 22, 34, 44, 52, 60, 72, 66, 58, 56, 58, 64, 74, 86, 98, 100, 72, 34), weekend=1.12
)
WAREHOUSE = Profile(
    (4, 3, 3, 3, 4, 10, 40, 62, 75, 84, 92, 96, 70, 90, 98, 100, 96, 88, 74, 60, 44, 26, 12, 6), weekend=0.85
)
OFFICE = Profile((0, 0, 0, 0, 0, 0, 0, 0, 15, 80, 100, 90, 35, 75, 95, 90, 80, 60, 12, 0, 0, 0, 0, 0), weekend=0.0)

SEARCH = Traffic("search", 2600, CONSUMER)
CART = Traffic("cart", 1100, CONSUMER)
ORDERS = Traffic("orders", 420, CONSUMER)
PAYMENTS = Traffic("payments", 390, CONSUMER)
ORDER_MAIL = Traffic("order-mail", 400, CONSUMER)
SHIPPING_MAIL = Traffic("shipping-mail", 180, WAREHOUSE)
RETURNS = Traffic("returns", 2.4, OFFICE, spread=0.2)
REFUNDS = Traffic("refunds", 0.06, OFFICE, spread=0.2)
STOCKTAKE = Traffic("stocktake", 0.0, OFFICE, effects=(Episode(12, "18:10", (10, 150, 20), 2.5),))


def deploy(height: float, lead: str = "14:05", minutes: tuple[float, float, float] = (6, 38, 22)) -> Effect:
    """What the deploy of five days ago adds; what carries it begins a little earlier."""
    return Episode(5, lead, minutes, height)


DEPLOYED = (5, "14:00")  # days before the anchor, and the clock


def lookup(height: float, clock: str = "20:40", minutes: tuple[float, float, float] = (4, 14, 8)) -> Effect:
    """A smaller episode twelve days ago, in the evening's traffic."""
    return Episode(12, clock, minutes, height)


def backup(height: float, clock: str = "02:10", minutes: tuple[float, float, float] = (5, 45, 10)) -> Effect:
    """A smaller episode nineteen days ago: a backup that ran beside the night's traffic."""
    return Episode(19, clock, minutes, height)


UNSEEN = (Gap(9, "10:00", 1),)
STUCK = (Episode(16, "15:30", (2, 70, 6), 0.55),)

COUNTS: dict[str, Counted] = {
    "search-availability": Counted(SEARCH, 0.00007, (Episode(23, "12:20", (2, 6, 4), 0.004),)),
    "search-latency": Counted(SEARCH, 0.0022, (Episode(10, "20:30", (10, 40, 20), 0.03),)),
    "store-page-availability": Counted(SEARCH, 0.00012),
    "cart-availability": Counted(CART, 0.0001, (deploy(0.05), lookup(0.02))),
    "checkout-availability": Counted(ORDERS, 0.00013, (deploy(0.345), lookup(0.07), backup(0.38))),
    "checkout-latency": Counted(ORDERS, 0.0021, (deploy(0.75, "14:02", (4, 44, 30)), lookup(0.4), backup(0.5))),
    "payment-availability": Counted(PAYMENTS, 0.00011, (deploy(0.05), Episode(3, "09:45", (2, 9, 3), 0.03))),
    "order-mail-in-time": Counted(ORDER_MAIL, 0.0012, (Slope(21, 0.053, 1.6, by_load=True),)),
    "order-mail-delivered": Counted(ORDER_MAIL, 0.00016, (Slope(21, 0.0006, 1.5),)),
    "shipping-mail-in-time": Counted(SHIPPING_MAIL, 0.0014, (Slope(21, 0.0305, 1.6, by_load=True),)),
    "returns-availability": Counted(RETURNS, 0.0012, STUCK, UNSEEN),
    "refunds-availability": Counted(REFUNDS, 0.0008, (), UNSEEN),
    "stocktake-import": Counted(STOCKTAKE, 0.001),
}

SIGNALS: dict[str, Measured] = {
    "search-cpu": Measured(CONSUMER, 0.12, 0.4, effects=(Episode(10, "20:30", (10, 40, 20), 0.16),), high=1.0),
    "search-memory": Measured(CONSUMER, 0.46, 0.05, 0.01, (Sawtooth(0.14),), high=1.0),
    "search-lb-p95": Measured(CONSUMER, 0.07, 0.05, 0.06, (Episode(10, "20:30", (10, 40, 20), 0.07),)),
    "search-cache-hits": Measured(CONSUMER, 0.91, 0.04, 0.01, (Episode(10, "20:28", (6, 44, 20), -0.14),), high=1.0),
    "checkout-cpu": Measured(CONSUMER, 0.14, 0.36, effects=(deploy(0.17, "14:03"), lookup(0.12)), high=1.0),
    "checkout-memory": Measured(
        CONSUMER, 0.5, 0.06, 0.01, (Sawtooth(0.1), deploy(0.12, "14:00", (20, 24, 4))), high=1.0
    ),
    "checkout-db-connections": Measured(
        CONSUMER,
        14,
        44,
        0.05,
        (deploy(72, "13:59", (6, 44, 14)), lookup(38, "20:36", (4, 16, 9)), backup(66, "02:06")),
        high=100,
    ),
    "checkout-db-cpu": Measured(
        CONSUMER,
        0.16,
        0.34,
        0.05,
        (deploy(0.28, "14:00"), lookup(0.2, "20:37"), backup(0.62, "02:04", (4, 50, 12))),
        high=1.0,
    ),
    "checkout-lb-p95": Measured(
        CONSUMER, 0.15, 0.11, 0.06, (deploy(1.5, "14:02", (5, 42, 26)), lookup(0.6), backup(0.9))
    ),
    "checkout-requests": Measured(CONSUMER, 0.2, 18.2, 0.05, (deploy(4.5, "14:07", (6, 36, 20)),)),
    "mail-queue-depth": Measured(CONSUMER, 40, 320, 0.12, (Slope(21, 5200, 1.7, by_load=True), Slope(21, 900, 1.7))),
    "mail-oldest-age": Measured(CONSUMER, 3, 9, 0.1, (Slope(21, 88, 1.7, by_load=True), Slope(21, 14, 1.7))),
    "mail-disk": Measured(CONSUMER, 0.41, 0.01, 0.004, (Slope(28, 0.47, 1.2),), high=1.0),
    "mail-disk-latency": Measured(CONSUMER, 0.002, 0.003, 0.12, (Slope(21, 0.019, 1.8, by_load=True),)),
    "mail-cpu": Measured(CONSUMER, 0.11, 0.26, effects=(Slope(21, 0.09, 1.0, by_load=True),), high=1.0),
    "office-cpu": Measured(OFFICE, 0.05, 0.13, 0.1, (Episode(16, "15:26", (3, 70, 8), 0.5),), UNSEEN, high=1.0),
    "office-memory": Measured(OFFICE, 0.38, 0.06, 0.01, (Sawtooth(0.08),), UNSEEN, high=1.0),
    "office-db-connections": Measured(OFFICE, 3, 9, 0.1, (Episode(16, "15:27", (2, 71, 6), 17),), UNSEEN, high=30),
    "office-lb-p95": Measured(OFFICE, 0.11, 0.14, 0.15, (Episode(16, "15:29", (2, 71, 6), 2.2),), UNSEEN),
}
