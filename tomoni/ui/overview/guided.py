"""The guided start on the overview while there is no app: from a source to a first SLO without leaving the page."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data_sources.base import Source
from data_sources.errors import SourceError
from tomoni.exploring.draft import Draft, DraftJourney, slos_of, slug
from tomoni.exploring.likely import Found, LikelyJourney
from tomoni.ui.blocks import headline, remark, title
from tomoni.ui.context import Context
from tomoni.ui.escape import markdown
from tomoni.ui.notices import by_hand, empty, no_apps, refused
from tomoni.ui.overview import guided_source, guided_write
from tomoni.ui.overview.guided_preview import previews
from tomoni.use_cases.guiding import can_be_looked_at, find_likely
from tomoni.use_cases.jobs import Job, JobState
from tomoni.words import detected, errors
from tomoni.words.text import Text

_EVERY_SECONDS = 1
_FIRST_LOOK_SECONDS = 0.5
_MOST_SHOWN = 12


def draw(context: Context) -> None:
    """Draw the steps that lead to a first SLO."""
    _ = context.text._
    headline(_("No apps yet: choose what users would notice, and see what an objective would have meant."))
    _guide(context)
    remark(by_hand(context.text))


def _guide(context: Context) -> None:
    _, source = context.text._, _chosen_source(context)
    if source is None:
        return
    job = context.tomoni.jobs.start(
        f"guided/{context.tomoni.generation}/{source.id}",
        lambda report: find_likely(source, context.tomoni.now(), report.cancelled),
    )
    if not job.wait(_FIRST_LOOK_SECONDS):
        said = _("Looking at the metrics of %(source)s") % {"source": context.text.quote(source.id)}
        watch(job, said, context.text)
        return
    if job.error is not None or job.result is None:
        _failed(context, job, source.id)
        return
    _steps(context, source, job.result)


def watch(job: Job[Found], words: str, text: Text) -> None:
    """Draw that something is awaited, with a button that ends it; the page reruns when it has come."""
    with st.container(key="panel-guided-wait"):
        with st.container(horizontal=True, vertical_alignment="center"):
            remark(words)
            st.button(text._("Cancel"), key="guided-cancel", type="tertiary", on_click=job.cancel)
        st.skeleton(height=160)
        st.fragment(_again, run_every=_EVERY_SECONDS)(job)


def _again(job: Job[Found]) -> None:
    job.look()
    if job.ended:
        st.rerun()


def _chosen_source(context: Context) -> Source | None:
    """The source that is looked at; None where there is none yet, with the way to one."""
    sources = [source for source in context.tomoni.sources.values() if can_be_looked_at(source)]
    if not sources:
        if context.tomoni.sources:
            no_apps(context.text)
        else:
            guided_source.draw(context)
        return None
    if len(sources) == 1:
        return sources[0]
    names = {source.id: source for source in sources}
    chosen = st.segmented_control(context.text._("Source"), list(names), default=next(iter(names)), key="guided-source")
    return names.get(chosen or "", sources[0])


def _failed(context: Context, job: Job[Found], source: str) -> None:
    text, error = context.text, job.error
    if job.state is JobState.CANCELLED:
        remark(text._("The question was cancelled."))
    elif isinstance(error, SourceError):
        refused(errors.describe(error.code, error.facts, error.detail, text))
    else:
        refused([text._("The metrics of %(source)s could not be read.") % {"source": text.quote(source)}])
    if st.button(text._("Try again"), key="guided-again"):
        context.tomoni.jobs.forget(job.key)
        st.rerun()


def _steps(context: Context, source: Source, found: Found) -> None:
    """Draw what was found, the previews of what is chosen, the names, and the file."""
    text = context.text
    if not found.journeys:
        empty(
            text._("Nothing was found that looks like requests, jobs or checks."),
            text._("Look for yourself on the page Explore, or write the file by hand: the command init begins one."),
        )
        return
    with st.container(key="panel-guided-found"):
        title(text._("1. What users would notice"), text._("found by the names and labels of the metrics"))
        journey = _chosen_journey(found, text)
    with st.container(key="panel-guided-preview"):
        title(text._("2. How it went"), text._("the last 28 days, as far as the source remembers"))
        slos = previews(context, source, slos_of(journey.slis))
    with st.container(key="panel-guided-names"):
        title(text._("3. What it is called, and who it belongs to"))
        draft = _named(Draft("", "", source.id, (), found.signals), journey, text)
    if not slos:
        remark(text._("Choose at least one SLO."))
        return
    journeys = (replace(draft.journeys[0], slos=slos),)
    guided_write.draw(context, replace(draft, journeys=journeys))


def _chosen_journey(found: Found, text: Text) -> LikelyJourney:
    shown = found.journeys[:_MOST_SHOWN]
    captions = [text.join([detected.sli_title(sli, text) for sli in journey.first_choice]) for journey in shown]
    labels = [markdown(detected.journey_title(journey, text)) for journey in shown]
    chosen = st.radio(
        text._("What was found, the likeliest first"),
        range(len(shown)),
        format_func=labels.__getitem__,
        captions=captions,
        key="guided-journey",
        label_visibility="collapsed",
    )
    return shown[chosen or 0]


def _named(draft: Draft, journey: LikelyJourney, text: Text) -> Draft:
    """The names as they are typed; ids are made of them."""
    _ = text._
    first = journey.subject or _("My app")
    left, right = st.columns(2)
    app = left.text_input(_("App"), first, max_chars=60, key=f"guided-app-{journey.subject}")
    words = detected.journey_title(journey, text)
    what = right.text_input(
        _("Journey: what users want to get done"), words, max_chars=80, key=f"guided-what-{journey.subject}"
    )
    teams = {
        "app": left.text_input(_("App team"), max_chars=60, key="guided-team-app"),
        "infra": right.text_input(_("Infrastructure team"), max_chars=60, key="guided-team-infra"),
    }
    named = {role: name.strip() for role, name in teams.items() if name.strip()}
    steps = (DraftJourney(slug(what, "first-journey"), what.strip() or words, ()),)
    return replace(draft, app=slug(app, "my-app"), title=app.strip() or first, journeys=steps, teams=named)
