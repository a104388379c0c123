"""Who may see and do what, as a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.catalog.test_access import loaded
from tests.tables import table
from tomoni.access.identity import Identity
from tomoni.access.policy import (
    EVERYTHING,
    Grants,
    NotAllowedError,
    grants_of,
    grants_of_account,
    grants_of_everybody,
    grants_of_token,
)
from tomoni.catalog.schema import App
from tomoni.catalog.who_may import AS_EVER, NOBODY, AccessRules, Role, RoleRule

RULES = AccessRules(
    Role.NONE,
    Role.VIEWER,
    (
        RoleRule(Role.ADMIN, groups=frozenset({"leads"})),
        RoleRule(Role.EDITOR, groups=frozenset({"sre"})),
        RoleRule(Role.MEMBER, groups=frozenset({"pay"}), teams=frozenset({"payments"})),
        RoleRule(Role.VIEWER, domains=frozenset({"example.com"})),
        RoleRule(Role.MEMBER, emails=frozenset({"boss@example.com"}), apps=frozenset({"payroll"})),
    ),
    frozenset({"payroll"}),
)
N, V, M, E, A = Role.NONE, Role.VIEWER, Role.MEMBER, Role.EDITOR, Role.ADMIN
PAYMENTS = frozenset({"payments"})


def who(*groups: str, email: str = "") -> Identity:
    return Identity("i", "1", email, groups=frozenset(groups))


@pytest.fixture
def apps(tmp_path: Path) -> tuple[App, ...]:
    """`shop` of the payments team, and `payroll` of nobody."""
    found = loaded(tmp_path, None).catalog.apps
    return tuple(replace(app, teams={"app": "payments"}) if app.id == "shop" else app for app in found)


@pytest.mark.parametrize(
    ("identity", "everywhere", "shop", "payroll"),
    [
        (who(), N, N, N),
        (who("leads"), A, A, A),
        (who("sre"), E, E, N),
        (who("pay"), N, M, N),
        (who("pay", "sre"), E, E, N),
        (who(email="a@example.com"), V, V, N),
        (who("pay", email="a@example.com"), V, M, N),
        (who(email="boss@example.com"), V, V, M),
        (who("sre", email="boss@example.com"), E, E, M),
        (who(email="a@sub.example.com"), N, N, N),
        (who(email="a@example.com.evil"), N, N, N),
        (who("SRE"), N, N, N),
        (who("Payments", "payments"), N, N, N),
    ],
)
def test_the_highest_role_of_all_rules_counts_and_hidden_apps_need_one_of_their_own(
    apps: tuple[App, ...], identity: Identity, everywhere: Role, shop: Role, payroll: Role
):
    found = grants_of(RULES, apps, identity, True)
    assert (found.role(), found.role("shop"), found.role("payroll")) == (everywhere, shop, payroll)
    assert found.sees_any is (N not in {everywhere} or shop is not N or payroll is not N)
    assert found.sees_all is (everywhere is not N and payroll is not N)


def test_who_did_not_sign_in_has_what_the_file_says_and_nothing_where_it_is_needed(apps: tuple[App, ...]):
    assert grants_of(RULES, apps, None, False).role("shop") is V
    assert grants_of(RULES, apps, None, False).role("payroll") is N
    assert grants_of(RULES, apps, None, True).role("shop") is N
    assert grants_of(AS_EVER, apps, None, False) == EVERYTHING
    assert grants_of(AS_EVER, apps, who(), True).role() is E
    assert not grants_of(NOBODY, apps, who("leads"), True).sees_any


@table("role", list(Role))
@table("needed", [V, M, E, A])
def test_a_role_covers_those_before_it_and_no_other(role: Role, needed: Role):
    order = [N, V, M, E, A]
    grants = Grants(role)
    assert grants.may(needed, "shop") is (order.index(role) >= order.index(needed))
    if not grants.may(needed):
        with pytest.raises(NotAllowedError) as refused:
            grants.require(needed, "shop")
        assert (refused.value.needed, refused.value.app) == (needed, "shop")


def test_a_command_has_the_role_of_its_account_and_is_an_admin_where_nothing_is_written(apps: tuple[App, ...]):
    rules = replace(RULES, commands=V, rules=(*RULES.rules, RoleRule(M, accounts=frozenset({"ci"}), teams=PAYMENTS)))
    assert grants_of_account(AS_EVER, apps, "anybody") == EVERYTHING
    assert grants_of_account(RULES, apps, "anybody").role("payroll") is A
    assert [grants_of_account(rules, apps, each).role("shop") for each in ("ci", "other", "")] == [M, V, V]
    assert grants_of_account(rules, apps, "ci").role("payroll") is N
    assert not grants_of_account(NOBODY, apps, "root").sees_any


def test_a_token_writes_of_its_app_alone_and_one_of_all_apps_of_those_that_are_not_hidden():
    whole, shop, payroll = (grants_of_token(RULES, app) for app in (None, "shop", "payroll"))
    assert [whole.role(), whole.role("shop"), whole.role("payroll")] == [M, M, N]
    assert [shop.role(), shop.role("shop"), shop.role("payroll"), shop.role("other")] == [N, M, N, N]
    assert [payroll.role("payroll"), payroll.role("shop")] == [M, N]
    assert not grants_of_token(NOBODY, None).sees_any
    assert not grants_of_token(NOBODY, "payroll").sees_any


def test_nothing_is_published_while_the_rules_cannot_be_read():
    assert not grants_of_everybody(NOBODY).sees_any
    assert grants_of_everybody(RULES) == Grants(V, (), frozenset({"payroll"}))
