"""Reading the query of an SLO or a signal: exactly one form, which the source's kind can answer.

The forms and what each kind can do are found in `data_sources.kinds`; nothing here knows one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from data_sources import kinds
from data_sources.queries import Expression, Form, Ratio, SignalForm, SliForm, TextSignal
from data_sources.written import KeyFault
from tomoni.catalog.codes import WARNINGS, Code, listed, nearest
from tomoni.catalog.document import Document, Fault, Place
from tomoni.catalog.mapping import facts_of_unknown_key, validated_meaning
from tomoni.catalog.secrets import short
from tomoni.catalog.sources import SourceTable

F = TypeVar("F", bound=Form)


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


def read_sli(document: Document, place: Place, sources: SourceTable) -> tuple[str, SliForm] | None:
    """The source and the query at a place of the key ``sli``; None when something is wrong."""
    written = document.at(place)
    if not isinstance(written, dict):
        document.note(place, Code.WRONG_TYPE, expected="mapping")
        return None
    source = known_source(document, (*place, "source"), sources)
    name = _form_name(document, place, written)
    form = _read_form(document, place, kinds.sli_forms()[name], written) if name else None
    if form is None or source is None:
        return None
    fits = note_faults(document, place, form.faults())
    target = _Target(source, sources.kinds.get(source, ""), kinds.sli_forms())
    return (source, form) if fits and target.answers(document, place, form, (name,)) else None


def _form_name(document: Document, place: Place, written: Mapping[str, Any]) -> str:
    forms = kinds.sli_forms()
    found = [name for name in forms if written.get(name) is not None]
    # `total` is the key of counters, and a part of ready counts.
    names = [name for name in found if not any(name in forms[other].model_fields for other in found if other != name)]
    if len(names) == 1:
        return names[0]
    if names:
        document.note_key((*place, names[1]), Code.SEVERAL_SLI_FORMS, forms=listed(names))
    elif _note_misspelt(document, place, written):
        return ""
    elif all(written.get(part) is not None for part in ("good", "bad")):
        return Ratio.KEY
    elif any(written.get(part) is not None for part in ("good", "bad")):
        document.note_key((*place, "total"), Code.MISSING_KEY, key="total")
    else:
        document.note(place, Code.NO_SLI_FORM, known=listed(forms))
    return ""


def _note_misspelt(document: Document, place: Place, written: Mapping[str, Any]) -> bool:
    """Notes the keys that no form has; True when one of them is nearly a key that was meant."""
    known = sorted({"source"}.union(*(form.model_fields for form in kinds.sli_forms().values())))
    facts = [facts_of_unknown_key(key, known, SliForm.LEVEL) for key in written if key not in known]
    for each in facts:
        document.note_key((*place, str(each["key"])), Code.UNKNOWN_KEY, **each)
    return any(each["nearest"] for each in facts)


def _read_form(document: Document, place: Place, model: type[F], written: Mapping[str, Any]) -> F | None:
    data: dict[str, Any] = {key: value for key, value in written.items() if key != "source"}
    before = len(document.faults)
    if issubclass(model, Ratio):
        for key in Ratio.PARTS:
            if isinstance(data.get(key), dict):
                data[key] = _expression(document, (*place, key), data[key])
    form, faults = validated_meaning(model, data, place)
    document.faults.extend(_with_source(fault, len(place)) for fault in faults)
    already_broken = any(fault.place[: len(place)] == place for fault in document.faults[:before])
    return None if len(document.faults) > before or already_broken else form


def _expression(document: Document, place: Place, written: Mapping[str, Any]) -> Expression:
    """The expression at a place; a stand-in when it has faults, so that the others are seen too."""
    expression, faults = validated_meaning(Expression, written, place)
    document.faults.extend(faults)
    return expression or Expression(expr="?")


def _with_source(fault: Fault, depth: int) -> Fault:
    """A fault of an unknown key beside ``source``, which is known there too."""
    if fault.code is not Code.UNKNOWN_KEY or len(fault.place) != depth + 1 or fault.place[-2:-1] != ("sli",):
        return fault
    key = str(fault.place[-1])
    known = sorted(["source", *str(fault.facts["known"]).split(", ")])
    return replace(fault, facts=facts_of_unknown_key(key, known, SliForm.LEVEL))


def note_faults(document: Document, place: Place, faults: Iterable[KeyFault]) -> bool:
    """Notes what a model found about its keys; False when one of the faults is an error."""
    found = [Fault((*place, *fault.path), Code(fault.code), fault.facts, at_key=fault.at_key) for fault in faults]
    document.faults.extend(found)
    return all(fault.code in WARNINGS for fault in found)


@dataclass(frozen=True, slots=True)
class _Target:
    """A source with its kind (empty where unknown), and the forms that are in question."""

    source: str
    kind: str
    forms: Mapping[str, type[Form]]

    def answers(self, document: Document, place: Place, form: Form, path: tuple[str, ...]) -> bool:
        """Whether the source's kind can answer a form; of an unknown kind nothing is reported.

        ``path`` is the key that identifies the form.
        """
        if not self.kind:
            return True
        kind = kinds.KINDS[self.kind]
        if type(form) not in self._answered():
            self._refuse(document, (*place, *path), form.KEY)
            return False
        if isinstance(form, Ratio) and not kind.expressions and (parts := _expressions(form)):
            for key in parts:
                self._refuse(document, (*place, key, "expr"), "expr", at_key=True)
            return False
        return note_faults(document, place, kind.faults_of(form))

    def _answered(self) -> tuple[type[Form], ...]:
        kind = kinds.KINDS[self.kind]
        return (*kind.sli_forms, *kind.signal_forms)

    def _refuse(self, document: Document, place: Place, form: str, at_key: bool = False) -> None:
        known = listed(name for name, model in self.forms.items() if model in self._answered())
        facts = {"form": form, "source": self.source, "kind": self.kind, "known": known}
        document.faults.append(Fault(place, Code.FORM_NOT_ANSWERED, facts, at_key=at_key))


def _expressions(ratio: Ratio) -> list[str]:
    return [key for key, part in ratio.parts.items() if isinstance(part, Expression)]


def read_signal_query(document: Document, place: Place, source: str, kind: str) -> SignalForm | None:
    """The query at a place of the key ``query`` of an infra signal; None when something is wrong."""
    written = document.at(place)
    query: SignalForm | None
    if isinstance(written, str):
        if not written.strip():
            document.note(place, Code.EMPTY_TEXT)
            return None
        query = TextSignal(query=str(written))
    elif isinstance(written, dict):
        query = _read_form(document, place, _signal_form(written, kind), written)
    else:
        document.note(place, Code.WRONG_TYPE, expected="text")
        return None
    target = _Target(source, kind, kinds.signal_forms())
    if query is None or not note_faults(document, place, query.faults()):
        return None
    return query if target.answers(document, place, query, ()) else None


def _signal_form(written: Mapping[str, Any], kind: str) -> type[SignalForm]:
    """The form whose key is written; where none is, the one that the kind of the source answers."""
    mappings = {name: form for name, form in kinds.signal_forms().items() if form is not TextSignal}
    chosen = next((form for name, form in mappings.items() if written.get(name) is not None), None)
    own = kinds.KINDS[kind].signal_forms if kind else ()
    return chosen or next((form for form in own if form is not TextSignal), next(iter(mappings.values())))
