"""How fast an engine is, and what it needs, against programs written by hand: the table of aims.

`python -m benchmarks.compiled_engine` measures all; `--only a_simpy b_numpy` some of it;
`--engine simpy --patients 2000` tries it out. Programs take turns on one core, warm; "alone" is
the call of `simulate` to its three tables, or that of the program by hand to its log, in seconds of
the processor; "whole process" is from start to end by the clock, imports and the loading of
compiled code included.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.programs import BY_HAND, ENGINES, program
from benchmarks.timing import (
    TIME_OF_DAY,
    Ratios,
    cores,
    interleaved,
    on_cores,
    rate,
    run_command,
    seconds,
    spread,
    whole_process,
)

if TYPE_CHECKING:
    from pathsim.study.plan import Model

SHIPPED = "cart_first"
STRATEGIES = ("cart_first", "bispecific_first", "gprc5d_then_cart", "standard_only")
REPLICATIONS = 4
WARM_UP = 500
"""Patients of the run that loads everything before the clock is started."""


@dataclass(frozen=True)
class Asked:
    """What is measured: the engine, patients in the pairs and in the large runs, how often."""

    engine: str
    patients: int
    large: int
    pairs: int


@dataclass(frozen=True)
class Found:
    """One line of the table; `reached` is None where there is no aim."""

    what: str
    how: str
    found: str
    aim: str = ""
    reached: bool | None = None
    rates: str = ""


Item = Callable[[Asked], Iterator[Found]]


# --- simulation alone, in turn ---------------------------------------------------------------


def against(workload: str, theirs: str, asked: Asked) -> Ratios:
    """The engine and a program by hand, both warm, in turn."""
    ours = program(f"{workload} {asked.engine}")
    other = program(f"{workload} {theirs}")
    ours(WARM_UP, 1)
    other(WARM_UP, 1)
    return interleaved(
        partial(ours, asked.patients, 1), partial(other, asked.patients, 1), pairs=asked.pairs
    )


def _alone(
    workload: str, theirs: str, asked: Asked, *, least: float | None = None,
    most: float | None = None,
) -> Found:  # fmt: skip
    """A line with an aim `least` (times faster), or `most` (times as long), or none."""
    ratios = against(workload, theirs, asked)
    longer = most is not None or theirs in ("in C", "tables in C", "numpy")
    values = ratios.slower if longer else ratios.faster
    middle = statistics.median(values)
    aim, reached = "", None
    if least is not None:
        aim, reached = f"at least {least:g} times faster", middle >= least
    elif most is not None:
        aim, reached = f"at most {most:g} times as long", middle <= most
    rates = f"{rate(ratios.ours):,.0f} and {rate(ratios.theirs):,.0f} rows/s"
    unit = "times as long" if longer else "times faster"
    what = f"{workload}, {asked.patients:,} patients, against {theirs}"
    return Found(what, "alone", f"{spread(values)} {unit}", aim, reached, rates)


def by_hand(asked: Asked) -> Iterator[Found]:
    """The programs by hand among themselves: what the ratios of the engine are measured against."""
    for workload in "AB":
        names = [n for n in BY_HAND if n.startswith(workload)]
        runs = {name: partial(program(name), asked.patients, 1) for name in names}
        for name in names:
            program(name)(WARM_UP, 1)
        rounds = [{name: seconds(run) for name, run in runs.items()} for _ in range(asked.pairs)]
        for name in names:
            told = [each[name] for each in rounds]
            yardstick = [each[f"{workload} processes"][1] for each in rounds]
            ratios = [theirs / own for theirs, (_, own) in zip(yardstick, told, strict=True)]
            yield Found(
                f"{name}, {asked.patients:,} patients", "alone",
                f"{spread(ratios)} times faster than processes", rates=f"{rate(told):,.0f} rows/s",
            )  # fmt: skip


def a_simpy(asked: Asked) -> Iterator[Found]:
    """A against SimPy by hand: as tutorials have it, with tuned processes, with bare callbacks."""
    yield _alone("A", "tutorial", asked)
    yield _alone("A", "processes", asked, least=30.0)
    yield _alone("A", "callbacks", asked, least=30.0)


def a_c(asked: Asked) -> Iterator[Found]:
    """A against C: with tables, as an engine would, and for this model alone."""
    yield _alone("A", "tables in C", asked, most=1.8)
    yield _alone("A", "in C", asked)


def b_simpy(asked: Asked) -> Iterator[Found]:
    yield _alone("B", "processes", asked, least=50.0)
    yield _alone("B", "callbacks", asked, least=50.0)


def b_numpy(asked: Asked) -> Iterator[Found]:
    yield _alone("B", "numpy", asked, most=1.2)
    yield _alone("B", "in C", asked)


def shipped(asked: Asked) -> Iterator[Found]:
    """A shipped scenario, on the engine and on the SimPy engine, one replication."""
    from pathsim.engine.simulate import simulate

    model = _model(SHIPPED, None)

    def rows(engine: str) -> int:
        log = simulate(model.service, horizon=model.horizon, seed=1, engine=engine)
        return len(log.log)

    rows(asked.engine)
    ratios = interleaved(partial(rows, asked.engine), partial(rows, "simpy"), pairs=asked.pairs)
    yield Found(
        f"{SHIPPED}, against the SimPy engine", "alone", f"{spread(ratios.faster)} times faster",
        "at least 50 times faster", statistics.median(ratios.faster) >= 50.0,
        f"{rate(ratios.ours):,.0f} and {rate(ratios.theirs):,.0f} rows/s",
    )  # fmt: skip


def size(asked: Asked) -> Iterator[Found]:
    """Rows a second with many patients against few."""
    run = program(f"A {asked.engine}")
    few = max(asked.large // 100, 1)
    run(WARM_UP, 1)
    ratios = interleaved(partial(run, asked.large, 1), partial(run, few, 1), pairs=asked.pairs)
    pairs = zip(ratios.ours, ratios.theirs, strict=True)
    shares = [(n / s) / (m / t) for (n, s), (m, t) in pairs]
    yield Found(
        f"A, rows a second at {asked.large:,} patients against {few:,}", "alone", spread(shares),
        "at least .7", statistics.median(shares) >= 0.7,
        f"{rate(ratios.ours):,.0f} and {rate(ratios.theirs):,.0f} rows/s",
    )  # fmt: skip


# --- whole processes -------------------------------------------------------------------------


def a_whole(asked: Asked) -> Iterator[Found]:
    """A with many patients as a whole process, once each in turn."""
    ours = f"A {asked.engine}"
    whole_process(ours, WARM_UP)
    mine = whole_process(ours, asked.large)
    for theirs in ("A processes", "A callbacks"):
        other = whole_process(theirs, asked.large)
        ratio = other.whole / mine.whole
        yield Found(
            f"A, {asked.large:,} patients, against {theirs.removeprefix('A ')}", "whole process",
            f"{ratio:.2f} times faster", "at least 20 times faster", ratio >= 20.0,
            f"{mine.whole:.2f} s ({mine.alone:.2f} alone, {mine.peak_mib:,.0f} MiB) and"
            f" {other.whole:.2f} s ({other.alone:.2f} alone, {other.peak_mib:,.0f} MiB)",
        )  # fmt: skip


def start_up(asked: Asked) -> Iterator[Found]:
    """What a process takes that simulates next to nothing: imports and the loading of code."""
    ours = f"A {asked.engine}"
    whole_process(ours, 10)
    told = [whole_process(ours, 10).whole for _ in range(asked.pairs)]
    yield Found("A, 10 patients", "whole process", f"{spread(told)} s")


def memory(asked: Asked) -> Iterator[Found]:
    """The peak memory of a process that keeps outcomes only."""
    told = whole_process(f"A {asked.engine} outcomes", asked.large)
    yield Found(
        f"A, {asked.large:,} patients, outcomes only: peak memory", "whole process",
        f"{told.peak_mib:,.0f} MiB", "under 400 MiB", told.peak_mib < 400.0,
        f"{told.whole:.2f} s",
    )  # fmt: skip


def second_run(asked: Asked) -> Iterator[Found]:
    """`pathsim run` of 1,000 patients, after a first, with its tables and figures."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable, "-c", "from pathsim.cli import main; main()", "run", SHIPPED,
            "--patients", "1000", "--replications", "1", "--engine", asked.engine, "--quiet",
            "--fresh", "--keep-log", "--out", out,
        ]  # fmt: skip
        run_command(command)
        told = [
            seconds(lambda: len(run_command(command)), clock=TIME_OF_DAY)[1]
            for _ in range(asked.pairs)
        ]
    middle = statistics.median(told)
    yield Found(
        "second `pathsim run` of 1,000 patients", "whole process", f"{spread(told)} s",
        "under 2 s", middle < 2.0, "one replication, log, tables and figures written",
    )  # fmt: skip


