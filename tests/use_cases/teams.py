"""Apps, records and a clock for what two teams write."""

from __future__ import annotations

from tomoni.catalog.local_text import LocalText
from tomoni.catalog.schema import App, Catalog, Settings

NOW = 1_795_860_000  # 2026-11-28, 10:00 UTC


def app_of(id_: str = "checkout", zone: str = "UTC") -> App:
    """An app of two teams that measures nothing."""
    teams = {"app": "payments", "infra": "platform"}
    return App(id_, LocalText({"": id_.title()}), None, teams, zone, (), None, (), (), f"apps/{id_}.yaml")


def catalog_of(*apps: App) -> Catalog:
    return Catalog(apps, {}, Settings(), ())
