"""Carrying out jobs: in this process or in several, the results always in order and the same.

`execute` works with any executor that has the interface of concurrent.futures; `executor` makes
one of processes on this machine. A job is simulated and measured where it runs, block by block; the
event log comes back only where it is asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from pathsim.engine import simulate as engines
from pathsim.engine.simulate import blocks
from pathsim.events import Log, join
from pathsim.outcomes.columns import joined
from pathsim.outcomes.folds import TABLES, Measured, Measuring
from pathsim.study.beside import leave_interrupts_to_the_caller
from pathsim.study.plan import Job, Model

AT_ONCE = 250_000
"""Rows of the log that are measured at once: with more or fewer it takes longer, with more it takes
more memory; measured on 20 replications of scenario cart_first and on a clinic of 100,000."""

Progress = Callable[[float], None]
"""Called with how many more replications are done, or what part of one."""


@dataclass(frozen=True)
class Result:
    """What one job gives back: what was measured, how many rows in how many seconds, the log."""

    job: Job
    measured: Measured
    events: int
    seconds: float
    log: Log | None = None


def carry_out(
    model: Model,
    job: Job,
    *,
    keep_log: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Simulate and measure one job; a block of the log is let go once it is measured.

    This is what runs in a worker; `progress` is heard of only where it is called, in this process.
    """
    measuring, kept, events, seconds = Measuring(model.marking), list[Log](), 0, 0.0
    began = time.perf_counter()
    for block in blocks(
        model.service, horizon=model.horizon, seed=job.seed, replications=job.replications,
        engine=job.engine, threads=threads, rows=AT_ONCE, patients=keep_log,
        progress=moved(progress, job.replications),
    ):  # fmt: skip
        seconds += time.perf_counter() - began
        measuring.add(block)
        events += len(block.log)
        if keep_log:
            kept.append(block)
        began = time.perf_counter()
    return Result(job, measuring.finish(), events, seconds, one_log(kept) if kept else None)


def moved(progress: Progress | None, numbers: range) -> engines.Progress | None:
    """What tells `progress` of each step forward when an engine says how far it is."""
    if progress is None:
        return None
    done = 0.0

    def heard(replication: int, share: float) -> None:
        nonlocal done
        now = numbers.index(replication) + share
        progress(now - done)
        done = now

    return heard


def execute(
    model: Model,
    jobs: Sequence[Job],
    *,
    on: Executor | None = None,
    keep_log: bool = False,
    threads: int = 1,
    progress: Progress | None = None,
) -> Iterator[Result]:
    """The results of a model's jobs, in the order of the jobs, as they come.

    Without an executor they are carried out here, each by so many threads, and `progress` hears of
    every step; with one, of each job when its result is handed over. When the caller stops early
    (Ctrl-C included) the jobs that have not begun are cancelled.
    """
    if on is None:
        for job in jobs:
            yield carry_out(model, job, keep_log=keep_log, threads=threads, progress=progress)
        return
    futures = [on.submit(carry_out, model, job, keep_log=keep_log) for job in jobs]
    try:
        for job, future in zip(jobs, futures, strict=True):
            result = future.result()
            if progress is not None:
                progress(len(job.replications))
            yield result
    finally:
        for future in futures:
            future.cancel()


def together(results: Sequence[Result]) -> tuple[Measured, Log | None]:
    """What was measured in all results as one, and their log, if each has one."""
    if len(results) == 1:
        return results[0].measured, results[0].log
    parts = [r.measured for r in results]
    tables = {name: joined([getattr(part, name) for part in parts]) for name in TABLES}
    measured = Measured(**tables, horizon=parts[0].horizon)
    logs = [r.log for r in results if r.log is not None]
    return measured, one_log(logs) if len(logs) == len(results) else None


def one_log(logs: Sequence[Log]) -> Log:
    """The log whose parts these are, in order."""
    return join([(log.log, log.patients, log.capacity) for log in logs], logs[0].horizon)


@contextmanager
def executor(processes: int) -> Iterator[Executor | None]:
    """So many processes on this machine; None for one. No job begins after the block.

    Where the block ends in an error, jobs under way are not waited for.
    """
    if processes == 1:
        yield None
        return
    pool = ProcessPoolExecutor(processes, initializer=leave_interrupts_to_the_caller)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(cancel_futures=True)
