"""Fit laws and effects to published figures by simulating the trials that they come from.

Called by `pathsim fit`. A fit names the numbers sought; the targets name the fits that they
inform. Every step simulates each arm once with the same luck, so that misses are a smooth function
of the numbers; `solve` finds where they are least, `fit_record` keeps what was found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathsim.errors import InputError, Problem
from pathsim.inputs.fits import FOLDER, Fit, fits
from pathsim.inputs.targets import Interval, Target, Trial, load_trial
from pathsim.outcomes.endpoints import Estimate, measure
from pathsim.study.solve import Array, Solution, solve
from pathsim.study.trial import Values, simulated
from pathsim.study.validate import files

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str], None]

NORMAL = 1.959964


@dataclass(frozen=True)
class Aim:
    """One target that informs a fit, with the trial that it belongs to."""

    trial: Trial
    target: Target

    @property
    def name(self) -> str:
        return f"{self.trial.name}/{self.target.name}"

    @property
    def interval(self) -> Interval:
        """The published interval; a target without one informs nothing."""
        found = self.target.interval
        assert found is not None
        return found

    def miss(self, simulated: float) -> float:
        """How many standard errors the simulated figure lies from the published one.

        The standard error is that of the published interval; times and ratios are compared by
        their logarithms. A median that was not reached counts as ten standard errors.
        """
        published, (low, high, _) = self.target.published.base, self.interval
        if not math.isfinite(simulated):
            return 10.0
        if self.target.kind == "share":
            return (simulated - published) / ((high - low) / (2 * NORMAL))
        return math.log(simulated / published) / (math.log(high / low) / (2 * NORMAL))


@dataclass(frozen=True)
class Met:
    """A target and what the fitted model gives for it."""

    aim: Aim
    simulated: Estimate

    @property
    def inside(self) -> bool:
        low, high, _ = self.aim.interval
        return low <= self.simulated.value <= high


@dataclass(frozen=True)
class Fitted:
    """What a fit found: the numbers, how sure they are, and how each target is met."""

    fit: Fit
    solution: Solution
    met: tuple[Met, ...]
    patients: int
    seed: int

    @property
    def values(self) -> dict[str, float]:
        """Name -> the number found, in its written unit."""
        found = zip(self.fit.free.items(), self.solution.z, strict=True)
        return {name: free.at(float(z)) for (name, free), z in found}

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Name -> the bounds between which it lies with 95 % probability."""
        sds = np.sqrt(np.diag(self.solution.covariance))
        return {
            name: (free.at(float(z - NORMAL * sd)), free.at(float(z + NORMAL * sd)))
            for (name, free), z, sd in zip(self.fit.free.items(), self.solution.z, sds, strict=True)
        }


def in_order(names: Iterable[str] = ()) -> list[Fit]:
    """The fits of these names, or all; those that others come after first. Raises InputError."""
    chosen = set(names)
    return [fit for name, fit in fits().items() if not chosen or name in chosen]


def trials_of(fit: Fit) -> list[Trial]:
    """The files of targets that inform a fit, as they stand now; raises InputError."""
    return [trial for path in files() if aims(fit, [trial := load_trial(path)])]


def aims(fit: Fit, trials: Iterable[Trial]) -> list[Aim]:
    """The targets that inform a fit."""
    found = [Aim(trial, t) for trial in trials for t in trial.targets if fit.fit in t.informs]
    return [aim for aim in found if aim.target.role == "calibration"]


def values_of(fit: Fit, z: Array) -> dict[tuple[str, str], float]:
    """The numbers in their places, for a point of the search."""
    return {
        place: free.at(float(x))
        for free, x in zip(fit.free.values(), z, strict=True)
        for place in free.places
    }


class Simulated:
    """The arms that a fit's targets need, simulated anew for every set of numbers."""

    def __init__(self, aimed: list[Aim], *, patients: int, seed: int) -> None:
        self.aimed, self.patients, self.seed = aimed, patients, seed
        self.arms = {(a.trial.name, arm): a.trial for a in aimed for arm in _arms(a.target)}

    def estimates(self, values: Values) -> list[Estimate]:
        """What the model gives for each target with these numbers."""
        rows = {
            (name, arm): simulated(
                trial, arm, patients=self.patients, seed=self.seed, threads=2, values=values,
            )
            for (name, arm), trial in self.arms.items()
        }  # fmt: skip
        return [_estimate(aim, rows) for aim in self.aimed]


def _arms(target: Target) -> list[str]:
    return [target.arm] if target.against is None else [target.arm, target.against]


def _estimate(aim: Aim, rows: Mapping[tuple[str, str], pd.DataFrame]) -> Estimate:
    target, trial = aim.target, aim.trial.name
    other = None if target.against is None else rows[trial, target.against]
    return measure(target, rows[trial, target.arm], other)


def fitted(
    fit: Fit,
    trials: Iterable[Trial],
    *,
    patients: int = 10_000,
    seed: int = 1,
    progress: Progress | None = None,
) -> Fitted:
    """The numbers of a fit that lie nearest to its targets, weighted by their standard errors.

    `patients` are simulated in each arm at each step. Raises InputError where no target informs the
    fit, and for a place that holds no number.
    """
    aimed = aims(fit, trials)
    if not aimed:
        file = f"params/{FOLDER}/{fit.fit}.yaml"
        remedy = "add it to 'informs' of a calibration target"
        raise InputError(Problem(file, 1, "fit", f"no target informs '{fit.fit}'", remedy))
    model = Simulated(aimed, patients=patients, seed=seed)

    def misses(z: Array) -> Array:
        found = model.estimates(values_of(fit, z))
        missed = np.array([a.miss(e.value) for a, e in zip(aimed, found, strict=True)])
        if progress is not None:
            progress(f"{fit.fit}: {float(missed @ missed + z @ z):.2f}")
        return missed

    solution = solve(misses, len(fit.free))
    found = model.estimates(values_of(fit, solution.z))
    met = tuple(Met(aim, estimate) for aim, estimate in zip(aimed, found, strict=True))
    return Fitted(fit, solution, met, patients, seed)
