"""Every folder that a command writes tells each file in it, and each column of its tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.study.export import FIRST
from tests.cli.test_validate import write
from tests.study.small_study import GRID, SCENARIO, written
from tests.study.test_size import TEXT as SIZE
from tests.told import README, column_told, told, untold

FEW = ("--workers", "1", "--quiet", "--out", "out", "--store", "store")
ONE_WAY = """\
replications: 2
design:
  kind: one_way
  vary:
    - {path: centre.resources.cell_therapy_bed.places, name: beds, low: 5, high: 10}
"""
UNCERTAINTY = """\
replications: 2
outcomes: [lost before infusion]
design: {kind: uncertainty, sets: 2, of: centre}
"""
MORRIS = """\
replications: 2
outcomes: [lost before infusion]
design:
  kind: morris
  trajectories: 2
  vary:
    - {path: centre.resources.cell_therapy_bed.places, name: beds, low: 5, high: 10}
    - {path: accrual.rate, name: referrals, low: 8 per month, high: 12 per month}
"""
SOBOL = MORRIS.replace("kind: morris", "kind: sobol_indices").replace(
    "trajectories: 2", "base_sets: 2"
)


def call(*words: str) -> None:
    ended = CliRunner().invoke(app, [*words, *FEW], catch_exceptions=False)
    assert ended.exit_code in (0, 1), ended.output


def study(text: str) -> None:
    call("sweep", str(written(text, scenarios="[few_a.yaml, few_b.yaml]")))


def few() -> None:
    for name, base in (("few_a", "cart_first"), ("few_b", "bispecific_first")):
        Path(f"{name}.yaml").write_text(SCENARIO.format(base=base), encoding="utf-8")


def run() -> None:
    few()
    call("run", "few_a.yaml", "--replications", "2", "--keep-log")


def compare() -> None:
    few()
    call("compare", "few_a.yaml", "few_b.yaml", "--replications", "2", "--keep-log", "--report")


def warm_up() -> None:
    few()
    call("warm-up", "few_a.yaml", "--replications", "2")


def size() -> None:
    call("size", str(written(SIZE)))


def validate() -> None:
    call("validate", str(write(Path())), "--patients", "400")


def evidence() -> None:
    ended = CliRunner().invoke(app, ["evidence", "cilta-cel", "--bibtex", "--out", "out"])
    assert ended.exit_code == 0, ended.output


WRITTEN: dict[str, Callable[[], None]] = {
    "run": run,
    "compare": compare,
    "grid": lambda: study(GRID),
    "one way": lambda: study(ONE_WAY),
    "uncertainty": lambda: study(UNCERTAINTY),
    "morris": lambda: study(MORRIS),
    "sobol": lambda: study(SOBOL),
    "size": size,
    "warm-up": warm_up,
    "validate": validate,
    "evidence": evidence,
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_file_and_column_of_a_folder_is_told(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    WRITTEN[kind]()
    (readme,) = (path for path in Path("out").rglob(README))
    assert untold(readme.parent) == []


def test_what_is_not_told_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run()
    (readme,) = (path for path in Path("out").rglob(README))
    folder, text = readme.parent, readme.read_text(encoding="utf-8")
    readme.write_text(text.replace("  on.THERAPY\n", "").replace("  item\n", ""))
    (folder / "measured" / "more.csv").write_text("a,b\n1,2\n")
    found = untold(folder)
    assert {"measured/more.csv", "measured/more.csv: a", "measured/use.parquet: item"} <= {*found}
    assert "measured/patients.csv: on.cilta-cel" in found
    assert "measured/patients.csv: arrival" not in found


def test_the_columns_of_an_exported_log_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run()
    (readme,) = (path for path in Path("out").rglob(README))
    ended = CliRunner().invoke(app, ["export", str(readme.parent), "--out", "events.csv", "-q"])
    assert ended.exit_code == 0, ended.output
    header = Path("events.csv").read_text(encoding="utf-8").split("\n", 1)[0]
    columns = [name.strip('"') for name in header.split(",")]
    assert tuple(columns[: len(FIRST)]) == FIRST
    names = told(Path("events.csv.README.txt").read_text(encoding="utf-8"))["COLUMNS"]
    assert [name for name in columns if not column_told(name, names)] == []
