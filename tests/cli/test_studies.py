"""Studies on a hand-made service: the same bytes for any workers, results whole or not at all."""

import json
from pathlib import Path

import pandas as pd
import pytest

from pathsim.engine.simulate import ENGINES
from pathsim.outcomes.folds import TABLES
from pathsim.study import folders, simulation
from pathsim.study import run as running
from pathsim.study.compare import compare
from pathsim.study.compare import keep as keep_comparison
from pathsim.study.plan import Model
from pathsim.study.run import Ran, keep, run
from pathsim.study.simulation import moved, simulations
from tests.cli.small_service import BISPECIFIC, small_service

HORIZON = 500.0


def model(name: str = "small", **which: object) -> Model:
    return Model(name, small_service(**which), HORIZON)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def ran() -> Ran:
    return run(model(), seed=3, replications=3, workers=1, keep_log=True)


def spread(monkeypatch: pytest.MonkeyPatch, processes: int, block: int) -> None:
    """Use so many processes and blocks of so many replications, whatever is worth while."""
    monkeypatch.setattr(running, "processes", lambda *_, **__: processes)
    monkeypatch.setattr(running, "block", lambda *_, **__: block)


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_replications_are_cut_into_jobs_in_order() -> None:
    planned = [*simulations(model(), seed=1, replications=7, block=3)]
    assert [list(job.replications) for job in planned] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [job.size for job in planned] == [3, 3, 1]
    assert len({job.key for job in planned}) == 3


def test_a_digest_tells_two_models_apart() -> None:
    assert model().digest != model(first=BISPECIFIC).digest


@pytest.mark.parametrize(("processes", "block"), [(2, 1), (2, 2), (1, 3), (1, 2), (1, 1)])
def test_any_spread_of_the_work_writes_the_same_bytes(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int, block: int
) -> None:
    spread(monkeypatch, processes, block)
    other = run(model(), seed=3, replications=3, keep_log=True)
    one_folder = keep(ran, tmp_path / "one", pictures=False)
    two_folder = keep(other, tmp_path / "two", pictures=False)
    assert files(one_folder) == files(two_folder)
    for name in files(one_folder) - {"run.json"}:
        assert (one_folder / name).read_bytes() == (two_folder / name).read_bytes(), name


