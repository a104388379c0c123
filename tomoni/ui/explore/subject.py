"""What the workshop tries objectives on: the history of an SLO, or of an SLI that no file has yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from data_sources.base import Source
from data_sources.errors import SourceError
from data_sources.queries import SliForm
from tomoni.exploring.candidates import CALENDAR, USUAL_DAYS, Candidate, of_agreed
from tomoni.exploring.drafted import read_sli
from tomoni.exploring.thresholds import amount, threshold_of, with_threshold
from tomoni.review.model import SloTrack
from tomoni.slo.model import HOUR, Buckets, CalendarWindow, Definition
from tomoni.ui.blocks import remark
from tomoni.ui.escape import html
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.notices import refused
from tomoni.use_cases.jobs import Job, JobState
from tomoni.use_cases.product import Tomoni
from tomoni.use_cases.trying import DAYS, Histories, history_interval, read_histories
from tomoni.words import errors
from tomoni.words.text import Text

_FIRST_SECONDS = 1.0
_EVERY_SECONDS = 0.5
_BEGIN = Candidate.usual()


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """An SLI with its histories by threshold (empty: the one that it has). ``agreed`` is None where no file has it, and
    ``title`` empty; ``key`` tells its histories from those of other SLIs and moments; ``base`` is what candidates take
    the place of. ``at`` is the moment (Unix seconds) up to which all is tried."""

    key: str
    title: str
    place: tuple[str, str]
    source: str
    sli: SliForm
    agreed: Definition | None
    base: Definition
    histories: Mapping[str, Buckets]
    at: int

    @property
    def own(self) -> str | None:
        """The threshold that the SLI has; None where it has none."""
        return threshold_of(self.sli)

    @property
    def has_calendar(self) -> bool:
        """Whether a calendar period was agreed."""
        return isinstance(self.base.window, CalendarWindow)

    @property
    def thresholds(self) -> tuple[str, ...]:
        """All thresholds with a history, in ascending order; none but for latencies."""
        own = self.own
        return () if own is None else tuple(sorted({own, *filter(None, self.histories)}, key=amount))

    def buckets(self, candidate: Candidate) -> Buckets:
        """The history that a candidate is tried on."""
        return self.histories.get(candidate.under, self.histories[""])

    def known(self, candidate: Candidate) -> Candidate:
        """A candidate without a threshold whose history is not there (yet), or that is the SLI's own, and without the
        calendar period of what agreed on none."""
        if candidate.days == CALENDAR and not self.has_calendar:
            candidate = replace(candidate, days=USUAL_DAYS)
        known = candidate.under in self.histories and candidate.under != self.own
        return candidate if known else replace(candidate, under="")

    def form(self, candidate: Candidate) -> SliForm:
        """The SLI of a candidate."""
        return with_threshold(self.sli, candidate.under) if candidate.under else self.sli


def subject(exploration: Exploration) -> Subject | None:
    """What is tried on; None where nothing can be, or not yet, which is drawn."""
    written, track = exploration.context.view.sli, exploration.track
    if written is not None:
        return _drafted(exploration, *read_sli(written))
    if track is None or track.buckets is None or exploration.app is None:
        remark(exploration.text._("Choose an SLO of an app above, or write an SLI below: its history is tried on."))
        return None
    return _agreed(exploration, track)


def _agreed(exploration: Exploration, track: SloTrack) -> Subject:
    context, slo = exploration.context, track.status.slo
    place = f"{track.status.path}/{slo.series.key}"
    key = f"{context.state}/{place}/{track.status.as_of}"
    buckets = _remembered(context.tomoni, key, track)
    histories: dict[str, Buckets] = {"": buckets}
    source, own, job = context.tomoni.sources.get(slo.source), threshold_of(slo.sli), None
    if source is not None and own is not None:
        job = _job(exploration, source, slo.sli, (own,))
        job.wait(_FIRST_SECONDS)
        found = _so_far(job)
        histories |= {under: replace(each, excluded=buckets.excluded) for under, each in found.items()}
        if not job.ended:
            st.fragment(_under_way, run_every=_EVERY_SECONDS)(exploration.text, job)
    return Subject(
        key=f"{key}/{job.key if job else ''}",
        title=slo.title(exploration.text.language),
        place=(track.status.journey.id, slo.id),
        source=slo.source,
        sli=slo.sli,
        agreed=slo.definition,
        base=slo.definition,
        histories=histories,
        at=track.status.as_of,
    )


def _drafted(exploration: Exploration, source_id: str, sli: SliForm) -> Subject | None:
    context, text = exploration.context, exploration.text
    source, base = context.tomoni.sources.get(source_id), _BEGIN
    if source is None:
        refused([text._("There is no source %(source)s.") % {"source": text.quote(source_id)}])
        return None
    job = _job(exploration, source, sli, ())
    if not job.wait(_FIRST_SECONDS):
        st.fragment(_under_way, run_every=_EVERY_SECONDS)(text, job)
    found = dict(_so_far(job))
    if job.ended and found and threshold_of(sli) not in (None, *found):  # no edge of the histogram: the nearest one
        sli = with_threshold(sli, next(iter(found)))
    own = threshold_of(sli) or ""
    if own not in found:
        _failed(exploration, job)
        return None
    at = found[own].end
    definition = base.definition(None, found[own].step_seconds)
    return Subject(job.key, "", ("", ""), source_id, sli, None, definition, {**found, "": found[own]}, at)


def _job(exploration: Exploration, source: Source, sli: SliForm, known: tuple[str, ...]) -> Job[Histories]:
    """Reads what the ledger does not have, up to a whole hour: else each minute would read anew."""
    context, track = exploration.context, exploration.track
    step = track.buckets.step_seconds if known and track and track.buckets else 0
    interval = history_interval(source, context.moment // HOUR * HOUR, *([step] if step else []))
    key = f"workshop/{context.tomoni.generation}/{source.id}/{sli!r}/{interval}/{known}"
    return context.tomoni.jobs.start(key, read_histories(source, sli, interval, known))


def _so_far(job: Job[Histories]) -> Mapping[str, Buckets]:
    found = job.result or job.progress.found
    return found.by_threshold if found else {}


@st.cache_resource(show_spinner=False, max_entries=8)
def _remembered(_product: Tomoni, place: str, _track: SloTrack) -> Buckets:
    """All that the ledger has of an SLO over 90 days."""
    return _product.history(_track, DAYS)


def _under_way(text: Text, job: Job[Histories]) -> None:
    """Say how many thresholds were read, with a button that ends it; the page is drawn again when all were."""
    if job.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="workshop-reading"):
        far = text._("Reading histories from the source: %(done)s of %(of)s") % {
            "done": job.progress.done,
            "of": job.progress.of,
        }
        st.html(f"<p role='status' class='tm-muted'>{html(far)}</p>", width="content")
        st.button(text._("Cancel"), key="cancel-workshop", type="tertiary", on_click=job.cancel)


def _failed(exploration: Exploration, job: Job[Histories]) -> None:
    """Say why there is no history, once that is known."""
    text, error, context = exploration.text, job.error, exploration.context
    if not job.ended:
        return
    if isinstance(error, SourceError):
        refused(errors.describe(error.code, error.facts, error.detail, text))
    elif job.state is JobState.FAILED:
        refused([text._("The question could not be answered; the log says why.")])
    else:
        remark(text._("The question was cancelled."))
    st.button(text._("Ask again"), key="again-workshop", on_click=context.tomoni.jobs.forget, args=(job.key,))


def first_candidate(subject: Subject) -> Candidate:
    """What is tried before anything was chosen: what is agreed, else what may be begun with."""
    return of_agreed(subject.agreed) if subject.agreed else _BEGIN
