"""The step "What burned": what every SLO spent and what it goes with, and what incidents cost."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from tomoni.meetings.model import Origin
from tomoni.slo.episodes import Episode
from tomoni.slo.pricing import by_reason
from tomoni.ui.blocks import headline, mark_of, number_table, quiet, remark, term
from tomoni.ui.escape import flowing, html
from tomoni.ui.joint.fired_panel import fired_panel
from tomoni.ui.meeting.action_form import add_action
from tomoni.ui.meeting.incident_editor import editor_panel
from tomoni.ui.meeting.incident_list import incidents_panel
from tomoni.ui.meeting.reason_picker import reason_picker, said_beside
from tomoni.ui.meeting.spent import Spent, spent_of
from tomoni.ui.meeting.view import MeetingView
from tomoni.use_cases.incidents import SloPrices
from tomoni.words import incidents as words
from tomoni.words.text import Text


def draw(view: MeetingView) -> None:
    """Draw the step."""
    spent, text = spent_of(view), view.text
    spendings = [words.Spending(_name(each, text), each.ledger) for each in spent.costs]
    headline(words.lead(spendings, view.review.start, spent.without, text))
    editor_panel(view)
    # A key, for `.st-key-split:has(.st-key-ledgers)` would be looked for with each mark of a figure: a minute of it.
    with st.container(key="split-below" if view.context.view.present else "split"):
        with st.container(key="split-main"):
            _ledgers(view, spent)
        with st.container(key="split-side"):
            _by_reason(spent, text)
            fired_panel(view.context, view.app, view.review, text)
    incidents_panel(view, spent)


def _name(each: SloPrices, text: Text) -> str:
    """The SLO with its journey, which may have SLOs of the same name as another."""
    status = each.track.status
    return f"{status.journey.title(text.language)} · {status.slo.title(text.language)}"


def _ledgers(view: MeetingView, spent: Spent) -> None:
    """Draw the ledger of every SLO with episodes, that which spent most first; the others in one line."""
    costs = sorted(spent.costs, key=lambda each: -_share(each))
    with st.container(key="ledgers"):
        for each in costs:
            if each.ledger.episodes:
                with st.container(key=f"panel-ledger-{_key(each)}"):
                    _ledger(view, spent, each)
    calm = [_name(each, view.text) for each in costs if not each.ledger.episodes]
    if calm:
        remark(view.text._("Without an episode: %(slos)s.") % {"slos": view.text.join(calm)})


def _share(each: SloPrices) -> float:
    return each.ledger.bad / each.ledger.allowed_bad if each.ledger.allowed_bad else each.ledger.bad


def _key(each: SloPrices) -> str:
    return f"{each.track.status.journey.id}-{each.track.status.slo.id}"


def _ledger(view: MeetingView, spent: Spent, each: SloPrices) -> None:
    """Draw the episodes of one SLO, the largest first, each with its reason; then the background and the sum."""
    text = view.text
    st.html(_above(each, text))
    for letter, episode in sorted(_lettered(each), key=lambda found: -found[1].bad):
        _episode(view, spent, each, letter, episode)
    st.html(_below(each, text))


# What stands above and below the episodes is one element each: whoever follows a review gets them at every step.
def _above(each: SloPrices, text: Text) -> str:
    """The title of a ledger and the heads of its columns as HTML."""
    ledger = each.ledger
    heads = (text._("When (%(zone)s)") % {"zone": text.zone_name(ledger.end)}, text._("Bad"), text._("Of budget"))
    return (
        f"<h2 class='tm-h2'>{mark_of(each.track.status.figures.state)} {html(_name(each, text))}"
        f" <span class='tm-small tm-muted'>{flowing(text.near_span(ledger.start, ledger.end))}</span></h2>"
        f"{_line(('', *(html(head) for head in heads)), 'tm-episode tm-muted')}"
    )


def _below(each: SloPrices, text: Text) -> str:
    """The background and the sum of a ledger as HTML."""
    ledger = each.ledger
    rest = term("background", text._("background"), text)
    share = text.budget(ledger.background_share_of_budget)
    return _line(("", rest, text.count(ledger.background_bad), share), "tm-episode") + _sum(each, text)


def _lettered(each: SloPrices) -> Iterator[tuple[str, Episode]]:
    """The episodes with their letters; only the largest have one."""
    letters = {found.episode.start: found.letter for found in (each.track.burn.shown if each.track.burn else ())}
    yield from ((letters.get(episode.start, ""), episode) for episode in each.ledger.episodes)


def _episode(view: MeetingView, spent: Spent, each: SloPrices, letter: str, episode: Episode) -> None:
    text = view.text
    cells = (
        f"<b class='tm-at_risk'>{letter}</b>",
        html(text.near_span(episode.start, episode.end)),
        text.count(episode.bad),
        text.budget(episode.share_of_budget),
    )
    key = f"{_key(each)}-{episode.start}"
    with st.container(key=f"episode-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_line(cells, "tm-episode"), width="content")
        reason_picker(view, spent, each.track.status.path, episode, key)
        if view.editable:
            origin = Origin(place="episode", ref=f"{each.track.status.path}@{episode.start}")
            add_action(view.context, view.app, origin, view.meeting.id)
    said_beside(spent, each.track.status.path, episode)


def _line(cells: tuple[str, ...], classes: str) -> str:
    return f"<div class='{classes}'>{''.join(f'<span>{cell}</span>' for cell in cells)}</div>"


def _sum(each: SloPrices, text: Text) -> str:
    """What was spent, once as the episodes have it and once as incidents have it."""
    account, ledger = each.account, each.ledger
    facts = {"bad": text.count(ledger.bad), "share": text.budget(_share(each))}
    whole = text._("Adds up to all %(bad)s bad events.") % facts
    if ledger.allowed_bad:
        whole = text._("Adds up to all %(bad)s bad events: %(share)s of the budget.") % facts
    if not account.pricing.prices:
        return quiet(whole)
    parts = {
        "incidents": text.count(account.pricing.bad),
        "episodes": text.count(sum(account.episodes)),
        "background": text.count(account.background),
    }
    split = text._(
        "In incidents %(incidents)s; outside of them in episodes %(episodes)s, in the background %(background)s."
    )
    return quiet(text.sentences(whole, split % parts))


def _by_reason(spent: Spent, text: Text) -> None:
    """Draw what every SLO spent, added up by reason."""
    burning = [each for each in spent.costs if each.ledger.episodes]
    if not burning:
        return
    tables = (
        number_table(
            (_name(each, text), text._("Bad"), text._("Of budget")),
            _reason_rows(spent, each, text),
            texts=1,
            classes="tm-reasons",
        )
        for each in sorted(burning, key=lambda found: -_share(found))
    )
    digits = max(len(text.count(each.ledger.bad)) for each in burning)  # of the sum, which is the largest number
    with st.container(key="panel-reasons"):
        heading = html(text._("By reason"))
        st.html(
            f"<h2 class='tm-h2'>{heading}</h2>"
            f"<div class='tm-by-reason' style='--digits: {digits}'>{''.join(tables)}</div>"
        )


def _reason_rows(spent: Spent, each: SloPrices, text: Text) -> Iterator[tuple[str, ...]]:
    ledger, path = each.ledger, each.track.status.path
    found = [spent.reason(path, episode) for episode in ledger.episodes]
    summed = by_reason(ledger, [one.value.reason if one else None for one in found])
    for name, bad in words.by_reason(summed, text):
        yield html(name), text.count(bad), _of_budget(bad, ledger.allowed_bad, text)
    total = html(text._("all"))
    yield f"<b>{total}</b>", f"<b>{text.count(ledger.bad)}</b>", _of_budget(ledger.bad, ledger.allowed_bad, text)


def _of_budget(bad: float, allowed: float, text: Text) -> str:
    return text.budget(bad / allowed if allowed else None)
