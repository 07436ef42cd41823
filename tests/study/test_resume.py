"""A study that is stopped, begun again, or given other workers ends with the same bytes."""

import errno
import json
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathsim import cli
from pathsim.errors import PathwayError
from pathsim.study import keys
from pathsim.study import run as running
from pathsim.study.compare import compare
from pathsim.study.execute import JobsFailedError, Stopped
from pathsim.study.keys import key
from pathsim.study.plan import Model
from pathsim.study.run import Ran, keep, run, run_all
from pathsim.study.simulation import Simulation, simulations
from pathsim.study.store import Store
from tests.cli.small_service import BISPECIFIC, small_service

MODEL = Model("small", small_service(), 500.0)
ASKED = {"seed": 3, "replications": 7, "keep_log": True}
TIMES = "run.json"


@pytest.fixture(autouse=True)
def small_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two replications a job, on as many workers as are asked for."""
    monkeypatch.setattr(running, "block", lambda model, engine: 2)
    monkeypatch.setattr(running, "processes", lambda *_, workers, **__: workers)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "block", lambda model, engine: 2)
        ran = run(MODEL, workers=1, **ASKED)  # type: ignore[arg-type]
    return written(ran, tmp_path_factory.mktemp("undisturbed"))


def written(ran: Ran, out: Path) -> dict[str, bytes]:
    """The bytes of all files of a kept run but that with times and host facts."""
    folder = keep(ran, out, pictures=False)
    files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != TIMES}


def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the simulations that are carried out here from now on."""
    begun: list[str] = []
    simulate = Simulation.carry_out

    def counted(self: Simulation, **how: object) -> object:
        begun.append(self.name)
        return simulate(self, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulation, "carry_out", counted)
    return begun


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_writes_the_same_bytes(
    undisturbed: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    ran = run(MODEL, workers=workers, store=Store(tmp_path / "store"), **ASKED)  # type: ignore[arg-type]
    assert written(ran, tmp_path) == undisturbed
    assert ran.carried.done == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_was_interrupted_computes_what_is_missing_and_ends_the_same(
    undisturbed: dict[str, bytes], tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[float] = []

    def interrupt(by: float) -> None:
        heard.append(by)
        if sum(heard) > 3:
            raise KeyboardInterrupt

    store = Store(tmp_path / "store")
    with pytest.raises(Stopped) as stopped:
        run(MODEL, workers=workers, store=store, progress=interrupt, **ASKED)  # type: ignore[arg-type]
    kept = len(store.entries())
    assert stopped.value.of == 4
    assert 0 < kept == stopped.value.kept < 4
    begun = count(monkeypatch)
    ran = run(MODEL, workers=1, store=Store(tmp_path / "store"), **ASKED)  # type: ignore[arg-type]
    assert len(begun) == 4 - kept
    assert written(ran, tmp_path) == undisturbed
    assert (ran.carried.found, ran.carried.done) == (kept, 4 - kept)


def test_an_identical_run_reads_the_store_and_writes_the_same_bytes(
    undisturbed: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(MODEL, workers=2, store=Store(tmp_path / "store"), **ASKED)  # type: ignore[arg-type]
    begun, heard = count(monkeypatch), list[float]()
    ran = run(MODEL, workers=1, store=Store(tmp_path / "store"), progress=heard.append, **ASKED)  # type: ignore[arg-type]
    assert not begun
    assert not heard
    assert written(ran, tmp_path) == undisturbed
    record = json.loads((keep(ran, tmp_path, pictures=False) / TIMES).read_text(encoding="utf-8"))
    assert record["jobs"] == {"done": 0, "in_store": 4}


def test_more_replications_and_other_models_use_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    run(MODEL, seed=3, replications=4, workers=1, store=store)
    begun = count(monkeypatch)
    other = Model("other", small_service(first=BISPECIFIC), 500.0)
    compare([MODEL, other], seed=3, replications=6, workers=1, store=store)
    assert begun == [
        "small, seed 3, replications 4 to 5",
        *(f"other, seed 3, replications {k} to {k + 1}" for k in (0, 2, 4)),
    ]


def test_a_damaged_result_is_made_again(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run(MODEL, workers=1, store=store, **ASKED)  # type: ignore[arg-type]
    first, second, *_ = (entry.path for entry in store.entries())
    first.write_bytes(first.read_bytes()[:-50])
    changed = bytearray(second.read_bytes())
    changed[len(changed) // 2] ^= 0xFF
    second.write_bytes(changed)
    ran = run(MODEL, workers=1, store=store, **ASKED)  # type: ignore[arg-type]
    assert written(ran, tmp_path) == undisturbed


# --- keys --------------------------------------------------------------------------------------

JOB = Simulation(MODEL, 3, 0, 1)


@pytest.mark.parametrize(
    "other",
    [
        replace(JOB, seed=4),
        replace(JOB, first=1),
        replace(JOB, last=2),
        replace(JOB, engine="simpy"),
        replace(JOB, keep="outcomes"),
        replace(JOB, log=True),
        replace(JOB, of=replace(MODEL, horizon=501.0)),
        replace(JOB, of=replace(MODEL, off_label=frozenset({"first"}))),
        replace(JOB, of=Model("small", small_service(patients=61), 500.0)),
    ],
)
def test_whatever_changes_a_result_changes_its_key(other: Simulation) -> None:
    assert other.key != JOB.key


def test_the_same_model_made_anew_has_the_same_key() -> None:
    assert Simulation(Model("small", small_service(), 500.0), 3, 0, 1).key == JOB.key


def test_other_software_gives_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = JOB.key
    monkeypatch.setattr("pathsim.study.simulation.software", lambda: "another version")
    assert JOB.key != before


def test_a_changed_source_or_library_is_other_software(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "face.py").write_text("1", encoding="utf-8")
    (tmp_path / "law.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(keys, "PACKAGE", tmp_path)
    fresh = keys.software.__wrapped__
    found = [fresh()]
    (tmp_path / "cli" / "face.py").write_text("2", encoding="utf-8")
    assert fresh() == found[0]
    (tmp_path / "law.py").write_text("2", encoding="utf-8")
    found.append(fresh())
    monkeypatch.setattr(keys, "version", lambda package: "9.9")
    found.append(fresh())
    assert len(set(found)) == 3


PARTS = st.lists(
    st.text(max_size=4) | st.integers() | st.binary(max_size=4) | st.none(), max_size=4
)


@given(PARTS, PARTS)
def test_keys_are_alike_only_for_the_same_parts(one: list, other: list) -> None:  # type: ignore[type-arg]
    assert (key(*one) == key(*other)) == (one == other)


# --- outcomes by name --------------------------------------------------------------------------


def test_outcomes_by_name_do_not_depend_on_how_replications_are_cut_into_jobs() -> None:
    def table(block: int) -> pd.DataFrame:
        jobs = simulations(MODEL, seed=3, replications=5, block=block, keep="outcomes")
        tables = [job.carry_out()["outcomes"] for job in jobs]
        plain = [t.astype(dict.fromkeys(("group", "outcome", "unit", "note"), str)) for t in tables]
        return pd.concat(plain, ignore_index=True)

    one, all_at_once = table(1), table(5)
    pd.testing.assert_frame_equal(one, all_at_once, check_exact=True)
    assert list(one["replication"].unique()) == [0, 1, 2, 3, 4]


def test_outcomes_by_name_have_the_means_of_the_summary() -> None:
    job = Simulation(MODEL, 3, 0, 4, keep="outcomes")
    means = job.carry_out()["outcomes"].groupby("outcome", observed=True)["value"].mean()
    summary = run(MODEL, seed=3, replications=5, workers=1).outcomes().set_index("outcome")["mean"]
    known = summary.dropna()
    assert len(known) > 40
    pd.testing.assert_series_equal(
        means.reindex(known.index), known, check_names=False, check_dtype=False
    )


# --- what goes wrong ---------------------------------------------------------------------------


def broken_at(first: int, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate = Simulation.carry_out

    def carry_out(self: Simulation, **how: object) -> object:
        if self.first == first:
            raise PathwayError("a law is broken", "state x")
        return simulate(self, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulation, "carry_out", carry_out)


def test_a_failing_job_leaves_the_others_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    with monkeypatch.context() as patched:
        broken_at(2, patched)
        with pytest.raises(JobsFailedError, match="state x  a law is broken"):
            run_all([MODEL], replications=6, workers=1, store=store)
    begun = count(monkeypatch)
    run_all([MODEL], replications=6, workers=1, store=store)
    assert begun == ["small, seed 0, replications 2 to 3"]


def command(*words: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["pathsim", *words])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


SMALL = ("run", "standard_only", "--replications", "4", "--patients", "8", "--workers", "1",
         "--no-figures")  # fmt: skip


def test_a_command_whose_job_fails_says_so_and_how_to_run_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        broken_at(2, patched)
        assert command(*SMALL, "--out", str(tmp_path), monkeypatch=patched) == 1
    err = capsys.readouterr().err
    assert "1 job failed; what the others gave is kept." in err
    assert "1 job: PathwayError: state x  a law is broken" in err
    assert "Traceback" not in err
    (document,) = (tmp_path / "failures").glob("*.yaml")
    alone = f"pathsim run {document} --seed 1 --replications 4 --workers 1"
    assert alone in err
    assert not (tmp_path / "standard_only").exists()
    begun = count(monkeypatch)
    words = alone.split()[1:]
    assert command(*words, "--out", str(tmp_path), "--no-figures", monkeypatch=monkeypatch) == 0
    assert begun == ["standard_only, seed 1, replications 2 to 3"]


@pytest.mark.parametrize("where", ["store", "tables"])
def test_a_full_disk_is_one_sentence_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    named = {"store": "pathlib.Path.write_bytes", "tables": "pathsim.study.folders.write_table"}
    with monkeypatch.context() as patched:
        patched.setattr(named[where], full)
        assert command(*SMALL, "--out", str(tmp_path), monkeypatch=patched) == 1
    err = capsys.readouterr().err
    assert err.startswith("There is no room left on the disk (writing somewhere).")
    assert "Traceback" not in err
    assert list(tmp_path.rglob("*.part")) == list(tmp_path.glob("standard_only/*")) == []
    begun = count(monkeypatch)
    assert command(*SMALL, "--out", str(tmp_path), monkeypatch=monkeypatch) == 0
    assert len(begun) == (2 if where == "store" else 0)


def test_fresh_computes_again_what_the_store_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = count(monkeypatch)
    for more, many in ([], 2), ([], 2), (["--fresh"], 4):
        assert command(*SMALL, "--out", str(tmp_path), *more, monkeypatch=monkeypatch) == 0
        assert len(begun) == many


def test_a_file_is_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert command("store", "--store", str(tmp_path / "file"), monkeypatch=monkeypatch) == 2
    assert "is a file" in " ".join(capsys.readouterr().err.replace("│", " ").split())


def test_the_store_is_told_and_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATHSIM_STORE", str(tmp_path / "kept"))
    assert command(*SMALL, "--out", str(tmp_path / "out"), monkeypatch=monkeypatch) == 0
    capsys.readouterr()
    assert command("store", monkeypatch=monkeypatch) == 0
    assert f"{tmp_path / 'kept'}: 2 results, " in capsys.readouterr().out
    age = ("--clear", "--older-than", "1 day", "--yes")
    assert command("store", *age, monkeypatch=monkeypatch) == 0
    assert "Cleared: 0 results" in capsys.readouterr().out
    assert command("store", "--clear", "--yes", monkeypatch=monkeypatch) == 0
    assert "Cleared: 2 results" in capsys.readouterr().out
    assert len(Store(tmp_path / "kept").entries()) == 0
