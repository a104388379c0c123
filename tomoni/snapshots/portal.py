"""A static site of all apps: how they stand, their snapshots, what changed, and how to read it.

Any web server or bucket can serve it. Its pages are documents like all others and share one plotly.js.
A snapshot's page is written once: what is frozen does not change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plotly.offline import get_plotlyjs

from tomoni.catalog.schema import App
from tomoni.languages import LANGUAGES
from tomoni.review.model import NamedPeriod, Overview, SloStatus
from tomoni.snapshots.document.contents import document
from tomoni.snapshots.document.model import Block, Cards, Cell, Document, Facts, Listing, Paragraph, Part, Section, Tone
from tomoni.snapshots.document.sections.changes import sentence
from tomoni.snapshots.document.sections.edition import budget_cell, state_cell, table
from tomoni.snapshots.document.sections.summary import card
from tomoni.snapshots.exporters.html.page import Site, page
from tomoni.snapshots.files import make_folder, write_bytes
from tomoni.snapshots.record.comparing import compare
from tomoni.snapshots.record.listing import ListedSnapshot
from tomoni.snapshots.record.manifest import manifest
from tomoni.snapshots.record.snapshot import Snapshot
from tomoni.snapshots.record.status import rfc3339
from tomoni.words import errors, guide, headlines, periods, states, terms
from tomoni.words.phrases import plain
from tomoni.words.text import Text, text_for

LIBRARY = "assets/plotly.js"


@dataclass(frozen=True, slots=True, eq=False)
class Portal:
    """What a site is made of: the overview as of a moment, the apps, the list of each app's snapshots (the
    newest first), and how to read one of them. ``zone`` is that of pages about all apps. ``period`` is the
    calendar period whose end the overview is as of, if it has a name."""

    overview: Overview
    apps: Sequence[App]
    saved: Mapping[str, Sequence[ListedSnapshot]]
    read: Callable[[str], Snapshot]
    zone: str
    product: str
    period: NamedPeriod | None = None


def write_portal(portal: Portal, folder: Path) -> list[Path]:
    """Writes the site, each file whole or not at all; the files that were written. Raises SnapshotError."""
    make_folder(folder / "assets")
    written = _library(folder)
    for language in LANGUAGES:
        home = folder if language == "en" else folder / language
        for inner in ("apps", "snapshots"):
            make_folder(home / inner)
        writer = _Writer(portal, home, language)
        written += writer.all()
    return written


def _library(folder: Path) -> list[Path]:
    content = get_plotlyjs().encode()
    file = folder / LIBRARY
    known = file.exists() and hashlib.sha256(file.read_bytes()).digest() == hashlib.sha256(content).digest()
    return [] if known else [write_bytes(file, content)]


@dataclass(frozen=True, slots=True, eq=False)
class _Writer:
    """Writes the pages of one language into its folder."""

    portal: Portal
    home: Path
    language: str

    def all(self) -> list[Path]:
        """The start, the guide, a page for each app and for each snapshot."""
        text = text_for(self.language, self.portal.zone)
        written = [self._write("index.html", _start(self.portal, text)), self._write("guide.html", _guide(text))]
        for app in self.portal.apps:
            saved = self.portal.saved.get(app.id, ())
            written += [file for each in reversed(saved) for file in self._snapshot(each)]
            local = text_for(self.language, app.timezone)
            written.append(self._write(f"apps/{app.id}.html", self._app(app, saved, local)))
        return written

    def _snapshot(self, saved: ListedSnapshot) -> list[Path]:
        """A snapshot's page, unless it is there already."""
        name = address_of(saved)
        if (self.home / name).exists():
            return []
        snapshot = self.portal.read(saved.hash)
        return [self._write(name, document(snapshot, self.language), manifest(snapshot))]

    def _app(self, app: App, saved: Sequence[ListedSnapshot], text: Text) -> Document:
        statuses = [status for status in self.portal.overview.statuses if status.app.id == app.id]
        newest = [self.portal.read(each.hash) for each in _distinct(saved)[:2]]
        return _app_page(self.portal, app, statuses, _App(tuple(saved), tuple(newest)), text)

    def _write(self, name: str, shown: Document, sections: Mapping[str, object] | None = None) -> Path:
        up = "../" * name.count("/")
        root = up if self.language == "en" else f"{up}../"
        text = text_for(self.language)
        other = next(code for code in LANGUAGES if code != self.language)
        there = f"{root}{name}" if other == "en" else f"{root}{other}/{name}"
        links = (
            (text._("All apps"), f"{up}index.html"),
            (text._("Guide"), f"{up}guide.html"),
            (LANGUAGES[other], there),
        )
        body = dict(sections) if sections else {"schema": "tomoni.portal", "version": 1}
        return write_bytes(self.home / name, page(shown, body, Site(f"{root}{LIBRARY}", links)).encode())


