"""How fast the SimPy engine is, and what it needs, on a queue and on a shipped scenario.

Run it by itself: `python benchmarks/simpy_engine.py`. The queue is also written by hand, as a SimPy
user would, and both are timed in turn in one run: the ratio is what to quote, not the seconds.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import simpy

from pathsim import (
    Clock,
    Exponential,
    Pathway,
    Poisson,
    Request,
    Resource,
    Service,
    State,
    Stream,
    simulate,
)

HORIZON = 2_000.0
ARRIVALS, SERVICE, PATIENCE, SERVERS = 10.0, 1.0, 1.0, 10


def queue() -> Service:
    """M/M/10 with impatience: the model of examples/queue_with_reneging.py."""
    clinic = Pathway(
        "clinic",
        "waiting",
        [
            State(
                "waiting",
                [Clock("patience", Exponential(rate=PATIENCE), "left")],
                [Request("server", "served")],
            ),
            State(
                "served",
                [Clock("service", Exponential(rate=SERVICE), "done")],
                holds={"server": 1},
            ),
            State("left", ends=True),
            State("done", ends=True),
        ],
    )
    return Service([Stream(clinic, Poisson(ARRIVALS))], [Resource("server", places=SERVERS)])


def by_hand() -> int:
    """The same queue as a SimPy user writes it, with a list for a log; returns its rows."""
    env, rows, chance = simpy.Environment(), [], random.Random(1)
    servers = simpy.Resource(env, SERVERS)

    def patient(number: int) -> Generator[simpy.Event, Any, None]:
        rows.append((number, env.now, "arrive"))
        with servers.request() as request:
            rows.append((number, env.now, "waiting"))
            outcome = yield request | env.timeout(chance.expovariate(PATIENCE))
            if request not in (outcome or ()):
                rows.append((number, env.now, "left"))
                return
            rows.append((number, env.now, "served"))
            yield env.timeout(chance.expovariate(SERVICE))
            rows.append((number, env.now, "done"))

    def arrivals() -> Generator[simpy.Event, Any, None]:
        number = 0
        while True:
            yield env.timeout(chance.expovariate(ARRIVALS))
            env.process(patient(number))
            number += 1

    env.process(arrivals())
    env.run(until=HORIZON)
    return len(rows)


def timed(run: Callable[[], int]) -> tuple[int, float]:
    """Rows and seconds of one run."""
    start = time.perf_counter()
    rows = run()
    return rows, time.perf_counter() - start


def simulated(service: Service, horizon: float, seed: int) -> int:
    """The rows of one replication."""
    return len(simulate(service, horizon=horizon, seed=seed).log)


def compare_with_hand(pairs: int) -> None:
    service = queue()
    ratios, speeds = [], []
    for seed in range(pairs):
        ours, seconds = timed(partial(simulated, service, HORIZON, seed))
        theirs, by_hand_seconds = timed(by_hand)
        speeds.append(ours / seconds)
        ratios.append((ours / seconds) / (theirs / by_hand_seconds))
    speed, ratio = statistics.median(speeds), statistics.median(ratios)
    print(f"queue: {speed:,.0f} rows of the log a second (simulation and tables)")
    print(
        f"  ratio to a program written by hand, rows a second: median {ratio:.2f}"
        f" (from {min(ratios):.2f} to {max(ratios):.2f}, {pairs} pairs)"
    )


def scenario(name: str) -> None:
    from pathsim.inputs.resolve import resolve
    from pathsim.pathway.build import build

    _, resolving = timed(lambda: len(resolve(name).therapies))
    built = build(resolve(name))
    rows, seconds = timed(partial(simulated, built.service, built.horizon, 1))
    print(f"{name}: {rows:,} rows in one replication, {rows / seconds:,.0f} a second;"
          f" reading its files {resolving:.1f} s")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=5, help="interleaved pairs of the queue")
    parser.add_argument("--scenario", default="cart_first")
    options = parser.parse_args()
    compare_with_hand(options.pairs)
    scenario(options.scenario)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
