"""Studies that are killed at random moments end with the same files as an undisturbed one."""

import errno
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pathsim.study.executors import executing
from tests.study.dask_cluster import cluster
from tests.study.killing import Killer, Study, Watch, visible
from tests.study.small_jobs import carried, kept, small_jobs

KILLS = 20
JOBS = 150
SWEEP = """\
study: killed
title: Does a sweep that is killed end as another?
scenarios: [cart_first, bispecific_first]
patients: 20
replications: 1
seed: 1
design:
  kind: grid
  vary:
    - {path: centre.resources.cell_therapy_bed.places, values: [8, 9, 10, 11, 12], name: beds}
    - {path: accrual.rate, values: [4 per month, 6 per month, 8 per month, 10 per month]}
"""
PATHSIM = ["-c", "from pathsim.cli import main; main()"]


def small(folder: Path) -> Study:
    """The study of `driver`, in a folder of its own."""
    folder.mkdir()
    return Study(["-m", "tests.study.driver", str(folder), str(JOBS)], folder, JOBS)


def sweep(folder: Path, *on: str) -> Study:
    """`pathsim sweep` of 20 sets in two scenarios, figures included; on two workers if not said."""
    folder.mkdir()
    (folder / "killed.yaml").write_text(SWEEP)
    asked = ["sweep", "killed.yaml", *(on or ("--workers", "2")), "-q", "--out", "results"]
    return Study([*PATHSIM, *asked, "--store", "store"], folder, 40)


def comparison(folder: Path) -> Study:
    """`pathsim compare` of two scenarios, logs and figures kept: eight jobs."""
    folder.mkdir()
    asked = ["compare", "cart_first", "bispecific_first", "--replications", "4", "--workers", "2"]
    asked += ["--patients", "5", "--engine", "simpy", "--keep-log"]  # slow: each is a job
    more = ["-q", "--out", "results", "--store", "store"]
    return Study([*PATHSIM, *asked, *more], folder, 8)


@pytest.mark.parametrize(
    ("study", "seed"),
    [
        (small, 1),
        *(pytest.param(small, seed, marks=pytest.mark.slow) for seed in (2, 3)),
        pytest.param(sweep, 4, marks=pytest.mark.slow),
        pytest.param(comparison, 5, marks=pytest.mark.slow),
    ],
)
def test_a_study_killed_twenty_times_ends_with_the_same_files(
    tmp_path: Path, study: Callable[[Path], Study], seed: int
) -> None:
    whole, killed = study(tmp_path / "whole"), study(tmp_path / "killed")
    whole.run()
    began = time.monotonic()
    whole.run()
    killer = Killer(killed, KILLS, seed, reading=time.monotonic() - began)
    watch = Watch(killed, whole.results)
    with watch.looking():
        killer.let_end()
    assert len(killer.killed) == KILLS
    assert killer.killed.count("worker") >= KILLS // 5
    assert watch.halves == []
    assert killed.results == whole.results
    assert kept(killed.folder / "store") == kept(whole.folder / "store")


@pytest.mark.slow
def test_a_sweep_on_a_cluster_of_any_size_gives_the_same_folder_as_processes(
    tmp_path: Path,
) -> None:
    studies = [sweep(tmp_path / str(many), "--workers", str(many)) for many in (1, 2, 4)]
    with cluster(tmp_path / "cluster") as running:
        for study in studies:
            study.run()
        for many in (1, 2, 4):
            while len(running.workers) < many:
                running.add()
            studies.append(sweep(tmp_path / f"dask {many}", "--scheduler", running.address))
            studies[-1].run()
    assert all(study.results == studies[0].results for study in studies)
    stores = [kept(study.folder / "store") for study in studies]
    assert all(store == stores[0] for store in stores)


# --- a full disk -------------------------------------------------------------------------------


def test_a_full_disk_ends_a_study_and_harms_nothing_that_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, room = small_jobs(12), 5
    with executing(1) as on:
        carried(jobs, tmp_path / "whole", on)
    full(monkeypatch, room)
    with pytest.raises(OSError, match="No space left"), executing(2) as on:
        carried(jobs, tmp_path / "store", on)
    whole, part = kept(tmp_path / "whole"), kept(tmp_path / "store")
    assert len(part) == room
    assert part.items() < whole.items()
    monkeypatch.undo()
    with executing(2) as on:
        again = carried(jobs, tmp_path / "store", on)
    assert (again.found, again.done) == (room, len(jobs) - room)
    assert kept(tmp_path / "store") == whole


def full(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """A disk that takes so many files more, and then half of the next."""
    written, write = [0], Path.write_bytes

    def limited(path: Path, data: bytes) -> int:
        written[0] += 1
        if written[0] <= room:
            return write(path, data)
        write(path, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(Path, "write_bytes", limited)


@pytest.mark.slow
@pytest.mark.parametrize("most", [10_000, 100_000])
def test_a_disk_without_room_for_a_file_is_told_in_a_sentence_and_the_study_goes_on_later(
    tmp_path: Path, most: int
) -> None:
    whole, filled = sweep(tmp_path / "whole"), sweep(tmp_path / "filled")
    whole.run()
    process = filled.begin(before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    assert process.wait() == 1
    assert "make room and give the same command again" in filled.said
    assert "Traceback" not in filled.said
    assert list(visible(filled.folder / "results")) == []
    assert kept(filled.folder / "store").items() <= kept(whole.folder / "store").items()
    filled.run()
    assert filled.results == whole.results
