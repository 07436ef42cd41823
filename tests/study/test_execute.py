"""Jobs are carried out once each, whatever breaks: failures told, workers replaced, all kept."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pathsim.study.execute import (
    TRIES,
    Carried,
    JobsFailedError,
    Stopped,
    carry_out,
    result,
)
from pathsim.study.executors import Here, On, Processes, executing
from pathsim.study.failed import by_cause, kept_alone
from pathsim.study.store import Memory, Store
from tests.study.toy import Toy

if TYPE_CHECKING:
    from pathsim.study.jobs import Progress, Tables

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=[1, 2])
def on(request: pytest.FixtureRequest) -> Iterator[On]:
    with executing(request.param) as where:
        yield where


def numbers(jobs: list[Toy], store: Memory) -> list[int]:
    return [int(result(job, store)["toy"]["number"].iloc[0]) for job in jobs]


def test_one_worker_is_this_process_and_more_are_others() -> None:
    with executing(1, threads=3) as here, executing(2) as others:
        assert isinstance(here, Here)
        assert here.threads == 3
        assert isinstance(others, Processes)


def test_results_are_read_back_in_the_order_of_the_jobs(on: On, tmp_path: Path) -> None:
    store, jobs = Memory(), [Toy(k, tmp_path, seconds=0.05 * (k % 3)) for k in range(9)]
    carried = carry_out(jobs, store, on=on)
    assert (carried.done, carried.found, carried.failures) == (9, 0, [])
    assert carried.seconds > 0
    assert numbers(jobs, store) == list(range(9))


def test_what_the_store_has_is_not_begun(on: On, tmp_path: Path) -> None:
    store, jobs = Memory(), [Toy(k, tmp_path) for k in range(4)]
    carry_out(jobs[1:3], store, on=on)
    done, found = list[float](), list[float]()
    carried = carry_out(jobs, store, on=on, progress=done.append, found=found.append)
    assert (carried.done, carried.found) == (2, 2)
    assert [job.begun for job in jobs] == [1, 1, 1, 1]
    assert (sum(done), sum(found)) == (2, 2)


def test_jobs_are_asked_for_only_when_there_is_room(on: On, tmp_path: Path) -> None:
    asked, ahead, store = 0, list[int](), Memory()

    def endless() -> Iterator[Toy]:
        nonlocal asked
        for asked in range(1, 41):
            yield Toy(asked, tmp_path)

    carried = carry_out(
        endless(), store, on=on, progress=lambda by: ahead.append(asked - len(ahead) - 1)
    )
    assert carried.done == 40
    assert max(ahead) <= on.room


def test_a_job_that_fails_stops_no_other(on: On, tmp_path: Path) -> None:
    jobs = [Toy(k, tmp_path, fails="no beds" if k in (1, 3) else "") for k in range(5)]
    store, heard = Memory(), list[float]()
    carried = carry_out(jobs, store, on=on, progress=heard.append)
    assert carried.done == 3
    assert {failure.job.name for failure in carried.failures} == {"toy 1", "toy 3"}
    assert {failure.cause for failure in carried.failures} == {"RuntimeError: no beds"}
    assert all("carry_out" in failure.trace for failure in carried.failures)
    assert sum(heard) == 5
    assert numbers([jobs[0], jobs[2], jobs[4]], store) == [0, 2, 4]


def test_what_failed_is_told_by_cause_and_kept_to_be_run_alone(tmp_path: Path) -> None:
    jobs = [Toy(k, tmp_path, fails=f"cause {k // 3}") for k in range(4)]
    with executing(1) as here:
        carried = carry_out(jobs, Memory(), on=here)
    assert [len(group) for group in by_cause(carried.failures).values()] == [3, 1]
    told = [*kept_alone(carried.failures, tmp_path / "failures")]
    assert told[0] == "4 jobs failed; what the others gave is kept."
    assert told[1] == "3 jobs: RuntimeError: cause 0"
    assert told[2] == "  such as toy 0; alone: toy 0 alone"
    assert (tmp_path / "failures" / "toy-3.txt").exists()
    each = (tmp_path / "failures" / "failures.txt").read_text(encoding="utf-8")
    assert each.count("Traceback") == 4
    assert (
        str(JobsFailedError(carried.failures)) == "toy 0: RuntimeError: cause 0 (and 3 more failed)"
    )


def test_a_worker_that_is_killed_costs_no_result(tmp_path: Path) -> None:
    jobs = [Toy(k, tmp_path, kills=1 if k in (2, 7) else 0, seconds=0.01) for k in range(12)]
    store = Memory()
    with executing(2) as on:
        carried = carry_out(jobs, store, on=on)
    assert (carried.done, carried.failures) == (12, [])
    assert numbers(jobs, store) == list(range(12))


def test_a_job_that_ends_its_process_again_and_again_fails_alone(tmp_path: Path) -> None:
    jobs = [Toy(k, tmp_path, kills=99 if k in (0, 5) else 0, seconds=0.01) for k in range(10)]
    store, heard = Memory(), list[float]()
    with executing(2) as on:
        carried = carry_out(jobs, store, on=on, progress=heard.append)
    assert {failure.job.name for failure in carried.failures} == {"toy 0", "toy 5"}
    ended = f"Killed: a worker ended {TRIES} times while it was under way, at last with it alone"
    assert {failure.cause for failure in carried.failures} == {ended}
    assert carried.done == 8
    assert jobs[0].begun == TRIES
    assert 1 <= jobs[5].begun <= TRIES  # it may have been waiting when another broke it
    assert sum(heard) == 10


def test_a_result_that_was_lost_is_made_once_more(tmp_path: Path) -> None:
    store, job = Store(tmp_path / "store"), Toy(3, tmp_path)
    with executing(1) as here:
        carry_out([job], store, on=here)
    store.clear()
    assert int(result(job, store)["toy"]["number"].iloc[0]) == 3
    assert job.begun == 2
    assert store.has(job.key)


def test_a_store_that_cannot_be_written_ends_the_study_and_keeps_what_it_has(
    on: On, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, jobs = Store(tmp_path / "store"), [Toy(k, tmp_path) for k in range(30)]
    put = Store.put

    def full(self: Store, key: str, data: bytes) -> None:
        if len(self.entries()) == 5:
            raise OSError(28, "No space left on device")
        put(self, key, data)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "put", full)
        with pytest.raises(OSError, match="No space"):
            carry_out(jobs, store, on=on)
    again = carry_out(jobs, store, on=on)
    assert (again.found, again.done) == (5, 25)


@dataclass(frozen=True)
class HalfSent(Toy):
    """Ends its process in the midst of sending what it gives, the first time."""

    def carry_out(self, *, threads: int = 1, progress: "Progress | None" = None) -> "Tables":
        found = super().carry_out(threads=threads, progress=progress)
        if self.begun == 1:
            Connection._send = _send_a_part  # type: ignore[attr-defined]
        return found


def _send_a_part(connection: Connection, data: bytes, write: object = os.write) -> None:
    os.write(connection.fileno(), data[: len(data) // 2])
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_ends_in_the_midst_of_sending_holds_nothing_up(tmp_path: Path) -> None:
    store, before = Memory(), set(multiprocessing.active_children())
    jobs = [HalfSent(0, tmp_path), *(Toy(k, tmp_path, seconds=0.1) for k in range(1, 6))]
    with executing(2) as on:
        carried = carry_out(jobs, store, on=on)
    assert (carried.done, carried.failures) == (6, [])
    assert jobs[0].begun == 2
    assert set(multiprocessing.active_children()) <= before


def test_an_interruption_says_how_many_are_kept(tmp_path: Path) -> None:
    store, jobs = Memory(), [Toy(k, tmp_path) for k in range(5)]

    def interrupt(by: float) -> None:
        if jobs[3].begun:
            raise KeyboardInterrupt

    with executing(1) as here, pytest.raises(Stopped) as stopped:
        carry_out(jobs, store, on=here, progress=interrupt)
    assert str(stopped.value) == (
        "Stopped: 3 of 5 jobs are kept, and the same command goes on from there."
    )
    assert sum(store.has(job.key) for job in jobs) == 3
    assert isinstance(stopped.value, KeyboardInterrupt)


def test_where_the_block_ends_in_an_error_no_process_is_left(tmp_path: Path) -> None:
    before, began = set(multiprocessing.active_children()), time.monotonic()

    def stopped() -> None:
        with executing(2) as on:
            on.submit(time.sleep, 60)
            time.sleep(0.2)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stopped()
    while set(multiprocessing.active_children()) - before:
        assert time.monotonic() - began < 10
        time.sleep(0.05)


def test_a_study_that_ends_in_an_error_ends_though_large_jobs_are_half_sent() -> None:
    program = (
        "import time\n"
        "from pathsim.study.executors import executing\n"
        "with executing(2) as on:\n"
        "    [on.submit(time.sleep, 60) for _ in range(2)]\n"
        "    [on.submit(len, bytes(10**6)) for _ in range(5)]\n"
        "    time.sleep(0.5)\n"
        "    raise SystemExit(7)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == 7


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc to look for processes")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from pathsim.study.executors import executing\n"
        "with executing(2) as on:\n"
        "    print(on.submit(os.getpid).result(), flush=True)\n"
        "    on.submit(time.sleep, 60); on.submit(time.sleep, 60).result()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert Path(f"/proc/{worker}").exists()
        os.kill(parent.pid, signal.SIGKILL)
        ends = time.monotonic() + 20
        while running(worker):
            assert time.monotonic() < ends
            time.sleep(0.1)


def running(process: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] != "Z"


def test_nothing_to_do_is_done_at_once() -> None:
    with executing(1) as here:
        assert carry_out([], Memory(), on=here) == Carried()
