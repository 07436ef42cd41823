"""`pathsim evidence` as people meet it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pathsim import cli
from pathsim.inputs.places import params_dir
from pathsim.study import second_entry
from pathsim.study.check import read_part

WIDE = {"COLUMNS": "160"}


def evidence(*words: str) -> Result:
    return CliRunner().invoke(cli.app, ["evidence", *words], env=WIDE)


def test_a_therapy_is_told_figure_by_figure() -> None:
    shown = evidence("cilta-cel")
    assert shown.exit_code == 0
    assert "CILTACABTAGENE AUTOLEUCEL (cilta-cel)" in shown.output
    assert "Unverified or assumed, counted together: " in " ".join(shown.output.split())
    assert "CYTOKINE RELEASE SYNDROME (CRS)" in shown.output
    assert "(E0" in shown.output


def test_the_whole_catalogue_is_told_by_shares() -> None:
    shown = evidence()
    assert shown.exit_code == 0
    assert all(name in shown.output for name in ("cilta-cel", "cartitude-4", "supportive-care"))
    assert "unverified or assumed" in shown.output


def test_the_citations_of_a_scenario_are_printed_alone() -> None:
    shown = evidence("standard_only", "--bibtex")
    assert shown.exit_code == 0
    assert shown.output.startswith("@misc{")
    assert "@misc{cartitude4-nejm-2023," in shown.output
    assert "@misc{raje-consensus-2023," in shown.output
    assert "magnetismm3" not in shown.output


def test_tables_and_citations_are_written_where_asked(tmp_path: Path) -> None:
    shown = evidence("cilta-cel", "--bibtex", "--out", str(tmp_path / "tables"))
    assert shown.exit_code == 0
    written = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"numbers.csv", "numbers.parquet", "README.txt", "sources.bib"} <= written


def test_a_form_is_for_one_file() -> None:
    assert evidence("--form", "cilta-cel").output.startswith("# Second entry of cilta-cel")
    assert evidence("--form", "cilta-cel", "ide-cel").exit_code == 2


@pytest.mark.parametrize(("times", "code"), [(1, 0), (0.5, 1)])
def test_an_open_disagreement_makes_the_exit_code_1(
    times: float, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = read_part(params_dir() / "therapies" / "cilta-cel.yaml").own
    (crs,) = [each.number for each in numbers if each.path == "crs.any"]
    entry = f"value: {crs.value * times}, unit: '{crs.unit}', row: {crs.row}, kind: {crs.kind}"
    (tmp_path / "cilta-cel.yaml").write_text(f"crs.any: {{{entry}}}", encoding="utf-8")
    compare = second_entry.compare
    monkeypatch.setattr(second_entry, "compare", lambda: compare(tmp_path))
    shown = evidence("--second-entry")
    assert shown.exit_code == code
    assert ("differ in value" in shown.output) == bool(code)
    assert evidence("ide-cel", "--second-entry").exit_code == 0  # nothing of that was entered
