"""`sync --again`: reads an interval again and reports what its sources say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.moments import When
from tomoni.commands.progress import watched
from tomoni.commands.session import Session
from tomoni.commands.syncing import failing, fetched_facts, problem_facts, summary
from tomoni.review.inputs import slos_of
from tomoni.snapshots.record.status import rfc3339
from tomoni.use_cases.rereading import Reread, Rereading, Scope, Sums, named_series
from tomoni.words import errors
from tomoni.words.phrases import named, plain
from tomoni.words.text import Text, text_for


@dataclass(frozen=True, slots=True)
class AgainOptions:
    """The interval that is read again (Unix seconds, or the name of a period), and the app, SLO or source that
    limit it."""

    start: int | None
    until: int | None
    period: str | None
    app: str | None
    slo: str | None
    source: str | None


def run(session: Session, options: AgainOptions) -> int:
    """Reads the interval again and reports the changes per SLO; returns the exit code."""
    tomoni = session.tomoni
    session.refuse_unusable(tomoni.catalog)
    session.known_app(tomoni.catalog, options.app)
    text = text_for(session.language, tomoni.catalog.settings.timezone)
    scopes = _scopes(session, options)
    _refuse(session, scopes[0], text)
    code = session.report_errors(tomoni.catalog)
    warnings, read = [], list[Rereading]()
    for scope in scopes:
        if list(named_series(tomoni.setup, scope)):
            warnings += _read_again(session, scope, text, read)
    problems = failing(tomoni.catalog, tomoni.ledger)
    report_lines([*warnings, *(errors.source_line(problem, text) for problem in problems)])
    session.done.facts = {
        "sources": fetched_facts(*(each.report for each in read)),
        "changes": [_facts(each) for done in read for each in done.found if each.changed is not None],
        "problems": problem_facts(problems, text),
    }
    return 1 if problems or warnings else code


def _scopes(session: Session, options: AgainOptions) -> list[Scope]:
    """What is read again: a named period of each app by the clocks of its zone, of all apps at once where these agree.

    Of several, one that names something comes first.
    """
    limits = (options.app, options.slo, options.source)
    if options.period is None:
        return [Scope(options.start or 0, options.until or 0, *limits)]
    when, spans = When(period=options.period), {}
    for app in session.tomoni.apps(options.app):
        if period := session.period_of(when, app.timezone):
            spans[app.id] = (period.start, period.as_of)
    if len(set(spans.values())) == 1:
        return [Scope(*next(iter(spans.values())), *limits)]
    scopes = [Scope(start, end, app, options.slo, options.source) for app, (start, end) in spans.items()]
    return sorted(scopes, key=lambda scope: not list(named_series(session.tomoni.setup, scope)))


def _read_again(session: Session, scope: Scope, text: Text, read: list[Rereading]) -> list[str]:
    """Reads one interval again, adds it to what was ``read`` and prints what changed; returns the warnings."""
    with watched(text) as on_progress:
        done = session.tomoni.read_again(scope, on_progress)
    read.append(done)
    for line in [*_changes(done, text), *summary(done.report, text)]:
        session.done.say(line)
    return list(_warnings(done, text))


def _refuse(session: Session, scope: Scope, text: Text) -> None:
    """Refuses an interval that is none or still to come, and names that do not exist."""
    tomoni = session.tomoni
    if scope.start >= scope.until:
        raise Refusal([text._("--from lies at or after --until; write the beginning first.")])
    session.past(scope.until)
    if scope.source is not None and scope.source not in tomoni.sources:
        raise Refusal([_unknown(text._("There is no source %(name)s"), scope.source, sorted(tomoni.sources), text)])
    places = slos_of(tomoni.apps(scope.app))
    known = [name for place in places for name in (place.slo.id, place.path)]
    if scope.slo is not None and scope.slo not in known:
        raise Refusal([_unknown(text._("There is no SLO %(name)s"), scope.slo, known, text)])
    if not list(named_series(tomoni.setup, scope)):
        raise Refusal([text._("Nothing uses this source within the given app or SLO; leave out --source.")])


def _unknown(phrase: str, name: str, known: list[str], text: Text) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = text._("did you mean %(nearest)s?") if near else text._("use one of: %(known)s.")
    facts = {"name": named(name, text), "nearest": named("".join(near), text), "known": ", ".join(known)}
    return phrase % facts + "; " + hint % facts


def _changes(done: Rereading, text: Text) -> Iterator[str]:
    """A line for each SLO and signal that changed, and one that counts the others."""
    changed = [(each, each.changed) for each in done.found if each.changed is not None]
    for each, (start, until) in changed:
        facts = {"path": plain(each.path), "span": text.span(start, until), "difference": _difference(each, text)}
        yield text._("%(path)s: %(span)s: %(difference)s") % facts
    if same := len(done.found) - len(changed):
        phrase = text.n_("%(n)s series is unchanged.", "%(n)s series are unchanged.", same)
        yield phrase % {"n": text.count(same) if same >= 100 else same}


def _difference(each: Reread, text: Text) -> str:
    if each.after.events is None:
        values = {"before": text.number(each.before.mean), "after": text.number(each.after.mean)}
        return text._("mean %(before)s → %(after)s") % values
    phrase = text._("events %(before)s → %(after)s, bad %(bad_before)s → %(bad_after)s")
    return phrase % _counts(each.before, each.after, text)


def _facts(each: Reread) -> dict[str, object]:
    """What changed of one SLO or signal, for programs; what it does not have is null."""
    start, until = each.changed or (0, 0)
    sums = {
        when: {"events": of.events, "bad": of.bad, "mean": of.mean}
        for when, of in (("before", each.before), ("after", each.after))
    }
    return {"path": each.path, "from": rfc3339(start), "until": rfc3339(until), **sums}


def _counts(before: Sums, after: Sums, text: Text) -> dict[str, str]:
    return {
        "before": text.count(before.events or 0),
        "after": text.count(after.events),
        "bad_before": text.count(before.bad or 0),
        "bad_after": text.count(after.bad),
    }


def _warnings(done: Rereading, text: Text) -> Iterator[str]:
    """What could not be read again, because the source no longer has it."""
    for source, seconds in done.dropped.items():
        phrase = text._(
            "%(source)s keeps data for %(kept)s and has nothing of this interval; it was not queried, "
            "and what is stored stays."
        )
        yield phrase % {"source": named(source, text), "kept": text.duration(seconds)}
    for each in done.found:
        if each.kept is not None:
            phrase = text.n_(
                "%(path)s: %(span)s: the source no longer has %(buckets)s bucket that is stored; it stays.",
                "%(path)s: %(span)s: the source no longer has %(buckets)s buckets that are stored; they stay.",
                each.kept.buckets,
            )
            span = text.span(each.kept.start, each.kept.until)
            yield phrase % {"path": plain(each.path), "span": span, "buckets": each.kept.buckets}
