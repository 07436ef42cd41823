"""A study of tiny jobs as a program: `python -m tests.study.driver FOLDER MANY`.

It takes the way that every study takes, from jobs over two processes and a store to a folder of
results, without the scenarios and figures that would only take time.
"""

import sys
from pathlib import Path

from pathsim.engine.simulate import chosen
from pathsim.study.execute import result
from pathsim.study.executors import executing
from pathsim.study.folders import write_measured, write_whole
from pathsim.study.simulation import together
from pathsim.study.store import Store
from tests.study.small_jobs import Slow, carried, small_jobs

TAKES = 0.02
"""Seconds that a job takes beside its work, so that there is a moment at which it can be killed."""


def study(folder: Path, many: int) -> None:
    """Results in `results/small/run`, and the store beside."""
    chosen(None)  # loaded before there are workers, as studies do
    jobs = [Slow(job, TAKES) for job in small_jobs(many)]
    store = Store(folder / "store")
    with executing(2) as on:
        assert not carried(jobs, folder / "store", on).failures

    def write(results: Path) -> None:
        for part in ("first", "second"):
            half = jobs[::2] if part == "first" else jobs[1::2]
            measured, _, _ = together([result(job, store) for job in half])
            write_measured(results / part, measured)

    write_whole(folder / "results" / "small", "run", write)


if __name__ == "__main__":
    study(Path(sys.argv[1]), int(sys.argv[2]))
