"""No secret of a source leaves it, whatever its server sends back, wherever, and in what form."""

from __future__ import annotations

import base64
import html
import json
import logging
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.base import HasClock, Interval, KeepsSlos, Request, Source
from data_sources.calls import CountsCalls
from data_sources.cloud_monitoring.config import CloudMonitoringConfig
from data_sources.kinds import KINDS
from data_sources.prometheus.config import Histogram, PrometheusConfig
from data_sources.queries import Ratio, TextSignal
from data_sources.secrets import Secret, Secrets, file_reference, secrets_in
from tests.data_sources.fault_server import (
    NOW,
    Call,
    FaultServer,
    Reply,
    failure,
    fault_server,
    healthy,
    matrix,
    success,
)

ROOT = Path(__file__).parents[2]
HOUR = Interval(NOW - 3600, NOW, 300)
QUERIES = (Ratio(total="a_total", bad="b_total"), Histogram(histogram="h_seconds", under=0.3))

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda secret: secret,
    "in a sentence": lambda secret: f"the token <{secret}> is not known",
    "percent-encoded": lambda secret: quote(secret, safe=""),
    "as a form": quote_plus,
    "base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "base64 for addresses": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    "of basic": lambda secret: "Basic " + base64.b64encode(f"me:{secret}".encode()).decode(),
    "JSON": json.dumps,
    "HTML": html.escape,
    "upper case": str.upper,
    "wrongly decoded": lambda secret: secret.encode().decode("latin-1"),
    "its beginning": lambda secret: secret[: max(8, len(secret) * 2 // 3)] + "...",
    "its end": lambda secret: "..." + secret[-max(8, len(secret) * 2 // 3) :],
}


def answered(call: Call, labels: tuple[str, ...] = ("",), **more: Any) -> Reply:
    if not call.path.endswith("/query_range"):
        return healthy(call)
    return success([matrix(call, **cast(Any, {label: "x"} if label else {})) for label in labels], **more)


def answered_edges(call: Call, text: str) -> Reply:
    if call.path.endswith("/values"):
        return Reply(json.dumps({"status": "success", "data": [text, "0.1"]}).encode())
    return answered(call)


def answered_version(call: Call, text: str) -> Reply:
    if "/status/" in call.path:
        return Reply(json.dumps({"status": "success", "data": {"version": text, "storageRetention": text}}).encode())
    return answered(call)


PLACES: dict[str, Callable[[Call, str], Reply]] = {
    "error": lambda _, text: failure(400, "bad_data", text),
    "type of error": lambda _, text: failure(500, text, "no"),
    "page": lambda _, text: Reply(f"<html><title>{text}</title></html>".encode(), 200),
    "body of a failure": lambda _, text: Reply(text.encode(), 500),
    "denial": lambda _, text: Reply(text.encode(), 401),
    "challenge": lambda _, text: Reply(
        b"", 401, {"WWW-Authenticate": "".join(c for c in text if c.isascii() and c.isalpha()) or "x"}
    ),
    "redirect": lambda _, text: Reply(b"", 302, {"Location": f"/sign/{quote(text)}"}),
    "warning": lambda call, text: answered(call, warnings=[text]),
    "remark": lambda call, text: answered(call, infos=[text]),
    "label": lambda call, text: answered(call, labels=(text, "other")),
    "edges": answered_edges,
    "version": answered_version,
}


def shown_by(source: Source) -> str:
    """Everything that a source returns, in one text."""
    shown: list[object] = []
    for number, query in enumerate(QUERIES):
        request = Request(str(number), query, HOUR)
        for answer in source.fetch([request]):
            shown += [repr(answer.error), str(answer.error), answer.error and (answer.error.detail, answer.error.facts)]
            shown += [repr(answer.notices)]
        shown.append(source.check(request))
    health = source.health()
    return repr([*shown, health, health.error and (health.error.detail, health.error.facts)])


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server() as server:
        yield server


def opened(server: FaultServer, **config: Any) -> Source:
    made = PrometheusConfig.model_validate({"kind": "prometheus", "url": server.url, "timeout_seconds": 5, **config})
    return KINDS["prometheus"].open("it", made, lambda: NOW + 600.0)


def pieces(secret: str) -> set[str]:
    """What must not be seen of a secret: itself, and runs of eight characters of it."""
    low = secret.lower()
    return {low[start : start + 8] for start in range(max(1, len(low) - 7))}


# What our own code is made of is no trace of a secret that happens to look like a part of it, such as BAD_ANSW.
OURS = "".join(path.read_text(encoding="utf-8").lower() for path in (ROOT / "data_sources").rglob("*.py"))
SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x30FF, categories=("L", "N", "P", "S")), min_size=8, max_size=40
).filter(
    lambda text: (
        text == text.strip()
        and len(set(text)) > 4
        and len(text.lower()) == len(text)
        and not any(piece in OURS for piece in pieces(text))
    )
)
WAYS: dict[str, Callable[[str], dict[str, Any]]] = {
    "password": lambda secret: {"auth": {"kind": "basic", "username": "me", "password": secret}},
    "token": lambda secret: {"auth": {"kind": "bearer", "token": secret}},
    "header": lambda secret: {"headers": {"X-Api-Key": secret}},
    "parameter": lambda secret: {"params": {"key": secret}},
    "proxy": lambda secret: {"proxy": {"headers": {"X-Proxy-Key": secret}}},
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=SECRETS, seed=st.integers(0, 10_000))
def test_no_form_of_a_secret_in_any_place_of_an_answer_is_shown(
    server: FaultServer, caplog: pytest.LogCaptureFixture, secret: str, seed: int
) -> None:
    dice = random.Random(seed)
    way, form, place = (dice.choice(list(table)) for table in (WAYS, FORMS, PLACES))
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    server.answer = lambda call: PLACES[place](call, FORMS[form](secret))
    source = opened(server, **WAYS[way](secret))
    try:
        shown = shown_by(source) + caplog.text
    finally:
        source.close()
    left = {piece for piece in pieces(secret) if piece in shown.lower() and piece not in server.url}
    assert not left, (way, form, place)


@pytest.mark.parametrize(("form", "place"), [(form, "warning") for form in FORMS] + [("as it is", at) for at in PLACES])
def test_each_form_and_each_place(server: FaultServer, form: str, place: str) -> None:
    secret = "s3cr3t/Öl+パス word-of-tests"
    server.answer = lambda call: PLACES[place](call, FORMS[form](secret))
    source = opened(server, auth={"kind": "basic", "username": "me", "password": secret})
    shown = shown_by(source).lower()
    source.close()
    assert not {piece for piece in pieces(secret) if piece in shown}
    assert FORMS[form](secret).lower() not in shown


def test_a_rotated_secret_is_masked_before_and_after(server: FaultServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    server.answer = lambda _: failure(400, "bad_data", "neither old-abcdef nor new-uvwxyz")
    source = opened(server, auth={"kind": "bearer", "token": file_reference(file)})
    seen = []
    for token in ("old-abcdef", "new-uvwxyz"):
        file.write_text(token + "\n")
        (answer,) = source.fetch([Request("it", TextSignal(query="up"), HOUR)])
        assert answer.error is not None
        seen.append(answer.error.detail)
    source.close()
    assert seen == ["neither *** nor new-uvwxyz", "neither *** nor ***"]
    assert server.calls[-1].headers["Authorization"] == "Bearer new-uvwxyz"


def test_a_query_that_holds_the_same_word_as_a_header_stays_as_it_was_written(server: FaultServer) -> None:
    server.answer = healthy
    source = opened(server, headers={"X-Scope-OrgID": "checkout"})
    (text,) = source.explain(TextSignal(query='up{app="checkout"}'), HOUR)
    assert 'app="checkout"' in text.text
    server.answer = lambda _: success([])
    findings = source.check(Request("it", TextSignal(query='up{app="checkout"}'), HOUR))
    assert any(finding.facts.get("query") == 'up{app="checkout"}' for finding in findings)
    source.close()


def test_of_the_address_of_a_proxy_only_the_password_is_masked() -> None:
    config = PrometheusConfig.model_validate(
        {"kind": "prometheus", "url": "http://x", "proxy": {"url": "http://me:pw%2Fof-tests@127.0.0.1:3128"}}
    )
    secrets = Secrets(secrets=secrets_in(config))
    assert secrets.mask("http://127.0.0.1:9090 pw/of-tests") == "http://127.0.0.1:9090 ***"


@pytest.mark.parametrize(
    "text",
    [
        "Bearer abcdefgh.ijkl",
        "http://me:pass@proxy:3128/x",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl",
        "ya29.a0AfH6SMBx-abcdefg",
        "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----",
    ],
)
def test_what_is_shaped_like_a_secret_is_masked_though_it_is_not_known(text: str) -> None:
    shown = Secrets().mask(f"before {text} after")
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "***" in shown
    assert not {"abcdefgh", "me:pass", "eyJzdWIi", "a0AfH6", "MIIabc"} & {
        word for word in text.split() if word in shown
    }


def test_the_private_key_of_google_credentials_is_masked(tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(json.dumps({"type": "service_account", "private_key": "MIIEvQIBADANBgkqhkiG9w0"}))
    config = CloudMonitoringConfig.model_validate(
        {"kind": "cloud_monitoring", "project": "p", "auth": {"credentials_file": str(file)}}
    )
    secrets = Secrets(secrets=secrets_in(config))
    assert secrets.mask("invalid key MIIEvQIBADANBgkqhkiG9w0") == "invalid key ***"


def test_a_masked_source_can_do_what_its_source_can() -> None:
    prometheus = KINDS["prometheus"].config.model_validate({"kind": "prometheus", "url": "http://127.0.0.1:1"})
    google = KINDS["cloud_monitoring"].config.model_validate({"kind": "cloud_monitoring", "project": "p"})
    demo = KINDS["demo"].config.model_validate({"kind": "demo"})
    made = [KINDS[config.kind].open("it", config, lambda: NOW) for config in (prometheus, google, demo)]
    assert [isinstance(each, HasClock) for each in made] == [True, False, False]
    assert [isinstance(each, KeepsSlos) for each in made] == [False, True, False]
    assert [isinstance(each, CountsCalls) for each in made] == [True, True, False]
    assert [(each.id, each.kind) for each in made] == [("it", "prometheus"), ("it", "cloud_monitoring"), ("it", "demo")]


def test_a_secret_is_not_shown_by_its_configuration() -> None:
    config = PrometheusConfig.model_validate(
        {
            "kind": "prometheus",
            "url": "http://127.0.0.1:1",
            "auth": {"kind": "oauth2", "client_id": "me", "client_secret": "hush-hush", "token_url": "http://x"},
            "params": {"key": "hush-hush"},
            "proxy": {"url": "http://me:hush-hush@proxy", "headers": {"X-A": "hush-hush"}},
        }
    )
    assert "hush" not in repr(config) + str(config) + config.model_dump_json() + repr(config.model_dump())
    assert Secret("a") == Secret("a") != Secret("b")
