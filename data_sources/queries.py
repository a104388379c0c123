"""The forms in which users write a query for a source: one frozen model for each form.

A form is chosen by its keys, not by the kind of its source; each kind names the forms that it can
answer (`data_sources.config.Kind`). Forms that only one kind answers live with that kind. The name
of a form's class is part of the name under which the ledger keeps its series: it never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag
from pydantic.config import JsonDict

from data_sources.written import KeyFault, Written, named

Text = Annotated[str, Field(min_length=1)]
# In the schemas of editors: exactly two of the three parts.
_TWO_OF_THREE: JsonDict = {
    "oneOf": [{"required": ["total", "good"]}, {"required": ["total", "bad"]}, {"required": ["good", "bad"]}]
}
Column = Literal["good", "total", "absent", "value", "good_low", "good_high"]


class Form(Written):
    """What all forms share. ``KEY`` is the key that identifies the form."""

    KEY: ClassVar[str]
    model_config = ConfigDict(populate_by_name=True)


class SliForm(Form):
    """A form whose answer counts events. ``MEASURES_SPEED``: good events are those that were fast."""

    MEASURES_SPEED: ClassVar[bool] = False
    LEVEL: ClassVar[str] = "sli"

    @property
    def native_slo(self) -> str | None:
        """The name of the SLO that the source keeps itself, where the form names one."""
        return None


class SignalForm(Form):
    """A form whose answer is the mean of a metric in each bucket."""


Query = Form  # an instance of a form is one query


class Expression(Written):
    """A full PromQL expression; ``$window`` stands for the bucket."""

    expr: Text = Field(description="Full PromQL; $window is the bucket.")


class Ratio(SliForm):
    """Counts of events: all and the good or bad ones, or the good and the bad ones.

    A plain text is a counter selector (Prometheus) or a filter (Cloud Monitoring).
    """

    KEY: ClassVar[str] = "total"
    PARTS: ClassVar[tuple[str, ...]] = ("total", "good", "bad")
    model_config = ConfigDict(json_schema_extra=_TWO_OF_THREE)

    total: Text | Expression | None = Field(
        default=None,
        description="All events: a counter selector, a Cloud Monitoring filter, or {expr: full PromQL}; "
        "without it they are the good and the bad ones together.",
    )
    good: Text | Expression | None = Field(
        default=None, description="The good events, written like total; or bad instead."
    )
    bad: Text | Expression | None = Field(
        default=None, description="The bad events, written like total; or good instead."
    )

    @property
    def parts(self) -> dict[str, str | Expression]:
        """What is written, by role: two of total, good and bad."""
        return {role: part for role in self.PARTS if (part := getattr(self, role)) is not None}

    def faults(self) -> Iterator[KeyFault]:
        """Exactly two of total, good and bad are written."""
        yield from _faults_of_parts(self.parts)


def _faults_of_parts(parts: Mapping[str, object]) -> Iterator[KeyFault]:
    """Two parts are written, from which the third follows."""
    if len(parts) == 3:
        yield KeyFault(("bad",), "good_and_bad", at_key=True)
    elif len(parts) == 2:
        (first, one), (second, other) = parts.items()
        if one == other:
            yield KeyFault((second,), "same_parts", {"key": first, "other": second})
    elif "total" not in parts:
        yield KeyFault(("total",), "missing_key", {"key": "total"}, at_key=True)
    else:
        yield KeyFault((), "good_or_bad_missing")


class Rates(Written):
    """Recorded rates, in events per second."""

    PARTS: ClassVar[tuple[str, ...]] = Ratio.PARTS
    model_config = ConfigDict(json_schema_extra=_TWO_OF_THREE)

    total: Text | None = Field(
        default=None,
        description="All events per second: a PromQL expression; without it they are the good and the bad "
        "ones together.",
    )
    good: Text | None = Field(default=None, description="The good events per second; or bad instead.")
    bad: Text | None = Field(default=None, description="The bad events per second; or good instead.")

    @property
    def parts(self) -> dict[str, str]:
        """What is written, by role: two of total, good and bad."""
        return {role: part for role in self.PARTS if (part := getattr(self, role)) is not None}


class RecordedRate(SliForm):
    """Events from recorded rates: the mean rate of each bucket times its length."""

    KEY: ClassVar[str] = "rate"

    rate: Rates = Field(description="The recorded rates, in events per second.")

    def faults(self) -> Iterator[KeyFault]:
        """Exactly two of total, good and bad are written."""
        for fault in _faults_of_parts(self.rate.parts):
            yield KeyFault(("rate", *fault.path), fault.code, fault.facts, fault.at_key)


class Weight(Written):
    """The events that a recorded ratio is the share of: a full expression, or a recorded rate."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["expr"]}, {"required": ["rate"]}]})

    expr: Text | None = Field(
        default=None, description="Full PromQL for the events of a bucket; $window is the bucket."
    )
    rate: Text | None = Field(default=None, description="A recorded rate, in events per second; or expr instead.")


