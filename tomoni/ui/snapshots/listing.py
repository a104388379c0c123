"""The list of snapshots on its page: filters, a table, and the turning of its pages, all kept in the URL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import streamlit as st

from tomoni.catalog.schema import App, Catalog
from tomoni.review.model import NamedPeriod
from tomoni.slo.named_periods import named_period
from tomoni.snapshots.record.listing import ListedSnapshot, Selection, in_period
from tomoni.ui.blocks import number_table, remark, title
from tomoni.ui.choice import on_choice
from tomoni.ui.context import Context
from tomoni.ui.escape import html
from tomoni.ui.freezing import short
from tomoni.ui.links import page_link
from tomoni.ui.url_state import View, apply_choice, change_view, params
from tomoni.words import exports, periods, states, years
from tomoni.words.text import Text

ON_A_PAGE = 25
CLOSED = {"snapshot": None, "other": None}  # the view without an open snapshot


def draw_list(context: Context, app: App | None) -> None:
    """Draw the snapshots of an app, or of all, the newest first, each with links that open and compare it."""
    text, saved = context.text, context.tomoni.snapshots
    catalog, during, id_ = context.tomoni.catalog, context.view.during, app.id if app else None
    selection = Selection(id_) if during is None else in_period(during, catalog, id_)
    page = saved.page(selection, context.view.page, ON_A_PAGE)
    title(text._("Snapshots"), _count(page.total, page.number, page.pages, text))
    _filters(context, app, _months(saved.moments(id_), catalog))
    if context.view.page > page.pages:
        remark(text._("There is no page %(page)s; this is the last one.") % {"page": context.view.page})
    if not page.total:
        remark(text._("No snapshots match.") if during or app else text._("There are no snapshots yet."))
        return
    _ = text._
    heads = (_("Snapshot"), _("Period"), _("SLOs"), _("Made"), _("Size"), _("Changes"))
    rows = [_row(context, each, saved.before(each), _text_of(context, each)) for each in page.entries]
    st.html(number_table(heads, rows, len(heads), "tm-snapshots"))
    _turning(page.number, page.pages)


def _count(total: int, number: int, pages: int, text: Text) -> str:
    if pages == 1:
        return ""
    count = text.n_("%(n)s snapshot", "%(n)s snapshots", total) % {"n": text.number(total, 0)}
    return text.listed([count, text._("page %(page)s of %(pages)s") % {"page": number, "pages": pages}])


def _months(moments: Iterable[tuple[str, int]], catalog: Catalog) -> list[str]:
    """The months that snapshots are of by the clocks of their apps, the newest first; a month's last moment is
    the next one's first."""
    zones = {app.id: ZoneInfo(app.timezone) for app in catalog.apps}
    other = ZoneInfo(catalog.settings.timezone)
    days = (datetime.fromtimestamp(moment - 1, UTC).astimezone(zones.get(app, other)) for app, moment in moments)
    return sorted({day.strftime("%Y-%m") for day in days}, reverse=True)


def _filters(context: Context, app: App | None, months: list[str]) -> None:
    text, view = context.text, context.view
    apps = {each.id: each.title(text.language) or each.id for each in context.tomoni.catalog.apps}
    choices = months if view.during is None or view.during in months else [view.during, *months]
    keys = f"list-app-{text.language}", f"list-during-{text.language}"
    st.session_state[keys[0]], st.session_state[keys[1]] = app.id if app else None, view.during
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="list-filters"):
        st.selectbox(
            text._("App"),
            list(apps),
            key=keys[0],
            format_func=lambda code: apps[code],
            placeholder=text._("All apps"),
            label_visibility="collapsed",
            **on_choice(keys[0], _narrow, *keys),
            width=260,
        )
        st.selectbox(
            text._("Period"),
            choices,
            key=keys[1],
            format_func=lambda name: _called(name, context),
            placeholder=text._("All periods"),
            label_visibility="collapsed",
            **on_choice(keys[1], _narrow, *keys),
            width=220,
        )


def _called(name: str, context: Context) -> str:
    found = named_period(name, context.text.zone, context.tomoni.catalog.settings.first_month)
    return periods.title(NamedPeriod(name, found.start, found.end), context.text)


def _narrow(app_key: str, during_key: str) -> None:
    change_view(app=st.session_state[app_key], during=st.session_state[during_key], page=1, **CLOSED)


def _turning(number: int, pages: int) -> None:
    if pages > 1:
        key = f"list-page-{number}"  # a pagination takes its page as a default, which is fixed by its key
        st.pagination(pages, default=number, key=key, **on_choice(key, apply_choice, "page", key))


def _row(context: Context, each: ListedSnapshot, before: ListedSnapshot | None, text: Text) -> list[str]:
    here = replace(context.view, app=each.app, snapshot=short(each.hash), other=None, page=1, during=None)
    counts = text.listed([f"{states.label(state, text)} {n}" for state, n in each.states.items()])
    compared = ""
    if before is not None:
        compared = _link(replace(here, other=short(before.hash)), text._("compare with the one before"))
    notes = f"<div class='tm-small tm-muted tm-notes'>{html(each.notes)}</div>" if each.notes else ""
    if each.trouble is not None:
        said = exports.trouble(each.trouble.code, each.trouble.facts, each.trouble.detail, text)
        notes = f"<div class='tm-small tm-notes'>{html(said)}</div>" + notes
    return [
        _link(here, list_title(each, text)) + _tags(context, each, text) + notes,
        html(text.span(each.start, each.as_of)),
        html(counts),
        html(text.moment(each.made_at)),
        html(text.quantity(each.size, "bytes")),
        compared,
    ]


def _tags(context: Context, each: ListedSnapshot, text: Text) -> str:
    """Whether a review closed with it, which leads there, and whether it is pinned, as HTML."""
    tags, pinned = "", html(text._("pinned"))
    if each.meeting:
        there = View(app=each.app, meeting=each.meeting, step="close", lang=context.view.lang)
        link = page_link("review", there, text._("review"))
        tags += f" <span class='tm-tag'>{link}</span>"
    if each.workshop:
        tried = html(text._("workshop"))
        tags += f" <span class='tm-tag'>{tried}</span>"
    if each.year:
        tags += f" <span class='tm-tag'>{html(years.title(each.year, text))}</span>"
    return tags + (f" <span class='tm-tag'>{pinned}</span>" if each.pinned else "")


def _text_of(context: Context, each: ListedSnapshot) -> Text:
    """The reader's language by the clocks of the snapshot's app, where that is still there."""
    app = context.tomoni.catalog.app(each.app)
    return context.text_of(app) if app else context.text


def list_title(each: ListedSnapshot, text: Text) -> str:
    """A snapshot by its app and period: "Checkout, 28 Oct – 24 Nov 2026"."""
    period = periods.of_snapshot(each.period, each.start, each.as_of, text)
    return text.listed([each.title(text.language) or each.app, period])


def _link(view: View, words: str) -> str:
    return f"<a href='?{html(urlencode(params(view)))}' target='_self'>{html(words)}</a>"
