"""Run a service: the one door to the engines.

`study` and anyone with a model in Python call `simulate`; it knows no therapy and no file.
"""

from __future__ import annotations

from collections.abc import Callable

from pathsim.events import Log, join
from pathsim.pathway.service import Service

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
    Raises PathwayError where the model breaks its own law (docs/law.md).

    >>> log = simulate(Service([Stream(pathway, Poisson(0.8))]), horizon=365.0, seed=1)
    """
    if engine != "simpy":
        raise ValueError(f"no engine '{engine}'; the engines are: simpy")
    from pathsim.engine.reference import run

    numbers = range(replications) if isinstance(replications, int) else replications
    parts = []
    for number in numbers:
        parts.append(run(service, horizon=horizon, seed=seed, replication=number))
        if progress is not None:
            progress(number)
    return join(parts, horizon)
