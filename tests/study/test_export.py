"""The event log as one CSV: whole, in order, under the names that tools for process mining know."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.outcomes.export_dictionary import export_readme
from pathsim.study import compare as comparing
from pathsim.study import export as exporting
from pathsim.study import run as running
from pathsim.study.export import export
from pathsim.study.kept import read
from pathsim.study.plan import Model
from tests.report.conftest import model

SEED, REPLICATIONS = 3, 3


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Model]:
    folder = tmp_path_factory.mktemp("models")
    return [model(folder, "few_a"), model(folder, "few_b", base="bispecific_first")]


@pytest.fixture(scope="module")
def kept(models: list[Model], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison with its logs."""
    found = comparing.compare(models, seed=SEED, replications=REPLICATIONS, workers=1,
                              keep_log=True)  # fmt: skip
    return comparing.keep(found, tmp_path_factory.mktemp("kept"), pictures=False)


@pytest.fixture(scope="module")
def table(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    path = tmp_path_factory.mktemp("exported") / "events.csv"
    done = export(read([kept]), path)
    rows = pd.read_csv(path, float_precision="round_trip")
    assert len(rows) == done.rows
    assert rows["case:concept:name"].nunique() == done.cases
    return rows


def test_names_and_values_are_those_of_the_standard(table: pd.DataFrame) -> None:
    assert tuple(table.columns[: len(exporting.FIRST)]) == exporting.FIRST
    assert set(table["lifecycle:transition"]) <= {
        "schedule", "assign", "withdraw", "start", "suspend", "resume", "complete",
    }  # fmt: skip
    moments = pd.to_datetime(table["time:timestamp"], format="%Y-%m-%dT%H:%M:%S.%f")
    days = (moments - pd.Timestamp("2026-01-05")) / pd.Timedelta(days=1)
    assert (days - table["day"]).abs().max() < 1e-8
    assert not table[list(exporting.FIRST[:4])].isna().any().any()


def test_every_patient_of_ours_is_a_case_in_order_of_time_and_ends_as_was_measured(
    table: pd.DataFrame, kept: Path
) -> None:
    cases = table.drop_duplicates("case:concept:name").set_index("case:concept:name")
    for name, strategy in read([kept]).strategies.items():
        for row in strategy.measured.patients.itertuples():
            case = cases.loc[f"{name}/{row.replication}/{row.patient}"]
            assert case["day"] == row.arrival
            assert (case["case:end"] == row.exit_state) or not row.dead
    by = table.groupby("case:concept:name", sort=False)
    assert by["day"].is_monotonic_increasing.all()
    assert len(cases) == sum(
        len(strategy.measured.patients) for strategy in read([kept]).strategies.values()
    )


def test_features_are_those_that_each_patient_was_drawn_with(
    table: pd.DataFrame, kept: Path
) -> None:
    drawn = pd.read_parquet(kept / "few_b" / "patients.parquet")
    drawn = drawn[drawn["stream"] == "patients"].set_index(["replication", "patient"])
    mine = table[table["case:strategy"] == "few_b"]
    first = mine.drop_duplicates("case:concept:name").set_index(
        ["case:replication", "case:patient"]
    )
    assert first["case:age"].to_dict() == pytest.approx(drawn["age"].to_dict())
    assert first["case:fitness"].to_dict() == drawn["fitness"].to_dict()


@pytest.mark.parametrize("rows", [50, 1_000])
def test_however_it_is_read_piece_by_piece_the_bytes_are_the_same(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    result = read([kept])
    export(result, tmp_path / "whole.csv")
    monkeypatch.setattr(exporting, "AT_ONCE", rows)
    export(result, tmp_path / "pieces.csv")
    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "pieces.csv").read_bytes()


def test_a_name_that_ends_with_gz_is_compressed(kept: Path, tmp_path: Path) -> None:
    result = read([kept])
    export(result, tmp_path / "events.csv")
    export(result, tmp_path / "events.csv.gz")
    plain = gzip.decompress((tmp_path / "events.csv.gz").read_bytes())
    assert plain == (tmp_path / "events.csv").read_bytes()


def test_every_column_is_told_beside_it(table: pd.DataFrame) -> None:
    told = export_readme("events.csv", ["age", "sex"])
    for name in exporting.FIRST:
        assert name in told
    assert "case:age, case:sex" in told


def test_where_it_cannot_be_finished_nothing_is_left_and_what_was_there_stays(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "events.csv").write_text("as it was")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.csv.write_csv", full)
    with pytest.raises(OSError, match="No space"):
        export(read([kept]), tmp_path / "events.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["events.csv"]
    assert (tmp_path / "events.csv").read_text() == "as it was"


def test_without_a_log_the_command_that_keeps_it_is_said(
    models: list[Model], tmp_path: Path
) -> None:
    ran = running.run(models[0], seed=SEED, replications=1, workers=1)
    folder = running.keep(ran, tmp_path, pictures=False)
    with pytest.raises(InputError) as error:
        export(read([folder]), tmp_path / "events.csv")
    assert "no event log was kept of few_a" in str(error.value)
    assert str(error.value).endswith(
        f"pathsim run {folder}/scenario.yaml --seed 3 --replications 1 --keep-log"
    )
