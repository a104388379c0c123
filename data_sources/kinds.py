"""The kinds of sources, and all forms that they answer. A new kind is one line here.

A kind's adapter is imported only when a source of it is built, so that the
libraries of kinds that are not in use are never loaded.
"""

from __future__ import annotations

from collections.abc import Iterable

from data_sources.cloud_monitoring.config import CLOUD_MONITORING
from data_sources.config import Kind
from data_sources.demo.config import DEMO
from data_sources.files.config import FILES
from data_sources.prometheus.config import PROMETHEUS
from data_sources.queries import Ratio, SignalForm, SliForm

KINDS: dict[str, Kind] = {
    "prometheus": PROMETHEUS,
    "cloud_monitoring": CLOUD_MONITORING,
    "files": FILES,
    "demo": DEMO,
}


def sli_forms() -> dict[str, type[SliForm]]:
    """The forms of SLIs by the key that identifies each, in the order in which they are looked
    for; the most common one, a ratio, is last."""
    forms = _last_of_each(form for kind in KINDS.values() for form in kind.sli_forms)
    return {form.KEY: form for form in sorted(forms, key=lambda form: form is Ratio)}


def signal_forms() -> dict[str, type[SignalForm]]:
    """The forms of infra signals by the key that identifies each."""
    return {form.KEY: form for kind in KINDS.values() for form in kind.signal_forms}


def _last_of_each(forms: Iterable[type[SliForm]]) -> list[type[SliForm]]:
    """Each form once: where the last kind that answers it names it."""
    return list(dict.fromkeys(reversed(list(forms))))[::-1]
