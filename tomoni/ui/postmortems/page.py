"""One postmortem: read, written in place, with all its versions, and as files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from difflib import ndiff
from functools import partial

import streamlit as st

from tomoni.meetings.errors import MeetingError
from tomoni.meetings.model import Incident, Postmortem
from tomoni.meetings.postmortems import save_body
from tomoni.meetings.records import Record, Revision
from tomoni.ui.blocks import headline, quiet, remark
from tomoni.ui.context import Context
from tomoni.ui.escape import flowing, html
from tomoni.ui.meeting.notes import Target, saving_text
from tomoni.ui.meeting.writing import attempt, refusal
from tomoni.ui.url_state import change_view
from tomoni.words.prose import prose
from tomoni.words.text import Text

_PARTS = ("read", "write", "versions")
_NAME = "postmortem"


def draw_postmortem(context: Context, found: Record[Postmortem]) -> None:
    """Draw a postmortem."""
    text = context.text
    back = text._("All postmortems")
    st.button(back, key="close", type="tertiary", icon=":material/arrow_back:", on_click=_close)
    headline(found.value.title)
    st.html(_facts(context, found))
    names = {"read": text._("Read"), "write": text._("Write"), "versions": text._("Versions")}
    writes = context.may_write(found.value.app)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = st.segmented_control(
            text._("Postmortem"),
            [part for part in _PARTS if writes or part != "write"],
            key=f"{_NAME}-part",
            default="read",
            required=True,
            format_func=names.__getitem__,
            label_visibility="collapsed",
        )
        st.space("stretch")
        _files(found, text)
        if writes:
            _remove(context, found)
    with st.container(key="panel-postmortem"):
        if part == "write" and writes:
            _write(context, found)
        elif part == "versions":
            _versions(context, found)
        else:
            head = html(text._("Text"))
            st.html(f"<div class='tm-prose'><h2 class='tm-unseen'>{head}</h2>{prose(found.value.body, text, 3)}</div>")


def _close() -> None:
    for name in [key for key in st.session_state if str(key).startswith(f"{_NAME}-")]:
        del st.session_state[name]
    change_view(postmortem=None)


def _facts(context: Context, found: Record[Postmortem]) -> str:
    """The app, the incident's time, when it was changed, and its factors."""
    value, text = found.value, context.text
    app = context.tomoni.catalog.app(value.app)
    parts = [app.title(text.language) if app else value.app]
    with suppress(MeetingError):
        if value.incident:
            incident = context.tomoni.meetings.records.read(Incident, value.incident).value
            parts.append(text.span(incident.start, incident.end))
    parts.append(text._("changed on %(moment)s") % {"moment": text.moment(found.changed_at)})
    tags = "".join(f" <span class='tm-tag'>{html(factor)}</span>" for factor in value.factors)
    return f"<p class='tm-sub'>{' · '.join(html(part) for part in parts)}{tags}</p>"


def _files(found: Record[Postmortem], text: Text) -> None:
    value, name = found.value, f"postmortem-{found.value.app}-{found.id[:8]}"
    st.download_button("Markdown", as_markdown(value), f"{name}.md", "text/markdown", on_click="ignore", key="as-md")
    st.download_button("HTML", as_html(value, text), f"{name}.html", "text/html", on_click="ignore", key="as-html")


def as_markdown(value: Postmortem) -> str:
    """A postmortem as a file of its own."""
    factors = "".join(f"- {factor}\n" for factor in value.factors)
    return f"# {value.title}\n\n{factors}{chr(10) if factors else ''}{value.body}"


def as_html(value: Postmortem, text: Text) -> str:
    """A postmortem as a page of its own, with nothing in it that runs or is fetched."""
    factors = "".join(f"<li>{flowing(factor)}</li>" for factor in value.factors)
    return (
        f"<!doctype html><html lang='{html(value.language)}'><head><meta charset='utf-8'>"
        f"<title>{html(value.title)}</title><style>body{{max-width:46rem;margin:2rem auto;padding:0 1rem;"
        "font-family:sans-serif;line-height:1.6;overflow-wrap:anywhere}</style></head>"
        f"<body><h1>{html(value.title)}</h1>{f'<ul>{factors}</ul>' if factors else ''}{prose(value.body, text)}"
        "</body></html>"
    )


