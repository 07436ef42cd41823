"""A grid: every combination of the values of its factors; the last factor changes fastest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, overload

import numpy as np

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import Grid, Stepped, Varied
from pathsim.inputs.vary import Field, field_of
from pathsim.study.design import Design, Factor, factor_of, range_of, value_of

TWO_ENDS = 2


@dataclass(frozen=True)
class Combinations(Sequence[tuple[Any, ...]]):
    """Every combination of values, each worked out when it is asked for."""

    values: tuple[tuple[Any, ...], ...]

    def __len__(self) -> int:
        return prod(len(each) for each in self.values)

    @overload
    def __getitem__(self, number: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[tuple[Any, ...]]: ...
    def __getitem__(self, number: int | slice) -> Any:
        if isinstance(number, slice):
            return [self[k] for k in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        found: list[Any] = []
        for each in reversed(self.values):
            number, place = divmod(number, len(each))
            found.append(each[place])
        return tuple(reversed(found))


def design(study: Study, base: Scenario) -> Design:
    """The grid of a study."""
    asked = study.design
    assert isinstance(asked, Grid)
    factors = tuple(factor_of(varied, base) for varied in asked.vary)
    values = tuple(
        values_of(factor, varied, field_of(base, varied.path))
        for factor, varied in zip(factors, asked.vary, strict=True)
    )
    return Design(asked.kind, factors, Combinations(values))


def values_of(factor: Factor, varied: Varied, field: Field) -> tuple[Any, ...]:
    """The values that a factor takes in turn: those listed, or steps from low to high."""
    if varied.values is not None:
        return tuple(value_of(factor, value) for value in varied.values)
    steps = varied.steps if isinstance(varied, Stepped) else None
    low, high = range_of(factor, varied, field)
    spaced = np.geomspace if varied.scale == "log" else np.linspace
    found = spaced(low, high, steps or TWO_ENDS).tolist()
    found[0], found[-1] = low, high
    return tuple(dict.fromkeys(factor.rounded(value) for value in found))
