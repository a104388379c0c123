"""What is published of what teams wrote: read in a few queries, however many apps and reviews there are."""

from __future__ import annotations

from tomoni.catalog.schema import Catalog
from tomoni.meetings.model import Action, Conclusion, Decision, Incident, Meeting, Postmortem, Question
from tomoni.meetings.published import AllWritten, OpenAction, Told, told
from tomoni.meetings.records import Records
from tomoni.use_cases.actions import listed_actions


def told_to_all(records: Records, catalog: Catalog) -> tuple[Told, ...]:
    """Closed reviews, postmortems and decisions of the apps of a catalog, the newest first. Raises StoreError."""
    known = {app.id for app in catalog.apps}
    written = AllWritten(
        meetings=records.listed(Meeting),
        actions=records.listed(Action),
        questions=records.listed(Question),
        conclusions=records.listed(Conclusion),
        decisions=records.listed(Decision),
        postmortems=records.listed(Postmortem),
        incidents=records.listed(Incident),
    )
    return tuple(each for each in told(written) if each.app in known)


def open_actions(records: Records, catalog: Catalog, now: int) -> tuple[OpenAction, ...]:
    """The open actions of the apps of a catalog, the longest past due first. Raises StoreError."""
    found = listed_actions(records, catalog, now)
    return tuple(OpenAction(each.action, each.days_past) for each in found if each.app is not None)
