"""A study as a process that is killed again and again, and what is seen of its files meanwhile."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import psutil

from pathsim.study.packing import unpacked
from tests.study.dask_cluster import ROOT, Process

RECORD = "run.json"
"""Where times and the host stand."""

LATEST = 0.05
"""Seconds that pass at most between the moment named and the kill."""

LOOK = 0.03
"""Seconds between two looks at the files: each costs some milliseconds."""

GONE, ENDS = 10.0, 120.0
"""Seconds that workers have to notice that their parent is no more, and a study to end."""


@dataclass(frozen=True)
class Study:
    """A command that keeps results in `folder/store` and at last a folder below `results`."""

    command: Sequence[str]
    folder: Path
    jobs: int

    def begin(self, *, before: Callable[[], None] | None = None) -> Process:
        said = (self.folder / "said.txt").open("ab")
        with said:
            return subprocess.Popen(
                [sys.executable, *self.command], cwd=self.folder, stdout=said, stderr=said,
                env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
                preexec_fn=before,
            )  # fmt: skip

    def run(self) -> None:
        assert self.begin().wait(ENDS) == 0, self.said

    @property
    def said(self) -> str:
        return (self.folder / "said.txt").read_text()

    @property
    def entries(self) -> int:
        return len([*visible(self.folder / "store")])

    @property
    def results(self) -> dict[str, bytes]:
        """Every file of the results but the record of how it went.

        A study that was killed after its last file was in place is begun again, and gives another
        folder, which must be the same.
        """
        first, *others = [contents(folder) for folder in finished(self.folder / "results")]
        assert all(other == first for other in others)
        return first


def visible(folder: Path) -> Iterator[Path]:
    """The files that a user sees: none whose name, or a folder of whose, begins with a dot."""
    for top, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(top, name) for name in files if not name.startswith("."))


def contents(folder: Path) -> dict[str, bytes]:
    """Name -> bytes of what a user sees in a folder of results, but the record of how it went."""
    files = (path for path in visible(folder) if path.name != RECORD)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def finished(results: Path) -> list[Path]:
    """The folders of results that a user sees: `results/<study>/<run>`."""
    return sorted(path for path in results.glob("*/*") if not path.name.startswith("."))


@dataclass
class Watch:
    """What has been seen of a study's files while it ran, looked at again and again."""

    study: Study
    whole: dict[str, bytes]
    seen: set[Path] = field(default_factory=set)
    halves: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Every file that is new must be whole at first sight."""
        for path in visible(self.study.folder / "store"):
            if path not in self.seen:
                self.seen.add(path)
                try:
                    unpacked(path.read_bytes())
                except ValueError as error:
                    self.halves.append(f"{path.name}: {error}")
        for folder in finished(self.study.folder / "results"):
            if folder not in self.seen:
                self.seen.add(folder)
                if contents(folder) != self.whole:
                    self.halves.append(f"{folder.name} is not whole")

    @contextmanager
    def looking(self) -> Iterator[None]:
        over = Event()

        def look() -> None:
            while not over.wait(LOOK):
                self.look()

        thread = Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.look()


@dataclass
class Killer:
    """Kills a study so many times, its parent and one of its workers in turn, then lets it end.

    The moments are spread over all of it: when so many results are kept and a little later, or
    while it reads and writes (`reading` seconds) once all are.
    """

    study: Study
    times: int
    seed: int
    reading: float
    killed: list[str] = field(default_factory=list)

    def let_end(self) -> None:
        chance = random.Random(self.seed)
        moments = sorted(chance.randint(0, self.study.jobs) for _ in range(self.times))
        process = self.study.begin()
        for number, due in enumerate(moments):
            process = self._running_at(due, process, chance)
            if number % 2 == 0 or not self._kill_a_worker(process, chance):
                self._kill_parent(process)
                process = self.study.begin()
        assert process.wait(ENDS) == 0, self.study.said

    def _running_at(self, due: int, process: Process, chance: random.Random) -> Process:
        """The study at that moment, begun again where it was quicker."""
        while True:
            while process.poll() is None and self.study.entries < due:
                time.sleep(LOOK)
            computing = self.study.entries < self.study.jobs
            time.sleep(chance.uniform(0.0, LATEST if computing else self.reading))
            if process.poll() is None:
                return process
            assert process.returncode == 0, self.study.said
            process = self.study.begin()

    def _kill_a_worker(self, process: Process, chance: random.Random) -> bool:
        """Whether there was one to kill: there are none where nothing is left to be computed."""
        workers = self._workers(process)
        while not workers and process.poll() is None and self.study.entries < self.study.jobs:
            time.sleep(LOOK)
            workers = self._workers(process)
        with suppress(psutil.NoSuchProcess, IndexError):
            chance.choice(workers).kill()
            self.killed.append("worker")
            return True
        return False

    def _workers(self, process: Process) -> list[psutil.Process]:
        try:
            return list(psutil.Process(process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def _kill_parent(self, process: Process) -> None:
        workers = self._workers(process)
        process.kill()
        if process.wait() == -signal.SIGKILL:
            self.killed.append("parent")
        _, alive = psutil.wait_procs(workers, timeout=GONE)
        left = [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
        assert not left, f"workers outlive their parent: {left}"
