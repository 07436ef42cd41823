"""Every program that is measured, by name, and one run of one of them in a process of its own.

`python -m benchmarks.programs PROGRAM PATIENTS` runs it and prints one line of JSON: the rows of
its log, the seconds of the simulation alone, and the peak memory of the process in MiB.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

Run = Callable[[int, int], int]
"""Simulates so many patients with a seed; the number of rows of the log."""

BY_HAND = {
    "A tutorial": "by_hand_tutorial clinic",
    "A processes": "by_hand_simpy clinic",
    "A callbacks": "by_hand_callbacks clinic",
    "A tables in C": "by_hand_tables clinic",
    "A in C": "by_hand_c clinic",
    "B processes": "by_hand_simpy free",
    "B callbacks": "by_hand_callbacks free",
    "B numpy": "by_hand_numpy free",
    "B tables in C": "by_hand_tables free",
    "B in C": "by_hand_c free",
}
"""Program -> the module and function; they keep their log in their own form."""

STATUS = Path("/proc/self/status")

ENGINES = ("compiled", "simpy")
NAMES = (
    *BY_HAND,
    *(f"{workload} {engine}" for workload in "AB" for engine in ENGINES),
    *(f"A {engine} outcomes" for engine in ENGINES),
)


def program(name: str) -> Run:
    """The program of this name, loaded; ImportError or RuntimeError where it cannot run here."""
    if name in BY_HAND:
        module, function = BY_HAND[name].split()
        by_hand = getattr(import_module(f"benchmarks.{module}"), function)
        return lambda patients, seed: len(by_hand(patients, seed=seed))
    if name not in NAMES:
        raise ValueError(f"there is no program '{name}'; the programs are: {', '.join(NAMES)}")
    workload, engine, *folded = name.split()
    return _outcomes(engine) if folded else _engine(workload, engine)


def _engine(workload: str, engine: str) -> Run:
    """The workload on an engine of pathsim, to its three tables."""
    from benchmarks.workloads import SERVICES, horizon
    from pathsim.engine.simulate import simulate

    def run(patients: int, seed: int) -> int:
        service = SERVICES[workload](patients)
        return len(simulate(service, horizon=horizon(patients), seed=seed, engine=engine).log)

    return run


def _outcomes(engine: str) -> Run:
    """Workload A, of which only outcomes are kept: its log comes in blocks and is let go."""
    from benchmarks.agree import Outcomes
    from benchmarks.workloads import SERVICES, horizon, rows_of
    from pathsim.engine.simulate import blocks

    def run(patients: int, seed: int) -> int:
        rows, outcomes = 0, Outcomes()
        service = SERVICES["A"](patients)
        for block in blocks(service, horizon=horizon(patients), seed=seed, engine=engine):
            outcomes.add(rows_of(block.log))
            rows += len(block.log)
        if outcomes.patients != patients:
            raise RuntimeError(f"outcomes of {outcomes.patients} of {patients} patients")
        return rows

    return run


def peak_memory() -> float:
    """The greatest memory that this process has held, in MiB.

    Linux counts in `ru_maxrss` what the process that started this one held, in `VmHWM` it does not.
    """
    if STATUS.exists():
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return float(lines["VmHWM"].split()[0]) / 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("program", choices=NAMES)
    parser.add_argument("patients", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    run = program(asked.program)
    began = time.perf_counter()
    rows = run(asked.patients, asked.seed)
    seconds = time.perf_counter() - began
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mib": peak_memory()}))


if __name__ == "__main__":
    main()
