"""The pages of the static site as documents: the start, one of each app, its list of snapshots, the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tomoni.catalog.local_text import apart
from tomoni.catalog.schema import App
from tomoni.meetings.published import OpenAction, Told
from tomoni.review.model import NamedPeriod, Overview, SloStatus
from tomoni.review.monthly import MonthlyReport
from tomoni.review.practices import AppPractices
from tomoni.snapshots.document.model import (
    Block,
    Cards,
    Cell,
    Document,
    Facts,
    Listing,
    Paragraph,
    Part,
    Section,
    Tone,
)
from tomoni.snapshots.document.sections.changes import sentence
from tomoni.snapshots.document.sections.edition import budget_cell, state_cell, table
from tomoni.snapshots.document.sections.summary import card
from tomoni.snapshots.record.comparing import compare
from tomoni.snapshots.record.listing import DeletedSnapshot, ListedSnapshot
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339
from tomoni.snapshots.record.store import ReadSnapshots
from tomoni.words import errors, exports, guide, headlines, notices, periods, states, terms, years
from tomoni.words.phrases import plain
from tomoni.words.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """What a site is made of: the overview as of a moment, the apps, the list of each app's snapshots (the
    newest first), how to read some of them, and the traces of deleted ones. ``zone`` is that of pages about
    all apps. ``period`` is the calendar period whose end the overview is as of, if it has a name. ``told`` is what
    teams wrote, the newest first, ``actions`` are the open ones. ``address`` is where the site will be (empty: not
    known), ``report`` that of the last month that was over, ``practices`` what each app practises."""

    overview: Overview
    apps: Sequence[App]
    saved: Mapping[str, Sequence[ListedSnapshot]]
    read: Callable[[Iterable[str]], ReadSnapshots]
    zone: str
    product: str
    period: NamedPeriod | None = None
    deleted: Sequence[DeletedSnapshot] = ()
    told: Sequence[Told] = ()
    actions: Sequence[OpenAction] = ()
    address: str = ""
    report: MonthlyReport | None = None
    practices: Sequence[AppPractices] = ()

    def names(self, language: str) -> Mapping[str, str]:
        """What the apps are called side by side, by their ids."""
        return {id_: name or id_ for id_, name in apart(self.apps, language).items()}


@dataclass(frozen=True, slots=True, eq=False)
class AppSnapshots:
    """The snapshots of one app: the pages of their list, and the newest two."""

    pages: tuple[tuple[ListedSnapshot, ...], ...]
    newest: tuple[Snapshot, ...]


def address_of(saved: ListedSnapshot | DeletedSnapshot) -> str:
    """The page of a snapshot, within its language."""
    moment = rfc3339(saved.as_of).replace(":", "")
    named = f"{saved.period.name}-until-" if saved.period else ""
    return f"snapshots/{saved.app}-{named}{moment}-{saved.hash.removeprefix('sha256:')[:16]}.html"


def list_address(app: str, number: int) -> str:
    """The page with a part of an app's list of snapshots, within its language; the first is the app's own."""
    return f"apps/{app}.html" if number == 1 else f"apps/{app}/{number}.html"


def distinct(saved: Sequence[ListedSnapshot]) -> list[ListedSnapshot]:
    """One snapshot for each moment: the newest that was made of it."""
    return list({each.as_of: each for each in reversed(saved)}.values())[::-1]


def start(portal: Portal, text: Text) -> Document:
    """All apps, the worst first, with a search."""
    by_app = {app.id: [s for s in portal.overview.statuses if s.app.id == app.id] for app in portal.apps}
    ranked = sorted(portal.apps, key=lambda app: rank_of(by_app[app.id]))
    names = portal.names(text.language)
    rows = [app_row(app, names[app.id], by_app[app.id], portal.saved.get(app.id, ()), text) for app in ranked]
    _ = text._
    headings = (_("App"), _("State"), _("SLOs"), _("Teams"), _("Last snapshot"), _("Least budget left"))
    blocks: list[Block] = [table(headings, rows, texts=5, search=_("Search"))]
    blocks += [
        Paragraph(f"{plain(problem.source)}: {text.sentences(*errors.describe_source(problem, text))}", Tone.WARNING)
        for problem in portal.overview.problems
    ]
    held = [notice for s in portal.overview.statuses for notice in s.notices if notice.code == "definition_held"]
    sentences = dict.fromkeys(notices.describe(notice, text) for notice in held)
    blocks += [Paragraph(sentence, Tone.WARNING) for sentence in sentences]
    part = Part("apps", "", headlines.overview(portal.overview, text), tuple(blocks))
    return framed(portal, _("All apps"), (Section("apps", _("All apps"), (part,)),), text)


def framed(portal: Portal, title: str, sections: tuple[Section, ...], text: Text) -> Document:
    """A page of the site with its moment and what made it."""
    return Document(title, _lead(portal, text), (text.language,), sections, (f"Tomoni {portal.product}",))


def _lead(portal: Portal, text: Text) -> str:
    """The period, if it has a name, and the moment."""
    as_of = text._("as of %(moment)s") % {"moment": text.moment(portal.overview.as_of)}
    return " · ".join([periods.title(portal.period, text), as_of] if portal.period else [as_of])


def rank_of(statuses: Sequence[SloStatus]) -> tuple[int, float]:
    """Where SLOs stand in a list that has the worst first."""
    worst = min((states.ORDER.index(status.figures.state) for status in statuses), default=len(states.ORDER))
    left = [status.figures.remaining for status in statuses if status.figures.remaining is not None]
    return worst, min(left, default=1.0)


def app_row(
    app: App, name: str, statuses: Sequence[SloStatus], saved: Sequence[ListedSnapshot], text: Text, up: str = ""
) -> list[Cell]:
    """An app in a list of apps, by its name there; ``up`` leads to the folder of the language."""
    worst = min(statuses, key=lambda status: rank_of([status]), default=None)
    last = saved[0] if saved else None
    seen = Cell(periods.of_listed(last.period, last.as_of, text), link=up + address_of(last)) if last else None
    return [
        Cell(name, link=f"{up}apps/{app.id}.html"),
        state_cell(worst, text) if worst else Cell(text.number(None)),
        Cell(headlines.states(statuses, text)),
        Cell(text.join(list(dict.fromkeys(app.teams.values())))),
        seen or Cell(text.number(None)),
        budget_cell(worst, text) if worst else Cell(text.number(None)),
    ]


def app_page(portal: Portal, app: App, statuses: Sequence[SloStatus], kept: AppSnapshots, text: Text) -> Document:
    """One app: its cards, what changed since the snapshot before, and all its snapshots."""
    _ = text._
    title = portal.names(text.language)[app.id]
    about = [Paragraph(app.description(text.language), Tone.QUIET)] if app.description else []
    cards = Cards(tuple(card(status, text) for status in statuses))
    found = headlines.states(statuses, text)
    message = _("%(app)s: %(states)s.") % {"app": title, "states": found} if found else title
    now = periods.title(portal.period, text) if portal.period else _("Now")
    sections = [Section("now", now, (Part("now", "", message, (*about, cards)),))]
    if len(kept.newest) == 2:
        sentences = [sentence(change, text) for change in compare(*kept.newest).changes]
        lines = sentences or [_("There are no notable changes.")]
        sections.append(Section("changes", _("What changed"), (Part("changes", "", "", (Listing(tuple(lines)),)),)))
    if kept.pages:
        sections.append(_list_section(app, kept.pages, 1, text))
    return framed(portal, title, tuple(sections), text)


def list_page(portal: Portal, app: App, pages: Sequence[Sequence[ListedSnapshot]], number: int, text: Text) -> Document:
    """A further page of an app's list of snapshots, by its number from 1."""
    facts = {"app": text.quote(portal.names(text.language)[app.id]), "page": number, "pages": len(pages)}
    title = text._("Snapshots of %(app)s, page %(page)s of %(pages)s") % facts
    return framed(portal, title, (_list_section(app, pages, number, text),), text)


