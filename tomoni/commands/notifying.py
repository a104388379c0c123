"""`notify`: tells teams what happened to their budgets, once for each change; or lists what was told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import click

from tomoni.catalog.who_may import Role
from tomoni.commands.failures import report_lines
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.meetings.notifications import Told
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.notifying import Message
from tomoni.use_cases.webhooks import Outcome, Sending
from tomoni.words import notifications as words
from tomoni.words.text import Text, mark, text_for

_SAID = {
    Outcome.SENT: mark("%(team)s: sent to %(channel)s"),
    Outcome.BEFORE: mark("%(team)s: another process sends it to %(channel)s"),
    Outcome.REFUSED: mark("%(team)s: %(channel)s did not take it; it is tried again"),
    Outcome.UNREACHABLE: mark("%(team)s: %(channel)s cannot be reached; it is tried again"),
    Outcome.UNKNOWN: mark("%(team)s: %(channel)s did not say whether it arrived; it is not sent again"),
}
_NO_ADDRESS = mark("%(team)s: no address is set for %(channel)s")


@dataclass(frozen=True, slots=True)
class NotifyOptions:
    """Whether messages are only shown, whether what was told is listed instead (for programs), and whether missing data
    is fetched first."""

    dry_run: bool = False
    listed: bool = False
    as_json: bool = False
    sync_first: bool = True


def run(session: Session, options: NotifyOptions) -> int:
    """Sends, shows or lists notifications; the exit code."""
    tomoni, text = session.tomoni, session.text
    tomoni.grants.require(Role.ADMIN)  # it tells of all apps, also hidden ones
    if options.listed:
        zone = text_for(session.language, tomoni.catalog.settings.timezone)
        click.echo(_list(tomoni.meetings.notifications.newest(), zone, options.as_json))
        return 0
    session.done.as_json = options.as_json
    session.refuse_unusable(tomoni.catalog)
    code = session.report_errors(tomoni.catalog)
    if not tomoni.setup.notifications.audiences:
        report_lines([text._("Nobody is told of budgets; write config/notifications.yaml.")])
        return 1
    if tomoni.settings.url is None and not options.dry_run:
        report_lines(
            [text._("TOMONI_URL is not set; set it to the address that people open, so that links lead there.")]
        )
        return 1
    if options.sync_first:
        with watched(text) as on_progress:
            tomoni.sync_status(None, None, on_progress)
    overview = tomoni.overview(with_trends=False)
    if options.dry_run:
        found = tomoni.notifying.would(overview)
        session.done.say("\n\n".join(map(_shown, found)) if found else text._("There is nothing to tell."))
        session.done.facts = {"dry_run": True, "messages": [_facts(made, text=str(made.said)) for made in found]}
        return session.done.ended(code)
    sent = tomoni.notifying.run(overview)
    if not sent:
        session.done.say(text._("There is nothing to tell."))
    went = [_told(made, sending, session) for made, sending in sent]
    messages = [_facts(made, outcome="no_address" if on is None else on.outcome.value) for made, on in sent]
    session.done.facts = {"dry_run": False, "messages": messages}
    return session.done.ended(0 if all(went) and not code else 1)


def _facts(made: Message, **more: str) -> dict[str, str]:
    """One message for programs; names are part of the contract."""
    return {"team": made.audience.team, "channel": made.channel, **more}


def _shown(made: Message) -> str:
    return f"{made.audience.team} → {made.channel}\n{made.said}"


def _told(made: Message, sending: Sending | None, session: Session) -> bool:
    """Says what became of a message; whether it went well."""
    text = session.text
    facts = {"team": made.audience.team, "channel": text._(words.NAMES[made.channel])}
    said = text._(_NO_ADDRESS if sending is None else _SAID[sending.outcome]) % facts
    if sending is not None and sending.outcome in (Outcome.SENT, Outcome.BEFORE):
        session.done.say(said)
        return True
    report_lines([said])
    return False


def _list(found: Iterable[Told], text: Text, as_json: bool) -> str:
    if as_json:
        return json.dumps({"notifications": [_as_json(each) for each in found]}, ensure_ascii=False, indent=2)
    lines = [
        f"{text.moment(each.at)}  {each.what.value:<10} {each.path}  {each.team} → {each.channel}: "
        f"{text._(words.OUTCOMES[each.outcome])}"
        for each in found
    ]
    return "\n".join(lines) or text._("Nothing was told yet.")


def _as_json(each: Told) -> dict[str, object]:
    return {
        "at": rfc3339(each.at),
        "what": each.what.value,
        "slo": each.path,
        "team": each.team,
        "channel": each.channel,
        "budget_remaining": each.facts.get("left"),
        "outcome": each.outcome,
        "tries": each.tries,
        "changed_at": rfc3339(each.changed_at),
    }
