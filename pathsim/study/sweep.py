"""A study of many sets: from a study file to jobs, and back from the store to cells, in order.

`plan_of` makes the plan, `sweep` carries out what the store lacks, `cells` reads set after set.
Jobs are made as they are asked for, and read back one set at a time: memory does not grow with the
number of sets. Called by the command line; what is written and drawn of it, `sweep_folder` says.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from pathsim.engine.simulate import chosen
from pathsim.errors import InputError
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import AS_WRITTEN, Study
from pathsim.inputs.study_fields import Loaded
from pathsim.pathway.build import build
from pathsim.study.asked_outcomes import Asked
from pathsim.study.beside import processors
from pathsim.study.cells import Cells, cell
from pathsim.study.design import Design
from pathsim.study.designs.kinds import design_of, has_sets
from pathsim.study.effort import block
from pathsim.study.execute import Carried, JobsFailedError, carry_out, result
from pathsim.study.executors import executing
from pathsim.study.jobs import Progress
from pathsim.study.plan import Model, model_of, with_patients
from pathsim.study.simulation import Simulation, simulations
from pathsim.study.store import Results
from pathsim.study.variant import Base, Variant

ALL_OR_NONE = ("one_way", "sobol_indices", "morris")
"""Kinds of designs whose sets are of no use without each other."""


@dataclass(frozen=True)
class InSet:
    """A variant under the name by which a failure tells of it: its set, scenario and structure."""

    variant: Variant
    name: str

    @property
    def content(self) -> str:
        return self.variant.content

    @property
    def document(self) -> str:
        return self.variant.document

    def model(self) -> Model:
        return self.variant.model()


@dataclass(frozen=True)
class Plan:
    """A study with its sets: every set is run in each scenario and structure, with the same luck.

    `models` are of the scenarios as they are; they say how many replications make a job.
    """

    study: Study
    scenarios: tuple[Scenario, ...]
    design: Design
    engine: str
    bases: tuple[Base, ...]
    models: tuple[Model, ...]

    @property
    def names(self) -> list[tuple[str, str]]:
        """(scenario, structure) of the cells of a set, in order."""
        return [*product((s.name for s in self.scenarios), self.study.every_structure)]

    @property
    def runs(self) -> int:
        """How many replications there are in all: what progress counts."""
        return len(self.design) * len(self.names) * self.study.replications

    @property
    def blocks(self) -> tuple[int, ...]:
        """How many replications of each scenario make a job."""
        return tuple(block(model, self.engine) for model in self.models)

    @property
    def jobs(self) -> Jobs:
        """Every job, in order."""
        return Jobs(self)

    def jobs_of(self, number: int) -> Iterator[tuple[tuple[str, str], list[Simulation]]]:
        """(scenario, structure) and jobs of each cell of a set."""
        seed = self.design.seed(number, self.study.seed)
        for base, many in zip(self.bases, self.blocks, strict=True):
            changes = self.design.changes(number, base.name)
            for structure, settings in self.study.every_structure.items():
                variant = base.variant({**changes, **settings}, patients=self.study.patients)
                told = "" if structure == AS_WRITTEN else f", {structure}"
                of = InSet(variant, f"set {number}, {base.name}{told}")
                yield (base.name, structure), [
                    *simulations(of, seed=seed, replications=self.study.replications,
                                 block=many, engine=self.engine, keep="outcomes")
                ]  # fmt: skip


@dataclass(frozen=True)
class Jobs:
    """The jobs of a plan: so many, made one after another when they are asked for."""

    plan: Plan

    def __len__(self) -> int:
        replications = self.plan.study.replications
        a_set = sum(-(-replications // many) for many in self.plan.blocks)
        return len(self.plan.design) * len(self.plan.study.every_structure) * a_set

    def __iter__(self) -> Iterator[Simulation]:
        for number in range(len(self.plan.design)):
            for _, jobs in self.plan.jobs_of(number):
                yield from jobs


def plan_of(loaded: Loaded, *, engine: str | None = None) -> Plan:
    """The plan of a study that has been read and found sound; InputError where it has no sets."""
    study, name = loaded.study, chosen(engine)
    if not has_sets(study):
        cause = f"a design of kind {study.design.kind} has no list of sets"
        remedy = f"say: pathsim {study.design.kind} {loaded.document.file}"
        raise InputError(loaded.document.problem(("design", "kind"), cause, remedy=remedy))
    return Plan(
        study,
        loaded.scenarios,
        design_of(study, loaded.scenarios),
        name,
        tuple(Base.of(scenario) for scenario in loaded.scenarios),
        tuple(_model(scenario, study) for scenario in loaded.scenarios),
    )


def _model(scenario: Scenario, study: Study) -> Model:
    """The model of a scenario as it is, with as many patients as the study says."""
    asked = scenario if study.patients is None else with_patients(scenario, study.patients)
    return model_of(build(asked))


def sweep(
    plan: Plan,
    store: Results,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
    found: Progress | None = None,
) -> Carried:
    """Carry out what the store lacks of a plan.

    Raises Stopped after Ctrl-C, and JobsFailedError with all that failed when every job has been
    tried, unless the sets without failures make tables by themselves (`cells` leaves the rest out).
    """
    jobs = plan.jobs
    many = min(workers or processors(), len(jobs))
    with executing(workers if scheduler else many, scheduler, threads=workers) as on:
        carried = carry_out(jobs, store, on=on, progress=progress, found=found)
    if carried.failures and not (carried.found or carried.done):
        raise JobsFailedError(carried.failures)
    if carried.failures and plan.design.kind in ALL_OR_NONE:
        raise JobsFailedError(carried.failures)
    return carried


def cells(
    plan: Plan, store: Results, *, failed: Container[str] = ()
) -> Iterator[tuple[int, Cells]]:
    """Each set's number and cells, read from the store in order.

    A set with a job that failed, by its key, is left out whole: what is compared is to be whole.
    """
    wanted = Asked(plan.study.outcomes)
    for number in range(len(plan.design)):
        found: dict[tuple[str, str], Any] = {}
        jobs_of = [*plan.jobs_of(number)]
        if any(job.key in failed for _, jobs in jobs_of for job in jobs):
            continue
        for name, jobs in jobs_of:
            tables = [result(job, store)["outcomes"] for job in jobs]
            found[name] = cell(tables, wanted, plan.study.replications)
        yield number, found
