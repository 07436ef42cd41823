"""How much work a study is, and over how many processes it is worth spreading.

Called by `run`. An estimate from the expected arrivals; a wrong one costs time, never a result.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from collections.abc import Sequence
from dataclasses import dataclass

from pathsim.pathway.service import At, Poisson, Steady, Stream
from pathsim.study.plan import Model

SECONDS = {"simpy": 3e-4, "compiled": 6e-6}
"""Engine -> seconds to simulate and measure one arrival.

Measured on scenario cart_first (7,077 arrivals, most of them other users) on one core at 2 to 3
GHz. Other models and machines differ by several times, which the rule below bears.
"""

TO_START = {"fork": 0.2, "forkserver": 2.5, "spawn": 2.5}
"""How processes begin -> seconds until all are ready, their imports included; measured."""

A_JOB = 0.1
"""Seconds that a job costs more in a process than here, memory and tables made anew included.

Measured: .03 with a small model, .13 with cart_first, on two cores.
"""

JOBS_A_WORKER, LONGEST = 4, 10.0
"""So many jobs a worker even out; and no job is longer than so many seconds, or nothing is seen."""


@dataclass(frozen=True)
class Spread:
    """Over how many processes (1 is this one alone), and how many replications a job."""

    processes: int
    block: int


def spread(
    models: Sequence[Model], *, replications: int, engine: str, workers: int | None = None
) -> Spread:
    """How to spread the replications of models over up to so many workers.

    Other processes are used where they save more time than it costs to start them and to send
    them their jobs. Alone, one job takes all of a model.
    """
    each = [SECONDS[engine] * arrivals(model) for model in models]
    one, processes = max(each), min(workers or os.cpu_count() or 1, replications)
    block = max(1, min(math.ceil(replications / (JOBS_A_WORKER * processes)), int(LONGEST / one)))
    saved = sum(each) * replications * (1 - 1 / processes)
    jobs = len(models) * math.ceil(replications / block)
    if saved <= TO_START[multiprocessing.get_start_method()] + A_JOB * jobs:
        return Spread(1, replications)
    return Spread(processes, block)


def arrivals(model: Model) -> float:
    """How many patients are expected in a replication, other users included; at least 1."""
    return max(1.0, sum(_expected(stream, model.horizon) for stream in model.service.streams))


def _expected(stream: Stream, horizon: float) -> float:
    match stream.arrivals:
        case At(times=times):
            many: float = len(times)
        case Steady(interval=interval, start=start):
            many = max(0.0, (horizon - start) / interval + 1)
        case Poisson() as random:
            many = random.law().cumulative_hazard(horizon)
    return many if stream.patients is None else min(many, stream.patients)
