"""The job that fits and validation are made of: arms of a trial simulated, its targets measured.

Made by `validate` and `fit`, carried out by `execute`. It holds the arms as resolved, so that its
key changes with any number of the catalogue that they are made of. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.engine.simulate import chosen
from pathsim.inputs.plain import dump
from pathsim.inputs.target_outcomes import EVENT_FREE
from pathsim.inputs.targets import Conditions, Target, Trial
from pathsim.outcomes.endpoints import Estimate, measure, times
from pathsim.study.execute import JobsFailedError, carry_out, result
from pathsim.study.executors import On
from pathsim.study.jobs import Progress
from pathsim.study.keys import key, software
from pathsim.study.store import Results
from pathsim.study.trial import Values, base_of, simulated, with_values
from pathsim.study.variant import Base
from pathsim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables

MONTHS = np.arange(0.0, 60.5, 0.5)
"""The months at which curves are drawn."""

CURVES = ("trial", "curve", "from", "arm", "month", "free")


@dataclass(frozen=True)
class Arm:
    """An arm as it is run: its name, the therapy on trial, the resolved scenario."""

    name: str
    therapy: str
    base: Base


@dataclass(frozen=True, eq=False)
class TrialRun:
    """Some targets of a trial and the arms that they need, with other values of parameters if any.

    It gives two tables: `estimates`, a row a target in their order, and `curves`, those behind the
    targets, empty unless they are asked for.
    """

    trial: str
    origin: str
    targets: tuple[Target, ...]
    arms: tuple[Arm, ...]
    patients: int
    seed: int
    values: tuple[tuple[tuple[str, str], float], ...] = ()
    curves: bool = False

    @cached_property
    def key(self) -> str:
        arms = [part for arm in self.arms for part in (arm.name, arm.therapy, arm.base.digest)]
        asked = [target.model_dump_json() for target in self.targets]
        return key("trial", self.trial, self.origin, *asked, *arms, self.patients, self.seed,
                   repr(self.values), self.curves, software())  # fmt: skip

    @property
    def name(self) -> str:
        arms = ", ".join(arm.name for arm in self.arms)
        return f"trial {self.trial} ({arms}), seed {self.seed}"

    @property
    def size(self) -> float:
        """A trial is counted as one."""
        return 1.0

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        """Simulate the arms and measure the targets. Raises KeyError for a value of no number."""
        rows = {}
        for arm in self.arms:
            rows[arm.name] = simulated(
                arm.base.scenario(), arm.therapy, patients=self.patients, seed=self.seed,
                values=dict(self.values), threads=threads,
            )  # fmt: skip
            if progress is not None:
                progress(1 / len(self.arms))
        found = [vars(measure(t, rows[t.arm], rows.get(t.against or ""))) for t in self.targets]
        drawn = [*self._curves(rows)] if self.curves else []
        return {
            "estimates": pd.DataFrame(found),
            "curves": pd.DataFrame(drawn, columns=list(CURVES)),
        }

    def keep_alone(self, folder: Path) -> str:
        """The resolved arms in a folder; the commands that simulate them."""
        commands = []
        for arm in self.arms:
            scenario = with_values(arm.base.scenario(), dict(self.values))
            path = folder / f"{arm.base.name}-{self.key[:8]}.yaml"
            path.write_text(dump(scenario.document()), encoding="utf-8")
            commands.append(f"pathsim run {path} --patients {self.patients} --seed {self.seed} "
                            "--replications 1 --workers 1")  # fmt: skip
        return "; ".join(commands)

    def _curves(self, rows: Mapping[str, pd.DataFrame]) -> Iterator[tuple[object, ...]]:
        """The simulated curve behind every target of all patients that lies on one."""
        drawn = set()
        for target in self.targets:
            curve = (target.outcome, target.start, target.arm)
            if target.outcome not in EVENT_FREE or not whole(target) or curve in drawn:
                continue
            drawn.add(curve)
            found = times(target, rows[target.arm])
            since = target.start if target.start != "origin" else self.origin
            for month in MONTHS:
                free = found.at(month * DAYS_PER_MONTH).value if found.n else np.nan
                yield self.trial, target.outcome, since, target.arm, month, free


def whole(target: Target) -> bool:
    """Whether nobody is left out for whom time begins: it then lies on the arm's own curve."""
    begun = target.start != "origin" and target.of == Conditions(started=True)
    return target.after is None and (begun or target.of == Conditions())


def arms_of(targets: Sequence[Target]) -> list[str]:
    """The arms that targets need, each once."""
    named = (arm for t in targets for arm in (t.arm, t.against) if arm is not None)
    return [*dict.fromkeys(named)]


def trial_run(
    trial: Trial,
    targets: Sequence[Target],
    *,
    patients: int,
    seed: int,
    values: Values | None = None,
    curves: bool = False,
) -> TrialRun:
    """The job that gives these targets of a trial. Raises InputError where an arm is not sound."""
    arms = [Arm(name, trial.arms[name].therapy, base_of(trial, name)) for name in arms_of(targets)]
    return TrialRun(trial.name, trial.file.origin, tuple(targets), tuple(arms), patients, seed,
                    tuple((values or {}).items()), curves)  # fmt: skip


def carried_out(
    runs: Sequence[TrialRun],
    store: Results,
    *,
    on: On,
    progress: Progress | None = None,
    found: Progress | None = None,
) -> list[Tables]:
    """What each of them gives; those in the store are read. Raises JobsFailedError."""
    if not all(store.has(run.key) for run in runs):
        chosen(None)  # loaded before there are processes, it need not be loaded in each
    carried = carry_out(runs, store, on=on, progress=progress, found=found)
    if carried.failures:
        raise JobsFailedError(carried.failures)
    return [result(run, store) for run in runs]


def estimates(tables: Tables) -> list[Estimate]:
    """The estimates of a run's targets, in their order."""
    rows = tables["estimates"].to_dict("records")
    return [Estimate(**{str(name): value for name, value in row.items()}) for row in rows]
