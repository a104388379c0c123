"""The forms in which users write a query for a source: one frozen model for each form.

A form is chosen by its keys, not by the kind of its source; each kind names the forms that it can
answer (`data_sources.config.Kind`). Forms that only one kind answers live with that kind. The name
of a form's class is part of the name under which the ledger keeps its series: it never changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from data_sources.written import KeyFault, Written, named

Text = Annotated[str, Field(min_length=1)]
Column = Literal["good", "total", "absent", "value", "good_low", "good_high"]


class Form(Written):
    """What all forms share. ``KEY`` is the key that identifies the form."""

    KEY: ClassVar[str]
    model_config = ConfigDict(populate_by_name=True)


class SliForm(Form):
    """A form whose answer counts events. ``MEASURES_SPEED``: good events are those that were fast."""

    MEASURES_SPEED: ClassVar[bool] = False

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
    """Counts of all and of good or bad events.

    A plain text is a counter selector (Prometheus) or a filter (Cloud Monitoring).
    """

    KEY: ClassVar[str] = "total"
    PARTS: ClassVar[tuple[str, ...]] = ("total", "good", "bad")
    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["good"]}, {"required": ["bad"]}]})

    total: Text | Expression = Field(
        description="All events: a counter selector, a Cloud Monitoring filter, or {expr: full PromQL}."
    )
    good: Text | Expression | None = Field(
        default=None, description="The good events, written like total; or bad instead."
    )
    bad: Text | Expression | None = Field(
        default=None, description="The bad events, written like total; or good instead."
    )

    def faults(self) -> Iterator[KeyFault]:
        """Exactly one of good and bad is written."""
        if self.good is not None and self.bad is not None:
            yield KeyFault(("bad",), "good_and_bad", at_key=True)
        if self.good is None and self.bad is None:
            yield KeyFault((), "good_or_bad_missing")


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
    """Ready counts: a file's name (files) or a series' name (demo)."""

    KEY: ClassVar[str] = "counts"

    counts: Text = Field(description="A file of the source's folder, or the name of a demo series.")


class TextSignal(SignalForm):
    """A PromQL expression, or the name of a demo series: written as a plain text, without keys."""

    KEY: ClassVar[str] = "text"

    query: Text
