"""How fast studies are, what a job costs beside its work, and how much memory many jobs take.

`python -m benchmarks.studies` measures all; `--only overhead memory` some of it; `--sets 50` fewer
sets, and the time of a thousand is then extrapolated. What is compared takes turns in one run, by
the time of day, on two cores.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.compiled_engine import Found, line
from benchmarks.study_workloads import STRATEGIES, Second, dask_workers, plan, study_file
from benchmarks.timing import (
    TIME_OF_DAY,
    Ratios,
    Work,
    cores,
    interleaved,
    on_cores,
    run_command,
    seconds,
    spread,
)
from pathsim.study.execute import carry_out
from pathsim.study.executors import On, executing
from pathsim.study.jobs import Job
from pathsim.study.store import Store

THOUSAND, PATIENTS, TWO = 1_000, 1_000, 2
SWEEP = "from pathsim.cli import app; app(standalone_mode=False)"
PEAKS = (
    "import json, resource; from benchmarks.programs import peak_memory; "
    "children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024; "
    "print(json.dumps({'parent': peak_memory(), 'worker': children}))"
)
"""What a process prints at its end: the greatest memory that it and any of its workers held."""


@dataclass(frozen=True)
class Asked:
    """How much is measured: sets and patients of sweeps, jobs of a second, small jobs, pairs."""

    sets: int
    patients: int
    seconds: int
    jobs: int
    pairs: int


Item = Callable[[Asked, Path], Iterator[Found]]


def thousand(asked: Asked, folder: Path) -> Iterator[Found]:
    """A thousand sets in four strategies, from the command line to the folder of results."""
    first = _whole(1, asked, folder)
    took = _whole(asked.sets, asked, folder)
    each = (took - first) / max(1, asked.sets - 1)
    whole = first + each * (THOUSAND - 1)
    how = f"{took:.1f} s" if asked.sets == THOUSAND else f"{whole:.0f} s, extrapolated"
    yield Found(
        f"{THOUSAND:,} sets x {len(STRATEGIES)} strategies x {asked.patients:,} patients",
        "whole process", how, "under 120 s", whole < 120.0,
        f"1 set in {first:.1f} s, {asked.sets:,} in {took:.1f} s, so {each:.2f} s a set",
    )  # fmt: skip


def _whole(sets: int, asked: Asked, folder: Path) -> float:
    """Seconds of `pathsim sweep` with so many sets, each time with a store of its own."""
    study = study_file(folder, sets=sets, patients=asked.patients)
    command = [sys.executable, "-c", SWEEP, "sweep", str(study), "--workers", str(TWO), "-q",
               "--no-figures", "--out", str(folder / str(sets))]  # fmt: skip
    return seconds(lambda: len(run_command(command)), clock=TIME_OF_DAY)[1]


def workers(asked: Asked, folder: Path) -> Iterator[Found]:
    """The same sweep on two workers and on one; the processes begin within the time."""
    sweep = _sweeping(asked, folder)
    two, one = partial(sweep, workers=TWO), partial(sweep, workers=1)
    ratios = _in_turn(two, one, asked)
    middle = statistics.median(ratios.faster)
    yield Found(
        f"sweep of {_jobs(asked)} jobs on two workers against one", "warm, one store each",
        f"{spread(ratios.faster)} times faster", "at least 1.8", middle >= 1.8, _both(ratios),
    )  # fmt: skip


def dask(asked: Asked, folder: Path) -> Iterator[Found]:
    """The same sweep on a Dask cluster of two workers here and on two processes."""
    sweep = _sweeping(asked, folder)
    with dask_workers(TWO, folder) as address:
        sweep(scheduler=address)
        cluster, processes = partial(sweep, scheduler=address), partial(sweep, workers=TWO)
        ratios = _in_turn(cluster, processes, asked)
    middle = statistics.median(ratios.slower)
    yield Found(
        f"sweep of {_jobs(asked)} jobs on two Dask workers against two processes",
        "warm, one store each", f"{spread(ratios.slower)} times as long", "at most 1.15",
        middle <= 1.15, _both(ratios),
    )  # fmt: skip


def overhead(asked: Asked, folder: Path) -> Iterator[Found]:
    """What jobs of a second take beyond their second, on processes and on a cluster."""
    with dask_workers(TWO, folder) as address, executing(scheduler=address) as on:
        _carried([Second(k, 0.1) for k in range(4)], on, folder)
        yield _beyond(asked, "two Dask workers", partial(_carried, on=on, folder=folder))
    with executing(TWO) as on:
        _carried([Second(k, 0.1) for k in range(4)], on, folder)
        yield _beyond(asked, "two processes", partial(_carried, on=on, folder=folder))


def _beyond(asked: Asked, where: str, carried: Callable[[Iterable[Job]], int]) -> Found:
    told = []
    for _ in range(asked.pairs):
        done, took = seconds(lambda: carried(map(Second, range(asked.seconds))), clock=TIME_OF_DAY)
        told.append(100.0 * (took * TWO / done - 1.0))
    return Found(
        f"{asked.seconds} jobs of one second on {where}: what they take beyond it", "warm",
        f"{spread(told)} %", "under 5 %", statistics.median(told) < 5.0,
    )  # fmt: skip


def memory(asked: Asked, folder: Path) -> Iterator[Found]:
    """Peak memory of a sweep of many jobs against one of a hundredth of them."""
    few = max(1, asked.jobs // 100)
    small, large = (_peaks(sets, folder / str(sets)) for sets in (few, asked.jobs))
    for who in ("parent", "worker"):
        ratio = large[who] / small[who]
        yield Found(
            f"peak memory of a {asked.jobs:,}-job sweep against {few:,} jobs: {who}",
            "whole process", f"{ratio:.2f} times", "at most 1.3", ratio <= 1.3,
            f"{large[who]:,.0f} and {small[who]:,.0f} MiB",
        )  # fmt: skip


def _peaks(sets: int, folder: Path) -> dict[str, float]:
    """Who -> MiB of a sweep of so many sets, a job each, of a scenario that takes no time."""
    folder.mkdir()
    study = study_file(folder, sets=sets, patients=5, scenarios=(str(folder / "short.yaml"),))
    asked = ["sweep", str(study), "--workers", str(TWO), "-q", "--no-figures", "--out", str(folder)]
    said = run_command([sys.executable, "-c", f"{SWEEP}; {PEAKS}", *asked])
    peaks: dict[str, float] = json.loads(said.splitlines()[-1])
    return peaks


# --- what is timed -----------------------------------------------------------------------------


def _sweeping(asked: Asked, folder: Path) -> Callable[..., int]:
    """Carries the sweep out anew in each call, with a store of its own; how many jobs."""
    from pathsim.study.sweep import sweep

    planned = plan(folder, sets=asked.sets, patients=asked.patients)

    def carried(workers: int | None = None, scheduler: str | None = None) -> int:
        with tempfile.TemporaryDirectory(dir=folder) as store:
            return sweep(planned, Store(Path(store)), workers=workers, scheduler=scheduler).done

    return carried


def _carried(jobs: Iterable[Job], on: On, folder: Path) -> int:
    with tempfile.TemporaryDirectory(dir=folder) as store:
        return carry_out(jobs, Store(Path(store)), on=on).done


def _in_turn(ours: Work, theirs: Work, asked: Asked) -> Ratios:
    return interleaved(ours, theirs, pairs=asked.pairs, clock=TIME_OF_DAY)


def _both(ratios: Ratios) -> str:
    ours, theirs = ([taken for _, taken in told] for told in (ratios.ours, ratios.theirs))
    return f"{spread(ours)} and {spread(theirs)} s"


def _jobs(asked: Asked) -> str:
    return f"{asked.sets * len(STRATEGIES):,}"


# --- the table ---------------------------------------------------------------------------------

ITEMS: dict[str, Item] = {
    "thousand": thousand, "workers": workers, "dask": dask, "overhead": overhead, "memory": memory,
}  # fmt: skip


def measured(name: str, asked: Asked) -> Iterator[Found]:
    """The lines of an item, or one that says why it was not run."""
    try:
        with on_cores(TWO), tempfile.TemporaryDirectory() as folder:
            if cores() < TWO:
                raise RuntimeError("there is one core only")
            yield from ITEMS[name](asked, Path(folder))
    except (ImportError, RuntimeError) as error:
        yield Found(name, "", "not run", rates=f"{type(error).__name__}: {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--sets", type=int, default=THOUSAND, help="of a sweep; each in 4 strategies"
    )
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--seconds", type=int, default=40, help="jobs of a second")
    parser.add_argument("--jobs", type=int, default=10_000, help="whose memory is measured")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=ITEMS, default=list(ITEMS))
    given = parser.parse_args()
    asked = Asked(given.sets, given.patients, given.seconds, given.jobs, given.pairs)
    print("| what | how | found, median (range) | aim | reached | seconds or sizes |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in given.only:
        for found in measured(name, asked):
            print(line(found), flush=True)


if __name__ == "__main__":
    main()
