"""What the search and the feeds of the static site say, in the words of one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tomoni.catalog.schema import App
from tomoni.meetings.published import Told, ToldKind
from tomoni.snapshots.spread.feeds import Feed, FeedEntry
from tomoni.snapshots.spread.finding import Entry
from tomoni.snapshots.spread.pages import Places, kind_of, team_address, title_of
from tomoni.words.phrases import plain
from tomoni.words.text import Text, text_for

_SUMMARY = 2_000  # characters of an entry of a feed


def search_words(text: Text) -> Mapping[str, str]:
    """What `find.js` says; ``%n`` and ``%s`` are filled in there."""
    _ = text._
    return {
        "search": _("Apps, postmortems, minutes"),
        "hint": _("Type words: what contains all of them is found. Arrow keys lead through the results."),
        "short": _("A single letter is not looked for; type at least two."),
        "none": _("Nothing contains all of these words."),
        "all": _("Found: %(n)s.") % {"n": "%n"},
        "first": _("The first %(n)s are shown.") % {"n": "%n"},
        "more": _("Show more"),
        "left": _("The search has the newest entries; %(n)s older ones are left out.") % {"n": "%n"},
        "broken": _("%(file)s could not be loaded; write the site again, or copy it whole.") % {"file": "search/%s.js"},
    }


def search_entries(places: Places, text: Text) -> list[Entry]:
    """Everything that can be found: apps, then teams, then what was written, the newest first."""
    found = [_app_entry(app, places.title(app.id, text), text) for app in places.portal.apps]
    found += [
        Entry(text._("Team"), plain(team), text.join([places.title(app.id, text) for app in apps]), team_address(team))
        for team, apps in places.teams.items()
    ]
    texts = {app.id: text_for(text.language, app.timezone) for app in places.portal.apps}
    return [*found, *(_told_entry(each, places, texts.get(each.app, text)) for each in places.portal.told)]


def _app_entry(app: App, title: str, text: Text) -> Entry:
    names = [app.id, app.description(text.language) if app.description else ""]
    for journey in app.journeys:
        names += [journey.title(text.language), *(slo.title(text.language) for slo in journey.slos)]
    names += [signal.title(text.language) for signal in app.infra]
    teams = text.join(list(dict.fromkeys(app.teams.values())))
    return Entry(text._("App"), title, teams, f"apps/{app.id}.html", "\n".join(filter(None, names)))


def _told_entry(each: Told, places: Places, text: Text) -> Entry:
    about = " · ".join([places.title(each.app, text), text.day(each.at)])
    words = "\n".join([*each.lines, *each.factors, each.body])
    return Entry(kind_of(each.kind, text), title_of(each, places, text), about, places.of(each), words)


def feeds(places: Places, language: str, zone: str) -> Iterator[Feed]:
    """The feed of all apps, of each team and of each app."""
    portal, text = places.portal, text_for(language, zone)
    root = f"{portal.address.rstrip('/')}/" if portal.address else ""
    base = root and (root if language == "en" else f"{root}{language}/")
    told = [_feed_entry(each, places, language) for each in portal.told]
    of = [each.app for each in portal.told]

    def chosen(apps: Sequence[App]) -> list[FeedEntry]:
        ids = {app.id for app in apps}
        return [entry for entry, app in zip(told, of, strict=True) if app in ids]

    title, everything = text._("Reviews, decisions and postmortems"), text._("All apps")
    yield Feed("all", f"{everything}: {title}", "feed.xml", "index.html", language, base, told)
    for team, apps in places.teams.items():
        page = team_address(team)
        place = page.removesuffix(".html") + ".xml"
        yield Feed(f"team/{team}", f"{plain(team)}: {title}", place, page, language, base, chosen(apps))
    for app in portal.apps:
        name, page = places.title(app.id, text), f"apps/{app.id}.html"
        yield Feed(f"app/{app.id}", f"{name}: {title}", f"apps/{app.id}.xml", page, language, base, chosen([app]))


def _feed_entry(each: Told, places: Places, language: str) -> FeedEntry:
    app = places.apps[each.app]
    text = text_for(language, app.timezone)
    said = [*each.lines, *each.factors, each.body] if each.kind is ToldKind.POSTMORTEM else list(each.lines)
    summary = "\n".join(filter(None, said))
    summary = summary if len(summary) <= _SUMMARY else f"{summary[: _SUMMARY - 1]}…"
    return FeedEntry(
        key=f"{each.kind}/{each.id}",
        title=f"{places.title(each.app, text)}: {kind_of(each.kind, text)}: {title_of(each, places, text)}",
        link=places.of(each),
        published=each.at,
        updated=each.changed_at,
        category=each.kind.value,
        author=text.join(list(dict.fromkeys(app.teams.values()))),
        summary=summary,
    )