# --- several cores, several strategies ---------------------------------------------------------


def two_cores(asked: Asked) -> Iterator[Found]:
    """Replications of A on two processes, one a core, against one."""
    if cores() < 2:
        raise RuntimeError("there is one core only")
    job = partial(_rows, f"A {asked.engine}")

    def replicated(pool: ProcessPoolExecutor) -> int:
        return sum(pool.map(job, [asked.patients] * REPLICATIONS, range(REPLICATIONS)))

    with _warm(job, 1) as one, _warm(job, 2) as two:
        ratios = interleaved(partial(replicated, two), partial(replicated, one), pairs=asked.pairs,
                             clock=TIME_OF_DAY)  # fmt: skip
    middle = statistics.median(ratios.faster)
    yield Found(
        f"A, {REPLICATIONS} replications of {asked.patients:,} patients on two cores against one",
        "alone", f"{spread(ratios.faster)} times faster", "at least 1.7", middle >= 1.7,
        f"{rate(ratios.ours):,.0f} and {rate(ratios.theirs):,.0f} rows/s",
    )  # fmt: skip


def _warm(job: Callable[[int, int], int], workers: int) -> ProcessPoolExecutor:
    """So many processes that have run it, kept to as many cores."""
    with on_cores(workers):
        pool = ProcessPoolExecutor(workers)
        list(pool.map(job, [WARM_UP] * 4 * workers, range(4 * workers)))
    return pool


