"""Teams are told of their budgets: once, grouped, in their language, outside their quiet hours, by every channel."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from pydantic import SecretStr

from tests.dialects.promtool import app_of, exported, shop, slo_of
from tests.real_prometheus import free_port
from tests.review.shop import APP, DAY, START, STEP, Shop
from tests.use_cases.test_webhooks import SECRET, Chat, serving
from tomoni.catalog.notifying import QuietHours
from tomoni.meetings.notifications import Told
from tomoni.slo.standing import Happening
from tomoni.use_cases.mailing import MailServer, send_mail
from tomoni.use_cases.notifying import Notifying, outdated
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.webhooks import Outcome
from tomoni.words.notifications import names

FILE = """\
quiet: {after: "22:00", before: "07:00"}
teams:
  - {team: sales, to: [webhook, slack, email], email: [sales@example.com], language: ja}
  - {team: platform, to: [webhook], send: [exhausted]}
"""
DAYTIME = START + 6 * DAY + 3 * 3600  # noon in Tokyo
NIGHT = START + 6 * DAY + 16 * 3600


class Inbox:
    """What arrived at a mail server that takes a password."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refusing = False

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        if self.refusing:
            return "554 no"
        self.mails.append(message_from_bytes(envelope.original_content or b"", policy=policy.default))
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    found = Inbox()

    def known(_server: object, _session: object, _envelope: object, _way: str, given: Any) -> AuthResult:
        ours = (given.login, given.password) == (b"us", b"p w/d")
        return AuthResult(success=ours, handled=False)  # else nobody answers, and the client waits for its time-out

    server = Controller(found, "127.0.0.1", free_port(), authenticator=known, auth_require_tls=False)
    server.start()
    yield found, f"smtp://us:p%20w%2Fd@127.0.0.1:{server.port}"
    server.stop()


class World:
    """The shop, whose budget is spent from some bucket on."""

    def __init__(self, folder: Path, url: str) -> None:
        self.shop = Shop(folder)
        (folder / "config" / "notifications.yaml").write_text(FILE)
        (folder / "config" / "settings.yaml").write_text("timezone: Asia/Tokyo\nlanguages: [en, ja]\n")
        (folder / "config" / "apps" / "shop.yaml").write_text(
            APP.replace("{en: Shop, ja: 店舗}", '{en: "<Shop>", ja: "店<舗>"}')
        )
        self.smtp = url

    def look(self, at: int, bad: float, send: bool = True) -> tuple[Tomoni, list[Any]]:
        """What is sent at a moment of which the last day had so many bad events of 100 in each bucket."""
        first = START - START % STEP
        rows = [(t, 100.0, bad if t >= at - DAY else 0.0) for t in range(first, at, STEP)]
        self.shop.write_orders(rows)
        tomoni = self.shop.open(at)
        tomoni.sync()
        settings = tomoni.settings.model_copy(
            update={"url": "https://slo.example.com", "smtp_url": SecretStr(self.smtp), "mail_from": "slo@example.com"}
        )
        teller = Notifying(tomoni._configuration, tomoni.meetings.notifications, settings, tomoni.now)
        found = teller.run(tomoni.overview(with_trends=False), lambda _: None) if send else []
        tomoni.close()
        return tomoni, found


