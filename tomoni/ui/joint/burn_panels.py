"""The panels about burn episodes: what burned the budget, and which signals moved with an episode."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from tomoni.meetings.model import EpisodeReason
from tomoni.meetings.records import Record
from tomoni.review.model import Burn, LetteredEpisode, Moved
from tomoni.slo.pricing import by_reason
from tomoni.ui.blocks import Unseen, number_table, quiet, remark, term, title
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.explore import entrances
from tomoni.ui.joint.reasons import Reasons, reasons_of
from tomoni.ui.kept import kept_of_review
from tomoni.ui.links import page_link
from tomoni.ui.selection import Selection
from tomoni.ui.url_state import apply_choice, write_moment
from tomoni.words import budgets, incidents
from tomoni.words.text import Text

_CHOICE = "episode-choice"
_MOST_MOVED = 3


def burned_panel(context: Context, selection: Selection) -> None:
    """Draw the episodes of the SLO's own window, largest first, and the background; together they add up. What
    teams said that an episode goes with stands below them."""
    burn, text = selection.focus.burn, selection.text
    if burn is None:
        return
    with st.container(key="panel-burned"):
        title(text._("What burned the budget"), text.near_span(burn.ledger.start, burn.ledger.end))
        if selection.focus.status.figures.sli is None:
            remark(text._("This cannot be judged: there are no valid events in this window."))
            return
        if burn.ledger.bad == 0:
            remark(text._("Nothing: there was not a single bad event."))
            return
        _choice(selection)
        zone = text.zone_name(burn.ledger.end)
        heads = (
            Unseen(text._("Episode")),
            text._("When (%(zone)s)") % {"zone": zone},
            text._("Bad"),
            text._("Of budget"),
            text._("Fastest burn"),
        )
        table = number_table(heads, _rows(selection, burn), texts=2, classes="tm-burned")
        st.html(table + _adds_up(burn, text) + _with_largest(context, selection) + _reasons(context, selection, burn))


def _rows(selection: Selection, burn: Burn) -> Iterator[tuple[str, ...]]:
    text, ledger = selection.text, burn.ledger
    for found in sorted(burn.shown, key=lambda each: -each.episode.bad):
        yield _episode(found, chosen=selection.closeup is found, text=text)
    if burn.others:
        several = text.n_("%(n)s smaller episode", "%(n)s smaller episodes", burn.others) % {"n": burn.others}
        yield "", html(several), text.count(burn.others_bad), text.budget(burn.others_share_of_budget), ""
    rest = term("background", text._("background"), text)
    yield "", rest, text.count(ledger.background_bad), text.budget(ledger.background_share_of_budget), ""


def _episode(found: LetteredEpisode, chosen: bool, text: Text) -> tuple[str, ...]:
    episode = found.episode
    when = flowing(text.near_span(episode.start, episode.end))
    return (
        f"<b class='tm-at_risk'>{found.letter}</b>",
        f"<b>{when}</b>" if chosen else when,
        text.count(episode.bad),
        text.budget(episode.share_of_budget),
        text.burn(episode.worst_burn),
    )


def _said(found: Reasons, known: Record[EpisodeReason], text: Text) -> str:
    """What an episode goes with, and what was written beside it."""
    beside = found.beside(known)
    return " – ".join(part for part in (found.words_of(known, text), beside) if part)


def _reasons(context: Context, selection: Selection, burn: Burn) -> str:
    """What teams said that the episodes go with, and what was spent by reason; empty where nothing was said."""
    text, path = selection.text, selection.focus.status.path
    found = reasons_of(context, selection.app.id)
    chosen = [found.reason(path, episode) for episode in burn.ledger.episodes]
    if not any(chosen):
        return ""
    lines = [
        f"<li><b class='tm-at_risk'>{shown.letter}</b> {html(_said(found, known, text))}</li>"
        for shown in burn.shown
        if (known := found.reason(path, shown.episode))
    ]
    summed = by_reason(burn.ledger, [each.value.reason if each else None for each in chosen])
    parts = [
        text._("%(name)s: %(value)s") % {"name": name, "value": text.count(bad)}
        for name, bad in incidents.by_reason(summed, text)
    ]
    return f"<ul class='tm-list tm-goes-with'>{''.join(lines)}</ul>{quiet(text.listed(parts))}"


def _adds_up(burn: Burn, text: Text) -> str:
    """The sum of the table in one sentence."""
    ledger = burn.ledger
    facts = {"bad": text.count(ledger.bad)}
    if ledger.allowed_bad:
        phrase = text._("Adds up to all %(bad)s bad events: %(share)s of the budget.")
        facts["share"] = text.budget(ledger.bad / ledger.allowed_bad)
    else:
        phrase = text._("Adds up to all %(bad)s bad events.")
    return quiet(phrase % facts)


def _with_largest(context: Context, selection: Selection) -> str:
    """Which infra signals moved with the largest episode, in one sentence; empty where one is chosen, of which a panel
    tells more."""
    if selection.closeup is not None or not selection.lanes or not selection.episodes:
        return ""
    largest, text = max(selection.episodes, key=lambda found: found.episode.bad), selection.text
    about = ("moved", selection.focus.status.path, selection.journey.id, largest.letter, text.language)

    def told() -> str:
        found = [each for each in context.moved(selection.focus, largest.episode) if budgets.departed(each.movement)]
        if not found:  # a short move within a long episode does not count as one, so that nothing is said
            return ""
        names = [each.signal.title(text.language) for each in found[:_MOST_MOVED]]
        more = text._("%(n)s more") % {"n": text.number(len(found) - len(names), 0)}
        phrase = text._("Moved together with %(letter)s, not necessarily its cause: %(signals)s.")
        listed = text.listed([*names, *([more] if len(found) > len(names) else [])])
        return quiet(phrase % {"letter": largest.letter, "signals": listed})

    return kept_of_review(context, selection.review, about, told)


def _choice(selection: Selection) -> None:
    """Draw the choice of an episode; choosing it again, or Esc, returns to the whole period."""
    letters = {write_moment(found.episode.start): found.letter for found in selection.episodes}
    if not letters:
        return
    st.session_state[_CHOICE] = write_moment(selection.closeup.episode.start) if selection.closeup else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = selection.text._("Look closer")
        st.html(quiet(label), width="content")
        st.pills(
            label,
            list(letters),
            key=_CHOICE,
            format_func=letters.__getitem__,
            label_visibility="collapsed",
            **on_choice(_CHOICE, apply_choice, "episode", _CHOICE),
        )


def moved_panel(context: Context, selection: Selection) -> None:
    """Draw the infra signals by how far they moved with the chosen episode, farthest first."""
    if selection.closeup is None or not selection.lanes:
        return
    text, letter = selection.text, selection.closeup.letter
    found = context.moved(selection.focus, selection.closeup.episode)
    with st.container(key="panel-moved"):
        note = text._("compared with the same hours of the previous 7 days")
        title(text._("What moved with %(letter)s") % {"letter": letter}, note)
        _ = text._
        heads = (_("Signal"), _("Usual"), _("During"), _("Shift"), _("Began"), _("Points"))
        st.html(
            number_table(heads, (_moved(each, _explored(context, selection, each), text) for each in found), texts=1)
        )
        remark(text._("Moved together; not necessarily the cause."))


def _explored(context: Context, selection: Selection, found: Moved) -> str:
    """The name of a signal as HTML; a link to it around the episode where it can be explored."""
    name = found.signal.title(selection.text.language)
    zoom = entrances.within(selection, selection.closeup.episode) if selection.closeup else None
    view = entrances.of_signal(context, found.signal, zoom)
    return page_link("explore", view, name) if view else html(name)


def _moved(found: Moved, name: str, text: Text) -> tuple[str, ...]:
    movement, unit = found.movement, found.signal.unit.value
    far = budgets.departed(movement)
    return (
        f"<b>{name}</b>" if far else name,
        html(text.quantity(movement.usual, unit)),
        html(text.quantity(movement.during, unit)),
        html(budgets.shift(movement, text)),
        html(budgets.began(movement, text)),
        text.number(movement.points_during, 0),
    )
