"""Carrying out jobs: on this process or on several, the results always in order and the same.

`execute` works with any executor that has the interface of concurrent.futures; `executor` makes
one of processes on this machine. A job is simulated and measured where it runs; the event log
comes back only where it is asked for.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pathsim.engine.simulate import simulate
from pathsim.events import Log, join
from pathsim.outcomes.columns import joined
from pathsim.outcomes.folds import TABLES, Measured, measure
from pathsim.study.plan import Job, Model

Progress = Callable[[Job], None]


@dataclass(frozen=True)
class Result:
    """What one job gives back: what was measured, how many rows in how many seconds, the log."""

    job: Job
    measured: Measured
    events: int
    seconds: float
    log: Log | None = None


def carry_out(model: Model, job: Job, *, keep_log: bool = False) -> Result:
    """Simulate and measure one job; this is what runs in a worker."""
    began = time.perf_counter()
    log = simulate(
        model.service, horizon=model.horizon, seed=job.seed, replications=job.replications
    )
    seconds = time.perf_counter() - began
    measured = measure(log, model.marking)
    return Result(job, measured, len(log.log), seconds, log if keep_log else None)


def execute(
    model: Model,
    jobs: Sequence[Job],
    *,
    on: Executor,
    keep_log: bool = False,
    progress: Progress | None = None,
) -> Iterator[Result]:
    """The results of a model's jobs, in the order of the jobs, as they come.

    `progress` is called with each job when its result is handed over. When the caller stops early
    (Ctrl-C included) the jobs that have not begun are cancelled.
    """
    futures = [on.submit(carry_out, model, job, keep_log=keep_log) for job in jobs]
    try:
        for job, future in zip(jobs, futures, strict=True):
            result = future.result()
            if progress is not None:
                progress(job)
            yield result
    finally:
        for future in futures:
            future.cancel()


def together(results: Sequence[Result]) -> tuple[Measured, Log | None]:
    """What was measured in all results as one, and their log, if each has one."""
    parts = [r.measured for r in results]
    tables = {name: joined([getattr(part, name) for part in parts]) for name in TABLES}
    measured = Measured(**tables, horizon=parts[0].horizon)
    logs = [r.log for r in results if r.log is not None]
    if len(logs) < len(results):
        return measured, None
    return measured, join([(log.log, log.patients, log.capacity) for log in logs], logs[0].horizon)


class InThisProcess(Executor):
    """An executor without workers: a job is carried out when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Later(fn, args, kwargs)


class Later(Future[Any]):
    """A future that works when it is asked, so that results come one by one."""

    def __init__(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> None:
        super().__init__()
        self._work = (fn, args, kwargs)

    def result(self, timeout: float | None = None) -> Any:
        if not self.done():
            fn, args, kwargs = self._work
            self.set_result(fn(*args, **kwargs))
        return super().result(timeout)


@contextmanager
def executor(workers: int) -> Iterator[Executor]:
    """So many processes on this machine; this one alone for one. No job begins after the block."""
    if workers == 1:
        yield InThisProcess()
        return
    pool = ProcessPoolExecutor(workers, initializer=_leave_interrupts_to_the_caller)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts_to_the_caller() -> None:
    """A worker lets Ctrl-C pass and ends with its job, unless the caller stops it before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