class Shares(Written):
    """A recorded ratio, from 0 to 1, and the events that it is the share of."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["error"]}, {"required": ["success"]}]})

    error: Text | None = Field(default=None, description="The share of bad events, from 0 to 1: a PromQL expression.")
    success: Text | None = Field(default=None, description="The share of good events, from 0 to 1; or error instead.")
    weight: (
        Annotated[
            Annotated[Text, Tag("text")] | Annotated[Weight, Tag("mapping")],
            Discriminator(lambda written: "mapping" if isinstance(written, dict | Weight) else "text"),
        ]
        | None
    ) = Field(
        default=None,
        description="How many events it is the share of: a counter selector, {expr: full PromQL}, or {rate: a "
        "recorded rate}; without it each bucket counts the same.",
    )


class RecordedRatio(SliForm):
    """Events from a recorded ratio: its mean in each bucket, weighted where a weight is written."""

    KEY: ClassVar[str] = "ratio"

    ratio: Shares = Field(description="The recorded ratio, and what weighs its buckets.")

    def faults(self) -> Iterator[KeyFault]:
        """Exactly one of error and success is written, and one of expr and rate in a weight."""
        written = self.ratio
        if written.error is not None and written.success is not None:
            yield KeyFault(("ratio", "success"), "error_and_success", at_key=True)
        if written.error is None and written.success is None:
            yield KeyFault(("ratio", "error"), "missing_key", {"key": "error"}, at_key=True)
        weight = written.weight
        if isinstance(weight, Weight) and (weight.expr is None) == (weight.rate is None):
            yield KeyFault(("ratio", "weight"), "weight_form")


class Gauge(SliForm):
    """Each bucket is one event, good when its mean meets ``good_when`` (such as ``>= 1``)."""

    KEY: ClassVar[str] = "gauge"

    gauge: Text = Field(description="A PromQL expression or a Cloud Monitoring filter; each bucket is one event.")
    good_when: Annotated[
        str,
        Field(pattern=r"^\s*(>=|<=|>|<|==|!=)\s*-?\d+(\.\d+)?([eE][+-]?\d+)?\s*$"),
        named("bad_good_when"),
    ] = Field(description="The condition on the bucket's mean: '>= 1', '< 0.8'.")


class Counts(SliForm):
    """Ready counts: a file's name (files) or a series' name (demo); of a file the columns, where they have other names
    than good, bad and total."""

    KEY: ClassVar[str] = "counts"
    PARTS: ClassVar[tuple[str, ...]] = Ratio.PARTS

    counts: Text = Field(description="A file of the source's folder, or the name of a demo series.")
    total: Text | None = Field(default=None, description="The file's column with all events, where it is not total.")
    good: Text | None = Field(default=None, description="The file's column with the good events, where it is not good.")
    bad: Text | None = Field(default=None, description="The file's column with the bad events, where it is not bad.")

    @property
    def parts(self) -> dict[str, str]:
        """The columns that are written, by role: none, or two of total, good and bad."""
        return {role: part for role in self.PARTS if (part := getattr(self, role)) is not None}

    def faults(self) -> Iterator[KeyFault]:
        """No column is named, or exactly two of total, good and bad."""
        if self.parts:
            yield from _faults_of_parts(self.parts)


class TextSignal(SignalForm):
    """A PromQL expression, or the name of a demo series: written as a plain text, without keys."""

    KEY: ClassVar[str] = "text"

    query: Text
