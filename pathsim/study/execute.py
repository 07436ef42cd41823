"""Carrying out jobs: those that the store lacks, on an executor, each result kept as it comes.

Called by every study with its jobs; afterwards it reads what they gave, in order (`result`).
A worker packs the tables, the parent alone keeps the bytes. So many jobs are under way that nobody
waits, and no more: memory does not grow with their number. Knows no model and no outcome.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pathsim.study.executors import Here, On
from pathsim.study.jobs import Job, Progress
from pathsim.study.packing import packed
from pathsim.study.store import Results

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables

SELDOM = 20_000
"""New objects after which the memory is searched for circles; Python's own number is 700."""

LOOK = 2.0
"""Seconds without a result after which one looks whether there can be any."""

TRIES = 3
"""How often a job may break what carries it out before it counts as failed."""


@dataclass(frozen=True)
class Failure:
    """A job that gave nothing: what went wrong, in the words of the exception."""

    job: Job
    kind: str
    message: str
    trace: str = ""

    @property
    def cause(self) -> str:
        """What failures are grouped by."""
        return f"{self.kind}: {self.message}" if self.message else self.kind


@dataclass
class Carried:
    """How it went: jobs done now, jobs found in the store, seconds of work, and what failed."""

    done: int = 0
    found: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Carried) -> None:
        """Count another round of the same study too."""
        self.done += other.done
        self.found += other.found
        self.seconds += other.seconds
        self.failures += other.failures


class Stopped(KeyboardInterrupt):
    """Ctrl-C while jobs were carried out: how many of them are kept, and of how many."""

    def __init__(self, kept: int, of: int | None) -> None:
        self.kept, self.of = kept, of
        super().__init__(kept, of)

    def after(self, earlier: Carried) -> Stopped:
        """With what earlier rounds of the study kept; how many more there were to be, is open."""
        return Stopped(self.kept + earlier.done + earlier.found, None)

    def __str__(self) -> str:
        jobs = f"{self.kept} jobs" if self.of is None else f"{self.kept} of {self.of} jobs"
        return f"Stopped: {jobs} are kept, and the same command goes on from there."


class JobsFailedError(Exception):
    """Some jobs of a study failed, the others are kept: raised when all have been tried."""

    def __init__(self, failures: list[Failure]) -> None:
        self.failures = failures
        super().__init__(failures)

    def __str__(self) -> str:
        first = self.failures[0]
        more = len(self.failures) - 1
        others = f" (and {more} more failed)" if more else ""
        return f"{first.job.name}: {first.cause}{others}"


@dataclass(frozen=True)
class Outcome:
    """What comes back from a worker: packed tables or the words of an exception; seconds."""

    data: bytes | None
    seconds: float
    kind: str = ""
    message: str = ""
    trace: str = ""


def carry_out(
    jobs: Iterable[Job],
    store: Results,
    *,
    on: On,
    progress: Progress | None = None,
    found: Progress | None = None,
) -> Carried:
    """Carry out what the store lacks, and keep it there.

    `progress` hears how much more is done, and `found` how much was in the store already, in
    replications. A job that fails does not stop the others. Raises Stopped after Ctrl-C, OSError
    where the store cannot be written; what is kept by then stays.
    """
    return _Carrying(store, on, progress, found).all(jobs)


def result(job: Job, store: Results) -> Tables:
    """What a job gave; carried out once more, here, where its entry is lost or damaged."""
    try:
        return store.get(job.key)
    except KeyError:
        store.put(job.key, packed(job.carry_out()))
        return store.get(job.key)


