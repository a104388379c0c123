"""What two teams concluded and decided, and what of it is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tomoni.catalog.schema import App, Policy, PolicyLevel
from tomoni.meetings.model import Choice, Conclusion, Decision, DecisionKind
from tomoni.meetings.records import Record, Records
from tomoni.review.model import Review, SloTrack
from tomoni.use_cases.actions import local_day

Facts = dict[str, str | float | None]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a policy proposes at a level that at least one SLO of a review has reached; ``tracks`` are those."""

    policy: Policy
    level: PolicyLevel
    tracks: tuple[SloTrack, ...]


def decisions_in_force(records: Records, app: App, at: int) -> tuple[Record[Decision], ...]:
    """The decisions of an app that held at a moment (Unix seconds), the latest first. The last day of a decision
    still counts, by the clocks of the app. Raises StoreError."""
    made = [record for record in records.listed(Decision, app.id) if record.created_at <= at]
    known, today = {record.id for record in made}, local_day(at, app.timezone)
    held = [record for record in made if _holds(record.value, known, today)]
    return tuple(reversed(held))


def _holds(decision: Decision, known: set[str], today: date) -> bool:
    """Whether a decision holds on a day. One that was superseded by what has been removed again does."""
    return decision.superseded_by not in known and (decision.until is None or today <= decision.until)


def past_decisions(records: Records, app: App, at: int) -> tuple[Record[Decision], ...]:
    """The decisions of an app that were made before a moment and no longer held at it, the latest first."""
    held = {record.id for record in decisions_in_force(records, app, at)}
    made = [record for record in records.listed(Decision, app.id) if record.created_at <= at]
    return tuple(record for record in reversed(made) if record.id not in held)


def decide(records: Records, decision: Decision, supersedes: Iterable[str] = ()) -> Record[Decision]:
    """Stores a decision in the place of earlier ones. Raises StoreError and MeetingError."""
    made = records.add(decision)
    for id_ in supersedes:
        records.change(Decision, id_, {"superseded_by": made.id})
    return made


def proposals(review: Review) -> tuple[Proposal, ...]:
    """What the policy proposes for the SLOs of a review, the strictest level first; nothing of levels that no
    SLO has reached."""
    reached: dict[tuple[str, str], Proposal] = {}
    for track in review.tracks:
        standing = track.policy
        if standing is not None and standing.level is not None:
            key = standing.policy.id, standing.level.id
            before = reached[key].tracks if key in reached else ()
            reached[key] = Proposal(standing.policy, standing.level, (*before, track))
    return tuple(sorted(reached.values(), key=lambda proposal: proposal.level.below))


def answered(
    proposal: Proposal, decisions: Iterable[Record[Decision]], meetings: Collection[str | None]
) -> Record[Decision] | None:
    """The decision of one of some meetings about what the policy proposed, None while there is none."""
    about = (proposal.policy.id, proposal.level.id)
    found = (each for each in decisions if each.value.meeting is not None and each.value.meeting in meetings)
    return next((each for each in found if _answers(each.value, *about)), None)


def _answers(decision: Decision, policy: str, level: str) -> bool:
    return (decision.policy, decision.level) == (policy, level) and decision.what is not DecisionKind.EXCEPTION


def conclude(records: Records, meeting: str, track: SloTrack, choice: Choice, text: str = "") -> Record[Conclusion]:
    """Stores what a meeting concluded of an SLO, with the facts known of it; a later choice replaces an earlier one.

    Raises StoreError and MeetingError.
    """
    slo, facts = track.status.path, facts_of(track)
    key = f"{meeting}-{hashlib.sha256(slo.encode()).hexdigest()[:32]}"
    app = track.status.app.id
    known = records.keyed(Conclusion, app, key)
    if known is not None:
        return records.change(Conclusion, known.id, {"choice": choice.value, "text": text, "facts": facts})
    value = Conclusion(app=app, meeting=meeting, slo=slo, choice=choice, text=text, facts=facts)
    return records.add(value, key)


def conclusions_of(records: Records, app: str, meeting: str) -> Mapping[str, Record[Conclusion]]:
    """What a meeting concluded, by the path of the SLO; SLOs that were not discussed may be absent."""
    found = (record for record in records.listed(Conclusion, app) if record.value.meeting == meeting)
    return {record.value.slo: record for record in found}


def facts_of(track: SloTrack) -> Facts:
    """What is known of an SLO when it is concluded on, in the units of `status --format json`."""
    figures, objective = track.status.figures, track.status.slo.objective
    return {
        "state": figures.state.value,
        "objective": float(objective.percent) if objective else None,
        "sli": figures.sli,
        "bad": figures.bad,
        "total": figures.total,
        "budget_remaining": track.status.budget_left,
        "policy_level": track.policy.level.id if track.policy and track.policy.level else None,
    }
