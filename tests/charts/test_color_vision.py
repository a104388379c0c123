"""The palette under simulations of colour blindness.

The matrices are those of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
Deficiency" (IEEE TVCG 15, 2009, https://doi.org/10.1109/TVCG.2009.113), severity 1.0, applied to linear RGB. Distances
are Euclidean in OKLab (Ottosson 2020, https://bottosson.github.io/posts/oklab/), where 0.02 is just noticeable.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from tomoni.charts.theme import THEMES, Theme
from tomoni.slo.model import FloatArray, State
from tomoni.words import states

SIMULATIONS = {
    "typical": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
_TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
_TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def seen(color: str, vision: str) -> FloatArray:
    """A #rrggbb colour in OKLab, as it is seen."""
    parts = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    simulated = np.clip(np.array(SIMULATIONS[vision]) @ linear, 0, 1)
    lab: FloatArray = np.array(_TO_LAB) @ np.cbrt(np.array(_TO_CONES) @ simulated)
    return lab


def distance(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(seen(one, vision) - seen(other, vision)))


def test_white_and_black_are_a_whole_apart_for_everybody():
    for vision in SIMULATIONS:
        assert distance("#000000", "#ffffff", vision) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("vision", SIMULATIONS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_neighbouring_bands_of_the_heat_strip_differ_for_everybody(theme: Theme, vision: str):
    assert min(distance(one, other, vision) for one, other in pairwise(theme.burn)) > 0.05


@pytest.mark.parametrize("vision", SIMULATIONS)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_three_verdicts_differ_for_everybody(theme: Theme, vision: str):
    colors = [theme.states[state] for state in (State.HEALTHY, State.AT_RISK, State.EXHAUSTED)]
    assert min(distance(one, other, vision) for one, other in combinations(colors, 2)) > 0.05


def test_what_colours_may_not_tell_apart_signs_do():
    judged = (State.HEALTHY, State.AT_RISK, State.EXHAUSTED)
    assert len({states.icon(state) for state in judged}) == len(judged)