def _remove(context: Context, found: Record[Postmortem]) -> None:
    text = context.text
    with st.popover(text._("Remove"), key="remove-postmortem", type="tertiary", icon=":material/delete:"):
        remark(text._("It leaves every list; its revisions stay in the store."))
        st.button(text._("Remove it"), key="remove-it", on_click=_removed, args=(context, found.id))


def _removed(context: Context, id_: str) -> None:
    if attempt(_NAME, lambda: context.tomoni.meetings.records.remove(Postmortem, id_)):
        _close()


def _write(context: Context, found: Record[Postmortem]) -> None:
    """Draw the fields, filled with what is stored, and the text, which is saved while it is typed. What is typed stays
    when somebody else stores another version."""
    text, state = context.text, st.session_state
    # Streamlit forgets what is typed into fields that another part of the page replaces.
    if state.get(f"{_NAME}-of") != found.id or f"{_NAME}-title" not in state:
        state[f"{_NAME}-of"] = found.id
        _fill(found)
    st.text_input(text._("Title"), key=f"{_NAME}-title", max_chars=300, persist_state="session")
    st.text_area(
        text._("Contributing factors, one a line, named as systems"),
        key=f"{_NAME}-factors",
        persist_state="session",
        height=100,
        placeholder=text._("Retries without a limit"),
    )
    newer = (found.value.title, found.value.factors) != state[f"{_NAME}-stored"]
    if newer:
        st.html(
            quiet(text._("Somebody stored another version meanwhile. It is among the versions, whichever you save."))
        )
    with st.container(horizontal=True, gap="small"):
        st.button(text._("Save"), key=f"{_NAME}-save", type="primary", on_click=_save, args=(context, found.id))
        if newer:
            st.button(text._("Take the other version"), key=f"{_NAME}-theirs", on_click=_fill, args=(found,))
    refusal(_NAME, text)
    records = context.tomoni.meetings.records
    target = Target(
        f"{_NAME}/{found.id}",
        text._("Text (Markdown)"),
        lambda: records.read(Postmortem, found.id).value.body,
        partial(save_body, records, found.id),
    )
    with st.container(key="postmortem-text"):
        saving_text(target, text)


def _fill(found: Record[Postmortem]) -> None:
    state, value = st.session_state, found.value
    state[f"{_NAME}-title"], state[f"{_NAME}-factors"] = value.title, "\n".join(value.factors)
    state[f"{_NAME}-stored"] = (value.title, value.factors)


def _save(context: Context, id_: str) -> None:
    state = st.session_state
    factors = list(dict.fromkeys(line.strip() for line in state[f"{_NAME}-factors"].splitlines() if line.strip()))
    fields = {"title": state[f"{_NAME}-title"], "factors": factors}

    def work() -> None:
        _fill(context.tomoni.meetings.records.change(Postmortem, id_, fields))

    attempt(_NAME, work)


def _versions(context: Context, found: Record[Postmortem]) -> None:
    """Draw one version beside what it changed."""
    text = context.text
    history = context.tomoni.meetings.records.history(Postmortem, found.id)
    numbers = [each.number for each in history][::-1]
    by_number = {each.number: each for each in history}
    chosen = st.selectbox(
        text._("Version"),
        numbers,
        key=f"{_NAME}-version",
        format_func=lambda number: f"{number} · {text.moment(by_number[number].at)}",
        width=360,
    )
    before = max((each for each in history if each.number < chosen), key=lambda each: each.number, default=None)
    if before is None:
        remark(text._("The first version."))
        st.html(f"<div class='tm-prose'>{prose(by_number[chosen].value.body, text)}</div>")
        return
    remark(text._("What changed since version %(n)s.") % {"n": before.number})
    lines = "".join(_changed(before, by_number[chosen]))
    st.html(f"<pre class='tm-versions'>{lines}</pre>" if lines else quiet(text._("Nothing.")))


def _changed(before: Revision[Postmortem], after: Revision[Postmortem]) -> Iterator[str]:
    """The lines that differ between two versions, as HTML."""
    old, new = (as_markdown(each.value).splitlines() for each in (before, after))
    for line in ndiff(old, new):
        if line.startswith("- "):
            yield f"<del>{html(line)}</del>\n"
        elif line.startswith("+ "):
            yield f"<ins>{html(line)}</ins>\n"