def work(job: Job, threads: int = 1, progress: Progress | None = None) -> Outcome:
    """One job, in a worker. An exception comes back as words: not every one can be pickled."""
    began = time.perf_counter()
    try:
        with seldom_collected():
            data = packed(job.carry_out(threads=threads, progress=progress))
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        seconds = time.perf_counter() - began
        return Outcome(None, seconds, type(error).__name__, str(error), trace)
    return Outcome(data, time.perf_counter() - began)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Circles of objects are looked for more seldom: there are few, and looking takes a sixth of
    the time of a small job, which makes a model of a hundred thousand parts."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Carrying:
    """One round of jobs: what is under way, what must be tried again, and how it went."""

    def __init__(
        self, store: Results, on: On, progress: Progress | None, found: Progress | None
    ) -> None:
        self.store, self.on = store, on
        self.progress, self.found = progress, found
        self.under_way: dict[Future[Outcome], Job] = {}
        self.again: deque[Job] = deque()
        self.broke: Counter[str] = Counter()
        self.carried = Carried()
        self.heard = 0.0
        """How much of the job that is carried out here `progress` has heard of."""

    def all(self, jobs: Iterable[Job]) -> Carried:
        missing = self._missing(jobs)
        try:
            while self._fill(missing):
                self._take()
        except KeyboardInterrupt:
            kept = self.carried.done + self.carried.found
            raise Stopped(kept, len(jobs) if isinstance(jobs, Sized) else None) from None
        finally:
            for future in self.under_way:
                future.cancel()
        return self.carried

    def _missing(self, jobs: Iterable[Job]) -> Iterator[Job]:
        for job in jobs:
            if self.store.has(job.key):
                self.carried.found += 1
                if self.found is not None:
                    self.found(job.size)
            else:
                yield job

    def _fill(self, missing: Iterator[Job]) -> bool:
        """Submit jobs while there is room; whether any is under way.

        A job that is one try from failing goes alone, so that it is not blamed for another.
        """
        while len(self.under_way) < self.on.room:
            job = self.again.popleft() if self.again else next(missing, None)
            if job is None:
                break
            last_try = self.broke[job.key] >= TRIES - 1
            if last_try and self.under_way:
                self.again.appendleft(job)
                break
            self._submit(job)
            if last_try:
                break
        return bool(self.under_way or self.again)

    def _submit(self, job: Job) -> None:
        try:
            if isinstance(self.on, Here):
                heard = None if self.progress is None else self._hear
                future = self.on.submit(work, job, self.on.threads, heard)
            else:
                future = self.on.submit(work, job)
        except BrokenExecutor:
            self._begin_anew(job)
        else:
            self.under_way[future] = job

    def _take(self) -> None:
        """Wait until something is done, and keep it."""
        done, _ = wait(self.under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
        if not done and self.on.stuck():
            self._begin_anew()
            return
        for future in [each for each in self.under_way if each in done]:
            try:
                outcome = future.result()
            except (BrokenExecutor, CancelledError):  # nobody here cancels what is waited for
                self._begin_anew()
                return
            except Exception as error:  # what carries it out failed, not the job itself
                outcome = Outcome(None, 0.0, type(error).__name__, str(error))
            self._keep(self.under_way.pop(future), outcome)

    def _keep(self, job: Job, outcome: Outcome) -> None:
        if outcome.data is None:
            failure = Failure(job, outcome.kind, outcome.message, outcome.trace)
            self.carried.failures.append(failure)
        else:
            self.store.put(job.key, outcome.data)
            self.carried.done += 1
        self.carried.seconds += outcome.seconds
        if job.size - self.heard > 1e-9:  # all of it where another process carried it out
            self._hear(job.size - self.heard)
        self.heard = 0.0

    def _hear(self, by: float) -> None:
        self.heard += by
        if self.progress is not None:
            self.progress(by)

    def _begin_anew(self, *refused: Job) -> None:
        """What carries jobs out is broken: try again all that was under way, or give one up."""
        lost = [*refused]
        for future, job in self.under_way.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._keep(job, future.result())
            else:
                lost.append(job)
        self.under_way.clear()
        for job in lost:
            self.broke[job.key] += 1
            if self.broke[job.key] >= TRIES:
                ended = (
                    f"a worker ended {TRIES} times while it was under way, at last with it alone"
                )
                self._keep(job, Outcome(None, 0.0, "Killed", ended))
        self.again.extendleft(job for job in reversed(lost) if self.broke[job.key] < TRIES)
        self.on.begin_anew()
