"""Every kind of design, with what makes its sets of a study and its first scenario.

`sweep` asks `design_of`; who adds a kind adds its module here and its model to `inputs.study`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.study.design import Design
from pathsim.study.designs import grid, one_way, sampling, sensitivity, uncertainty

MAKERS: dict[str, Callable[[Study, Scenario], Design]] = {
    "grid": grid.design,
    "one_way": one_way.design,
    "latin_hypercube": sampling.design,
    "sobol_sequence": sampling.design,
}
"""Kind of design -> what makes its sets of the first scenario: all are given the same values."""

OF_EACH: dict[str, Callable[[Study, Sequence[Scenario]], Design]] = {
    "uncertainty": uncertainty.design,
    "sobol_indices": sensitivity.design,
    "morris": sensitivity.design,
}
"""Kind of design -> what makes its sets of all scenarios: each may have values of its own."""


def has_sets(study: Study) -> bool:
    """Whether a study's design is a list of sets, and not a search with a command of its own."""
    return study.design.kind in {*MAKERS, *OF_EACH}


def design_of(study: Study, scenarios: Sequence[Scenario]) -> Design:
    """The sets of a study of these scenarios."""
    kind = study.design.kind
    return OF_EACH[kind](study, scenarios) if kind in OF_EACH else MAKERS[kind](study, scenarios[0])
