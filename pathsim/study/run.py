"""One model, run: from jobs to measured outcomes, and all of it kept.

`run` simulates and measures; `keep` writes the folder of results. Called by the command line and
by `compare`; the models are made by `plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim.engine.simulate import chosen
from pathsim.events import Log
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.summary import summary
from pathsim.study import folders
from pathsim.study.adding import until_narrow
from pathsim.study.effort import block, processes
from pathsim.study.execute import Carried, JobsFailedError, Stopped, carry_out, result
from pathsim.study.executors import executing
from pathsim.study.jobs import Progress
from pathsim.study.pictures import Picture, drawing, pictures_of
from pathsim.study.plan import Model
from pathsim.study.precision import Precision, Reached
from pathsim.study.simulation import Simulation, simulations, together
from pathsim.study.store import Memory, Results

if TYPE_CHECKING:
    from pathsim.study.beside import Hand


@dataclass(frozen=True)
class Ran:
    """A model that has been run: what was measured, its log if it was kept, and how it went.

    `events` are rows of the log; `carried` tells of all jobs that were run together, `reached` of
    the precision that was asked for.
    """

    model: Model
    seed: int
    replications: int
    measured: Measured
    log: Log | None
    events: int
    carried: Carried
    started: datetime
    finished: datetime
    engine: str
    reached: Reached | None = None

    @property
    def off_label(self) -> int:
        """How many therapies were begun beyond their label."""
        return int(self.measured.patients["off_label"].sum())

    def outcomes(self) -> pd.DataFrame:
        """Every outcome as a mean with its 95 % interval."""
        return summary(
            {self.model.name: self.measured}, self.reached.stages if self.reached else None
        )

    def header(self) -> str:
        """The first line of every table."""
        return self.model.first_line(self.off_label)

    def record(self) -> dict[str, Any]:
        """Everything that is needed to do the run again, and how it went."""
        return {
            "scenario": self.model.name,
            "digest": self.model.digest,
            "engine": self.engine,
            "seed": self.seed,
            "replications": self.replications,
            "precision": self.reached and self.reached.record(self.model.name),
            "patients": self.model.patients,
            "horizon_days": self.model.horizon,
            "warm_up_days": self.model.warm_up,
            "events": self.events,
            "off_label_entries": self.off_label,
            "off_label_rules": sorted(self.model.off_label),
            "numbers_by_kind": dict(self.model.evidence),
            **folders.how(self.carried, self.started, self.finished, self.engine),
        }


def run(
    model: Model,
    *,
    seed: int = 0,
    replications: int = 1,
    workers: int | None = None,
    engine: str | None = None,
    keep_log: bool = False,
    progress: Progress | None = None,
    store: Results | None = None,
) -> Ran:
    """Simulate and measure independent replications of a model.

    The result is the same, byte for byte, for any number of workers and on every engine; what is in
    the store is read from there. `progress` is told how much more is done, in replications. Raises
    JobsFailedError where the model breaks its own law, ImportError where the engine named cannot be
    loaded.
    """
    (ran,) = run_all([model], seed=seed, replications=replications, workers=workers, engine=engine,
                     keep_log=keep_log, progress=progress, store=store)  # fmt: skip
    return ran


def run_all(
    models: Sequence[Model],
    *,
    seed: int = 0,
    replications: int = 1,
    workers: int | None = None,
    engine: str | None = None,
    keep_log: bool = False,
    progress: Progress | None = None,
    found: Progress | None = None,
    store: Results | None = None,
    scheduler: str | None = None,
    precision: Precision | None = None,
    more: Progress | None = None,
) -> list[Ran]:
    """Several models as one list of jobs on the same workers; see `run`.

    `found` is told how much was in the store already, in replications; without a store nothing is
    kept when this process ends. Where a `precision` is asked for, `replications` are the first, and
    `more` is told how many are added.
    """
    started, name = folders.now(), chosen(engine)
    results = Memory() if store is None else store
    planned: list[list[Simulation]] = [[] for _ in models]
    carried = Carried()

    def stage(numbers: range) -> list[Ran]:
        """The runs of all replications so far, once these are carried out too."""
        added = [
            [*simulations(model, seed=seed, replications=numbers, block=block(model, name),
                          engine=name, log=keep_log)]
            for model in models
        ]  # fmt: skip
        many = processes(models, replications=len(numbers), engine=name, workers=workers)
        with executing(workers if scheduler else many, scheduler, threads=workers) as on:
            these = [*chain(*added)]
            try:
                carried.add(carry_out(these, results, on=on, progress=progress, found=found))
            except Stopped as stopped:
                raise (stopped.after(carried) if numbers.start else stopped) from None
        if carried.failures:
            raise JobsFailedError(carried.failures)
        for jobs, now in zip(planned, added, strict=True):
            jobs += now
        return [
            _ran(model, jobs, results, carried, started)
            for model, jobs in zip(models, planned, strict=True)
        ]

    ran = stage(range(replications))
    return ran if precision is None else until_narrow(ran, stage, precision, more=more)


def _ran(
    model: Model, jobs: Sequence[Simulation], results: Results, carried: Carried, started: datetime
) -> Ran:
    """One model's results, read back in order."""
    measured, log, events = together([result(job, results) for job in jobs])
    first, replications = jobs[0], sum(len(job.replications) for job in jobs)
    return Ran(model, first.seed, replications, measured, log, events, carried, started,
               folders.now(), first.engine)  # fmt: skip


def keep(
    ran: Ran,
    out: Path,
    *,
    pictures: bool = True,
    hand: Hand | None = None,
    report: folders.Report | None = None,
) -> Path:
    """Write `out/<scenario>/<run id>/`: record, document, log, outcomes, figures; its path.

    A hand is another process, which draws while this one writes. `report` adds its page.
    """

    def write(folder: Path) -> None:
        with drawing(_pictures(ran) if pictures else (), folder / "figures", hand=hand):
            folders.write_record(folder, ran.record(), command="run")
            write_model(folder, ran.model, name="scenario")
            folders.write_measured(folder / "measured", ran.measured)
            folders.write_table(folder, "outcomes", ran.outcomes(), header=ran.header())
            if ran.log is not None:
                folders.write_log(folder, ran.log)
        if report:
            report(folder)
        folders.write_dictionary(folder)

    return folders.write_whole(
        out / ran.model.name, folders.run_id(ran.started, ran.model.digest), write
    )


def _pictures(ran: Ran) -> Iterable[Picture]:
    name = ran.model.name
    return pictures_of({name: ran.model}, {name: ran.measured})


def write_model(folder: Path, model: Model, *, name: str) -> None:
    """The resolved document, or the words of a model that has none."""
    if model.document:
        (folder / f"{name}.yaml").write_text(model.document, encoding="utf-8")
    else:
        from pathsim.pathway.describe import describe

        (folder / f"{name}.txt").write_text(describe(model.service), encoding="utf-8")
