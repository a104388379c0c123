"""What people write in Markdown, as HTML that is safe to show.

Untrusted: HTML in it is shown as text, links lead to http, https and mail alone, and images are left out with
their description in their place. Headings begin below those of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from tomoni.words.text import Text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_CHARACTERS = 200_000
_TOP, _LOWEST = 4, 6
_SCHEMES = frozenset({"http", "https", "mailto"})
_TAGS = frozenset(
    {"p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_ALIGNMENTS = {f"text-align:{side}" for side in ("left", "center", "right")}


def prose(source: str, text: Text, top: int = _TOP) -> str:
    """Markdown as safe HTML, whose highest heading is of the level ``top`` (3 to 6). Of more than `MOST_CHARACTERS`
    the rest is left out, which it says."""
    import nh3  # noqa: PLC0415 - most pages show no prose

    return nh3.clean(
        _reader().render(source[:MOST_CHARACTERS], {"top": top}) + _rest(source, text),
        tags=set(_TAGS),
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        tag_attribute_values={"th": {"style": _ALIGNMENTS}, "td": {"style": _ALIGNMENTS}},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _rest(source: str, text: Text) -> str:
    if len(source) <= MOST_CHARACTERS:
        return ""
    return "<p><em>" + text._("The rest is not shown: this text is too long.") + "</em></p>"


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415

    # A line end is one: notes are typed line by line.
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    reader.add_render_rule("image", _described)
    reader.validateLink = _leads_elsewhere  # type: ignore[method-assign]  # the library's own way
    reader.core.ruler.push("headings", _lower_headings)
    return reader


def _leads_elsewhere(url: str) -> bool:
    """Whether a link is one; any other stays the text that was typed."""
    return url.lower().startswith(("http://", "https://", "mailto:"))


def _described(_reader: object, tokens: Sequence[Token], at: int, options: Any, env: Mapping[str, Any]) -> str:  # noqa: ANN401 - as the library calls it
    from markdown_it.common.utils import escapeHtml  # noqa: PLC0415

    return escapeHtml(tokens[at].content)


def _lower_headings(state: Any) -> None:  # noqa: ANN401 - the library's state
    """Headings of the levels that are used, without a gap between them: an outline that screen readers can follow."""
    top = state.env.get("top", _TOP)
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    used = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(_LOWEST, top + used.index(token.tag))}"


def tokens_of(source: str) -> Sequence[Token]:
    """Markdown as the tokens of its reader, for formats that are no HTML. Of more than `MOST_CHARACTERS` the rest
    is left out."""
    return _reader().parse(source[:MOST_CHARACTERS])
