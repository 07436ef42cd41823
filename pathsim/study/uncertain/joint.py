"""Numbers that one fit found together: drawn together, as its record says they hang together.

A calibrated number says which number of which record of `params/calibrated/` it is. One draw of the
record holds wherever its numbers stand. Called by `draw`; knows no scenario.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from pathsim.inputs.evidence import Number
from pathsim.inputs.fits import Found, Record
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.study.uncertain.distributions import scale_of

FOLDER = "calibrated"
LEAST = 1e-9
"""The least eigenvalue of a correlation matrix that is left as it is."""
_WHERE = re.compile(rf"params/{FOLDER}/([a-z0-9-]+)\.yaml, (.+)")


@dataclass(frozen=True)
class Place:
    """Which number of which fit a calibrated number is."""

    fit: str
    name: str


def place_of(number: Number) -> Place | None:
    """The fit that a number comes from, if its record still has it with this value."""
    found = _WHERE.fullmatch(number.where) if number.kind == "calibrated" else None
    if found is None or found[1] not in named(params_dir() / FOLDER):
        return None
    fitted = record(found[1]).numbers.get(found[2])
    known = fitted is not None and fitted.value == number.value
    return Place(found[1], found[2]) if known else None


@lru_cache(maxsize=64)
def record(fit: str) -> Record:
    """What a fit found; raises InputError."""
    return validate(read(named(params_dir() / FOLDER)[fit]), Record)


@dataclass(frozen=True)
class Root:
    """A square root of a correlation matrix, and whether the matrix had to be mended first."""

    root: NDArray[np.float64]
    mended: bool


def root_of(correlation: Sequence[Sequence[float]]) -> Root:
    """The lower triangle whose square is the matrix.

    A record is rounded to three digits, by which a matrix may cease to be positive definite. Then
    its eigenvalues are raised to what is not below 0 and its diagonal is made 1 again, which is
    near the nearest sound one (Rebonato and Jäckel 2000).
    """
    matrix = np.asarray(correlation, dtype=float)
    matrix = (matrix + matrix.T) / 2
    values, vectors = np.linalg.eigh(matrix)
    mended = bool(values.min() < LEAST)
    if mended:
        matrix = (vectors * np.maximum(values, LEAST)) @ vectors.T
        spread = np.sqrt(np.diag(matrix))
        matrix = matrix / np.outer(spread, spread)
    return Root(np.linalg.cholesky(matrix), mended)


@lru_cache(maxsize=64)
def root(fit: str) -> Root:
    """The square root of the correlation matrix of a fit's record."""
    return root_of(record(fit).correlation)


def standard(fit: str, uniforms: Sequence[float]) -> dict[str, float]:
    """Each number's distance from its value, in standard deviations, from independent draws."""
    drawn = root(fit).root @ ndtri(np.asarray(uniforms))
    return dict(zip(record(fit).numbers, drawn.tolist(), strict=True))


def value_at(number: Number, found: Found, z: float) -> float:
    """The number so many standard deviations from its value, on the scale of the fit."""
    scale = scale_of(number)
    return scale.back(scale.to(found.value) + found.sd_of_logarithm * z)