def test_a_change_is_told_once_by_every_channel(
    tmp_path: Path, inbox: tuple[Inbox, str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mails, url = inbox
    world = World(tmp_path, url)
    with serving(Chat(200)) as own, serving(Chat(200)) as slack:
        monkeypatch.setenv("TOMONI_WEBHOOK_PLAIN", own.address.get_secret_value())
        monkeypatch.setenv("TOMONI_WEBHOOK_SLACK_SALES", slack.address.get_secret_value())
        assert world.look(DAYTIME - DAY, 0)[1] == []  # nothing on the first start
        assert [each.outcome for _, each in world.look(DAYTIME, 3)[1]] == [Outcome.SENT] * 4
        assert world.look(DAYTIME + 600, 3)[1] == []  # nothing new
    mine, theirs = sorted((each for each in own.bodies), key=lambda each: "sales" in each["title"])
    assert [each["what"] for each in mine["changes"]] == ["exhausted"]  # platform is told of nothing else
    assert "Error budgets of “platform”" in mine["title"]
    assert "エラーバジェット" in theirs["title"]
    assert {each["what"] for each in theirs["changes"]} >= {"exhausted"}
    assert theirs["url"] == "https://slo.example.com/app?app=shop&journey=buy&slo=availability"
    assert "店&lt;舗&gt;" in slack.bodies[0]["text"]
    (mail,) = mails.mails
    assert (mail["To"], mail["From"]) == ("sales@example.com", "slo@example.com")
    assert "エラーバジェット" in mail["Subject"]
    assert "https://slo.example.com/app" in mail.get_content()
    tomoni, _ = world.look(DAYTIME + 900, 3)
    assert SECRET not in caplog.text + repr(tomoni.settings)
    assert "p w/d" not in caplog.text
    assert "p%20w" not in caplog.text


def test_nothing_is_sent_in_quiet_hours_and_what_still_holds_is_sent_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, "smtp://127.0.0.1:9")
    with serving(Chat(200)) as own:
        monkeypatch.setenv("TOMONI_WEBHOOK_PLAIN", own.address.get_secret_value())
        world.look(NIGHT - DAY, 0)
        assert world.look(NIGHT, 3)[1] == []
        assert world.look(NIGHT + 8 * 3600, 3)[1] != []
    assert {each["what"] for body in own.bodies for each in body["changes"]} == {"exhausted", "fast_burn"}


def test_a_mail_that_is_refused_or_cannot_leave_is_known_not_to_have_arrived(inbox: tuple[Inbox, str]) -> None:
    mails, url = inbox
    mails.refusing = True
    server = MailServer(SecretStr(url), "slo@example.com")
    assert send_mail(server, ["a@example.com"], "A\r\nBcc: b@example.com", "text").outcome is Outcome.REFUSED
    mails.refusing = False
    assert send_mail(server, ["a@example.com"], "A\r\nBcc: b@example.com", "text").outcome is Outcome.SENT
    assert mails.mails[0]["Bcc"] is None
    wrong = MailServer(SecretStr(url.replace("us:", "them:")), "slo@example.com")
    closed = MailServer(SecretStr("smtp://127.0.0.1:9"), "slo@example.com")
    odd = MailServer(SecretStr("no address"), "slo@example.com")
    assert {send_mail(each, ["a@example.com"], "A", "").outcome for each in (wrong, closed, odd)} == {
        Outcome.UNREACHABLE
    }
    assert "hush" not in repr(MailServer(SecretStr("smtp://a:hush@b"), "c"))
    # Read as a header these would go to somebody else, or to nobody; and a domain of any script is sent as ASCII.
    for odd_address in (
        "a:b@example.com",
        "a;b@example.com",
        "a(b@example.com",
        "Us:a@example.com;",
        "ä@example.com",
        '"a@b',
        ".@.",
    ):
        assert send_mail(server, ["a@example.com", odd_address], "A", "").outcome is Outcome.REFUSED, odd_address
    assert len(mails.mails) == 1
    assert send_mail(server, ["a+b@bücher.example", "c@[127.0.0.1]"], "件名", "本文").outcome is Outcome.SENT
    assert mails.mails[1]["To"] == "a+b@xn--bcher-kva.example, c@[127.0.0.1]"
    assert mails.mails[1]["Subject"] == "件名"


@pytest.mark.parametrize(
    ("after", "before", "clock", "quiet"),
    [
        ("22:00", "07:00", "2026-11-24T23:00+09:00", True),
        ("22:00", "07:00", "2026-11-25T06:59+09:00", True),
        ("22:00", "07:00", "2026-11-25T07:00+09:00", False),
        ("12:00", "13:00", "2026-11-25T12:30+09:00", True),
        ("12:00", "13:00", "2026-11-25T12:30+00:00", False),
    ],
)
def test_hours_are_quiet_by_the_clocks_of_a_zone(after: str, before: str, clock: str, quiet: bool) -> None:
    hours = QuietHours(time.fromisoformat(after), time.fromisoformat(before), "Asia/Tokyo")
    assert hours.holds(datetime.fromisoformat(clock).timestamp()) is quiet


def test_weekends_may_be_quiet() -> None:
    saturday = datetime(2026, 11, 28, 3, tzinfo=UTC).timestamp()
    assert QuietHours(time(22), time(7), "Asia/Tokyo", weekends=True).holds(saturday)
    assert not QuietHours(time(22), time(7), "Asia/Tokyo").holds(saturday)


def told(number: int, what: Happening, path: str = "a/b/c", at: int = 1000) -> Told:
    return Told(number, at, path, what, "sales", "slack", {}, "pending", 0, at)


def test_what_went_by_in_quiet_hours_is_not_told() -> None:
    risk, spent, back = told(1, Happening.AT_RISK), told(2, Happening.EXHAUSTED), told(3, Happening.RECOVERED)
    assert outdated([risk], {}, 2000) == []
    assert outdated([risk, spent], {}, 2000) == [risk]
    assert outdated([risk, spent, back], {}, 2000) == [risk, spent, back]
    assert outdated([back], {}, 2000) == []  # of what was told before
    assert outdated([told(1, Happening.FAST_BURN)], {}, 2000) == [told(1, Happening.FAST_BURN)]
    assert outdated([risk], {}, 1000 + 5 * DAY) == [risk]


def test_the_file_is_checked(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    (tmp_path / "config" / "notifications.yaml").write_text(
        "teams:\n  - {team: sale, to: [slack]}\n  - {team: sales, to: [email]}\n"
        "  - {team: sales, to: [slack], quiet: {after: late, before: 7:00}}\n  - {team: platform, to: [slack]}\n"
        "  - {team: sales, to: [email], email: [a@example.com, 'a;b@example.com']}\n"
    )
    tomoni = shop.open(START + DAY)
    codes = {problem.code for problem in tomoni.catalog.problems}
    assert codes >= {"unknown_team", "mail_missing", "bad_clock", "no_address"}
    assert [each.team for each in tomoni.setup.notifications.audiences] == ["platform", "sales"]
    assert tomoni.setup.notifications.audiences[1].mails == ("a@example.com",)
    tomoni.close()


def test_equal_titles_are_told_apart_and_a_journey_is_named_where_there_are_several() -> None:
    def slo(id_: str) -> dict[str, Any]:
        return slo_of(id_, {"total": "a", "bad": "b"}, title="Works")

    twins = [{"id": id_, "title": "Pay", "slos": [slo("card"), slo("cash")]} for id_ in ("pay", "pay-again")]
    app = app_of({"app": "shop", "title": "Shop", "journeys": twins})
    alone = shop(slo("card"), title="Shop")
    (first, _) = app.journeys
    assert names(app, first, first.slos[1], {}, "en") == ("Shop", "Pay (pay)", "Works (cash)")
    assert names(alone, alone.journeys[0], alone.journeys[0].slos[0], {"shop": "Shop (shop)"}, "en") == (
        "Shop (shop)",
        "Works",
    )
    rules = exported("rules", app).files["shop.rules.yaml"]
    assert "Shop / Pay (pay-again) / Works (cash)" in rules
