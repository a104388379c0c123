"""The register of risks at the step "Ahead": what each costs of a budget, what happened, what objectives bear."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tomoni.review.model import SloTrack
from tomoni.slo.model import Objective
from tomoni.slo.tally import Span, unit_seconds
from tomoni.ui.blocks import Unseen, quiet, remark, stacking_table, title, unseen
from tomoni.ui.choice import on_choice
from tomoni.ui.escape import flowing, html
from tomoni.ui.meeting.risk_forms import controls
from tomoni.ui.meeting.view import MeetingView
from tomoni.ui.url_state import change_view, current_view
from tomoni.use_cases.incidents import SloPrices
from tomoni.use_cases.risks import (
    Candidate,
    CostedRisk,
    Happened,
    ListedRisk,
    Written,
    candidates,
    costs,
    happened,
    incidents_of_a_year,
    objectives_of,
    of_entries,
    register,
)
from tomoni.words import risks as words
from tomoni.words.text import NOTHING, Text, mark

_WHERE = {
    Written.FILE: "",
    Written.PAGE: mark("added here"),
    Written.CHANGED: mark("changed here"),
}
_CHOICE = "risk-budget"


def register_of(view: MeetingView) -> tuple[ListedRisk, ...]:
    """The risks of the meeting's app; of a closed one as they were frozen."""
    frozen = view.snapshot.beside.meeting if view.snapshot else None
    if frozen is not None:
        return of_entries((risk.id, risk.value) for risk in frozen.risks)
    return register(view.records, view.context.tomoni.catalog.app(view.app.id) or view.app)


def sentence(view: MeetingView, listed: Sequence[ListedRisk]) -> str:
    """What the accepted risks take of the budget that is chosen; empty without any."""
    track = _chosen(view)
    objective = track.status.slo.objective if track else None
    hitting = _hitting(listed, track)
    if objective is None or not any(each.accepted for each in hitting):
        return ""
    (found,) = [each for each in candidates(hitting, [objective]) if each.objective.percent == objective.percent]
    return words.sentence(found.accepted, found.budget, objective.percent, view.text)


def panels(view: MeetingView, listed: Sequence[ListedRisk]) -> None:
    """Draw the register, the ways to change it, and the objectives that it leaves room for."""
    track = _chosen(view)
    hitting = _hitting(listed, track)
    with st.container(key="ahead-risks", horizontal=True, gap="small"):
        _panel(view, listed, track, hitting)
        if track is not None and hitting:
            with st.container(key="panel-candidates"):
                title(view.text._("What an objective would bear"), view.text._("minutes of a full outage in a year"))
                st.html(_candidates(view, track, hitting))


def _panel(
    view: MeetingView, listed: Sequence[ListedRisk], track: SloTrack | None, hitting: Sequence[ListedRisk]
) -> None:
    text = view.text
    with st.container(key="panel-risks"):
        with st.container(key="risks-head", horizontal=True, vertical_alignment="center"):
            title(text._("What may go wrong"), width="content")
            st.space("stretch")
            _choice(view, track)
        if not hitting:
            remark(text._("No risk is on the register. What could keep users from what they want to do?"))
        elif track is None:
            remark(text._("No objective is known, so that risks cannot be held against a budget."))
        else:
            _costs(view, track, hitting)
        controls(view, listed, _as_ranked(listed, hitting, track))


def _hitting(listed: Sequence[ListedRisk], track: SloTrack | None) -> list[ListedRisk]:
    return [each for each in listed if track is None or each.hits(track.status.journey.id)]


def _as_ranked(
    listed: Sequence[ListedRisk], hitting: Sequence[ListedRisk], track: SloTrack | None
) -> tuple[ListedRisk, ...]:
    """The risks in the order of the table, those that it does not show last."""
    objective = track.status.slo.objective if track else None
    shown = [cost.listed for cost in costs(hitting, objective)] if objective else list(hitting)
    return (*shown, *(each for each in listed if each not in shown))


def _tracks(view: MeetingView) -> dict[str, SloTrack]:
    """The SLOs whose objectives are known, by their paths."""
    return {track.status.path: track for track in view.review.tracks if track.status.slo.objective is not None}


def _chosen(view: MeetingView) -> SloTrack | None:
    """The SLO whose budget the risks are held against: that of the address, else the first one."""
    asked, found = current_view(), _tracks(view)  # the place of a step is without an SLO
    path = f"{view.app.id}/{asked.journey}/{asked.slo}"
    return found.get(path, next(iter(found.values()), None))


def _choice(view: MeetingView, track: SloTrack | None) -> None:
    text, found = view.text, _tracks(view)
    if track is None:
        return
    st.session_state[_CHOICE] = track.status.path
    label = text._("Against the budget of")
    st.html(f"<span class='tm-sub'>{html(label)}</span>", width="content")
    st.selectbox(
        label,
        list(found),
        key=_CHOICE,
        format_func=lambda path: _name(found[path], text),
        **on_choice(_CHOICE, _choose),
        width=400,
        label_visibility="collapsed",
    )


def _name(track: SloTrack, text: Text) -> str:
    status = track.status
    parts = (status.journey.title(text.language), status.slo.title(text.language))
    return f"{text.objective(status.slo.definition.objective.percent)} · {' · '.join(parts)}"


def _choose() -> None:
    _, journey, slo = st.session_state[_CHOICE].split("/")
    change_view(journey=journey, slo=slo)


# The register


