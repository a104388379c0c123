"""Colours of slides: as numbers, and how well they can be told apart."""

from __future__ import annotations

from pptx.dml.color import RGBColor

_LINEAR_BELOW = 0.04045


def rgb(code: str, ground: str) -> RGBColor:
    """A colour, #rrggbb or rgba(); one that is seen through as it looks on its ground."""
    if not code.startswith("rgba("):
        return RGBColor(*bytes.fromhex(code.lstrip("#")))
    *parts, alpha = (float(part) for part in code.removeprefix("rgba(").removesuffix(")").split(","))
    return RGBColor(*_mixed(tuple(parts), _parts(ground), alpha))


def blend(code: str, ground: str, share: float) -> str:
    """A colour thinned by its ground: ``share`` 1 is the colour itself. Both #rrggbb."""
    return "#" + bytes(_mixed(_parts(code), _parts(ground), share)).hex()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2, from 1 to 21. Both #rrggbb."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(code: str) -> float:
    """The relative luminance of #rrggbb by WCAG 2: 0 is black, 1 is white."""
    red, green, blue = (
        part / 12.92 if part <= _LINEAR_BELOW else ((part + 0.055) / 1.055) ** 2.4
        for part in (sign / 255 for sign in _parts(code))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(code: str) -> tuple[float, ...]:
    return tuple(float(part) for part in bytes.fromhex(code.lstrip("#")))


def _mixed(above: tuple[float, ...], below: tuple[float, ...], share: float) -> list[int]:
    return [round(share * part + (1 - share) * under) for part, under in zip(above, below, strict=True)]
