"""A study on a Dask cluster: the same bytes as anywhere, and whatever is lost on the way."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread, Timer

import pytest

from pathsim.errors import InputError
from pathsim.study import cluster as clusters
from pathsim.study.execute import Carried
from pathsim.study.executors import On, executing
from pathsim.study.jobs import Job
from tests.study.dask_cluster import ROOT, Running, cluster
from tests.study.small_jobs import Deadly, Slow, carried, kept, small_jobs

MANY = 24


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the store holds after a study in this process alone."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with executing(1) as on:
        assert carried(small_jobs(MANY), folder, on).done == MANY
    return kept(folder)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with cluster(tmp_path / "cluster") as started:
        yield started


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def on_cluster(running: Running, jobs: Sequence[Job], store: Path) -> Carried:
    with executing(scheduler=running.address) as on:
        return carried(jobs, store, on)


def wait_for(many: int, on: clusters.Cluster) -> None:
    on._client.wait_for_workers(many, timeout=30)


@pytest.mark.parametrize("workers", [2, 4])
def test_several_processes_keep_the_same_bytes_as_one(
    undisturbed: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    with executing(workers) as on:
        carried(small_jobs(MANY), tmp_path, on)
    assert kept(tmp_path) == undisturbed


def test_one_two_and_four_workers_of_a_cluster_keep_the_same_bytes_as_one_process(
    undisturbed: dict[str, bytes], running: Running, tmp_path: Path
) -> None:
    for workers in (1, 2, 4):
        while len(running.workers) < workers:
            running.add(threads=1 if len(running.workers) < 3 else 2)
        with executing(scheduler=running.address) as on:
            assert isinstance(on, clusters.Cluster)
            wait_for(workers, on)
            carried(small_jobs(MANY), tmp_path / str(workers), on)
            assert on.room > 2 * workers
        assert kept(tmp_path / str(workers)) == undisturbed


def test_the_jobs_of_a_lost_worker_are_carried_out_by_another(
    undisturbed: dict[str, bytes], running: Running, tmp_path: Path
) -> None:
    running.add()
    running.add()
    jobs = [Slow(job, 0.1) for job in small_jobs(MANY)]
    with executing(scheduler=running.address) as on:
        assert isinstance(on, clusters.Cluster)
        wait_for(2, on)
        kept_four = (running.workers[0], tmp_path / "store", 4)
        killing = Thread(target=kill_when_kept, args=kept_four, daemon=True)
        killing.start()
        done = carried(jobs, tmp_path / "store", on)
        killing.join(timeout=60)
    assert running.workers[0].poll() is not None
    assert (done.done, done.failures) == (MANY, [])
    assert kept(tmp_path / "store") == undisturbed


def kill_when_kept(process: subprocess.Popen[bytes], store: Path, many: int) -> None:
    """SIGKILL for a process as soon as so many results are kept."""
    while len(list(store.rglob("*.zip"))) < many:
        time.sleep(0.01)
    process.kill()


@pytest.mark.slow
def test_a_lost_scheduler_is_told_and_the_study_goes_on_with_another(
    undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    jobs, store = [Slow(job, 0.1) for job in small_jobs(MANY)], tmp_path / "store"
    with cluster(tmp_path / "first", workers=1) as running:
        Thread(target=kill_when_kept, args=(running.scheduler, store, 3), daemon=True).start()
        with pytest.raises(InputError, match="no scheduler can be reached"):
            on_cluster(running, jobs, store)
    before = len(kept(store))
    assert 3 <= before < MANY
    with cluster(tmp_path / "second", workers=2) as running:
        after = on_cluster(running, jobs, store)
    assert (after.found, after.done) == (before, MANY - before)
    assert kept(store) == undisturbed


@pytest.mark.slow
def test_a_job_that_ends_its_workers_is_a_failure_and_the_others_are_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1")
    first, *others = small_jobs(4)
    with cluster(tmp_path / "cluster", workers=3) as running:
        on = clusters.Cluster(running.address)
        wait_for(3, on)
        (failure,) = carried([Deadly(first, 0.0)], tmp_path / "store", on).failures
        assert carried(others, tmp_path / "store", on).done == len(others)
        on.end()
    assert failure.kind == "KilledWorker"


def test_a_job_that_fails_on_a_cluster_tells_why_in_its_own_words(
    running: Running, tmp_path: Path
) -> None:
    running.add()
    (job,) = small_jobs(1)
    (failure,) = on_cluster(running, [Slow(job, -1.0)], tmp_path).failures
    assert failure.cause == "ValueError: sleep length must be non-negative"
    assert "carry_out" in failure.trace


# --- what is refused ---------------------------------------------------------------------------


def refusal(address: str) -> str:
    """What is said of an address, within a few seconds."""
    began = time.monotonic()
    with pytest.raises(InputError) as told, executing(scheduler=address):
        pass
    assert time.monotonic() - began < clusters.ANSWERS + 5.0
    (problem,) = told.value.problems
    assert problem.remedy
    return str(problem)


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "10.0.0.1:8786", "tcp://10.0.0.1", "tcp://:8786", "tcp://h:x", "http://h:80"],
)
def test_what_is_no_address_is_refused_with_how_to_write_one(address: str) -> None:
    assert "no address of a scheduler: write it as tcp://HOST:PORT" in refusal(address)


def test_a_port_that_cannot_be_is_refused() -> None:
    assert "there is no port 99999" in refusal("tcp://127.0.0.1:99999")


def test_a_scheduler_that_is_not_there_is_told_with_cause_and_remedy() -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    assert refusal(address) == (
        f"--scheduler  {address}  no scheduler can be reached (connection refused): "
        "start one (dask scheduler) or mend the address"
    )


def test_a_host_that_is_not_there_is_told() -> None:
    assert "no scheduler can be reached" in refusal("tcp://no-such-host.invalid:8786")


def test_another_program_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "ANSWERS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = "tcp://{}:{}".format(*other.getsockname())
        assert "what answers is no Dask scheduler" in refusal(address)


def test_the_command_line_ends_with_exit_code_2_and_one_sentence(tmp_path: Path) -> None:
    asked = ["run", "cart_first", "--scheduler", f"tcp://127.0.0.1:{free_port()}", "-q"]
    program = "from pathsim.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, *asked, "--out", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith("--scheduler  tcp://127.0.0.1:")
    assert len(ended.stderr.splitlines()) == 1


def test_a_cluster_without_workers_is_waited_for_and_then_refused(
    running: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(clusters, "ARRIVES", 1.0)
    said = refusal(running.address)
    assert f"no worker came within 1 s: start some: dask worker {running.address}" in said
    assert "waiting for the first, for up to 1 s" in capsys.readouterr().err


@pytest.mark.slow
def test_a_study_begins_with_the_first_worker_that_comes(
    running: Running, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    said: list[str] = []
    Timer(0.5, running.add).start()
    on = clusters.Cluster(running.address, say=said.append)
    assert len(said) == 1
    carried(small_jobs(MANY), tmp_path / "store", on)
    on.end()
    assert kept(tmp_path / "store") == undisturbed


def test_workers_with_other_sources_are_refused(running: Running, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "pathsim", other / "pathsim")
    with (other / "pathsim" / "draws.py").open("a") as source:
        source.write("# changed\n")
    running.add(sources=other)
    said = refusal(running.address)
    assert "1 of 1 workers do not run this pathsim" in said
    assert "install the same pathsim, Python and libraries there" in said


def test_a_worker_with_other_sources_that_comes_late_gives_failures_and_no_results(
    monkeypatch: pytest.MonkeyPatch, running: Running, tmp_path: Path
) -> None:
    running.add()
    with executing(scheduler=running.address) as on:
        monkeypatch.setattr(clusters, "software", lambda: "of another state")
        done = carried(small_jobs(2), tmp_path / "store", on)
    assert {failure.message for failure in done.failures} == {
        "this worker runs another pathsim, or on other libraries"
    }
    assert kept(tmp_path / "store") == {}


def test_without_dask_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "a cluster needs Dask, which is not installed: pip install" in refusal("tcp://h:1")


def test_nothing_of_dask_is_loaded_where_no_scheduler_is_named() -> None:
    program = (
        "import sys\nfrom pathsim.study.executors import executing\n"
        "from pathsim.study import run, compare, execute\n"
        "with executing(1) as on: print(on.submit(len, 'ab').result())\n"
        "print(sorted({'dask', 'distributed'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["2", "[]"]


def test_on_is_what_executors_promise() -> None:
    promised = {name for name in vars(On) if not name.startswith("_")}
    assert promised <= set(dir(clusters.Cluster))
