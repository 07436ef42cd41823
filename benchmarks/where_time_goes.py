"""Where the time of a warm run goes: the functions of pathsim with the most time of their own.

`python -m benchmarks.where_time_goes "A compiled" --patients 100000`. Compiled code shows as the
function that calls it. The profiler itself slows what is interpreted, so shares are quoted, not
seconds.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from pathlib import Path

from benchmarks.compiled_engine import WARM_UP
from benchmarks.programs import NAMES, program

LINES = 15


def shares(name: str, patients: int) -> list[tuple[float, float, str]]:
    """(share with what it calls, share of its own, function), the most of its own first."""
    run = program(name)
    run(WARM_UP, 1)
    profile = cProfile.Profile()
    profile.runcall(run, patients, 1)
    told = pstats.Stats(profile)
    total = told.total_tt  # type: ignore[attr-defined]
    functions = told.stats.items()  # type: ignore[attr-defined]
    found = [
        (with_callees / total, own / total, f"{Path(file).name}:{line} {function}")
        for (file, line, function), (_, _, own, with_callees, _) in functions
    ]
    return sorted(found, key=lambda one: -one[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("program", choices=NAMES, nargs="?", default="A compiled")
    parser.add_argument("--patients", type=int, default=100_000)
    asked = parser.parse_args()
    print("  own  with callees  function")
    for with_callees, own, function in shares(asked.program, asked.patients)[:LINES]:
        print(f"{own:5.1%}  {with_callees:12.1%}  {function}")


if __name__ == "__main__":
    main()
