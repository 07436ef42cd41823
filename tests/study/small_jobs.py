"""Jobs of a hand-made service that take a few milliseconds, and some that misbehave."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.study.execute import Carried, carry_out
from pathsim.study.executors import On
from pathsim.study.jobs import Job, Progress
from pathsim.study.plan import Model
from pathsim.study.simulation import Simulation, simulations
from pathsim.study.store import Store
from tests.cli.small_service import small_service

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables

HORIZON = 500.0


def small_jobs(many: int, *, patients: int = 20) -> list[Simulation]:
    """So many replications of the small service, a job each."""
    model = Model("small", small_service(patients=patients), HORIZON)
    return [*simulations(model, seed=3, replications=many)]


@dataclass(frozen=True)
class Slow:
    """A job that does nothing for a while before it does what another does; it has its key."""

    of: Simulation
    seconds: float

    @property
    def key(self) -> str:
        return self.of.key

    @property
    def name(self) -> str:
        return self.of.name

    @property
    def size(self) -> float:
        return self.of.size

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        time.sleep(self.seconds)
        return self.of.carry_out(threads=threads, progress=progress)

    def keep_alone(self, folder: Path) -> str:
        return self.of.keep_alone(folder)


class Deadly(Slow):
    """A job that kills whatever process carries it out."""

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def kept(folder: Path) -> dict[str, bytes]:
    """Every result in a store, by its place; not what was begun and never finished."""
    files = (path for path in folder.glob("*/*") if not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def carried(jobs: Sequence[Job], folder: Path, on: On) -> Carried:
    """Carry jobs out into the store in a folder."""
    return carry_out(jobs, Store(folder), on=on)
