"""The signed header of a proxy: only a token of the issuer, for us, in force, says who asks."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from tests.tables import table
from tomoni.access.assertions import Assertions, Trust
from tomoni.access.keys import Keys

NOW = 1_795_000_000
ISSUER, AUDIENCE = "https://issuer.example", "/projects/1/apps/tomoni"
EC = ECKey.generate_key("P-256", parameters={"kid": "ec"})
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
STRANGER = ECKey.generate_key("P-256", parameters={"kid": "ec"})
CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "accounts:1",
    "email": "A@Example.com",
    "groups": ["sre", "payments"],
    "iat": NOW - 10,
    "exp": NOW + 600,
}


class Clock:
    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


def signed(key: ECKey | RSAKey | OctKey = EC, algorithm: str = "ES256", **changes: object) -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": key.kid or "ec"}, claims, key, algorithms=[algorithm])


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(algorithm: str = "none") -> str:
    return f"{part({'alg': algorithm, 'kid': 'ec'})}.{part(CLAIMS)}."


def changed() -> str:
    head, _, mark = signed().split(".")
    return f"{head}.{part({**CLAIMS, 'sub': 'accounts:2'})}.{mark}"


def by_public_key() -> str:
    """Signed with the public key as if it were a shared secret."""
    pem = RSA.as_pem(private=False)
    head = {"alg": "HS256", "kid": "rsa"}
    import hashlib
    import hmac

    body = f"{part(head)}.{part(CLAIMS)}"
    mark = hmac.new(pem, body.encode(), hashlib.sha256).digest()
    return f"{body}.{urlsafe_b64encode(mark).decode().rstrip('=')}"


def bringing_its_key() -> str:
    head = {"alg": "ES256", "jwk": STRANGER.as_dict(private=False), "kid": "ec"}
    return jwt.encode(head, CLAIMS, STRANGER, algorithms=["ES256"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "keys.json"
    place.write_text(json.dumps(KeySet([EC, RSA]).as_dict(private=False)))
    return place


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asks(file: Path, clock: Clock) -> Assertions:
    return Assertions(Trust(ISSUER, AUDIENCE), Keys(str(file), clock), clock)


@pytest.mark.parametrize("token", [signed(), signed(RSA, "RS256"), signed(aud=["x", AUDIENCE]), f"Bearer {signed()}"])
def test_a_token_of_the_issuer_says_who_asks(asks: Assertions, token: str):
    found = asks.identity([token])
    assert found is not None
    assert (found.subject, found.email) == ("accounts:1", "a@example.com")
    assert found.groups == {"sre", "payments"}
    assert found.until == NOW + 600


WRONG: dict[str, Callable[[], list[str]]] = {
    "no header": list,
    "an empty one": lambda: [""],
    "a bare name": lambda: ["a@example.com"],
    "two headers": lambda: [signed(), signed()],
    "two tokens in one": lambda: [f"{signed()}, {signed()}"],
    "a stranger's key under our name": lambda: [signed(STRANGER)],
    "a key within the token": lambda: [bringing_its_key()],
    "no signature": lambda: [unsigned()],
    "no signature, written otherwise": lambda: [unsigned("NoNe")],
    "the signature cut off": lambda: [signed().rpartition(".")[0] + "."],
    "the public key as a secret": lambda: [by_public_key()],
    "other claims under a true signature": lambda: [changed()],
    "an algorithm that is not on the list": lambda: [signed(RSA, "RS512")],
    "expired": lambda: [signed(exp=NOW - 61)],
    "without an end": lambda: [signed(exp=None)],
    "an end that is no number": lambda: [signed(exp="later")],
    "not in force yet": lambda: [signed(nbf=NOW + 61)],
    "from the future": lambda: [signed(iat=NOW + 61)],
    "for another app": lambda: [signed(aud="/projects/1/apps/other")],
    "for nobody": lambda: [signed(aud=None)],
    "for a part of our name": lambda: [signed(aud=AUDIENCE + "2")],
    "of another issuer": lambda: [signed(iss="https://issuer.example.evil")],
    "of no issuer": lambda: [signed(iss=None)],
    "of nobody": lambda: [signed(sub=None)],
    "an empty subject": lambda: [signed(sub="")],
    "far too long": lambda: ["a" * 40_000],
    "no token at all": lambda: ["a.b.c"],
    "an end without end": lambda: [signed(exp=float("inf"))],
    "an end that is true": lambda: [signed(exp=True)],
    "our name within a list": lambda: [signed(aud=[[AUDIENCE]])],
    "our name as a key": lambda: [signed(aud={AUDIENCE: 1})],
    "a list of issuers": lambda: [signed(iss=[ISSUER])],
    "a list of subjects": lambda: [signed(sub=["accounts:1"])],
    "a start that is no number": lambda: [signed(nbf="x")],
    "an algorithm in small letters": lambda: [f"{part({'alg': 'es256', 'kid': 'ec'})}.{signed().partition('.')[2]}"],
    "a list of algorithms": lambda: [f"{part({'alg': ['ES256'], 'kid': 'ec'})}.{signed().partition('.')[2]}"],
    "a key by a path": lambda: [f"{part({'alg': 'ES256', 'kid': '../../dev/null'})}.{signed().partition('.')[2]}"],
    "a signature of zeros": lambda: [f"{signed().rpartition('.')[0]}.{'A' * 86}"],
    "five parts": lambda: [signed() + ".a.b"],
    "not of ASCII": lambda: ["あ.い.う"],
}


@pytest.mark.parametrize("case", WRONG)
def test_whatever_else_is_in_the_header_says_nothing(asks: Assertions, case: str):
    assert asks.identity(WRONG[case]()) is None


def test_a_key_that_is_new_counts_at_once_and_one_that_was_taken_away_after_an_hour(file: Path, clock: Clock):
    asks = Assertions(Trust(ISSUER, AUDIENCE), Keys(str(file), clock), clock)
    newer = ECKey.generate_key("P-256", parameters={"kid": "new"})
    assert asks.identity([signed()]) is not None
    file.write_text(json.dumps(KeySet([newer]).as_dict(private=False)))
    clock.now += 31
    assert asks.identity([signed(newer, exp=NOW + 9000)]) is not None
    clock.now += 3601
    assert asks.identity([signed(exp=NOW + 9000)]) is None


def test_an_issuer_that_does_not_answer_holds_for_a_day(file: Path, clock: Clock):
    asks = Assertions(Trust(ISSUER, AUDIENCE), Keys(str(file), clock), clock)
    later = signed(exp=NOW + 200_000)
    assert asks.identity([later]) is not None
    file.write_text("{")
    clock.now += 80_000
    assert asks.identity([later]) is not None
    clock.now += 20_000
    assert asks.identity([later]) is None


@pytest.mark.parametrize("algorithms", [[], ["HS256"], ["none"], ["ES256", "HS512"]])
def test_a_list_with_an_algorithm_that_proves_nothing_is_refused(algorithms: list[str]):
    with pytest.raises(ValueError, match=r"\["):
        Trust(ISSUER, AUDIENCE, frozenset(algorithms))


@pytest.mark.parametrize("place", ["http://keys.example/jwks", "http://10.0.0.1/jwks"])
def test_keys_are_not_fetched_without_tls_from_elsewhere(place: str, clock: Clock):
    with pytest.raises(ValueError, match="http"):
        Keys(place, clock)


@table(
    ("email", "counts"),
    [
        ("A@Example.COM", "a@example.com"),
        ("a.b+c@sub.example.com", "a.b+c@sub.example.com"),
        ("小林@例え.jp", "小林@例え.jp"),
        ("stranger@evil.example, admin@example.com", ""),
        ("stranger@evil.example\nadmin@example.com", ""),
        ("stranger@evil.example@example.com", ""),
        ('"stranger@evil.example"@example.com', ""),
        ("<admin@example.com>", ""),
        ("admin@example.com\u200b", ""),
        ("mi\u212ae@example.com", "mi\u212ae@example.com"),  # the sign of Kelvin is no k
        ("@example.com", ""),
        ("a@" + "b" * 300, ""),
        (["a@example.com"], ""),
        ({}, ""),
    ],
)
def test_an_address_counts_only_as_one_and_as_it_is_written(asks: Assertions, email: object, counts: str):
    found = asks.identity([signed(email=email)])
    assert found is not None
    assert found.email == counts


@pytest.mark.parametrize("groups", [None, 1, {"a": 1}, [1, None, ""], "one"])
def test_groups_of_another_form_are_none_or_one(asks: Assertions, groups: Any):
    found = asks.identity([signed(groups=groups)])
    assert found is not None
    assert found.groups == ({"one"} if groups == "one" else frozenset())
