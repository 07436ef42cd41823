"""Sets drawn over ranges: Latin hypercubes and scrambled Sobol sequences, by scipy.stats.qmc.

The same seed gives the same sets. A factor with values in place of a range takes each of them for
an equal part of the sets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import LatinHypercube, Sampled, Varied
from pathsim.inputs.vary import Field, field_of
from pathsim.study.design import Design, Factor, factor_of, range_of, value_of


def design(study: Study, base: Scenario) -> Design:
    """So many sets as the study asks for, over the ranges of its factors."""
    asked = study.design
    assert isinstance(asked, Sampled)
    fields = [field_of(base, varied.path) for varied in asked.vary]
    factors = tuple(factor_of(varied, base) for varied in asked.vary)
    scales = [scale(*each) for each in zip(factors, asked.vary, fields, strict=True)]
    unit = points(len(factors), asked.sets, seed=study.seed,
                  latin=isinstance(asked, LatinHypercube))  # fmt: skip
    sets = [tuple(at(u) for at, u in zip(scales, row, strict=True)) for row in unit]
    return Design(asked.kind, factors, sets)


def points(dimensions: int, n: int, *, seed: int, latin: bool) -> Sequence[Sequence[float]]:
    """`n` points of the unit cube, each coordinate from 0 up to 1."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(dimensions, rng=seed) if latin else qmc.Sobol(dimensions, rng=seed)
    found: list[list[float]] = sampler.random(n).tolist()
    return found


def scale(factor: Factor, varied: Varied, field: Field) -> Callable[[float], Any]:
    """From a share of the range (0 up to 1) to a value of the factor."""
    if varied.values is not None:
        values = [value_of(factor, value) for value in varied.values]
        return lambda u: values[min(int(u * len(values)), len(values) - 1)]
    low, high = range_of(factor, varied, field)
    if factor.kind == "whole" and varied.scale == "log":  # k has the part from k to k + 1
        return lambda u: min(int(low * math.exp(u * math.log((high + 1) / low))), int(high))
    if factor.kind == "whole":  # each whole number has an equal part of the range
        return lambda u: min(int(low + u * (high - low + 1)), int(high))
    if varied.scale == "log":
        return lambda u: low * math.exp(u * math.log(high / low))
    return lambda u: low + u * (high - low)