def _costs(view: MeetingView, track: SloTrack, hitting: Sequence[ListedRisk]) -> None:
    text, objective = view.text, track.status.slo.definition.objective
    real = _happened(view, track, register_of(view))
    rows = [_row(view, n, each, real.get(each.listed.ref)) for n, each in enumerate(costs(hitting, objective), 1)]
    heads = [Unseen(text._("Rank")), text._("Risk"), text._("Detect + repair"), text._("Users"), text._("Happens")]
    heads += [text._("Minutes a year"), text._("Of the budget"), text._("Really, in 12 months"), text._("Accepted")]
    st.html(stacking_table(heads, rows, texts=2, classes="tm-risks"))
    other = real.get("")
    if other is not None:
        st.html(quiet(_unknown(other, text)))


def _row(view: MeetingView, rank: int, cost: CostedRisk, real: Happened | None) -> list[str]:
    text, listed = view.text, cost.listed
    where = text._(_WHERE[listed.written]) if _WHERE[listed.written] else ""
    journeys = [journey.title(text.language) for journey in view.app.journeys if journey.id in listed.journeys]
    below = " · ".join([*journeys, *([_was(listed, text)] if where else [])])
    tag = f" <span class='tm-tag'>{html(where)}</span>" if where else ""
    more = f"<br><span class='tm-small tm-muted'>{flowing(below)}</span>" if below else ""
    return [
        str(rank),
        f"<b>{html(listed.title(text.language))}</b>{tag}{more}",
        html(words.lasting(listed.risk.detect_minutes, listed.risk.repair_minutes, text)),
        html(text.percent(listed.risk.share_of_users)),
        html(words.every(listed.risk.days_between, text)),
        html(words.minutes(cost.minutes, text)),
        _share(cost, text),
        html(_real(real, text)),
        f"<span aria-hidden='true'>{'✓' if listed.accepted else '–'}</span>{unseen(_accepted(cost, text))}",
    ]


def _was(listed: ListedRisk, text: Text) -> str:
    """What the file says of a risk that was changed here."""
    if listed.known is None:
        return ""
    known = listed.known
    facts = {
        "lasting": words.lasting(known.detect_minutes, known.repair_minutes, text),
        "users": text.percent(known.share_of_users),
        "every": words.every(known.days_between, text),
    }
    return text._("in the file: %(lasting)s, %(users)s, %(every)s") % facts


def _accepted(cost: CostedRisk, text: Text) -> str:
    return text._("accepted") if cost.listed.accepted else text._("not accepted")


def _share(cost: CostedRisk, text: Text) -> str:
    share = text.percent(cost.share, 0 if cost.share is not None and cost.share >= 0.1 else None)
    if not cost.large:
        return html(share)
    alone = text._("too much for one risk")
    return (
        f"<b class='tm-at_risk' title='{html(alone)}'>▲ {html(share)}</b><span class='tm-unseen'>{html(alone)}</span>"
    )


def _real(real: Happened | None, text: Text) -> str:
    if real is None:
        return text._("nothing")
    count = text.n_("%(n)s incident", "%(n)s incidents", real.incidents) % {"n": real.incidents}
    return text._("%(minutes)s min (%(count)s)") % {"minutes": words.minutes(real.minutes, text), "count": count}


def _unknown(other: Happened, text: Text) -> str:
    """Incidents that belong to none of the risks."""
    phrase = text._("Incidents of no risk on the register in the last 12 months: %(real)s.")
    return phrase % {"real": _real(other, text)}


def _happened(view: MeetingView, track: SloTrack, listed: Sequence[ListedRisk]) -> dict[str, Happened]:
    """What incidents of the 12 months before the review really cost an SLO, by the risk that came true."""
    if track.buckets is None:
        return {}

    def price(spans: Sequence[Span]) -> SloPrices | None:
        found = view.context.tomoni.prices(view.review, spans)
        return next((each for each in found if each.track.status.path == track.status.path), None)

    as_of, unit = view.review.as_of, unit_seconds(track.buckets, track.status.slo.definition)
    return happened(
        incidents_of_a_year(view.records, view.app, as_of, {each.ref for each in listed}), as_of, unit, price
    )


# What objectives bear


def _candidates(view: MeetingView, track: SloTrack, hitting: Sequence[ListedRisk]) -> str:
    text = view.text
    own = objectives_of(view.review, track.status.journey.id)
    rows = [_candidate(each, track.status.slo.objective, text) for each in candidates(hitting, own)]
    heads = (
        text._("Objective"),
        text._("Budget"),
        text._("Accepted risks"),
        text._("Unallocated"),
    )
    return stacking_table((*heads, text._("Too large alone")), rows, texts=1)


def _candidate(each: Candidate, chosen: Objective | None, text: Text) -> list[str]:
    here = chosen is not None and each.objective.percent == chosen.percent
    name = html(text.objective(each.objective.percent))
    over = each.unallocated < 0
    left = html(words.minutes(each.unallocated, text))
    note = text._("the objective of this SLO") if here else text._("an objective of this journey") if each.own else ""
    below = f"<br><span class='tm-small tm-muted'>{flowing(note)}</span>" if note else ""
    return [
        (f"<b>{name}</b>" if here else name) + below,
        html(words.minutes(each.budget, text)),
        html(words.minutes(each.accepted, text)),
        f"<b class='tm-exhausted'>■ {left}</b>" if over else left,
        html(text.n_("%(n)s risk", "%(n)s risks", each.large) % {"n": each.large}) if each.large else NOTHING,
    ]
