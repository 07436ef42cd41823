"""Sweeps: from a study file to a folder that is the same however it came about."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

from pathsim.outcomes.summary import summary
from pathsim.study.execute import JobsFailedError
from pathsim.study.folders import now
from pathsim.study.packing import packed
from pathsim.study.run import run
from pathsim.study.store import Memory
from pathsim.study.studies import study_asked
from pathsim.study.sweep import Plan, plan_of, sweep
from pathsim.study.sweep_folder import Kept, keep
from tests.study.small_study import GRID, plan, written

BOTH = "[few_a.yaml, few_b.yaml]"
ONE_WAY = """\
replications: 1
design:
  kind: one_way
  vary:
    - {path: centre.resources.cell_therapy_bed.places, name: beds, low: 5, high: 10}
"""
STRUCTURES = "structures: [{name: independent, set: {dependence: none}}]\n"


def kept(made: Plan, out: Path, *, store: Memory | None = None, workers: int = 1) -> Kept:
    store = store or Memory()
    carried = sweep(made, store, workers=workers)
    return keep(made, store, carried, out, started=now(), pictures=False)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the record, by name."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "run.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Path]:
    """A small grid of two scenarios and two structures, carried out in this process."""
    folder = tmp_path_factory.mktemp("sweep")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        made = plan(STRUCTURES + GRID, scenarios=BOTH)
        return made, kept(made, folder).folder


def table(swept: tuple[Plan, Path], name: str = "results") -> pd.DataFrame:
    return pd.read_csv(swept[1] / f"{name}.csv")


def test_the_csv_and_the_parquet_say_the_same_and_have_no_index(
    swept: tuple[Plan, Path],
) -> None:
    for name in ("results", "differences", "design"):
        arrow = parquet.read_table(swept[1] / f"{name}.parquet").to_pandas()
        pd.testing.assert_frame_equal(table(swept, name), arrow, check_dtype=False)


def test_rows_stand_in_order_of_set_scenario_structure(swept: tuple[Plan, Path]) -> None:
    found = table(swept)[["set", "scenario", "structure"]].drop_duplicates()
    assert [tuple(row) for row in found.itertuples(index=False)] == [
        (number, scenario, structure)
        for number in range(2)
        for scenario in ("few_a", "few_b")
        for structure in ("as_written", "independent")
    ]


def test_factors_stand_in_the_columns_that_the_file_names(swept: tuple[Plan, Path]) -> None:
    found = table(swept)[["set", "beds", "referrals"]].drop_duplicates()
    assert found.to_numpy().tolist() == [[0, 5, 12], [1, 10, 12]]
    assert table(swept, "design").to_numpy().tolist() == found.to_numpy().tolist()


def test_a_set_is_the_scenario_that_a_file_with_these_values_would_give(
    swept: tuple[Plan, Path],
) -> None:
    made, _ = swept
    changes = {**made.design.changes(1), "dependence": "none"}
    model = made.bases[1].variant(changes).model()
    direct = summary({"few_b": run(model, seed=1, replications=2, workers=1).measured})
    direct = direct.set_index("outcome")
    mine = table(swept).query("set == 1 and scenario == 'few_b' and structure == 'independent'")
    mine = mine[mine["outcome"].isin(direct.index)]
    assert len(mine) > 20
    for _, row in mine.iterrows():
        other = direct.loc[row["outcome"]]
        assert row["unit"] == other["unit"]
        if row["replications"] == other["n_replications"] == 2:
            expected = other[["mean", "low", "high"]].to_numpy(dtype=float)
            found = row[["mean", "low", "high"]].to_numpy(dtype=float)
            np.testing.assert_allclose(found, expected, rtol=1e-9, equal_nan=True)


def test_noise_is_the_standard_error_behind_the_interval(swept: tuple[Plan, Path]) -> None:
    found = table(swept, "differences").dropna()
    wide = found[found["noise"] > 0]
    assert len(wide) > 10
    np.testing.assert_allclose((wide["high"] - wide["mean"]).clip(upper=99),
                               (12.7062 * wide["noise"]).clip(upper=99), rtol=0.5)  # fmt: skip


def test_differences_are_paired_by_replication_within_a_set(swept: tuple[Plan, Path]) -> None:
    results, found = table(swept), table(swept, "differences")
    means = results.set_index(["set", "structure", "outcome", "scenario"])["mean"].unstack()
    assert set(found["minus"]) == {"few_a"}
    assert (found["replications"] == 2).sum() > 20
    for row in found.dropna().to_dict("records"):
        where: Any = (row["set"], row["structure"], row["outcome"])
        both = means.loc[where]
        assert row["mean"] == pytest.approx(both["few_b"] - both["few_a"], abs=1e-9)


def test_the_luck_is_the_same_in_every_set(swept: tuple[Plan, Path]) -> None:
    followed = table(swept).query("outcome == 'days in hospital'")
    assert followed.groupby(["scenario", "structure"])["patients"].nunique().eq(1).all()
    seeds = {job.seed for job in swept[0].jobs}
    assert seeds == {1}


def test_two_workers_and_a_store_half_full_give_the_same_bytes(
    swept: tuple[Plan, Path], tmp_path: Path
) -> None:
    made, folder = swept
    half = Memory()
    for number, job in enumerate(made.jobs):
        if number % 3 == 0:
            half.put(job.key, packed(job.carry_out()))
    again = kept(made, tmp_path, store=half, workers=2)
    assert contents(again.folder) == contents(folder)
    record = json.loads((again.folder / "run.json").read_text(encoding="utf-8"))
    assert record["jobs"] == {"done": 5, "in_store": 3}


def test_the_study_in_the_folder_gives_the_folder_again(
    swept: tuple[Plan, Path], tmp_path: Path
) -> None:
    again = plan_of(study_asked(swept[1] / "study.yaml"))
    assert contents(kept(again, tmp_path).folder) == contents(swept[1])


def test_every_column_and_file_is_told_in_the_readme(swept: tuple[Plan, Path]) -> None:
    _, folder = swept
    told = (folder / "README.txt").read_text(encoding="utf-8")
    words = told.replace(",", " ").split()
    for name in ("results", "differences", "design"):
        assert f"{name}.csv, .parquet" in told
        assert {*table(swept, name).columns} <= {*words}
    for path in folder.iterdir():
        assert path.name in told or path.suffix == ".parquet"


def test_jobs_are_counted_without_being_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = plan(STRUCTURES + GRID, scenarios=BOTH)
    assert len(made.jobs) == len(list(made.jobs)) == 8
    assert made.runs == 16


def test_without_a_second_replication_there_is_no_interval(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    one = kept(plan(GRID.replace("replications: 2", "replications: 1")), tmp_path)
    found = pd.read_csv(one.folder / "results.csv")
    assert found[["low", "high", "noise"]].isna().all(axis=None)
    assert found["mean"].notna().any()
    assert not (one.folder / "differences.csv").exists()


def test_only_outcomes_that_are_asked_for_are_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = 'outcomes: ["days in hospital", "wait for *, mean"]\n'
    found = pd.read_csv(kept(plan(asked + GRID), tmp_path).folder / "results.csv")["outcome"]
    assert "days in hospital" in set(found)
    assert all(each == "days in hospital" or each.startswith("wait for ") for each in found)


def test_a_set_that_fails_is_told_by_its_number_and_its_document_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = plan(GRID)
    broken = made.design.changes(1) | {"therapies.cilta-cel.response.cr": 99.9}
    monkeypatch.setattr(type(made.design), "changes",
                        lambda self, k, scenario: broken if k == 1 else {})  # fmt: skip
    store = Memory()
    carried = sweep(made, store, workers=1)
    (failure,) = carried.failures
    assert failure.job.name.startswith("set 1, few_a")
    command = failure.job.keep_alone(tmp_path)
    assert command.startswith(f"pathsim run {tmp_path}/set_1-few_a-")
    assert "--seed 1 --replications 2" in command
    folder = keep(made, store, carried, tmp_path, started=now()).folder
    assert set(pd.read_csv(folder / "results.csv")["set"]) == {0}
    assert json.loads((folder / "run.json").read_text())["sets_left_out"] == 1


def test_where_sets_are_of_no_use_alone_one_that_fails_ends_the_study(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    made = plan(ONE_WAY)
    broken = {"therapies.cilta-cel.response.cr": 99.9}
    monkeypatch.setattr(type(made.design), "changes",
                        lambda self, k, scenario: broken if k == 1 else {})  # fmt: skip
    with pytest.raises(JobsFailedError, match="set 1, few_a"):
        sweep(made, Memory(), workers=1)


def test_written_studies_are_read_from_beside_their_scenarios(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(GRID).absolute()
    monkeypatch.chdir("/")
    assert [scenario.name for scenario in study_asked(path).scenarios] == ["few_a"]
