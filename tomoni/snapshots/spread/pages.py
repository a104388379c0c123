"""Pages of the static site about what teams wrote: postmortems, teams, the search; and where each is found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from tomoni.catalog.schema import App
from tomoni.meetings.published import OpenAction, Told, ToldKind
from tomoni.snapshots.document.model import Block, Cell, Document, Paragraph, Part, Prose, Section, Tone
from tomoni.snapshots.document.sections.edition import table
from tomoni.snapshots.portal_pages import Portal, address_of, app_row, framed, rank_of
from tomoni.snapshots.record.listing import DeletedSnapshot, ListedSnapshot
from tomoni.words.phrases import plain
from tomoni.words.text import Text

LATEST = 20  # of a list on a page of an app or a team
SEARCH = "search.html"


def minutes_address(saved: ListedSnapshot | DeletedSnapshot) -> str:
    """The page with the minutes of the review that a snapshot closed, within its language."""
    return address_of(saved).replace("snapshots/", "minutes/", 1)


def team_address(team: str) -> str:
    """The page of a team, within its language: readable, and another one for every name."""
    readable = re.sub(r"[^a-z0-9]+", "-", team.lower()).strip("-")[:40]
    mark = hashlib.sha256(team.encode()).hexdigest()[:6]
    return f"teams/{readable}-{mark}.html" if readable else f"teams/{mark}.html"


class Places:
    """Where what was written is found on a site: the saved snapshots by hash, apps and teams by name."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._names: dict[str, Mapping[str, str]] = {}
        self._saved = {each.hash: each for of_app in portal.saved.values() for each in of_app}

    @cached_property
    def apps(self) -> Mapping[str, App]:
        """The apps by their ids."""
        return {app.id: app for app in self.portal.apps}

    @cached_property
    def teams(self) -> Mapping[str, tuple[App, ...]]:
        """The teams by name, each with its apps."""
        names = sorted({team for app in self.portal.apps for team in app.teams.values()})
        return {name: tuple(app for app in self.portal.apps if name in app.teams.values()) for name in names}

    def of(self, each: Told) -> str:
        """The page of something told, within its language; that of its app where it has none of its own."""
        if each.kind is ToldKind.POSTMORTEM:
            return f"postmortems/{each.id}.html"
        saved = self._saved.get(each.snapshot)
        return minutes_address(saved) if saved else f"apps/{each.app}.html"

    def title(self, app: str, text: Text) -> str:
        """What an app is called beside the others."""
        if text.language not in self._names:
            self._names[text.language] = self.portal.names(text.language)
        return self._names[text.language].get(app, app)


def kind_of(kind: ToldKind, text: Text) -> str:
    """A kind in words."""
    _ = text._
    words = {
        ToldKind.REVIEW: _("Minutes"),
        ToldKind.POSTMORTEM: _("Postmortem"),
        ToldKind.DECISION: _("Decision"),
    }
    return words[kind]


def title_of(each: Told, places: Places, text: Text) -> str:
    """What something told is called without its app."""
    if each.kind is ToldKind.REVIEW:
        return text._("Review of %(days)s") % {"days": text.days(*(each.span or (each.at, each.at + 1)))}
    return plain(each.title)


def written_section(found: Sequence[Told], places: Places, text: Text, with_app: bool) -> list[Section]:
    """The newest of what was written, with a link to each; no section where nothing was. For a page one folder deep."""
    rows = [
        [
            Cell(title_of(each, places, text), link=f"../{places.of(each)}"),
            Cell(kind_of(each.kind, text)),
            *([Cell(places.title(each.app, text))] if with_app else []),
            Cell(text.day(each.at)),
        ]
        for each in found[:LATEST]
    ]
    if not rows:
        return []
    _ = text._
    headings = (_("What was written"), _("Kind"), *([_("App")] if with_app else []), _("Day"))
    blocks: list[Block] = [table(headings, rows, texts=len(headings))]
    if len(found) > LATEST:
        left = len(found) - LATEST
        more = text.n_("%(n)s older one is found by the search.", "%(n)s older ones are found by the search.", left)
        blocks.append(Paragraph(more % {"n": left}, Tone.QUIET))
    return [Section("written", _("Reviews, decisions and postmortems"), (Part("written", "", "", tuple(blocks)),))]


