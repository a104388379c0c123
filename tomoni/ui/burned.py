"""What burned the budget, and what moved with the episode that is looked at closer."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from tomoni.review.model import Burn, LetteredEpisode, Moved
from tomoni.ui.blocks import number_table, quiet, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.stage import Stage
from tomoni.ui.terms import term
from tomoni.ui.url_state import follow, write_moment
from tomoni.words import burning
from tomoni.words.text import Text

_CHOICE = "episode-choice"


def burned_panel(stage: Stage) -> None:
    """The episodes of the SLO's own window, largest first, and all the rest: it adds up."""
    burn, text = stage.focus.burn, stage.text
    if burn is None:
        return
    with st.container(key="panel-burned"):
        title(text._("What burned the budget"), text.near_span(burn.ledger.start, burn.ledger.end))
        if stage.focus.status.figures.sli is None:
            remark(text._("Nothing can be judged: there are no valid events in this window."))
            return
        if burn.ledger.bad == 0:
            remark(text._("Nothing: there was not one bad event."))
            return
        _choice(stage)
        zone = text.zone_name(burn.ledger.end)
        heads = (
            "",
            text._("When (%(zone)s)") % {"zone": zone},
            text._("Bad"),
            text._("Of budget"),
            text._("Fastest burn"),
        )
        st.html(number_table(heads, _rows(stage, burn), texts=2, classes="tm-burned") + _adds_up(burn, text))


def _rows(stage: Stage, burn: Burn) -> Iterator[tuple[str, ...]]:
    text, ledger = stage.text, burn.ledger
    for found in sorted(burn.shown, key=lambda each: -each.episode.bad):
        yield _episode(found, chosen=stage.closer is found, text=text)
    if burn.others:
        several = text.n_("%(n)s smaller episode", "%(n)s smaller episodes", burn.others) % {"n": burn.others}
        yield "", html(several), text.count(burn.others_bad), text.budget(burn.others_share_of_budget), ""
    rest = term("background", text._("background"), text)
    yield "", rest, text.count(ledger.background_bad), text.budget(ledger.background_share_of_budget), ""


def _episode(found: LetteredEpisode, chosen: bool, text: Text) -> tuple[str, ...]:
    episode = found.episode
    when = html(text.near_span(episode.start, episode.end))
    return (
        f"<b class='tm-at_risk'>{found.letter}</b>",
        f"<b>{when}</b>" if chosen else when,
        text.count(episode.bad),
        text.budget(episode.share_of_budget),
        text.burn(episode.worst_burn),
    )


def _adds_up(burn: Burn, text: Text) -> str:
    """The sum in one line."""
    ledger = burn.ledger
    facts = {"bad": text.count(ledger.bad)}
    if ledger.allowed_bad:
        phrase = text._("Adds up to all %(bad)s bad events: %(share)s of the budget.")
        facts["share"] = text.budget(ledger.bad / ledger.allowed_bad)
    else:
        phrase = text._("Adds up to all %(bad)s bad events.")
    return quiet(phrase % facts)


def _choice(stage: Stage) -> None:
    """Which episode to look at closer; the chosen one again, or Esc, leads back to the whole period."""
    letters = {write_moment(found.episode.start): found.letter for found in stage.episodes}
    if not letters:
        return
    st.session_state[_CHOICE] = write_moment(stage.closer.episode.start) if stage.closer else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = stage.text._("Look closer")
        st.html(quiet(label), width="content")
        st.pills(
            label,
            list(letters),
            key=_CHOICE,
            format_func=letters.__getitem__,
            label_visibility="collapsed",
            on_change=follow,
            args=("episode", _CHOICE),
        )


def moved_panel(context: Context, stage: Stage) -> None:
    """Which signals of the infrastructure moved with the chosen episode, those that moved most first."""
    if stage.closer is None or not stage.lanes:
        return
    text, letter = stage.text, stage.closer.letter
    found = context.moved(stage.focus, stage.closer.episode)
    with st.container(key="panel-moved"):
        note = text._("beside the same hours of the 7 days before")
        title(text._("What moved with %(letter)s") % {"letter": letter}, note)
        _ = text._
        heads = (_("Signal"), _("Usual"), _("During"), _("Shift"), _("Began"), _("Points"))
        st.html(number_table(heads, (_moved(each, text) for each in found), texts=1))
        remark(text._("Moved together; not necessarily the cause."))


def _moved(found: Moved, text: Text) -> tuple[str, ...]:
    movement, unit = found.movement, found.signal.unit.value
    name = html(found.signal.title(text.language))
    far = burning.departed(movement)
    return (
        f"<b>{name}</b>" if far else name,
        html(text.quantity(movement.usual, unit)),
        html(text.quantity(movement.during, unit)),
        html(burning.shift(movement, text)),
        html(burning.began(movement, text)),
        text.number(movement.points_during, 0),
    )
