"""Which factor matters how much: Sobol's indices and Morris's effects, by SALib.

A factor has one axis of the unit cube, or several where numbers vary together. `sobol_points` and
`morris_points` give the points that are to be tried; `sobol` and `morris` take one value of an
outcome for each. Called by the design and by `sensitivity_account`; knows no scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem

Points = NDArray[np.float64]
"""A row a point, a column an axis, between 0 and 1."""
RESAMPLES = 1000
"""Of the bootstrap that gives the intervals."""
INSIDE = 1e-9
"""How far a point keeps from the walls of the cube, where a distribution has no end."""
SOBOL = ("S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high")
MORRIS = ("mu_star", "mu_star_low", "mu_star_high", "mu", "sigma")


@dataclass(frozen=True)
class Axes:
    """The axes of the cube, and the factor that each belongs to."""

    names: tuple[str, ...]
    factors: tuple[str, ...]

    @property
    def every_factor(self) -> tuple[str, ...]:
        """The factors, each once, in the order of their first axes."""
        return tuple(dict.fromkeys(self.factors))

    def problem(self) -> dict[str, Any]:
        """What SALib calls a problem. Factors of one axis each are no groups to it."""
        found: dict[str, Any] = {
            "num_vars": len(self.names),
            "names": list(self.names),
            "bounds": [[0.0, 1.0]] * len(self.names),
        }
        if len(self.every_factor) < len(self.names):
            found["groups"] = list(self.factors)
        return found


def sobol_points(axes: Axes, base_sets: int, *, seed: int) -> Points:
    """base_sets x (factors + 2) points of Saltelli's scheme, on a scrambled Sobol sequence."""
    found: Points = _salib("sample.sobol").sample(
        axes.problem(), base_sets, calc_second_order=False, seed=seed
    )
    return np.clip(found, INSIDE, 1 - INSIDE)


def morris_points(axes: Axes, trajectories: int, levels: int, *, seed: int) -> Points:
    """trajectories x (factors + 1) points, each a step of one factor away from the last."""
    found: Points = _salib("sample.morris").sample(
        axes.problem(), trajectories, num_levels=levels, seed=seed
    )
    return found


def sobol(axes: Axes, values: Points, *, seed: int) -> pd.DataFrame:
    """First and total order indices of each factor, with 95 % intervals by bootstrap.

    NaN where the outcome is the same at all points, or is not known at one.
    """
    table = pd.DataFrame({"factor": axes.every_factor}, columns=["factor", *SOBOL])
    if not _varies(values):
        return table.astype(dict.fromkeys(SOBOL, float))
    found = _salib("analyze.sobol").analyze(
        axes.problem(), values, calc_second_order=False, num_resamples=RESAMPLES, seed=seed + 1
    )  # to SALib a seed of 0 is none
    for name in ("S1", "ST"):
        _put(table, name, found[name], found[f"{name}_conf"])
    return table


def morris(axes: Axes, points: Points, values: Points, levels: int, *, seed: int) -> pd.DataFrame:
    """Effects of each factor, in the outcome's unit for the whole width of the factor.

    `mu_star` is the mean size of an effect, `mu` their mean, `sigma` their standard deviation: that
    of a factor whose effect is the same everywhere is 0. A factor of several axes has no `mu` and
    no `sigma`.
    """
    table = pd.DataFrame({"factor": axes.every_factor}, columns=["factor", *MORRIS])
    if np.isnan(values).any():
        return table.astype(dict.fromkeys(MORRIS, float))
    found = _salib("analyze.morris").analyze(
        axes.problem(), points, values, num_resamples=RESAMPLES, num_levels=levels, seed=seed + 1
    )
    _put(table, "mu_star", found["mu_star"], found["mu_star_conf"])
    alone = [axes.factors.count(factor) == 1 for factor in axes.every_factor]
    for name in ("mu", "sigma"):
        table[name] = np.where(alone, np.ma.filled(found[name], np.nan), np.nan)
    return table


def noise(values: Points) -> float:
    """The part of the variance of the points' means that is chance; a column a replication.

    All points have the same luck. What a replication adds to all alike moves no index; chance is
    what it adds to one and not to another: the residual of a two-way analysis of variance. NaN with
    one replication, or where an outcome is not known at a point.
    """
    points, many = values.shape
    means = values.mean(axis=1, keepdims=True)
    spread = float(np.var(means, ddof=1))
    if many < 2 or not spread > 0:
        return float("nan")
    left = values - means - values.mean(axis=0, keepdims=True) + values.mean()
    inner = float((left**2).sum()) / ((points - 1) * (many - 1))
    return float(min(inner / many / spread, 1.0))


def _put(table: pd.DataFrame, name: str, middle: Any, half: Any) -> None:
    middle, half = (np.asarray(np.ma.filled(x, np.nan), dtype=float) for x in (middle, half))
    table[name] = middle
    table[f"{name}_low"], table[f"{name}_high"] = middle - half, middle + half


def _varies(values: Points) -> bool:
    return not np.isnan(values).any() and bool(np.ptp(values) > 0)


def _salib(module: str) -> Any:
    """A module of SALib; InputError, with a remedy, where it is not installed."""
    from importlib import import_module

    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "SALib":
            raise
        remedy = "install it: pip install 'pathsim[sensitivity]'"
        raise InputError(
            Problem("SALib", 1, "", "is not installed, and gives the indices", remedy)
        ) from None
