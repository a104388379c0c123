"""What an app's file says beyond what the file of another tool has keys for, by the names of its keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from tomoni.catalog.kept import Marks
from tomoni.catalog.profile import Profile
from tomoni.catalog.schema import App, Journey, Slo
from tomoni.dialects.losses import Placed
from tomoni.dialects.report import Fate, Line
from tomoni.dialects.written import Target


def told_of_keys(placed: Placed, target: Target, tool: str, *, held: Collection[str], bucket: int) -> Iterator[Line]:
    """The keys of an SLO that are not ``held``. ``bucket`` is the length in seconds that an import would take."""
    found = [key for key in _keys_of(placed.slo, target, bucket) if key not in held]
    if found:
        yield placed.lost("writes_keys", tool=tool, keys=", ".join(found))


def told_of_app(
    written: Sequence[Placed], target: Target, tool: str, *, held: Collection[str], lost: Collection[str] = ()
) -> Iterator[Line]:
    """The keys of an app, and of its journeys, that are not ``held``, and those that are ``lost`` though nothing is
    written of them; of an app without any SLO that was written nothing is said."""
    if not written:
        return
    app = written[0].app
    found = [key for key in _keys_of_app(app, target) if key not in held]
    yield from _line(app, app.id, tool, [*found, *(key for key in lost if key not in found)])
    for journey in {each.journey.id: each.journey for each in written}.values():
        yield from _line(app, f"{app.id}/{journey.id}", tool, _keys_of_journey(journey))


def _line(app: App, path: str, tool: str, keys: Sequence[str]) -> Iterator[Line]:
    if keys:
        facts = {"tool": tool, "keys": ", ".join(keys)}
        yield Line(app.file, 0, path, Fate.NOT_EXPRESSIBLE, "writes_keys", facts)


def _keys_of(slo: Slo, target: Target, bucket: int) -> list[str]:
    definition, alerting, usual = slo.definition, slo.kept.alerting, target.settings
    said = {
        "bucket": slo.bucket_seconds != bucket,
        "min_events": definition.min_events > 0,
        "judge_after": definition.judge_after != usual.judge_after,
        "silence": definition.silence != usual.silence,
        **_marks("", slo.kept.marks),
        "alerting.name": alerting.name is not None,
        **_marks("alerting.", alerting.every),
        **_marks("alerting.page.", alerting.page),
        **_marks("alerting.ticket.", alerting.ticket),
    }
    return [key for key, there in said.items() if there]


def _marks(before: str, marks: Marks) -> Mapping[str, bool]:
    return {f"{before}labels": bool(marks.labels), f"{before}annotations": bool(marks.annotations)}


def _keys_of_journey(journey: Journey) -> list[str]:
    return [*(["composite"] if journey.composite else []), *_keys_of_profile(journey.profile)]


def _keys_of_app(app: App, target: Target) -> list[str]:
    said = {
        "teams": bool(app.teams),
        "timezone": app.timezone != target.settings.timezone,
        "links": bool(app.links),
        "review": app.review is not None,
        "tickets": app.tickets is not None,
        "events": bool(app.events),
        "ledger": app.kept.ledger != type(app.kept.ledger)(),
        "policy": app.policy is not None,
        "infra": bool(app.infra),
        **_marks("", app.kept.marks),
    }
    return [*(key for key, there in said.items() if there), *_keys_of_profile(app.profile)]


def _keys_of_profile(profile: Profile) -> list[str]:
    return [key for key in Profile.__dataclass_fields__ if getattr(profile, key)]
