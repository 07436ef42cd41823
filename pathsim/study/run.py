"""One model, run: from jobs to measured outcomes, and all of it kept.

`run` simulates and measures; `keep` writes the folder of results. Called by the command line and
by `compare`; the models are made by `plan`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim.engine.simulate import SIMPY, chosen
from pathsim.events import Log
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.summary import summary
from pathsim.outcomes.written import first_line
from pathsim.study import store
from pathsim.study.effort import spread
from pathsim.study.execute import Progress, execute, executor, together
from pathsim.study.pictures import Picture, drawing, pictures_of
from pathsim.study.plan import Model, jobs

if TYPE_CHECKING:
    from pathsim.study.beside import Hand


COMPILERS = ("numba", "llvmlite")
"""Packages whose versions belong to the record where they made the engine."""


@dataclass(frozen=True)
class Ran:
    """A model that has been run: what was measured, its log if it was kept, and how it went.

    `events` are rows of the log, `seconds` those spent on simulating, over all workers.
    """

    model: Model
    seed: int
    replications: int
    measured: Measured
    log: Log | None
    events: int
    seconds: float
    started: datetime
    finished: datetime
    engine: str

    @property
    def off_label(self) -> int:
        """How many therapies were begun beyond their label."""
        return int(self.measured.patients["off_label"].sum())

    def outcomes(self) -> pd.DataFrame:
        """Every outcome as a mean with its 95 % interval."""
        return summary({self.model.name: self.measured})

    def header(self) -> str:
        """The first line of every table."""
        model = self.model
        return first_line(
            horizon=model.horizon,
            accrual=model.accrual,
            day_0=model.day_0,
            off_label=self.off_label,
            rules=sorted(model.off_label),
            evidence=model.evidence,
        )

    def record(self) -> dict[str, Any]:
        """Everything that is needed to do the run again, and how it went."""
        return {
            "scenario": self.model.name,
            "digest": self.model.digest,
            "engine": self.engine,
            "seed": self.seed,
            "replications": self.replications,
            "patients": self.model.patients,
            "horizon_days": self.model.horizon,
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat(),
            "events": self.events,
            "events_per_second": round(self.events / self.seconds) if self.seconds else None,
            "off_label_entries": self.off_label,
            "off_label_rules": sorted(self.model.off_label),
            "numbers_by_kind": dict(self.model.evidence),
            "versions": store.versions(*COMPILERS if self.engine != SIMPY else ()),
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
) -> Ran:
    """Simulate and measure independent replications of a model.

    The result is the same, byte for byte, for any number of workers and on every engine.
    `progress` is told how much more is done, in replications. Raises PathwayError where the model
    breaks its own law, ImportError where the engine named cannot be loaded.
    """
    (ran,) = run_all([model], seed=seed, replications=replications, workers=workers, engine=engine,
                     keep_log=keep_log, progress=progress)  # fmt: skip
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
) -> list[Ran]:
    """Several models, one after another, on the same workers; see `run`."""
    name = chosen(engine)
    over = spread(models, replications=replications, engine=name, workers=workers)
    threads, ran = workers or os.cpu_count() or 1, []
    with executor(over.processes) as on:
        for model in models:
            started = store.now()
            planned = jobs(model, seed=seed, replications=replications, block=over.block,
                           engine=name)  # fmt: skip
            results = list(execute(model, planned, on=on, keep_log=keep_log, threads=threads,
                                   progress=progress))  # fmt: skip
            measured, log = together(results)
            events, seconds = sum(r.events for r in results), sum(r.seconds for r in results)
            ran.append(Ran(model, seed, replications, measured, log, events, seconds, started,
                           store.now(), name))  # fmt: skip
    return ran


def keep(ran: Ran, out: Path, *, pictures: bool = True, hand: Hand | None = None) -> Path:
    """Write `out/<scenario>/<run id>/`: record, document, log, outcomes, figures; its path.

    A hand is another process, which draws while this one writes.
    """

    def write(folder: Path) -> None:
        with drawing(_pictures(ran) if pictures else (), folder / "figures", hand=hand):
            store.write_record(folder, ran.record())
            write_model(folder, ran.model, name="scenario")
            store.write_measured(folder / "measured", ran.measured)
            store.write_table(folder, "outcomes", ran.outcomes(), header=ran.header())
            if ran.log is not None:
                store.write_log(folder, ran.log)
        store.write_dictionary(folder)

    return store.write_whole(
        out / ran.model.name, store.run_id(ran.started, ran.model.digest), write
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