@pytest.mark.parametrize("engine", ENGINES)
def test_any_engine_and_any_size_of_blocks_writes_the_same_bytes(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setattr(simulation, "AT_ONCE", 40)
    other = run(model(), seed=3, replications=3, engine=engine, keep_log=True)
    one_folder = keep(ran, tmp_path / "one", pictures=False)
    two_folder = keep(other, tmp_path / "two", pictures=False)
    for name in files(one_folder) - {"run.json"}:
        assert (one_folder / name).read_bytes() == (two_folder / name).read_bytes(), name


def test_the_blocks_of_replications_do_not_change_the_outcomes(ran: Ran) -> None:
    parts = [run(model(), seed=3, replications=n, workers=1).measured for n in (1, 2)]
    for name in TABLES:
        whole = getattr(ran.measured, name)
        for n, part in zip((1, 2), parts, strict=True):
            mine = whole[whole["replication"] < n].reset_index(drop=True)
            other = getattr(part, name)
            pd.testing.assert_frame_equal(mine, other, check_categorical=False, check_dtype=False)


@pytest.mark.parametrize(("processes", "block"), [(1, 3), (2, 2), (2, 1)])
def test_progress_hears_of_every_replication_once(
    monkeypatch: pytest.MonkeyPatch, processes: int, block: int
) -> None:
    heard: list[float] = []
    spread(monkeypatch, processes, block)
    run(model(), replications=3, progress=heard.append)
    assert sum(heard) == 3
    assert min(heard) > 0


def test_progress_hears_of_parts_of_a_replication_that_runs_here() -> None:
    heard: list[float] = []
    tell = moved(heard.append, range(4, 6))
    assert tell is not None
    for replication, share in [(4, 0.25), (4, 1.0), (5, 0.5), (5, 1.0)]:
        tell(replication, share)
    assert heard == [0.25, 0.75, 0.5, 0.5]


def test_an_interruption_within_a_replication_ends_the_run_at_once() -> None:
    def interrupted(by: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(model(), replications=50, workers=1, progress=interrupted)


def test_a_kept_run_has_record_model_log_outcomes_and_figures(ran: Ran, tmp_path: Path) -> None:
    folder = keep(ran, tmp_path)
    assert folder.parent == tmp_path / "small"
    for name in ("run.json", "scenario.txt", "log.parquet", "patients.parquet", "capacity.parquet",
                 "outcomes.csv", "outcomes.parquet", "measured/waits.parquet",
                 "figures/survival_death.png", "figures/survival_death.svg"):  # fmt: skip
        assert name in files(folder)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["seed"] == 3
    assert record["replications"] == 3
    assert record["engine"] == ran.engine
    assert record["patients"] == 60
    assert record["digest"] == ran.model.digest
    assert record["events"] == len(pd.read_parquet(folder / "log.parquet"))
    assert {"pathsim", "python", "numpy", "pandas", "simpy"} <= set(record["versions"])


def test_a_second_run_at_the_same_second_overwrites_nothing(ran: Ran, tmp_path: Path) -> None:
    first, second = keep(ran, tmp_path, pictures=False), keep(ran, tmp_path, pictures=False)
    assert second.name == f"{first.name}-2"
    assert files(first) == files(second)


@pytest.mark.parametrize("failing", ["write_log", "write_table", "write_record"])
def test_a_failure_while_writing_leaves_nothing(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, failing, full)
    with pytest.raises(OSError, match="No space"):
        keep(ran, tmp_path)
    assert list((tmp_path / "small").iterdir()) == []


def test_an_interruption_while_writing_leaves_nothing(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, "write_measured", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keep(ran, tmp_path)
    assert list((tmp_path / "small").iterdir()) == []


def test_a_comparison_pairs_the_same_patients_and_keeps_each_model(tmp_path: Path) -> None:
    models = [model("base"), model("other", first=BISPECIFIC)]
    compared = compare(models, seed=1, replications=3, workers=1)
    base, other = (r.measured.patients for r in compared.runs)
    assert (base["arrival"] == other["arrival"]).all()
    assert set(compared.differences()["strategy"]) == {"other minus base"}
    folder = keep_comparison(compared, tmp_path, pictures=False)
    assert {"outcomes.csv", "differences.csv", "base/scenario.txt", "other/scenario.txt"} <= files(
        folder
    )
    assert not any("log" in name for name in files(folder))


def test_a_model_against_itself_differs_in_nothing() -> None:
    same = compare([model("a"), model("b")], seed=5, replications=2, workers=1).differences()
    assert (same["mean"].dropna() == 0).all()
    assert len(same["mean"].dropna()) > 20


def test_the_first_line_says_horizon_accrual_day_0_and_labels(ran: Ran) -> None:
    assert ran.header() == (
        "Horizon 500 days (1.4 years); accrual 60 patients arriving at random, 6.088 a month; "
        "on day 0 the service is empty; nothing off label"
    )


def test_a_rule_beyond_a_label_is_counted_and_named_in_the_first_line() -> None:
    beyond = Model("beyond", small_service(), HORIZON, off_label=frozenset({"first"}))
    ran = run(beyond, seed=3, workers=1)
    assert ran.off_label == len(ran.measured.patients) > 0
    assert f"OFF LABEL: {ran.off_label} therapies by rule first" in ran.header()


def test_a_folder_says_what_each_of_its_files_is(ran: Ran, tmp_path: Path) -> None:
    folder = keep(ran, tmp_path)
    told = (folder / "README.txt").read_text(encoding="utf-8")
    for name in files(folder):
        listed = name if name.startswith("measured/") else Path(name).name
        stem = "figures/" if name.startswith("figures/") else listed.rpartition(".")[0]
        assert stem in told, name
    assert "days at home" in told
    assert "differences" not in told.split("COLUMNS")[0]


def test_what_people_open_is_there_as_csv_too(ran: Ran, tmp_path: Path) -> None:
    folder = keep(ran, tmp_path, pictures=False) / "measured"
    patients = pd.read_csv(folder / "patients.csv")
    assert len(patients) == len(pd.read_parquet(folder / "patients.parquet"))
    months = pd.read_csv(folder / "occupancy.csv")
    bed = months[(months["resource"] == "bed")]
    assert list(bed["month"]) == list(range(17))
    assert (bed["held_max"] <= 2).all()
    assert (bed["held_mean"] <= bed["capacity_mean"]).all()
