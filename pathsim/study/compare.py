"""Two or more models, run on the same patients: the first is the base.

All have one seed, so that a patient has the same luck under each; differences are paired by
patient. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim.outcomes.folds import Measured
from pathsim.outcomes.summary import differences, summary
from pathsim.outcomes.written import first_lines
from pathsim.study import folders
from pathsim.study.jobs import Progress
from pathsim.study.pictures import drawing, pictures_of
from pathsim.study.plan import Model
from pathsim.study.precision import Precision, Reached
from pathsim.study.run import Ran, run_all, write_model
from pathsim.study.store import Results

if TYPE_CHECKING:
    from pathsim.study.beside import Hand


@dataclass(frozen=True)
class Compared:
    """The models as they were run, the base first."""

    runs: tuple[Ran, ...]

    @property
    def measured(self) -> dict[str, Measured]:
        return {ran.model.name: ran.measured for ran in self.runs}

    @property
    def reached(self) -> Reached | None:
        """How the precision that was asked for is met."""
        return self.runs[0].reached

    def outcomes(self) -> pd.DataFrame:
        """Every outcome of each model as a mean with its 95 % interval."""
        return summary(self.measured, self.reached.stages if self.reached else None)

    def differences(self) -> pd.DataFrame:
        """What each model differs by from the base, paired by patient."""
        return differences(self.measured, self.reached.stages if self.reached else None)

    def headers(self) -> list[str]:
        """The first lines of every table: one for all, or one each where they differ."""
        return first_lines({ran.model.name: ran.header() for ran in self.runs})

    def record(self) -> dict[str, Any]:
        return {
            "base": self.runs[0].model.name,
            "precision": self.reached and self.reached.record(),
            "runs": [ran.record() for ran in self.runs],
        }


def compare(
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
) -> Compared:
    """Run each model on the same patients, the base first; see `run_all`."""
    runs = run_all(models, seed=seed, replications=replications, workers=workers, engine=engine,
                   keep_log=keep_log, progress=progress, found=found, store=store,
                   scheduler=scheduler, precision=precision, more=more)  # fmt: skip
    return Compared(tuple(runs))


def keep(
    compared: Compared,
    out: Path,
    *,
    pictures: bool = True,
    hand: Hand | None = None,
    report: folders.Report | None = None,
) -> Path:
    """Write `out/compare_<base>/<run id>/`: tables and figures of all, each model's in a folder.

    A hand draws while this process writes; `report` adds its page.
    """

    def write(folder: Path) -> None:
        models = {ran.model.name: ran.model for ran in compared.runs}
        table = compared.differences() if compared.reached else None
        drawn = pictures_of(models, compared.measured, table) if pictures else ()
        with drawing(drawn, folder / "figures", hand=hand):
            write_tables(compared, folder)
        if report:
            report(folder)
        folders.write_dictionary(folder)

    base = compared.runs[0]
    name = folders.run_id(base.started, "".join(r.model.digest[:4] for r in compared.runs))
    return folders.write_whole(out / f"compare_{base.model.name}", name, write)


def write_tables(compared: Compared, folder: Path) -> None:
    """The record and the tables of all, and what is of one model alone in a folder of its own."""
    header = "; ".join(compared.headers())
    folders.write_record(folder, compared.record(), command="compare")
    folders.write_table(folder, "outcomes", compared.outcomes(), header=header)
    folders.write_table(folder, "differences", compared.differences(), header=header)
    for ran in compared.runs:
        own = folder / ran.model.name
        own.mkdir()
        write_model(own, ran.model, name="scenario")
        folders.write_measured(own / "measured", ran.measured)
        if ran.log is not None:
            folders.write_log(own, ran.log)
