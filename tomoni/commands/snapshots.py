"""`snapshots`: lists the saved snapshots, deletes, pins and expires them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Rich

from tomoni.catalog.schema import SnapshotRetention
from tomoni.commands.failures import Refusal, report_lines
from tomoni.commands.moments import When
from tomoni.commands.session import Session
from tomoni.snapshots.errors import SnapshotError
from tomoni.snapshots.record.listing import ListedSnapshot, Page, Selection, in_period
from tomoni.snapshots.record.status import rfc3339
from tomoni.words import exports, periods, states
from tomoni.words.phrases import plain
from tomoni.words.text import Text, mark, text_for

ON_A_PAGE = 50
SHORT = 16  # characters of a hash in a table
_UNBOUNDED = 10_000  # cells
HEADINGS = (mark("Snapshot"), mark("App"), mark("Period"), mark("SLOs"), mark("Made"), mark("Size"))


ACTIONS = ("delete", "pin", "unpin", "expire")
_LISTING = {"app": "--app", "period": "--period", "page": "--page"}  # options of the list alone


@dataclass(frozen=True, slots=True)
class ListOptions:
    """Which page of the list is shown, of which app and period, and whether for programs."""

    app: str | None
    period: str | None
    page: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """What is done (``delete``, ``pin``, ``unpin``) to which snapshots; ``dry_run`` only reports it."""

    action: str
    named: tuple[str, ...]
    dry_run: bool


def read_action(ctx: click.Context, named: tuple[str, ...], dry_run: bool, actions: list[str]) -> str | None:
    """The one thing to do (None: to list). Raises click.UsageError for options that do not go together."""
    text = ctx.obj.text
    if len(actions) > 1:
        raise click.UsageError(text._("Use only one of --delete, --pin, --unpin and --expire."))
    if bool(named) != (actions not in ([], ["expire"])):
        raise click.UsageError(text._("--delete, --pin and --unpin need snapshots; nothing else takes any."))
    if dry_run and not actions:
        raise click.UsageError(text._("--dry-run needs --delete, --pin, --unpin or --expire."))
    given = click.core.ParameterSource.COMMANDLINE
    listing = [option for name, option in _LISTING.items() if ctx.get_parameter_source(name) is given]
    if actions and listing:
        raise click.UsageError(text._("%(options)s: only for the list.") % {"options": text.listed(listing)})
    return actions[0] if actions else None


def show(session: Session, options: ListOptions) -> int:
    """Prints a page of the list, the newest first; the exit code."""
    page = session.tomoni.snapshots.page(_selection(session, options), options.page, ON_A_PAGE)
    text = text_for(session.language, session.tomoni.catalog.settings.timezone)
    if not page.total:  # an app may be gone from the configuration while its snapshots are still there
        session.known_app(session.tomoni.catalog, options.app)
    if options.page > page.pages:
        phrase = session.text.n_("There is only %(n)s page.", "There are only %(n)s pages.", page.pages)
        raise Refusal([phrase % {"n": page.pages}])
    click.echo(_as_json(page) if options.as_json else _as_table(page, text))
    return 0


def _selection(session: Session, options: ListOptions) -> Selection:
    """The app and the period, by the clocks of each app. Raises Refusal for a period that has not begun."""
    catalog = session.tomoni.catalog
    app = catalog.app(options.app or "")
    session.period_of(When(None, options.period), app.timezone if app else catalog.settings.timezone)
    return in_period(options.period, catalog, options.app) if options.period else Selection(options.app)


def _as_json(page: Page) -> str:
    listed = [
        {
            "hash": each.hash,
            "app": each.app,
            "start": rfc3339(each.start),
            "as_of": rfc3339(each.as_of),
            "period": each.period.name if each.period else None,
            "made_at": rfc3339(each.made_at),
            "states": {state.value: n for state, n in each.states.items()},
            "bytes": each.size,
            "pinned": each.pinned,
            "meeting": each.meeting or None,
            "trouble": each.trouble.code if each.trouble else None,
        }
        for each in page.entries
    ]
    body = {"snapshots": listed, "page": page.number, "pages": page.pages, "total": page.total}
    return json.dumps(body, ensure_ascii=False, indent=2)


def _as_table(page: Page, text: Text) -> str:
    if not page.total:
        return text._("There are no snapshots yet.")
    out = io.StringIO()
    console = Console(file=out, width=_UNBOUNDED, highlight=False, emoji=False, markup=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in HEADINGS:
        table.add_column(text._(heading), justify="right" if heading == HEADINGS[-1] else "left")
    table.add_column("")
    for each in page.entries:
        table.add_row(*(Rich(plain(cell)) for cell in _cells(each, text)))
    console.print(table)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    lines += _troubles(page, text)
    count = text.n_("%(n)s snapshot", "%(n)s snapshots", page.total) % {"n": text.number(page.total, 0)}
    where = text._("page %(page)s of %(pages)s") % {"page": page.number, "pages": page.pages}
    return "\n".join([*lines, "", text.listed([count, where])])


def _troubles(page: Page, text: Text) -> list[str]:
    """What is wrong with entries, a line each below the table."""
    wrong = [(each, each.trouble) for each in page.entries if each.trouble]
    said = [f"{_short(each)}: {exports.trouble(why.code, why.facts, why.detail, text)}" for each, why in wrong]
    return ["", *said] if said else []


def _cells(each: ListedSnapshot, text: Text) -> tuple[str, ...]:
    return (
        _short(each),
        each.app,
        period_of(each, text),
        text.listed([f"{states.label(state, text)} {n}" for state, n in each.states.items()]),
        text.moment(each.made_at),
        text.quantity(each.size, "bytes"),
        text.listed([*([text._("review")] if each.meeting else []), *([text._("pinned")] if each.pinned else [])]),
    )


def change(session: Session, options: ChangeOptions) -> int:
    """Deletes or pins snapshots, each by itself: one that fails leaves the others; the exit code."""
    failed = False
    _report(session, [], options.action, options.dry_run)
    for named in dict.fromkeys(options.named):
        try:
            entry = _change(session, options, named)
        except SnapshotError as error:
            failed = True
            report_lines(
                [session.text.sentences(*exports.describe(error.code, error.facts, error.detail, session.text))]
            )
        else:
            _report(session, [entry], options.action, options.dry_run)
    return session.done.ended(1 if failed else 0)


_DONE: Mapping[str, str] = {
    "delete": mark("Deleted: %(snapshot)s"),
    "pin": mark("Pinned: %(snapshot)s"),
    "unpin": mark("Unpinned: %(snapshot)s"),
    "expire": mark("Expired: %(snapshot)s"),
}


def _change(session: Session, options: ChangeOptions, named: str) -> ListedSnapshot:
    tomoni = session.tomoni
    saved, now = tomoni.snapshots, tomoni.now()
    if options.dry_run:
        return saved.entry(named, unpinned=options.action == "delete")
    actions: Mapping[str, Callable[[], ListedSnapshot]] = {
        "delete": lambda: saved.delete(named, now),
        "pin": lambda: saved.pin(named, now),
        "unpin": lambda: saved.pin(named, None),
    }
    return actions[options.action]()


def expire(session: Session, dry_run: bool) -> int:
    """Deletes what the rule of the settings does not keep; the exit code."""
    tomoni, text = session.tomoni, session.text
    code = session.report_errors(tomoni.catalog)
    if tomoni.catalog.settings.snapshots == SnapshotRetention():
        raise Refusal([text._("No snapshot expires: settings.yaml has no rule; write snapshots: {keep: 400d}.")])
    _report(session, tomoni.expire_snapshots(dry_run), "expire", dry_run)
    return session.done.ended(code)


def _report(session: Session, entries: Iterable[ListedSnapshot], action: str, dry_run: bool) -> None:
    text, listed = session.text, list[object]()
    for each in entries:
        shown = f"{_short(each)} {each.app} {period_of(each, text)}"
        line = text._(_DONE[action]) % {"snapshot": plain(shown)}
        session.done.say(text._("Dry run, nothing is changed. %(line)s") % {"line": line} if dry_run else line)
        listed.append({"hash": each.hash, "app": each.app})
    before = session.done.facts.get("snapshots")
    done = [*(before if isinstance(before, list) else []), *listed]
    session.done.facts = {"action": action, "dry_run": dry_run, "snapshots": done}


def period_of(each: ListedSnapshot, text: Text) -> str:
    """The name of the period of a snapshot, else its first and last moment."""
    whole = each.period is not None and each.period.end == each.as_of
    return periods.title(each.period, text) if each.period and whole else text.span(each.start, each.as_of)


def _short(each: ListedSnapshot) -> str:
    return each.hash.removeprefix("sha256:")[:SHORT]
