"""Every target simulated, beside what was published: `pathsim validate`.

Each trial is a job (`study.trial_run`), its targets are judged against their published intervals.
Called by the command line and by what keeps a fit; `study.validated` tells and keeps what is found.
Fits nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem
from pathsim.inputs.evidence import numbers
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.targets import (
    TOLERANCE,
    Target,
    Tolerance,
    Trial,
    load_tolerance,
    load_trial,
)
from pathsim.outcomes.endpoints import Estimate
from pathsim.study.beside import processors
from pathsim.study.executors import executing
from pathsim.study.jobs import Progress
from pathsim.study.store import Memory, Results
from pathsim.study.trial import PATIENTS, Values, check_arms, scenario_of
from pathsim.study.trial_run import CURVES, arms_of, carried_out, estimates, trial_run, whole
from pathsim.units import DAYS_PER_MONTH

DEPENDENCE = ("fitted", "direct", "independent")
"""A fit used the target; a number of the simulated arms cites its row of evidence; neither."""


@dataclass(frozen=True)
class Validation:
    """What was found: a row a target, and the simulated curves of each arm.

    `curves` has a row a month with `free` (the share free of the event), by trial, curve, `from`
    and arm. `table` is what `judged` gives, in the order of files and targets.
    """

    table: pd.DataFrame
    curves: pd.DataFrame
    tolerance: Tolerance
    patients: int
    seed: int
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def held_to(self) -> pd.DataFrame:
        """The calibration targets: those that the tolerance speaks of."""
        return self.table[self.table["role"] == "calibration"]

    @property
    def inside(self) -> float:
        """The share of calibration targets inside; NaN without any."""
        return float(self.held_to["inside"].mean()) if len(self.held_to) else np.nan

    @property
    def too_far(self) -> pd.DataFrame:
        """The calibration targets further away than the tolerance allows, or that have no value."""
        far = self.held_to["distance"].abs()
        return self.held_to[~(far <= self.tolerance.furthest)]

    @property
    def misses(self) -> pd.DataFrame:
        """All targets that are judged and outside, the furthest first."""
        judged = self.table[(self.table["role"] != "reported") & ~self.table["inside"]]
        order = judged["distance"].abs().sort_values(ascending=False, na_position="first").index
        return judged.loc[order]

    @property
    def met(self) -> bool:
        """Whether the tolerance is met; true where no calibration target is among the files."""
        if not len(self.held_to):
            return True
        return self.inside >= self.tolerance.inside and not len(self.too_far)


def files() -> list[Path]:
    """The files of targets of the catalogue."""
    found = named(params_dir() / "targets")
    return [path for name, path in found.items() if name != TOLERANCE]


def tolerance() -> Tolerance:
    """What calibration targets are held to."""
    return load_tolerance(params_dir() / "targets" / f"{TOLERANCE}.yaml")


def validate(
    paths: Sequence[Path],
    *,
    patients: int = PATIENTS,
    seed: int = 1,
    roles: Iterable[str] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    store: Results | None = None,
    progress: Progress | None = None,
    found: Progress | None = None,
) -> Validation:
    """All targets of these files (of these roles, if any are named), simulated and judged.

    Raises InputError with everything wrong with any of the files. `progress` hears of each file,
    `found` of those that the store had.
    """
    trials, only = loaded(paths), set(roles)
    asked = {t: [each for each in t.targets if not only or each.role in only] for t in trials}
    table, curves = beside(asked, patients=patients, seed=seed, workers=workers,
                           scheduler=scheduler, store=store, progress=progress,
                           found=found)  # fmt: skip
    titles = {trial.name: trial.file.title for trial in trials}
    return Validation(table, curves, tolerance(), patients, seed, titles)


def beside(
    asked: Mapping[Trial, Sequence[Target]],
    *,
    patients: int,
    seed: int,
    values: Values | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    store: Results | None = None,
    progress: Progress | None = None,
    found: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(targets as `judged`, simulated curves): each trial a job; with other values if given."""
    asked = {trial: targets for trial, targets in asked.items() if targets}
    runs = [
        trial_run(trial, targets, patients=patients, seed=seed, values=values, curves=True)
        for trial, targets in asked.items()
    ]
    many = min(workers or processors(), max(1, len(runs)))
    with executing(workers if scheduler else many, scheduler) as on:
        tables = carried_out(runs, Memory() if store is None else store, on=on, progress=progress,
                             found=found)  # fmt: skip
    rows = [
        judged(trial, target, estimate, cited)
        for (trial, targets), given in zip(asked.items(), tables, strict=True)
        for cited in [_cited(trial, targets)]
        for target, estimate in zip(targets, estimates(given), strict=True)
    ]
    curves = [given["curves"] for given in tables if len(given["curves"])]
    drawn = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=list(CURVES))
    return pd.DataFrame(rows, columns=list(COLUMNS)), drawn


def _cited(trial: Trial, targets: Sequence[Target]) -> set[str]:
    """The rows of evidence that numbers of the simulated arms cite."""
    arms = arms_of(targets)
    return {n.row for arm in arms for _, n in numbers(scenario_of(trial, arm)) if n.row}


def loaded(paths: Iterable[Path]) -> list[Trial]:
    """The trials in these files; raises InputError with all that is wrong with any of them."""
    trials: list[Trial] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            trials.append(load_trial(path))
            check_arms(trials[-1])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return trials


COLUMNS = (
    "trial", "target", "arm", "outcome", "from", "whole", "at_days", "kind", "unit",
    "published", "low", "high", "interval", "simulated", "simulated_low", "simulated_high",
    "at_risk", "events", "distance", "inside", "role", "dependence", "informs",
    "source", "row", "verified", "because",
)  # fmt: skip


def judged(trial: Trial, target: Target, found: Estimate, cited: set[str]) -> dict[str, Any]:
    """One target beside what was simulated, in the unit of `shown`.

    `whole` says that all are at risk for whom time begins; `distance` is simulated less published
    in half-widths of the published interval.
    """
    published, interval = target.published, target.interval
    scale, unit = shown(target)
    distance, inside = np.nan, False
    if interval is not None:
        distance = (found.value - published.base) / interval.half_width
        inside = bool(interval.low <= found.value <= interval.high)
    direct = published.row is not None and published.row in cited
    dependence = "fitted" if target.informs else "direct" if direct else "independent"
    low, high, kind = (np.nan, np.nan, "none") if interval is None else interval
    return {
        "trial": trial.name, "target": target.name, "arm": target.arm, "outcome": target.outcome,
        "from": target.start if target.start != "origin" else trial.file.origin,
        "whole": whole(target), "at_days": target.days, "kind": target.kind,
        "unit": unit,
        "published": published.base / scale, "low": low / scale, "high": high / scale,
        "interval": kind, "simulated": found.value / scale,
        "simulated_low": found.low / scale, "simulated_high": found.high / scale,
        "at_risk": found.n, "events": found.events, "distance": distance, "inside": inside,
        "role": target.role, "dependence": dependence, "informs": " ".join(target.informs),
        "source": published.source, "row": published.row or "", "verified": published.verified,
        "because": target.because or "",
    }  # fmt: skip


def shown(target: Target) -> tuple[float, str]:
    """(how much one is in the model's own unit, the unit): %, months, days or ratio."""
    if target.kind == "share":
        return 0.01, "%"
    if target.kind == "ratio":
        return 1.0, "ratio"
    return (
        (1.0, "days") if target.published.unit in ("days", "weeks") else (DAYS_PER_MONTH, "months")
    )
