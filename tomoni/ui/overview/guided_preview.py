"""The previews of the guided start: how each SLI went, and what an objective would have meant."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_sources.base import Source
from tomoni.charts.preview import HEIGHT, preview_svg
from tomoni.exploring.draft import DraftSlo
from tomoni.slo.model import HOUR
from tomoni.ui.blocks import remark
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html, markdown
from tomoni.ui.links import page_link
from tomoni.ui.notices import refused
from tomoni.ui.url_state import View
from tomoni.use_cases.guiding import Preview, preview
from tomoni.use_cases.jobs import Job
from tomoni.words import detected, errors
from tomoni.words.app_file import value
from tomoni.words.text import Text
from tomoni.words.workshop import sli_yaml

_EVERY_SECONDS = 1
_OBJECTIVES = ("90", "95", "98", "99", "99.5", "99.9", "99.95", "99.99")
_FIRST_LOOK_SECONDS = 0.3


def previews(context: Context, source: Source, slos: Sequence[DraftSlo]) -> tuple[DraftSlo, ...]:
    """Draw each SLO with a switch; returns those that are chosen, with their objectives. The first of each quality
    is chosen at first."""
    taken: list[DraftSlo] = []
    qualities: set[str] = set()
    titles = detected.sli_titles([slo.sli for slo in slos], context.text)
    for slo, title in zip(slos, titles, strict=True):
        first = slo.sli.quality not in qualities
        qualities.add(slo.sli.quality)
        with st.container(border=True):
            wanted = st.checkbox(markdown(title), first, key=f"guided-slo-{_digest(source.id, slo)}")
            remark(detected.reason(slo.sli, context.text))
            if wanted:
                taken.append(_previewed(context, source, slo, title))
    return tuple(taken)


def _previewed(context: Context, source: Source, slo: DraftSlo, title: str) -> DraftSlo:
    """Draw how an SLI went, once that has been read; the SLO with the objective that is chosen."""
    text, digest, now = context.text, _digest(source.id, slo), context.tomoni.now()
    job = context.tomoni.jobs.start(f"preview/{digest}/{now // HOUR}", lambda report: preview(source, slo.sli, now))
    if not job.wait(_FIRST_LOOK_SECONDS):
        remark(text._("Reading its history"))
        st.skeleton(height=96)
        st.fragment(_again, run_every=_EVERY_SECONDS)(job)
        return slo
    if job.result is None:
        refused([text._("Its history could not be read.")])
        return slo
    chosen = _objective(slo, job.result, title, digest, text)
    return _shown(context, source, replace(slo, objective=chosen), job.result)


def _again(job: Job[Preview]) -> None:
    job.look()
    if job.ended:
        st.rerun()


def _objective(slo: DraftSlo, seen: Preview, title: str, digest: str, text: Text) -> str:
    """Draw the slider of an objective, unless the source has one."""
    if slo.sli.objective:
        return slo.sli.objective
    label = text._("Objective for “%(slo)s”, percent") % {"slo": markdown(title)}
    return str(st.select_slider(label, _OBJECTIVES, seen.objective, key=f"guided-objective-{digest}"))


def _shown(context: Context, source: Source, slo: DraftSlo, seen: Preview) -> DraftSlo:
    """Draw a history with the objective that is chosen, and what that would have meant."""
    text, objective = context.text, slo.objective
    if seen.error is not None:
        refused(errors.describe(seen.error.code, seen.error.facts, seen.error.detail, text))
    said = detected.meant(seen.sli, seen.observed_seconds, objective, seen.spent(objective), text)
    rules = context.tomoni.catalog.settings.rules
    said = text.sentences(said, detected.without_pages(slo.sli, objective, text, rules))
    if seen.sli is not None:
        st.html(_picture(preview_svg(seen.by_hour(), float(objective) / 100, context.theme), said))
    st.html(f"<p>{flowing(said)}</p>")
    keys = "\n".join(f"{key}: {value(written)}" for key, written in slo.sli.keys.items())
    with st.expander(text._("How it is measured")):
        st.code(keys, language="yaml")
    st.html(f"<p class='tm-small'>{_to_workshop(context, source, slo, objective)}</p>")
    return replace(slo, remark=said)


def _to_workshop(context: Context, source: Source, slo: DraftSlo, objective: str) -> str:
    """A link to the workshop on the same SLI, as HTML."""
    there = View(
        source=source.id,
        tab="workshop",
        sli=sli_yaml(source.id, slo.sli.keys),
        tries=(f"{objective}-28d",),
        lang=context.view.lang,
    )
    return page_link("explore", there, context.text._("Try other objectives and thresholds in the workshop"))


def _picture(svg: str, words: str) -> str:
    data = base64.b64encode(svg.encode()).decode()
    return f"<img src='data:image/svg+xml;base64,{data}' alt='{html(words)}' width='100%' height='{HEIGHT}'>"


def _digest(source: str, slo: DraftSlo) -> str:
    body = json.dumps([source, slo.id, slo.sli.keys], sort_keys=True, default=str)
    return hashlib.sha256(body.encode()).hexdigest()[:12]
