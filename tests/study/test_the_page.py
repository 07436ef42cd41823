"""docs/studies.md: its study is sound, and what it says of kinds, files and columns is so."""

import re
from pathlib import Path
from typing import get_args

import pytest

from pathsim.inputs.study import Design
from pathsim.outcomes.study_dictionary import COLUMNS, FILES
from pathsim.study.check import check
from pathsim.study.sweep_tables import difference_columns, result_columns

PAGE = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_study_of_the_page_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_study.yaml").write_text(block("yaml"), encoding="utf-8")
    assert check([Path("my_study.yaml")]).files == {"studies": 1}


def test_every_kind_of_design_is_told() -> None:
    union, _ = get_args(Design)
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(union)}
    assert {"grid", "one_way", "latin_hypercube", "sobol_sequence"} <= kinds
    assert not [kind for kind in kinds if f"`{kind}`" not in PAGE]


def test_every_column_is_told_in_the_dictionary() -> None:
    told = {name for names in COLUMNS for name in names.split(", ")}
    assert {*result_columns(()), *difference_columns(())} == told


def test_every_table_is_told_on_the_page() -> None:
    tables = {name.partition(".")[0] for name in FILES if ".parquet" in name} - {"inputs"}
    assert not [table for table in tables if f"`{table}.csv`" not in PAGE]


def test_the_python_of_the_page_reads_a_table_of_these_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    head = "set,scenario,structure,slots_a_month,referrals,group,outcome,unit,mean\n"
    row = '0,a,as_written,3,6,waits,"wait for slots/cilta-cel, 90th centile",days,12.5\n'
    Path("results.csv").write_text(head + row, encoding="utf-8")
    exec(block("python"), {})
    assert "12.5" in capsys.readouterr().out
