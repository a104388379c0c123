"""Three replicas behind HAProxy, one killed again and again while people read and write:
``python -m tests.endurance.replicas --minutes 5 --every 30``.

Everybody signs in at a provider. It prints how long each page took to be back, what was not as before, and what
became of everything that was acknowledged as written.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import oidc_provider_mock
from playwright.sync_api import Browser

from tests.browser.server import chromium, settle
from tests.endurance.balancer import NAMES, Behind, behind
from tests.endurance.collectors import database
from tests.endurance.readers import Reader, Writer, sign_in, watch
from tomoni.meetings.meetings import Meetings
from tomoni.meetings.model import Action, Meeting
from tomoni.store.engine import open_engine

APP, STEP = "order-mail", "decide"
READER = oidc_provider_mock.User(sub="reader-1", claims={"name": "Aya", "email": "aya@example.com"})


def settings(provider: str, url: str) -> dict[str, str]:
    """The variables of every replica: one database, one sign-in, one secret."""
    return {
        "TOMONI_DATABASE_URL": url,
        "TOMONI_SIGN_IN": "oidc",
        "TOMONI_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "TOMONI_OIDC_URL": f"{provider}/.well-known/openid-configuration",
        "TOMONI_OIDC_CLIENT_ID": "tomoni",
        "TOMONI_OIDC_CLIENT_SECRET": "hush",
    }


@contextlib.contextmanager
def provider() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with oidc_provider_mock.run_server_in_thread(user_claims=[READER]) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def readers(browser: Browser, address: str) -> tuple[list[Reader], str]:
    """The pages that stay open, and the id of the review that is written in, which the first one shows."""
    context = sign_in(browser, address, "/")
    page = context.new_page()
    page.goto(f"{address}/review?app={APP}")
    settle(page)
    page.locator(".st-key-open button").click()
    page.locator(".st-key-meeting-begin button").first.click()
    page.locator(".st-key-follow-stop-leading").first.wait_for()
    page.locator(".st-key-meeting-bar").get_by_role("radio", name="5 Decide").click()
    page.wait_for_url(f"**step={STEP}*")
    settle(page)
    meeting = page.url.partition("meeting=")[2].partition("&")[0]
    page.close()
    others = [sign_in(browser, address, "/") for _ in range(2)]
    opened = [
        Reader("/review", context, f"{address}/review?app={APP}&meeting={meeting}&step={STEP}"),
        Reader("/app", others[0], f"{address}/app?app=checkout&days=7", 300),
        Reader("/", others[1], f"{address}/", 200),
    ]
    for each in opened:
        each.open()
    return opened, meeting


def run(behind_it: Behind, browser: Browser, minutes: float, every: float) -> tuple[list[Reader], Writer, str]:
    """Kills the replicas that somebody is at, one after another, while the writer writes."""
    pages, meeting = readers(browser, behind_it.address)
    pages[0].page.locator(".st-key-notes-dock summary").click()
    writer, began = Writer(pages[0].page), time.monotonic()
    kills = int(minutes * 60 / every)
    for number in range(kills):
        write_until(writer, began + (number + 1) * every - every / 3)
        wanted = pages[number % len(pages)].replica
        victim = wanted if wanted in behind_it.running else NAMES[number % len(NAMES)]
        lost = [each for each in pages if each.replica == victim]
        for each in lost:
            each.remember()
        writer.note()  # not saved yet when its replica dies
        moment = time.monotonic()
        behind_it.kill(victim)
        behind_it.start(victim)
        watch(lost, moment - began, moment)
        click.echo(f"{moment - began:4.0f} s: {victim} killed; back: " + told(lost))
        behind_it.wait_for(victim)
    write_until(writer, time.monotonic() + 5)
    return pages, writer, meeting


def told(lost: list[Reader]) -> str:
    return ", ".join(f"{each.name} {each.back[-1]:.1f} s ({each.parts})" for each in lost) or "nobody was there"


def write_until(writer: Writer, until: float) -> None:
    """Writes at the pace of somebody who takes minutes."""
    turn = 0
    while time.monotonic() < until:
        if turn % 6 == 5:
            writer.act()
        else:
            writer.note()
        for _ in range(10):
            writer.page.wait_for_timeout(120)
            writer.look()
        turn += 1


def judge(url: str, meeting: str, pages: list[Reader], writer: Writer) -> list[str]:
    """What went wrong, a line each; an empty list when nothing did."""
    engine = open_engine(url)
    meetings = Meetings(engine, time.time)
    text = Counter(meetings.notes.read(meeting, STEP).text.split("\n"))
    actions = Counter(each.value.text for each in meetings.records.listed(Action, APP))
    open_ = meetings.records.read(Meeting, meeting).value.state
    engine.dispose()
    wrong = [trouble for page in pages for trouble in page.troubles]
    wrong += [f"lost although acknowledged: {line}" for line in sorted(writer.acknowledged) if not text[line]]
    wrong += [f"typed and lost: {line}" for line in writer.noted if not text[line]]
    wrong += [f"there {text[line]} times: {line}" for line in writer.noted if text[line] > 1]
    wrong += [f"lost although shown: {line}" for line in writer.added if not actions[line]]
    wrong += [f"there {actions[line]} times: {line}" for line in writer.tried if actions[line] > 1]
    return wrong + ([] if open_ == "open" else [f"the review is {open_}"])


def main(minutes: float, every: float, kind: str, logs: Path | None) -> int:
    """Prints what was seen; 1 if anything was lost, changed or late."""
    with contextlib.ExitStack() as stack:
        folder = logs or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tomoni-replicas-")))
        url = stack.enter_context(database(kind, folder))
        given = settings(stack.enter_context(provider()), url)
        replicas = stack.enter_context(behind(folder, given))
        browser = stack.enter_context(chromium())
        pages, writer, meeting = run(replicas, browser, minutes, every)
        wrong = judge(url, meeting, pages, writer)
        failed = [name for name in NAMES if "Traceback" in (folder / f"{name}.log").read_text()]
        wrong += [f"{name} wrote a traceback: {(folder / f'{name}.log').read_text()[-3000:]}" for name in failed]
    back = sorted(seconds for page in pages for seconds in page.back)
    lines, actions = len(writer.acknowledged), len(writer.added)
    click.echo(f"acknowledged: {lines} of {len(writer.noted)} lines, {actions} of {len(writer.tried)} actions")
    click.echo(f"pages back after {back[len(back) // 2]:.1f} s in the middle, {back[-1]:.1f} s at most")
    for line in wrong:
        click.echo(line)
    return 1 if wrong or back[-1] > 5 else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--every", type=float, default=30)
    parser.add_argument("--logs", type=Path, help="the folder that the logs stay in")
    chosen = parser.parse_args()
    raise SystemExit(main(chosen.minutes, chosen.every, chosen.kind, chosen.logs))
