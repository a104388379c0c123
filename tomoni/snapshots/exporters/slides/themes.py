"""The theme of a presentation: its colours and fonts, read and set in its XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.oxml import serialize_part_xml
from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from tomoni.charts.theme import DARK, LIGHT, Theme
from tomoni.snapshots.exporters.slides.colors import blend, contrast, luminance

LATIN, JAPANESE, JAPANESE_ON_A_MAC = "Arial", "Yu Gothic", "Hiragino Sans"
ACCENTS = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_2,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4,
    MSO_THEME_COLOR.ACCENT_5,
    MSO_THEME_COLOR.ACCENT_6,
)
_DARK_BELOW = 0.3  # luminance
_LEAST_CONTRAST = 3.0  # of a line on its ground
_NAMES = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")


@contextmanager
def _edited(part: Any) -> Iterator[Any]:  # noqa: ANN401 - python-pptx is not typed
    """The XML of a theme part to be changed: that of notes is kept parsed, others are bytes."""
    if isinstance(part, XmlPart):
        yield part._element
    else:
        root = parse_xml(part.blob)
        yield root
        part._blob = serialize_part_xml(root)


def _parts(holder: Any) -> Iterator[Any]:  # noqa: ANN401
    """The theme parts that a master or notes master has."""
    for relation in holder.part.rels.values():
        if relation.reltype.endswith("/theme") and not relation.is_external:
            yield relation.target_part


def write_theme(master: Any, theme: Theme) -> None:  # noqa: ANN401
    """Gives a master our colours and fonts."""
    codes = (theme.text, theme.panel, theme.muted, theme.ground, *theme.categorical[:6], theme.accent, theme.muted)
    for part in _parts(master):
        with _edited(part) as root:
            for name, code in zip(_NAMES, codes, strict=True):
                place = root.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
                place[:] = [place.makeelement(qn("a:srgbClr"), {"val": code.lstrip("#").upper()})]
            for latin in root.iterfind(f".//{qn('a:fontScheme')}/*/{qn('a:latin')}"):
                latin.set("typeface", LATIN)


def name_japanese_font(holder: Any) -> None:  # noqa: ANN401
    """Names a Japanese font in the theme of a master that has none: all texts and charts follow the theme."""
    for part in _parts(holder):
        with _edited(part) as root:
            for fonts in root.iterfind(f".//{qn('a:fontScheme')}/*"):
                _name_japanese(fonts)


def _name_japanese(fonts: Any) -> None:  # noqa: ANN401
    asian = fonts.find(qn("a:ea"))
    if asian is not None and not asian.get("typeface"):
        asian.set("typeface", JAPANESE)
        for script in fonts.iterfind(qn("a:font")):
            if script.get("script") == "Jpan":
                script.set("typeface", JAPANESE_ON_A_MAC)


def read_theme(master: Any, layout: Any) -> tuple[Theme, Mapping[str, MSO_THEME_COLOR]]:  # noqa: ANN401
    """The colours of a template, as a theme and by their names in it. States keep our colours."""
    codes, mapped = _codes(master), master._element.find(qn("p:clrMap")).attrib
    text, ground = codes[mapped["tx1"]], codes[mapped["bg1"]]
    behind = _background(layout, codes, mapped) or _background(master, codes, mapped) or ground
    base = DARK if luminance(behind) < _DARK_BELOW else LIGHT
    found = {codes[mapped[f"accent{n}"]]: name for n, name in enumerate(ACCENTS, 1)}
    accents = {code: name for code, name in found.items() if contrast(code, behind) >= _LEAST_CONTRAST}
    colors = (*accents, *base.categorical)[:10]
    theme = Theme(
        name=base.name,
        ground=blend(text, behind, 0.04),
        panel=behind,
        border=blend(text, behind, 0.18),
        text=text,
        muted=blend(text, behind, 0.72),
        grid=blend(text, behind, 0.1),
        accent=colors[0],
        categorical=colors,
        states=base.states,
        burn=base.burn,
        burn_text=base.burn_text,
    )
    return theme, {text: MSO_THEME_COLOR.TEXT_1, ground: MSO_THEME_COLOR.BACKGROUND_1, **accents}


def own_names(theme: Theme) -> Mapping[str, MSO_THEME_COLOR]:
    """The colours of our own theme by their names in the presentations that `write_theme` gave them to."""
    named = {theme.ground: MSO_THEME_COLOR.BACKGROUND_2, theme.muted: MSO_THEME_COLOR.TEXT_2}
    named |= {theme.panel: MSO_THEME_COLOR.BACKGROUND_1, theme.text: MSO_THEME_COLOR.TEXT_1}
    return named | dict(zip(theme.categorical[:6], ACCENTS, strict=True))


def _codes(master: Any) -> dict[str, str]:  # noqa: ANN401
    """The colours of a theme by their names, #rrggbb. Raises AttributeError, ValueError or LookupError for a
    master without a whole theme."""
    (part,) = _parts(master)
    root = parse_xml(part.blob)
    codes = {}
    for name in _NAMES:
        place = root.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
        codes[name] = "#" + (place[0].get("lastClr") or place[0].get("val")).lower()
    return codes


def _background(sheet: Any, codes: Mapping[str, str], mapped: Mapping[str, str]) -> str | None:  # noqa: ANN401
    """The one colour behind a master or layout, where it has one."""
    place = sheet._element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
    if place is None:
        return None
    for color in place.iter(qn("a:srgbClr")):
        return "#" + str(color.get("val")).lower()
    for color in place.iter(qn("a:schemeClr")):
        name = color.get("val")
        return codes.get(str(mapped.get(name, name)))
    return None
