"""Programs timed in turn, on one core, and in processes of their own.

Seconds of a machine that others use as well say little; the ratio of two programs that take turns
says more. Every ratio is kept, so that its median and range can be quoted.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

LAST_WORDS = 200
"""Characters of what a failed command says that are passed on."""

Work = Callable[[], int]
"""Does it once; how many rows."""

Timer = Callable[[], float]

TIME_OF_DAY: Timer = time.perf_counter


@dataclass(frozen=True)
class Ratios:
    """Interleaved pairs: rows and seconds of ours and theirs."""

    ours: tuple[tuple[int, float], ...]
    theirs: tuple[tuple[int, float], ...]

    @property
    def faster(self) -> list[float]:
        """How many times faster ours is, pair by pair: theirs' seconds over ours."""
        pairs = zip(self.ours, self.theirs, strict=True)
        return [theirs / ours for (_, ours), (_, theirs) in pairs]

    @property
    def slower(self) -> list[float]:
        """How many times longer ours takes, pair by pair."""
        return [1.0 / ratio for ratio in self.faster]


def seconds(work: Work, *, clock: Timer = time.process_time) -> tuple[int, float]:
    """Rows and seconds of doing it once.

    They are those that the processor spent on this process, unless the clock is another one: on a
    machine that others use as well, the time of day counts what was spent on them.
    """
    began = clock()
    rows = work()
    return rows, clock() - began


def interleaved(
    ours: Work, theirs: Work, *, pairs: int, clock: Timer = time.process_time
) -> Ratios:
    """Ours and theirs in turn, so often; whoever begins changes from pair to pair."""
    told: list[tuple[tuple[int, float], tuple[int, float]]] = []
    for pair in range(pairs):
        if pair % 2:
            second = seconds(theirs, clock=clock)
            told.append((seconds(ours, clock=clock), second))
        else:
            told.append((seconds(ours, clock=clock), seconds(theirs, clock=clock)))
    return Ratios(tuple(o for o, _ in told), tuple(t for _, t in told))


@contextmanager
def on_cores(many: int) -> Iterator[None]:
    """Only so many of the cores that this process may use; all of them where that is unknown."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:many])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Process:
    """A whole process: seconds from start to end, those of the simulation alone, peak memory."""

    rows: int
    whole: float
    alone: float
    peak_mib: float


def whole_process(program: str, patients: int, *, seed: int = 1) -> Process:
    """One program in a process of its own; RuntimeError with its last words where it fails."""
    command = [sys.executable, "-m", "benchmarks.programs", program, str(patients)]
    began = time.perf_counter()
    said = run_command([*command, "--seed", str(seed)])
    whole = time.perf_counter() - began
    told = json.loads(said.splitlines()[-1])
    return Process(told["rows"], whole, told["seconds"], told["peak_mib"])


def run_command(command: Sequence[str]) -> str:
    """What a command prints; RuntimeError where it fails."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(" ".join(done.stderr.split())[-LAST_WORDS:] or "it failed")
    return done.stdout


def spread(values: Sequence[float]) -> str:
    """The median and the range, to three digits: `3.10 (2.95 to 3.30)`."""
    middle = _said(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({_said(min(values))} to {_said(max(values))})"


def _said(value: float) -> str:
    return f"{value:.0f}" if value >= 100.0 else f"{value:#.3g}"


def rate(told: Sequence[tuple[int, float]]) -> float:
    """Rows a second, the median."""
    return statistics.median(rows / taken for rows, taken in told)
