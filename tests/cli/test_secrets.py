"""Commands with a server that repeats what it is sent: neither output, ledger nor files hold a secret."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import Run
from tests.data_sources.fault_server import Call, FaultServer, Reply, failure, fault_server, healthy, matrix, success

TOKEN, PASSWORD, TENANT = "t0ken/of-the+tests", "pässwörd of tests", "tenant-of-tests"
pytestmark = pytest.mark.slow
SHOWN = [
    TOKEN,
    PASSWORD,
    TENANT,
    quote(TOKEN, safe=""),
    quote(PASSWORD),
    base64.b64encode(f"me:{PASSWORD}".encode()).decode(),
    TOKEN[:10],
    PASSWORD[-9:],
    "forgotten-token",
]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server() as server:
        server.passes_all = True
        yield server


@pytest.fixture
def repeating(server: FaultServer, config: Path, monkeypatch: pytest.MonkeyPatch) -> FaultServer:
    """A configuration whose sources have secrets, one of them in a file."""
    monkeypatch.setenv("TOKEN", TOKEN)
    monkeypatch.setenv("PASSWORD", PASSWORD)
    (config / "tenant").write_text(TENANT + "\n")
    (config / "sources.yaml").write_text(
        f"""sources:
  with-token:
    kind: prometheus
    url: {server.url}
    headers: {{X-Scope-OrgID: "${{file:tenant}}"}}
    auth: {{kind: bearer, token: "${{TOKEN}}"}}
  with-password:
    kind: prometheus
    url: {server.url}
    auth: {{kind: basic, username: me, password: "${{PASSWORD}}"}}
"""
    )
    (config / "apps" / "shop.yaml").write_text(
        """app: shop
journeys:
  - id: buy
    slos:
      - {id: token, objective: 99, window: 7d, sli: {source: with-token, total: a_total, bad: b_total}}
      - {id: password, objective: 99, window: 7d, sli: {source: with-password, total: c_total, bad: d_total}}
"""
    )
    return server


def everything(call: Call) -> str:
    """All that was sent, in several forms."""
    own = [TOKEN, TENANT] if call.headers["Authorization"].startswith("Bearer") else [PASSWORD]
    forms = [form for secret in own for form in (secret, quote(secret, safe=""), f"{secret[:10]}…", f"…{secret[-9:]}")]
    return " ".join([*call.headers.values(), *forms, "Bearer forgotten-token"])


def answered(call: Call) -> Reply:
    said = everything(call)
    if call.path.endswith("/query_range"):
        return success([matrix(call)], warnings=[f"PromQL warning: {said}", said], infos=[said])
    if "/status/" in call.path:
        return Reply(b'{"status":"success","data":{"version":"%s"}}' % quote(said).encode())
    return healthy(call)


WAYS: dict[str, Callable[[Call], Reply]] = {
    "an answer": answered,
    "a refusal": lambda call: failure(422, "execution", everything(call)),
    "a failure": lambda call: Reply(everything(call).encode(), 500),
    "a denial": lambda call: Reply(everything(call).encode(), 401),
    "a redirect": lambda call: Reply(b"", 302, {"Location": f"/login/{quote(everything(call))}"}),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_secret_reaches_the_output_the_ledger_or_a_file(
    repeating: FaultServer, run: Run, config: Path, way: str
) -> None:
    repeating.answer = WAYS[way]
    out = config.parent / "out"
    commands = [
        ("check",),
        ("sync", "--days", "1"),
        ("status",),
        ("status", "--no-sync", "--format", "json"),
        ("explain", "--app", "shop", "--slo", "token"),
        ("explain", "--app", "shop", "--slo", "password"),
        ("snapshot", "--app", "shop", "--out", str(out), "--format", "md,json,csv"),
    ]
    results = [run(*command) for command in commands]
    shown = "".join(result.stdout + result.stderr + repr(result.exception) for result in results)
    assert repeating.calls
    assert "Usage:" not in shown
    assert way == "an answer" or "***" in shown
    texts = [shown, *(path.read_text(errors="replace") for path in out.rglob("*") if path.is_file())]
    with sqlite3.connect(config.parent / "ledger.db") as ledger:
        texts.append("\n".join(ledger.iterdump()))
    ledger.close()
    leaks = [(secret, number) for secret in SHOWN for number, text in enumerate(texts) if secret in text]
    assert leaks == []


def test_check_names_the_line_of_a_token_that_ends_in_a_line_break(run: Run, config: Path) -> None:
    (config / "sources.yaml").write_text(
        'sources:\n  it: {kind: prometheus, url: "http://127.0.0.1:1", auth: {kind: bearer, token: "${TOKEN}"}}\n'
    )
    result = run("check", "--offline", TOKEN="s3cr3t-token\n")
    assert f"{config / 'sources.yaml'}:2: The value ends (or begins) with a line break; remove it" in result.stderr
    assert "ValueError" not in result.stderr
    assert "s3cr3t" not in result.stderr
