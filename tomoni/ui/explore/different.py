"""The part "What is different here?" of `/explore`: for the interval that is marked, in sight, or an episode's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data_sources.errors import SourceError
from data_sources.exploring import Explores, Metric
from tomoni.exploring.address import read_matchers
from tomoni.exploring.splitting import splitting_of
from tomoni.review.model import SloTrack
from tomoni.slo.ranking import Ranking
from tomoni.slo.tally import Span
from tomoni.ui.blocks import remark, stacking_table, title
from tomoni.ui.escape import html
from tomoni.ui.explore import marking
from tomoni.ui.explore.exploration import Exploration
from tomoni.ui.notices import refused
from tomoni.use_cases.different import Different, Marked, find_different, unit_of
from tomoni.use_cases.jobs import Job, JobState
from tomoni.words import different as words
from tomoni.words import errors
from tomoni.words.text import Text

_SHOWN = 10
_FIRST_SECONDS = 1.0
_EVERY_SECONDS = 0.5


def draw(exploration: Exploration) -> None:
    """Draw what is different; where no interval is marked and nothing burned, how to mark one."""
    text, span = exploration.text, _span(exploration)
    marking.draw(exploration, span)
    with st.container(key="panel-different"):
        if span is None or exploration.app is None or exploration.track is None:
            remark(text._("Mark an interval in the figure of an SLO; nothing burned that could be taken."))
            return
        title(text._("What is different here?"), text.span(*span))
        series = exploration.track.status.slo.series.key
        key = f"different/{exploration.context.state}/{_asked(exploration)}/{series}/{span}"
        job = exploration.context.tomoni.jobs.start(
            f"{key}/{exploration.app.id}", find_different(_marked(exploration, span))
        )
        if job.wait(_FIRST_SECONDS):
            _ended(exploration, job)
        else:
            st.fragment(_under_way, run_every=_EVERY_SECONDS)(exploration, job)


def _asked(exploration: Exploration) -> str:
    """What the metrics of a source are narrowed to."""
    source = exploration.source.id if exploration.source else ""
    return f"{source}{{{exploration.context.view.where or ''}}}"


def _span(exploration: Exploration) -> Span | None:
    """The interval that is marked, else the episode of the address, else what is in sight, else the costliest one."""
    view, track = exploration.context.view, exploration.track
    episodes = track.burn.ledger.episodes if track and track.burn else ()
    named = [each for each in episodes if view.episode is not None and each.start <= view.episode < each.end]
    costliest = sorted(episodes, key=lambda each: -each.bad)
    taken = [(each.start, each.end) for each in (*named, *([] if view.zoom else costliest))]
    return exploration.marked or next(iter(taken), view.zoom)


def _marked(exploration: Exploration, span: Span) -> Marked:
    context, track, app = exploration.context, exploration.track, exploration.app
    if track is None or app is None:
        return Marked(span, (), (), None, None)
    source = context.tomoni.sources.get(track.status.slo.source)
    return Marked(
        span=span,
        apart=_others(track, span),
        lanes=context.review(app).lanes,
        source=source if isinstance(source, Explores) else None,
        splitting=splitting_of(track.status.slo.sli),
        sli=track.status.slo.sli,
        explored=explored if isinstance(explored := exploration.source, Explores) else None,
        where=read_matchers(context.view.where or "") or (),
        listed=_listed(exploration),
    )


def _listed(exploration: Exploration) -> Sequence[Metric]:
    """The metrics of the source that is looked at, where its list was read already."""
    source = exploration.source
    index = exploration.context.tomoni.finding.of(source).index if source is not None else None
    return index.metrics if index is not None else ()


def _others(track: SloTrack, span: Span) -> tuple[Span, ...]:
    episodes = track.burn.ledger.episodes if track.burn else ()
    return tuple((each.start, each.end) for each in episodes if each.end <= span[0] or each.start >= span[1])


def _under_way(exploration: Exploration, job: Job[Different]) -> None:
    """Show what was found so far, with how far it is and a button that ends it."""
    text, progress = exploration.text, job.progress
    if job.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        far = text._("%(done)s of %(of)s questions answered") % {"done": progress.done, "of": progress.of}
        st.html(f"<p role='status' class='tm-muted'>{html(far)}</p>", width="content")
        st.button(text._("Cancel"), key="cancel-different", type="tertiary", on_click=job.cancel)
    if progress.found is not None:
        _found(exploration, progress.found)


def _ended(exploration: Exploration, job: Job[Different]) -> None:
    text, error = exploration.text, job.error
    if job.result is not None:
        _found(exploration, job.result)
        return
    if isinstance(error, SourceError):
        refused(errors.describe(error.code, error.facts, error.detail, text))
    elif job.state is JobState.FAILED:
        refused([text._("The question could not be answered; the log says why.")])
    else:
        remark(text._("The question was cancelled."))
    st.button(
        text._("Ask again"), key="again-different", on_click=exploration.context.tomoni.jobs.forget, args=(job.key,)
    )


def _found(exploration: Exploration, found: Different) -> None:
    text = exploration.text
    track = exploration.track
    _shares(found, track.status.slo.sli.KEY if track else "", text)
    if found.signals is not None and exploration.app is not None:
        titles = {signal.id: signal.title(text.language) for signal in exploration.app.infra}
        units = {signal.id: signal.unit.value for signal in exploration.app.infra}
        title(text._("Which signals of the app moved"))
        _signals(found.signals, titles, units, text)
    if found.metrics is not None:
        title(text._("Which metrics with these labels moved"))
        _signals(found.metrics, {}, {each.name: unit_of(each) for each in _listed(exploration)}, text)
    if words.names_something(found.shares, (found.signals, found.metrics)):
        remark(text._("This is what moved together, not necessarily the cause."))


def _shares(found: Different, form: str, text: Text) -> None:
    title(text._("Who carried the bad events"))
    if found.unsplit is not None:
        refused(errors.describe(found.unsplit.code, found.unsplit.facts, found.unsplit.detail, text))
    shares = found.shares
    if shares is None and found.unsplit is not None:
        return
    if shares is None:
        remark(words.unsplit(form, text))
        return
    st.html(f"<p><strong>{html(words.of_shares(shares, text))}</strong></p>")
    remark(words.tried(shares, text))
    heads = [html(head) for head in words.share_heads(text)]
    rows = [[html(cell) for cell in words.share_row(each, text)] for each in shares.shares[:_SHOWN]]
    if rows:
        st.html(stacking_table(heads, rows, texts=1))


def _signals(ranking: Ranking, titles: Mapping[str, str], units: Mapping[str, str], text: Text) -> None:
    st.html(f"<p><strong>{html(words.of_signals(ranking, titles, text))}</strong></p>")
    if said := words.elsewhere(ranking, text):
        remark(said)
    heads = [html(head) for head in words.signal_heads(text)]
    shown = [words.signal_row(each, titles, units.get(each.name, ""), text) for each in ranking.series[:_SHOWN]]
    rows = [[html(cell) for cell in cells] for cells in shown]
    if rows:
        st.html(stacking_table(heads, rows, texts=1))
