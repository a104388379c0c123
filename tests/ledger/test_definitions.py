"""What SLOs were defined as: a row a version, however many processes tell it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from tomoni.catalog.schema import DefinitionVersion
from tomoni.ledger import Ledger


def version(content: str, at: int) -> DefinitionVersion:
    return DefinitionVersion(content, at, {"objective": content}, f"series-{content}", 300)


def hashes(ledger: Ledger, path: str) -> list[str]:
    return [found.hash for found in ledger.definitions([path]).get(path, ())]


def test_a_version_is_kept_as_it_was_told(engine: Engine) -> None:
    ledger = Ledger(engine)
    ledger.remember_definitions({"shop/buy/a": version("99", 100)})
    assert ledger.definitions(["shop/buy/a", "shop/buy/b"]) == {"shop/buy/a": (version("99", 100),)}


def test_the_same_content_starts_nothing_new_and_writes_nothing(engine: Engine) -> None:
    ledger = Ledger(engine)
    ledger.remember_definitions({"a": version("99", 100)})
    before = ledger.version()
    ledger.remember_definitions({"a": version("99", 200)})
    assert hashes(ledger, "a") == ["99"]
    assert ledger.version() == before


def test_another_content_starts_a_version_and_the_old_one_stays(engine: Engine) -> None:
    ledger = Ledger(engine)
    for at, content in enumerate(["99", "99.5", "99"]):
        ledger.remember_definitions({"a": version(content, at), "b": version("90", at)})
    assert hashes(ledger, "a") == ["99", "99.5", "99"]
    assert hashes(ledger, "b") == ["90"]
    assert set(ledger.definitions(["a", "b"], only_changed=True)) == {"a"}


def test_a_version_before_the_last_one_is_left_out(engine: Engine) -> None:
    ledger = Ledger(engine)
    ledger.remember_definitions({"a": version("99", 100)})
    ledger.remember_definitions({"a": version("99.5", 99)})
    assert hashes(ledger, "a") == ["99"]


def test_many_at_once_tell_one_version(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = [
            pool.submit(Ledger(engine).remember_definitions, {"a": version("99", 100), "b": version("90", 100)})
            for _ in range(16)
        ]
        for one in told:
            one.result()
    assert (hashes(Ledger(engine), "a"), hashes(Ledger(engine), "b")) == (["99"], ["90"])
