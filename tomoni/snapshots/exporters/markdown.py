"""A document as Markdown, to paste into a wiki or a ticket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tomoni.snapshots.document.model import (
    Block,
    Cards,
    Cell,
    Document,
    Facts,
    Figure,
    Listing,
    Multiples,
    Paragraph,
    Prose,
    Query,
    Section,
    Table,
)
from tomoni.snapshots.document.prose import LineKind, ProseLine, Run, lines_of
from tomoni.snapshots.exporters.html.blocks import web_address
from tomoni.snapshots.record.manifest import with_content

# A parenthesis alone is a plain sign, and reads better without a backslash where a chat shows Markdown as it is.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#!|~$&]|(?<=\])\()")
_LINE_START = re.compile(r"^()([-+=](?=[-+=\s]|$)|\d+[.)](?=\s|$))")
_OPENS, _CLOSES = "<!-- tomoni ", " -->\n"
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')  # in JSON
_TICKS = re.compile(r"`+")


def as_markdown(document: Document, manifest: Mapping[str, Any]) -> str:
    """The document; figures are given by their titles and what they show. Ends with the manifest in a comment."""
    before = to_paste(document) + "\n" + _OPENS
    return before + _json(with_content(dict(manifest), before + _CLOSES)) + _CLOSES


def to_paste(document: Document) -> str:
    """The same without the manifest, which a chat would show."""
    lines = [f"# {escaped(document.title)}", "", escaped(document.lead), ""]
    for n, section in enumerate(document.sections):
        lines += _section(section, first=n == 0)
    return "\n".join([*lines, "---", "", escaped(" · ".join(document.marks)), ""])


def escaped(text: str) -> str:
    """A text on one line in which nothing is emphasis, link, code, HTML, a table or a list."""
    plain = " ".join(str(text).split())
    return _LINE_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", _SIGNS.sub(r"\\\1", plain))


def _section(section: Section, first: bool) -> Iterable[str]:
    yield f"## {escaped(section.title)}"
    yield ""
    for part in section.parts:
        if part.title:
            yield from (f"### {escaped(part.title)}", "")
        if part.message:
            yield from (f"**{escaped(part.message)}**" if first else escaped(part.message), "")
        for block in part.blocks:
            yield from _WAYS[type(block)](block)


def _paragraph(block: Paragraph) -> Iterable[str]:
    return [*(escaped(line) + "  " for line in block.text.split("\n")), ""]


def _prose(block: Prose) -> Iterable[str]:
    """Written again from what it says: its lists, emphasis, links and code, and nothing that it might hide."""
    before = None
    for line in lines_of(block.source):
        if before is not None and not (line.kind is before is LineKind.ITEM):
            yield ""
        before = line.kind
        if line.kind is LineKind.CODE:
            yield from _fenced(line.plain)
        else:
            yield "  " * line.depth + _prose_line(line)
    yield ""


def _prose_line(line: ProseLine) -> str:
    said = "".join(_run(run) for run in line.runs).strip()
    if line.kind is LineKind.HEADING:
        return f"**{said}**" if not any(run.strong for run in line.runs) else said
    return f"{line.mark} {said}" if line.kind is LineKind.ITEM else said


def _run(run: Run) -> str:
    """A run with the spaces at its ends outside of its signs, where Markdown wants them."""
    said = escaped(run.text)
    if run.strong and said:
        said = f"**{said}**"
    target = _target(run.url)
    said = f"[{said}](<{target}>)" if target and said else said
    ends = " " * run.text[:1].isspace(), " " * run.text[-1:].isspace()
    return f"{ends[0]}{said}{ends[1]}" if said else ends[0]


def _listing(block: Listing) -> Iterable[str]:
    return [*(f"- {escaped(item)}" for item in block.items), ""]


def _cards(block: Cards) -> Iterable[str]:
    for card in block.cards:
        facts = [f"{card.main.shown} {card.main_label}", f"{card.side.shown} ({card.side_label})", *card.notes]
        name = f"{card.subtitle} / {card.title}"
        yield f"- {escaped(card.word)} **{escaped(name)}**: {escaped(', '.join(facts))}"
    yield ""


def _table(block: Table) -> Iterable[str]:
    yield _row([column.title for column in block.columns])
    yield "|" + "|".join("---:" if column.numeric else "---" for column in block.columns) + "|"
    for row in block.rows:
        yield _row(_shown(row))
    if block.total:
        yield _row([f"**{escaped(text)}**" if text else "" for text in _shown(block.total)], ready=True)
    yield ""


def _facts(block: Facts) -> Iterable[str]:
    yield from ("| | |", "|---|---|")
    for name, cell in block.rows:
        yield _row([name, cell.shown])
    yield ""


def _shown(row: Sequence[Cell]) -> list[str]:
    return [cell.shown for cell in row]


def _row(cells: Sequence[str], ready: bool = False) -> str:
    return "| " + " | ".join(cells if ready else [escaped(cell.replace("\n", " / ")) for cell in cells]) + " |"


def _query(block: Query) -> Iterable[str]:
    target = _target(block.url)
    yield f"[{escaped(block.role)}](<{target}>)" if target else escaped(block.role)
    yield from ("", *_fenced(block.text), "")


def _target(url: str) -> str:
    """An address as it may stand in a link, empty for one that is not of the web."""
    address = web_address(url) if url else None
    for sign, code in (("(", "%28"), (")", "%29"), (" ", "%20"), ("<", "%3C"), (">", "%3E")):
        address = address and address.replace(sign, code)
    return address or ""


def _fenced(content: str) -> Iterable[str]:
    """A fence longer than any run of ticks inside, so that the content cannot end it."""
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(content)), default=0))
    return fence, content, fence


def _figure(block: Figure) -> Iterable[str]:
    return [f"*{escaped(block.title)}*: {escaped(block.alt)}", ""]


def _multiples(block: Multiples) -> Iterable[str]:
    days = [day for day, _ in block.panels[0].points] if block.panels else []
    yield _row(["SLO", *days])
    yield "|---" + "|---:" * len(days) + "|"
    for panel in block.panels:
        yield _row([panel.title, *(cell.shown for _, cell in panel.points)])
    yield ""


def _json(manifest: Mapping[str, Any]) -> str:
    """The manifest as it may stand in a comment, which two hyphens would end."""
    shown = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Only in texts: JSON knows no escapes in numbers, whose single minus ends nothing.
    return _TEXT.sub(lambda text: text[0].replace("-", "\\u002d").replace(">", "\\u003e"), shown)


_WAYS: Mapping[type[Block], Callable[[Any], Iterable[str]]] = {
    Paragraph: _paragraph,
    Prose: _prose,
    Listing: _listing,
    Cards: _cards,
    Table: _table,
    Facts: _facts,
    Query: _query,
    Figure: _figure,
    Multiples: _multiples,
}
