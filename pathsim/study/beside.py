"""A process beside this one, begun at once, so that two processors share what a command must do.

Called by the commands: it reads scenarios while this process loads what runs them, and draws while
this one writes tables. Where there is one processor, or processes begin slowly, there is none.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from concurrent.futures.process import ProcessPoolExecutor
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import ParamSpec, Protocol, TypeVar

SOON = 1.0
"""Seconds after which a worker notices, at the latest, that its parent is no more."""

P = ParamSpec("P")
T = TypeVar("T")


class Hand(Protocol):
    """Whatever takes a task and gives its result later."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]: ...


class Beside:
    """`with Beside() as hand: later = hand.submit(read, path); ...; later.result()`.

    The hand is None where none is worth having. Tasks are done one after another, in order. When
    the block ends in an error the process is stopped, whatever it is doing.
    """

    def __init__(self) -> None:
        self._pool: Executor | None = None
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Hand | None:
        if processors() == 1 or multiprocessing.get_start_method() != "fork":
            return None
        self._pool = ProcessPoolExecutor(1, initializer=begin_worker)
        return self._pool

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._pool is None:
            return
        if error is None:
            self._pool.shutdown(cancel_futures=True)
            return
        for process in set(multiprocessing.active_children()) - self._others:
            process.kill()  # the pool notices by itself


def asked_of(
    hand: Hand, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
) -> Callable[[], T]:
    """A call for the result of a task: the hand's, or this process's own where the hand is lost."""
    try:
        later = hand.submit(fn, *args, **kwargs)
    except BrokenExecutor:
        return lambda: fn(*args, **kwargs)

    def result() -> T:
        try:
            return later.result()
        except BrokenExecutor:
            return fn(*args, **kwargs)

    return result


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin_worker() -> None:
    """What every worker does first: it leaves Ctrl-C to its parent, and ends when its parent does.

    It goes on with its task after Ctrl-C, unless the parent stops it; a parent that was killed can
    stop nobody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent, above = multiprocessing.parent_process(), os.getppid()
    if parent is None:
        return
    while os.getppid() == above and not wait([parent.sentinel], timeout=SOON):
        pass
    os._exit(1)