def _list_section(app: App, pages: Sequence[Sequence[ListedSnapshot]], number: int, text: Text) -> Section:
    _, up = text._, "../" if number == 1 else "../../"
    rows = [_saved_row(each, up, text) for each in pages[number - 1]]
    made = table((_("Snapshot"), _("Period"), _("SLOs"), _("Made")), rows, texts=4)
    whole = replace(made, total=_turning(app, number, len(pages), up, text))
    return Section("snapshots", _("Snapshots"), (Part("snapshots", "", "", (whole,)),))


def _turning(app: App, number: int, pages: int, up: str, text: Text) -> tuple[Cell, ...]:
    """The last row of a list: links to the pages before and after."""
    if pages == 1:
        return ()
    older = Cell(text._("Older snapshots"), link=up + list_address(app.id, number + 1)) if number < pages else Cell("")
    newer = Cell(text._("Newer snapshots"), link=up + list_address(app.id, number - 1)) if number > 1 else Cell("")
    where = Cell(text._("page %(page)s of %(pages)s") % {"page": number, "pages": pages})
    return (older, newer, where, Cell(""))


def deleted_page(portal: Portal, trace: DeletedSnapshot, text: Text) -> Document:
    """What stands in the place of a deleted snapshot's page."""
    error = trace.error()
    what = text.sentences(*exports.describe(error.code, error.facts, "", text))
    part = Part("deleted", "", "", (Paragraph(what),))
    title, chapter = trace.title(text.language) or trace.app, Section("deleted", text._("Deleted"), (part,))
    return Document(title, "", (text.language,), (chapter,), (f"Tomoni {portal.product}",))


def _saved_row(saved: ListedSnapshot, up: str, text: Text) -> list[Cell]:
    found = [text.listed([f"{states.icon(state)} {n}" for state, n in saved.states.items()])]
    return [
        Cell(_called(saved, text), link=up + address_of(saved)),
        Cell(text.span(saved.start, saved.as_of)),
        Cell(found[0]),
        Cell(text.moment(saved.made_at)),
    ]


def _called(saved: ListedSnapshot, text: Text) -> str:
    return years.title(saved.year, text) if saved.year else periods.of_listed(saved.period, saved.as_of, text)


def guide_page(text: Text) -> Document:
    """What all the words mean."""
    _ = text._
    first, *others = guide.PURPOSE.lines
    why = Part("why", "", _(first), tuple(Paragraph(_(line)) for line in others))
    rows = tuple((states.label(state, text), Cell(states.meaning(state, text))) for state in states.ORDER)
    sections = [Section("why", _(guide.PURPOSE.heading), (why,))]
    sections.append(Section("states", _("States"), (Part("states", "", "", (Facts(rows),)),)))
    parts = tuple(_terms(n, name, text) for n, name in enumerate(terms.GROUPS))
    sections.append(Section("words", _("Words"), parts))
    return Document(_(guide.TITLE), "", (text.language,), tuple(sections))


def _terms(n: int, name: str, text: Text) -> Part:
    rows = tuple((text._(term.name), Cell(text._(term.meaning))) for term in terms.GROUPS[name].values())
    return Part(f"words-{n}", text._(name), "", (Facts(rows),))
