"""Reading what a source is asked: exactly one form, which the source's kind can answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from data_sources.durations import parse_duration
from data_sources.kinds import KINDS
from data_sources.queries import (
    SLI_FORMS,
    CloudSignal,
    Distribution,
    Expression,
    FileSignal,
    Form,
    Histogram,
    Ratio,
    SignalQuery,
    SliQuery,
    TextSignal,
)
from tomoni.catalog.codes import Code, listed, nearest
from tomoni.catalog.document import Document, Fault, Place
from tomoni.catalog.entries import validated_meaning
from tomoni.catalog.promql import note_promql
from tomoni.catalog.readings import TEN_YEARS, short
from tomoni.catalog.sources import SourceTable

SIGNAL_FORMS: dict[str, type[Form]] = {"text": TextSignal, "filter": CloudSignal, "file": FileSignal}
_FORM_NAMES = {form: name for name, form in (*SLI_FORMS.items(), *SIGNAL_FORMS.items())}
# What a text that is not as it must be is called, by its key.
_TEXT_CODES = {
    "under": Code.BAD_DURATION,
    "range": Code.BAD_RANGE,
    "good_when": Code.BAD_GOOD_WHEN,
    "slo": Code.BAD_SLO_NAME,
}


def known_source(document: Document, place: Place, sources: SourceTable) -> str | None:
    """The source that is named at a place, or None when it is not among the written ones."""
    name = document.at(place)
    if name is None:
        document.note_key(place, Code.MISSING_KEY, key="source")
    elif not isinstance(name, str):
        document.note(place, Code.WRONG_TYPE, expected="text")
    elif sources.readable and name not in sources.kinds:
        known = listed(sources.kinds)
        document.note(place, Code.UNKNOWN_SOURCE, source=short(name), nearest=nearest(name, sources.kinds), known=known)
    else:
        return str(name)
    return None


def read_sli(document: Document, place: Place, sources: SourceTable) -> tuple[str, SliQuery] | None:
    """The source and the query at a place of the key ``sli``; None when something is wrong."""
    written = document.at(place)
    if not isinstance(written, dict):
        document.note(place, Code.WRONG_TYPE, expected="mapping")
        return None
    source = known_source(document, (*place, "source"), sources)
    name = _form_name(document, place, written)
    form = _read_form(document, place, SLI_FORMS[name], written) if name else None
    if form is None or source is None:
        return None
    kind = sources.kinds.get(source, "")
    usable = _fits(document, place, form) and _answered(document, (*place, name), form, source, kind)
    if usable and kind == "prometheus":
        usable = note_promql(document, place, form)
    return (source, cast(SliQuery, form)) if usable else None


def _form_name(document: Document, place: Place, written: Mapping[str, Any]) -> str:
    names = [name for name in SLI_FORMS if name in written]
    if len(names) == 1:
        return names[0]
    if names:
        document.note_key((*place, names[1]), Code.SEVERAL_SLI_FORMS, forms=listed(names))
    elif "good" in written or "bad" in written:
        document.note_key((*place, "total"), Code.MISSING_KEY, key="total")
    else:
        document.note(place, Code.NO_SLI_FORM, known=listed(SLI_FORMS))
    return ""


def _read_form(document: Document, place: Place, model: type[Form], written: Mapping[str, Any]) -> Form | None:
    data: dict[str, Any] = {key: value for key, value in written.items() if key != "source"}
    before = len(document.faults)
    if model is Ratio:
        for key in ("total", "good", "bad"):
            if isinstance(data.get(key), dict):
                data[key] = _expression(document, (*place, key), data[key])
    form, faults = validated_meaning(model, data, place)
    document.faults.extend(_named(fault, len(place), document) for fault in faults)
    spoilt = any(fault.place[: len(place)] == place for fault in document.faults[:before])
    return None if len(document.faults) > before or spoilt else form


def _expression(document: Document, place: Place, written: Mapping[str, Any]) -> Expression:
    """The expression at a place; a stand-in when it has faults, so that the others are seen too."""
    expression, faults = validated_meaning(Expression, written, place)
    document.faults.extend(faults)
    return expression or Expression(expr="?")


def _named(fault: Fault, depth: int, document: Document) -> Fault:
    """A fault of a text, by the name that it has for the key it stands at."""
    key = fault.place[depth] if len(fault.place) > depth else ""
    if fault.code is Code.UNKNOWN_KEY and len(fault.place) == depth + 1 and fault.place[-2:-1] == ("sli",):
        known = sorted(["source", *str(fault.facts["known"]).split(", ")])
        facts = {"key": str(key), "nearest": nearest(str(key), known), "known": listed(known)}
        return replace(fault, facts=facts)
    if key == "range" or (fault.code is Code.BAD_VALUE and key in _TEXT_CODES):
        code = _TEXT_CODES[str(key)]
        place = fault.place[: depth + 1]
        return Fault(place, code, {} if key == "range" else {"written": short(document.at(place))})
    return fault


def _fits(document: Document, place: Place, form: Form) -> bool:
    """What the keys of one form demand of each other."""
    before = len(document.faults)
    if isinstance(form, Ratio):
        if form.good is not None and form.bad is not None:
            document.note_key((*place, "bad"), Code.GOOD_AND_BAD)
        if form.good is None and form.bad is None:
            document.note(place, Code.GOOD_OR_BAD_MISSING)
    if isinstance(form, Histogram) and form.under > TEN_YEARS:
        document.note((*place, "under"), Code.OUT_OF_RANGE, at_most=TEN_YEARS)
    if isinstance(form, Distribution):
        if form.under is not None and form.range is not None:
            document.note_key((*place, "range"), Code.UNDER_AND_RANGE)
        if form.under is None and form.range is None:
            document.note(place, Code.UNDER_OR_RANGE_MISSING)
        if isinstance(form.under, str):
            _note_duration(document, (*place, "under"), form.under)
    return len(document.faults) == before


def _note_duration(document: Document, place: Place, text: str) -> None:
    try:
        parse_duration(text)
    except ValueError:
        document.note(place, Code.BAD_DURATION, written=short(text))


def _answered(document: Document, place: Place, form: Form, source: str, kind: str) -> bool:
    """Whether sources of a kind answer a form; of an unknown kind nothing is said."""
    if not kind:
        return True
    forms = KINDS[kind].sli_forms | KINDS[kind].signal_forms
    same_use = SIGNAL_FORMS if type(form) in SIGNAL_FORMS.values() else SLI_FORMS
    known = listed(name for name, model in same_use.items() if model in forms)
    if type(form) not in forms:
        name = _FORM_NAMES[type(form)]
        document.note(place, Code.FORM_NOT_ANSWERED, form=name, source=source, kind=kind, known=known)
        return False
    if isinstance(form, Ratio) and kind != "prometheus":
        return _without_expressions(document, place[:-1], form, (source, kind, known))
    return True


def _without_expressions(document: Document, place: Place, form: Ratio, facts: Iterable[str]) -> bool:
    source, kind, known = facts
    expressions = [key for key in ("total", "good", "bad") if isinstance(getattr(form, key), Expression)]
    for key in expressions:
        spot = (*place, key, "expr")
        document.note_key(spot, Code.FORM_NOT_ANSWERED, form="expr", source=source, kind=kind, known=known)
    return not expressions


def read_signal_query(document: Document, place: Place, source: str, kind: str) -> SignalQuery | None:
    """The query at a place of the key ``query`` of an infra signal; None when something is wrong."""
    written = document.at(place)
    if isinstance(written, str):
        if not written.strip():
            document.note(place, Code.EMPTY_TEXT)
            return None
        query: Form | None = TextSignal(query=str(written))
    elif isinstance(written, dict):
        query = _read_form(document, place, FileSignal if "file" in written else CloudSignal, written)
    else:
        document.note(place, Code.WRONG_TYPE, expected="text")
        return None
    if query is None or not _answered(document, place, query, source, kind):
        return None
    if kind == "prometheus" and not note_promql(document, place, query):
        return None
    return cast(SignalQuery, query)
