"""How much work a study is, and over how many processes it is worth spreading.

Called by `run`. An estimate from the expected arrivals; a wrong one costs time, never a result.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Sequence

from pathsim.pathway.service import At, Poisson, Steady, Stream
from pathsim.study.beside import processors
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

A_JOB_TAKES = 2.0
"""Seconds that a job should take: long beside what it costs, short enough to be seen to move, and
little to lose when a study is stopped."""


def block(model: Model, engine: str) -> int:
    """How many replications of a model make a job: a power of 2.

    It depends on nothing but the model and the engine, so that a study finds its results again
    with other workers, more replications or other models beside it.
    """
    many = A_JOB_TAKES / (SECONDS[engine] * arrivals(model))
    return 1 << max(0, math.floor(math.log2(many)))


def processes(
    models: Sequence[Model], *, replications: int, engine: str, workers: int | None = None
) -> int:
    """Over how many processes it is worth spreading the replications of models; 1 is this one.

    Others are used where they save more time than it costs to start them and to send them their
    jobs, and no more than there are workers and jobs.
    """
    jobs = sum(math.ceil(replications / block(model, engine)) for model in models)
    many = min(workers or processors(), jobs)
    seconds = sum(SECONDS[engine] * arrivals(model) for model in models) * replications
    saved = seconds * (1 - 1 / many)
    return many if saved > TO_START[multiprocessing.get_start_method()] + A_JOB * jobs else 1


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
