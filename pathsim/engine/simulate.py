"""Run a service: the one door to the engines.

`study` and anyone with a model in Python call `simulate`, or `blocks` where the log is too large to
keep; it knows no therapy and no file.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from pathsim.errors import demand
from pathsim.events import Log, join
from pathsim.pathway.amounts import whole
from pathsim.pathway.service import Service

if TYPE_CHECKING:
    from pathsim.events import Tables

SIMPY = "simpy"
ENGINES = {SIMPY: "pathsim.engine.reference", "compiled": "pathsim.engine.compiled.replication"}
"""Engine -> the module whose `run` yields the tables of one replication, in parts."""

DEFAULT = "compiled"
"""The engine that runs where none is named and numba can be loaded; else SimPy's does."""

Progress = Callable[[int, float], None]
"""Called with a replication's number and the share of it that is done, 1.0 at its end."""

ROWS = 1_000_000
"""Rows of the log in a block, more or less."""


def simulate(
    service: Service,
    *,
    horizon: float,
    seed: int = 0,
    replications: int | range = 1,
    engine: str | None = None,
    progress: Progress | None = None,
    threads: int = 1,
) -> Log:
    """The event log of independent replications of a service, up to `horizon` days.

    `replications` is how many, or a range of their numbers: the same number gives the same log
    wherever and with whatever others it is run, on every engine and with any number of threads.
    Raises ValueError for a horizon, seed, number or engine that cannot be, and PathwayError where
    the model breaks its own law (docs/law.md).

    >>> log = simulate(Service([Stream(pathway, Poisson(0.8))]), horizon=365.0, seed=1)
    """
    run = _run(service, horizon, seed, replications, engine, progress, threads, math.inf, True)
    return join(list(run), horizon)


def blocks(
    service: Service,
    *,
    horizon: float,
    seed: int = 0,
    replications: int | range = 1,
    engine: str | None = None,
    progress: Progress | None = None,
    threads: int = 1,
    rows: int = ROWS,
    patients: bool = True,
) -> Iterator[Log]:
    """The log of `simulate` in blocks of about so many rows, made as they are asked for.

    A block holds whole patients, some of a replication or those of several, so that all blocks in
    order are the log; the capacity table of a replication comes with its last patients. Without
    `patients` that table is left empty: who only measures does not need it.
    """
    parts: list[Tables] = []
    many = whole(rows, "the rows of a block", least=1)
    run = _run(service, horizon, seed, replications, engine, progress, threads, many, patients)
    for part in run:
        parts.append(part)
        if 2 * sum(len(log) for log, _, _ in parts) >= many:  # a part is about a block already
            yield join(parts, horizon)
            parts = []
    if parts:
        yield join(parts, horizon)


def _run(
    service: Service,
    horizon: float,
    seed: int,
    replications: int | range,
    engine: str | None,
    progress: Progress | None,
    threads: int,
    rows: float,
    patients: bool,
) -> Iterator[Tables]:
    """The tables of all replications in order, each in one part or several."""
    run = import_module(ENGINES[chosen(engine)]).run
    demand(
        0.0 <= horizon < math.inf,
        f"the horizon is {horizon}; give a finite number of days, 0 or more.",
    )
    seed, numbers = whole(seed, "the seed"), numbered(replications)
    threads = whole(threads, "the number of threads", least=1)
    for number in numbers:
        say = None if progress is None else _said(progress, number)
        yield from run(service, horizon=horizon, seed=seed, replication=number, rows=rows,
                       threads=threads, progress=say, patients=patients)  # fmt: skip
        if progress is not None:
            progress(number, 1.0)


def chosen(engine: str | None) -> str:
    """The engine of this name, loaded; where none is named, the best that can be.

    Where numba is missing or fails one line of the log (`pathsim.engine`) says so. Raises
    ValueError where there is none of this name, ImportError where it cannot be loaded.
    """
    known = ", ".join(ENGINES)
    demand(
        engine is None or engine in ENGINES,
        f"there is no engine '{engine}'; the engines are: {known}",
    )
    try:
        import_module(ENGINES[engine or DEFAULT])
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        if engine is not None:
            raise ImportError(f"the {engine} engine cannot be loaded: {reason}") from error
        _say_slower(reason)
        return SIMPY
    return engine or DEFAULT


@cache
def _say_slower(reason: str) -> None:
    logging.getLogger("pathsim.engine").warning(
        "The compiled engine cannot be loaded (%s): SimPy runs instead, slower but the same.",
        reason,
    )


def _said(progress: Progress, number: int) -> Callable[[float], None]:
    return lambda share: progress(number, share)


def numbered(replications: int | range) -> range:
    """The numbers of the replications; ValueError where there are none."""
    if not isinstance(replications, range):
        return range(whole(replications, "the number of replications", least=1))
    sound = len(replications) > 0 and min(replications) >= 0
    demand(sound, f"replications are {replications}; give a range of numbers from 0 on.")
    return replications
