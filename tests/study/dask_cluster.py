"""A real Dask cluster on this machine: a scheduler and workers, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds that a process has to begin, on a machine that others use as well."""

Process = subprocess.Popen[bytes]


@dataclass
class Running:
    """A scheduler at an address, and its workers in the order in which they came."""

    address: str
    scheduler: Process
    folder: Path
    workers: list[Process] = field(default_factory=list)

    def add(self, *, threads: int = 1, sources: Path = ROOT) -> Process:
        """One more worker of so many threads, on the pathsim that stands in a folder."""
        options = ["--nthreads", str(threads), "--no-nanny", "--no-dashboard"]
        place = ["--local-directory", str(self.folder), "--death-timeout", str(PATIENCE)]
        log = self.folder / f"worker-{len(self.workers)}.log"
        command = ["dask_worker", self.address, *options, *place]
        self.workers.append(begun(command, log, sources=sources))
        return self.workers[-1]


def begun(command: list[str], log: Path, *, sources: Path = ROOT) -> Process:
    """One of Dask's own programs."""
    module, *words = command
    with log.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *words],
            cwd=sources, env={**os.environ, "PYTHONPATH": str(sources)},
            stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip


@contextmanager
def cluster(folder: Path, *, workers: int = 0, threads: int = 1) -> Iterator[Running]:
    """A scheduler on a free port with so many workers, who may still be on their way."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    command = ["dask_scheduler", *options, "--scheduler-file", str(told)]
    scheduler = begun(command, folder / "scheduler.log")
    running = Running("", scheduler, folder)
    try:
        running.address = address_in(told, scheduler)
        for _ in range(workers):
            running.add(threads=threads)
        yield running
    finally:
        for process in (*running.workers, scheduler):
            process.kill()
            process.wait()


def address_in(told: Path, scheduler: Process) -> str:
    """The address that a scheduler writes down once it listens."""
    latest = time.monotonic() + PATIENCE
    while time.monotonic() < latest:
        assert scheduler.poll() is None, "the scheduler ended"
        try:
            return str(json.loads(told.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)
    raise TimeoutError("the scheduler does not begin")
