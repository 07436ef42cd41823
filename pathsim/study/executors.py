"""Where jobs are carried out: in this process, in others on this machine, or on a cluster.

`executing` gives something with the interface of `concurrent.futures.Executor` that can be begun
anew when it is broken. Used by `execute` and by whoever has tasks of its own; knows no job.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import ParamSpec, Protocol, TypeVar

from pathsim.study.beside import begin_worker, processors

P = ParamSpec("P")
T = TypeVar("T")


class On(Protocol):
    """Whatever takes tasks and gives their results later."""

    @property
    def room(self) -> int:
        """How many tasks may be under way, so that nobody waits for one and memory stays small."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]: ...

    def begin_anew(self) -> None:
        """Replace what is broken (`BrokenExecutor`); what was under way there is lost."""

    def stuck(self) -> bool:
        """Whether what is under way will never end; asked now and then while nothing does."""

    def end(self, *, at_once: bool = False) -> None:
        """Let go; `at_once` stops what is under way."""


class Here:
    """This process, one task at a time; each may use so many threads."""

    room = 1

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The result at once; an interruption ends it."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def begin_anew(self) -> None:
        """Nothing: where this process breaks nobody is left to say so."""

    def stuck(self) -> bool:
        return False

    def end(self, *, at_once: bool = False) -> None:
        """Nothing is under way when this can be called."""


class Processes:
    """So many processes on this machine. They end when this one does, however it ends."""

    def __init__(self, many: int) -> None:
        self.many = many
        self._others = set(multiprocessing.active_children())
        self._begin()

    @property
    def room(self) -> int:
        """Those at work, and as many to go on with."""
        return 2 * self.many + 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Raises BrokenExecutor where a process is no more."""
        future = self._pool.submit(fn, *args, **kwargs)
        self._mine |= self._alive()
        return future

    def begin_anew(self) -> None:
        """The same number of new processes; those of before that are left are stopped."""
        self.end(at_once=True)
        self._begin()

    def _begin(self) -> None:
        self._pool = ProcessPoolExecutor(self.many, initializer=begin_worker)
        self._mine: set[BaseProcess] = set()
        self._one_gone = False

    def stuck(self) -> bool:
        """Whether a process was gone already when this was last asked.

        A pool finds out at once, but for one that ends in the midst of sending a result: then it
        waits for the rest.
        """
        before, self._one_gone = self._one_gone, self._mine > self._alive()
        return before and self._one_gone

    def end(self, *, at_once: bool = False) -> None:
        if not at_once:
            self._pool.shutdown(cancel_futures=True)
            return
        # The pool notices by itself and lets go of what is half sent; told to shut down as well, it
        # may wait for ever for somebody to take it.
        for process in self._alive():
            process.kill()
        # Of a result that was half sent the rest is waited for while anybody can still send it.
        results = getattr(self._pool, "_result_queue", None)
        if results is not None:
            results._writer.close()

    def _alive(self) -> set[BaseProcess]:
        return set(multiprocessing.active_children()) - self._others


@contextmanager
def executing(
    workers: int | None = None, scheduler: str | None = None, *, threads: int | None = None
) -> Iterator[On]:
    """So many processes, all processors if not said; one is this process itself.

    There a task may use `threads`, all processors if not said. With the address of a `scheduler`
    the workers are those of a Dask cluster, however many they are; InputError where it cannot be
    had. Where the block ends in an error, Ctrl-C included, what is under way is stopped.
    """
    on = _on(workers, scheduler, threads)
    try:
        yield on
    except BaseException:
        on.end(at_once=True)
        raise
    on.end()


def _on(workers: int | None, scheduler: str | None, threads: int | None) -> On:
    if scheduler is not None:
        from pathsim.study.cluster import Cluster  # not every pathsim has Dask

        return Cluster(scheduler)
    many = processors() if workers is None else workers
    return Here(threads or processors()) if many == 1 else Processes(many)
