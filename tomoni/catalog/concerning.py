"""The problems that concern one SLO: of its definition, its journey, its file or its source."""

from __future__ import annotations

from tomoni.catalog.schema import App, Catalog, Problem, Slo, Spot

# Problems of a whole file beside those of an app, and what its names show themselves.
_REMARKS = frozenset({"last_good_in_force", "file_not_read", "same_title"})


def problems_of(catalog: Catalog, app: App, journey: str, slo: Slo) -> tuple[Problem, ...]:
    """What is wrong with an SLO, by file and line; what is wrong with an app as a whole is not repeated."""
    own = {f"{app.id}/{journey}/{slo.id}", f"{app.id}/{journey}", f"source:{slo.source}"}
    files = {app.file, catalog.spots.get(f"source:{slo.source}", Spot("")).file}
    return tuple(
        problem
        for problem in catalog.problems
        if problem.element in own
        or (not problem.element and problem.spot.file in files and problem.code not in _REMARKS)
    )
