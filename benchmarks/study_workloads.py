"""The studies that are measured: study files as text, jobs of a second, and a Dask cluster here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from distributed import Client

from benchmarks.timing import ROOT
from pathsim.study.keys import key

if TYPE_CHECKING:
    from pathsim.study.jobs import Progress, Tables
    from pathsim.study.sweep import Plan

STRATEGIES = ("cart_first", "bispecific_first", "gprc5d_then_cart", "standard_only")

STUDY = """\
study: measured
title: Beds, referrals and deaths early after CAR T, in a Latin hypercube
scenarios: [{scenarios}]
patients: {patients}
replications: 1
seed: 1
design:
  kind: latin_hypercube
  sets: {sets}
  vary:
    - {{path: centre.resources.cell_therapy_bed.places, low: 8, high: 14, name: beds}}
    - {{path: accrual.rate, low: 6 per month, high: 10 per month, name: referrals}}
    - {{path: therapies.cilta-cel.early_death.probability}}
"""

SHORT = """\
title: What is it like to be at the centre for a month?
extends: cart_first
horizon: 1 month
"""
"""A scenario that takes little time, for studies of many jobs."""


def study_file(
    folder: Path, *, sets: int, patients: int, scenarios: tuple[str, ...] = STRATEGIES
) -> Path:
    """A study of so many sets, in a folder that holds the scenario `short.yaml` as well."""
    (folder / "short.yaml").write_text(SHORT, encoding="utf-8")
    path = folder / "measured.yaml"
    text = STUDY.format(sets=sets, patients=patients, scenarios=", ".join(scenarios))
    path.write_text(text, encoding="utf-8")
    return path


def plan(folder: Path, *, sets: int, patients: int) -> Plan:
    """The plan of that study in all strategies, its scenarios read."""
    from pathsim.study.studies import study_asked
    from pathsim.study.sweep import plan_of

    return plan_of(study_asked(study_file(folder, sets=sets, patients=patients)))


@dataclass(frozen=True)
class Second:
    """A job that keeps a processor busy for a second, and gives as many rows as one of a sweep."""

    number: int
    seconds: float = 1.0

    @property
    def key(self) -> str:
        return key("second", self.number, self.seconds)

    @property
    def name(self) -> str:
        return f"second {self.number}"

    @property
    def size(self) -> float:
        return 1.0

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        until = time.perf_counter() + self.seconds
        while time.perf_counter() < until:
            pass
        return {"outcomes": pd.DataFrame({"outcome": map(str, range(200)), "value": self.number})}

    def keep_alone(self, folder: Path) -> str:
        return ""


@contextmanager
def dask_workers(many: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers of one thread, on this machine."""
    told = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    begun = [_begun("dask_scheduler", *options, "--scheduler-file", str(told))]
    try:
        while not told.exists() or not told.read_text():
            time.sleep(0.1)
        address = str(json.loads(told.read_text())["address"])
        mine = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(folder)]
        begun += [_begun("dask_worker", address, *mine) for _ in range(many)]
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(many, timeout=60)
        yield address
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def _begun(program: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *options], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
