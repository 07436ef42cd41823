"""Run a service: the one door to the engines.

`study` and anyone with a model in Python call `simulate`; it knows no therapy and no file.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module

from pathsim.errors import demand
from pathsim.events import Log, join
from pathsim.pathway.amounts import whole
from pathsim.pathway.service import Service

ENGINES = {"simpy": "pathsim.engine.reference"}
"""Engine -> the module whose `run` gives the tables of one replication."""

Progress = Callable[[int], None]


def simulate(
    service: Service,
    *,
    horizon: float,
    seed: int = 0,
    replications: int | range = 1,
    engine: str = "simpy",
    progress: Progress | None = None,
) -> Log:
    """The event log of independent replications of a service, up to `horizon` days.

    `replications` is how many, or a range of their numbers: the same number gives the same log
    wherever and with whatever others it is run. `progress` is called after each with its number.
    Raises ValueError for a horizon, seed, number or engine that cannot be, and PathwayError where
    the model breaks its own law (docs/law.md).

    >>> log = simulate(Service([Stream(pathway, Poisson(0.8))]), horizon=365.0, seed=1)
    """
    known = ", ".join(ENGINES)
    demand(engine in ENGINES, f"there is no engine '{engine}'; the engines are: {known}")
    demand(
        0.0 <= horizon < math.inf,
        f"the horizon is {horizon}; give a finite number of days, 0 or more.",
    )
    seed, numbers = whole(seed, "the seed"), numbered(replications)
    run = import_module(ENGINES[engine]).run
    parts = []
    for number in numbers:
        parts.append(run(service, horizon=horizon, seed=seed, replication=number))
        if progress is not None:
            progress(number)
    return join(parts, horizon)


def numbered(replications: int | range) -> range:
    """The numbers of the replications; ValueError where there are none."""
    if not isinstance(replications, range):
        return range(whole(replications, "the number of replications", least=1))
    sound = len(replications) > 0 and min(replications) >= 0
    demand(sound, f"replications are {replications}; give a range of numbers from 0 on.")
    return replications