def _rows(name: str, patients: int, seed: int) -> int:
    return program(name)(patients, seed)


def strategies(asked: Asked) -> Iterator[Found]:
    """Four strategies compared in a warm process, to the table of outcomes and differences."""
    from pathsim.study.compare import compare

    many, replications = (1_000, 20) if asked.engine == "compiled" else (20, 2)
    models = [_model(name, many) for name in STRATEGIES]

    def compared(times: int) -> int:
        done = compare(models, seed=1, replications=times, engine=asked.engine)
        return len(done.outcomes()) + len(done.differences())

    compared(2)
    told = [
        seconds(partial(compared, replications), clock=TIME_OF_DAY)[1] for _ in range(asked.pairs)
    ]
    full = many == 1_000
    yield Found(
        f"four strategies, {many:,} patients x {replications}, to the table",
        f"warm process, {cores()} cores", f"{spread(told)} s", "under 2 s" if full else "",
        statistics.median(told) < 2.0 if full else None,
    )  # fmt: skip


def _model(name: str, patients: int | None) -> Model:
    """The model of a shipped scenario."""
    from pathsim.inputs.resolve import resolve
    from pathsim.pathway.build import build
    from pathsim.study.plan import model_of, with_patients

    scenario = resolve(name)
    return model_of(build(scenario if patients is None else with_patients(scenario, patients)))


# --- the table ---------------------------------------------------------------------------------

ON_ONE_CORE: dict[str, Item] = {
    "by_hand": by_hand, "a_simpy": a_simpy, "a_c": a_c, "a_whole": a_whole, "b_simpy": b_simpy,
    "b_numpy": b_numpy, "shipped": shipped, "size": size, "memory": memory, "start_up": start_up,
    "second_run": second_run,
}  # fmt: skip
ON_ALL_CORES: dict[str, Item] = {"two_cores": two_cores, "strategies": strategies}
ITEMS = {**ON_ONE_CORE, **ON_ALL_CORES}


def measured(name: str, asked: Asked) -> Iterator[Found]:
    """The lines of an item, or one that says why it was not run."""
    try:
        with on_cores(1 if name in ON_ONE_CORE else cores()):
            yield from ITEMS[name](asked)
    except (ImportError, RuntimeError) as error:
        yield Found(name, "", "not run", rates=f"{type(error).__name__}: {error}")


def line(found: Found) -> str:
    """A row of a Markdown table."""
    reached = {True: "yes", False: "**no**", None: ""}[found.reached]
    cells = (found.what, found.how, found.found, found.aim, reached, found.rates)
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--engine", choices=ENGINES, default="compiled")
    parser.add_argument("--patients", type=int, default=100_000, help="in the pairs")
    parser.add_argument("--large", type=int, help="in the large runs; ten times as many")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=ITEMS, default=list(ITEMS))
    given = parser.parse_args()
    asked = Asked(given.engine, given.patients, given.large or 10 * given.patients, given.pairs)
    print("| what | how | found, median (range) | aim | reached | ours and theirs |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in given.only:
        for found in measured(name, asked):
            print(line(found), flush=True)


if __name__ == "__main__":
    main()
