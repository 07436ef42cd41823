"""Every kind of design, with what makes its sets of a study and its first scenario.

`sweep` asks `design_of`; who adds a kind adds its module here and its model to `inputs.study`.
"""

from __future__ import annotations

from collections.abc import Callable

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.study.design import Design
from pathsim.study.designs import grid, one_way, sampling

MAKERS: dict[str, Callable[[Study, Scenario], Design]] = {
    "grid": grid.design,
    "one_way": one_way.design,
    "latin_hypercube": sampling.design,
    "sobol_sequence": sampling.design,
}
"""Kind of design -> what makes its sets."""


def design_of(study: Study, base: Scenario) -> Design:
    """The sets of a study; its numbers' own spreads are those of the base, the first scenario."""
    return MAKERS[study.design.kind](study, base)