def actions_section(found: Sequence[OpenAction], places: Places, text: Text) -> list[Section]:
    """Open actions, the longest past due first; no section without any."""
    if not found:
        return []
    _ = text._
    rows = [
        [
            Cell(plain(each.value.text)),
            Cell(places.title(each.value.app, text)),
            Cell(each.value.due.isoformat() if each.value.due else _("no date yet")),
            Cell(_past(each.days_past, text)),
        ]
        for each in found
    ]
    late = sum(each.days_past > 0 for each in found)
    message = text.n_(
        "%(n)s action is open, %(late)s past due.", "%(n)s actions are open, %(late)s past due.", len(found)
    )
    headings = (_("Action"), _("App"), _("Due"), _("Past due"))
    shown = table(headings, rows, texts=4)
    return [
        Section(
            "actions", _("Open actions"), (Part("actions", "", message % {"n": len(found), "late": late}, (shown,)),)
        )
    ]


def _past(days: int, text: Text) -> str:
    return text.n_("%(n)s day", "%(n)s days", days) % {"n": days} if days else ""


def teams_section(places: Places, text: Text) -> list[Section]:
    """All teams by name, with how many apps and open actions each has; for the start page."""
    if not places.teams:
        return []
    _, actions = text._, places.portal.actions
    rows = []
    for team, apps in places.teams.items():
        own = [each for each in actions if each.value.team == team]
        late = sum(each.days_past > 0 for each in own)
        numbers = [Cell(text.count(n), n) for n in (len(apps), len(own), late)]
        rows.append([Cell(plain(team), link=team_address(team)), *numbers])
    shown = table((_("Team"), _("Apps"), _("Open actions"), _("Past due")), rows)
    return [Section("teams", _("Teams"), (Part("teams", "", "", (shown,)),))]


def team_page(places: Places, team: str, text: Text) -> Document:
    """One team: its apps, its open actions, and what was written of its apps."""
    portal, apps, _ = places.portal, places.teams[team], text._
    of = {app.id: [status for status in portal.overview.statuses if status.app.id == app.id] for app in apps}
    ranked = sorted(apps, key=lambda app: rank_of(of[app.id]))
    rows = [
        app_row(app, places.title(app.id, text), of[app.id], portal.saved.get(app.id, ()), text, "../")
        for app in ranked
    ]
    headings = (_("App"), _("State"), _("SLOs"), _("Teams"), _("Last snapshot"), _("Least budget left"))
    first = Part("apps", "", plain(team), (table(headings, rows, texts=5),))
    own = [each for each in portal.actions if each.value.team == team]
    found = [each for each in portal.told if each.app in of]
    sections = [Section("apps", _("Apps"), (first,)), *actions_section(own, places, text)]
    return framed(portal, plain(team), (*sections, *written_section(found, places, text, with_app=True)), text)


def postmortem_page(places: Places, each: Told, text: Text) -> Document:
    """One postmortem: when it was, its contributing factors, and what is written of it."""
    _ = text._
    when = text.near_span(*each.span) if each.span else text.day(each.at)
    blocks: list[Block] = [Paragraph(" · ".join([places.title(each.app, text), when]), Tone.QUIET)]
    blocks += [Paragraph(line) for line in each.lines if line != each.title]
    if each.factors:
        facts = {"factors": text.listed([plain(factor) for factor in each.factors])}
        blocks.append(Paragraph(_("Contributing factors: %(factors)s") % facts))
    if each.body.strip():
        blocks.append(Prose(each.body, text.language))
    up = Cell(places.title(each.app, text), link=f"../apps/{each.app}.html")
    blocks.append(table((_("App"),), [[up]], texts=1))
    part = Part("postmortem", "", plain(each.title), tuple(blocks))
    lead = text._("written %(day)s") % {"day": text.day(each.at)}
    marks = (f"Tomoni {places.portal.product}",)
    return Document(plain(each.title), lead, (text.language,), (Section("postmortem", "", (part,)),), marks)


def search_page(places: Places, text: Text) -> Document:
    """The page of the search; its field is made by `find.js`."""
    part = Part("search", "", text._("Search"), (Paragraph(text._("The search needs JavaScript."), Tone.WARNING),))
    return framed(places.portal, text._("Search"), (Section("search", text._("Search"), (part,)),), text)


def minutes_page(made: Document, saved: ListedSnapshot, text: Text) -> Document:
    """The minutes of a review with a link to all that it closed with."""
    link = Cell(text._("The whole review"), link=f"../{address_of(saved)}")
    part = Part("whole", "", "", (table((text._("Snapshot"),), [[link]], texts=1),))
    return replace(made, sections=(*made.sections, Section("whole", text._("Snapshot"), (part,))))
