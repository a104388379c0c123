"""The forms in which users say what to ask a source: one frozen model a form.

A form is chosen by its keys, not by the kind of its source; each kind names the forms it can
answer (`data_sources.kinds`). Unknown keys are refused here and named by `catalog`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from data_sources.durations import parse_duration

Text = Annotated[str, Field(min_length=1)]


class Form(BaseModel):
    """What all forms share: frozen, exact keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Expression(Form):
    """A full PromQL expression; ``$window`` stands for the bucket."""

    expr: Text


class Ratio(Form):
    """Counts of all and of good or bad events.

    A plain text is a counter selector (Prometheus) or a filter (Cloud Monitoring).
    """

    total: Text | Expression
    good: Text | Expression | None = None
    bad: Text | Expression | None = None


def _seconds(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


class Histogram(Form):
    """Events of a classic Prometheus histogram at or under a threshold: ``under`` in seconds."""

    histogram: Text
    under: Annotated[float, BeforeValidator(_seconds), Field(gt=0)]


class Gauge(Form):
    """Each bucket is one event, good when its mean meets ``good_when`` (such as ``>= 1``)."""

    gauge: Text
    good_when: Annotated[str, Field(pattern=r"^\s*(>=|<=|>|<|==|!=)\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$")]


def _ordered(value: tuple[float, float]) -> tuple[float, float]:
    if not value[0] < value[1]:
        raise ValueError("the range begins below its end")
    return value


class Distribution(Form):
    """Events of a Cloud Monitoring distribution under a threshold, or in a range of its unit."""

    distribution: Text
    under: Text | float | None = None
    range: Annotated[tuple[float, float], AfterValidator(_ordered)] | None = None


class NativeSlo(Form):
    """An SLO kept in Cloud Monitoring: ``projects/P/services/S/serviceLevelObjectives/O``."""

    slo: Annotated[str, Field(pattern=r"^projects/[^/]+/services/[^/]+/serviceLevelObjectives/[^/]+$")]


class Counts(Form):
    """Ready counts: a file's name (files) or a series' name (demo)."""

    counts: Text


SliQuery = Ratio | Histogram | Gauge | Distribution | NativeSlo | Counts
# The key that tells a form from the others, in the order in which they are looked for.
SLI_FORMS: dict[str, type[Form]] = {
    "histogram": Histogram,
    "distribution": Distribution,
    "gauge": Gauge,
    "slo": NativeSlo,
    "counts": Counts,
    "total": Ratio,
}


class CloudSignal(Form):
    """One line of a Cloud Monitoring metric: filter, aligner, reducer and grouping."""

    filter: Text
    aligner: Text = "ALIGN_MEAN"
    reducer: Text = "REDUCE_MEAN"
    group_by: tuple[str, ...] = ()


class FileSignal(Form):
    """One column of a file."""

    file: Text
    value: Text


class TextSignal(Form):
    """A PromQL expression, or the name of a demo series."""

    query: Text


SignalQuery = TextSignal | CloudSignal | FileSignal
Query = SliQuery | SignalQuery
Column = Literal["good", "total", "absent", "value", "good_low", "good_high"]
