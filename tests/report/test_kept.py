"""Folders of results are read back as they were, or told to be unsound: all of it at once."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.outcomes.folds import TABLES
from pathsim.outcomes.summary import differences, summary
from pathsim.study.folders import RECORD
from pathsim.study.kept import Result, newest, read
from pathsim.study.plan import Model
from tests.report.conftest import REPLICATIONS, SEED, kept_run, model


def told(paths: list[Path]) -> list[str]:
    """What is wrong with these folders, a line a problem."""
    with pytest.raises(InputError) as raised:
        read(paths)
    return [str(problem) for problem in raised.value.problems]


@pytest.fixture
def copied(compared: Path, tmp_path: Path) -> Path:
    """A comparison that a test may spoil."""
    return Path(shutil.copytree(compared, tmp_path / "copied"))


def test_a_comparison_is_read_back_in_order_the_base_first(result: Result) -> None:
    assert [*result.strategies] == ["few_a", "few_b"]
    assert result.base is result.strategies["few_a"]
    assert (result.seed, result.replications) == (SEED, REPLICATIONS)
    assert result.title == "few_a and few_b"
    assert result.studies == ()


def test_the_model_read_back_is_the_model_that_was_run(result: Result, few_a: Model) -> None:
    found = result.models["few_a"]
    assert (found.digest, found.document) == (few_a.digest, few_a.document)
    assert found.content == few_a.content


def test_outcomes_made_of_what_is_read_back_are_those_that_were_kept(result: Result) -> None:
    pd.testing.assert_frame_equal(summary(result.measured), result.outcomes)
    pd.testing.assert_frame_equal(differences(result.measured), result.differences)


def test_the_first_line_is_that_of_the_tables(result: Result, compared: Path) -> None:
    first = (compared / "outcomes.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# " + "; ".join(result.header)


def test_two_runs_with_the_same_chance_are_the_same_as_their_comparison(
    run_a: Path, run_b: Path, result: Result
) -> None:
    found = read([run_a, run_b])
    pd.testing.assert_frame_equal(found.differences, result.differences)
    assert found.header == result.header
    merged = found.outcomes.sort_values(["strategy", "outcome"], ignore_index=True)
    kept = result.outcomes.sort_values(["strategy", "outcome"], ignore_index=True)
    pd.testing.assert_frame_equal(merged, kept)


def test_one_run_has_no_differences(run_a: Path) -> None:
    found = read([run_a])
    assert [*found.strategies] == ["few_a"]
    assert len(found.outcomes)
    assert len(found.differences) == 0


def test_a_study_is_told_by_its_record_and_needs_no_strategies(swept: Path) -> None:
    found = read([swept])
    (study,) = found.studies
    assert (study.kind, study.name, study.folder) == ("sweep", "small", swept)
    assert (found.strategies, found.title, found.base) == ({}, "small", None)


def test_a_study_stands_beside_strategies(compared: Path, swept: Path) -> None:
    found = read([swept, compared])
    assert [*found.strategies] == ["few_a", "few_b"]
    assert [study.name for study in found.studies] == ["small"]


def test_every_folder_tells_which_command_made_it(compared: Path, run_a: Path, swept: Path) -> None:
    records = (json.loads((f / RECORD).read_text("utf-8")) for f in (compared, run_a, swept))
    assert [record["command"] for record in records] == ["compare", "run", "sweep"]


def test_of_a_folder_of_runs_the_newest_is_taken(tmp_path: Path) -> None:
    for name in ("20260102-000000-b", "20260101-000000-c", "warm_up-20250101-000000-z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / RECORD).write_text("{}")
    (tmp_path / "20270101-000000-half").mkdir()
    assert newest(tmp_path).name == "20260102-000000-b"
    assert newest(tmp_path / "20260101-000000-c").name == "20260101-000000-c"
    assert newest(tmp_path / "none") == tmp_path / "none"


# --- what can be wrong -------------------------------------------------------------------------


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    change(record)
    (folder / RECORD).write_text(json.dumps(record), encoding="utf-8")


def test_what_is_no_folder_of_results_is_told_for_each(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    lines = told([tmp_path / name for name in ("nothing", "file", "empty")])
    assert [line.partition("  ")[2] for line in lines] == [
        "no run.json: not a folder of results: name a folder that pathsim wrote: run.json stands "
        "in it",
        "a file, not a folder: name a folder of results, such as results/cart_first/DATE",
        "no such folder: name a folder of results, such as results/cart_first/DATE",
    ]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{", "cannot be read (Expecting property name"),
        ("[]", "not a record of a run"),
        ("{}", "a run.json that names no command"),
        ('{"command": "cook"}', "a folder of 'cook'"),
        ('{"command": "compare"}', "lacks 'runs'"),
        ('{"command": "compare", "runs": [{}]}', "lacks 'scenario'"),
        ('{"command": "run", "scenario": "x"}', "lacks 'digest', 'seed'"),
        ('{"command": "sweep"}', "lacks 'kind', 'seed'"),
        ('{"command": "validate", "seed": null, "patients": 9, "versions": {}}', "'seed' is null"),
    ],
)
def test_a_record_that_tells_no_run_is_told(copied: Path, text: str, cause: str) -> None:
    (copied / RECORD).write_text(text)
    (line,) = told([copied])
    assert line.startswith(f"{copied / RECORD}  {cause}")


def test_a_name_that_no_folder_can_have_is_told(tmp_path: Path) -> None:
    path = newest(tmp_path / ("long" * 100))
    (line,) = told([path])
    assert line.startswith(f"{path}  no such folder")


def test_a_half_deleted_folder_is_told_table_by_table(copied: Path) -> None:
    shutil.rmtree(copied / "few_a" / "measured")
    (copied / "few_b" / "scenario.yaml").unlink()
    (copied / "differences.parquet").unlink()
    (copied / "outcomes.parquet").write_bytes(b"not a table")
    lines = told([copied])
    missing = [line for line in lines if "missing: the folder is not whole" in line]
    assert len(missing) == len(TABLES) + len({"differences"})
    assert any("few_b/scenario.yaml" in line and "no such file" in line for line in lines)
    assert any("outcomes.parquet  not a table that can be read" in line for line in lines)


def test_a_table_without_its_columns_is_told(copied: Path) -> None:
    path = copied / "outcomes.parquet"
    pd.DataFrame({"group": [], "outcome": [], "mean": []}).to_parquet(path)
    (line,) = told([copied])
    assert line.startswith(f"{path}  lacks columns: unit, strategy, low, high")


def test_a_scenario_changed_after_its_run_is_told(copied: Path) -> None:
    path = copied / "few_a" / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A year of a few patients?", "Another year?"), encoding="utf-8")
    (line,) = told([copied])
    assert line.startswith(f"{path}  not the document that was run")


def test_a_model_written_in_python_is_told(copied: Path) -> None:
    path = copied / "few_a" / "scenario.yaml"
    path.rename(path.with_suffix(".txt"))
    (line,) = told([copied])
    assert "written in Python" in line


def test_strategies_with_other_chance_are_not_compared(
    few_b: Model, run_a: Path, tmp_path: Path
) -> None:
    other = kept_run(few_b, tmp_path, seed=SEED + 1)
    (line,) = told([run_a, other])
    assert line == f"{other}  seed {SEED + 1}, where 'few_a' has {SEED}: run both with the same"


def test_strategies_of_other_patients_are_not_compared(run_a: Path, tmp_path: Path) -> None:
    more = kept_run(model(tmp_path, "more", patients=20), tmp_path)
    (line,) = told([run_a, more])
    assert line == f"{more}  patients 20, where 'few_a' has 15: run both with the same"


def test_a_strategy_named_twice_is_told(run_a: Path, compared: Path) -> None:
    (line,) = told([run_a, compared])
    assert line.startswith(f"{compared / 'few_a'}  'few_a' again, as in {run_a}")