@dataclass(frozen=True, slots=True, eq=False)
class _App:
    """The snapshots of one app: all as they are listed, and the newest two."""

    saved: tuple[ListedSnapshot, ...]
    newest: tuple[Snapshot, ...]


def address_of(saved: ListedSnapshot) -> str:
    """The page of a snapshot, within its language."""
    moment = rfc3339(saved.as_of).replace(":", "")
    named = f"{saved.period.name}-until-" if saved.period else ""
    return f"snapshots/{saved.app}-{named}{moment}-{saved.hash.removeprefix('sha256:')[:16]}.html"


def _distinct(saved: Sequence[ListedSnapshot]) -> list[ListedSnapshot]:
    """One snapshot for each moment: the newest that was made of it."""
    return list({each.as_of: each for each in reversed(saved)}.values())[::-1]


def _start(portal: Portal, text: Text) -> Document:
    """All apps, the worst first, with a search."""
    by_app = {app.id: [s for s in portal.overview.statuses if s.app.id == app.id] for app in portal.apps}
    ranked = sorted(portal.apps, key=lambda app: _rank(by_app[app.id]))
    rows = [_app_row(app, by_app[app.id], portal.saved.get(app.id, ()), text) for app in ranked]
    _ = text._
    headings = (_("App"), _("State"), _("SLOs"), _("Teams"), _("Last snapshot"), _("Least budget left"))
    blocks: list[Block] = [table(headings, rows, texts=5, search=_("Search"))]
    blocks += [
        Paragraph(f"{plain(problem.source)}: {text.sentences(*errors.say_source(problem, text))}", Tone.WARNING)
        for problem in portal.overview.problems
    ]
    part = Part("apps", "", headlines.overview(portal.overview, text), tuple(blocks))
    return _framed(portal, _("All apps"), (Section("apps", _("All apps"), (part,)),), text)


def _framed(portal: Portal, title: str, sections: tuple[Section, ...], text: Text) -> Document:
    return Document(title, _lead(portal, text), (text.language,), sections, (f"Tomoni {portal.product}",))


def _lead(portal: Portal, text: Text) -> str:
    """The period, if it has a name, and the moment."""
    as_of = text._("as of %(moment)s") % {"moment": text.moment(portal.overview.as_of)}
    return " · ".join([periods.title(portal.period, text), as_of] if portal.period else [as_of])


def _rank(statuses: Sequence[SloStatus]) -> tuple[int, float]:
    worst = min((states.ORDER.index(status.figures.state) for status in statuses), default=len(states.ORDER))
    left = [status.figures.remaining for status in statuses if status.figures.remaining is not None]
    return worst, min(left, default=1.0)


def _app_row(app: App, statuses: Sequence[SloStatus], saved: Sequence[ListedSnapshot], text: Text) -> list[Cell]:
    worst = min(statuses, key=lambda status: _rank([status]), default=None)
    last = saved[0] if saved else None
    seen = Cell(periods.of_listed(last.period, last.as_of, text), link=address_of(last)) if last else None
    return [
        Cell(app.title(text.language) or app.id, link=f"apps/{app.id}.html"),
        state_cell(worst, text) if worst else Cell(text.number(None)),
        Cell(headlines.states(statuses, text)),
        Cell(text.join(list(dict.fromkeys(app.teams.values())))),
        seen or Cell(text.number(None)),
        budget_cell(worst, text) if worst else Cell(text.number(None)),
    ]


def _app_page(portal: Portal, app: App, statuses: Sequence[SloStatus], kept: _App, text: Text) -> Document:
    """One app: its cards, what changed since the snapshot before, and all its snapshots."""
    _ = text._
    title = app.title(text.language) or app.id
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
    if kept.saved:
        rows = [_saved_row(each, text) for each in kept.saved]
        made = table((_("Snapshot"), _("Period"), _("SLOs"), _("Made")), rows, texts=4)
        sections.append(Section("snapshots", _("Snapshots"), (Part("snapshots", "", "", (made,)),)))
    return _framed(portal, title, tuple(sections), text)


def _saved_row(saved: ListedSnapshot, text: Text) -> list[Cell]:
    found = [text.listed([f"{states.icon(state)} {n}" for state, n in saved.states.items()])]
    return [
        Cell(periods.of_listed(saved.period, saved.as_of, text), link=f"../{address_of(saved)}"),
        Cell(text.span(saved.start, saved.as_of)),
        Cell(found[0]),
        Cell(text.moment(saved.made_at)),
    ]


def _guide(text: Text) -> Document:
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
