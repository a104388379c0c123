"""`token`: made once, listed without its secret, revoked."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_a_token_is_shown_once_listed_and_revoked(run: Run) -> None:
    made = run("token", "create", "deploys", "--app", "shop")
    assert made.exit_code == 0, made.output
    secret = made.stdout.strip()
    assert secret.startswith("tomoni_")
    listed = run("token", "list")
    assert "deploys  shop  made" in listed.stdout
    assert secret not in listed.output
    assert run("token", "create", "deploys").exit_code == 1
    assert run("token", "revoke", "deploys").exit_code == 0
    assert "revoked" in run("token", "list").stdout
    again = run("token", "revoke", "deploys")
    assert (again.exit_code, len(again.stderr.splitlines())) == (1, 1)


def test_a_token_of_an_app_that_is_not_there_is_refused(run: Run) -> None:
    refused = run("token", "create", "deploys", "--app", "nothing")
    assert refused.exit_code == 1
    assert "nothing" in refused.stderr
    assert run("token", "create", " ").exit_code == 2
