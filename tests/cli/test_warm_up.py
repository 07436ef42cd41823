"""`pathsim warm-up`, and what is said of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim.cli import app
from pathsim.laws import Exponential
from pathsim.outcomes.written import read_csv
from pathsim.study.plan import Model
from pathsim.study.run import run
from pathsim.study.warm_up import COHORT, TOO_FEW, Filling
from tests.theory.models import queue

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_tells_of_each_resource_and_keeps_figure_and_table() -> None:
    done = RUNNER.invoke(app, ["warm-up", "cart_first", "--replications", "2", "-q"])
    assert done.exit_code == 0, done.output
    assert "patients in the service, patients" in done.output
    assert "ward bed, places held" in done.output
    (folder,) = Path("results/cart_first").glob("warm_up-*")
    assert {p.name for p in folder.iterdir()} >= {"warm_up.png", "warm_up.svg", "warm_up.txt"}
    table = read_csv(folder / "warm_up.csv")
    told = (folder / "README.txt").read_text(encoding="utf-8")
    assert all(word in told for word in (*table.columns, *(p.name for p in folder.glob("*.csv"))))
    assert table.groupby(["what", "unit"]).size().nunique() == 1


def test_a_cohort_that_comes_and_goes_has_no_steady_state() -> None:
    few = ["warm-up", "cart_first", "--replications", "2", "--patients", "20", "-q", "--no-figures"]
    done = RUNNER.invoke(app, few)
    assert " ".join(COHORT.split()) in " ".join(done.output.split())
    assert '--warm-up "' not in done.output


def test_a_model_without_a_limit_of_patients_is_judged_to_the_end() -> None:
    model = Model("queue", queue(0.5, Exponential(0.1), servers=8), 1500.0)
    filling = Filling(run(model, seed=1, replications=3))
    assert filling.until == 1500.0
    assert any("server, places held" in line for line in filling.words())


@pytest.mark.parametrize(("replications", "few"), [(1, True), (3, True), (10, False)])
def test_so_few_replications_that_a_drift_is_not_told_from_chance_are_named(
    replications: int, few: bool
) -> None:
    model = Model("queue", queue(0.5, Exponential(0.1), servers=8), 1500.0)
    filling = Filling(run(model, seed=1, replications=replications))
    assert (TOO_FEW in filling.words()) == few


@pytest.mark.parametrize(
    ("asked", "told"),
    [("soon", "is not a quantity"), ("9 years", "nothing is left to count after 3287.25 days")],
)
def test_a_warm_up_that_cannot_be_is_refused(asked: str, told: str) -> None:
    done = RUNNER.invoke(app, ["run", "cart_first", "--replications", "1", "--warm-up", asked])
    assert done.exit_code != 0
    assert told in " ".join((done.output + str(done.exception)).replace("│", " ").split())
