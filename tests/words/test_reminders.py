"""A reminder says when, what changed and where; in a chat nothing of it is a mention, a link or a format."""

from __future__ import annotations

import json

import pytest

from tomoni.words.reminders import BODIES, reminder
from tomoni.words.text import text_for

AT = 1_795_482_000
ADDRESS = "https://slo.example.com/review?app=checkout&lang=en"
HOSTILE = "<!channel> <users/all> *bold* [a](https://evil.example) @here `x` ~y~ & <https://evil.example|z>"


def made(app: str = "Checkout", changes: tuple[str, ...] = ("One.", "Two.", "Three.", "Four."), language: str = "en"):
    return reminder(app, AT, changes, ADDRESS, text_for(language, "Asia/Tokyo"))


def test_it_names_the_moment_the_three_things_and_the_link() -> None:
    assert str(made()).splitlines() == [
        "Review of “Checkout”: 24 Nov 2026, 10:00 JST",
        "- One.",
        "- Two.",
        "- Three.",
        f"Open the review: {ADDRESS}",
    ]
    assert str(made(language="ja")).startswith("「Checkout」のレビュー: 2026年11月24日 10:00 JST")


def test_each_chat_gets_the_shape_that_it_takes() -> None:
    slack, chat, teams = (BODIES[name](made()) for name in ("slack", "google_chat", "teams"))
    assert slack["text"].splitlines()[0] == "*Review of “Checkout”: 24 Nov 2026, 10:00 JST*"
    assert slack["text"].splitlines()[-1] == f"<{ADDRESS.replace('&', '&amp;')}|Open the review>"
    assert chat["text"].splitlines()[-1] == f"<{ADDRESS}|Open the review>"
    assert set(chat) == {"text"}
    assert chat["text"].splitlines()[1:4] == ["• One.", "• Two.", "• Three."]
    (attachment,) = teams["attachments"]
    assert (teams["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert attachment["content"]["actions"] == [{"type": "Action.OpenUrl", "title": "Open the review", "url": ADDRESS}]
    assert len(attachment["content"]["body"]) == 4


@pytest.mark.parametrize("name", ["slack", "google_chat"])
def test_nothing_typed_becomes_a_mention_or_a_link(name: str) -> None:
    text = BODIES[name](made(HOSTILE, (HOSTILE,)))["text"]
    assert text.count("<") == text.count(">") == 1
    assert f"<{ADDRESS if name == 'google_chat' else ADDRESS.replace('&', '&amp;')}|" in text
    assert "*bold*" not in text
    assert "`x`" not in text


def test_a_card_shows_what_was_typed_as_it_is() -> None:
    body = BODIES["teams"](made(HOSTILE, (HOSTILE,)))["attachments"][0]["content"]["body"]
    assert {block["type"] for block in body} == {"RichTextBlock"}
    assert HOSTILE in body[1]["inlines"][0]["text"]
    assert 'TextBlock"' not in json.dumps(body).replace("RichTextBlock", "")
