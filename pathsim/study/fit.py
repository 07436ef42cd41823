"""Fit laws and effects to published figures by simulating the trials that they come from.

Called by `pathsim fit`. A fit names the numbers sought; the targets name the fits that they
inform. Every step simulates each arm with the same luck, so that misses are a smooth function of
the numbers; the points of a slope are jobs that are carried out together. `solve` finds where
misses are least, `fit_record` keeps what was found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathsim.errors import InputError, Problem
from pathsim.inputs.fits import FOLDER, Fit, fits
from pathsim.inputs.targets import Interval, Target, Trial, load_trial
from pathsim.outcomes.endpoints import Estimate
from pathsim.study.executors import On, executing
from pathsim.study.solve import Array, Solution, solve
from pathsim.study.store import Memory, Results
from pathsim.study.trial import Values
from pathsim.study.trial_run import carried_out, estimates, trial_run
from pathsim.study.validate import files

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables

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


@dataclass(frozen=True)
class Model:
    """The trials that a fit's targets belong to, simulated anew for every set of numbers."""

    aimed: Sequence[Aim]
    patients: int
    seed: int
    store: Results
    on: On

    def estimates(self, points: Sequence[Values]) -> list[list[Estimate]]:
        """What the model gives for each target at each point: a job a trial and point."""
        asked: dict[Trial, list[Target]] = {}
        for aim in self.aimed:
            asked.setdefault(aim.trial, []).append(aim.target)
        runs = [
            trial_run(trial, targets, patients=self.patients, seed=self.seed, values=values)
            for values in points
            for trial, targets in asked.items()
        ]
        given = iter(carried_out(runs, self.store, on=self.on))
        return [self._of_point(asked, given) for _ in points]

    def _of_point(
        self, asked: Mapping[Trial, Sequence[Target]], given: Iterator[Tables]
    ) -> list[Estimate]:
        """The estimates of a point in the order of the aims."""
        found = {
            (trial.name, target.name): estimate
            for trial, targets in asked.items()
            for target, estimate in zip(targets, estimates(next(given)), strict=True)
        }
        return [found[aim.trial.name, aim.target.name] for aim in self.aimed]


def fitted(
    fit: Fit,
    trials: Iterable[Trial],
    *,
    patients: int = 10_000,
    seed: int = 1,
    workers: int | None = None,
    scheduler: str | None = None,
    store: Results | None = None,
    progress: Progress | None = None,
) -> Fitted:
    """The numbers of a fit that lie nearest to its targets, weighted by their standard errors.

    `patients` are simulated in each arm at each step; what the store has is read from there. Raises
    InputError where no target informs the fit, JobsFailedError for a place that holds no number.
    """
    aimed = aims(fit, trials)
    if not aimed:
        file = f"params/{FOLDER}/{fit.fit}.yaml"
        remedy = "add it to 'informs' of a calibration target"
        raise InputError(Problem(file, 1, "fit", f"no target informs '{fit.fit}'", remedy))
    with executing(workers, scheduler) as on:
        model = Model(aimed, patients, seed, Memory() if store is None else store, on)

        def misses(points: Sequence[Array]) -> list[Array]:
            found = model.estimates([values_of(fit, z) for z in points])
            missed = [_misses(aimed, each) for each in found]
            for z, each in zip(points, missed, strict=True):
                if progress is not None:
                    progress(f"{fit.fit}: {float(each @ each + z @ z):.2f}")
            return missed

        solution = solve(misses, len(fit.free))
        (found,) = model.estimates([values_of(fit, solution.z)])
    met = tuple(Met(aim, estimate) for aim, estimate in zip(aimed, found, strict=True))
    return Fitted(fit, solution, met, patients, seed)


def _misses(aimed: Sequence[Aim], found: Sequence[Estimate]) -> Array:
    return np.array([a.miss(e.value) for a, e in zip(aimed, found, strict=True)])
