"""The smallest capacities that keep promises: from a study of kind `size` to its answer.

Called by the command line. The search itself (`sizing.search`) knows no scenario; here its points
become variants of one, simulated with the same seed, so that all capacities have the same luck.
What is in the store is not simulated again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.engine.simulate import chosen
from pathsim.errors import InputError
from pathsim.inputs.centre import SLOTS
from pathsim.inputs.study_size import Capacity, Size, first_look
from pathsim.inputs.vary import field_of
from pathsim.study import folders
from pathsim.study.asked_outcomes import names_of
from pathsim.study.cells import NOT_REACHED, unless_told
from pathsim.study.execute import Carried, JobsFailedError, Stopped, carry_out, result
from pathsim.study.executors import executing
from pathsim.study.jobs import Progress
from pathsim.study.simulation import Simulation, simulations
from pathsim.study.sizing.judging import Array, Promise, Rule
from pathsim.study.sizing.lattice import Axis, Lattice, Point
from pathsim.study.sizing.limits import promise_of
from pathsim.study.sizing.search import Found, Told, search
from pathsim.study.store import Memory, Results
from pathsim.study.sweep import InSet
from pathsim.study.variant import Base
from pathsim.units import DAYS_PER_MONTH

if TYPE_CHECKING:
    from pandas import DataFrame

    from pathsim.inputs.scenario import Scenario
    from pathsim.inputs.study import Study
    from pathsim.inputs.study_fields import Loaded
    from pathsim.study.executors import On

BLOCK = 4
"""Replications of a job: few, so that a look keeps several workers busy; the same for any number of
them, so that a study finds its results again."""

SEVERAL = {
    "apheresis_chair": ("apheresis chair", "apheresis chairs"),
    "cell_therapy_bed": ("cell therapy bed", "cell therapy beds"),
    "ward_bed": ("ward bed", "ward beds"),
    "icu_bed": ("intensive care bed", "intensive care beds"),
    "step_up_bed": ("step-up bed", "step-up beds"),
    "clinic": ("clinic visit in four weeks", "clinic visits in four weeks"),
}
"""A resource with places -> what one and several of them are called."""


@dataclass(frozen=True)
class Sizing:
    """What is looked for: the capacities of a scenario, the promises, and how sure to be."""

    study: Study
    scenario: Scenario
    lattice: Lattice
    promises: tuple[Promise, ...]
    rule: Rule

    @property
    def design(self) -> Size:
        assert isinstance(self.study.design, Size)
        return self.study.design

    def changes(self, point: Point) -> dict[str, Any]:
        """Path -> what a point of the lattice changes in the scenario."""
        found: dict[str, Any] = {}
        for each, value in zip(self.design.capacities, self.lattice.values(point), strict=True):
            found[each.field] = field_of(self.scenario, each.field).written(value)
            if each.every is not None:
                found[each.field.removesuffix("amount") + "every"] = str(each.every)
        return found

    def variant(self, base: Base, point: Point) -> InSet:
        """The scenario with the capacities of a point, by whose words a failure is told."""
        of = base.variant(self.changes(point), patients=self.study.patients)
        return InSet(of, f"{of.name} with {self.lattice.words(point)}")


@dataclass(frozen=True)
class Sized:
    """A search that has been carried out, and how it went."""

    sizing: Sizing
    found: Found
    seed: int
    engine: str
    carried: Carried
    started: datetime
    finished: datetime


def sizing_of(loaded: Loaded, *, confidence: float | None = None) -> Sizing:
    """What a study of kind size looks for, with another confidence if one is given.

    Raises InputError where the study is of another kind.
    """
    study, (scenario, *_) = loaded.study, loaded.scenarios
    design = study.design
    if not isinstance(design, Size):
        cause = f"a study of kind {design.kind} asks for no capacities"
        remedy = "carry it out by 'pathsim sweep'"
        raise InputError(loaded.document.problem(("design", "kind"), cause, remedy=remedy))
    if confidence is not None:
        design = design.model_copy(update={"confidence": confidence})
        study = study.model_copy(update={"design": design})
    units = names_of(loaded.scenarios)
    promises = [promise_of(spec, units[spec.outcome]) for spec in design.promises]
    rule = Rule(design.confidence, first_look(study), design.most_replications)
    lattice = Lattice([axis_of(each, scenario) for each in design.capacities])
    return Sizing(study, scenario, lattice, tuple(promises), rule)


def axis_of(capacity: Capacity, scenario: Scenario) -> Axis:
    """A capacity with the words that people have for it."""
    one, many = SEVERAL.get(capacity.resource or "", ("", ""))
    if capacity.resource and capacity.resource.startswith(SLOTS):
        spec = scenario.centre.resources[capacity.resource].allotments
        every = capacity.every or (spec.every if spec else None)
        product, often = capacity.resource.removeprefix(SLOTS), _often(every.days if every else 0)
        one, many = f"{product} slot {often}", f"{product} slots {often}"
    return Axis(capacity.column, capacity.values, capacity.cost, one, many)


def _often(days: float) -> str:
    if abs(days - DAYS_PER_MONTH) < 1e-6:
        return "a month"
    if days % 7 == 0:
        return "a week" if days == 7 else f"every {days / 7:g} weeks"
    return "a day" if days == 1 else f"every {days:.4g} days"


def size(
    sizing: Sizing,
    *,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    engine: str | None = None,
    store: Results | None = None,
    told: Told | None = None,
    progress: Progress | None = None,
) -> Sized:
    """Search; the answer is the same for any number of workers, and however it is interrupted.

    `told` hears after each look, `progress` of replications. Raises JobsFailedError where jobs
    fail.
    """
    started = folders.now()
    with executing(workers, scheduler) as on:
        looking = _Looking(
            sizing,
            sizing.study.seed if seed is None else seed,
            chosen(engine),
            Memory() if store is None else store,
            on,
            progress,
        )
        found = search(sizing.lattice, sizing.promises, looking.at, rule=sizing.rule, told=told)
    return Sized(sizing, found, looking.seed, looking.engine, looking.carried, started,
                 folders.now())  # fmt: skip


def promised(tables: Iterable[DataFrame], promises: Sequence[Promise], numbers: range) -> Array:
    """Values of these replications: a row a replication, a column a promise.

    NaN where there is none, 0 where an outcome has no row because it did not occur, infinite where
    a median was not reached.
    """
    found = np.array([[unless_told(p.outcome) for p in promises]] * len(numbers))
    for table in tables:
        for column, promise in enumerate(promises):
            mine = table[table["outcome"] == promise.outcome]
            missed = mine["note"].astype(str).str.startswith(NOT_REACHED)
            values = np.where(missed, np.inf, mine["value"])
            found[mine["replication"].to_numpy() - numbers.start, column] = values
    return found


class _Looking:
    """Simulates what the search asks for, on one executor and one store."""

    def __init__(
        self,
        sizing: Sizing,
        seed: int,
        engine: str,
        store: Results,
        on: On,
        progress: Progress | None,
    ) -> None:
        self.sizing, self.seed, self.engine, self.store = sizing, seed, engine, store
        self.on, self.progress = on, progress
        self.base = Base.of(sizing.scenario)
        self.carried = Carried()

    def at(self, wanted: Mapping[Point, range]) -> dict[Point, Array]:
        """The promised outcomes of these points, by replication."""
        planned = {point: self._jobs(point, numbers) for point, numbers in wanted.items()}
        jobs = list(chain.from_iterable(planned.values()))
        try:
            carried = carry_out(jobs, self.store, on=self.on, progress=self.progress,
                                found=self.progress)  # fmt: skip
        except Stopped as stopped:
            raise stopped.after(self.carried) from None
        self.carried.add(carried)
        if carried.failures:
            raise JobsFailedError(carried.failures)
        return {point: self._values(jobs) for point, jobs in planned.items()}

    def _jobs(self, point: Point, numbers: range) -> list[Simulation]:
        of = self.sizing.variant(self.base, point)
        return [*simulations(of, seed=self.seed, replications=numbers, block=BLOCK,
                             engine=self.engine, keep="outcomes")]  # fmt: skip

    def _values(self, jobs: list[Simulation]) -> Array:
        """See `promised`."""
        tables = [result(job, self.store)["outcomes"] for job in jobs]
        numbers = range(jobs[0].first, jobs[-1].last + 1)
        return promised(tables, self.sizing.promises, numbers)
