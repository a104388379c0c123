"""The panel of the alerts that fired, and how well they found what burned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from tomoni.catalog.schema import App
from tomoni.charts.frame import around
from tomoni.review.alerting import is_told, quality_of
from tomoni.review.model import Review, SloTrack
from tomoni.slo.alert_quality import FiredAlert, JudgedEpisode
from tomoni.slo.episodes import Episode
from tomoni.ui.blocks import heading, parted, quiet, term
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html, link
from tomoni.ui.folded import folded
from tomoni.ui.kept import kept_of_review
from tomoni.ui.links import page_link
from tomoni.words import alert_quality as words
from tomoni.words.text import Text

_SHOWN = 4


def fired_panel(context: Context, app: App, review: Review, text: Text) -> None:
    """Draw what fired in the period of a review against its episodes."""
    with st.container(key="panel-fired"):
        note = text._("as senders told them, not what rules would have done")
        head = heading(term("alert_quality", text._("Alerts that fired"), text), note)
        about = ("fired", context.view, text.language, text.zone)
        parts = kept_of_review(context, review, about, lambda: tuple(_parts(context, app, review, text)))
        st.html(parted(head, *parts))


def _parts(context: Context, app: App, review: Review, text: Text) -> Iterator[str]:
    """What is told below the title, as HTML."""
    quality = quality_of(review)
    tracks = {track.status.path: track for track in review.tracks}
    told = is_told(review, quality)
    yield f"<p>{flowing(words.lead(quality, text, told))}</p>"
    if not told:
        yield quiet(words.how_to(text))
        return
    alone = [_alert(each.alert, tracks, text) for each in quality.alerts if not each.episodes]
    yield from _listed(text._("Alerts without an episode"), alone, text)
    silent = [_episode(context, app, each, tracks, review, text) for each in quality.episodes if each.first is None]
    yield from _listed(text._("Episodes without an alert"), silent, text)
    found = [_alert(each.alert, tracks, text) for each in quality.alerts if each.episodes]
    yield from _listed(text._("Alerts with an episode"), found, text)


def _listed(heading: str, lines: list[str], text: Text) -> Iterator[str]:
    """A list under its heading; nothing without lines."""
    if lines:
        yield f"<p class='tm-small tm-muted'>{flowing(heading)}</p>{folded(lines[::-1], text, _SHOWN)}"


def _alert(alert: FiredAlert, tracks: dict[str, SloTrack], text: Text) -> str:
    name, url = html(words.named(alert, tracks, text)), link(alert.url)
    shown = f"<a href='{html(url)}' target='_blank' rel='noopener'>{name}</a>" if url else f"<b>{name}</b>"
    return f"{shown} <span class='tm-muted'>{flowing(words.fired(alert, text))}</span>"


def _episode(
    context: Context, app: App, each: JudgedEpisode, tracks: dict[str, SloTrack], review: Review, text: Text
) -> str:
    """An episode with the way to the figure of its SLO around it."""
    episode, track = each.episode, tracks[each.slo]
    here = replace(
        context.view,
        app=app.id,
        journey=track.status.journey.id,
        slo=track.status.slo.id,
        zoom=around(episode, review.start, review.end),
    )
    name = f"{words.slo_name(each.slo, tracks, text)} · {text.near_span(episode.start, episode.end)}"
    known = html(text.listed([*_share(episode, track, text), words.missed(each, text)]))
    return f"{page_link('app', here, name)} <span class='tm-muted'>{known}</span>"


def _share(episode: Episode, track: SloTrack, text: Text) -> list[str]:
    """What an episode took of the budget, as the ledger beside it has it; nothing of one that the period cut, or that
    is not of the SLO's window. Alerts are judged by a budget at the traffic of the period, which is another one."""
    known = track.burn.ledger.episodes if track.burn else ()
    same = [each for each in known if (each.start, each.end) == (episode.start, episode.end)]
    return [text._("%(share)s of the budget") % {"share": text.budget(each.share_of_budget)} for each in same]
