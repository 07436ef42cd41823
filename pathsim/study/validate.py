"""Every target simulated, beside what was published: `pathsim validate`.

Each trial's arms are run by themselves (`study.trial`), its targets measured (`outcomes.endpoints`)
and judged against their published intervals. Called by the command line; `study.validated` tells
and keeps what is found. Fits nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem
from pathsim.inputs.evidence import numbers
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.target_outcomes import EVENT_FREE
from pathsim.inputs.targets import (
    TOLERANCE,
    Conditions,
    Target,
    Tolerance,
    Trial,
    load_tolerance,
    load_trial,
)
from pathsim.outcomes.endpoints import Estimate, measure, times
from pathsim.study.executors import Here, executing
from pathsim.study.trial import PATIENTS, Values, check_arms, scenario_of, simulated
from pathsim.units import DAYS_PER_MONTH

MONTHS = np.arange(0.0, 60.5, 0.5)
"""The months at which curves are drawn."""

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
    progress: Callable[[float], None] | None = None,
) -> Validation:
    """All targets of these files (of these roles, if any are named), simulated and judged.

    Raises InputError with everything wrong with any of the files; `progress` hears of each file.
    """
    trials = loaded(paths)
    job = partial(one_trial, patients=patients, seed=seed, roles=tuple(roles))
    processes = min(workers or os.cpu_count() or 1, len(paths))
    found: dict[Path, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
    with executing(max(1, processes)) as on:
        if isinstance(on, Here):
            for path, trial in zip(paths, trials, strict=True):
                found[path] = of_trial(trial, patients=patients, seed=seed, roles=tuple(roles))
                _tell(progress)
        else:
            futures = {on.submit(job, path): path for path in paths}
            for future in as_completed(futures):
                found[futures[future]] = future.result()
                _tell(progress)
    rows, curves = ([r for path in paths for r in found[path][k]] for k in (0, 1))
    titles = {trial.name: trial.file.title for trial in trials}
    table = pd.DataFrame(rows, columns=COLUMNS)
    return Validation(table, pd.DataFrame(curves), tolerance(), patients, seed, titles)


def _tell(progress: Callable[[float], None] | None) -> None:
    if progress is not None:
        progress(1.0)


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


def one_trial(
    path: Path, *, patients: int, seed: int, roles: tuple[str, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What `of_trial` gives for a file: this is what runs in a worker."""
    return of_trial(load_trial(path), patients=patients, seed=seed, roles=roles)


def of_trial(
    trial: Trial, *, patients: int, seed: int, roles: tuple[str, ...], values: Values | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The judged targets of a trial, and its curves; with other values of parameters if given."""
    asked = [t for t in trial.targets if not roles or t.role in roles]
    arms = dict.fromkeys(a for t in asked for a in (t.arm, t.against) if a is not None)
    rows = {arm: simulated(trial, arm, patients=patients, seed=seed, values=values) for arm in arms}
    cited = {n.row for arm in arms for _, n in numbers(scenario_of(trial, arm)) if n.row}
    judgements = [
        judged(trial, target, measure(target, rows[target.arm], _other(target, rows)), cited)
        for target in asked
    ]
    return judgements, list(_curves(trial, asked, rows))


def _other(target: Target, rows: dict[str, pd.DataFrame]) -> pd.DataFrame | None:
    return None if target.against is None else rows[target.against]


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


def whole(target: Target) -> bool:
    """Whether nobody is left out for whom time begins: it then lies on the arm's own curve."""
    begun = target.start != "origin" and target.of == Conditions(started=True)
    return target.after is None and (begun or target.of == Conditions())


def shown(target: Target) -> tuple[float, str]:
    """(how much one is in the model's own unit, the unit): %, months, days or ratio."""
    if target.kind == "share":
        return 0.01, "%"
    if target.kind == "ratio":
        return 1.0, "ratio"
    return (
        (1.0, "days") if target.published.unit in ("days", "weeks") else (DAYS_PER_MONTH, "months")
    )


def _curves(
    trial: Trial, asked: Sequence[Target], rows: dict[str, pd.DataFrame]
) -> Iterable[dict[str, Any]]:
    """The simulated curve behind every target of all patients that lies on one."""
    drawn = set()
    for target in asked:
        on_curve = target.outcome in EVENT_FREE and whole(target)
        key = (target.outcome, target.start, target.arm)
        if not on_curve or key in drawn:
            continue
        drawn.add(key)
        found = times(target, rows[target.arm])
        since = target.start if target.start != "origin" else trial.file.origin
        for month in MONTHS:
            free = found.at(month * DAYS_PER_MONTH).value if found.n else np.nan
            yield {"trial": trial.name, "curve": target.outcome, "from": since,
                   "arm": target.arm, "month": month, "free": free}  # fmt: skip
